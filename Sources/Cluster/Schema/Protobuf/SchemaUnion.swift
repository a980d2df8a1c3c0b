/// The three places of a CRD's schema where JSON has one of two things.
enum SchemaUnion {
    case orArray, orBool, orStrings

    init?(_ shape: Shape) {
        switch shape.goType {
        case "v1.JSONSchemaPropsOrArray": self = .orArray
        case "v1.JSONSchemaPropsOrBool": self = .orBool
        case "v1.JSONSchemaPropsOrStringArray": self = .orStrings
        default: return nil
        }
    }

    /// JSONSchemaProps
    static let structure =
        DeclarationLibrary.shared.structure(
            "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps") ?? Structure(name: "")
}

extension Shape {
    /// Whether Go names the slice type, which makes a message of it (Verbs, ExtraValue).
    var isNamedList: Bool { isList && !goType.hasPrefix("[]") }

    var isMicroTime: Bool { if case .microTime = form { true } else { false } }
}
