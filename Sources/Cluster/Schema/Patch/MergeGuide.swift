import Document

/// What the declarations say of merging at a place: the patch strategies of fields.
struct MergeGuide {
    private let shape: Shape
    private let isPointer: Bool

    init(_ structure: Structure) { self.init(Shape(.structure(structure)), isPointer: false) }

    private init(_ shape: Shape, isPointer: Bool) {
        self.shape = shape
        self.isPointer = isPointer
    }

    /// The guide for what is under a key, and its strategy (LookupPatchMetadataForStruct).
    func field(_ key: Text) throws(PatchFailure) -> (guide: MergeGuide, strategy: PatchStrategy?) {
        guard shape.goKind == "struct" else {
            throw .unexpected(
                "merging an object in json but data type is not struct, instead is: \(shape.goKind)")
        }
        guard let field = shape.structure?.field(key) else {
            throw .unexpected(
                "unable to find api field in struct \(shape.goName) for the json field " + GoQuote.quote(key).string)
        }
        return (MergeGuide(field.shape, isPointer: field.isPointer), field.patch)
    }

    /// The guide for the elements of a list under a key, and the list's strategy (LookupPatchMetadataForSlice).
    func list(_ key: Text) throws(PatchFailure) -> (elements: MergeGuide, strategy: PatchStrategy?) {
        let (guide, strategy) = try field(key)
        if case .list(let element, _) = guide.shape.form {
            return (MergeGuide(element, isPointer: false), strategy)
        }
        guard guide.isPointer else { throw .unexpected("expected slice or array type, but got: \(kind)") }
        return (MergeGuide(guide.shape, isPointer: false), strategy)
    }

    /// The name of the type's reflect.Kind.
    var kind: String { isPointer ? "ptr" : shape.goKind }
}

extension Shape {
    /// The name of the type's reflect.Kind, of what a pointer points to.
    fileprivate var goKind: String {
        switch form {
        case .string: "string"
        case .bool: "bool"
        case .int32: "int32"
        case .int64: "int64"
        case .float64: "float64"
        case .bytes, .list: "slice"
        case .map: "map"
        case .quantity, .time, .microTime, .duration, .intOrString, .any, .structure: "struct"
        }
    }

    /// The type's name without its package.
    fileprivate var goName: String {
        structure?.name ?? goType.split(separator: ".").last.map(String.init) ?? goType
    }
}
