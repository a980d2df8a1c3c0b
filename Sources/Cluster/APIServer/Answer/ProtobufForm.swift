import API
import Document
import Schema

/// Answers in Kubernetes' protobuf form.
struct ProtobufForm {
    private let catalogue: Catalogue
    private let list: Resource?

    init(_ body: Answer.Body) {
        // Built-in kinds are the same in every catalogue.
        catalogue = .builtIn
        switch body {
        case .page(let page): list = page.resource.resource
        case .objects(let resource, _): list = resource.resource
        default: list = nil
        }
    }

    /// For objects that are no list.
    init() {
        catalogue = .builtIn
        list = nil
    }

    /// The enveloped message of a tree; nil for what has none.
    func bytes(_ tree: Value) -> [UInt8]? {
        let message: [UInt8]?
        if let list {
            message = list.kind.protobufList(tree["items"]?.array ?? [], metadata: tree["metadata"] ?? [:])
        } else {
            let version = GroupVersion(tree.apiVersion)
            message = version.flatMap { catalogue.kind(group: $0.group, version: $0.version, kind: tree.kind) }?
                .protobuf(tree)
        }
        return message.map { ProtobufEnvelope(apiVersion: tree.apiVersion, kind: tree.kind, message: $0).bytes }
    }

    /// An event of a watch: its length in four bytes, and a metav1.WatchEvent message.
    func frame(_ kind: String, _ object: Value) -> [UInt8] {
        let inner = bytes(object) ?? JSON.write(object)
        let event = ProtobufEnvelope.watchEvent(kind, object: inner)
        let count = UInt32(event.count)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> UInt32($0)) } + event
    }
}
