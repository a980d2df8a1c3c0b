import API
import Document

/// The environment of a container, variable by variable in the order in which the pod has them.
struct Environment {
    /// What the pod's variables may refer to.
    struct Sources {
        /// The data of a ConfigMap or Secret of the pod's namespace; nil where there is none.
        var data: @Sendable (_ kind: DataKind, _ name: String) async throws -> [String: [UInt8]]?
        /// The services of the pod's namespace, and `kubernetes` of `default`.
        var services: [Value]
        var facts: PodFacts
    }

    private(set) var variables: [(name: String, value: String)] = []

    /// The value of a variable; nil where it is not set.
    subscript(name: String) -> String? { variables.last { $0.name == name }?.value }

    /// `NAME=VALUE` for each variable, the image's below the pod's.
    func entries(over image: [String]) -> [String] {
        let own = Set(variables.map(\.name))
        let kept = image.filter { entry in !own.contains(String(entry.prefix { $0 != "=" })) }
        return kept + variables.map { "\($0.name)=\($0.value)" }
    }

    private mutating func set(_ name: String, _ value: String) {
        if let index = variables.firstIndex(where: { $0.name == name }) {
            variables[index].value = value
        } else {
            variables.append((name, value))
        }
    }

    init() {}

    /// Reads `env` and `envFrom` of a container.
    ///
    /// - Throws: ``NodeError`` of code `configuration` in the kubelet's words for what is missing.
    init(_ container: Value, of pod: Value, _ sources: Sources) async throws {
        addServices(sources.services, links: pod["spec", "enableServiceLinks"]?.bool ?? true)
        set("HOSTNAME", sources.facts.hostname)
        for source in container["envFrom"]?.array ?? [] { try await add(all: source, sources) }
        for variable in container["env"]?.array ?? [] {
            guard let name = variable["name"]?.string else { continue }
            if let text = variable["value"]?.string {
                set(name, VariableExpansion.expand(text) { self[$0] })
            } else if let source = variable["valueFrom"] {
                if let value = try await value(of: source, container, sources) { set(name, value) }
            } else {
                set(name, "")
            }
        }
    }

    private mutating func add(all source: Value, _ sources: Sources) async throws {
        let prefix = source["prefix"]?.string ?? ""
        for (key, kind) in [("configMapRef", DataKind.configMap), ("secretRef", .secret)] as [(Text, DataKind)] {
            guard let reference = source[key] else { continue }
            let name = reference["name"]?.string ?? ""
            guard let data = try await sources.data(kind, name) else {
                if reference["optional"]?.bool ?? false { continue }
                throw NodeError(.configuration, "\(kind.rawValue) \"\(name)\" not found")
            }
            for (key, value) in data.sorted(by: { $0.key < $1.key }) {
                set(prefix + key, String(decoding: value, as: UTF8.self))
            }
        }
    }

    private func value(of source: Value, _ container: Value, _ sources: Sources) async throws -> String? {
        if let path = source["fieldRef", "fieldPath"]?.string { return try sources.facts.field(path) }
        if let reference = source["resourceFieldRef"] { return try sources.facts.resource(reference, container) }
        for (key, kind) in [("configMapKeyRef", DataKind.configMap), ("secretKeyRef", .secret)] as [(Text, DataKind)] {
            guard let reference = source[key] else { continue }
            let (name, entry) = (reference["name"]?.string ?? "", reference["key"]?.string ?? "")
            let isOptional = reference["optional"]?.bool ?? false
            guard let data = try await sources.data(kind, name) else {
                if isOptional { return nil }
                throw NodeError(.configuration, "\(kind.rawValue) \"\(name)\" not found")
            }
            if let value = data[entry] { return String(decoding: value, as: UTF8.self) }
            if isOptional { return nil }
            throw NodeError(
                .configuration, "couldn't find key \(entry) in \(kind.title) \(sources.facts.namespace)/\(name)")
        }
        throw NodeError(.unsupported, "a variable has a source that is not supported yet")
    }

    /// The variables by which services were found before there was DNS ("Discovering services").
    private mutating func addServices(_ services: [Value], links: Bool) {
        for service in services {
            let isAPI = service.namespace == "default" && service.name == "kubernetes"
            guard links || isAPI, let address = service["spec", "clusterIP"]?.string, address != "None",
                !address.isEmpty, let ports = service["spec", "ports"]?.array, let first = ports.first
            else { continue }
            let name = service.name.uppercased().split(separator: "-", omittingEmptySubsequences: false)
                .joined(separator: "_")
            set("\(name)_SERVICE_HOST", address)
            set("\(name)_SERVICE_PORT", first["port"]?.int.map(String.init) ?? "")
            for port in ports {
                guard let number = port["port"]?.int else { continue }
                if let label = port["name"]?.string, !label.isEmpty {
                    let part = label.uppercased().split(separator: "-", omittingEmptySubsequences: false)
                    set("\(name)_SERVICE_PORT_\(part.joined(separator: "_"))", String(number))
                }
                addLink(name, address, number, port["protocol"]?.string ?? "TCP", isFirst: port == first)
            }
        }
    }

    private mutating func addLink(_ name: String, _ address: String, _ port: Int, _ transport: String, isFirst: Bool) {
        let url = "\(transport.lowercased())://\(address):\(port)"
        if isFirst { set("\(name)_PORT", url) }
        let prefix = "\(name)_PORT_\(port)_\(transport)"
        set(prefix, url)
        set("\(prefix)_PROTO", transport.lowercased())
        set("\(prefix)_PORT", String(port))
        set("\(prefix)_ADDR", address)
    }
}

/// The two kinds of objects that hold data for pods.
enum DataKind: String, Sendable {
    case configMap = "configmap"
    case secret

    /// The kind as it stands in objects.
    var title: String { self == .configMap ? "ConfigMap" : "Secret" }

    var resource: GroupVersionResource {
        GroupVersionResource(group: "", version: "v1", resource: self == .configMap ? "configmaps" : "secrets")
    }
}
