import Document

/// What an image says of the processes that run from it ("OCI image spec: config").
public struct ImageConfiguration: Sendable, Hashable {
    /// `NAME=VALUE` entries in their order.
    public var environment: [String]
    public var entrypoint: [String]
    public var command: [String]
    /// `USER`, `UID`, each with `:GROUP` or `:GID` or without; empty for root.
    public var user: String
    public var workingFolder: String
    /// A signal's name or number; empty for SIGTERM.
    public var stopSignal: String
    public var architecture: String
    public var system: String
    /// The digests of the layers' plain tar streams, the lowest first.
    public var layers: [Digest]

    init(_ value: Value, of subject: String) throws(ImageError) {
        let config = value["config"] ?? .null
        func strings(_ key: Text) -> [String] { config[key]?.array?.compactMap(\.string) ?? [] }
        environment = strings("Env")
        entrypoint = strings("Entrypoint")
        command = strings("Cmd")
        user = config["User"]?.string ?? ""
        workingFolder = config["WorkingDir"]?.string ?? ""
        stopSignal = config["StopSignal"]?.string ?? ""
        architecture = value["architecture"]?.string ?? ""
        system = value["os"]?.string ?? ""
        guard value["rootfs", "type"]?.string == "layers", let digests = value["rootfs", "diff_ids"]?.array else {
            throw ImageError(.invalidImage, subject, "its configuration has no rootfs of layers")
        }
        layers = []
        for digest in digests { layers.append(try Digest(digest.string ?? "")) }
    }

    /// The name of a layer together with all below it ("OCI image spec: layer ChainID"), for each layer.
    public var chain: [Digest] {
        get throws(ImageError) {
            var result: [Digest] = []
            for layer in layers {
                if let below = result.last {
                    result.append(try Digest(hexadecimal: Digest.sha256("\(below) \(layer)")))
                } else {
                    result.append(layer)
                }
            }
            return result
        }
    }
}
