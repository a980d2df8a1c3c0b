import API
import Document
import Schema
import Store

/// Which objects of a collection are asked for, by labels and fields.
struct Selection: Sendable {
    let labels: LabelSelector
    let fields: FieldSelector
    private let resource: ServedResource

    init(_ query: Query, _ resource: ServedResource) throws(Status) {
        self.resource = resource
        do throws(LabelSelector.ParseFailure) {
            labels = try LabelSelector(parsing: query["labelSelector"])
        } catch {
            throw .badRequest(error.description)
        }
        let text = query["fieldSelector"]
        guard let fields = FieldSelector(text) else {
            throw .badRequest("invalid selector: '\(text)'; can't understand '\(Selection.faultyTerm(text))'")
        }
        self.fields = fields
        for requirement in fields.requirements
        where !resource.resource.selectableFields.contains(requirement.field) {
            throw .badRequest("field label not supported: \(requirement.field)")
        }
    }

    private static func faultyTerm(_ text: String) -> String {
        text.split(separator: ",").map(String.init).first { FieldSelector($0) == nil } ?? text
    }

    /// Whether everything is asked for, so that no object has to be looked into.
    var isEverything: Bool { labels.requirements.isEmpty && fields.requirements.isEmpty }

    func matches(_ object: Value) -> Bool {
        guard labels.matches(object.labels) else { return false }
        return fields.matches { resource.resource.selectableValue($0, of: object)?.string ?? "" }
    }

    /// The one object that can be meant, where the fields name it.
    var name: String? {
        fields.requirements.first { $0.field == "metadata.name" && $0.isEqual }?.value
    }
}
