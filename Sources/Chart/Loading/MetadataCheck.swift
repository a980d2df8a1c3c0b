import Document
import Template

extension Metadata {
    /// Makes blanks of all white space and drops what does not print, as Helm does before it looks closer.
    mutating func sanitize() {
        // Not by key paths, which the runtime puts together when they are first used.
        Metadata.sanitize(&name)
        Metadata.sanitize(&description)
        Metadata.sanitize(&home)
        Metadata.sanitize(&icon)
        Metadata.sanitize(&condition)
        Metadata.sanitize(&tags)
        Metadata.sanitize(&appVersion)
        Metadata.sanitize(&kubeVersion)
        for index in sources.indices { Metadata.sanitize(&sources[index]) }
        for index in keywords.indices { Metadata.sanitize(&keywords[index]) }
        for index in maintainers.indices {
            guard var maintainer = maintainers[index] else { continue }
            Metadata.sanitize(&maintainer.name)
            Metadata.sanitize(&maintainer.email)
            Metadata.sanitize(&maintainer.url)
            maintainers[index] = maintainer
        }
        dependencies = dependencies.map { $0.map { $0.map(Metadata.sanitized) } }
    }

    private static func sanitized(_ dependency: Dependency) -> Dependency {
        var result = dependency
        sanitize(&result.name)
        sanitize(&result.version)
        sanitize(&result.repository)
        sanitize(&result.condition)
        for index in result.tags.indices { sanitize(&result.tags[index]) }
        return result
    }

    private static func sanitize(_ text: inout String) {
        if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return }
        var kept = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if GoText.isSpace(scalar) { kept.append(" ") } else if GoQuote.isPrintable(scalar) { kept.append(scalar) }
        }
        text = String(kept)
    }

    /// What Helm refuses to load a chart for; nil where nothing is wrong.
    var firstFault: String? {
        if apiVersion.isEmpty { return "chart.metadata.apiVersion is required" }
        if name.isEmpty { return "chart.metadata.name is required" }
        if GoText.base(name) != name, name != "/" { return "chart.metadata.name \(Text(name).quoted) is invalid" }
        if name == "." || name == ".." { return "chart.metadata.name \"\(name)\" is not allowed" }
        if version.isEmpty { return "chart.metadata.version is required" }
        if (try? SemanticVersion(version)) == nil { return "chart.metadata.version \(Text(version).quoted) is invalid" }
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
        var seen = TextTable<Bool>()
        for dependency in dependencies ?? [] {
            guard let dependency else { return "dependencies must not contain empty or null nodes" }
            let isAlias = dependency.alias.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                    || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
            }
            if !isAlias { return "dependency \"\(dependency.name)\" has disallowed characters in the alias" }
            let key = dependency.alias.isEmpty ? dependency.name : dependency.alias
            if seen[Text(key)] != nil { return "more than one dependency with name or alias \"\(key)\"" }
            seen.set(Text(key), true)
        }
        return nil
    }
}
