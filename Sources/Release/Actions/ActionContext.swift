public import API
public import Client
import Document

/// What all actions share: the cluster, where the records lie, the clock, and where messages go (action.Configuration).
public struct ActionContext: Sendable {
    let cluster: Cluster
    let records: RecordStore
    let namespace: String
    let clock: any TimeSource
    let log: @Sendable (LogRecord) -> Void
    let hookOutput: @Sendable ([UInt8]) -> Void

    /// - Parameters:
    ///   - namespace: where releases are installed and recorded.
    ///   - log: takes the records of what happens beside the result.
    ///   - hookOutput: takes the logs of hooks that ask for them by `helm.sh/hook-output-log-policy`.
    public init(
        _ client: APIClient, namespace: String, clock: any TimeSource = SystemTime(),
        log: @escaping @Sendable (LogRecord) -> Void = { _ in },
        hookOutput: @escaping @Sendable ([UInt8]) -> Void = { _ in }
    ) {
        cluster = Cluster(client)
        self.namespace = namespace
        self.clock = clock
        self.log = log
        self.hookOutput = hookOutput
        records = RecordStore(cluster.client, namespace: namespace, clock: clock)
    }

    var writer: ObjectWriter { ObjectWriter(client: cluster.client) }
    var waiter: ObjectWaiter { ObjectWaiter(client: cluster.client, clock: clock) }
    var now: Moment { Moment(clock.now) }

    /// Reads a manifest with the kinds that the cluster serves.
    func objects(_ manifest: Text) async throws -> [ManifestObject] {
        let contents = try await cluster.directory.contents()
        return try ManifestReader(contents: contents, namespace: namespace).objects(manifest)
    }

    /// Stores a changed revision; a failure is told, and does not hide the error that is on its way already.
    func record(_ revision: Revision) async {
        do { try await records.update(revision) } catch {
            log(
                LogRecord(
                    .warn, "failed to update release", [.init("name", revision.name), .init("error", "\(error)")]))
        }
    }
}

/// The rule for names of releases (pkg/chart/v2/util: ValidateReleaseName).
enum ReleaseName {
    static let maximumLength = 53
    static let pattern = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"

    /// What is wrong with the name, in Helm's words; nil where nothing is.
    static func objection(to name: String) -> String? {
        if name.isEmpty { return "no name provided" }
        if name.utf8.count <= maximumLength, isSubdomain(name) { return nil }
        return "invalid release name, must match regex \(pattern) "
            + "and the length must not be longer than \(maximumLength)"
    }

    private static func isSubdomain(_ name: String) -> Bool {
        name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
            func isAlphanumeric(_ byte: UInt8) -> Bool {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }
            guard let first = label.first, let last = label.last else { return false }
            return isAlphanumeric(first) && isAlphanumeric(last)
                && label.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
        }
    }
}
