import API
import APIServer
import Client
import Document
import Store
import TestSupport
import Testing

@testable import Release

/// An API server in memory, actions on it, and a hand that ends jobs and pods as their names say.
struct Rig: Sendable {
    let client: APIClient
    let context: ActionContext

    /// Makes a cluster, runs the body in it, and takes it down again.
    static func run(_ body: @Sendable (Rig) async throws -> Void) async throws {
        let range = try #require(IPv4Range("10.96.0.0/16"))
        let api = KubeAPI(
            store: MemoryStore(), options: KubeAPI.Options(serviceRange: range, advertised: "127.0.0.1:6443"))
        try await Bootstrap(api).run()
        let transport = DirectTransport(api, component: "test", groups: ["system:masters"], manager: "test")
        let client = APIClient(transport, fieldManager: "test")
        let account: Value = [
            "apiVersion": "v1", "kind": "ServiceAccount", "metadata": ["name": "default", "namespace": "default"],
        ]
        _ = try await client.create(
            GroupVersionResource(group: "", version: "v1", resource: "serviceaccounts"), account)
        let rig = Rig(client: client, context: ActionContext(APIClient(transport), namespace: "default"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for resource in [Rig.jobs, PodLogs.pods] {
                group.addTask { await rig.finish(resource) }
            }
            defer { group.cancelAll() }
            try await body(rig)
        }
    }

    static let jobs = GroupVersionResource(group: "batch", version: "v1", resource: "jobs")
    static let configMaps = GroupVersionResource(group: "", version: "v1", resource: "configmaps")

    /// Ends what is new: well, or not where the name has `fail` in it; what has `hang` in it never ends.
    private func finish(_ resource: GroupVersionResource) async {
        let informer = Informer(client, resource)
        let running = Task { await informer.run() }
        defer { running.cancel() }
        for await change in informer.changes() {
            guard case .added(let object) = change, !object.name.contains("hang") else { continue }
            let fails = object.name.contains("fail")
            let end = fails ? "Failed" : "Succeeded"
            let status: Value = resource == Rig.jobs ? Rig.jobStatus(fails: fails) : ["phase": .string(end)]
            _ = try? await client.patch(
                resource, namespace: object.namespace, name: object.name, .merge(["status": status]),
                subresource: "status")
        }
    }

    /// The end of a Job as its controller tells it.
    private static func jobStatus(fails: Bool) -> Value {
        let time: Value = "2026-01-01T00:00:00Z"
        let types: [Value] = fails ? ["FailureTarget", "Failed"] : ["SuccessCriteriaMet", "Complete"]
        var status: Value = ["startTime": time]
        status["conditions"] = .array(types.map { ["type": $0, "status": "True", "lastTransitionTime": time] })
        if fails { status["failed"] = 1 } else { status["succeeded"] = 1 }
        if !fails { status["completionTime"] = time }
        return status
    }

    /// A chart that renders to this text; values of the user stand in `.config`.
    static func chart(
        _ manifest: Text, version: String = "1.0.0", hooks: [HookRecord] = [], config: Object = [:]
    ) -> ReleasableChart {
        ReleasableChart { request in
            .init(
                chart: StoredChart(["metadata": ["name": "c", "version": .string(version)], "values": ["d": 1]]),
                config: config.isEmpty ? request.inherited.fallback : config, manifest: manifest, hooks: hooks,
                notes: "hi")
        }
    }

    static func configMap(_ name: String, _ value: String = "1", keep: Bool = false) -> Text {
        let policy = keep ? ", annotations: {helm.sh/resource-policy: keep}" : ""
        return Text(
            "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: \(name)\(policy)}, data: {v: '\(value)'}}\n")
    }

    static func hook(_ name: String, _ event: String, policies: [String] = []) -> HookRecord {
        let spec = "{template: {spec: {restartPolicy: Never, containers: [{name: c, image: busybox}]}}}"
        return HookRecord(
            name: name, kind: "Job", path: "c/templates/\(name).yaml",
            manifest: Text("{apiVersion: batch/v1, kind: Job, metadata: {name: \(name)}, spec: \(spec)}\n"),
            events: [event],
            deletePolicies: policies)
    }

    @discardableResult
    func install(_ name: String, _ chart: ReleasableChart, _ change: (inout Install) -> Void = { _ in }) async throws
        -> Release.Revision
    {
        var install = Install(name: name)
        install.options.timeout = .seconds(20)
        change(&install)
        return try await install.run(chart, in: context)
    }

    @discardableResult
    func upgrade(_ name: String, _ chart: ReleasableChart, _ change: (inout Upgrade) -> Void = { _ in }) async throws
        -> Release.Revision
    {
        var upgrade = Upgrade(name: name)
        upgrade.options.timeout = .seconds(20)
        change(&upgrade)
        return try await upgrade.run(chart, in: context)
    }

    /// `data.v` of a config map; nil where there is none.
    func value(_ name: String) async throws -> String? {
        try await client.find(Rig.configMaps, namespace: "default", name: name)?["data", "v"]?.string
    }

    /// Number, state and words of each revision.
    func history(_ name: String) async throws -> [String] {
        try await context.history(name, maximum: 256).map { "\($0.number) \($0.info.status) \($0.info.description)" }
    }
}
