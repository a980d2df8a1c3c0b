import Document

/// What becomes of a tree that is written as JSON and read back as YAML, as sigs.k8s.io/yaml does before it marshals:
/// YAML refuses characters that JSON lets stand, and takes U+0085 for a line break.
enum JSONAsYAML {
    /// The tree as YAML reads it; nil where YAML refuses the JSON.
    static func read(_ value: Value) -> Value? { isPlain(value) ? value : changed(value) }

    /// What a key may take before its colon, quotes included.
    private static let longestKey = 1024

    private static func isPlain(_ value: Value) -> Bool {
        switch value {
        case .null, .bool, .number: true
        case .string(let text): isPlain(text)
        case .array(let elements): elements.allSatisfy(isPlain)
        case .object(let object):
            object.allSatisfy { isPlain($0.key) && $0.key.count < longestKey / 6 && isPlain($0.value) }
        }
    }

    private static func isPlain(_ text: Text) -> Bool {
        text.withBytes { bytes in
            for (index, byte) in bytes.enumerated() where byte >= 0x7F {
                switch byte {
                case 0x7F: return false
                case 0xC2: if index + 1 < bytes.count, bytes[index + 1] < 0xA0 { return false }
                case 0xEF:
                    guard index + 2 < bytes.count, bytes[index + 1] == 0xBF, bytes[index + 2] > 0xBD else { continue }
                    return false
                default: continue
                }
            }
            return true
        }
    }

    private static func changed(_ value: Value) -> Value? {
        switch value {
        case .null, .bool, .number: return value
        case .string(let text): return folded(text).map(Value.string)
        case .array(let elements):
            let children = elements.compactMap(changed)
            return children.count == elements.count ? .array(children) : nil
        case .object(let object):
            var members: [Object.Member] = []
            for member in object {
                guard isKey(member.key), let child = changed(member.value) else { return nil }
                members.append(Object.Member(key: member.key, value: child))
            }
            return .object(Object(unsorted: members))
        }
    }

    private static func isKey(_ text: Text) -> Bool {
        isPlain(text) && JSON.text(.string(text)).string.unicodeScalars.count <= longestKey
    }

    /// The text with line breaks folded: one becomes a blank, of several the first goes. Nil where a character is refused.
    private static func folded(_ text: Text) -> Text? {
        var result = String.UnicodeScalarView()
        var breaks = 0
        for scalar in text.string.unicodeScalars {
            switch scalar.value {
            case 0x7F, 0x80...0x84, 0x86...0x9F, 0xFFFE, 0xFFFF: return nil
            case 0x85:
                if breaks == 0 { while result.last == " " { result.removeLast() } }
                breaks += 1
            case 0x20 where breaks > 0: continue
            default:
                end(&breaks, &result)
                result.append(scalar)
            }
        }
        end(&breaks, &result)
        return Text(String(result))
    }

    private static func end(_ breaks: inout Int, _ result: inout String.UnicodeScalarView) {
        if breaks == 1 { result.append(" ") }
        if breaks > 1 { result.append(contentsOf: repeatElement("\n", count: breaks - 1)) }
        breaks = 0
    }
}
