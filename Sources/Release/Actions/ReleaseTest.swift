import API
import Client
import Document

/// Runs the test hooks of a release (pkg/action/release_testing.go).
public struct ReleaseTest: Sendable {
    /// How the tests went: the revision with its hooks' last runs, and why one failed.
    public struct Report: Sendable {
        public var revision: Revision
        public var failure: (any Error)?
    }

    public var name: String
    public var timeout = Duration.seconds(300)
    /// The names of the only hooks that run; all where empty.
    public var included: [String] = []
    /// The names of hooks that do not run.
    public var excluded: [String] = []

    public init(name: String) { self.name = name }

    /// Runs the tests of the newest revision and records how they went.
    ///
    /// - Throws: where the release cannot be read; a test that fails is told in the report.
    public func run(in context: ActionContext) async throws -> Report {
        async let past = context.records.revision(name)
        _ = try await context.cluster.reach()
        if ReleaseName.objection(to: name) != nil {
            throw ReleaseFailure("releaseTest: Release name is invalid: \(name)")
        }
        let whole = try await past
        var revision = whole
        let chosen = whole.hooks.indices.filter { isChosen(whole.hooks[$0]) }
        revision.hooks = chosen.map { whole.hooks[$0] }
        let hooks = HookRunner(context: context, timeout: timeout, serverSide: true)
        var failure: (any Error)?
        do { try await hooks.run(.test, of: &revision) } catch { failure = error }
        // Hooks that were left out go before those that ran, as Helm records them.
        revision.hooks = whole.hooks.indices.filter { !chosen.contains($0) }.map { whole.hooks[$0] } + revision.hooks
        let tested = revision
        try await Task { try await context.records.update(tested) }.value
        return Report(revision: revision, failure: failure)
    }

    private func isChosen(_ hook: HookRecord) -> Bool {
        if excluded.contains(hook.name) { return false }
        return included.isEmpty || included.contains(hook.name)
    }

    /// What the test pods wrote, each under its name.
    public func logs(of revision: Revision, in context: ActionContext) async throws -> [UInt8] {
        var text: [UInt8] = []
        let order = HookRunner.order(revision.hooks, .test)
        for hook in order.map({ revision.hooks[$0] }) where isChosen(hook) {
            let log: [UInt8]
            do {
                log = try await PodLogs(client: context.cluster.client).whole(
                    namespace: context.namespace, name: hook.name)
            } catch {
                throw ReleaseFailure.wrapping(error, "unable to get pod logs for \(hook.name)")
            }
            text += Array("POD LOGS: \(hook.name)\n".utf8) + log + [UInt8(ascii: "\n")]
        }
        return text
    }
}
