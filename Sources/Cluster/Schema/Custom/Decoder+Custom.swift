import API
import Document

extension Decoder {
    /// A custom resource: its metadata is read as Go reads it, the rest is pruned by the schema and otherwise kept as
    /// it came; wrong types are found by validation.
    mutating func decodeCustom(_ body: Value, _ schema: Structural) throws(DecodingFailure) -> Value {
        guard case .object(var object) = body else {
            throw DecodingFailure(
                message: "json: cannot unmarshal \(body.goKind) into Go value of type map[string]interface {}")
        }
        if let metadata = object["metadata"] { object["metadata"] = try decodeMetadata(metadata, at: "metadata") }
        // Sorted: upstream goes through a map.
        let before = takeUnknown()
        let pruned = prune(.object(object), schema, isRoot: true)
        let dropped = takeUnknown().sorted()
        do throws(FieldError) {
            let coerced = try coerce(pruned, schema, isWhole: false, at: "")
            let inEmbedded = takeUnknown().sorted()
            note(before + dropped + inEmbedded)
            return coerced.kubernetesNumbers
        } catch {
            throw DecodingFailure(message: error.description)
        }
    }

    private mutating func decodeMetadata(_ metadata: Value, at place: String) throws(DecodingFailure) -> Value {
        var reader = Decoder(at: place)
        let decoded = try reader.decode(metadata, StructuralSchema.metadataShape)
        note(takeUnknown() + reader.unknown)
        return decoded
    }

    /// Whether pruning by a schema takes something from the value.
    static func dropsFields(of value: Value, _ schema: Structural) -> Bool {
        var decoder = Decoder()
        return decoder.prune(value, schema) != value
    }

    /// Why what embedded objects in a value have of their own cannot be read; nil where it can.
    ///
    /// - Parameter isRoot: whether the value itself is such an object.
    static func embeddedFault(of value: Value, _ schema: Structural, isRoot: Bool) -> FieldError? {
        var decoder = Decoder()
        do throws(FieldError) { _ = try decoder.coerce(value, schema, isWhole: isRoot, at: "") } catch { return error }
        return nil
    }

    // MARK: Pruning (apiextensions-apiserver/pkg/apiserver/schema/pruning)

    /// - Parameter schema: nil where nothing is said of the value, so that nothing stays inside of it.
    private mutating func prune(_ value: Value, _ schema: Structural?, isRoot: Bool = false) -> Value {
        if let schema, schema.preservesUnknown { return pruneParts(value, schema) }
        switch value {
        case .object(let object): return .object(prune(object, schema))
        case .array(let elements): return .array(pruneEach(elements) { $0.prune($1, schema?.items) })
        default: return value
        }
    }

    private mutating func prune(_ object: Object, _ schema: Structural?) -> Object {
        var members: [Object.Member] = []
        for member in object {
            if let schema, schema.isEmbeddedResource, Structural.isOwn(member.key) {
                members.append(member)
                continue
            }
            step(into: .key(member.key))
            defer { stepOut() }
            if let part = schema?.property(member.key) {
                members.append(Object.Member(key: member.key, value: prune(member.value, part)))
            } else if let schema, schema.takesAdditional {
                members.append(Object.Member(key: member.key, value: prune(member.value, schema.additionalSchema)))
            } else {
                noteUnknown()
            }
        }
        return Object(unsorted: members)
    }

    /// Of a value that keeps what is not declared, what is declared is pruned.
    private mutating func pruneParts(_ value: Value, _ schema: Structural) -> Value {
        switch value {
        case .object(let object):
            var members: [Object.Member] = []
            for member in object {
                let isOwn = schema.isEmbeddedResource && Structural.isOwn(member.key)
                let part = schema.property(member.key)
                guard !isOwn, part != nil || schema.takesAdditional else {
                    members.append(member)
                    continue
                }
                step(into: .key(member.key))
                defer { stepOut() }
                let value = prune(member.value, part ?? schema.additionalSchema)
                members.append(Object.Member(key: member.key, value: value))
            }
            return .object(Object(unsorted: members))
        case .array(let elements):
            guard let items = schema.items else { return value }
            return .array(pruneEach(elements) { $0.pruneParts($1, items) })
        default: return value
        }
    }

    private mutating func pruneEach(_ elements: [Value], _ prune: (inout Decoder, Value) -> Value) -> [Value] {
        var result: [Value] = []
        for (index, element) in elements.enumerated() {
            step(into: .index(index))
            defer { stepOut() }
            result.append(prune(&self, element))
        }
        return result
    }

    // MARK: Embedded objects (apiextensions-apiserver/pkg/apiserver/schema/objectmeta)

    /// Reads what embedded objects have of their own.
    ///
    /// - Parameters:
    ///   - isWhole: whether the value is such an object.
    ///   - path: where the value stands.
    private mutating func coerce(
        _ value: Value, _ schema: Structural, isWhole: Bool, at path: String
    ) throws(FieldError) -> Value {
        switch value {
        case .object(let object):
            var members: [Object.Member] = []
            for member in object {
                let place = path.isEmpty ? member.key.string : "\(path).\(member.key)"
                var value = isWhole ? try coerceOwn(member, at: place) : member.value
                if let part = schema.property(member.key) {
                    value = try coerce(value, part, isWhole: part.isEmbeddedResource, at: place)
                } else if let part = schema.additionalSchema {
                    value = try coerce(value, part, isWhole: part.isEmbeddedResource, at: "\(path)[\(member.key)]")
                }
                members.append(Object.Member(key: member.key, value: value))
            }
            return .object(Object(unsorted: members))
        case .array(let elements):
            guard let items = schema.items else { return value }
            var result: [Value] = []
            for (index, element) in elements.enumerated() {
                result.append(try coerce(element, items, isWhole: items.isEmbeddedResource, at: "\(path)[\(index)]"))
            }
            return .array(result)
        default: return value
        }
    }

    private mutating func coerceOwn(_ member: Object.Member, at place: String) throws(FieldError) -> Value {
        switch member.key {
        case "apiVersion", "kind":
            guard member.value.string == nil else { return member.value }
            throw FieldError(.invalid, place, value: member.value, detail: "must be a string")
        case "metadata":
            var failure = ""
            do throws(DecodingFailure) {
                var metadata = try decodeMetadata(member.value, at: place)
                if metadata["creationTimestamp"]?.isNull == true { metadata["creationTimestamp"] = nil }
                return metadata
            } catch {
                failure = error.message
            }
            throw FieldError(.invalid, place, value: member.value, detail: failure)
        default: return member.value
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
