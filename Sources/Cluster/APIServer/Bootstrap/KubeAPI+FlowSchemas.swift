import API
import Document
import Schema
import Store

/// What upstream notes of each FlowSchema: whether the level that it names is there (apiserver's flowcontrol controller).
extension KubeAPI {
    private static let flowControl = "flowcontrol.apiserver.k8s.io"
    /// Where the schemas are kept.
    static let flowSchemas = "flowschemas.\(flowControl)/"
    /// Where the levels are kept.
    static let priorityLevels = "prioritylevelconfigurations.\(flowControl)/"

    /// Looks at a schema that has been written. Who writes it meanwhile has it looked at again.
    func noteLevel(of schema: Value, _ resource: ServedResource, _ record: Record) {
        let level = schema["spec", "priorityLevelConfiguration", "name"]?.string ?? ""
        let isThere = object(KubeAPI.flowControl, "v1", "prioritylevelconfigurations", name: level) != nil
        let layer = FlowControlObjects.found(level, isThere, now)
        let wanted = layer.change.condition("Dangling")
        let standing = schema.condition("Dangling")
        guard standing?.status != wanted?.status || standing?.message != wanted?.message else { return }
        let noted = layer.laid(on: schema, resource.resource, now: now)
        store.commit(Change(record.key, .update(StoredForm.bytes(of: noted), expecting: record.revision))) { _ in }
    }

    /// Looks at all schemas, for a level has come, changed or gone.
    func noteLevels() {
        guard let resource = served[KubeAPI.flowControl, "v1", "flowschemas"] else { return }
        var records: [Record] = []
        store.snapshot().forEach(in: resource.folder(namespace: "")) { record in
            records.append(record)
            return true
        }
        for record in records {
            if let schema = try? resource.tree(record) { noteLevel(of: schema, resource, record) }
        }
    }
}
