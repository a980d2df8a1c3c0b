import CRE2

/// A regular expression with Go's syntax, matched by RE2 in time linear in the text.
///
/// A compiled RE2 object is immutable and may be used by many threads at once (re2.h says so), which is the proof that
/// this class may be shared.
public final class RegularExpression: @unchecked Sendable {
    /// What is wrong with a pattern, in the words of Go's package regexp/syntax.
    public struct Malformed: Error, Sendable, Hashable {
        /// As "error parsing regexp: missing closing ): `(`".
        public let message: String
    }

    private let compiled: OpaquePointer
    /// How many groups the pattern has, without the whole match.
    public let groupCount: Int

    /// Compiles the bytes of a pattern.
    public init(_ pattern: [UInt8]) throws(Malformed) {
        let translation = PatternTranslation(pattern)
        let made = translation.pattern.withUnsafeBytes { bytes in
            cre2_compile(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, 8 << 20)
        }
        guard let made else { throw Malformed(message: "error parsing regexp: no memory") }
        var argument: UnsafePointer<CChar>?
        var length = 0
        let code = cre2_error(made, &argument, &length)
        guard code == 0 else {
            let part = argument.map { UnsafeRawBufferPointer(start: $0, count: length) }.map(Array.init) ?? []
            cre2_free(made)
            throw Malformed(message: RegularExpression.words(code, translation.originals[part] ?? part))
        }
        compiled = made
        groupCount = Int(cre2_groups(made))
    }

    deinit { cre2_free(compiled) }

    /// Where a pattern matched.
    public struct Match: Sendable, Equatable {
        /// Two offsets for the whole, then two for each group; negative ones for those that took no part.
        fileprivate let offsets: [Int]

        /// How many groups there are, the whole counted in.
        public var count: Int { offsets.count / 2 }

        /// The bytes of the whole match.
        public var whole: Range<Int> { offsets[0]..<offsets[1] }

        /// The bytes of a group, of the whole for 0; nil where it took no part.
        public subscript(group: Int) -> Range<Int>? {
            offsets[2 * group] < 0 ? nil : offsets[2 * group]..<offsets[2 * group + 1]
        }

        /// The match with the places of the text as it was.
        func moved(to readable: ReadableText) -> Match {
            Match(offsets: offsets.map { $0 < 0 ? $0 : readable.original($0) })
        }
    }

    /// The first match.
    ///
    /// - Parameter groups: whether to tell also where the groups matched.
    public func firstMatch(in text: [UInt8], groups: Bool = true) -> Match? {
        guard let readable = ReadableText(text) else { return search(text, from: 0, groups: groups) }
        return search(readable.bytes, from: 0, groups: groups)?.moved(to: readable)
    }

    /// The first match at or after an offset in a text that is UTF-8.
    func search(_ text: [UInt8], from start: Int, groups: Bool) -> Match? {
        let count = groups ? groupCount + 1 : 1
        var offsets = [Int](repeating: -1, count: 2 * count)
        let found = text.withUnsafeBytes { bytes in
            // RE2 wants a pointer even for no bytes, to tell an empty match from none.
            withUnsafeBytes(of: 0 as UInt8) { nothing in
                let base = (bytes.baseAddress ?? nothing.baseAddress)?.assumingMemoryBound(to: CChar.self)
                return cre2_search(compiled, base, bytes.count, start, &offsets, Int32(count))
            }
        }
        return found == 1 ? Match(offsets: offsets) : nil
    }

    /// Whether the pattern matches anywhere in the text.
    public func matches(_ text: [UInt8]) -> Bool { firstMatch(in: text, groups: false) != nil }

    /// The number of the group of that name; nil where there is none.
    public func group(named name: [UInt8]) -> Int? {
        let number = name.withUnsafeBytes { bytes in
            cre2_group_named(compiled, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        return number == 0 ? nil : Int(number)
    }

    private static func words(_ code: Int32, _ argument: [UInt8]) -> String {
        let reason =
            switch code {
            case 2: "invalid escape sequence"
            case 3: "invalid character class"
            case 4: "invalid character class range"
            case 5: "missing closing ]"
            case 6: "missing closing )"
            case 7: "unexpected )"
            case 8: "trailing backslash at end of expression"
            case 9: "missing argument to repetition operator"
            case 10: "invalid repeat count"
            case 11: "invalid nested repetition operator"
            case 12: "invalid or unsupported Perl syntax"
            case 13: "invalid UTF-8"
            case 14: "invalid named capture"
            case 15: "expression too large"
            default: "internal error"
            }
        // Two of Go's messages name no part of the pattern.
        if code == 8 { return "error parsing regexp: \(reason): ``" }
        var shown = String(decoding: argument, as: UTF8.self)
        // Go leaves the mark of a lazy repetition out.
        if code == 10, shown.hasSuffix("}?") { shown.removeLast() }
        return "error parsing regexp: \(reason): `\(shown)`"
    }
}
