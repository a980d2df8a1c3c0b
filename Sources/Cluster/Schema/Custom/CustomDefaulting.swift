import Document

/// Defaults of a CRD's schema (apiextensions-apiserver/pkg/apiserver/schema/defaulting).
struct CustomDefaulting {
    /// Whether a null stays where none may stand and nothing is declared to stand there instead: what is applied is not
    /// decoded as what is sent is, and then refused for it.
    var keepsNulls = false
    /// Whether nothing is filled in, and nulls alone go.
    var onlyPrunes = false

    func apply(to value: Value, _ schema: Structural) -> Value {
        switch value {
        case .object(let object): .object(apply(to: object, schema))
        case .array(let elements):
            schema.items.map { items in .array(elements.map { apply(to: replaced($0, items), items) }) } ?? value
        default: value
        }
    }

    private func apply(to object: Object, _ schema: Structural) -> Object {
        var object = object
        for (name, part) in onlyPrunes ? [] : schema.properties {
            guard let fallback = part.defaultValue else { continue }
            if object[name].map({ $0.isNull && !part.isNullable }) ?? true { object[name] = fallback }
        }
        var members: [Object.Member] = []
        members.reserveCapacity(object.count)
        for member in object {
            guard let part = schema.member(member.key) else {
                members.append(member)
                continue
            }
            let value = replaced(member.value, part)
            // What has a default keeps its null until that is filled in.
            let isAwaited = onlyPrunes && part.defaultValue != nil
            if value.isNull, !part.isNullable, !keepsNulls, !isAwaited { continue }
            members.append(Object.Member(key: member.key, value: apply(to: value, part)))
        }
        return Object(unsorted: members)
    }

    /// What stands for a null where none may.
    private func replaced(_ value: Value, _ schema: Structural) -> Value {
        value.isNull && !schema.isNullable && !onlyPrunes ? schema.defaultValue ?? value : value
    }
}
