/// The forms of names, and what upstream says of those that do not have them (apimachinery/pkg/util/validation).
public enum Names {
    private static func isLower(_ byte: UInt8) -> Bool { (97...122).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
    private static func isUpper(_ byte: UInt8) -> Bool { (65...90).contains(byte) }
    private static func isAlphanumeric(_ byte: UInt8) -> Bool { isLower(byte) || isDigit(byte) || isUpper(byte) }

    /// Starts and ends with `edge`, and has `middle` between.
    private static func matches(
        _ text: some Collection<UInt8>, edge: (UInt8) -> Bool, middle: (UInt8) -> Bool
    ) -> Bool {
        let bytes = Array(text)
        guard let first = bytes.first, let last = bytes.last else { return false }
        return edge(first) && edge(last) && bytes.allSatisfy(middle)
    }

    private static func isLabel(_ text: some Collection<UInt8>) -> Bool {
        matches(text, edge: { isLower($0) || isDigit($0) }, middle: { isLower($0) || isDigit($0) || $0 == 45 })
    }

    private static func isName(_ text: some Collection<UInt8>) -> Bool {
        matches(text, edge: isAlphanumeric, middle: { isAlphanumeric($0) || $0 == 45 || $0 == 95 || $0 == 46 })
    }

    private static func tooLong(_ count: Int, _ limit: Int, unit: String = "characters") -> [String] {
        count > limit ? ["must be no more than \(limit) \(unit)"] : []
    }

    /// What is said of what is no label.
    public static let labelText =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
        + "must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation "
        + "is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"

    /// A label of DNS (RFC 1123).
    public static func label(_ text: String) -> [String] {
        let long = tooLong(text.utf8.count, 63)
        if isLabel(text.utf8) { return long }
        return long + [isSubdomain(text) ? "must not contain dots" : labelText]
    }

    /// A label of DNS that begins with a letter (RFC 1035).
    public static func label1035(_ text: String) -> [String] {
        let isRight = isLabel(text.utf8) && isLower(text.utf8.first ?? 0)
        return tooLong(text.utf8.count, 63)
            + (isRight
                ? []
                : [
                    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic "
                        + "character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for "
                        + "validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
                ])
    }

    /// Kinds may be written with capitals, but are labels otherwise.
    public static func mixedCase(_ words: [String]) -> String {
        "may have mixed case, but should otherwise match: \(words.joined(separator: ","))"
    }

    /// What is said of what is no subdomain.
    public static let subdomainText =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, "
        + "'-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for "
        + "validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"

    private static func isSubdomain(_ text: String) -> Bool {
        text.utf8.split(separator: 46, omittingEmptySubsequences: false).allSatisfy { isLabel($0) }
    }

    /// Labels of DNS between dots.
    public static func subdomain(_ text: String) -> [String] { subdomain(text, unit: "characters") }

    private static func subdomain(_ text: String, unit: String) -> [String] {
        tooLong(text.utf8.count, 253, unit: unit) + (isSubdomain(text) ? [] : [subdomainText])
    }

    /// A subdomain whose first label is a star.
    public static func wildcard(_ text: String) -> [String] {
        let isRight = text.hasPrefix("*.") && subdomain(String(text.dropFirst(2))).isEmpty
        return tooLong(text.utf8.count, 253)
            + (isRight
                ? []
                : [
                    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must "
                        + "consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character "
                        + "(e.g. '*.example.com', regex used for validation is "
                        + "'\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
                ])
    }

    private static let nameText =
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end "
        + "with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
        + "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"

    /// `example.com/MyName`
    public static func qualified(_ text: String) -> [String] {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        var faults: [String] = []
        guard parts.count <= 2 else {
            return [
                "a valid label key \(nameText) with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
            ]
        }
        if parts.count == 2 {
            if parts[0].isEmpty {
                faults.append("prefix part must be non-empty")
            } else {
                faults += subdomain(String(parts[0]), unit: "bytes").map { "prefix part \($0)" }
            }
        }
        let name = parts.last ?? ""
        if name.isEmpty {
            faults.append("name part must be non-empty")
        } else if name.utf8.count > 63 {
            faults.append("name part must be no more than 63 bytes")
        }
        if !isName(name.utf8) { faults.append("name part \(nameText)") }
        return faults
    }

    /// The value of a label.
    public static func labelValue(_ text: String) -> [String] {
        tooLong(text.utf8.count, 63, unit: "bytes")
            + (text.isEmpty || isName(text.utf8)
                ? []
                : [
                    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must "
                        + "start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used "
                        + "for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
                ])
    }

    /// A key of a ConfigMap or Secret.
    public static func configKey(_ text: String) -> [String] {
        var faults = tooLong(text.utf8.count, 253)
        let isRight = !text.isEmpty && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == 45 || $0 == 95 || $0 == 46 }
        if !isRight {
            faults.append(
                "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or "
                    + "'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')")
        }
        if text == "." { faults.append("must not be '.'") }
        if text == ".." {
            faults.append("must not be '..'")
        } else if text.hasPrefix("..") {
            faults.append("must not start with '..'")
        }
        return faults
    }

