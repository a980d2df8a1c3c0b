import CDeclarations
import Document

/// What `kubectl explain` says of types and fields, in our own words: the files of `words/`, a line for each, as
/// `ConfigMap: What it is.`, and indented below it `  data: What that is.` What is said of many types alike stands in
/// `common.txt`, under `*Condition`, `*List` and `*`.
struct Descriptions {
    /// The texts of a file: by `v1.ConfigMap` and `v1.ConfigMap.data`.
    private typealias Words = [String: Text]

    private var files: [String: Words] = [:]

    /// Adds what a type is, such as `io.k8s.api.core.v1.ConfigMap`.
    mutating func describe(_ definition: String?, in schema: inout Value) {
        guard let place = Place(definition) else { return }
        set(words(of: place, ""), in: &schema)
    }

    /// Adds what a field of a type is.
    mutating func describe(_ field: Text, of definition: String?, in schema: inout Value) {
        guard let place = Place(definition) else { return }
        set(words(of: place, ".\(field)"), in: &schema)
    }

    private func set(_ words: Text?, in schema: inout Value) {
        if let words { schema["description"] = .string(words) }
    }

    private mutating func words(of place: Place, _ field: String) -> Text? {
        if let own = file(place.file)["\(place.version).\(place.type)\(field)"] { return own }
        let common = file("common")
        for pattern in ["Condition", "List", ""] where place.type.hasSuffix(pattern) {
            if let words = common["v1.*\(pattern)\(field)"] { return words }
        }
        return common["v1.\(place.type)\(field)"]
    }

    private mutating func file(_ name: String) -> Words {
        if let read = files[name] { return read }
        let words = DeclarationText(words: name).map { Descriptions.read($0) } ?? [:]
        files[name] = words
        return words
    }

    private static func read(_ text: DeclarationText) -> Words {
        var result: Words = [:]
        var (version, type) = ("v1", "")
        for line in text.raw {
            if line.hasPrefix("version ") {
                version = String(line.dropFirst("version ".count))
                continue
            }
            guard let colon = line.firstIndex(of: ":") else { continue }
            let words = line[colon...].dropFirst(2)
            let name = line[..<colon]
            if !name.hasPrefix(" ") { type = String(name) }
            let key = name.hasPrefix(" ") ? "\(version).\(type).\(name.dropFirst(2))" : "\(version).\(type)"
            if !words.isEmpty { result[key] = Text(String(words)) }
        }
        return result
    }

    /// Where the words of a definition stand.
    private struct Place {
        /// Empty for what no file declares, such as a CRD's kinds.
        let file: String
        let version: String
        let type: String

        /// - Parameter definition: packages, version and type, between points.
        init?(_ definition: String?) {
            guard let parts = definition?.split(separator: "."), parts.count > 2 else { return nil }
            let package = parts.dropLast(2).joined(separator: ".")
            file = DeclarationLibrary.shared.groups.first { $0.package == package }?.file ?? ""
            version = String(parts[parts.count - 2])
            type = String(parts[parts.count - 1])
        }
    }
}
