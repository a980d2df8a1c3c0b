import API
import Document

/// Makes pods from the templates of those that control them (upstream's `GetPodFromTemplate`).
enum PodTemplate {
    /// A pod of `owner`, whose name the server makes up after `prefix`.
    static func pod(from template: Value, owner: Value, prefix: String? = nil) -> Value {
        var metadata: Value = [
            "generateName": .string(prefix ?? "\(owner.name)-"), "namespace": .string(owner.namespace),
            "ownerReferences": [OwnerReference(controller: owner).value],
        ]
        for key: Text in ["labels", "annotations", "finalizers"] {
            if let value = template["metadata"]?[key] { metadata[key] = value }
        }
        return ["apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"] ?? [:]]
    }

    /// A short name for a template, the same for the same content (upstream's ComputeHash).
    ///
    /// - Parameters:
    ///   - text: the template as upstream prints it.
    ///   - collisions: `status.collisionCount`, raised when two templates had the same name.
    static func hash(_ text: [UInt8], collisions: Int? = nil) -> String {
        var hash: UInt32 = 2_166_136_261
        func add(_ byte: UInt8) { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        for byte in text { add(byte) }
        if let collisions {
            // Upstream writes the number into the first four of eight bytes.
            for shift in [0, 8, 16, 24] { add(UInt8(truncatingIfNeeded: collisions >> shift)) }
            for _ in 0..<4 { add(0) }
        }
        return safe(String(hash))
    }

    /// The hash of a ControllerRevision's data (upstream's HashControllerRevision: FNV-1, and the count as text).
    static func hash(ofRevision data: Value, collisions: Int) -> String {
        var hash: UInt32 = 2_166_136_261
        for byte in JSON.write(data) + Array(String(collisions).utf8) { hash = (hash &* 16_777_619) ^ UInt32(byte) }
        return safe(String(hash))
    }

    /// apimachinery's `rand.SafeEncodeString`: no vowels, so that no bad words come out.
    static func safe(_ text: String) -> String {
        let alphabet = Array("bcdfghjklmnpqrstvwxz2456789".utf8)
        return String(decoding: text.utf8.map { alphabet[Int($0) % alphabet.count] }, as: UTF8.self)
    }
}
