import Document

/// How `kubectl apply` goes over from the client's side to the server's without conflicts with itself (Kubernetes
/// documentation, "Server-Side Apply": upgrading from client-side apply).
extension FieldManagement {
    private static let annotation: Text = "kubectl.kubernetes.io/last-applied-configuration"
    /// What all annotations of an object may take (apimachinery's TotalAnnotationSizeLimitB).
    private static let longest = 256 << 10

    /// The fields that kubectl applied before and that still stand as it left them; nil for all other managers.
    func lastApplied(to live: Value) -> FieldSet? {
        guard owner.manager == "kubectl", let text = live["metadata", "annotations", Self.annotation]?.text,
            let applied = try? JSON.parse(text), applied.object != nil
        else { return nil }
        let comparison = Comparison(applied, live, shape)
        return FieldSet(of: applied, shape).subtracting(comparison.modified).subtracting(comparison.added)
            .subtracting(comparison.removed)
    }

    /// Keeps the annotation of an object that has it in step with what kubectl applies by the server.
    func renewLastApplied(_ object: inout Value, _ configuration: Value) {
        guard owner.manager == "kubectl", object["metadata", "annotations", Self.annotation] != nil else { return }
        var applied = configuration
        applied["metadata", "annotations", Self.annotation] = nil
        let text = Text(bytes: JSON.write(applied) + [UInt8(ascii: "\n")])
        object["metadata", "annotations", Self.annotation] = .string(text.count > Self.longest ? "" : text)
    }
}
