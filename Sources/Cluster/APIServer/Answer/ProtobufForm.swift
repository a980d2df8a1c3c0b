import API
import Document
import Schema
import Store

/// Answers in Kubernetes' protobuf form.
enum ProtobufForm {
    /// The enveloped message of a tree; nil for what has none.
    static func bytes(_ tree: Value) -> [UInt8]? {
        if tree.kind == "PartialObjectMetadata" {
            let message = BareMetadata.protobuf(tree)
            return ProtobufEnvelope(apiVersion: tree.apiVersion, kind: tree.kind, message: message).bytes
        }
        // Built-in kinds are the same in every catalogue.
        let version = GroupVersion(tree.apiVersion)
        let kind = version.flatMap { Catalogue.builtIn.kind(group: $0.group, version: $0.version, kind: tree.kind) }
        return kind?.protobuf(tree).map {
            ProtobufEnvelope(apiVersion: tree.apiVersion, kind: tree.kind, message: $0).bytes
        }
    }

    /// The enveloped message of a page; nil for the kinds of CRDs.
    static func bytes(_ page: Page) throws(Status) -> [UInt8]? {
        let resource = page.resource
        guard var list = ProtobufList(of: resource.resource.kind, metadata: page.metadata) else { return nil }
        for record in page.records { list.append(try resource.tree(record)) }
        return enveloped(list, resource)
    }

    /// The enveloped message of objects that stand nowhere; nil for the kinds of CRDs.
    static func bytes(_ objects: [Value], _ resource: ServedResource) -> [UInt8]? {
        guard var list = ProtobufList(of: resource.resource.kind, metadata: [:]) else { return nil }
        for object in objects { list.append(object) }
        return enveloped(list, resource)
    }

    /// The enveloped message of bare metadata, one object after the other.
    static func bytes(_ page: Page, metadataIn version: String) throws(Status) -> [UInt8] {
        var list = ProtobufList(bareWith: page.metadata)
        let shaping = page.resource.resource
        for record in page.records {
            list.append(["metadata": shaping.internalMetadata(of: try page.resource.tree(record))])
        }
        return ProtobufEnvelope(
            apiVersion: "meta.k8s.io/\(version)", kind: "PartialObjectMetadataList", message: list.bytes
        ).bytes
    }

    private static func enveloped(_ list: ProtobufList, _ resource: ServedResource) -> [UInt8] {
        let (version, kind) = (resource.resource.apiVersion, resource.resource.listKind)
        return ProtobufEnvelope(apiVersion: version, kind: kind, message: list.bytes).bytes
    }

    /// An event of a watch: its length in four bytes, and a metav1.WatchEvent message.
    static func frame(_ kind: String, _ object: Value) -> [UInt8] {
        let inner = bytes(object) ?? JSON.write(object)
        let event = ProtobufEnvelope.watchEvent(kind, object: inner)
        let count = UInt32(event.count)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> UInt32($0)) } + event
    }
}
