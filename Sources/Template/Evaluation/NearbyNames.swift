import Document

/// Finds the keys that someone may have meant.
enum NearbyNames {
    /// What is known of a key that is missing or null in a map.
    static func hint(_ key: String, in parent: String, _ map: GoMap) -> String {
        if map[Text(key)] != nil { return "\(parent) has \"\(key)\", and it is null" }
        let close = matches(key, map.entries.lazy.map(\.key.string).filter { $0 != key })
        let nearby = close.isEmpty ? "" : "; it has " + close.map { "\"\($0)\"" }.joined(separator: ", ")
        return "\(parent) has no \"\(key)\"\(nearby)"
    }

    /// The names that differ little from `name`, at most three, the nearest first.
    static func matches(_ name: String, _ names: some Sequence<String>) -> [String] {
        let wanted = Array(name.lowercased().utf8)
        let limit = max(1, wanted.count / 3)
        return names.map { ($0, EditDistance.between(wanted, Array($0.lowercased().utf8))) }
            .filter { $0.1 <= limit }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.prefix(3).map(\.0)
    }
}
