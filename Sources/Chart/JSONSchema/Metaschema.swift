import Document
import Synchronization

/// The schemas that schemas themselves have to fit: what each edition asks of each keyword, at the URLs and below the
/// names that schemas refer to.
enum Metaschema {
    /// Whether a URL is one that only the makers of JSON Schema give away; what stands there is not checked.
    static func isOfficial(_ url: Text) -> Bool {
        url.hasPrefix("http://json-schema.org/") || url.hasPrefix("https://json-schema.org/")
    }

    /// The metaschema, or the part of one, at that URL; nil for any other.
    static func document(_ url: Text) -> Value? {
        guard isOfficial(url) else { return nil }
        let bytes = url.bytes
        let start = bytes.starts(with: "http:".utf8) ? 23 : 24
        let path = String(decoding: bytes.dropFirst(start), as: UTF8.self)
        if let draft = SchemaDraft(url: url) { return document(of: draft) }
        for (draft, prefix) in [(SchemaDraft.draft2019, "draft/2019-09/meta/"), (.draft2020, "draft/2020-12/meta/")]
        where path.hasPrefix(prefix) {
            let name = Text(String(path.dropFirst(prefix.count)))
            return draft.vocabularies.contains(name) ? OpenMetaschema.vocabulary(name, draft) : nil
        }
        return nil
    }

    private static func document(of draft: SchemaDraft) -> Value {
        draft < .draft2019 ? ClosedMetaschema.document(draft) : OpenMetaschema.document(draft)
    }

    // MARK: - Checking

    /// What is wrong with a schema by the metaschema of its dialect; nil where nothing is.
    ///
    /// - Parameter others: the dialects of the parts of the document that have URLs of their own, by their pointers.
    static func fault(
        in value: Value, _ dialect: SchemaDialect, _ others: [Text: SchemaDialect], _ limits: JSONSchema.Limits
    ) throws(JSONSchema.Failure) -> SchemaFault? {
        let different = Set(others.values).union([dialect])
        if different.count == 1, dialect.vocabularies == nil {
            var validation = SchemaValidation(try program(dialect.draft, limits))
            return try validation.fault(of: Instance(value))
        }
        let (program, roots) = try combined(dialect, different, limits)
        var validation = SchemaValidation(program, dialects: others.compactMapValues { roots[$0] })
        return try validation.fault(of: Instance(value))
    }

    private static let compiled = Mutex<[SchemaDraft: SchemaProgram]>([:])

    /// The compiled metaschema of an edition, made when it is first asked for.
    private static func program(
        _ draft: SchemaDraft, _ limits: JSONSchema.Limits
    ) throws(JSONSchema.Failure) -> SchemaProgram {
        if let program = compiled.withLock({ $0[draft] }) {
            return SchemaProgram(nodes: program.nodes, root: program.root, limits: limits)
        }
        var compiler = SchemaCompiler(library: SchemaLibrary(limits: limits), assertsFormats: true)
        let program = try compiler.compile(SchemaPlace(url: draft.url, pointer: ""))
        compiled.withLock { $0[draft] = program }
        return program
    }

    /// One program for several dialects, with the schema that stands for each.
    private static func combined(
        _ dialect: SchemaDialect, _ all: Set<SchemaDialect>, _ limits: JSONSchema.Limits
    ) throws(JSONSchema.Failure) -> (SchemaProgram, [SchemaDialect: Int]) {
        var library = SchemaLibrary(limits: limits)
        var places: [SchemaDialect: SchemaPlace] = [:]
        for (number, dialect) in all.sorted(by: { $0.draft < $1.draft }).enumerated() {
            guard let vocabularies = dialect.vocabularies else {
                places[dialect] = SchemaPlace(url: dialect.draft.url, pointer: "")
                continue
            }
            let url: Text = number == 0 ? "urn:mem:metaschema" : "urn:mem:metaschema:" + Text(String(number))
            library.add(OpenMetaschema.document(dialect.draft, vocabularies, url), at: url)
            places[dialect] = SchemaPlace(url: url, pointer: "")
        }
        // One more schema that refers to all of them, so that all are compiled.
        let entry: Text = "urn:mem:dialects"
        library.add(["anyOf": .array(places.values.map { ["$ref": .string($0.url)] })], at: entry)
        var compiler = SchemaCompiler(library: library, assertsFormats: true)
        let program = try compiler.compile(SchemaPlace(url: entry, pointer: ""))
        let roots = places.compactMapValues { program.index(of: $0) }
        return (SchemaProgram(nodes: program.nodes, root: roots[dialect] ?? 0, limits: limits), roots)
    }
}

