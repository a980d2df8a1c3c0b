import API
import Document
import Pattern
import Synchronization

/// Regular expressions of schemas, compiled once.
enum SchemaPatterns {
    /// So many compiled patterns are kept.
    private static let limit = 1024
    private static let compiled = Mutex<[String: RegularExpression]>([:])

    /// Whether the text matches the pattern somewhere. A pattern that is none accepts everything: the definition that
    /// holds it is what has to be refused.
    static func matches(_ pattern: String, _ text: Text) -> Bool {
        guard let expression = expression(pattern) else { return true }
        return expression.matches(text.withBytes { Array($0) })
    }

    private static func expression(_ pattern: String) -> RegularExpression? {
        if let known = compiled.withLock({ $0[pattern] }) { return known }
        guard let made = try? RegularExpression(Array(pattern.utf8)) else { return nil }
        compiled.withLock { known in
            if known.count >= limit { known = [:] }
            known[pattern] = made
        }
        return made
    }
}
