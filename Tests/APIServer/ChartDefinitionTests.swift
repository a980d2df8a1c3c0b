import API
import Client
import Document
import TestSupport
import Testing

@testable import APIServer

/// The definitions that public charts bring along.
@Suite(.needsShared) struct ChartDefinitionTests {
    /// The definitions in the `crds` folders of all charts, each as (chart and file, definition).
    private static func definitions() throws -> [(place: String, definition: Value)] {
        let folder = try ScratchFolder("crds")
        let unpacked = try Command(
            "/bin/sh",
            [
                "-c",
                """
                for chart in "$0"/helm/charts/*.tgz; do
                    mkdir -p "$(basename "$chart" .tgz)" || exit 1
                    tar -xzf "$chart" -C "$(basename "$chart" .tgz)" --wildcards '*/crds/*' 2>/dev/null
                done
                find . -path '*/crds/*' -name '*.y*ml' | sort
                """, Machine.shared ?? "",
            ], in: folder.path
        ).run()
        var found: [(place: String, definition: Value)] = []
        for file in unpacked.output.split(separator: "\n").map(String.init) where !file.contains("/templates/") {
            let text = String(decoding: try readFile("\(folder.path)/\(file)"), as: UTF8.self)
            for (index, document) in text.split(separator: "\n---", omittingEmptySubsequences: true).enumerated() {
                guard let value = try? YAML.parse(Array(document.utf8)), value.kind == "CustomResourceDefinition",
                    value.apiVersion == "apiextensions.k8s.io/v1"
                else { continue }
                found.append(("\(file)#\(index)", value))
            }
        }
        return found
    }

    /// A definition that two charts bring is made once; the second one is told so.
    @Test func allOfThemInstallAndAreServed() async throws {
        let server = try await ServerFixture.started()
        let definitions = try Self.definitions()
        #expect(definitions.count >= 90)
        var names: Set<String> = []
        for (place, definition) in definitions {
            let answer = try await server.send(
                .post, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", body: .value(definition))
            let isWell = answer.code == 201 || (answer.code == 409 && names.contains(definition.name))
            #expect(isWell, "\(place): \(answer.code) \(answer.body["message"] ?? .null)")
            names.insert(definition.name)
        }
        for name in names {
            let stored = try await server.client.get(ServerFixture.definitions, namespace: nil, name: name)
            #expect(stored.isTrue("Established"), "\(name): \(stored["status"] ?? .null)")
            let group = stored["spec", "group"]?.string ?? ""
            let plural = stored["spec", "names", "plural"]?.string ?? ""
            for version in stored["spec", "versions"]?.array ?? [] where version["served"] == true {
                let list = try await server.send(.get, "/apis/\(group)/\(version["name"]?.string ?? "")/\(plural)")
                #expect(list.code == 200, "\(name): \(list.body)")
            }
        }
    }
}