/// What metaschemas ask of keywords.
enum KeywordShape {
    static let text: Value = ["type": "string"]
    static let flag: Value = ["type": "boolean"]
    static let number: Value = ["type": "number"]
    static let pattern = text(format: "regex")
    static let anything: Value = true
    static let positive: Value = ["type": "number", "exclusiveMinimum": 0]
    static let types: Value = ["enum": ["array", "boolean", "integer", "null", "number", "object", "string"]]
    static let count: Value = ["type": "integer", "minimum": 0]
    static let texts: Value = ["type": "array", "items": text, "uniqueItems": true]

    static func text(format: Text) -> Value { ["type": "string", "format": .string(format)] }
    static func reference(_ url: Text) -> Value { ["$ref": .string(url)] }
    static func either(_ shapes: Value...) -> Value { ["anyOf": .array(shapes)] }
    static func map(_ shape: Value) -> Value { ["type": "object", "additionalProperties": shape] }
    static func list(_ shape: Value) -> Value { ["type": "array", "minItems": 1, "items": shape] }

    /// A type, or several different ones.
    static func typeOrTypes(_ names: Value) -> Value {
        either(names, ["type": "array", "items": names, "minItems": 1, "uniqueItems": true])
    }

    /// A map whose keys are regular expressions.
    static func patternMap(_ shape: Value) -> Value {
        ["type": "object", "additionalProperties": shape, "propertyNames": ["format": "regex"]]
    }

    /// One shape for several keywords.
    static func properties(_ groups: [(String, Value)]) -> Object {
        var object = Object()
        for (names, shape) in groups { for name in names.split(separator: " ") { object[Text(name)] = shape } }
        return object
    }
}

/// The metaschemas up to draft 7: one document each, with itself for all schemas within.
enum ClosedMetaschema {
    private typealias Shape = KeywordShape

    static func document(_ draft: SchemaDraft) -> Value {
        let count: Text = draft == .draft4 ? "positiveInteger" : "nonNegativeInteger"
        var texts = Shape.texts
        if draft == .draft4 { texts["minItems"] = 1 }
        var document: Object = [
            "$schema": .string(draft.url + "#"),
            "definitions": [
                "schemaArray": Shape.list(["$ref": "#"]), "simpleTypes": Shape.types, "stringArray": texts,
            ],
            "type": draft == .draft4 ? "object" : ["object", "boolean"],
            "properties": .object(properties(draft, "#/definitions/" + count)),
        ]
        document["definitions"]?[count] = Shape.count
        document["definitions"]?[count + "Default0"] = [
            "allOf": [Shape.reference("#/definitions/" + count), ["default": 0]]
        ]
        if draft == .draft4 {
            document["dependencies"] = ["exclusiveMaximum": ["maximum"], "exclusiveMinimum": ["minimum"]]
        } else {
            document["$id"] = .string(draft.url + "#")
        }
        return .object(document)
    }

