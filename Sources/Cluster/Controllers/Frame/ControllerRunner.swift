import API
import Client

/// Runs one controller: follows its sources, and lets its workers take keys from the queue.
struct ControllerRunner: Sendable {
    private let controller: any Controller
    private let desk: Desk
    private let workers: Int
    private let activity: Activity

    init(_ type: any Controller.Type, _ desk: Desk) {
        controller = type.init(desk)
        self.desk = desk
        workers = type.workers
        activity = Activity(desk.options.settling)
        // Asked for now, so that the set knows all its informers before it runs.
        _ = controller.sources
    }

    /// Works until the task is cancelled, once all its caches are filled.
    func run() async {
        let sources = controller.sources
        for source in sources { await source.informer.synced() }
        await withDiscardingTaskGroup { group in
            group.addTask { await desk.events.run() }
            group.addTask { await controller.background() }
            for source in sources { group.addTask { await follow(source) } }
            for _ in 0..<workers { group.addTask { await work() } }
        }
    }

    private func follow(_ source: Source) async {
        for await change in source.informer.changes() {
            let pause = pause(source, change)
            for key in source.keys(change) { desk.queue.add(key, after: pause) }
        }
    }

    /// What a user has changed rests for a moment, so that changes in a row are one to the controller; what another
    /// controller made is finished as it stands.
    private func pause(_ source: Source, _ change: Informer.Change) -> Duration {
        if case .deleted = change { return .zero }
        return source.settles && change.object.controller == nil ? activity.rest(at: desk.now) : .zero
    }

    private func work() async {
        await desk.queue.run { key in
            await desk.writes.settled(key)
            // What it says is meant from when it looked at the clock, not from when it was done.
            let began = desk.now
            return try await controller.reconcile(key).map { $0 - (desk.now - began) }
        }
    }
}
