import Flags
import OCI

/// `helmctl image load`: takes the images of an OCI archive in.
struct ImageLoadCommand: Command {
    static let description = CommandDescription(
        "load ARCHIVE", "Load the images of an OCI archive (a tar file of an image layout)", arguments: .exactly(1))

    @Argument(0) var archive: String

    @Flag("tag", "the name for the image, instead of the one that the archive has")
    var tag: String?

    let data = DataFolderOptions()

    func run() async throws {
        let name = try tag.map { try ImageReference($0) }
        for reference in try data.images.load(archive: archive, as: name) {
            print("Loaded \(reference.familiar)")
        }
    }
}
