import Document

/// What is wrong with a value by one schema, and why.
struct SchemaFault: Sendable {
    let kind: Kind
    /// The schema that asked for something else.
    let place: SchemaPlace
    /// The way to the value.
    var path: [JSON.PathStep]
    var causes: [SchemaFault]

    init(_ kind: Kind, _ place: SchemaPlace, _ path: [JSON.PathStep], _ causes: [SchemaFault]) {
        (self.kind, self.place, self.path, self.causes) = (kind, place, path, causes)
    }

    /// A fault of which only counts that there is one.
    static let unspoken = SchemaFault(.group, SchemaPlace(url: "", pointer: ""), [], [])

    /// The faults of a group, or this one alone.
    var flattened: [SchemaFault] { if case .group = kind { causes } else { [self] } }

    /// The causes that have none themselves; few of many, for people to read.
    var ends: [SchemaFault] {
        var (result, open): ([SchemaFault], [SchemaFault]) = ([], [self])
        while let fault = open.popLast(), result.count < 5 {
            if fault.causes.isEmpty { result.append(fault) } else { open += fault.causes.reversed() }
        }
        return result
    }

    /// What a keyword found.
    enum Kind: Sendable {
        /// The whole value does not fit the schema of that place.
        case schema(SchemaPlace)
        /// There are several faults.
        case group
        /// The schema that is referred to found faults.
        case reference
        case falseSchema
        case foreign(String)
        case cycle(Text, Text, SchemaPlace)
        case type(got: String, want: [String])
        case constant(Value)
        case choice([Value])
        case format(got: Text, want: String, String)
        case not
        case all
        case any
        case noneOfOne
        case severalOfOne(Int, Int)
        /// minProperties, maxProperties, minItems, maxItems, minLength, maxLength
        case bound(String, got: Int, want: Int)
        /// minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf
        case limit(String, got: Double, want: Double)
        case required([Text])
        case dependency(Text, [Text])
        case surplus([Text])
        case propertyName(Text)
        case duplicates(Int, Int)
        case surplusItems(Int)
        case contains(fewest: Int?, [Int])
        case containsTooMany(Int, [Int])
        case pattern(got: Text, want: Text)
    }
}
