import Document
import Template

/// Reads Chart.yaml as sigs.k8s.io/yaml fills Go's struct: keys match whatever their case, scalars become the type that
/// the field has, unknown keys are ignored.
struct MetadataReader {
    /// What encoding/json says where the kinds do not fit.
    struct Mismatch: Error {
        let message: String
    }

    private let object: Object

    init(_ object: Object) { self.object = object }

    static func metadata(_ value: Value) throws(Mismatch) -> Metadata {
        guard case .object(let object) = value else {
            if value.isNull { return Metadata() }
            throw mismatch(value, "", "v2.Metadata")
        }
        return try MetadataReader(object).metadata()
    }

    /// Chart.lock, of which only the kind is looked at here.
    static func lock(_ value: Value) throws(Mismatch) -> Value {
        if value.isNull { return value }
        guard case .object = value else { throw mismatch(value, "", "v2.Lock") }
        return value
    }

    private func metadata() throws(Mismatch) -> Metadata {
        var result = Metadata()
        result.name = try string("name", "Metadata.name")
        result.home = try string("home", "Metadata.home")
        result.sources = try strings("sources", "Metadata.sources")
        result.version = try string("version", "Metadata.version")
        result.description = try string("description", "Metadata.description")
        result.keywords = try strings("keywords", "Metadata.keywords")
        result.maintainers =
            try objects("maintainers", "Metadata.maintainers", "v2.Maintainer") {
                (reader) throws(Mismatch) in try reader.maintainer()
            } ?? []
        result.icon = try string("icon", "Metadata.icon")
        result.apiVersion = try string("apiVersion", "Metadata.apiVersion")
        result.condition = try string("condition", "Metadata.condition")
        result.tags = try string("tags", "Metadata.tags")
        result.appVersion = try string("appVersion", "Metadata.appVersion")
        result.deprecated = try bool("deprecated", "Metadata.deprecated")
        result.annotations = try annotations()
        result.kubeVersion = try string("kubeVersion", "Metadata.kubeVersion")
        result.dependencies = try objects("dependencies", "Metadata.dependencies", "v2.Dependency") {
            (reader) throws(Mismatch) in try reader.dependency()
        }
        result.type = try string("type", "Metadata.type")
        return result
    }

    private func maintainer() throws(Mismatch) -> Metadata.Maintainer {
        Metadata.Maintainer(
            name: try string("name", "Maintainer.maintainers.name"),
            email: try string("email", "Maintainer.maintainers.email"),
            url: try string("url", "Maintainer.maintainers.url"))
    }

    /// Reads one entry of `dependencies`, in Chart.yaml or Chart.lock.
    func dependency() throws(Mismatch) -> Dependency {
        var result = Dependency()
        result.name = try string("name", "Dependency.dependencies.name")
        result.version = try string("version", "Dependency.dependencies.version")
        result.repository = try string("repository", "Dependency.dependencies.repository")
        result.condition = try string("condition", "Dependency.dependencies.condition")
        result.tags = try strings("tags", "Dependency.dependencies.tags")
        result.enabled = try bool("enabled", "Dependency.dependencies.enabled")
        result.alias = try string("alias", "Dependency.dependencies.alias")
        let imports = member("import-values") ?? .null
        guard imports.isNull || imports.array != nil else {
            throw MetadataReader.mismatch(imports, "Dependency.dependencies.import-values", "[]interface {}")
        }
        for value in imports.array ?? [] {
            switch value {
            case .string(let path): result.importValues.append(.exported(path.string))
            case .object(let pair):
                let (child, parent) = (printed(pair["child"]), printed(pair["parent"]))
                result.importValues.append(.mapped(child: child, parent: parent))
            default: continue
            }
        }
        return result
    }

    /// fmt's `%v`
    private func printed(_ value: Value?) -> String {
        GoValue(value ?? .null).printed.string
    }

    // MARK: - Members

    /// The member of that name; else the first whose name differs only in case.
    private func member(_ name: Text) -> Value? {
        if let value = object[name] { return value }
        let lowered = name.string.lowercased()
        return object.first { $0.key.string.lowercased() == lowered }?.value
    }

    private func string(_ name: Text, _ path: String) throws(Mismatch) -> String {
        try scalar(member(name) ?? .null, path)
    }

    private func scalar(_ value: Value, _ path: String) throws(Mismatch) -> String {
        switch value {
        case .null: return ""
        case .string(let text): return text.string
        case .bool(let bool): return bool ? "true" : "false"
        case .number(let number):
            return number.int64.map(String.init) ?? GoValue.float(number.double).printed.string
        case .array, .object: throw MetadataReader.mismatch(value, path, "string")
        }
    }

    private func strings(_ name: Text, _ path: String) throws(Mismatch) -> [String] {
        guard let value = member(name), !value.isNull else { return [] }
        guard case .array(let elements) = value else { throw MetadataReader.mismatch(value, path, "[]string") }
        var result: [String] = []
        for element in elements { result.append(try scalar(element, path)) }
        return result
    }

    private func bool(_ name: Text, _ path: String) throws(Mismatch) -> Bool {
        switch member(name) ?? .null {
        case .null: return false
        case .bool(let bool): return bool
        case let other: throw MetadataReader.mismatch(other, path, "bool")
        }
    }

    private func annotations() throws(Mismatch) -> [Text: Text]? {
        guard let value = member("annotations"), !value.isNull else { return nil }
        guard case .object(let members) = value else {
            throw MetadataReader.mismatch(value, "Metadata.annotations", "map[string]string")
        }
        var result: [Text: Text] = [:]
        for member in members { result[member.key] = Text(try scalar(member.value, "Metadata.annotations")) }
        return result
    }

    private func objects<Element>(
        _ name: Text, _ path: String, _ type: String, _ read: (MetadataReader) throws(Mismatch) -> Element
    ) throws(Mismatch) -> [Element?]? {
        guard let value = member(name), !value.isNull else { return nil }
        guard case .array(let elements) = value else { throw MetadataReader.mismatch(value, path, "[]*\(type)") }
        var result: [Element?] = []
        for element in elements {
            switch element {
            case .null: result.append(nil)
            case .object(let object): result.append(try read(MetadataReader(object)))
            default: throw MetadataReader.mismatch(element, path, type)
            }
        }
        return result
    }

    private static func mismatch(_ value: Value, _ path: String, _ type: String) -> Mismatch {
        let found =
            switch value {
            case .null: "null"
            case .bool: "bool"
            case .number: "number"
            case .string: "string"
            case .array: "array"
            case .object: "object"
            }
        let target = path.isEmpty ? "Go value" : "Go struct field \(path)"
        return Mismatch(message: "json: cannot unmarshal \(found) into \(target) of type \(type)")
    }
}
