import API
import Client
import Document
import Synchronization

/// Keeps the kernel's rules in step with Services and EndpointSlices.
///
/// A change is applied at once; what comes while the kernel is at work is gathered for the next transaction.
final class ServiceProxy: Sendable {
    private struct State {
        /// The addresses of ready endpoints in the rules that the kernel has; nil before the first.
        var ready: Set<String>?
        var waiting: [Int: (address: String, continuation: CheckedContinuation<Void, Never>)] = [:]
        var next = 0
        var left: Set<Int> = []
    }

    private let configuration: NetworkConfiguration
    private let services: Informer
    private let slices: Informer
    private let pods: Informer
    private let loader: RuleLoader
    private let clock: any TimeSource
    private let state = Mutex(State())

    init(
        _ configuration: NetworkConfiguration, services: Informer, slices: Informer, pods: Informer,
        clock: any TimeSource
    ) throws(NetworkError) {
        self.configuration = configuration
        self.services = services
        self.slices = slices
        self.pods = pods
        self.clock = clock
        loader = try RuleLoader()
        // Pods need to get out before any service is known.
        try loader.applyNow(RuleText(configuration: configuration, ports: []).description)
    }

    /// Applies changes until the task is cancelled.
    func run() async {
        await services.synced()
        await slices.synced()
        let (changes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        await withTaskGroup(of: Void.self) { group in
            for informer in [services, slices] {
                group.addTask { for await _ in informer.changes() { wake.yield() } }
            }
            group.addTask { [pods] in
                // Few pods take ports of the node; all others change nothing here.
                for await change in pods.changes() where !change.object.nodePorts.isEmpty { wake.yield() }
            }
            group.addTask { [self] in
                var applied: [ServicePort]?
                for await _ in changes { await step(&applied, wake) }
            }
        }
    }

    private func step(_ applied: inout [ServicePort]?, _ wake: AsyncStream<Void>.Continuation) async {
        // What is ready is read before the rules are made of it: nobody is told too early.
        let slices = slices.objects
        let ports = ServicePort.all(services: services.objects, slices: slices) + ServicePort.ofNode(pods.objects)
        if ports != applied {
            do {
                try await loader.apply(RuleText(configuration: configuration, ports: ports).description)
                applied = ports
            } catch {
                guard (try? await clock.sleep(for: .seconds(1))) != nil else { return }
                wake.yield()
                return
            }
        }
        publish(ServiceProxy.readyAddresses(slices))
    }

    private static func readyAddresses(_ slices: [Value]) -> Set<String> {
        var ready: Set<String> = []
        for slice in slices {
            for endpoint in slice["endpoints"]?.array ?? [] where endpoint.isReady {
                ready.formUnion((endpoint["addresses"]?.array ?? []).compactMap(\.string))
            }
        }
        return ready
    }

    private func publish(_ ready: Set<String>) {
        let due = state.withLock { state in
            state.ready = ready
            let due = state.waiting.filter { !ready.contains($0.value.address) }
            for key in due.keys { state.waiting[key] = nil }
            return due.values.map(\.continuation)
        }
        for continuation in due { continuation.resume() }
    }

    /// Returns once no rule of the kernel sends new connections to the address as to a ready endpoint, or the task is
    /// cancelled.
    func withdrawn(_ address: String) async {
        let key = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOut = state.withLock { state in
                    if state.left.remove(key) != nil { return true }
                    if let ready = state.ready, !ready.contains(address) { return true }
                    state.waiting[key] = (address, continuation)
                    return false
                }
                if isOut { continuation.resume() }
            }
        } onCancel: {
            let waiting = state.withLock { state in
                let waiting = state.waiting.removeValue(forKey: key)
                if waiting == nil { state.left.insert(key) }
                return waiting
            }
            waiting?.continuation.resume()
        }
    }
}
