import Document

/// Reads the keywords of one schema; what has another type than its keyword wants counts as absent.
struct KeywordReader {
    let object: Object

    func bool(_ keyword: Text) -> Bool? { object[keyword]?.bool }
    func isSet(_ keyword: Text) -> Bool { bool(keyword) == true }
    func text(_ keyword: Text) -> Text? { object[keyword]?.text }
    func number(_ keyword: Text) -> ExactNumber? { object[keyword]?.number.flatMap(ExactNumber.init) }

    /// A whole number, however it is written.
    func int(_ keyword: Text) -> Int? {
        guard let number = number(keyword), number.isInteger else { return nil }
        return number.lowBits
    }

    func texts(_ keyword: Text) -> [Text] { KeywordReader.texts(object[keyword] ?? .null) }

    static func texts(_ value: Value) -> [Text] { (value.array ?? []).compactMap(\.text) }
}
