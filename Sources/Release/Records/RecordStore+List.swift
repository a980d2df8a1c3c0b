public import API
import Client
import Document

extension RecordStore {
    /// Which releases a listing is about.
    public struct Query: Sendable {
        /// The states to show; nil for all.
        public var statuses: Set<ReleaseStatus>?
        /// Chooses by name; nil for all.
        public var matches: (@Sendable (String) -> Bool)?
        /// Chooses by the labels of the record.
        public var selector: LabelSelector
        public var byDate: Bool
        public var reverse: Bool
        public var offset: Int
        /// The most releases to show; 0 for all.
        public var limit: Int

        public init(
            statuses: Set<ReleaseStatus>? = nil, matches: (@Sendable (String) -> Bool)? = nil,
            selector: LabelSelector = LabelSelector(), byDate: Bool = false, reverse: Bool = false, offset: Int = 0,
            limit: Int = 0
        ) {
            self.statuses = statuses
            self.matches = matches
            self.selector = selector
            self.byDate = byDate
            self.reverse = reverse
            self.offset = offset
            self.limit = limit
        }
    }

    /// The names of the releases, without reading a single body where the order does not hang on one.
    public func names(_ query: Query) async throws -> [String] {
        if query.byDate { return try await list(query).map(\.name) }
        return Self.page(Self.byName(try await latest(query), query), query).map(\.name)
    }

    /// The newest revision of each release that is asked for.
    ///
    /// Only labels are listed first; bodies are fetched for what will be shown, or for all where dates decide the order.
    public func list(_ query: Query) async throws -> [Revision] {
        let records = Self.byName(try await latest(query), query)
        guard query.byDate else { return try await revisions(of: Self.page(records, query)) }
        let revisions = try await revisions(of: records)
        let dated = revisions.enumerated().sorted { left, right in
            let (a, b) = (left.element.info.lastDeployed?.time, right.element.info.lastDeployed?.time)
            let (early, late) = (a ?? Moment.zeroTime, b ?? Moment.zeroTime)
            return early == late ? left.offset < right.offset : (early < late) != query.reverse
        }
        return Self.page(dated.map(\.element), query)
    }

    /// The newest record of each release, chosen by state, name and labels.
    private func latest(_ query: Query) async throws -> [Record] {
        let records = try await metadata()
        var chosen = records.filter { query.matches?($0.name) ?? true }
        if query.statuses != [.superseded] { chosen = Self.newest(chosen) }
        return chosen.filter { record in
            let labels = Object(record.labels.map { (Text($0.key), Value.string($0.value)) })
            return query.statuses?.contains(record.status) ?? true && query.selector.matches(labels)
        }
    }

    /// All records' labels; a server that knows no PartialObjectMetadata answers whole Secrets, which do as well.
    private func metadata() async throws -> [Record] {
        let path = Self.resource.path(namespace: namespace.isEmpty ? nil : namespace)
        let request = APIRequest(
            .get, path, query: [("labelSelector", "owner=helm")],
            accept: "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json")
        do {
            let list = try await client.transport.send(request).value()
            return list["items"]?.array?.map(Record.init) ?? []
        } catch {
            throw ReleaseFailure.wrapping(error, "list: failed to list")
        }
    }

    private func revisions(of records: [Record]) async throws -> [Revision] {
        try await records.mapInParallel { record in
            if record.isWhole { return try record.revision() }
            return try await RecordStore(client, namespace: record.namespace, clock: clock)
                .get(record.name, record.number)
        }
    }

    private static func newest(_ records: [Record]) -> [Record] {
        var newest: [String: Record] = [:]
        for record in records {
            let key = "\(record.namespace)/\(record.name)"
            if let held = newest[key], held.number > record.number { continue }
            newest[key] = record
        }
        return Array(newest.values)
    }

    private static func byName(_ records: [Record], _ query: Query) -> [Record] {
        records.sorted { left, right in
            let (a, b) = ((Text(left.name), Text(left.namespace)), (Text(right.name), Text(right.namespace)))
            if a == b { return left.number < right.number }
            return (a < b) != (query.reverse && !query.byDate)
        }
    }

    private static func page<Element>(_ elements: [Element], _ query: Query) -> [Element] {
        let rest = elements.dropFirst(query.offset)
        return Array(query.limit > 0 ? rest.prefix(query.limit) : rest)
    }
}
