/// In what form a document of OpenAPI is sent.
enum DocumentForm {
    case json, protobuf

    /// The one that a client wants most of a document of that version; nil where it takes neither (kube-openapi's
    /// handlers, which also know the subtype with an at sign that older clients ask for).
    init?(_ accept: String, version: String) {
        let messages = [".", "@"].map { "application/com.github.proto-openapi.spec.\(version)\($0)v1.0+protobuf" }
        for type in MediaType.accepted(accept.isEmpty ? "*/*" : accept) {
            if ["application/json", "application/*", "*/*"].contains(type.name) {
                self = .json
                return
            }
            if messages.contains(type.name) {
                self = .protobuf
                return
            }
        }
        return nil
    }

    /// The media type of the answer.
    func type(version: String) -> String {
        switch self {
        case .json: "application/json"
        case .protobuf: "application/com.github.proto-openapi.spec.\(version).v1.0+protobuf"
        }
    }
}
