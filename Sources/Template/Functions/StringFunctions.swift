import Document

extension Function {
    /// Sprig's functions of strings.
    static let strings: [Function] = [
        Function("hello") { _ in .string(Text("Hello!")) },
        Function("trim", .string) { .string(bytes: GoStrings.trimSpace($0.bytes(0))) },
        Function("upper", .string) { .string(bytes: GoStrings.map($0.bytes(0), GoUnicode.toUpper)) },
        Function("lower", .string) { .string(bytes: GoStrings.map($0.bytes(0), GoUnicode.toLower)) },
        Function("title", .string) { .string(bytes: GoStrings.title($0.bytes(0))) },
        Function("trunc", .int, .string) { .string(bytes: truncate($0.bytes(1), $0.int(0))) },
        Function("substr", .int, .int, .string) { arguments throws(CallFailure) in
            .string(bytes: try substring(arguments.bytes(2), arguments.int(0), arguments.int(1)))
        },
        Function("repeat", .int, .string) { arguments throws(CallFailure) in
            let bytes = arguments.bytes(1)
            let count = arguments.int(0)
            try checkRepeat(count, bytes.count)
            return .string(bytes: repeated(bytes, count))
        },
        Function("trimAll", .string, .string) { trimAll($0) },
        Function("trimall", .string, .string) { trimAll($0) },
        Function("trimSuffix", .string, .string) { arguments in
            let text = arguments.text(1)
            let suffix = arguments.text(0)
            return text.hasSuffix(suffix) ? .string(bytes: text.bytes.dropLast(suffix.count)) : .string(text)
        },
        Function("trimPrefix", .string, .string) { arguments in
            let text = arguments.text(1)
            let prefix = arguments.text(0)
            return text.hasPrefix(prefix) ? .string(bytes: text.bytes.dropFirst(prefix.count)) : .string(text)
        },
        Function("contains", .string, .string) { arguments in
            .bool(GoStrings.find(arguments.bytes(0), in: arguments.bytes(1)) != nil)
        },
        Function("hasPrefix", .string, .string) { .bool($0.text(1).hasPrefix($0.text(0))) },
        Function("hasSuffix", .string, .string) { .bool($0.text(1).hasSuffix($0.text(0))) },
        Function(variadic: "quote", .any) { arguments in
            .string(bytes: spaced(arguments.lazy.filter { !$0.isNil }.map { Quoting.quote($0.sprigText.bytes) }))
        }.costing(.trees()),
        Function(variadic: "squote", .any) { arguments in
            .string(
                bytes: spaced(
                    arguments.lazy.filter { !$0.isNil }.map { value in
                        [UInt8(ascii: "'")] + GoFormat.text(value).bytes + [UInt8(ascii: "'")]
                    }))
        }.costing(.trees()),
        Function(variadic: "cat", .any) { arguments in
            .string(bytes: spaced(arguments.lazy.filter { !$0.isNil }.map { GoFormat.text($0).bytes }))
        }.costing(.trees()),
        Function("indent", .int, .string) { arguments throws(CallFailure) in
            .string(bytes: try indent(arguments.bytes(1), arguments.int(0)))
        },
        Function("nindent", .int, .string) { arguments throws(CallFailure) in
            .string(bytes: [UInt8(ascii: "\n")] + (try indent(arguments.bytes(1), arguments.int(0))))
        },
        Function("replace", .string, .string, .string) { arguments throws(CallFailure) in
            let (old, new, source) = (arguments.bytes(0), arguments.bytes(1), arguments.bytes(2))
            if (source.count / max(1, old.count) + 1).multipliedReportingOverflow(by: new.count).partialValue
                > mostBytes
            {
                let places = old.isEmpty ? source.count + 1 : GoStrings.split(source, old).count
                try checkRepeat(places, new.count)
            }
            if old.isEmpty { return .string(bytes: GoStrings.interleave(source, new)) }
            return .string(bytes: GoStrings.replace(source, old, new))
        },
        Function("plural", .string, .string, .int) { $0.int(2) == 1 ? $0[0] : $0[1] },
        Function("toString", .any) { .string($0[0].sprigText) }.costing(.trees()),
        Function("abbrev", .int, .string) { .string(bytes: Abbreviation.cut($0.bytes(1), 0, $0.int(0))) },
        Function("abbrevboth", .int, .int, .string) {
            .string(bytes: Abbreviation.cut($0.bytes(2), $0.int(0), $0.int(1)))
        },
    ]

