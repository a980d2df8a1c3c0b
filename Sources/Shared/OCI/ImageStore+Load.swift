import Archive
import Document

extension ImageStore {
    /// Loads an OCI archive: a tar file of an image layout, compressed by gzip or not.
    ///
    /// - Parameters:
    ///   - archive: the path of the file.
    ///   - name: the name to give the image; nil takes the names that the archive's index has.
    /// - Returns: the names that the loaded images have now.
    public func load(archive: String, as name: ImageReference? = nil) throws(ImageError) -> [ImageReference] {
        try locked { () throws(ImageError) in
            do throws(ImageError) {
                let index = try ingest(archive)
                let tags = try names(of: index, archive, name)
                for (reference, digest) in tags {
                    let image = try Image(digest, in: content)
                    for blob in image.blobs where !content.contains(blob) {
                        throw ImageError(.missingBlob, archive, "the layer \(blob) of \(reference.familiar) is missing")
                    }
                    _ = try LayerStore(layerFolder).prepare(image, content)
                }
                try setTags { current in
                    for (reference, digest) in tags { current[reference] = digest }
                }
                return tags.map(\.0)
            } catch {
                // What was taken in has no name: nothing half-made stays.
                try? sweep()
                throw error
            }
        }
    }

    /// Stores the archive's blobs and returns the entries of its index.
    private func ingest(_ archive: String) throws(ImageError) -> [Descriptor] {
        var index: [UInt8]?
        var isDocker = false
        let limits = ArchiveLimits(totalBytes: 1 << 40, entryBytes: 1 << 40, entries: 100_000, depth: 16)
        let reader = try wrapping(archive) { () throws(ArchiveError) in
            try ArchiveReader(file: archive, limits: limits, rules: .layer)
        }
        while let entry = try wrapping(archive, { () throws(ArchiveError) in try reader.next() }) {
            let parts = entry.parts
            if parts == ["index.json"], entry.size <= 4 << 20 {
                index = try wrapping(archive) { () throws(ArchiveError) in try reader.contents() }
            }
            if parts == ["manifest.json"] { isDocker = true }
            guard entry.kind == .file, parts.count == 3, parts[0] == "blobs" else { continue }
            try content.ingest(expecting: Digest("\(parts[1]):\(parts[2])")) { (buffer) throws(ImageError) in
                try wrapping(archive) { () throws(ArchiveError) in try reader.read(into: buffer) }
            }
        }
        guard let index else {
            let why =
                isDocker
                ? "archives of 'docker save' are not supported yet; convert it to an OCI archive"
                : "it is no OCI archive: it has no index.json"
            throw ImageError(isDocker ? .unsupported : .invalidImage, archive, why)
        }
        guard case .index(let entries) = try Manifest(index, of: archive) else {
            throw ImageError(.invalidImage, archive, "its index.json is no index")
        }
        return entries
    }

    /// What each image of the index is to be called.
    private func names(
        of index: [Descriptor], _ archive: String, _ name: ImageReference?
    ) throws(ImageError) -> [(ImageReference, Digest)] {
        guard !index.isEmpty else { throw ImageError(.invalidImage, archive, "it holds no image") }
        if let name {
            guard index.count == 1 else {
                throw ImageError(.invalidImage, archive, "it holds \(index.count) images, and one name was given")
            }
            return [(name, index[0].digest)]
        }
        var result: [(ImageReference, Digest)] = []
        for entry in index {
            // containerd's annotation has the whole name; the standard one often only a tag.
            let short = entry.annotations["org.opencontainers.image.ref.name"]
            let whole = entry.annotations["io.containerd.image.name"]
            guard let text = whole ?? short.flatMap({ $0.contains(":") || $0.contains("/") ? $0 : nil }) else {
                throw ImageError(.invalidImage, archive, "it does not name its image; give one with --tag NAME")
            }
            result.append((try ImageReference(text), entry.digest))
        }
        return result
    }
}

/// Runs `body` and tells its failure as one of the image store.
func wrapping<Result>(_ subject: String, _ body: () throws(ArchiveError) -> Result) throws(ImageError) -> Result {
    do throws(ArchiveError) { return try body() } catch { throw ImageError(subject, error) }
}
