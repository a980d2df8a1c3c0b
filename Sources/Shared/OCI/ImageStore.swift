import Document
import Glibc

/// The images of a data folder: tags over a content store, and the layers unpacked for overlayfs.
///
/// Several processes may use one folder: what changes it holds a lock on a file, and what is half done when a process
/// is killed has no name yet and is swept away by the next change.
public struct ImageStore: Sendable {
    /// A tag and what it names.
    public struct Entry: Sendable {
        public let reference: ImageReference
        public let digest: Digest
    }

    public let folder: String
    public let content: ContentStore

    /// Opens the store of images, making its folders where they are missing.
    public init(_ folder: String) throws(ImageError) {
        self.folder = folder
        content = try ContentStore("\(folder)/content")
        try FileAccess.makeFolder("\(folder)/layers")
    }

    private var tagFile: String { "\(folder)/images.json" }

    /// All tags, sorted.
    public func list() throws(ImageError) -> [Entry] {
        guard let bytes = try FileAccess.read(tagFile, limit: 64 << 20) else { return [] }
        guard let tags = (try? JSON.parse(bytes))?.object else {
            throw ImageError(.system, tagFile, "the list of images is damaged; remove it and load the images again")
        }
        var entries: [Entry] = []
        for tag in tags {
            entries.append(
                Entry(reference: try ImageReference(tag.key.string), digest: try Digest(tag.value.string ?? "")))
        }
        return entries
    }

    /// The image of a tag or digest; nil where the store has none.
    public func find(_ reference: ImageReference) throws(ImageError) -> Image? {
        let entries = try list()
        if let digest = reference.digest {
            guard entries.contains(where: { $0.digest == digest }) else { return nil }
            return try Image(digest, in: content)
        }
        guard let entry = entries.first(where: { $0.reference == reference }) else { return nil }
        return try Image(entry.digest, in: content)
    }

    /// The image of a tag or digest.
    public func image(_ reference: ImageReference) throws(ImageError) -> Image {
        guard let image = try find(reference) else { throw ImageStore.missing(reference) }
        return image
    }

    static func missing(_ reference: ImageReference) -> ImageError {
        ImageError(.notFound, reference.familiar, "no such image; 'helmctl image list' shows what there is")
    }

    /// Gives an image a further name.
    public func tag(_ source: ImageReference, as target: ImageReference) throws(ImageError) {
        guard target.digest == nil else {
            throw ImageError(.invalidReference, "\(target)", "a new name must not have a digest")
        }
        try locked { () throws(ImageError) in
            let digest = try image(source).digest
            try setTags { $0[target] = digest }
        }
    }

    /// Takes a name away, and what no image needs any more with it.
    public func remove(_ reference: ImageReference) throws(ImageError) {
        try locked { () throws(ImageError) in
            var found = false
            try setTags { tags in
                if reference.digest != nil, reference.tag == nil {
                    let named = tags.filter {
                        $0.value == reference.digest && $0.key.repository == reference.repository
                    }
                    for tag in named { tags[tag.key] = nil }
                    found = !named.isEmpty
                } else {
                    found = tags.removeValue(forKey: reference) != nil
                }
            }
            guard found else { throw ImageStore.missing(reference) }
            try sweep()
        }
    }

    /// Changes the tags; the caller holds the lock.
    func setTags(_ change: (inout [ImageReference: Digest]) -> Void) throws(ImageError) {
        var tags: [ImageReference: Digest] = [:]
        for entry in try list() { tags[entry.reference] = entry.digest }
        change(&tags)
        let object = Object(tags.map { (Text($0.key.description), .string($0.value.description)) })
        try FileAccess.replace(tagFile, with: JSON.write(.object(object)))
    }

    /// Removes blobs and layers that no tag leads to; the caller holds the lock.
    func sweep() throws(ImageError) {
        var blobs: Set<Digest> = []
        var layers: Set<String> = []
        for entry in try list() {
            blobs.insert(entry.digest)
            // A damaged image keeps nothing but does not stand in the way of others.
            guard let image = try? Image(entry.digest, in: content) else { continue }
            blobs.formUnion(image.blobs + [image.id, image.digest])
            layers.formUnion(try image.configuration.chain.map(LayerStore.name))
        }
        try content.removeAll(except: blobs)
        try LayerStore("\(folder)/layers").removeAll(except: layers)
    }

    /// Runs `body` while no other process changes the store.
    func locked<Result>(_ body: () throws(ImageError) -> Result) throws(ImageError) -> Result {
        let file = open("\(folder)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw FileAccess.failure("open", "\(folder)/lock") }
        defer { close(file) }
        while flock(file, LOCK_EX) != 0 {
            guard errno == EINTR else { throw FileAccess.failure("lock", "\(folder)/lock") }
        }
        return try body()
    }
}
