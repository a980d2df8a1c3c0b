import Document
import Synchronization

/// An object with declared fields: a Go struct, or an object of a CRD's schema.
///
/// `@unchecked Sendable`: the fields of a declared structure are set once, while its group is being read under the
/// library's lock and before anybody outside has the reference (types may contain each other, so that all of a group
/// must exist before the first is filled); nothing changes afterwards.
final class Structure: @unchecked Sendable {
    /// `PodSpec`
    let name: String
    /// `io.k8s.api.core.v1.PodSpec`; nil for a part of a CRD.
    let definition: String?
    /// Whether server-side apply takes the object as one value (`x-kubernetes-map-type: atomic`).
    let isAtomic: Bool
    /// Whether upstream's OpenAPI leaves it out.
    let isHidden: Bool
    /// Whether the object is of a kind, with apiVersion and kind beside its fields.
    let isKind: Bool
    /// The fields of which one at most is set, and the field that tells which; nil for most structures.
    let union: Union?
    /// Whether fields that are not declared are kept (`x-kubernetes-preserve-unknown-fields`).
    let preservesUnknown: Bool

    /// In the order of declaration.
    private(set) var fields: [Field] = []
    /// Indices into ``fields``, sorted by the bytes of their names.
    private(set) var sorted: [Int] = []
    /// What Go writes for a struct at its zero value.
    private(set) var empty: Value = [:]
    /// Structs that are embedded in Go, which protobuf nests: `VolumeSource` of `Volume`.
    private(set) var inlines: [Inline] = []

    /// `x-kubernetes-unions`
    struct Union: Sendable {
        /// Nil where no field tells.
        let discriminator: String?
        let members: [String]
    }

    /// An embedded struct, which JSON does not show.
    struct Inline: Sendable {
        let name: String
        /// Its field number in the message of the outer struct.
        let number: Int
        /// The inline struct that it is a part of; nil for the structure itself.
        let parent: Int?
    }

    init(
        name: String, definition: String? = nil, isAtomic: Bool = false, isHidden: Bool = false, isKind: Bool = false,
        preservesUnknown: Bool = false, union: Union? = nil
    ) {
        self.name = name
        self.definition = definition
        self.isAtomic = isAtomic
        self.isHidden = isHidden
        self.isKind = isKind
        self.preservesUnknown = preservesUnknown
        self.union = union
    }

    /// Sets the fields; to be called once, before the structure is shared.
    func complete(_ fields: [Field], inlines: [Inline] = []) {
        self.fields = fields
        self.inlines = inlines
        sorted = fields.indices.sorted { fields[$0].name < fields[$1].name }
    }

    /// Computes ``empty`` once all structures of the group have their fields.
    func settle() {
        var object = Object()
        for field in fields {
            if let value = field.absent { object[field.name] = value }
        }
        empty = .object(object)
    }

    /// What of a message stands where, by the embedded struct that the message is of.
    struct WirePart: Sendable {
        let number: Int
        /// Nil for an embedded struct, which the message holds as one of its own.
        let field: WireField?
        let inline: Int?
    }

    /// Of a field only what its message takes: fields themselves are long to copy.
    struct WireField: Sendable {
        let name: Text
        let shape: Shape
        let isPointer: Bool
    }

    private let wire = Mutex<[Int?: [WirePart]]>([:])

    /// The fields and embedded structs in the order of their numbers, worked out when it is first asked for.
    func wireOrder(of inline: Int?) -> [WirePart] {
        wire.withLock { known in
            if let order = known[inline] { return order }
            var parts: [WirePart] = []
            for field in fields where field.inline == inline && field.number > 0 {
                let brief = WireField(name: field.name, shape: field.shape, isPointer: field.isPointer)
                parts.append(WirePart(number: field.number, field: brief, inline: nil))
            }
            for index in inlines.indices where inlines[index].parent == inline {
                parts.append(WirePart(number: inlines[index].number, field: nil, inline: index))
            }
            parts.sort { $0.number < $1.number }
            known[inline] = parts
            return parts
        }
    }

    /// The declared field of that name.
    func field(_ name: Text) -> Field? {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            let order = fields[sorted[middle]].name.compare(name)
            if order == 0 { return fields[sorted[middle]] }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return nil
    }
}

/// A declared field of a structure.
struct Field: Sendable {
    /// When encoding/json writes a field at its zero value.
    enum Emission: Sendable {
        /// `omitempty`: never for scalars, pointers, lists and maps; structs always.
        case omitEmpty
        /// No tag: always.
        case keep
        /// `omitzero`: never.
        case omitZero
    }

    let name: Text
    let shape: Shape
    /// Whether Go has a pointer here, so that zero differs from absent.
    let isPointer: Bool
    let emission: Emission
    let isRequired: Bool
    /// The default that OpenAPI shows, which also completes keys of list maps.
    let declaredDefault: Value?
    /// The default that upstream's defaulting code sets.
    let appliedDefault: Value?
    let patch: PatchStrategy?
    /// The allowed values, where upstream's OpenAPI lists them.
    let enumeration: [String]
    /// Whether server-side apply takes the value of this field as one.
    let isAtomic: Bool
    /// Whether server-side apply takes it apart although its structure is atomic.
    let isGranular: Bool
    /// Whether OpenAPI says nothing beside a reference here (upstream has no description).
    let isBare: Bool
    /// The protobuf field number; 0 where there is none.
    let number: Int
    /// Index into the structure's inlines, for fields of an embedded struct.
    let inline: Int?

    /// The default that applies when the field is absent.
    var defaultValue: Value? { appliedDefault ?? declaredDefault }

    /// What stands in the object when nobody set the field; nil where it is left out.
    var absent: Value? {
        switch emission {
        case .omitZero: return nil
        case .keep: return isPointer ? .null : shape.zero
        case .omitEmpty:
            guard !isPointer else { return nil }
            switch shape.form {
            case .structure, .time, .microTime, .quantity, .intOrString, .any: return shape.zero
            default: return nil
            }
        }
    }

    /// Whether a value of a non-pointer field is left out by `omitempty`.
    func omits(_ value: Value) -> Bool {
        guard !isPointer, emission != .keep else { return false }
        switch value {
        case .null: return emission == .omitZero
        case .bool(let bool): return !bool
        case .number(let number):
            if case .intOrString = shape.form { return false }
            return number.double == 0
        case .string(let text):
            switch shape.form {
            case .string, .bytes: return text.isEmpty
            default: return false
            }
        case .array(let elements): return elements.isEmpty
        case .object(let object): if case .map = shape.form { return object.isEmpty } else { return false }
        }
    }
}
