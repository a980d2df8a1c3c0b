/// What a flag can hold: a type that reads itself from a word of the command line.
public protocol FlagValue: Sendable {
    /// The word for its values in help; empty where help has none.
    static var kind: String { get }
    /// What a flag of this type means without a value; nil where it needs one.
    static var bare: String? { get }

    /// Go's zero value.
    init()

    /// Takes one value from the command line; a list takes it in addition.
    mutating func take(_ text: String) throws(InvalidFlagValue)

    /// The value as help shows a default; empty where help does not, for it is the zero value.
    var shownDefault: String { get }
}

/// Why a word is no value of a flag, in Go's words.
public struct InvalidFlagValue: Error {
    /// What follows `invalid argument "x" for "--flag" flag: `.
    public let reason: String

    /// A reason, in the words that Go's parser of the type has.
    public init(_ reason: String) { self.reason = reason }
}

extension FlagValue {
    public static var bare: String? { nil }
}

extension Bool: FlagValue {
    public static var kind: String { "" }
    public static var bare: String? { "true" }

    public mutating func take(_ text: String) throws(InvalidFlagValue) {
        guard let value = Bool(goText: text) else { throw GoNumber.fault("ParseBool", text) }
        self = value
    }

    public var shownDefault: String { self ? "true" : "" }

    /// Go's `strconv.ParseBool`; nil for whatever it refuses.
    public init?(goText text: String) {
        switch text {
        case "1", "t", "T", "TRUE", "true", "True": self = true
        case "0", "f", "F", "FALSE", "false", "False": self = false
        default: return nil
        }
    }
}

extension String: FlagValue {
    public static var kind: String { "string" }

    public mutating func take(_ text: String) { self = text }

    public var shownDefault: String { self }
}

extension Int: FlagValue {
    public static var kind: String { "int" }

    public mutating func take(_ text: String) throws(InvalidFlagValue) {
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        let isSigned = isNegative || text.utf8.first == UInt8(ascii: "+")
        let magnitude = try GoNumber.magnitude(text.utf8.dropFirst(isSigned ? 1 : 0), text, "ParseInt")
        guard let value = isNegative ? Int(exactly: -Int128(magnitude)) : Int(exactly: magnitude) else {
            throw GoNumber.fault("ParseInt", text, "value out of range")
        }
        self = value
    }

    public var shownDefault: String { self == 0 ? "" : "\(self)" }
}

extension UInt: FlagValue {
    public static var kind: String { "uint" }

    public mutating func take(_ text: String) throws(InvalidFlagValue) {
        self = UInt(try GoNumber.magnitude(text.utf8[...], text, "ParseUint"))
    }

    public var shownDefault: String { self == 0 ? "" : "\(self)" }
}

extension Double: FlagValue {
    public static var kind: String { "float" }

    public mutating func take(_ text: String) throws(InvalidFlagValue) {
        guard let value = Double(text) else { throw GoNumber.fault("ParseFloat", text) }
        self = value
    }

    public var shownDefault: String { self == 0 ? "" : "\(self)" }
}
