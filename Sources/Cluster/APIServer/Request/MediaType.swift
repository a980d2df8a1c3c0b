/// A media type with its parameters, as in Accept and Content-Type (RFC 9110).
struct MediaType: Sendable, Hashable {
    /// `application/json`, in lower case.
    var name: String
    var parameters: [String: String]

    init(_ text: some StringProtocol) {
        let parts = text.split(separator: ";")
        name = parts.first.map { MediaType.trim($0).lowercased() } ?? ""
        parameters = [:]
        for part in parts.dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1)
            if pair.count == 2 { parameters[MediaType.trim(pair[0])] = MediaType.trim(pair[1]) }
        }
    }

    private static func trim(_ text: some StringProtocol) -> String {
        let bytes = Substring(text).utf8
        let isText = { (byte: UInt8) in byte != UInt8(ascii: " ") }
        guard let first = bytes.firstIndex(where: isText), let last = bytes.lastIndex(where: isText) else { return "" }
        return String(Substring(bytes[first...last]))
    }

    /// The types of an Accept header, the most wanted first.
    static func accepted(_ header: String) -> [MediaType] {
        let types = header.split(separator: ",").map { MediaType($0) }
        guard types.contains(where: { $0.parameters["q"] != nil }) else { return types }
        func quality(_ type: MediaType) -> Double { type.parameters["q"].flatMap(Double.init) ?? 1 }
        // Swift's sort is stable, so that equals stay in the order of the header.
        return types.sorted { quality($0) > quality($1) }
    }
}

/// In what form an answer is wanted.
struct Form: Sendable, Hashable {
    enum Encoding: String, Sendable {
        case json = "application/json"
        case yaml = "application/yaml"
        case protobuf = "application/vnd.kubernetes.protobuf"
    }

    /// What the objects are turned into.
    enum Shape: Sendable, Hashable {
        case whole
        /// `meta.k8s.io` Table in that version.
        case table(version: String)
        /// PartialObjectMetadata, or its list, in that version.
        case metadata(version: String)
        /// Discovery's APIGroupDiscoveryList in that version.
        case discovery(version: String)
    }

    var encoding: Encoding
    var shape = Shape.whole

    static let json = Form(encoding: .json)

    /// The first acceptable form; nil where there is none, which is a 406.
    ///
    /// - Parameter hasProtobuf: whether what is asked for has a protobuf form; custom resources and tables have none.
    static func negotiate(_ header: String, hasProtobuf: Bool = false, allows: (Shape) -> Bool) -> Form? {
        if header.isEmpty || header == "application/json" { return .json }
        for type in MediaType.accepted(header) {
            guard let encoding = encoding(type.name), let shape = shape(type) else { continue }
            if encoding == .protobuf && !(hasProtobuf && shape == .whole) { continue }
            if allows(shape) { return Form(encoding: encoding, shape: shape) }
        }
        return nil
    }

    private static func encoding(_ name: String) -> Encoding? {
        switch name {
        case "application/json", "*/*", "application/*": .json
        case "application/yaml": .yaml
        case "application/vnd.kubernetes.protobuf": .protobuf
        default: nil
        }
    }

    private static func shape(_ type: MediaType) -> Shape? {
        guard let kind = type.parameters["as"] else { return .whole }
        let version = type.parameters["v"] ?? ""
        switch (kind, type.parameters["g"]) {
        case ("Table", "meta.k8s.io") where version == "v1" || version == "v1beta1": return .table(version: version)
        case ("PartialObjectMetadata", "meta.k8s.io"), ("PartialObjectMetadataList", "meta.k8s.io"):
            return version == "v1" || version == "v1beta1" ? .metadata(version: version) : nil
        case ("APIGroupDiscoveryList", "apidiscovery.k8s.io"): return .discovery(version: version)
        default: return nil
        }
    }
}
