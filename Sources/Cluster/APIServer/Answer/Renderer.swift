import API
import Document
import Schema
import Store

/// Turns an answer into what the client asked for: a tree for callers of this process, bytes for the wire.
struct Renderer: Sendable {
    let form: Form
    /// For the ages in tables.
    let now: Time

    /// The whole answer as a tree.
    func tree(_ body: Answer.Body) throws(Status) -> Value {
        switch body {
        case .tree(let value): return value
        case .part(let value, let resource): return part(value, resource)
        case .record(let resource, let record): return try shaped(try resource.tree(record), resource)
        case .object(let resource, let object): return try shaped(object, resource)
        case .page(let page): return try tree(page)
        case .objects(let resource, let objects): return try collection(objects, resource, metadata: [:])
        case .bytes(let bytes, _): return .string(Text(bytes: bytes))
        case .watch, .stream: throw .internalError("an answer without an end has no tree")
        }
    }

    /// The whole answer as bytes, with their media type.
    func bytes(_ body: Answer.Body) throws(Status) -> (bytes: [UInt8], type: String) {
        if case .bytes(let bytes, let type) = body { return (bytes, type) }
        if form.encoding == .json {
            let line = try json(body)
            return (form.isPretty ? JSON.indented(line) : line, form.encoding.rawValue)
        }
        if form.encoding == .protobuf, let bytes = try protobuf(body) { return (bytes, form.encoding.rawValue) }
        let tree = try tree(body)
        switch form.encoding {
        case .json: return (JSON.write(tree), form.encoding.rawValue)
        case .yaml: return (YAML.write(tree), form.encoding.rawValue)
        case .protobuf:
            // What has no message of its own is sent as JSON, which every client takes.
            guard let bytes = ProtobufForm.bytes(tree) else {
                return (JSON.write(tree), Form.Encoding.json.rawValue)
            }
            return (bytes, form.encoding.rawValue)
        }
    }

    /// A collection's message; nil where there is none.
    private func protobuf(_ body: Answer.Body) throws(Status) -> [UInt8]? {
        try check(body)
        switch (form.shape, body) {
        case (.whole, .page(let page)): return try ProtobufForm.bytes(page)
        case (.whole, .objects(let resource, let objects)): return ProtobufForm.bytes(objects, resource)
        case (.metadata(let version, _), .page(let page)): return try ProtobufForm.bytes(page, metadataIn: version)
        default: return nil
        }
    }

    /// The whole answer as a line of JSON.
    private func json(_ body: Answer.Body) throws(Status) -> [UInt8] {
        var output: [UInt8] = []
        try check(body)
        if form.shape == .whole {
            if try appendKept(body, to: &output) { return output }
        } else if try appendShaped(body, to: &output) {
            return output
        }
        if case .tree(let value) = body, value.kind == "Status" {
            KeyOrder.status.append(value, to: &output)
        } else {
            output = JSON.write(try tree(body))
        }
        output.append(UInt8(ascii: "\n"))
        return output
    }

    /// Whether what was asked for can be made of the answer: lists have a shape of their own.
    private func check(_ body: Answer.Body) throws(Status) {
        guard form.shape != .whole else { return }
        switch body {
        case .record(let resource, _), .object(let resource, _), .part(_, let resource):
            try form.check(resource, isList: false)
        case .page(let page): try form.check(page.resource, isList: true)
        case .objects(let resource, _): try form.check(resource, isList: true)
        case .tree, .bytes, .watch, .stream: return
        }
    }

    /// Appends what can be sent from kept bytes; false where a tree is needed.
    private func appendKept(_ body: Answer.Body, to output: inout [UInt8]) throws(Status) -> Bool {
        switch body {
        case .record(let resource, let record):
            output.reserveCapacity(record.bytes.count + 160)
            try resource.append(record, isItem: false, to: &output)
        case .page(let page): try append(page, to: &output)
        default: return false
        }
        output.append(UInt8(ascii: "\n"))
        return true
    }

    /// Appends a shape of what is kept, with the metadata as it is kept; false where whole trees are needed.
    private func appendShaped(_ body: Answer.Body, to output: inout [UInt8]) throws(Status) -> Bool {
        switch (form.shape, body) {
        case (.metadata(let version, _), _): return appendMetadata(body, version, to: &output)
        case (.table(let version), .page(let page)) where page.resource.keepsMetadata && form.includeObject != "Object":
            try Shaping(resource: page.resource, now: now).appendTable(
                page, version: version, hasObjects: form.includeObject != "None", to: &output)
            return true
        default: return false
        }
    }

