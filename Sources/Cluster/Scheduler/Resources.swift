import API
import Document

/// Amounts of resources by name: CPU in thousandths, all else in whole units.
struct Amounts: Equatable, Sendable {
    private(set) var values: [Text: Int64] = [:]

    init() {}

    /// Reads a ResourceList; what does not parse counts as nothing, for the API refused it already.
    init(_ list: Value?) {
        for member in list?.object ?? [:] {
            guard let quantity = member.value.quantity else { continue }
            values[member.key] = member.key == "cpu" ? quantity.milliValue : quantity.value
        }
    }

    subscript(name: Text) -> Int64 {
        get { values[name] ?? 0 }
        set { values[name] = newValue }
    }

    static func += (left: inout Amounts, right: Amounts) {
        for (name, amount) in right.values { left.values[name, default: 0] += amount }
    }

    static func -= (left: inout Amounts, right: Amounts) {
        for (name, amount) in right.values { left.values[name, default: 0] -= amount }
    }

    mutating func raise(to other: Amounts) {
        for (name, amount) in other.values { values[name] = max(values[name] ?? 0, amount) }
    }

    /// What a pod asks for in all ("Init containers: resource sharing", `PodRequests`): its containers and sidecars
    /// together, or an init container with the sidecars before it where that is more; its overhead on top.
    static func requests(of pod: Value) -> Amounts {
        var running = Amounts()
        for container in pod["spec", "containers"]?.array ?? [] {
            running += Amounts(container["resources", "requests"])
        }
        var sidecars = Amounts()
        var starting = Amounts()
        for container in pod["spec", "initContainers"]?.array ?? [] {
            var needed = Amounts(container["resources", "requests"])
            needed += sidecars
            if container["restartPolicy"]?.string == "Always" { sidecars = needed }
            starting.raise(to: needed)
        }
        running += sidecars
        running.raise(to: starting)
        for (name, amount) in Amounts(pod["spec", "resources", "requests"]).values { running[name] = amount }
        running += Amounts(pod["spec", "overhead"])
        return running
    }

    /// Pods that ask for nothing are scored as if they asked for a little (`GetNonzeroRequests`).
    var nonzero: (cpu: Int64, memory: Int64) {
        (values["cpu"] ?? 100, values["memory"] ?? 200 * 1024 * 1024)
    }
}

/// A port of the node that a pod takes.
struct HostPort: Hashable, Sendable {
    let address: String
    let transport: String
    let number: Int

    static func all(of pod: Value) -> [HostPort] {
        let sidecars = (pod["spec", "initContainers"]?.array ?? []).filter { $0["restartPolicy"]?.string == "Always" }
        return ((pod["spec", "containers"]?.array ?? []) + sidecars).flatMap { container in
            (container["ports"]?.array ?? []).compactMap { port in
                guard let number = port["hostPort"]?.int, number > 0 else { return nil }
                return HostPort(
                    address: port["hostIP"]?.string ?? "0.0.0.0", transport: port["protocol"]?.string ?? "TCP",
                    number: number)
            }
        }
    }

    /// Whether both cannot be taken; the address 0.0.0.0 is all of them.
    func collides(with other: HostPort) -> Bool {
        number == other.number && transport == other.transport
            && (address == other.address || isAny || other.isAny)
    }

    private var isAny: Bool { address.isEmpty || address == "0.0.0.0" }
}
