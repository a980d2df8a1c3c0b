public import Document

/// Reads a values file: one or more YAML documents, of which later ones win.
public enum ValuesReader {
    /// Why a text is no values file.
    public struct Failure: Error, Sendable, Hashable {
        /// Helm's words.
        public let message: String
    }

    /// Reads the documents of a file and merges them.
    public static func read(_ bytes: [UInt8]) throws(Failure) -> Object {
        var result = Object()
        for document in try documents(bytes) { result = merged(result, try parse(document)) }
        return result
    }

    private static func parse(_ bytes: ArraySlice<UInt8>) throws(Failure) -> Object {
        let value: Value
        do throws(YAML.Failure) {
            value = try YAML.parse(bytes)
        } catch {
            throw Failure(
                message: "cannot unmarshal yaml document: error converting YAML to JSON: \(error.message)")
        }
        switch value {
        case .object(let object): return object
        case .null: return [:]
        default:
            let words = "json: cannot unmarshal \(kind(value)) into Go value of type map[string]interface {}"
            throw Failure(
                message: "cannot unmarshal yaml document: error unmarshaling JSON: while decoding JSON: \(words)")
        }
    }

    private static func kind(_ value: Value) -> String {
        switch value {
        case .array: "array"
        case .bool: "bool"
        case .number: "number"
        default: "string"
        }
    }

    /// The texts between lines that start with `---`, wherever these stand.
    private static func documents(_ bytes: [UInt8]) throws(Failure) -> [ArraySlice<UInt8>] {
        guard containsSeparator(bytes) else { return [bytes[...]] }
        var result: [ArraySlice<UInt8>] = []
        var start = 0
        var line = 0
        while line < bytes.count {
            let end = bytes[line...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
            if bytes[line..<end].starts(with: "---".utf8) {
                let rest = GoText.trimSpace(String(decoding: bytes[(line + 3)..<end], as: UTF8.self))
                if !rest.isEmpty {
                    throw Failure(
                        message: "error reading yaml document: invalid Yaml document separator: \(rest)")
                }
                if line > start { result.append(bytes[start..<line]) }
                start = end
            }
            line = end
        }
        if start < bytes.count { result.append(bytes[start...]) }
        return result
    }

    private static func containsSeparator(_ bytes: [UInt8]) -> Bool {
        if bytes.starts(with: "---".utf8) { return true }
        var index = bytes.startIndex
        while let newline = bytes[index...].firstIndex(of: UInt8(ascii: "\n")) {
            index = newline + 1
            if bytes[index...].starts(with: "---".utf8) { return true }
        }
        return false
    }

    /// Helm's MergeMaps: objects are merged, all else is replaced.
    static func merged(_ base: Object, _ new: Object) -> Object {
        var result = base
        for member in new {
            if case .object(let inner) = member.value, case .object(let old)? = result[member.key] {
                result[member.key] = .object(merged(old, inner))
            } else {
                result[member.key] = member.value
            }
        }
        return result
    }
}
