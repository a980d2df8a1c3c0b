import API
import Client
import Document

/// Runs the hooks of an event one after the other, in the order of their weights (pkg/action/hooks.go).
struct HookRunner: Sendable {
    let context: ActionContext
    let timeout: Duration
    let serverSide: Bool

    /// Runs the hooks of `event`, records each as it goes, and deletes their objects as their policies say.
    ///
    /// - Parameter chosen: which hooks run; all where nil.
    func run(
        _ event: HookRecord.Event, of revision: inout Revision, chosen: ((HookRecord) -> Bool)? = nil
    ) async throws {
        let order = Self.order(revision.hooks, event).filter { chosen?(revision.hooks[$0]) ?? true }
        for (position, index) in order.enumerated() {
            do {
                try await run(index, event, of: &revision)
            } catch {
                try await afterFailure(revision.hooks, order[...position], error)
            }
        }
        for index in order.reversed() {
            await outputLogs(revision.hooks[index], "hook-succeeded")
            try await delete(revision.hooks[index], by: .hookSucceeded)
        }
    }

    /// The places of an event's hooks in the order in which they run: by weight, then name; hooks of a record are in the
    /// order of kinds already.
    static func order(_ hooks: [HookRecord], _ event: HookRecord.Event) -> [Int] {
        hooks.indices.filter { hooks[$0].runs(at: event) }.sorted { left, right in
            let (a, b) = (hooks[left], hooks[right])
            if a.weight != b.weight { return a.weight < b.weight }
            return a.name == b.name ? left < right : Text(a.name) < Text(b.name)
        }
    }

    private func run(_ index: Int, _ event: HookRecord.Event, of revision: inout Revision) async throws {
        if revision.hooks[index].deletePolicies.isEmpty {
            revision.hooks[index].deletePolicies = [HookRecord.DeletePolicy.beforeHookCreation.rawValue]
        }
        let hook = revision.hooks[index]
        try await delete(hook, by: .beforeHookCreation)
        let objects: [ManifestObject]
        do { objects = try await context.objects(hook.manifest) } catch {
            throw ReleaseFailure.wrapping(
                error, "unable to build kubernetes object for \(event.rawValue) hook \(hook.path)")
        }
        revision.hooks[index].lastRun = HookRecord.Run(started: context.now, phase: "Running")
        await context.record(revision)
        revision.hooks[index].lastRun.phase = "Unknown"
        do {
            try await context.writer.create(objects, ApplyMethod(serverSide: serverSide))
        } catch {
            revision.hooks[index].lastRun.finish("Failed", context.now)
            throw Fatal(
                failure: .wrapping(error, "warning: Hook \(event.rawValue) \(hook.path) failed"))
        }
        do {
            try await context.waiter.wait(for: objects, .completed, timeout: timeout)
        } catch {
            revision.hooks[index].lastRun.finish("Failed", context.now)
            throw error
        }
        revision.hooks[index].lastRun.finish("Succeeded", context.now)
    }

    /// A hook whose object could not even be made: nothing is cleaned up after it.
    private struct Fatal: Error {
        let failure: ReleaseFailure
    }

    /// Cleans up after the last of these hooks failed, and throws its error.
    private func afterFailure(_ hooks: [HookRecord], _ ran: ArraySlice<Int>, _ error: any Error) async throws -> Never {
        if let fatal = error as? Fatal { throw fatal.failure }
        guard let failed = ran.last, hooks[failed].lastRun.phase == "Failed" else { throw error }
        await outputLogs(hooks[failed], "hook-failed")
        do { try await delete(hooks[failed], by: .hookFailed) } catch let second {
            context.log(
                LogRecord(
                    .warn, "error deleting the hook resource on hook failure", [.init("error", "\(second)")]))
        }
        for index in ran.dropLast() { try await delete(hooks[index], by: .hookSucceeded) }
        throw error
    }

    /// Deletes a hook's object where its policies say so, and waits until it is gone. Definitions of kinds stay: their
    /// objects would go with them.
    private func delete(_ hook: HookRecord, by policy: HookRecord.DeletePolicy) async throws {
        guard hook.kind != "CustomResourceDefinition", hook.has(policy) else { return }
        let objects: [ManifestObject]
        do { objects = try await context.objects(hook.manifest) } catch {
            throw ReleaseFailure.wrapping(error, "unable to build kubernetes object for deleting hook \(hook.path)")
        }
        let failures = await context.writer.delete(objects)
        try ObjectWriter.throwJoined(failures, separator: "; ")
        try await context.waiter.wait(for: objects, .gone, timeout: timeout)
    }

    private func outputLogs(_ hook: HookRecord, _ policy: String) async {
        guard hook.outputLogPolicies.contains(policy) else { return }
        do {
            for pod in try await pods(of: hook) {
                for container in pod["spec", "containers"]?.array ?? [] {
                    let name = container["name"]?.string ?? ""
                    context.hookOutput(try await PodLogs(client: context.cluster.client).whole(pod, container: name))
                }
            }
        } catch {
            context.log(LogRecord(.warn, "error outputting logs for hook", [.init("error", "\(error)")]))
        }
    }

    private func pods(of hook: HookRecord) async throws -> [Value] {
        var options = ListOptions()
        switch hook.kind {
        case "Job": options.labelSelector = "job-name=\(hook.name)"
        case "Pod": options.fieldSelector = "metadata.name=\(hook.name)"
        default: return []
        }
        let namespace = try await context.objects(hook.manifest).first?.namespace ?? context.namespace
        return try await context.cluster.client.list(PodLogs.pods, namespace: namespace, options).items
    }
}

extension HookRecord.Run {
    fileprivate mutating func finish(_ phase: String, _ now: Moment) {
        self.phase = phase
        completed = now
    }
}
