import API
import Document
import Schema
import Store

/// The bytes under which objects are kept: JSON without kind, apiVersion and resourceVersion, metadata first, so that an
/// answer is a head, the revision and the bytes as they are.
enum StoredForm {
    /// What every stored object begins with.
    private static let head = Array("{\"metadata\":{".utf8)
    private static let revisionHead = Array("\"metadata\":{\"resourceVersion\":\"".utf8)

    /// The bytes to keep for an object.
    static func bytes(of object: Value) -> [UInt8] {
        var metadata = object["metadata"]?.object ?? [:]
        metadata["resourceVersion"] = nil
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1024)
        bytes += head.dropLast()
        JSON.write(.object(metadata), into: &bytes)
        for member in object.object ?? [:] {
            switch member.key {
            case "metadata", "kind", "apiVersion": continue
            default:
                bytes.append(UInt8(ascii: ","))
                JSON.write(string: member.key, into: &bytes)
                bytes.append(UInt8(ascii: ":"))
                JSON.write(member.value, into: &bytes)
            }
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// Appends the object as it is sent: head, revision, kept bytes.
    ///
    /// - Parameter objectHead: `{`, or that with kind and apiVersion.
    static func append(
        _ bytes: [UInt8], revision: Revision, head objectHead: [UInt8], to output: inout [UInt8]
    ) {
        output += objectHead
        output += revisionHead
        output.append(decimal: revision)
        output.append(UInt8(ascii: "\""))
        // What follows the opened metadata is either its first member or its end.
        if bytes.count > head.count, bytes[head.count] != UInt8(ascii: "}") { output.append(UInt8(ascii: ",")) }
        output += bytes[head.count...]
    }

    /// Appends an object of nothing but the metadata, which is the first member of what is kept and needs no parser.
    static func appendMetadata(
        _ bytes: [UInt8], revision: Revision, head objectHead: [UInt8], to output: inout [UInt8]
    ) {
        let end = metadataEnd(bytes)
        append(Array(bytes[..<end]), revision: revision, head: objectHead, to: &output)
        output.append(UInt8(ascii: "}"))
    }

    /// Where the metadata of kept bytes ends.
    private static func metadataEnd(_ bytes: [UInt8]) -> Int {
        var (index, depth, isText) = (head.count - 1, 0, false)
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\\") where isText: index += 1
            case UInt8(ascii: "\""): isText.toggle()
            case UInt8(ascii: "{") where !isText: depth += 1
            case UInt8(ascii: "}") where !isText:
                depth -= 1
                if depth == 0 { return index + 1 }
            default: break
            }
            index += 1
        }
        return bytes.count
    }

    /// How many bytes `append` appends.
    static func count(_ bytes: [UInt8], revision: Revision, head objectHead: [UInt8]) -> Int {
        var digits = 1
        var rest = revision
        while rest >= 10 {
            rest /= 10
            digits += 1
        }
        let isOpen = bytes.count > head.count && bytes[head.count] != UInt8(ascii: "}")
        return objectHead.count + revisionHead.count + digits + 1 + (isOpen ? 1 : 0) + bytes.count - head.count
    }

    /// The tree of kept bytes, with kind, apiVersion and resourceVersion.
    static func tree(
        _ bytes: [UInt8], revision: Revision, kind: String, apiVersion: String, only parts: JSON.Parts = .whole
    ) throws(Status) -> Value {
        do {
            var object = try parts.isWhole ? JSON.parse(bytes) : JSON.parse(bytes, only: parts)
            object["kind"] = .string(kind)
            object["apiVersion"] = .string(apiVersion)
            object["metadata", "resourceVersion"] = .string(String(revision))
            return object
        } catch {
            throw .internalError("a stored \(kind) cannot be read: \(error)")
        }
    }
}

extension [UInt8] {
    /// Appends a number in decimal without making a string of it.
    mutating func append(decimal value: Int64) {
        var digits: [20 of UInt8] = .init(repeating: 0)
        var index = 20
        var rest = value.magnitude
        repeat {
            index -= 1
            digits[index] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        } while rest > 0
        if value < 0 { append(UInt8(ascii: "-")) }
        for place in index..<20 { append(digits[place]) }
    }
}

extension ServedResource {
    /// The object of a record, as a tree in this version.
    func tree(_ record: Record) throws(Status) -> Value { try tree(record.bytes, revision: record.revision) }

    func tree(_ bytes: [UInt8], revision: Revision) throws(Status) -> Value {
        let stored = try StoredForm.tree(bytes, revision: revision, kind: gvk.kind, apiVersion: resource.apiVersion)
        guard !sendsAsStored else { return stored }
        var object = resource.served(stored)
        object["metadata", "resourceVersion"] = .string(String(revision))
        return object
    }

    /// Parts of the object of a record; of one that has to be converted the whole.
    func tree(_ record: Record, only parts: JSON.Parts) throws(Status) -> Value {
        guard sendsAsStored else { return try tree(record) }
        return try StoredForm.tree(
            record.bytes, revision: record.revision, kind: gvk.kind, apiVersion: resource.apiVersion, only: parts)
    }

    /// The bytes to keep for an object of this version.
    func bytes(of object: Value) -> [UInt8] {
        StoredForm.bytes(of: isStorageVersion ? object : resource.stored(object))
    }

    /// Appends the record as JSON, as one of a list's items or with its own head.
    func append(_ record: Record, revision: Revision? = nil, isItem: Bool, to output: inout [UInt8]) throws(Status) {
        let revision = revision ?? record.revision
        if sendsAsStored {
            StoredForm.append(record.bytes, revision: revision, head: isItem ? itemHead : objectHead, to: &output)
            return
        }
        var object = try tree(record.bytes, revision: revision)
        if isItem && resource.definition == nil {
            object["kind"] = nil
            object["apiVersion"] = nil
        }
        JSON.write(object, into: &output)
    }
}
