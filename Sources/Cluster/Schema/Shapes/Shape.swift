import Document

/// What a value may be: the one model that built-in kinds (from their declarations) and CRDs (from their schemas) share.
///
/// Shapes are made once and shared by reference; equal scalars of a group share one instance.
final class Shape: Sendable {
    /// The sorts of values, with what is inside them.
    enum Form: Sendable {
        case string, bool, int32, int64, float64
        /// Base64 in JSON, raw in protobuf.
        case bytes
        case quantity
        /// RFC 3339 with seconds, and with microseconds.
        case time, microTime
        case duration
        case intOrString
        /// Anything at all (RawExtension, FieldsV1, a CRD's preserved unknown fields).
        case any
        case structure(Structure)
        case map(Shape)
        case list(Shape, ListMerge)
    }

    let form: Form
    /// How Go names the type in decoding errors: `int32`, `v1.PullPolicy`, `[]v1.Container`.
    let goType: String
    /// The OpenAPI definition, where the type has one but no structure (`….meta.v1.Time`).
    let definition: String?
    /// The part of a CRD's schema that it was made of.
    let structural: Structural?

    init(_ form: Form, goType: String = "", definition: String? = nil, structural: Structural? = nil) {
        self.form = form
        self.goType = goType
        self.definition = definition
        self.structural = structural
    }

    /// Any value, nothing known about it.
    static let any = Shape(.any)

    var structure: Structure? { if case .structure(let structure) = form { structure } else { nil } }
    var isBytes: Bool { if case .bytes = form { true } else { false } }
    var isList: Bool { if case .list = form { true } else { false } }
    var isMap: Bool { if case .map = form { true } else { false } }

    /// Go's zero value as encoding/json writes it for a field that is not left out.
    var zero: Value {
        switch form {
        case .string: ""
        case .bool: false
        case .int32, .int64, .float64, .intOrString: 0
        case .quantity: "0"
        case .duration: "0s"
        case .structure(let structure): structure.empty
        case .bytes, .time, .microTime, .any, .map, .list: .null
        }
    }
}

/// How two lists become one, in server-side apply (`x-kubernetes-list-type`).
enum ListMerge: Sendable, Hashable {
    /// The list is one value.
    case atomic
    /// Of scalars, each once.
    case set
    /// Of objects, told apart by these fields.
    case map([Text])
}

/// How strategic merge treats a field (`x-kubernetes-patch-strategy`).
struct PatchStrategy: Sendable, Hashable {
    /// Lists are merged by ``mergeKey``, or as sets of scalars.
    var merges: Bool
    /// Only the keys that the patch names are kept.
    var retainsKeys: Bool
    /// The value is taken whole; the same as having no strategy but for objects.
    var replaces: Bool
    var mergeKey: Text?
}
