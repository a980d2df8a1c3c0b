import API
import Document
import Schema
import Store
import Synchronization

/// Which cluster addresses and node ports are taken. What is stored in Services is what counts; this is its index.
final class ServiceAllocator: Sendable {
    private struct State {
        var addresses: Set<IPv4Address> = []
        var ports: Set<Int> = []
    }

    /// The cluster's DNS answers at the tenth address of the range; only a Service that names it gets it.
    private static let dnsOffset = 10

    private let range: IPv4Range
    private let ports: ClosedRange<Int>
    private let neighbours: (any NodePortNeighbours)?
    private let state = Mutex(State())

    init(range: IPv4Range, ports: ClosedRange<Int>, neighbours: (any NodePortNeighbours)? = nil) {
        self.range = range
        self.ports = ports
        self.neighbours = neighbours
    }

    /// Tells the neighbours what is held now.
    private func publish() {
        neighbours?.publish { state.withLock(\.ports) }
    }

    /// Takes up what the stored Services hold.
    func adopt(_ store: any RevisionStore) {
        store.snapshot().forEach(in: "services/") { record in
            if let service = try? JSON.parse(record.bytes) { hold(service) }
            return true
        }
        publish()
    }

    private func hold(_ service: Value) {
        state.withLock { state in
            state.addresses.formUnion(Holdings(service).addresses)
            state.ports.formUnion(Holdings(service).ports)
        }
    }

    /// The cluster addresses that a Service holds.
    static func addresses(of service: Value) -> Set<String> { Set(Holdings(service).addresses.map(\.description)) }

    /// Gives back what a deleted Service held.
    func release(_ service: Value) {
        let holdings = Holdings(service)
        state.withLock { state in
            state.addresses.subtract(holdings.addresses)
            state.ports.subtract(holdings.ports)
        }
        publish()
    }

    /// What a Service holds: numbers of addresses and node ports.
    fileprivate struct Holdings {
        var addresses: Set<IPv4Address> = []
        var ports: Set<Int> = []

        init(_ service: Value) {
            guard service["spec", "type"]?.string != "ExternalName" else { return }
            let texts = (service["spec", "clusterIPs"]?.array ?? [service["spec", "clusterIP"] ?? ""])
            addresses = Set(texts.compactMap { $0.string.flatMap { IPv4Address($0) } })
            for port in service["spec", "ports"]?.array ?? [] {
                if let number = port["nodePort"]?.int, number > 0 { ports.insert(number) }
            }
            if let health = service["spec", "healthCheckNodePort"]?.int, health > 0 { ports.insert(health) }
        }
    }

    /// What one write has taken, until it is known whether it happens.
    struct Claim: Sendable {
        fileprivate let allocator: ServiceAllocator
        fileprivate let addresses: Set<IPv4Address>
        fileprivate let ports: Set<Int>
        /// What the state before holds, and the new one may not.
        fileprivate let old: Value?

        /// The write has happened; nil where it was a dry run.
        func keep(_ service: Value?) {
            guard let service else { return giveBack() }
            guard let old else { return }
            let before = Holdings(old)
            let after = Holdings(service)
            allocator.state.withLock { state in
                state.addresses.subtract(before.addresses.subtracting(after.addresses))
                state.ports.subtract(before.ports.subtracting(after.ports))
            }
            allocator.publish()
        }

        /// The write has not happened.
        func giveBack() {
            allocator.state.withLock { state in
                state.addresses.subtract(addresses)
                state.ports.subtract(ports)
            }
            allocator.publish()
        }
    }

    /// Gives a Service the address and node ports that it needs; nil for every other kind.
    ///
    /// - Parameter isDryRun: whether nothing may be taken; upstream then shows the range's own address.
    func claim(
        for service: inout Value, old: Value?, _ resource: ServedResource, isDryRun: Bool
    ) throws(Status) -> Claim? {
        guard resource.resource.qualifiedName == "services" else { return nil }
        var holdings = State()
        let faults = ServiceAllocator.setFamilies(&service)
        if !faults.isEmpty, old?["spec"] != service["spec"] { throw .invalid(resource, service.name, faults) }
        do throws(FieldError) {
            if isDryRun { setDryAddress(&service) }
            try claimAddress(&service, old, &holdings)
            try claimPorts(&service, old, &holdings)
        } catch {
            Claim(allocator: self, addresses: holdings.addresses, ports: holdings.ports, old: nil).giveBack()
            throw .invalid(resource, service.name, [error])
        }
        if !holdings.ports.isEmpty { publish() }
        return Claim(allocator: self, addresses: holdings.addresses, ports: holdings.ports, old: old)
    }

    /// What the address says of its family (upstream's initIPFamilyFields), for a cluster that has IPv4 alone; answers what
    /// such a cluster cannot give.
    private static func setFamilies(_ service: inout Value) -> [FieldError] {
        guard service["spec", "type"]?.string != "ExternalName" else { return [] }
        let isHeadless = service["spec", "clusterIP"]?.string == "None"
        let hasSelector = !(service["spec", "selector"]?.object?.isEmpty ?? true)
        if isHeadless { service["spec", "clusterIPs"] = ["None"] }
        // Who names the endpoints himself may name those of both families.
        let isOpen = isHeadless && !hasSelector
        if service["spec", "ipFamilyPolicy"] == nil {
            service["spec", "ipFamilyPolicy"] = isOpen ? "RequireDualStack" : "SingleStack"
        }
        let faults = FamilyFaults.of(service["spec"] ?? [:], isOpen: isOpen)
        if isOpen, service["spec", "ipFamilyPolicy"] != "SingleStack" {
            let families = service["spec", "ipFamilies"]?.array ?? []
            if families.count < 2 {
                service["spec", "ipFamilies"] = families == ["IPv6"] ? ["IPv6", "IPv4"] : ["IPv4", "IPv6"]
            }
        } else if service["spec", "ipFamilies"] == nil {
            service["spec", "ipFamilies"] = ["IPv4"]
        }
        return faults
    }

