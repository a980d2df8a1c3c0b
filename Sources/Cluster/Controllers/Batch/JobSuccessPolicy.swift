import API
import Document

/// Which indexes of a Job are enough ("Success policy").
enum JobSuccessPolicy {
    /// The place of the first rule that the completed indexes fulfil.
    static func rule(of job: Value, completed: Set<Int>) -> Int? {
        job["spec", "successPolicy", "rules"]?.array?.firstIndex { rule in
            let only = rule["succeededIndexes"]?.string.map(Indexes.read)
            let count = only.map { completed.intersection($0).count } ?? completed.count
            if let needed = rule["succeededCount"]?.int { return count >= needed }
            return only.map { $0.isSubset(of: completed) } ?? false
        }
    }
}
