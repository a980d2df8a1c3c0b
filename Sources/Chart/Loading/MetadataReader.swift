import Calendar
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

    /// Chart.lock, which is kept as it is.
    static func lock(_ value: Value) throws(Mismatch) -> Value {
        if value.isNull { return value }
        guard case .object(let object) = value else { throw mismatch(value, "", "v2.Lock") }
        try MetadataReader(object).checkLock()
        return value
    }

    /// A time that cannot be read ends the decoding; a wrong type is told when all else has been read.
    private func checkLock() throws(Mismatch) {
        for (name, value) in members where name == "generated" {
            if let fault = MetadataReader.timeFault(value) { throw Mismatch(message: fault) }
        }
        for (name, value) in members {
            let read: (MetadataReader) throws(Mismatch) -> Dependency = { reader throws(Mismatch) in
                try reader.dependency()
            }
            switch name {
            case "dependencies": _ = try objects(value, "Lock.dependencies", "v2.Dependency", read)
            case "digest": _ = try scalar(value, "Lock.digest")
            default: continue
            }
        }
    }

    private static func timeFault(_ value: Value) -> String? {
        switch value {
        case .null: nil
        case .string(let text): TimeParser.fault(text.string, layout: "2006-01-02T15:04:05Z07:00")
        default: "Time.UnmarshalJSON: input is not a JSON string"
        }
    }

    /// Keys are taken in the order of encoding/json, so that the first fault is the one that Helm tells.
    private func metadata() throws(Mismatch) -> Metadata {
        var result = Metadata()
        for (name, value) in members {
            let path = "Metadata.\(name)"
            switch name {
            case "name": result.name = try scalar(value, path)
            case "home": result.home = try scalar(value, path)
            case "sources": result.sources = try strings(value, path)
            case "version": result.version = try scalar(value, path)
            case "description": result.description = try scalar(value, path)
            case "keywords": result.keywords = try strings(value, path)
            case "icon": result.icon = try scalar(value, path)
            case "condition": result.condition = try scalar(value, path)
            case "tags": result.tags = try scalar(value, path)
            case "deprecated": result.deprecated = try bool(value, path)
            case "annotations": result.annotations = try annotations(value)
            case "type": result.type = try scalar(value, path)
            default: try readOther(name, value, &result)
            }
        }
        return result
    }

    private func readOther(_ name: String, _ value: Value, _ result: inout Metadata) throws(Mismatch) {
        switch name {
        case "apiversion": result.apiVersion = try scalar(value, "Metadata.apiVersion")
        case "appversion": result.appVersion = try scalar(value, "Metadata.appVersion")
        case "kubeversion": result.kubeVersion = try scalar(value, "Metadata.kubeVersion")
        case "maintainers":
            let read: (MetadataReader) throws(Mismatch) -> Metadata.Maintainer = { reader throws(Mismatch) in
                try reader.maintainer()
            }
            result.maintainers = try objects(value, "Metadata.maintainers", "v2.Maintainer", read) ?? []
        case "dependencies":
            let read: (MetadataReader) throws(Mismatch) -> Dependency = { reader throws(Mismatch) in
                try reader.dependency()
            }
            result.dependencies = try objects(value, "Metadata.dependencies", "v2.Dependency", read)
        default: return
        }
    }

    private func maintainer() throws(Mismatch) -> Metadata.Maintainer {
        var (person, email, url) = ("", "", "")
        for (name, value) in members {
            let path = "Maintainer.maintainers.\(name)"
            switch name {
            case "name": person = try scalar(value, path)
            case "email": email = try scalar(value, path)
            case "url": url = try scalar(value, path)
            default: continue
            }
        }
        return Metadata.Maintainer(name: person, email: email, url: url)
    }

    /// Reads one entry of `dependencies`, in Chart.yaml or Chart.lock.
    func dependency() throws(Mismatch) -> Dependency {
        var result = Dependency()
        for (name, value) in members {
            let path = "Dependency.dependencies.\(name)"
            switch name {
            case "name": result.name = try scalar(value, path)
            case "version": result.version = try scalar(value, path)
            case "repository": result.repository = try scalar(value, path)
            case "condition": result.condition = try scalar(value, path)
            case "tags": result.tags = try strings(value, path)
            case "enabled": result.enabled = try bool(value, path)
            case "alias": result.alias = try scalar(value, path)
            case "import-values": result.importValues = try imports(value, path)
            default: continue
            }
        }
        return result
    }

    private func imports(_ value: Value, _ path: String) throws(Mismatch) -> [Dependency.Import] {
        if value.isNull { return [] }
        guard case .array(let elements) = value else {
            throw MetadataReader.mismatch(value, path, "[]interface {}")
        }
        return elements.map { Dependency.Import($0) }
    }

    // MARK: - Members

    /// The members with their names in lower case, for encoding/json matches them whatever their case.
    private var members: [(String, Value)] { object.map { ($0.key.string.lowercased(), $0.value) } }

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

    private func strings(_ value: Value, _ path: String) throws(Mismatch) -> [String] {
        if value.isNull { return [] }
        guard case .array(let elements) = value else { throw MetadataReader.mismatch(value, path, "[]string") }
        var result: [String] = []
        for element in elements { result.append(try scalar(element, path)) }
        return result
    }

    private func bool(_ value: Value, _ path: String) throws(Mismatch) -> Bool {
        switch value {
        case .null: return false
        case .bool(let bool): return bool
        default: throw MetadataReader.mismatch(value, path, "bool")
        }
    }

    private func annotations(_ value: Value) throws(Mismatch) -> Object? {
        if value.isNull { return nil }
        guard case .object(let members) = value else {
            throw MetadataReader.mismatch(value, "Metadata.annotations", "map[string]string")
        }
        return try members.mapValues { (value) throws(Mismatch) in
            .string(try scalar(value, "Metadata.annotations"))
        }
    }

    private func objects<Element>(
        _ value: Value, _ path: String, _ type: String, _ read: (MetadataReader) throws(Mismatch) -> Element
    ) throws(Mismatch) -> [Element?]? {
        if value.isNull { return nil }
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
        let target = path.isEmpty ? "Go value" : "Go struct field \(path)"
        return Mismatch(message: "json: cannot unmarshal \(value.goKind) into \(target) of type \(type)")
    }
}
