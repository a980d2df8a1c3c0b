import Document

/// The keys that Chart.yaml may have.
indirect enum MetadataFields: Sendable {
    /// Whatever stands there.
    case any
    case fields([String: MetadataFields])
    case list(MetadataFields)

    private static func scalars(_ names: String) -> [String: MetadataFields] {
        Dictionary(names.split(separator: " ").map { (String($0), .any) }, uniquingKeysWith: { first, _ in first })
    }

    /// Those of Chart.yaml, in lower case: encoding/json matches whatever the case.
    static let chart = MetadataFields.fields(
        scalars(
            "name home sources version description keywords icon apiversion condition tags appversion deprecated "
                + "annotations kubeversion type"
        ).merging(
            [
                "maintainers": .list(.fields(scalars("name email url"))),
                "dependencies": .list(
                    .fields(scalars("name version repository condition tags enabled import-values alias"))),
            ], uniquingKeysWith: { first, _ in first }))

    /// The first key that is none of these, in the order of encoding/json.
    func unknownKey(in value: Value) -> Text? {
        switch (self, value) {
        case (.list(let element), .array(let values)): values.lazy.compactMap { element.unknownKey(in: $0) }.first
        case (.fields(let fields), .object(let object)):
            object.lazy.compactMap { member in
                guard let field = fields[member.key.string.lowercased()] else { return member.key }
                return field.unknownKey(in: member.value)
            }.first
        default: nil
        }
    }
}
