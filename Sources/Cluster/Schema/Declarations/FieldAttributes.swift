import Document

/// What stands after a field's type.
struct FieldAttributes {
    var number = 0
    var isRequired = false
    var emission = Field.Emission.omitEmpty
    var patch: PatchStrategy?
    var isAtomic = false
    var isGranular = false
    var isBare = false
    var enumeration: [String] = []
    var declaredDefault: Value?
    var appliedDefault: Value?

    mutating func read(_ word: Substring) {
        switch word {
        case "required": isRequired = true
        case "keep": emission = .keep
        case "omitzero": emission = .omitZero
        case "atomic": isAtomic = true
        case "granular": isGranular = true
        case "bare": isBare = true
        default:
            if word.hasPrefix("#") {
                number = Int(word.dropFirst()) ?? 0
            } else if word.hasPrefix(":=") {
                appliedDefault = FieldAttributes.value(word.dropFirst(2))
            } else if word.hasPrefix("=") {
                declaredDefault = FieldAttributes.value(word.dropFirst())
            } else if word.hasPrefix("in(") {
                enumeration = word.dropFirst(3).dropLast().split(separator: ",").map(FieldAttributes.word)
            } else if word.hasPrefix("patch=") {
                patch = FieldAttributes.strategy(word.dropFirst(6))
            }
        }
    }

    private static func value(_ text: Substring) -> Value? { try? JSON.parse(Text(text)) }

    /// A value of an enumeration: spaces are written `~`, as words are split at them, and the empty text `""`.
    private static func word(_ text: Substring) -> String {
        text == "\"\"" ? "" : String(text.map { $0 == "~" ? " " : $0 })
    }

    /// `merge:name`, `retainKeys`, `merge+retainKeys:name`.
    private static func strategy(_ text: Substring) -> PatchStrategy {
        let parts = text.split(separator: ":", maxSplits: 1)
        let words = parts[0].split(separator: "+")
        return PatchStrategy(
            merges: words.contains("merge"), retainsKeys: words.contains("retainKeys"),
            replaces: words.contains("replace"),
            mergeKey: parts.count == 2 ? Text(parts[1]) : nil)
    }
}
