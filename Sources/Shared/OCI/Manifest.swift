import Document

/// A reference to content with its type, digest and size ("OCI image spec: descriptor").
struct Descriptor: Sendable, Hashable {
    var mediaType: String
    var digest: Digest
    var size: Int
    var annotations: [String: String]
    var architecture: String?
    var system: String?

    init(_ value: Value, of subject: String) throws(ImageError) {
        guard let text = value["digest"]?.string, let size = value["size"]?.int else {
            throw ImageError(.invalidImage, subject, "a descriptor has no digest or no size")
        }
        digest = try Digest(text)
        self.size = size
        mediaType = value["mediaType"]?.string ?? ""
        var annotations: [String: String] = [:]
        for member in value["annotations"]?.object ?? [:] {
            annotations[member.key.string] = member.value.string
        }
        self.annotations = annotations
        architecture = value["platform", "architecture"]?.string
        system = value["platform", "os"]?.string
    }
}

/// What a manifest blob holds. Its kind is seen by its members: OCI allows both without a top-level mediaType.
enum Manifest: Sendable {
    case image(config: Descriptor, layers: [Descriptor])
    case index([Descriptor])

    init(_ bytes: [UInt8], of subject: String) throws(ImageError) {
        let value: Value
        do { value = try JSON.parse(bytes) } catch {
            throw ImageError(.invalidImage, subject, "the manifest is no JSON: \(error.message)")
        }
        guard value["schemaVersion"]?.int == 2 else {
            throw ImageError(.unsupported, subject, "only manifests of schemaVersion 2 are supported")
        }
        if let entries = value["manifests"]?.array {
            self = .index(try Manifest.descriptors(entries, subject))
        } else if let config = value["config"], let layers = value["layers"]?.array {
            self = .image(
                config: try Descriptor(config, of: subject), layers: try Manifest.descriptors(layers, subject))
        } else {
            throw ImageError(.invalidImage, subject, "the manifest is neither that of an image nor an index")
        }
    }

    private static func descriptors(_ values: [Value], _ subject: String) throws(ImageError) -> [Descriptor] {
        var result: [Descriptor] = []
        for value in values { result.append(try Descriptor(value, of: subject)) }
        return result
    }
}
