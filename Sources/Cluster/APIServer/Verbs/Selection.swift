import API
import Document
import Schema
import Store

/// Which objects of a collection are asked for, by labels and fields.
struct Selection: Sendable {
    let labels: LabelSelector
    let fields: FieldSelector
    /// The one object that can be meant, where the fields name it.
    let name: String?
    private let resource: ServedResource
    /// What of an object is looked at.
    private var parts = JSON.Parts(["metadata": JSON.Parts(["labels": .whole], others: false)], others: false)

    init(_ query: Query, _ resource: ServedResource) throws(Status) {
        self.resource = resource
        do throws(LabelSelector.ParseFailure) {
            labels = try LabelSelector(parsing: query["labelSelector"])
        } catch {
            throw .badRequest(error.description)
        }
        do throws(FieldSelector.ParseFailure) {
            fields = try FieldSelector(parsing: query["fieldSelector"])
        } catch {
            throw .badRequest(error.description)
        }
        name = fields.requirements.first { $0.field == "metadata.name" && $0.isEqual }?.value
        for requirement in fields.requirements
        where !resource.resource.selectableFields.contains(requirement.field) {
            throw .badRequest("field label not supported: \(requirement.field)")
        }
        for requirement in fields.requirements {
            for path in resource.resource.selectedPaths(requirement.field) { parts.insert(path) }
        }
    }

    /// Whether everything is asked for, so that no object has to be looked into.
    var isEverything: Bool { labels.requirements.isEmpty && fields.requirements.isEmpty }

    /// Whether the object of a record is asked for; no more of it is read than is looked at.
    func matches(_ record: Record) throws(Status) -> Bool {
        if isEverything { return true }
        if let name, !record.key.path.utf8.suffix(name.utf8.count + 1).elementsEqual("/\(name)".utf8) { return false }
        return matches(try resource.tree(record, only: parts))
    }

    func matches(_ object: Value) -> Bool {
        guard labels.matches(object.labels) else { return false }
        return fields.matches { resource.resource.selectableValue($0, of: object)?.string ?? "" }
    }

}
