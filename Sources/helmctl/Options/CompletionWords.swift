import API
import Client
import Flags
import Release

/// What can stand for values of flags and for arguments, where Helm tells it to shells too.
enum CompletionWords {
    /// How long a cluster may take to answer: somebody waits at a key.
    private static let patience = Duration.seconds(3)

    /// What can stand for the last of the words; nil where nothing is known of it.
    static func known(for words: [String]) async -> [Program.Candidate]? {
        guard let wanted = Helmctl.program.wanted(words) else { return nil }
        let connection = Helmctl.program.flags(ConnectionFlags.init, from: Array(words.dropLast()))
        switch wanted {
        case .value(of: "output"): return formats
        case .value(of: "color"), .value(of: "colour"):
            return ["never", "auto", "always"].map { Program.Candidate($0) }
        case .value(of: "kube-context"): return contexts(connection)
        case .value(of: "namespace"): return await inTime { try await namespaces(connection) }
        case .argument(let command, 0) where takesRelease(command):
            return await inTime { try await releases(connection) }
        default: return nil
        }
    }

    private static let formats = [
        Program.Candidate("table", "Output result in human-readable format"),
        Program.Candidate("json", "Output result in JSON format"),
        Program.Candidate("yaml", "Output result in YAML format"),
    ]

    private static func takesRelease(_ command: [String]) -> Bool {
        let names = ["history", "rollback", "status", "test", "uninstall", "upgrade"]
        return command.first == "get" || command.count == 1 && names.contains(command[0])
    }

    private static func contexts(_ connection: ConnectionFlags) -> [Program.Candidate] {
        let kubeconfig = try? Kubeconfig.load(path: connection.kubeconfig)
        return kubeconfig?.contextNames.map { Program.Candidate($0.name, $0.cluster) } ?? []
    }

    private static func namespaces(_ connection: ConnectionFlags) async throws -> [Program.Candidate] {
        let resource = GroupVersionResource(group: "", version: "v1", resource: "namespaces")
        let found = try await connection.client().list(resource)
        return found.items.map { Program.Candidate($0.name) }
    }

    private static func releases(_ connection: ConnectionFlags) async throws -> [Program.Candidate] {
        try await connection.actions().list(RecordStore.Query()).map { revision in
            let chart = revision.chart?.title ?? "MISSING"
            return Program.Candidate(revision.name, "\(chart) -> \(revision.info.status.rawValue)")
        }
    }

    /// What a cluster answers; nothing where it does not, or takes too long.
    private static func inTime(
        _ ask: @escaping @Sendable () async throws -> [Program.Candidate]
    ) async -> [Program.Candidate] {
        (try? await withDeadline(patience, late: CancellationError(), ask)) ?? []
    }
}
