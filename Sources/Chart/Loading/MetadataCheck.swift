import Template

extension Metadata {
    /// What Helm refuses to load a chart for; nil where nothing is wrong.
    var firstFault: String? {
        if apiVersion.isEmpty { return "chart.metadata.apiVersion is required" }
        if name.isEmpty { return "chart.metadata.name is required" }
        if GoText.base(name) != name || name == "/" { return "chart.metadata.name \"\(name)\" is invalid" }
        if name == "." || name == ".." { return "chart.metadata.name \"\(name)\" is not allowed" }
        if version.isEmpty { return "chart.metadata.version is required" }
        if (try? SemanticVersion(version)) == nil { return "chart.metadata.version \"\(version)\" is invalid" }
        if !["", "application", "library"].contains(type) {
            return "chart.metadata.type must be application or library"
        }
        if maintainers.contains(where: { $0 == nil }) {
            return "maintainers must not contain empty or null nodes"
        }
        return dependencyFault
    }

    /// Aliases have to be names, and no two dependencies may have one.
    private var dependencyFault: String? {
        var seen: Set<String> = []
        for dependency in dependencies ?? [] {
            guard let dependency else { return "dependencies must not contain empty or null nodes" }
            let isAlias = dependency.alias.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                    || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
            }
            if !isAlias { return "dependency \"\(dependency.name)\" has disallowed characters in the alias" }
            let key = dependency.alias.isEmpty ? dependency.name : dependency.alias
            if !seen.insert(key).inserted {
                return "more than one dependency with name or alias \"\(key)\""
            }
        }
        return nil
    }
}