    private func setDryAddress(_ service: inout Value) {
        guard service["spec", "type"]?.string != "ExternalName", service["spec", "clusterIP"] == nil else { return }
        let first = Value.string(range.base.description)
        service["spec", "clusterIP"] = first
        service["spec", "clusterIPs"] = [first]
    }

    private func claimAddress(
        _ service: inout Value, _ old: Value?, _ holdings: inout State
    ) throws(FieldError) {
        let type = service["spec", "type"]?.string ?? "ClusterIP"
        guard type != "ExternalName" else { return }
        let wanted = service["spec", "clusterIP"]?.string ?? ""
        if wanted == "None" { return }
        let held = old.map { Holdings($0).addresses } ?? []
        let address: IPv4Address
        if wanted.isEmpty {
            address = try freeAddress()
        } else {
            guard let named = IPv4Address(wanted) else { return }
            if held.contains(named) { return }
            try take(named)
            address = named
        }
        holdings.addresses.insert(address)
        service["spec", "clusterIP"] = .string(address.description)
        service["spec", "clusterIPs"] = [.string(address.description)]
    }

    private func take(_ address: IPv4Address) throws(FieldError) {
        func refuse(_ why: String) -> FieldError {
            FieldError(
                .invalid, "spec.clusterIPs", value: [.string(address.description)],
                detail: "failed to allocate IP \(address): \(why)")
        }
        guard range.contains(address) else { throw refuse("the provided network does not match the current range") }
        guard state.withLock({ $0.addresses.insert(address).inserted }) else {
            throw refuse("provided IP is already allocated")
        }
    }

    /// The lower part of the range is left to those who choose themselves (KEP-3070).
    private func freeAddress() throws(FieldError) -> IPv4Address {
        let reserved = min(max(16, range.count / 16), 256)
        let found = state.withLock { state -> IPv4Address? in
            let upper = reserved < range.count - 1 ? reserved..<(range.count - 1) : 1..<range.count
            let start = Int.random(in: upper)
            let all = Array(start..<upper.upperBound) + Array(upper.lowerBound..<start) + Array(1..<upper.lowerBound)
            let free = all.first { $0 != ServiceAllocator.dnsOffset && !state.addresses.contains(range[$0]) }
            return free.map { offset in
                state.addresses.insert(range[offset])
                return range[offset]
            }
        }
        guard let found else {
            throw FieldError(
                .internalError, "spec.clusterIPs", detail: "failed to allocate a serviceIP: range is full")
        }
        return found
    }

    private func claimPorts(_ service: inout Value, _ old: Value?, _ holdings: inout State) throws(FieldError) {
        let type = service["spec", "type"]?.string ?? "ClusterIP"
        let wants =
            type == "NodePort"
            || type == "LoadBalancer" && service["spec", "allocateLoadBalancerNodePorts"]?.bool != false
        guard wants, var list = service["spec", "ports"]?.array else { return }
        let held = old.map { Holdings($0).ports } ?? []
        var mine: [Int: Set<String>] = [:]
        for index in list.indices {
            let transport = list[index]["protocol"]?.string ?? "TCP"
            let wanted = list[index]["nodePort"]?.int ?? 0
            let number = wanted == 0 ? try freePort() : wanted
            if wanted != 0, !held.contains(wanted), mine[wanted] == nil { try take(wanted, index) }
            mine[number, default: []].insert(transport)
            if !held.contains(number) { holdings.ports.insert(number) }
            list[index]["nodePort"] = .int(number)
        }
        service["spec", "ports"] = .array(list)
    }

    private func take(_ number: Int, _ index: Int) throws(FieldError) {
        func refuse(_ why: String) -> FieldError {
            FieldError(.invalid, "spec.ports[\(index)].nodePort", value: .int(number), detail: why)
        }
        guard ports.contains(number) else {
            throw refuse(
                "provided port is not in the valid range. The range of valid ports is "
                    + "\(ports.lowerBound)-\(ports.upperBound)")
        }
        if let holder = neighbours?.taken[number] {
            throw refuse("provided port is already allocated by \(holder) on this machine")
        }
        guard state.withLock({ $0.ports.insert(number).inserted }) else {
            throw refuse("provided port is already allocated")
        }
    }

    private func freePort() throws(FieldError) -> Int {
        let others = neighbours?.taken ?? [:]
        let found = state.withLock { state -> Int? in
            let start = Int.random(in: ports)
            let all = Array(start...ports.upperBound) + Array(ports.lowerBound..<start)
            let port = all.first { !state.ports.contains($0) && others[$0] == nil }
            if let port { state.ports.insert(port) }
            return port
        }
        guard let found else {
            throw FieldError(.internalError, "spec.ports", detail: "failed to allocate a nodePort: range is full")
        }
        return found
    }
}
