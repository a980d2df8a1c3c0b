import API
import Document
import Glibc

/// The files of the volumes that are made of objects: configMap, secret, downwardAPI and projected.
struct VolumeFiles {
    var pod: Value
    var facts: PodFacts
    /// The data of a ConfigMap or Secret; nil where there is none.
    var data: @Sendable (_ kind: DataKind, _ name: String) async throws -> [String: [UInt8]]?
    /// A token of the pod's service account for an audience, valid that many seconds.
    var token: @Sendable (_ audience: String?, _ seconds: Int) async throws -> String

    typealias Tree = [String: AtomicFolder.File]

    /// The files of a volume; nil for volumes of other kinds.
    func files(of volume: Value) async throws -> Tree? {
        if let source = volume["configMap"] { return try await files(.configMap, source, source["name"], mode(source)) }
        if let source = volume["secret"] { return try await files(.secret, source, source["secretName"], mode(source)) }
        if let source = volume["downwardAPI"] { return try downward(source, mode(source)) }
        guard let projected = volume["projected"] else { return nil }
        var tree: Tree = [:]
        for source in projected["sources"]?.array ?? [] {
            tree.merge(try await files(projected: source, mode(projected))) { _, last in last }
        }
        return tree
    }

    private func mode(_ source: Value) -> mode_t { mode_t(source["defaultMode"]?.int ?? 0o644) }

    private func files(projected source: Value, _ mode: mode_t) async throws -> Tree {
        if let source = source["configMap"] { return try await files(.configMap, source, source["name"], mode) }
        if let source = source["secret"] { return try await files(.secret, source, source["name"], mode) }
        if let source = source["downwardAPI"] { return try downward(source, mode) }
        guard let source = source["serviceAccountToken"] else {
            throw NodeError(.unsupported, "a projected volume has a source that is not supported yet")
        }
        let token = try await token(source["audience"]?.string, source["expirationSeconds"]?.int ?? 3600)
        let path = try checked(source["path"]?.string ?? "token")
        // Where one user or group can be told, nobody else may read it; a group's right comes with the volume's.
        let (user, group) = (onlyUser, pod["spec", "securityContext", "fsGroup"])
        let own: mode_t = user == nil && group == nil ? mode : 0o600
        return [path: AtomicFolder.File(bytes: Array(token.utf8), mode: own, owner: user)]
    }

    /// The user that all containers run as; nil where they differ or nobody says it (the kubelet's FsUserFrom).
    private var onlyUser: uid_t? {
        let shared = pod["spec", "securityContext", "runAsUser"]?.int
        let lists: [Text] = ["containers", "initContainers", "ephemeralContainers"]
        let users = lists.flatMap { pod["spec", $0]?.array ?? [] }.map { container in
            container["securityContext", "runAsUser"]?.int ?? shared
        }
        guard let first = users.first, let user = first, users.allSatisfy({ $0 == user }) else { return nil }
        return uid_t(clamping: user)
    }

    private func files(_ kind: DataKind, _ source: Value, _ name: Value?, _ mode: mode_t) async throws -> Tree {
        let name = name?.string ?? ""
        let isOptional = source["optional"]?.bool ?? false
        guard let data = try await data(kind, name) else {
            if isOptional { return [:] }
            throw NodeError(.volume, "\(kind.rawValue) \"\(name)\" not found")
        }
        guard let items = source["items"]?.array, !items.isEmpty else {
            return data.mapValues { AtomicFolder.File(bytes: $0, mode: mode) }
        }
        var tree: Tree = [:]
        for item in items {
            let key = item["key"]?.string ?? ""
            guard let bytes = data[key] else {
                if isOptional { continue }
                throw NodeError(.volume, "\(kind.rawValue) references non-existent \(kind.rawValue) key: \(key)")
            }
            let path = try checked(item["path"]?.string ?? key)
            tree[path] = AtomicFolder.File(bytes: bytes, mode: item["mode"]?.int.map(mode_t.init) ?? mode)
        }
        return tree
    }

    private func downward(_ source: Value, _ mode: mode_t) throws -> Tree {
        var tree: Tree = [:]
        for item in source["items"]?.array ?? [] {
            let text: String
            if let field = item["fieldRef", "fieldPath"]?.string {
                text = try facts.field(field)
            } else if let reference = item["resourceFieldRef"] {
                let name = reference["containerName"]?.string
                let container = (pod["spec", "containers"]?.array ?? []).first { $0["name"]?.string == name }
                text = try facts.resource(reference, container ?? .null)
            } else {
                continue
            }
            let path = try checked(item["path"]?.string ?? "")
            tree[path] = AtomicFolder.File(
                bytes: Array(text.utf8), mode: item["mode"]?.int.map(mode_t.init) ?? mode)
        }
        return tree
    }

    /// The API has checked it already; the node does not write outside of a volume whatever it is told.
    private func checked(_ path: String) throws -> String {
        let parts = path.split(separator: "/")
        guard !path.hasPrefix("/"), !parts.isEmpty, !parts.contains(where: { $0 == ".." }),
            parts.first?.hasPrefix("..") == false
        else { throw NodeError(.volume, "the path \"\(path)\" leaves the volume") }
        return parts.joined(separator: "/")
    }
}
