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

    /// A short name for a template, the same for the same content.
    ///
    /// Upstream hashes Go's print of its structs, which no other language can make; the algorithm and the alphabet are
    /// the same, the input is the canonical JSON text.
    ///
    /// - Parameter collisions: `status.collisionCount`, raised when two templates had the same name.
    static func hash(_ template: Value, collisions: Int? = nil) -> String {
        var hash: UInt32 = 2_166_136_261
        func add(_ byte: UInt8) { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        for byte in JSON.write(template) { add(byte) }
        if let collisions { for shift in [0, 8, 16, 24] { add(UInt8(truncatingIfNeeded: collisions >> shift)) } }
        return safe(String(hash))
    }

    /// apimachinery's `rand.SafeEncodeString`: no vowels, so that no bad words come out.
    static func safe(_ text: String) -> String {
        let alphabet = Array("bcdfghjklmnpqrstvwxz2456789".utf8)
        return String(decoding: text.utf8.map { alphabet[Int($0) % alphabet.count] }, as: UTF8.self)
    }
}
