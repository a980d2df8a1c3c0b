import Document

extension ObjectWriter {
    /// Changes an object by a patch that this client computes, as Helm 3 did.
    func patch(_ object: ManifestObject, original: ManifestObject) async throws {
        throw ReleaseFailure(
            "client-side apply of changes is not supported yet: \(object.title)",
            advice: "use --server-side=true, which hands the object's fields over to server-side apply")
    }
}
