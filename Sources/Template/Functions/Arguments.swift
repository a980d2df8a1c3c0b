import Document

/// Arguments that the evaluator has checked against the function's parameters.
extension [GoValue] {
    /// The string at that place.
    func text(_ index: Int) -> Text { self[index].text ?? "" }

    /// The bytes of the string at that place.
    func bytes(_ index: Int) -> [UInt8] { text(index).bytes }

    /// The int at that place.
    func int(_ index: Int) -> Int { self[index].integer.map(Int.init) ?? 0 }

    /// The map at that place.
    func map(_ index: Int) -> GoMap { self[index].map ?? GoMap() }

    /// The strings from that place on.
    func texts(from index: Int) -> [Text] { dropFirst(index).map { $0.text ?? "" } }
}

extension GoValue {
    /// A Go string of these bytes.
    static func string(bytes: some Sequence<UInt8>) -> GoValue { .string(Text(bytes: bytes)) }

    /// Sprig's `strval`: the text of a value, bytes taken as text.
    var sprigText: Text {
        switch self {
        case .string(let text), .bytes(let text): text
        default: GoFormat.text(self)
        }
    }

    /// Sprig's `strslice`: the texts of a list's elements, nils left out; a single value as its own text.
    var sprigTexts: [Text] {
        switch self {
        case .invalid, .null: []
        case .list(let list): list.elements.filter { !$0.isNil }.map(\.sprigText)
        case .bytes(let text): text.bytes.map { Text(String($0)) }
        case .object(let object):
            if object.kindName == "slice", let underlying = object.underlying {
                underlying.sprigTexts
            } else {
                [sprigText]
            }
        default: [sprigText]
        }
    }

    /// Sprig's `empty`: the zero of its kind; structs never are.
    var isEmpty: Bool {
        if case .object(let object) = self, object.underlying == nil { return false }
        return !isTrue
    }
}
