import API
import Document
import TestSupport
import Testing

@testable import Schema

/// Our OpenAPI documents against upstream's, but for descriptions, which are not ours to copy.
@Suite struct OpenAPITests {
    static let documents = Golden.area("openapi").filter {
        $0.name.hasPrefix("openapi/v3-") && $0.response["components", "schemas"] != nil
            && Self.key(of: $0).map { Catalogue.builtIn.openAPIv3($0) != nil } ?? false
    }

    /// `openapi/v3-apis-apps-v1` → `apis/apps/v1`
    static func key(of golden: Golden) -> String? {
        let words = golden.name.dropFirst("openapi/v3-".count).split(separator: "-").map(String.init)
        return words.joined(separator: "/")
    }

    @Test(.needsShared, arguments: documents) func schemasAreUpstreams(_ golden: Golden) throws {
        let key = try #require(Self.key(of: golden))
        let ours = try #require(Catalogue.builtIn.openAPIv3(key)?["components", "schemas"]?.object)
        let theirs = try #require(golden.response["components", "schemas"]?.object)
        #expect(differences(ours, theirs) == [])
    }

    /// What `kubectl explain` shows, of each version of each group.
    @Test(arguments: Catalogue.builtIn.openAPIv3Paths.filter { $0.split(separator: "/").count > 1 })
    func everyTypeAndFieldIsDescribed(_ path: String) throws {
        let schemas = try #require(Catalogue.builtIn.openAPIv3(path))["components", "schemas"]?.object ?? [:]
        var missing: [String] = []
        for (name, schema) in schemas.map({ ($0.key, $0.value) }) {
            if schema["description"] == nil { missing.append("\(name)") }
            for property in schema["properties"]?.object ?? [:]
            where property.value["description"] == nil && property.value["$ref"] == nil {
                missing.append("\(name).\(property.key)")
            }
        }
        #expect(missing == [])
    }

    /// No eight words in a row of a description are upstream's, and none is longer than a line or two.
    @Test(.needsShared) func descriptionsAreOurOwn() throws {
        var known: Set<[Substring]> = []
        for golden in Golden.area("openapi") {
            for text in Self.descriptions(golden.response) { known.formUnion(Self.runs(text)) }
        }
        #expect(known.count > 10_000)
        for path in Catalogue.builtIn.openAPIv3Paths {
            let ours = try #require(Catalogue.builtIn.openAPIv3(path))["components", "schemas"]
            for text in Set(Self.descriptions(ours ?? .null)) {
                #expect(text.count <= 160 && text.hasSuffix("."), "\(text)")
                #expect(Self.runs(text).allSatisfy { !known.contains($0) }, "\(text)")
            }
        }
    }

    private static func descriptions(_ value: Value) -> [String] {
        switch value {
        case .array(let elements): elements.flatMap { descriptions($0) }
        case .object(let object):
            object.flatMap { member in
                if member.key == "description", let text = member.value.string { return [text] }
                return descriptions(member.value)
            }
        default: []
        }
    }

    private static func runs(_ text: String) -> [[Substring]] {
        let words = text.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "'" }
        return words.count < 8 ? [] : (0...words.count - 8).map { Array(words[$0..<$0 + 8]) }
    }

    /// Parameters, bodies, answers, media types and Kubernetes' own extensions of every operation.
    @Test(.needsShared, arguments: documents) func operationsAreUpstreams(_ golden: Golden) throws {
        let key = try #require(Self.key(of: golden))
        let ours = Self.undescribed(try #require(Catalogue.builtIn.openAPIv3(key)?["paths"]))
        let theirs = Self.undescribed(try #require(golden.response["paths"]))
        #expect(Difference.of(ours, theirs) == [])
    }

    /// The old document names parameters that many operations have once, by a hash of their words; ours tells each.
    @Test(.needsShared) func operationsOfTheOldDocumentAreUpstreams() throws {
        let golden = try Golden("openapi/v2").response
        let shared = try #require(golden["parameters"]?.object)
        let ours = Self.undescribed(try #require(Catalogue.builtIn.openAPIv2()["paths"]))
        let theirs = Self.undescribed(Self.resolved(try #require(golden["paths"]), shared))
        #expect(Difference.of(ours, theirs) == [])
    }

    private static func resolved(_ value: Value, _ shared: Object) -> Value {
        switch value {
        case .array(let elements): return .array(elements.map { resolved($0, shared) })
        case .object(let object):
            let prefix = "#/parameters/"
            if let name = object["$ref"]?.string, name.hasPrefix(prefix) {
                return shared[Text(String(name.dropFirst(prefix.count)))] ?? value
            }
            return .object(object.mapValues { resolved($0, shared) })
        default: return value
        }
    }

    /// The documents of `/api`, `/apis`, each group and `/version`: whole, but for the words of the two about tokens.
    @Test(.needsShared) func rootDocumentsAreUpstreams() throws {
        let roots = Golden.area("openapi").filter { golden in
            Self.key(of: golden).map { Catalogue.builtIn.rootOperations[$0] != nil } ?? false
        }
        #expect(roots.count > 20)
        for golden in roots {
            let key = try #require(Self.key(of: golden))
            // Described in our own words.
            if key.hasPrefix("openid/") { continue }
            let ours = try #require(Catalogue.builtIn.openAPIv3(key))
            #expect(ours["paths"] == golden.response["paths"], "\(key)")
            #expect(ours["info"] == golden.response["info"], "\(key)")
        }
    }

    @Test(.needsShared) func definitionsOfTheOldDocumentAreUpstreams() throws {
        let golden = try Golden("openapi/v2")
        let ours = try #require(Catalogue.builtIn.openAPIv2()["definitions"]?.object)
        let theirs = try #require(golden.response["definitions"]?.object)
        #expect(differences(ours, theirs) == [])
    }

    private func differences(_ ours: Object, _ theirs: Object) -> [String] {
        var result: [String] = []
        for definition in ours {
            // DeleteOptions and WatchEvent name every group that upstream has code for, also what it does not serve.
            if ["DeleteOptions", "WatchEvent"].contains(where: { definition.key.string.hasSuffix($0) }) { continue }
            // What only our operations refer to is no mistake.
            guard let wanted = theirs[definition.key] else { continue }
            result += Difference.of(Self.undescribed(definition.value), Self.undescribed(wanted))
                .map { "\(definition.key): \($0)" }
        }
        // version.Info is of no group.
        result += theirs.filter { ours[$0.key] == nil && !$0.key.hasSuffix("version.Info") }.map {
            "\($0.key): missing"
        }
        return result
    }

    static func undescribed(_ value: Value) -> Value {
        switch value {
        case .array(let elements): return .array(elements.map(undescribed))
        case .object(let object):
            return .object(
                Object(
                    object.compactMap { member -> (Text, Value)? in
                        if member.key == "description", member.value.text != nil { return nil }
                        return (member.key, undescribed(member.value))
                    }))
        default: return value
        }
    }
}
