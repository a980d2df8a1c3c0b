import Client
import Document
import Glibc
import PKI
import Store

/// Writes the whole store of a cluster to one file, whether the cluster runs or not.
public struct ClusterSnapshot: Sendable {
    /// What was written.
    public struct Outcome: Sendable, Hashable {
        /// How many objects the file holds.
        public let objects: Int
        /// The store's revision.
        public let revision: Int64
    }

    private let folder: DataFolder

    public init(_ folder: DataFolder) { self.folder = folder }

    /// Writes the file, and reads it back before it gets its name: what is there is whole.
    public func write(to path: String) async throws -> Outcome {
        let temporary = path + ".new"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure("write", path) }
        defer { close(file) }
        do {
            try await copy(to: file, path)
            guard fsync(file) == 0 else { throw failure("write", path) }
            let content = try SnapshotFile.read(temporary)
            guard rename(temporary, path) == 0 else { throw failure("write", path) }
            return Outcome(objects: content.records.count, revision: content.revision)
        } catch {
            unlink(temporary)
            throw error
        }
    }

    private func copy(to file: Int32, _ path: String) async throws {
        if let server = Launcher(folder).state.server { return try await copy(from: server, to: file, path) }
        guard access(folder.store, R_OK) == 0 else {
            throw ClusterFailure(.notRunning, "there is no cluster in \(folder.path)")
        }
        let store = try SQLiteStore(path: folder.store)
        defer { store.close() }
        var writer = SnapshotFile.Writer(store.snapshot())
        while let piece = writer.next() { try append(piece, to: file, path) }
    }

    private func copy(from server: String, to file: Int32, _ path: String) async throws {
        guard let authority = try PrivateFile.read(folder.pki("ca.crt")),
            let certificate = try PrivateFile.read(folder.pki("admin.crt")),
            let key = try PrivateFile.read(folder.pki("admin.key"))
        else { throw ClusterFailure(.badFolder, "the keys of the cluster in \(folder.path) are missing") }
        let user = Credential(certificatePEM: certificate, keyPEM: key)
        let text = YAML.write(KubeconfigFile(server: server, authority: authority, user: user).value)
        let transport = try Kubeconfig(["cluster"], isExplicit: true) { _ in text }.transport()
        for try await piece in try await transport.stream(APIRequest(.get, "/helmctl/snapshot", accept: "*/*")) {
            try append(piece, to: file, path)
        }
    }

    private func append(_ piece: [UInt8], to file: Int32, _ path: String) throws {
        var written = 0
        while written < piece.count {
            let count = piece[written...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure("write", path) }
            written += count
        }
    }

    private func failure(_ verb: String, _ path: String) -> ClusterFailure {
        ClusterFailure(.badSettings, "cannot \(verb) the snapshot \(path): \(String(cString: strerror(errno)))")
    }
}
