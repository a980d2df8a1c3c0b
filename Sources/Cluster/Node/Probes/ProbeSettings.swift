import API
import Document

/// How a container is asked whether it is well ("Configure Liveness, Readiness and Startup Probes").
struct ProbeSettings: Sendable, Hashable {
    enum Kind: String, Sendable, CaseIterable {
        case startup, readiness, liveness

        var field: Text { Text("\(rawValue)Probe") }
        /// The word of the kubelet's events.
        var title: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
    }

    var kind: Kind
    var action: ProbeAction
    var initialDelay: Duration
    var period: Duration
    var timeout: Duration
    var successThreshold: Int
    var failureThreshold: Int
    /// Seconds of grace for a container that is killed because of this probe; nil for the pod's own.
    var grace: Int?

    /// Nil where the container has no such probe.
    init?(_ container: Value, _ kind: Kind) {
        guard let probe = container[kind.field] else { return nil }
        self.kind = kind
        action = ProbeAction(probe, container)
        initialDelay = .seconds(probe["initialDelaySeconds"]?.int ?? 0)
        period = .seconds(max(probe["periodSeconds"]?.int ?? 10, 1))
        timeout = .seconds(max(probe["timeoutSeconds"]?.int ?? 1, 1))
        successThreshold = max(probe["successThreshold"]?.int ?? 1, 1)
        failureThreshold = max(probe["failureThreshold"]?.int ?? 3, 1)
        grace = probe["terminationGracePeriodSeconds"]?.int
    }
}

/// What a probe or a lifecycle hook does.
enum ProbeAction: Sendable, Hashable {
    case execute([String])
    case http(HTTPRequest)
    /// A call of the health service, by gRPC.
    case health(port: Int?, service: String)
    case connect(host: String?, port: Int?)
    case sleep(Int)
    case unsupported(String)

    struct HTTPRequest: Sendable, Hashable {
        var isSecure: Bool
        /// Nil for the pod's own address.
        var host: String?
        var port: Int?
        var path: String
        var headers: [Header]

        /// As it stands in messages.
        func url(_ address: String) -> String {
            "\(isSecure ? "https" : "http")://\(host ?? address):\(port ?? 0)\(path.hasPrefix("/") ? "" : "/")\(path)"
        }
    }

    struct Header: Sendable, Hashable {
        var name: String
        var value: String
    }

    /// From a probe or a handler; ports may be names of the container's ports.
    init(_ value: Value, _ container: Value) {
        func port(_ value: Value?) -> Int? {
            switch IntOrString(value) {
            case .int(let number)?: return number
            case .string(let name)?:
                let entry = container["ports"]?.array?.first { $0["name"]?.string == name }
                return entry?["containerPort"]?.int ?? Int(name)
            case nil: return nil
            }
        }
        if let command = value["exec", "command"]?.array {
            self = .execute(command.compactMap(\.string))
        } else if let request = value["httpGet"] {
            let headers = (request["httpHeaders"]?.array ?? []).map {
                Header(name: $0["name"]?.string ?? "", value: $0["value"]?.string ?? "")
            }
            self = .http(
                HTTPRequest(
                    isSecure: request["scheme"]?.string == "HTTPS", host: request["host"]?.string,
                    port: port(request["port"]), path: request["path"]?.string ?? "/", headers: headers))
        } else if let socket = value["tcpSocket"] {
            self = .connect(host: socket["host"]?.string, port: port(socket["port"]))
        } else if let seconds = value["sleep", "seconds"]?.int {
            self = .sleep(seconds)
        } else if let call = value["grpc"] {
            self = .health(port: call["port"]?.int, service: call["service"]?.string ?? "")
        } else {
            self = .unsupported("the probe has no action that is known")
        }
    }
}
