import API
import Document

/// A CustomResourceDefinition, read into what the catalogue serves.
struct CustomDefinition: Sendable {
    /// `widgets.example.com`
    let name: String
    let group: String
    let object: Value
    /// The served versions, upstream's order of preference.
    let versions: [APIVersion]

    init(_ object: Value) {
        self.object = object
        name = object.name
        group = object["spec", "group"]?.string ?? ""
        versions = []
    }

    /// Notes the version that stores among those that ever did.
    static func storeFirstVersion(_ definition: inout Value) {
        let versions = definition["spec", "versions"]?.array ?? []
        guard let storing = versions.first(where: { $0["storage"] == true })?["name"] else { return }
        let stored = definition["status", "storedVersions"]?.array ?? []
        if !stored.contains(storing) { definition["status", "storedVersions"] = .array(stored + [storing]) }
    }

    /// The groups with those of CRDs among them.
    static func groups(_ definitions: some Collection<CustomDefinition>, beside builtIn: [APIGroup]) -> [APIGroup] {
        builtIn
    }
}
