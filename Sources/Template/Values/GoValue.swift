public import Document

/// A value of the template language, with the kinds that Go's reflection sees.
///
/// Maps are held by reference: what `set` or `merge` change in one template, templates rendered later see. Slices are
/// never changed in place by any function of the language, so that they are values here.
public enum GoValue {
    /// Go's `reflect.Value{}`: what a missing thing or the literal `nil` evaluates to; prints `<no value>`.
    case invalid
    /// A nil in a slot of type `interface {}`; prints `<nil>`.
    case null
    case bool(Bool)
    case int(Int)
    case int64(Int64)
    case uint8(UInt8)
    case uint64(UInt64)
    case float(Double)
    case complex(Double, Double)
    case string(Text)
    /// A `[]uint8`.
    case bytes(Text)
    case list(GoList)
    case map(GoMap)
    /// A struct or pointer of the host: time, semantic version, certificate, capabilities …
    case object(any GoObject)
}

/// A Go slice.
public struct GoList {
    /// The type of the elements, which `%T`, `%#v` and error texts show.
    public enum Element: Sendable { case any, string, int, list, map }

    /// How Go came to the array behind the slice, which may be longer: `slice` reaches all of it.
    enum Backing: Sendable {
        /// As long as the slice.
        case exact
        /// Each element was appended to those before.
        case grown
        /// The last element was appended to a full array, as that behind the last match of `regexSplit` is.
        case appended
        /// Appended to, with room for ten at first.
        case tens
    }

    public var elements: [GoValue]
    public var type: Element
    /// A nil slice prints `[]` but is `null` in JSON and no true value anyway.
    public var isNil: Bool
    let backing: Backing

    public init(_ elements: [GoValue], type: Element = .any, isNil: Bool = false) {
        self.init(elements, type: type, isNil: isNil, .exact)
    }

    init(_ elements: [GoValue], type: Element = .any, isNil: Bool = false, _ backing: Backing) {
        self.elements = elements
        self.type = type
        self.isNil = isNil
        self.backing = backing
    }

    /// The length of the array behind the slice. Go's runtime doubles arrays that are full; what it does to long ones
    /// depends on its allocator's sizes.
    var capacity: Int {
        let count = elements.count
        guard count > 0, count <= 256 else { return count }
        switch backing {
        case .exact: return count
        case .grown: return GoList.doubled(1, count)
        case .appended: return max(1, 2 * (count - 1))
        case .tens: return GoList.doubled(10, count)
        }
    }

    private static func doubled(_ start: Int, _ count: Int) -> Int {
        var capacity = start
        while capacity < count { capacity *= 2 }
        return capacity
    }
}

extension GoValue {
    /// A Go string with the UTF-8 bytes of `string`.
    public static func string(_ string: String) -> GoValue { .string(Text(string)) }

    /// A `[]interface {}`.
    public static func list(_ elements: [GoValue]) -> GoValue { .list(GoList(elements)) }

    /// A `[]string`.
    public static func strings(_ elements: [Text]) -> GoValue {
        .list(GoList(elements.map(GoValue.string), type: .string))
    }

    /// Whether this is a nil of either sort.
    @inlinable
    public var isNil: Bool {
        switch self {
        case .invalid, .null: true
        default: false
        }
    }

    /// The bytes of the string, if this is one.
    @inlinable
    public var text: Text? { if case .string(let text) = self { text } else { nil } }

    /// The map, if this is one.
    @inlinable
    public var map: GoMap? { if case .map(let map) = self { map } else { nil } }
}

/// A struct, or a pointer to one, that Go code hands to templates.
public protocol GoObject: AnyObject {
    /// The type as `%T` prints it, as `*semver.Version`.
    var typeName: String { get }
    /// The kind as `kindOf` names it: `struct`, `ptr`, `map`, `slice`.
    var kindName: String { get }
    /// The text of `%v` for this value when printed by itself or within others.
    var text: Text { get }
    /// The text of `%v` within other values, where Go shows a pointer to a struct by its address.
    var inner: Text { get }
    /// The text that an action prints for this value by itself.
    var printed: Text { get }
    /// The number underneath, for types that are one with a name.
    var number: GoValue? { get }
    /// What verbs that print no text see: a struct's fields in the order of its declaration, those Go hides too.
    var printedFields: [(name: String, value: GoValue)]? { get }
    /// Whether the type has a String method, which verbs of text ask before they look at fields.
    var isStringer: Bool { get }
    /// The names under which ``field(_:)`` finds the fields, in the order of declaration.
    var declaredFields: [Text]? { get }
    /// The text of `%#v` where the type has its own.
    var goSyntax: Text? { get }
    /// Why a method of that name, which Go has, cannot be called from a template.
    func refusal(of name: Text) -> String?
    /// A field of that name; nil where there is none.
    func field(_ name: Text) -> GoValue?
    /// A method of that name, bound to this value; nil where there is none.
    func method(_ name: Text) -> Function?
    /// The tree that encoding/json writes for it, a struct's members in the order of declaration.
    var json: Value { get }
    /// About how many bytes it holds, where that may be many.
    var bytesWithin: Int { get }
    /// What `range` and `index` see, for objects that are maps or slices underneath.
    var underlying: GoValue? { get }
    /// The value as an `interface {}` holds it: methods of a pointer to a struct cannot be called on such a copy.
    var copied: any GoObject { get }
    /// A slice of these elements of it, for objects that are slices underneath.
    func part(_ elements: [GoValue]) -> GoValue
}

extension GoObject {
    public var bytesWithin: Int { 0 }
    public var kindName: String { typeName.hasPrefix("*") ? "ptr" : "struct" }
    public var inner: Text { text }
    public var printed: Text { text }
    public var number: GoValue? { nil }
    public var printedFields: [(name: String, value: GoValue)]? { nil }
    public var isStringer: Bool { true }
    public var declaredFields: [Text]? { nil }
    public var goSyntax: Text? { nil }
    public func refusal(of name: Text) -> String? { nil }
    public func field(_ name: Text) -> GoValue? { nil }
    public func method(_ name: Text) -> Function? { nil }
    public var underlying: GoValue? { nil }
    public var copied: any GoObject { self }
    public func part(_ elements: [GoValue]) -> GoValue { .list(GoList(elements, type: .string)) }
    public var json: Value { .object([:]) }
}
