public import Document

/// One revision of a release: what was installed, from which chart and values, and how that went.
public struct Revision: Sendable {
    /// How and when the revision came about.
    public struct Info: Sendable {
        public var firstDeployed: Moment?
        public var lastDeployed: Moment?
        public var deleted: Moment?
        public var description: String
        public var status: ReleaseStatus
        public var notes: Text
        /// The live objects by `VERSION/KIND`, when they were fetched to be shown; never stored.
        public var resources: [String: [Value]]

        public init(
            firstDeployed: Moment? = nil, lastDeployed: Moment? = nil, deleted: Moment? = nil,
            description: String = "", status: ReleaseStatus = .unknown, notes: Text = "",
            resources: [String: [Value]] = [:]
        ) {
            self.firstDeployed = firstDeployed
            self.lastDeployed = lastDeployed
            self.deleted = deleted
            self.description = description
            self.status = status
            self.notes = notes
            self.resources = resources
        }
    }

    public var name: String
    public var namespace: String
    /// The revision's number, from 1.
    public var number: Int
    public var info: Info
    /// Nil where a report leaves the chart out.
    public var chart: StoredChart?
    /// The values that the user gave.
    public var config: Object
    public var manifest: Text
    public var hooks: [HookRecord]
    /// `ssa` or `csa`; empty in records of Helm 3, which means `csa`.
    public var applyMethod: String
    /// The labels of the record's Secret; they are no part of the JSON.
    public var labels: [String: String]

    public init(
        name: String, namespace: String, number: Int = 1, info: Info = Info(), chart: StoredChart? = nil,
        config: Object = [:], manifest: Text = "", hooks: [HookRecord] = [], applyMethod: String = "",
        labels: [String: String] = [:]
    ) {
        self.name = name
        self.namespace = namespace
        self.number = number
        self.info = info
        self.chart = chart
        self.config = config
        self.manifest = manifest
        self.hooks = hooks
        self.applyMethod = applyMethod
        self.labels = labels
    }

    /// Whether server-side apply made the revision's objects.
    public var usesServerSideApply: Bool { applyMethod == "ssa" }

    mutating func set(_ status: ReleaseStatus, _ description: String) {
        info.status = status
        info.description = description
    }
}

extension Revision {
    /// Reads the JSON of a record.
    init(_ value: Value, labels: [String: String] = [:]) {
        self.init(
            name: value["name"]?.string ?? "", namespace: value["namespace"]?.string ?? "",
            number: value["version"]?.int ?? 0, info: Info(value["info"] ?? [:]),
            chart: value["chart"].flatMap { $0.isNull ? nil : StoredChart($0) },
            config: value["config"]?.object ?? [:], manifest: value["manifest"]?.text ?? "",
            hooks: value["hooks"]?.array?.map { HookRecord($0) } ?? [],
            applyMethod: value["apply_method"]?.string ?? "", labels: labels)
    }

    /// The members in the order of Helm's struct (pkg/release/v1: Release), without the empty ones.
    public var json: OrderedJSON {
        .structure(omittingNil: [
            ("name", .text(name)), ("info", info.json), ("chart", chart?.json),
            ("config", config.isEmpty ? nil : .plain(.object(config))),
            ("manifest", manifest.isEmpty ? nil : .plain(.string(manifest))),
            ("hooks", hooks.isEmpty ? nil : .list(hooks.map(\.json))),
            ("version", number == 0 ? nil : .plain(.int(number))), ("namespace", .text(namespace)),
            ("apply_method", .text(applyMethod)),
        ])
    }
}

extension Revision.Info {
    init(_ value: Value) {
        func moment(_ key: Text) -> Moment? {
            value[key]?.string.flatMap { Moment($0) }.flatMap { $0.isZero ? nil : $0 }
        }
        self.init(
            firstDeployed: moment("first_deployed"), lastDeployed: moment("last_deployed"),
            deleted: moment("deleted"), description: value["description"]?.string ?? "",
            status: ReleaseStatus(rawValue: value["status"]?.string ?? "unknown"),
            notes: value["notes"]?.text ?? "")
    }

    var json: OrderedJSON {
        func moment(_ moment: Moment?) -> OrderedJSON? { moment.map { .plain(.string($0.text)) } }
        let resources = Object(self.resources.map { (Text($0.key), Value.array($0.value)) })
        return .structure(omittingNil: [
            ("first_deployed", moment(firstDeployed)), ("last_deployed", moment(lastDeployed)),
            ("deleted", moment(deleted)), ("description", .text(description)), ("status", .text(status.rawValue)),
            ("notes", notes.isEmpty ? nil : .plain(.string(notes))),
            ("resources", resources.isEmpty ? nil : .plain(.object(resources))),
        ])
    }
}
