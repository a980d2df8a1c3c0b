import API
import Client
import Document
import Synchronization

/// Waits until objects are ready, done or gone, by watching them; nothing is polled (pkg/kube/statuswait.go).
struct ObjectWaiter: Sendable {
    /// What is waited for.
    enum Goal: Sendable {
        /// Everything is as its spec asks; jobs only have to have started.
        case ready
        /// The same, and jobs have come to their end.
        case readyWithJobs
        /// Jobs and pods have come to their end, as hooks do.
        case completed
        /// Nothing is left.
        case gone
    }

    let client: APIClient
    let clock: any TimeSource

    /// Waits for all objects together.
    ///
    /// - Parameter timeout: zero stands for thirty seconds, as in Helm.
    /// - Throws: a line for each object that is not there yet or failed, and Go's words for a passed deadline.
    func wait(for objects: [ManifestObject], _ goal: Goal, timeout: Duration) async throws {
        let watched = objects.filter { Self.counts($0, goal) }
        guard !watched.isEmpty else { return }
        let board = StatusBoard(watched, goal)
        let timedOut = try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask { [clock] in
                try await clock.sleep(for: timeout == .zero ? .seconds(30) : timeout)
                return true
            }
            group.addTask {
                try await watch(watched, board)
                return false
            }
            defer { group.cancelAll() }
            return try await group.next() ?? false
        }
        try board.verdict(timedOut: timedOut)
    }

    /// A paused deployment never gets ready; hooks of other kinds are done once they were made.
    private static func counts(_ object: ManifestObject, _ goal: Goal) -> Bool {
        switch goal {
        case .gone: true
        case .completed:
            object.kind.group.isEmpty && object.kind.kind == "Pod"
                || object.kind.group == "batch" && object.kind.kind == "Job"
        case .ready, .readyWithJobs:
            !(object.kind.kind == "Deployment" && object.value["spec", "paused"]?.bool == true)
        }
    }

    /// One watch for each collection, until the board says that nothing is left to wait for.
    private func watch(_ objects: [ManifestObject], _ board: StatusBoard) async throws {
        let collections = Dictionary(grouping: objects) { Collection(resource: $0.resource, namespace: $0.namespace) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (collection, members) in collections {
                group.addTask { try await follow(collection, members, board) }
            }
            try await group.waitForAll()
        }
    }

    private struct Collection: Hashable {
        let resource: GroupVersionResource
        let namespace: String?
    }

    /// Lists and watches one collection; a watch that ends or breaks is begun anew from a list.
    private func follow(
        _ collection: Collection, _ members: [ManifestObject], _ board: StatusBoard
    ) async throws {
        var options = ListOptions()
        if members.count == 1 { options.fieldSelector = "metadata.name=\(members[0].name)" }
        var pause = Duration.milliseconds(50)
        while !board.isSettled(members) {
            do {
                let list = try await client.list(collection.resource, namespace: collection.namespace, options)
                board.take(list.items, of: members, now: clock.now)
                if board.isSettled(members) { return }
                var watching = options
                watching.resourceVersion = list.resourceVersion
                for try await event in try await client.watch(
                    collection.resource, namespace: collection.namespace, watching)
                {
                    if event.kind == .error { break }
                    board.take(event, of: members, now: clock.now)
                    if board.isSettled(members) { return }
                    pause = .milliseconds(50)
                }
            } catch let status as Status where status.code == 403 || status.code == 401 {
                throw status
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                // The server restarts, or the watch is too old: look again.
            }
            try await clock.sleep(for: pause)
            pause = min(pause * 2, .seconds(5))
        }
    }
}