    private static func properties(_ draft: SchemaDraft, _ count: Text) -> Object {
        let schema = Shape.reference("#")
        let schemas = Shape.reference("#/definitions/schemaArray")
        let texts = Shape.reference("#/definitions/stringArray")
        var groups: [(String, Value)] = [
            ("$schema", Shape.text(format: "uri")), ("title description format", Shape.text),
            ("maximum minimum", Shape.number), ("pattern", Shape.pattern), ("uniqueItems", Shape.flag),
            ("maxLength maxItems maxProperties", Shape.reference(count)),
            ("minLength minItems minProperties", Shape.reference(count + "Default0")),
            ("items", Shape.either(schema, schemas)), ("allOf anyOf oneOf", schemas), ("not", schema),
            ("required", texts), ("definitions properties", Shape.map(schema)),
            ("enum", ["type": "array", "minItems": 1, "uniqueItems": true]),
            ("patternProperties", draft == .draft7 ? Shape.patternMap(schema) : Shape.map(schema)),
            ("dependencies", Shape.map(Shape.either(schema, texts))),
            ("type", Shape.typeOrTypes(Shape.reference("#/definitions/simpleTypes"))),
        ]
        if draft == .draft4 {
            let schemaOrFlag = Shape.either(Shape.flag, schema)
            groups += [
                ("id", Shape.text(format: "uriref")), ("$ref", Shape.text),
                ("multipleOf", ["type": "number", "minimum": 0, "exclusiveMinimum": true]),
                ("exclusiveMaximum exclusiveMinimum", Shape.flag),
                ("additionalItems additionalProperties", schemaOrFlag),
            ]
        } else {
            groups += [
                ("$id $ref", Shape.text(format: "uri-reference")), ("multipleOf", Shape.positive),
                ("exclusiveMaximum exclusiveMinimum", Shape.number),
                ("additionalItems additionalProperties contains propertyNames", schema),
            ]
        }
        if draft == .draft7 {
            groups += [
                ("$comment contentMediaType contentEncoding", Shape.text), ("readOnly writeOnly", Shape.flag),
                ("if then else", schema), ("examples", ["type": "array"]),
            ]
        }
        return Shape.properties(groups)
    }
}

/// The metaschemas from 2019-09 on: a document for each vocabulary, and one that asks for all of them.
enum OpenMetaschema {
    private typealias Shape = KeywordShape

    static func document(_ draft: SchemaDraft) -> Value {
        let names = draft.vocabularies.filter { $0 != "format-assertion" }
        // Draft 2020-12's own order: the first faults are those of the core.
        var document = self.document(draft, names, draft.url)
        let schema = self.schema(draft)
        let texts = Shape.reference("meta/validation#/$defs/stringArray")
        document["properties"] = .object(
            Shape.properties([
                ("definitions", Shape.map(schema)), ("dependencies", Shape.map(Shape.either(schema, texts))),
            ]))
        if draft == .draft2020 {
            document["properties"]?["$recursiveAnchor"] = Shape.reference("meta/core#/$defs/anchorString")
            document["properties"]?["$recursiveRef"] = Shape.reference("meta/core#/$defs/uriReferenceString")
        }
        return document
    }

    /// A metaschema that asks for some vocabularies of an edition.
    static func document(_ draft: SchemaDraft, _ vocabularies: [Text], _ url: Text) -> Value {
        let base = Text(bytes: draft.url.bytes.dropLast(6)) + "meta/"
        var document = frame(draft, url)
        document["allOf"] = .array(vocabularies.map { Shape.reference(base + $0) })
        document["$vocabulary"] = .object(Object(vocabularies.map { (draft.vocabularyPrefix + $0, true) }))
        return .object(document)
    }

    /// The metaschema of one vocabulary.
    static func vocabulary(_ name: Text, _ draft: SchemaDraft) -> Value {
        var document = frame(draft, Text(bytes: draft.url.bytes.dropLast(6)) + "meta/" + name)
        let (properties, definitions) = contents(name, draft)
        document["properties"] = .object(Shape.properties(properties))
        if !definitions.isEmpty { document["$defs"] = .object(definitions) }
        return .object(document)
    }

    private static func frame(_ draft: SchemaDraft, _ url: Text) -> Object {
        var document: Object = [
            "$schema": .string(draft.url), "$id": .string(url), "type": ["object", "boolean"],
        ]
        if draft == .draft2019 { document["$recursiveAnchor"] = true } else { document["$dynamicAnchor"] = "meta" }
        return document
    }

    /// Any schema, by the metaschema with which the check began.
    private static func schema(_ draft: SchemaDraft) -> Value {
        draft == .draft2019 ? ["$recursiveRef": "#"] : ["$dynamicRef": "#meta"]
    }

