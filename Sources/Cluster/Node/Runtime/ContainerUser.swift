/// The user and groups of a container's process, as numbers.
struct ContainerUser: Sendable, Hashable {
    var user: UInt32 = 0
    var group: UInt32 = 0
    var further: [UInt32] = []

    /// Reads an image's `USER` (`name`, `uid`, each with `:group`) by the container's own passwd and group files, as
    /// containerd does.
    ///
    /// - Parameters:
    ///   - passwd: the text of /etc/passwd; empty where there is none.
    ///   - groups: the text of /etc/group.
    init(_ text: String, passwd: String, groups: String) throws {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = parts[0]
        let entry = ContainerUser.fields(passwd).first { $0.count > 3 && ($0[0] == name || $0[2] == name) }
        if let entry, let id = UInt32(entry[2]) {
            user = id
            group = UInt32(entry[3]) ?? 0
            further = ContainerUser.memberships(of: entry[0], groups)
        } else if let id = UInt32(name) {
            user = id
        } else if !name.isEmpty {
            throw NodeError(.configuration, "unable to find user \(name): no matching entries in passwd file")
        }
        guard parts.count > 1, !parts[1].isEmpty else { return }
        if let entry = ContainerUser.fields(groups).first(where: { $0.count > 2 && $0[0] == parts[1] }) {
            group = UInt32(entry[2]) ?? 0
        } else if let id = UInt32(parts[1]) {
            group = id
        } else {
            throw NodeError(.configuration, "unable to find group \(parts[1]): no matching entries in group file")
        }
    }

    private static func fields(_ text: String) -> [[String]] {
        text.split(separator: "\n").map { line in
            line.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        }
    }

    private static func memberships(of name: String, _ groups: String) -> [UInt32] {
        fields(groups).compactMap { entry in
            guard entry.count > 3, entry[3].split(separator: ",").contains(where: { $0 == name }) else { return nil }
            return UInt32(entry[2])
        }
    }
}
