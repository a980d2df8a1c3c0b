import API
import Document
import TestSupport
import Testing

@testable import Schema

/// Recorded tables: columns and cells as upstream's printers make them, from the objects of the same recording.
@Suite struct TableTests {
    static let tables = Golden.area("tables").filter { $0.response.kind == "Table" && $0.tableResource != nil }

    @Test(.needsShared, arguments: tables) func columnsAreUpstreams(_ golden: Golden) throws {
        let resource = try #require(golden.tableResource)
        let wanted = (golden.response["columnDefinitions"]?.array ?? []).map { Self.facts($0) }
        #expect(resource.columns.map { Self.facts($0.value) } == wanted)
    }

    @Test(.needsShared, arguments: tables) func cellsAreUpstreams(_ golden: Golden) throws {
        let resource = try #require(golden.tableResource)
        for row in golden.response["rows"]?.array ?? [] {
            guard let object = try Recorded.object(row.object?["object"] ?? .null, resource) else { continue }
            let cells = resource.cells(object, now: object.creationTimestamp ?? Time(seconds: 0))
            for (index, column) in resource.columns.enumerated()
            where !["Age", "Restarts", "Duration"].contains(column.name) {
                #expect(cells[index] == row["cells"]?.array?[index], "\(object.name): \(column.name)")
            }
        }
    }

    /// Where an event's name stands is the declaration's to say (pkg/printers/internalversion).
    @Test(arguments: ["", "events.k8s.io"]) func namesOfEventsComeLast(group: String) throws {
        let events = try #require(Catalogue.builtIn.resource(group: group, version: "v1", plural: "events"))
        let shown = events.columns.filter { $0.priority == 0 }.map(\.name)
        #expect(shown == ["Last Seen", "Type", "Reason", "Object", "Message"])
        let last = try #require(events.columns.last)
        #expect(last.name == "Name" && last.format == "name" && last.priority == 1)
        let cells = events.cells(["metadata": ["name": "e"]], now: Time(seconds: 0))
        #expect(cells.count == events.columns.count && cells.last == "e")
    }

    /// A column without its description, which upstream takes from its types' comments.
    private static func facts(_ column: Value) -> Value {
        var column = column
        column["description"] = nil
        return column
    }
}

extension Golden {
    /// The resource of a table, also of a single object.
    var tableResource: Resource? {
        let parts = path.split(separator: "?")[0].split(separator: "/").map(String.init)
        let group = parts[0] == "api" ? "" : parts[1]
        let version = parts[0] == "api" ? parts[1] : parts[2]
        return parts.dropFirst(parts[0] == "api" ? 2 : 3).reversed().lazy.compactMap {
            Catalogue.builtIn.resource(group: group, version: version, plural: $0)
        }.first
    }
}

extension Recorded {
    /// Whole objects by kind, namespace and name, from the recordings that have them.
    private static let objects: [String: Value] = {
        var all: [String: Value] = [:]
        for area in ["defaults", "bootstrap"] {
            for golden in Golden.area(area) {
                let items = golden.response["items"]?.array ?? [golden.response]
                let kind = golden.response.kind.replacing(suffix: "List")
                for item in items { all["\(kind)/\(item.namespace)/\(item.name)"] = item }
            }
        }
        return all
    }()

    /// The whole object of a row that shows its metadata; nil where no recording has it as it was then.
    static func object(_ metadata: Value, _ resource: Resource) throws -> Value? {
        let whole = objects["\(resource.kind.name)/\(metadata.namespace)/\(metadata.name)"]
        return whole?.resourceVersion == metadata.resourceVersion ? whole : nil
    }
}

extension String {
    fileprivate func replacing(suffix: String) -> String { hasSuffix(suffix) ? String(dropLast(suffix.count)) : self }
}
