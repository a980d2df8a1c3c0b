public import Document

extension GoValue {
    /// The text of fmt's `%v`.
    public var printed: Text { GoFormat.text(self) }

    /// The text of a fmt verb, as `%t`.
    public func printed(verb: Unicode.Scalar) -> Text { GoFormat.sprintf(Text("%\(verb)"), [self]) }

    /// A copy that shares no map with this value.
    public func deepCopy() -> GoValue {
        switch self {
        case .map(let map): .map(map.deepCopy())
        case .list(let list):
            .list(GoList(list.elements.map { $0.deepCopy() }, type: list.type, isNil: list.isNil))
        default: self
        }
    }
}

extension GoMap {
    /// A copy that shares no map with this one.
    public func deepCopy() -> GoMap {
        GoMap(sorted: entries.map { Entry(key: $0.key, value: $0.value.deepCopy()) }, kind: kind)
    }
}

extension Text {
    /// The text between double quotes as `strconv.Quote` writes it.
    public var quoted: String { Quoting.string(self) }
}
