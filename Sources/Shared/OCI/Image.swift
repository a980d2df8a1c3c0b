import Document
import Glibc

/// An image of the store: its manifest, configuration and layers.
public struct Image: Sendable {
    /// The digest of the manifest.
    public let digest: Digest
    /// The digest of the configuration, which is Docker's image id.
    public let id: Digest
    public let configuration: ImageConfiguration
    /// The compressed blobs of the layers, the lowest first.
    public let blobs: [Digest]
    /// Bytes of all blobs together.
    public let size: Int

    /// Reads an image from its manifest, or from the manifest for this machine where there is an index of several.
    init(_ wanted: Digest, in content: ContentStore) throws(ImageError) {
        let (digest, config, layers) = try Image.manifest(wanted, in: content)
        self.digest = digest
        id = config.digest
        blobs = layers.map(\.digest)
        size = layers.reduce(config.size) { $0 + $1.size }
        guard let value = try? JSON.parse(try content.read(config.digest)) else {
            throw ImageError(.invalidImage, "\(config.digest)", "the configuration is missing or no JSON")
        }
        configuration = try ImageConfiguration(value, of: "\(digest)")
        try check(layers)
    }

    private static func manifest(
        _ wanted: Digest, in content: ContentStore
    ) throws(ImageError) -> (Digest, config: Descriptor, layers: [Descriptor]) {
        var digest = wanted
        for _ in 0..<4 {
            switch try Manifest(try content.read(digest), of: "\(digest)") {
            case .image(let config, let layers): return (digest, config, layers)
            case .index(let entries): digest = try choose(entries, of: digest).digest
            }
        }
        throw ImageError(.invalidImage, "\(wanted)", "indexes lie too deep in each other")
    }

    private func check(_ layers: [Descriptor]) throws(ImageError) {
        guard layers.count == configuration.layers.count else {
            throw ImageError(.invalidImage, "\(digest)", "manifest and configuration differ in the number of layers")
        }
        for layer in layers where layer.mediaType.hasSuffix("zstd") {
            throw ImageError(.unsupported, "\(layer.digest)", "layers compressed by zstd are not supported yet")
        }
    }

    private static func choose(_ entries: [Descriptor], of digest: Digest) throws(ImageError) -> Descriptor {
        let fitting = entries.filter {
            $0.system ?? "linux" == "linux" && $0.architecture ?? Image.architecture == Image.architecture
        }
        guard let entry = fitting.first(where: { $0.architecture != nil }) ?? fitting.first else {
            throw ImageError(.invalidImage, "\(digest)", "the index has no image for linux/\(Image.architecture)")
        }
        return entry
    }

    /// This machine's architecture by Go's name.
    public static let architecture: String = {
        #if arch(x86_64)
            "amd64"
        #elseif arch(arm64)
            "arm64"
        #else
            "unknown"
        #endif
    }()
}
