/// Pieces of Go's package strings over `String`.
enum GoText {
    /// unicode.IsSpace
    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    /// `strings.TrimSpace`
    static func trimSpace(_ string: some StringProtocol) -> String {
        var scalars = Substring(string).unicodeScalars
        while let first = scalars.first, isSpace(first) { scalars.removeFirst() }
        while let last = scalars.last, isSpace(last) { scalars.removeLast() }
        return String(scalars)
    }

    /// The lines as bufio.ScanLines takes them, without a carriage return at their ends. For Swift it is one character
    /// with the newline, which then does not split.
    static func lines(_ text: String) -> [String] {
        text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
        }
    }

    /// Takes the first line away, as Kubernetes' LineReader does: each ends with a newline alone, the last one too.
    static func takeLine(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
        let end = rest.firstIndex(of: UInt8(ascii: "\n"))
        var line = rest[..<(end ?? rest.endIndex)]
        rest = end.map { rest[($0 + 1)...] } ?? []
        if end != nil, line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line + [UInt8(ascii: "\n")]
    }

    /// The text without the blanks at its end.
    static func trimmedRight(_ text: String) -> String {
        String(decoding: trimmingRight(Array(text.utf8)[...]), as: UTF8.self)
    }

    /// The bytes without the blanks at their start; blanks beyond ASCII count too.
    static func trimmingLeft(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = bytes
        while let first = rest.first {
            if first < 0x80 {
                guard (0x09...0x0D).contains(first) || first == 0x20 else { break }
                rest.removeFirst()
                continue
            }
            let head = String(decoding: rest.prefix(4), as: UTF8.self).unicodeScalars
            guard let scalar = head.first, isSpace(scalar) else { break }
            rest = rest.dropFirst(String(scalar).utf8.count)
        }
        return rest
    }

    /// The bytes without the blanks at their end.
    static func trimmingRight(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = bytes
        while let last = rest.last {
            if last < 0x80 {
                guard (0x09...0x0D).contains(last) || last == 0x20 else { break }
                rest.removeLast()
                continue
            }
            let tail = String(decoding: rest.suffix(3), as: UTF8.self).unicodeScalars
            guard let scalar = tail.last, isSpace(scalar) else { break }
            rest = rest.dropLast(String(scalar).utf8.count)
        }
        return rest
    }

    /// Go's `filepath.Ext`: what follows the last point of the last step, with the point.
    static func ending(_ path: String) -> String {
        let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        return name.lastIndex(of: ".").map { String(name[$0...]) } ?? ""
    }

    /// Go's `path.Base`, for paths that do not end with a slash.
    static func base(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}
