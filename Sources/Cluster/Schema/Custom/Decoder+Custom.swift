import API
import Document

extension Decoder {
    /// A custom resource: its metadata is read as Go reads it, the rest is pruned by the schema and otherwise kept as
    /// it came; wrong types are found by validation.
    mutating func decodeCustom(_ body: Value, as kind: Kind) throws(DecodingFailure) -> Value {
        guard case .object = body else {
            throw DecodingFailure(
                message: "json: cannot unmarshal \(body.goKind) into Go value of type map[string]interface {}")
        }
        return try prune(body, kind.structure)
    }

    /// Whether pruning by a shape takes something from the value.
    static func dropsFields(of value: Value, _ shape: Shape) -> Bool {
        var decoder = Decoder()
        do throws(DecodingFailure) { _ = try decoder.prune(value, shape) } catch { return false }
        return !decoder.unknown.isEmpty
    }

    private mutating func prune(_ value: Value, _ structure: Structure) throws(DecodingFailure) -> Value {
        guard case .object(let object) = value else { return value }
        var members: [Object.Member] = []
        for member in object {
            step(into: .key(member.key))
            defer { stepOut() }
            if let field = structure.field(member.key) {
                let isMetadata = field.shape.structure?.name == "ObjectMeta"
                let kept =
                    isMetadata
                    ? try decode(member.value, field.shape) : try prune(member.value, field.shape)
                members.append(Object.Member(key: member.key, value: kept))
            } else if structure.preservesUnknown {
                members.append(Object.Member(key: member.key, value: member.value.kubernetesNumbers))
            } else if structure.isKind, member.key == "apiVersion" || member.key == "kind" {
                members.append(member)
            } else {
                noteUnknown()
            }
        }
        return .object(Object(unsorted: members))
    }

    private mutating func prune(_ value: Value, _ shape: Shape) throws(DecodingFailure) -> Value {
        switch (shape.form, value) {
        case (.structure(let structure), .object): return try prune(value, structure)
        case (.map(let item), .object(let object)):
            var members: [Object.Member] = []
            for member in object {
                step(into: .key(member.key))
                defer { stepOut() }
                members.append(Object.Member(key: member.key, value: try prune(member.value, item)))
            }
            return .object(Object(unsorted: members))
        case (.list(let item, _), .array(let elements)):
            var result: [Value] = []
            for (index, element) in elements.enumerated() {
                step(into: .index(index))
                defer { stepOut() }
                result.append(try prune(element, item))
            }
            return .array(result)
        default: return value.kubernetesNumbers
        }
    }
}

extension Value {
    /// With every number as Kubernetes stores it: whole ones as they are, the others as float64.
    var kubernetesNumbers: Value {
        switch self {
        case .number(let number): .number(number.kubernetes)
        case .array(let elements): .array(elements.map(\.kubernetesNumbers))
        case .object(let object): .object(object.mapValues(\.kubernetesNumbers))
        default: self
        }
    }
}