    /// Appends bare metadata from kept bytes; false where a tree is needed.
    private func appendMetadata(_ body: Answer.Body, _ version: String, to output: inout [UInt8]) -> Bool {
        let head = Shaping.metadataHead(version)
        switch body {
        case .record(let resource, let record) where resource.keepsMetadata:
            StoredForm.appendMetadata(record.bytes, revision: record.revision, head: head, to: &output)
        case .page(let page) where page.resource.keepsMetadata:
            output += Array(
                "{\"kind\":\"PartialObjectMetadataList\",\"apiVersion\":\"meta.k8s.io/\(version)\",\"metadata\":".utf8)
            output += JSON.write(page.metadata)
            // Go has no list where there is nothing to put into it.
            guard !page.records.isEmpty else {
                output += Array(",\"items\":null}\n".utf8)
                return true
            }
            output += Array(",\"items\":[".utf8)
            for (index, record) in page.records.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                StoredForm.appendMetadata(record.bytes, revision: record.revision, head: head, to: &output)
            }
            output += Array("]}".utf8)
        default: return false
        }
        output.append(UInt8(ascii: "\n"))
        return true
    }

    private func append(_ page: Page, to output: inout [UInt8]) throws(Status) {
        output.reserveCapacity(page.records.reduce(256) { $0 + $1.bytes.count + 64 })
        output += page.resource.listHead
        // The head ends in `"metadata":{`; the metadata's own brace is left out.
        output += JSON.write(page.listMetadata).dropFirst()
        output += Array(",\"items\":[".utf8)
        var isFirst = true
        for record in page.records {
            if !isFirst { output.append(UInt8(ascii: ",")) }
            isFirst = false
            try page.resource.append(record, isItem: true, to: &output)
        }
        output += Array("]}".utf8)
    }

    private func shaped(_ object: Value, _ resource: ServedResource) throws(Status) -> Value {
        try form.check(resource, isList: false)
        let shaping = Shaping(resource: resource, now: now)
        switch form.shape {
        case .whole, .discovery: return object
        case .metadata(let version, _): return shaping.metadata(of: object, version: version)
        case .table(let version):
            let metadata: Value = object["metadata", "resourceVersion"].map { ["resourceVersion": $0] } ?? [:]
            return shaping.table(
                [object], metadata: metadata, version: version, includeObject: form.includeObject)
        }
    }

    /// A Scale has a Table as well.
    private func part(_ value: Value, _ resource: ServedResource) -> Value {
        guard case .table(let version) = form.shape, value.kind == "Scale" else { return value }
        let row: Value = [
            "cells": .array(ScaleTable.cells(value, now: now)),
            "object": Shaping(resource: resource, now: now).metadata(of: value, version: version),
        ]
        return [
            "kind": "Table", "apiVersion": .string("meta.k8s.io/\(version)"),
            "metadata": ["resourceVersion": .string(value.resourceVersion)],
            "columnDefinitions": .array(ScaleTable.columns.map(\.value)), "rows": [row],
        ]
    }

    private func tree(_ page: Page) throws(Status) -> Value {
        var objects: [Value] = []
        objects.reserveCapacity(page.records.count)
        for record in page.records { objects.append(try page.resource.tree(record)) }
        return try collection(objects, page.resource, metadata: page.metadata)
    }

    private func collection(
        _ objects: [Value], _ resource: ServedResource, metadata: Value
    ) throws(Status) -> Value {
        try form.check(resource, isList: true)
        let shaping = Shaping(resource: resource, now: now)
        switch form.shape {
        case .table(let version):
            return shaping.table(objects, metadata: metadata, version: version, includeObject: form.includeObject)
        case .metadata(let version, _):
            return [
                "kind": "PartialObjectMetadataList", "apiVersion": .string("meta.k8s.io/\(version)"),
                "metadata": metadata,
                "items": objects.isEmpty
                    ? .null : .array(objects.map { shaping.metadata(of: $0, version: version) }),
            ]
        case .whole, .discovery: return list(objects, resource.resource, metadata)
        }
    }

    private func list(_ objects: [Value], _ resource: Resource, _ metadata: Value) -> Value {
        let isBuiltIn = resource.definition == nil
        let items = objects.map { object in
            guard isBuiltIn else { return object }
            var item = object
            item["kind"] = nil
            item["apiVersion"] = nil
            return item
        }
        return [
            "kind": .string(resource.listKind), "apiVersion": .string(resource.apiVersion), "metadata": metadata,
            "items": .array(items),
        ]
    }
}
