import API
import Document
import Store

extension KubeAPI {
    /// One object, as it stands now: what a client may see is never older than what it wrote.
    func get(_ request: Request) throws(Status) -> Answer {
        if let answer = try component(request) { return answer }
        let record = try find(request)
        return Answer(.record(request.resource, record))
    }

    /// The record that the request names.
    func find(_ request: Request) throws(Status) -> Record {
        let key = request.resource.key(namespace: request.namespace, name: request.name)
        guard let record = store.record(key) else { throw .notFound(request.resource.gvr, request.name) }
        return record
    }

    /// An object of a built-in kind that some other part of the server needs; nil where there is none.
    func object(_ group: String, _ version: String, _ plural: String, namespace: String = "", name: String) -> Value? {
        guard let resource = served[group, version, plural],
            let record = store.record(resource.key(namespace: namespace, name: name))
        else { return nil }
        return try? resource.isStorageVersion ? trees.tree(record, resource) : resource.tree(record)
    }
}

extension KubeAPI {
    /// All objects of a built-in collection, for the server's own use.
    func objects(_ group: String, _ version: String, _ plural: String, namespace: String = "") -> [Value] {
        guard let resource = served[group, version, plural] else { return [] }
        var found: [Value] = []
        store.snapshot().forEach(in: resource.folder(namespace: namespace)) { record in
            if let object = try? resource.tree(record) { found.append(object) }
            return true
        }
        return found
    }
}
