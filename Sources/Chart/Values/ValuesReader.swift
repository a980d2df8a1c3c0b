public import Document
import Glibc

/// Reads a values file: one or more YAML documents, of which later ones win.
public enum ValuesReader {
    /// Why a text is no values file.
    public struct Failure: Error, Sendable, Hashable {
        /// Helm's words.
        public let message: String
        /// The line at fault, from 1, and its character; nil where none is known.
        var mark: YAML.Place?

        /// What is at fault as a place in that file.
        func place(in file: String, _ bytes: [UInt8]) -> FailurePlace? {
            mark.map {
                FailurePlace(
                    file: file, bytes, line: $0.line, character: $0.column, note: "these values cannot be read")
            }
        }
    }

    /// Reads the documents of a file and merges them.
    public static func read(_ bytes: [UInt8]) throws(Failure) -> Object {
        var result = Object()
        for document in try documents(bytes) {
            result = merged(result, try parse(document.bytes, below: document.line - 1))
        }
        return result
    }

    private static func parse(_ bytes: [UInt8], below lines: Int) throws(Failure) -> Object {
        let value: Value
        do throws(YAML.Failure) {
            value = try YAML.parse(bytes)
        } catch {
            throw Failure(
                message: "cannot unmarshal yaml document: error converting YAML to JSON: \(error.message)",
                mark: error.mark.map { YAML.Place(line: lines + $0.line, column: $0.column) })
        }
        switch value {
        case .object(let object): return object
        case .null: return [:]
        default:
            let words = "json: cannot unmarshal \(kind(value)) into Go value of type map[string]interface {}"
            throw Failure(
                message: "cannot unmarshal yaml document: error unmarshaling JSON: while decoding JSON: \(words)",
                mark: (try? YAML.locate(bytes).place).map { YAML.Place(line: lines + $0.line, column: $0.column) })
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

    /// Whether the text is one document, and each of its lines ends with a newline alone: what nearly all files are.
    private static func isOneDocument(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let base = bytes.baseAddress, bytes.last == UInt8(ascii: "\n"),
            memchr(base, CInt(UInt8(ascii: "\r")), bytes.count) == nil
        else { return false }
        var line = 0
        while line < bytes.count, let newline = memchr(base + line, CInt(UInt8(ascii: "\n")), bytes.count - line) {
            if bytes[line] == UInt8(ascii: "-"), bytes[line...].starts(with: "---".utf8) { return false }
            line = UnsafeRawPointer(newline) - UnsafeRawPointer(base) + 1
        }
        return true
    }

    /// The texts between lines that start with `---`, wherever these stand, as Kubernetes' YAMLReader takes them: each
    /// line ends with a newline alone, the last one too, and a separator with nothing before it stays.
    private static func documents(_ bytes: [UInt8]) throws(Failure) -> [(bytes: [UInt8], line: Int)] {
        if bytes.withUnsafeBufferPointer(isOneDocument) { return [(CommentCutter.cut(bytes), 1)] }
        var result: [(bytes: [UInt8], line: Int)] = []
        var document: [UInt8] = []
        var rest = bytes[...]
        var (number, start) = (0, 1)
        while !rest.isEmpty {
            number += 1
            let line = GoText.takeLine(&rest)
            if line.starts(with: "---".utf8) {
                let words = GoText.trimSpace(String(decoding: line.dropFirst(3), as: UTF8.self))
                if !words.isEmpty, !words.hasPrefix("#") {
                    throw Failure(
                        message: "error reading yaml document: invalid Yaml document separator: \(words)",
                        mark: YAML.Place(line: number, column: 1))
                }
                if !document.isEmpty {
                    result.append((document, start))
                    document = []
                    start = number + 1
                    continue
                }
            }
            document += line
        }
        if !document.isEmpty { result.append((document, start)) }
        return result
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
