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

    /// The types of an Accept header, the most wanted first: by their quality, and of equals those before that name
    /// their type (goautoneg, which upstream negotiates by).
    static func accepted(_ header: String) -> [MediaType] {
        var types = header.split(separator: ",").map { MediaType($0) }
        // Its order is none by which one could sort otherwise than as it does: each is inserted among those before it.
        for index in types.indices.dropFirst() {
            var place = index
            while place > 0, types[place].precedes(types[place - 1]) {
                types.swapAt(place, place - 1)
                place -= 1
            }
        }
        return types
    }

    private func precedes(_ other: MediaType) -> Bool {
        if quality > other.quality { return true }
        let (mine, theirs) = (name.split(separator: "/"), other.name.split(separator: "/"))
        return mine.first != "*" && theirs.first == "*" || mine.last != "*" && theirs.last == "*"
    }

    private var quality: Double { parameters["q"].flatMap(Double.init) ?? 1 }

    /// Whether an Accept header names one of these types, whatever more it says of it: what upstream's router asks.
    static func mentions(_ header: String, _ names: [String]) -> Bool {
        header.isEmpty
            || header.split(separator: ",").contains { part in
                let name = trim(part.prefix { $0 != ";" })
                return name == "*/*" || names.contains(name)
            }
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
        case metadata(version: String, isList: Bool)
        /// Discovery's APIGroupDiscoveryList in that version.
        case discovery(version: String)

        /// Whether there is a message of it: tables are JSON or YAML.
        fileprivate func hasProtobuf(whole: Bool) -> Bool {
            switch self {
            case .whole: whole
            case .metadata: true
            case .table, .discovery: false
            }
        }
    }

    var encoding: Encoding
    var shape = Shape.whole
    /// What the rows of a Table hold of their objects: `None`, `Object`, or (usually) `Metadata`.
    var includeObject = ""
    /// Whether JSON is to have line breaks and indents.
    var isPretty = false

    static let json = Form(encoding: .json)
    /// What upstream writes with line breaks for whoever asks.
    static let lines = Form(encoding: .json, isPretty: true)
    /// The types of answers that are whole.
    static let whole = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"]
    /// Those of answers that go on.
    static let streamed = ["application/json;stream=watch", "application/vnd.kubernetes.protobuf;stream=watch"]

    /// The types of a part of an object, or of the whole where that is empty: a log is text first of all.
    static func given(_ subresource: String) -> [String] { subresource == "log" ? ["text/plain"] + whole : whole }

    /// The first acceptable form; nil where there is none, which is a 406.
    ///
    /// - Parameter hasProtobuf: whether what is asked for has a protobuf form as a whole, which custom resources have not.
    static func negotiate(_ header: String, hasProtobuf: Bool = false, allows: (Shape) -> Bool) -> Form? {
        if header.isEmpty || header == "application/json" { return .json }
        for type in MediaType.accepted(header) {
            guard let encoding = encoding(type.name), let shape = shape(type) else { continue }
            if encoding == .protobuf && !shape.hasProtobuf(whole: hasProtobuf) { continue }
            if let stream = type.parameters["stream"], stream != "watch" || encoding == .yaml { continue }
            if let version = type.parameters["sv"], version != "v1" { continue }
            guard allows(shape) else { continue }
            return Form(
                encoding: encoding, shape: shape, isPretty: encoding == .json && type.parameters["pretty"] == "1")
        }
        return nil
    }

    /// The form of a failure: whole, and JSON where nothing that is asked for can be had.
    static func failure(_ incoming: Incoming) -> Form {
        let form = negotiate(incoming.accept, hasProtobuf: true) { $0 == .whole }
        return (form ?? .json).pretty(for: incoming)
    }

    private static let people = ["curl", "Wget", "Mozilla/5.0"]

    /// With line breaks where the client asks for them, or people look at what it gets (apiserver's isPrettyPrint).
    func pretty(for incoming: Incoming) -> Form {
        guard encoding == .json else { return self }
        var form = self
        let asked = incoming.query["pretty"]
        let wants =
            asked.isEmpty
            ? Form.people.contains(where: incoming.userAgent.hasPrefix)
            : ["1", "t", "T", "TRUE", "true", "True"].contains(asked)
        form.isPretty = isPretty || wants
        return form
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
        let parameters = type.parameters
        guard let kind = parameters["as"] else {
            return parameters["g"] == nil && parameters["v"] == nil ? .whole : nil
        }
        let version = parameters["v"] ?? ""
        let isMeta = parameters["g"] == "meta.k8s.io" && (version == "v1" || version == "v1beta1")
        switch kind {
        case "Table" where isMeta: return .table(version: version)
        case "PartialObjectMetadata" where isMeta: return .metadata(version: version, isList: false)
        case "PartialObjectMetadataList" where isMeta: return .metadata(version: version, isList: true)
        case "APIGroupDiscoveryList" where parameters["g"] == "apidiscovery.k8s.io":
            return .discovery(version: version)
        default: return nil
        }
    }
}
