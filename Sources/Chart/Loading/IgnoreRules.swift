import Document
import Template

/// The patterns of .helmignore, which keep files out of a chart.
struct IgnoreRules {
    private struct Rule {
        var pattern: String
        var negated = false
        var foldersOnly = false
        /// Whether the pattern is held against the whole path; else against the base name.
        var whole = false
    }

    /// A pattern that cannot be read.
    struct Malformed: Error {
        let message: String
    }

    private var rules: [Rule] = []

    /// The rules of a file; hidden files below templates/ are always left out.
    init(_ text: String) throws(Malformed) {
        // A byte order mark is no part of the first pattern.
        let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        for line in GoText.lines(text) { try add(line) }
        try add("templates/.?*")
    }

    private mutating func add(_ line: String) throws(Malformed) {
        var pattern = GoText.trimSpace(line)
        if pattern.isEmpty || pattern.hasPrefix("#") { return }
        if pattern.contains("**") { throw Malformed(message: "double-star (**) syntax is not supported") }
        // Helm tries each rule on a name of no meaning.
        guard PathPattern.isValid(pattern, over: "abc") else { throw Malformed(message: "syntax error in pattern") }
        var rule = Rule(pattern: pattern)
        if pattern.hasPrefix("!") {
            rule.negated = true
            pattern.removeFirst()
        }
        if pattern.hasSuffix("/") {
            rule.foldersOnly = true
            pattern.removeLast()
        }
        if pattern.hasPrefix("/") {
            rule.whole = true
            pattern.removeFirst()
        } else {
            rule.whole = pattern.contains("/")
        }
        rule.pattern = pattern
        rules.append(rule)
    }

    /// Whether a file is left out, itself or with a folder that it is in.
    func ignores(file path: String) -> Bool {
        let folders = path.indices.filter { path[$0] == "/" }.map { String(path[..<$0]) }
        return folders.contains { ignores($0, isFolder: true) } || ignores(path, isFolder: false)
    }

    /// Whether a path inside the chart is left out.
    func ignores(_ path: String, isFolder: Bool) -> Bool {
        if path.isEmpty || path == "." || path == "./" { return false }
        let base = path.split(separator: "/").last.map(String.init) ?? path
        for rule in rules {
            let matches = PathPattern.matches(rule.pattern, rule.whole ? path : base)
            // A negated rule leaves out all that it does not match, as Helm has it.
            if rule.negated {
                if rule.foldersOnly, !isFolder { return true }
                if !matches { return true }
            } else {
                if rule.foldersOnly, !isFolder { continue }
                if matches { return true }
            }
        }
        return false
    }
}
