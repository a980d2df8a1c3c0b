import Document

/// What the declarations say of merging at a place: the patch strategies of fields.
struct MergeGuide {
    private let shape: Shape?

    init(_ structure: Structure) { shape = Shape(.structure(structure)) }

    private init(_ shape: Shape?) { self.shape = shape }

    /// The guide for what is under a key, and for the elements of a list under it.
    func below(_ key: Text) -> MergeGuide {
        switch shape?.form {
        case .structure(let structure)?:
            guard let inner = structure.field(key)?.shape else { return MergeGuide(nil) }
            if case .list(let item, _) = inner.form { return MergeGuide(item) }
            return MergeGuide(inner)
        case .map(let item)?: return MergeGuide(item)
        default: return MergeGuide(nil)
        }
    }

    /// The strategy of a field; nil where lists are replaced and objects merged.
    func strategy(_ key: Text) -> PatchStrategy? { shape?.structure?.field(key)?.patch }

    /// Whether a field of that name may stand there: maps and what nobody knows take any.
    func declares(_ key: Text) -> Bool { shape?.structure.map { $0.field(key) != nil } ?? true }

    /// How error messages call the structure.
    var name: String { shape?.structure?.name ?? "" }
}
