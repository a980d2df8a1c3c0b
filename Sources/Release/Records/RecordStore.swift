public import API
public import Client
import Document

/// The records of releases in a namespace: Secrets of type `helm.sh/release.v1`, as Helm's own driver keeps them
/// (pkg/storage and pkg/storage/driver/secrets.go).
public struct RecordStore: Sendable {
    static let resource = GroupVersionResource(group: "", version: "v1", resource: "secrets")
    /// The labels that are the driver's own; a user may not set them.
    static let systemLabels = ["name", "owner", "status", "version", "createdAt", "modifiedAt"]

    /// Helm names no field manager for its records, so the server takes the product of its User-Agent: `Helm`.
    let client: APIClient
    /// Empty to look in all namespaces.
    let namespace: String
    let clock: any TimeSource

    /// - Parameter namespace: where the records lie; empty for all namespaces (for listing only).
    public init(_ client: APIClient, namespace: String, clock: any TimeSource) {
        var client = client
        client.fieldManager = "Helm"
        self.client = client
        self.namespace = namespace
        self.clock = clock
    }

    /// The name of the Secret that holds a revision.
    public static func key(_ name: String, _ number: Int) -> String { "sh.helm.release.v1.\(name).v\(number)" }

    /// Stores a new revision; the name of the Secret makes it a lock against other clients.
    func create(_ revision: Revision) async throws {
        let secret = try Self.secret(revision, stamp: "createdAt", namespace: revision.namespace, clock.now)
        do {
            _ = try await client.create(Self.resource, secret)
        } catch let status as Status where status.reason == .alreadyExists {
            throw ReleaseFailure("release: already exists", code: .alreadyExists, cause: status)
        } catch {
            throw ReleaseFailure.wrapping(error, "create: failed to create")
        }
    }

    /// Stores a changed revision over the one that is there.
    func update(_ revision: Revision) async throws {
        let secret = try Self.secret(revision, stamp: "modifiedAt", namespace: revision.namespace, clock.now)
        do {
            _ = try await client.update(Self.resource, secret)
        } catch {
            throw ReleaseFailure.wrapping(error, "update: failed to update")
        }
    }

    /// Deletes a revision; one that is gone already is `release: not found`.
    func delete(_ name: String, _ number: Int, in namespace: String) async throws {
        do {
            try await client.delete(Self.resource, namespace: namespace, name: Self.key(name, number))
        } catch let status as Status where status.reason == .notFound {
            throw ReleaseFailure.releaseNotFound
        }
    }

    /// One revision. Its labels are the user's alone, unlike those of ``history(_:)``: so Helm's driver does it.
    func get(_ name: String, _ number: Int) async throws -> Revision {
        let key = Self.key(name, number)
        do {
            let secret = try await client.get(Self.resource, namespace: namespace, name: key)
            var record = Record(secret)
            record.labels = record.labels.filter { !Self.systemLabels.contains($0.key) }
            return try record.revision()
        } catch let status as Status where status.reason == .notFound {
            throw ReleaseFailure.releaseNotFound
        } catch {
            throw ReleaseFailure.wrapping(error, "get: failed to get \"\(key)\"")
        }
    }

    /// The records of a release, oldest revision first; they are unpacked only when asked.
    func history(_ name: String) async throws -> [Record] {
        let options = ListOptions(labelSelector: "name=\(name),owner=helm")
        let found: ObjectList
        do {
            found = try await client.list(Self.resource, namespace: namespace, options)
        } catch {
            throw ReleaseFailure.wrapping(error, "query: failed to query with labels")
        }
        guard !found.items.isEmpty else { throw ReleaseFailure.releaseNotFound }
        return found.items.map(Record.init).sorted { $0.number < $1.number }
    }

    /// The newest revision, or the one of that number where it is above 0.
    func revision(_ name: String, _ number: Int = 0) async throws -> Revision {
        if number > 0 { return try await get(name, number) }
        guard let last = try await history(name).last else { throw ReleaseFailure.releaseNotFound }
        return try last.revision()
    }

    private static func secret(
        _ revision: Revision, stamp: String, namespace: String, _ now: Time
    ) throws -> Value {
        var labels = [stamp: String(now.seconds)]
        labels.merge(revision.labels) { _, custom in custom }
        labels["name"] = revision.name
        labels["owner"] = "helm"
        labels["status"] = revision.info.status.rawValue
        labels["version"] = String(revision.number)
        return [
            "apiVersion": "v1", "kind": "Secret", "type": "helm.sh/release.v1",
            "metadata": [
                "name": .string(key(revision.name, revision.number)), "namespace": .string(namespace),
                "labels": .object(Object(labels.map { (Text($0.key), Value.string($0.value)) })),
            ],
            "data": ["release": .string(try RecordCodec.encode(revision))],
        ]
    }
}

/// A record as the API gave it: what its labels say can be read without unpacking the rest.
struct Record: Sendable {
    let name: String
    let namespace: String
    let number: Int
    let status: ReleaseStatus
    var labels: [String: String]
    private let data: Text?

    init(_ secret: Value) {
        labels = Dictionary(secret.labels.map { ($0.key.string, $0.value.string ?? "") }) { _, last in last }
        name = labels["name"] ?? ""
        namespace = secret.namespace
        number = labels["version"].flatMap { Int($0) } ?? 0
        status = ReleaseStatus(rawValue: labels["status"] ?? "unknown")
        data = secret["data", "release"]?.text
    }

    /// Whether the record came with its contents, and not as metadata alone.
    var isWhole: Bool { data != nil }

    /// Unpacks the record.
    func revision() throws -> Revision {
        guard let data else { throw ReleaseFailure("record \(RecordStore.key(name, number)) holds no release") }
        do {
            var revision = try RecordCodec.decode(data, labels: labels)
            if revision.namespace.isEmpty { revision.namespace = namespace }
            return revision
        } catch {
            throw ReleaseFailure.wrapping(error, "record \(RecordStore.key(name, number))")
        }
    }
}