    private static func trimAll(_ arguments: [GoValue]) -> GoValue {
        let cut = UTF8Decoding.runes(arguments.bytes(0))
        return .string(bytes: GoStrings.trim(arguments.bytes(1)) { cut.contains($0) })
    }

    private static func spaced(_ parts: some Sequence<[UInt8]>) -> [UInt8] {
        Array(parts.joined(separator: [UInt8(ascii: " ")]))
    }

    private static func repeated(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
        let total = bytes.count * count
        if total == 0 { return [] }
        var out = bytes
        out.reserveCapacity(total)
        while out.count <= total / 2 { out += out }
        return out + out[..<(total - out.count)]
    }

    private static func checkRepeat(_ count: Int, _ size: Int) throws(CallFailure) {
        if count < 0 { throw .text("strings: negative Repeat count") }
        let (total, overflow) = count.multipliedReportingOverflow(by: size)
        if overflow { throw .text("strings: Repeat output length overflow") }
        if total > mostBytes { throw .limit("repeat would write \(total) bytes") }
    }

    private static func indent(_ bytes: [UInt8], _ spaces: Int) throws(CallFailure) -> [UInt8] {
        try checkRepeat(spaces, 1 + bytes.count { $0 == UInt8(ascii: "\n") })
        let pad = [UInt8](repeating: UInt8(ascii: " "), count: spaces)
        var out = pad
        out.reserveCapacity(bytes.count + spaces * 8)
        for byte in bytes {
            out.append(byte)
            if byte == UInt8(ascii: "\n") { out += pad }
        }
        return out
    }

    private static func truncate(_ bytes: [UInt8], _ count: Int) -> ArraySlice<UInt8> {
        if count < 0, bytes.count + count > 0 { return bytes[(bytes.count + count)...] }
        if count >= 0, bytes.count > count { return bytes[..<count] }
        return bytes[...]
    }

    /// Slices that Go refuses panic there with the runtime's words.
    private static func substring(_ bytes: [UInt8], _ start: Int, _ end: Int) throws(CallFailure) -> ArraySlice<UInt8> {
        let count = bytes.count
        func outside(_ range: String) -> CallFailure { .text("runtime error: slice bounds out of range [\(range)]") }
        if start < 0 {
            if end < 0 { throw outside(":\(end)") }
            if end > count { throw .text("runtime error: slice bounds out of range [:\(end)] with length \(count)") }
            return bytes[..<end]
        }
        if end < 0 || end > count {
            if start > count { throw outside("\(start):\(count)") }
            return bytes[start...]
        }
        if start > end { throw outside("\(start):\(end)") }
        return bytes[start..<end]
    }
}

/// goutils' Abbreviate: cuts a text to a width and puts three dots where it was cut.
enum Abbreviation {
    static func cut(_ bytes: [UInt8], _ offset: Int, _ width: Int) -> [UInt8] {
        if width < 4 || offset > 0 && width < 7 || bytes.count <= width { return bytes }
        return full(bytes, offset, width)
    }

    private static func full(_ bytes: [UInt8], _ offset: Int, _ width: Int) -> [UInt8] {
        if bytes.isEmpty || width < 4 { return [] }
        if bytes.count <= width { return bytes }
        let dots = Array("...".utf8)
        var offset = min(offset, bytes.count)
        if bytes.count - offset < width - 3 { offset = bytes.count - (width - 3) }
        if offset <= 4 { return bytes[..<(width - 3)] + dots }
        if width < 7 { return [] }
        if offset + width - 3 < bytes.count { return dots + full(Array(bytes[offset...]), 0, width - 3) }
        return dots + bytes[(bytes.count - (width - 3))...]
    }
}