    /// Printable ASCII but `=`, as since Kubernetes 1.34.
    public static func environmentName(_ text: String) -> [String] {
        guard !text.isEmpty else { return ["environment variable name must be non-empty"] }
        let isRight = text.utf8.allSatisfy { (32...126).contains($0) && $0 != 61 }
        let fault = "a valid environment variable name must consist only of printable ASCII characters other than '='"
        return isRight ? [] : [fault]
    }

    /// A domain that names are looked up in: labels may have underscores too.
    public static func searched(_ text: String) -> [String] {
        let isInner = { (byte: UInt8) in isLower(byte) || isDigit(byte) || byte == 45 || byte == 95 }
        let isRight = text.utf8.split(separator: 46, omittingEmptySubsequences: false).allSatisfy { part in
            matches(part.first == 95 ? part.dropFirst() : part, edge: { isLower($0) || isDigit($0) }, middle: isInner)
        }
        return tooLong(text.utf8.count, 253)
            + (isRight
                ? []
                : [
                    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and "
                        + "must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
                        + "'_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')"
                ])
    }

    /// The name of a header of HTTP.
    public static func header(_ text: String) -> [String] {
        let isRight = !text.isEmpty && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == 45 }
        return isRight
            ? []
            : [
                "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for "
                    + "validation is '[-A-Za-z0-9]+')"
            ]
    }

    /// A kernel's parameter, its parts between dots or slashes.
    public static func isSysctl(_ text: String) -> Bool {
        let parts = text.utf8.split(omittingEmptySubsequences: false) { $0 == 46 || $0 == 47 }
        return text.utf8.count <= 253
            && parts.allSatisfy { part in
                matches(part, edge: { isLower($0) || isDigit($0) }) {
                    isLower($0) || isDigit($0) || $0 == 45 || $0 == 95
                }
            }
    }

    /// The name of a port (RFC 6335).
    public static func portName(_ text: String) -> [String] {
        var faults = tooLong(text.utf8.count, 15)
        if !text.utf8.allSatisfy({ isLower($0) || isDigit($0) || $0 == 45 }) || text.isEmpty {
            faults.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
        }
        if !text.utf8.contains(where: isLower) { faults.append("must contain at least one letter (a-z)") }
        if Array(text.utf8).indices.dropLast().contains(where: {
            Array(text.utf8)[$0] == 45 && Array(text.utf8)[$0 + 1] == 45
        }) {
            faults.append("must not contain consecutive hyphens")
        }
        if text.hasPrefix("-") || text.hasSuffix("-") { faults.append("must not begin or end with a hyphen") }
        return faults
    }

    /// A name that can stand in a path, for RBAC.
    public static func pathSegment(_ text: String) -> [String] {
        if text == "." || text == ".." { return ["may not be '\(text)'"] }
        return ["/", "%"].filter { text.contains($0) }.map { "may not contain '\($0)'" }
    }

    /// An identifier of C.
    public static func isIdentifier(_ text: String) -> Bool {
        guard let first = text.utf8.first else { return false }
        return !isDigit(first) && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == 95 }
    }

    /// Why a condition is what it is, in a word (apimachinery's conditionReasonFmt).
    public static func isReason(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        return isAlphanumeric(first) && !isDigit(first) && (isAlphanumeric(last) || last == 95)
            && text.utf8.allSatisfy { isAlphanumeric($0) || [95, 44, 58].contains($0) }
    }

    /// What stands behind a domain (apimachinery's httpPathFmt).
    public static func isPath(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { isAlphanumeric($0) || Array("/-._~%!$&'()*+,;=:".utf8).contains($0) }
    }

    /// A percentage such as `25%`.
    public static func percent(_ text: String) -> [String] {
        let isRight = text.hasSuffix("%") && text.count > 1 && text.dropLast().utf8.allSatisfy(isDigit)
        return isRight
            ? []
            : [
                "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex "
                    + "used for validation is '[0-9]+%')"
            ]
    }
}
