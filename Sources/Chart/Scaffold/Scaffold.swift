/// The chart that `create` writes for a newcomer to fill.
public enum Scaffold {
    private static let files: [(path: String, text: String)] = [
        ("Chart.yaml", chart),
        ("values.yaml", values),
        (".helmignore", ignore),
        ("templates/ingress.yaml", ingress),
        ("templates/httproute.yaml", route),
        ("templates/deployment.yaml", deployment),
        ("templates/service.yaml", service),
        ("templates/serviceaccount.yaml", serviceAccount),
        ("templates/hpa.yaml", autoscaler),
        ("templates/NOTES.txt", notes),
        ("templates/_helpers.tpl", helpers),
        ("templates/tests/test-connection.yaml", test),
    ]

    /// The files of a new chart with that name.
    public static func files(named name: String) -> [ChartFile] {
        files.map { ChartFile(name: $0.path, bytes: named($0.text, name)) }
    }

    /// The text with the chart's name in its places.
    static func named(_ text: String, _ name: String) -> [UInt8] {
        let mark = Array("<CHARTNAME>".utf8)
        var out: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.first {
            if rest.starts(with: mark) {
                out += name.utf8
                rest = rest.dropFirst(mark.count)
            } else {
                out.append(byte)
                rest.removeFirst()
            }
        }
        return out
    }

    /// Writes a new chart into `folder/name`.
    ///
    /// - Parameter overwritten: is told the path of each file that was there before.
    /// - Returns: the chart's folder.
    public static func create(
        _ name: String, in folder: String, overwritten: (String) -> Void
    ) throws(LoadFailure) -> String {
        try ChartName.check(name)
        let folder = HostFile.absolute(folder)
        guard HostFile.exists(folder) else {
            throw LoadFailure(.notFound, folder, "stat \(folder): no such file or directory")
        }
        if !HostFile.isFolder(folder) {
            throw LoadFailure(.unreadable, folder, "no such directory \(folder)")
        }
        let root = "\(folder)/\(name)"
        if HostFile.exists(root), !HostFile.isFolder(root) {
            throw LoadFailure(.unreadable, root, "file \(root) already exists and is not a directory")
        }
        for file in files(named: name) {
            let path = "\(root)/\(file.name)"
            if HostFile.exists(path) { overwritten(path) }
            if let slash = path.lastIndex(of: "/") { try HostFile.makeFolder(String(path[..<slash])) }
            try HostFile.write(file.bytes, to: path)
        }
        try HostFile.makeFolder("\(root)/charts")
        return root
    }
}

/// The names that a new chart may have.
public enum ChartName {
    /// Refuses what Helm refuses for the name of a new chart.
    public static func check(_ name: String) throws(LoadFailure) {
        if DNSName.isSubdomain(name), name.utf8.count <= 253 {
            if name.utf8.count <= 250 { return }
            throw LoadFailure(.invalid, name, "chart name must be between 1 and 250 characters")
        }
        throw LoadFailure(
            .invalid, name,
            "invalid metadata name, must match regex \(DNSName.subdomain) and the length must not be longer than 253")
    }
}

/// Names by the rules of DNS, as Kubernetes takes them.
public enum DNSName {
    /// The rule in the words of Helm's errors.
    public static let subdomain = #"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"#

    /// Whether the text is lower-case labels between dots.
    public static func isSubdomain(_ text: String) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isLabel)
    }

    /// Whether the text is one label: letters and digits, with dashes between them.
    public static func isLabel(_ text: some StringProtocol) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, let last = bytes.last else { return false }
        func isAlphaNumeric(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) }
        return isAlphaNumeric(first) && isAlphaNumeric(last)
            && bytes.allSatisfy { isAlphaNumeric($0) || $0 == UInt8(ascii: "-") }
    }

    /// Refuses a name that no release may have.
    public static func checkRelease(_ name: String) throws(LoadFailure) {
        if name.isEmpty {
            throw LoadFailure(.invalid, name, "release name check failed: release name \"\": no name provided")
        }
        if isSubdomain(name), name.utf8.count <= 53 { return }
        let rule = "must match regex \(subdomain) and the length must not be longer than 53"
        throw LoadFailure(
            .invalid, name, "release name check failed: release name \"\(name)\": invalid release name, \(rule)")
    }
}