    private static func contents(_ name: Text, _ draft: SchemaDraft) -> ([(String, Value)], Object) {
        switch name {
        case "core": draft == .draft2019 ? core2019 : core2020
        case "applicator": applicator(draft)
        case "unevaluated": ([("unevaluatedItems unevaluatedProperties", schema(draft))], [:])
        case "validation": validation
        case "meta-data":
            (
                [
                    ("title description", Shape.text), ("deprecated readOnly writeOnly", Shape.flag),
                    ("examples", ["type": "array"]),
                ], [:]
            )
        case "content":
            ([("contentMediaType contentEncoding", Shape.text), ("contentSchema", schema(draft))], [:])
        default: ([("format", Shape.text)], [:])
        }
    }

    private static var core2019: ([(String, Value)], Object) {
        (
            [
                ("$id", ["type": "string", "format": "uri-reference", "pattern": "^[^#]*#?$"]),
                ("$schema", Shape.text(format: "uri")),
                ("$anchor", ["type": "string", "pattern": "^[A-Za-z][-A-Za-z0-9.:_]*$"]),
                ("$ref $recursiveRef", Shape.text(format: "uri-reference")), ("$recursiveAnchor", Shape.flag),
                ("$comment", Shape.text), ("$defs", Shape.map(schema(.draft2019))),
                ("$vocabulary", vocabularies(Shape.text(format: "uri"))),
            ], [:]
        )
    }

    private static var core2020: ([(String, Value)], Object) {
        let (url, reference, anchor) = (
            Shape.reference("#/$defs/uriString"), Shape.reference("#/$defs/uriReferenceString"),
            Shape.reference("#/$defs/anchorString")
        )
        return (
            [
                ("$id", ["$ref": "#/$defs/uriReferenceString", "pattern": "^[^#]*#?$"]), ("$schema", url),
                ("$ref $dynamicRef", reference), ("$anchor $dynamicAnchor", anchor), ("$comment", Shape.text),
                ("$defs", Shape.map(schema(.draft2020))), ("$vocabulary", vocabularies(url)),
            ],
            [
                "anchorString": ["type": "string", "pattern": "^[A-Za-z_][-A-Za-z0-9._]*$"],
                "uriString": Shape.text(format: "uri"), "uriReferenceString": Shape.text(format: "uri-reference"),
            ]
        )
    }

    private static func vocabularies(_ names: Value) -> Value {
        ["type": "object", "propertyNames": names, "additionalProperties": Shape.flag]
    }

    private static func applicator(_ draft: SchemaDraft) -> ([(String, Value)], Object) {
        let schema = schema(draft)
        let schemas = Shape.reference("#/$defs/schemaArray")
        var properties: [(String, Value)] = [
            ("contains additionalProperties propertyNames if then else not", schema),
            ("properties dependentSchemas", Shape.map(schema)), ("patternProperties", Shape.patternMap(schema)),
            ("allOf anyOf oneOf", schemas),
        ]
        if draft == .draft2019 {
            properties += [
                ("additionalItems unevaluatedItems unevaluatedProperties", schema),
                ("items", Shape.either(schema, schemas)),
            ]
        } else {
            properties += [("items", schema), ("prefixItems", schemas)]
        }
        return (properties, ["schemaArray": Shape.list(schema)])
    }

    private static var validation: ([(String, Value)], Object) {
        let texts = Shape.reference("#/$defs/stringArray")
        return (
            [
                ("multipleOf", Shape.positive), ("pattern", Shape.pattern),
                ("maximum minimum exclusiveMaximum exclusiveMinimum", Shape.number),
                (
                    "maxLength maxItems maxProperties maxContains minContains",
                    Shape.reference("#/$defs/nonNegativeInteger")
                ),
                ("minLength minItems minProperties", Shape.reference("#/$defs/nonNegativeIntegerDefault0")),
                ("uniqueItems", Shape.flag), ("required", texts), ("dependentRequired", Shape.map(texts)),
                ("enum", ["type": "array"]),
                ("type", Shape.typeOrTypes(Shape.reference("#/$defs/simpleTypes"))),
            ],
            [
                "nonNegativeInteger": Shape.count, "simpleTypes": Shape.types, "stringArray": Shape.texts,
                "nonNegativeIntegerDefault0": Shape.reference("#/$defs/nonNegativeInteger"),
            ]
        )
    }
}
