import Document

/// How server-side apply treats the value at a place: what structured-merge-diff's schema says of it.
struct MergeShape {
    /// What to do with a value.
    enum Form {
        /// One value, whatever is inside.
        case leaf
        case map
        case list(ListMerge)
    }

    private let shape: Shape
    /// Whether the field says that its value is atomic.
    private let isAtomic: Bool
    /// Whether the field says that its value is not.
    private let isGranular: Bool

    init(_ shape: Shape, isAtomic: Bool = false, isGranular: Bool = false) {
        self.shape = shape
        self.isAtomic = isAtomic
        self.isGranular = isGranular
    }

    /// The shape of a whole object of a kind.
    init(_ kind: Kind) { self.init(Shape(.structure(kind.structure))) }

    /// What to do with `value`, or with either of two values that meet.
    func form(of value: Value?, or other: Value? = nil) -> Form {
        if isAtomic { return .leaf }
        switch shape.form {
        case .structure(let structure): return structure.isAtomic && !isGranular ? .leaf : .map
        case .map: return .map
        case .list(_, .atomic): return .leaf
        case .list(_, let merge): return .list(merge)
        case .any where shape.structural != nil || shape === Shape.any:
            return value?.object != nil || other?.object != nil ? .map : .leaf
        default: return .leaf
        }
    }

    /// The same without what makes lists and maps one value, for validation to look inside.
    var open: Form {
        switch shape.form {
        case .structure, .map: .map
        case .list(_, let merge): .list(merge)
        default: form(of: nil)
        }
    }

    /// Whether it is a part of a CRD's schema.
    var isCustom: Bool { shape.structural != nil }

    /// Why a value is not of the kind that a CRD's schema says, in structured-merge-diff's words; nil where it is.
    func mismatch(_ value: Value) -> String? {
        guard shape.structural != nil, !value.isNull else { return nil }
        let shown = "&{\(GoValue.text(value))}"
        switch shape.form {
        case .structure, .map: return value.object == nil ? "expected map, got \(shown)" : nil
        case .list: return value.array == nil ? "expected list, got \(shown)" : nil
        case .string:
            return value.string == nil
                ? "expected string, got &value.valueUnstructured{Value:\(GoValue.syntax(value))}" : nil
        case .int32, .int64, .float64:
            return value.number == nil ? "expected numeric (int or float), got \(GoValue.type(value))" : nil
        case .bool: return value.bool == nil ? "expected boolean, got \(shown)" : nil
        default: return nil
        }
    }

    /// Whether a field of that name is declared here.
    func declares(_ name: Text) -> Bool {
        guard let structure = shape.structure else { return false }
        return structure.field(name) != nil || structure.isKind && (name == "kind" || name == "apiVersion")
    }

    /// Whether fields that are not declared are an error.
    var isClosed: Bool { shape.structure.map { !$0.preservesUnknown } ?? false }

    func below(_ element: PathElement) -> MergeShape {
        switch (shape.form, element) {
        case (.structure(let structure), .field(let name)):
            guard let field = structure.field(name) else { return MergeShape(.any) }
            return MergeShape(field.shape, isAtomic: field.isAtomic, isGranular: field.isGranular)
        case (.map(let item), _): return MergeShape(item)
        case (.list(let item, _), _): return MergeShape(item)
        default: return MergeShape(.any)
        }
    }

    /// The path element that tells an element of a list from the others; nil where it has no right key.
    func element(of item: Value, _ merge: ListMerge) -> PathElement? {
        switch merge {
        case .atomic: return nil
        case .set: return .value(item)
        case .map(let keys):
            guard item.object != nil else { return nil }
            // A missing key may have a declared default, such as protocol: TCP; of several, some may be missing.
            let fields = keys.compactMap { key in (item[key] ?? keyDefault(key)).map { (key, $0) } }
            return fields.isEmpty && !keys.isEmpty ? nil : .key(Object(fields))
        }
    }

    func keyDefault(_ key: Text) -> Value? {
        guard case .list(let item, _) = shape.form else { return nil }
        return item.structure?.field(key)?.declaredDefault
    }
}
