public import Document

/// A hook of a release: an object that is made at a certain event of the release's life and is no part of its manifest.
public struct HookRecord: Sendable, Hashable {
    /// The moments at which hooks run.
    public enum Event: String, Sendable, CaseIterable {
        case preInstall = "pre-install"
        case postInstall = "post-install"
        case preDelete = "pre-delete"
        case postDelete = "post-delete"
        case preUpgrade = "pre-upgrade"
        case postUpgrade = "post-upgrade"
        case preRollback = "pre-rollback"
        case postRollback = "post-rollback"
        case test
    }

    /// When the object of a hook is deleted.
    public enum DeletePolicy: String, Sendable {
        case beforeHookCreation = "before-hook-creation"
        case hookSucceeded = "hook-succeeded"
        case hookFailed = "hook-failed"
    }

    /// How the last run of a hook went.
    public struct Run: Sendable, Hashable {
        public var started: Moment?
        public var completed: Moment?
        /// Empty where the hook never ran; else `Unknown`, `Running`, `Succeeded` or `Failed`.
        public var phase: String

        public init(started: Moment? = nil, completed: Moment? = nil, phase: String = "") {
            self.started = started
            self.completed = completed
            self.phase = phase
        }
    }

    public var name: String
    public var kind: String
    /// The template that made the hook, such as `hello/templates/hook.yaml`.
    public var path: String
    public var manifest: Text
    /// The events' names; open, as a record may hold some that we do not know.
    public var events: [String]
    public var lastRun: Run
    public var weight: Int
    public var deletePolicies: [String]
    public var outputLogPolicies: [String]

    public init(
        name: String, kind: String, path: String, manifest: Text, events: [String], lastRun: Run = Run(),
        weight: Int = 0, deletePolicies: [String] = [], outputLogPolicies: [String] = []
    ) {
        self.name = name
        self.kind = kind
        self.path = path
        self.manifest = manifest
        self.events = events
        self.lastRun = lastRun
        self.weight = weight
        self.deletePolicies = deletePolicies
        self.outputLogPolicies = outputLogPolicies
    }

    /// Whether the hook runs at that event.
    public func runs(at event: Event) -> Bool { events.contains(event.rawValue) }

    /// Whether its object is deleted by that policy; where a hook names none, the object of an earlier run goes first.
    func has(_ policy: DeletePolicy) -> Bool {
        deletePolicies.isEmpty ? policy == .beforeHookCreation : deletePolicies.contains(policy.rawValue)
    }
}

extension HookRecord {
    init(_ value: Value) {
        self.init(
            name: value["name"]?.string ?? "", kind: value["kind"]?.string ?? "", path: value["path"]?.string ?? "",
            manifest: value["manifest"]?.text ?? "", events: value["events"].strings,
            lastRun: Run(value["last_run"] ?? [:]), weight: value["weight"]?.int ?? 0,
            deletePolicies: value["delete_policies"].strings,
            outputLogPolicies: value["output_log_policies"].strings)
    }

    /// The members in the order of Helm's struct.
    var json: OrderedJSON {
        func list(_ strings: [String]) -> OrderedJSON? {
            strings.isEmpty ? nil : .plain(.array(strings.map { .string($0) }))
        }
        return .structure(omittingNil: [
            ("name", .text(name)), ("kind", .text(kind)), ("path", .text(path)),
            ("manifest", manifest.isEmpty ? nil : .plain(.string(manifest))), ("events", list(events)),
            ("last_run", lastRun.json), ("weight", weight == 0 ? nil : .plain(.int(weight))),
            ("delete_policies", list(deletePolicies)), ("output_log_policies", list(outputLogPolicies)),
        ])
    }
}

extension HookRecord.Run {
    init(_ value: Value) {
        self.init(
            started: value["started_at"]?.string.flatMap { Moment($0) },
            completed: value["completed_at"]?.string.flatMap { Moment($0) }, phase: value["phase"]?.string ?? "")
        if started?.isZero == true { started = nil }
        if completed?.isZero == true { completed = nil }
    }

    var json: OrderedJSON {
        .structure(omittingNil: [
            ("started_at", started.map { .plain(.string($0.text)) }),
            ("completed_at", completed.map { .plain(.string($0.text)) }), ("phase", .plain(.string(phase))),
        ])
    }
}

extension Value? {
    /// The strings of an array; none where this is no array.
    var strings: [String] { self?.array?.compactMap(\.string) ?? [] }
}
