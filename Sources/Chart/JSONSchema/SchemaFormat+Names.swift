import Document

// Pointers, identifiers and versions.
extension SchemaFormat {
    static let jsonPointer: @Sendable (Text) -> String? = { text in
        if text.isEmpty { return nil }
        if !text.hasPrefix("/") { return "not starting with /" }
        var isEscape = false
        for scalar in text.string.unicodeScalars {
            if isEscape, scalar != "0", scalar != "1" { return "~ must be followed by 0 or 1" }
            isEscape = scalar == "~" && !isEscape
        }
        return isEscape ? "~ must be followed by 0 or 1" : nil
    }

    static let relativeJSONPointer: @Sendable (Text) -> String? = { text in
        let digits = text.bytes.prefix { (0x30...0x39).contains($0) }
        if digits.isEmpty { return "must start with non-negative integer" }
        if digits.count > 1, digits.first == UInt8(ascii: "0") { return "starts with zero" }
        let rest = Text(bytes: text.bytes.dropFirst(digits.count))
        return rest == "#" ? nil : jsonPointer(rest)
    }

    static let uuid: @Sendable (Text) -> String? = { text in
        let lengths = [8, 4, 4, 4, 12]
        let groups = split(text, "-")
        if groups.count != lengths.count { return "must have \(lengths.count) elements" }
        for (index, group) in groups.enumerated() {
            if group.count != lengths[index] {
                return "element \(index + 1) must be \(lengths[index]) characters long"
            }
            for scalar in group.string.unicodeScalars where !scalar.isHexDigit {
                return "non-hex character \(quoted(scalar))"
            }
        }
        return nil
    }

    static let semver: @Sendable (Text) -> String? = { text in
        let (rest, build) = cut(text, UInt8(ascii: "+"))
        if let build, let fault = buildFault(build) { return fault }
        let (core, release) = cut(rest, UInt8(ascii: "-"))
        if let release, let fault = releaseFault(release) { return fault }
        let numbers = split(core, ".")
        if numbers.count != 3 { return "versionCore must have 3 numbers separated by dot" }
        for (number, name) in zip(numbers, ["major", "minor", "patch"]) {
            if number.isEmpty { return "\(name) is empty" }
            if number.count > 1, number.hasPrefix("0") { return "\(name) starts with zero" }
            if !number.string.unicodeScalars.allSatisfy(isDigit) { return "\(name) contains non-digit" }
        }
        return nil
    }

    private static func cut(_ text: Text, _ mark: UInt8) -> (Text, Text?) {
        guard let index = text.bytes.firstIndex(of: mark) else { return (text, nil) }
        return (Text(bytes: text.bytes[..<index]), Text(bytes: text.bytes[(index + 1)...]))
    }

    private static func buildFault(_ build: Text) -> String? {
        if build.isEmpty { return "build is empty" }
        for identifier in split(build, ".") {
            if identifier.isEmpty { return "build identifier is empty" }
            if let fault = characterFault(identifier, "build") { return fault }
        }
        return nil
    }

    private static func releaseFault(_ release: Text) -> String? {
        for identifier in split(release, ".") {
            if identifier.isEmpty { return "pre-release identifier is empty" }
            if let fault = characterFault(identifier, "pre-release") { return fault }
            let isNumber = identifier.string.unicodeScalars.allSatisfy(isDigit)
            if isNumber, identifier.count > 1, identifier.hasPrefix("0") {
                return "pre-release numeric identifier starts with zero"
            }
        }
        return nil
    }

    private static func characterFault(_ identifier: Text, _ what: String) -> String? {
        let odd = identifier.string.unicodeScalars.first { !isDigit($0) && !isLetter($0) && $0 != "-" }
        return odd.map { "invalid character \(quoted($0)) in \(what) identifier" }
    }
}

extension Unicode.Scalar {
    fileprivate var isHexDigit: Bool {
        ("0"..."9").contains(self) || ("a"..."f").contains(self) || ("A"..."F").contains(self)
    }
}
