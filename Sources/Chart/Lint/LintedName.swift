import Document
import Template

/// The rules for the names of Kubernetes' objects, by kind, with the words of k8s.io/apimachinery.
enum LintedName {
    /// What is wrong with the name of an object; nil where nothing is.
    static func fault(kind: String, name: String) -> String? {
        let quoted = Text(name).quoted
        let faults = self.faults(kind.lowercased(), name).map { "metadata.name: Invalid value: \(quoted): \($0)" }
        if faults.isEmpty { return nil }
        let list = faults.count == 1 ? faults[0] : "[\(faults.joined(separator: ", "))]"
        return "object name does not conform to Kubernetes naming requirements: \(quoted): \(list)"
    }

    private static func faults(_ kind: String, _ name: String) -> [String] {
        switch kind {
        case "service": label(name, startsWithLetter: true)
        case "namespace": label(name, startsWithLetter: false)
        case "certificatesigningrequest": []
        case "role", "clusterrole", "rolebinding", "clusterrolebinding": pathSegment(name)
        default: subdomain(name)
        }
    }

    /// What may stand in a path of the API server.
    private static func pathSegment(_ name: String) -> [String] {
        if name == "." || name == ".." { return ["may not be '\(name)'"] }
        return ["/", "%"].filter { name.contains($0) }.map { "may not contain '\($0)'" }
    }

    private static func subdomain(_ name: String) -> [String] {
        var faults = name.utf8.count > 253 ? ["must be no more than 253 characters"] : []
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        if !labels.allSatisfy({ isLabel(String($0), startsWithLetter: false) }) {
            faults.append(
                "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
                    + "and must start and end with an alphanumeric character (e.g. 'example.com', "
                    + "regex used for validation is "
                    + #"'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#)
        }
        return faults
    }

    private static func label(_ name: String, startsWithLetter: Bool) -> [String] {
        var faults = name.utf8.count > 63 ? ["must be no more than 63 characters"] : []
        if isLabel(name, startsWithLetter: startsWithLetter) { return faults }
        // IsDNS1123Label tells the one thing that is wrong with a subdomain; IsDNS1035Label does not.
        if !startsWithLetter, name.utf8.count <= 253, DNSName.isSubdomain(name) {
            return faults + ["must not contain dots"]
        }
        faults.append(
            startsWithLetter
                ? "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
                    + "alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', "
                    + "regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
                : "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must "
                    + "start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', "
                    + "regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')")
        return faults
    }

    private static func isLabel(_ name: String, startsWithLetter: Bool) -> Bool {
        func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
        func isPlain(_ byte: UInt8) -> Bool { isLetter(byte) || (0x30...0x39).contains(byte) }
        guard let first = name.utf8.first, let last = name.utf8.last else { return false }
        return (startsWithLetter ? isLetter(first) : isPlain(first)) && isPlain(last)
            && name.utf8.allSatisfy { isPlain($0) || $0 == UInt8(ascii: "-") }
    }
}
