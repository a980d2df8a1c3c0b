import ArgumentParser
import OCI

/// `helmctl image load`: takes the images of an OCI archive in.
struct ImageLoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Load the images of an OCI archive (a tar file of an image layout).")

    @Argument(help: "The archive's path.")
    var archive: String

    @Option(help: "The name for the image, instead of the one that the archive has.")
    var tag: String?

    @OptionGroup var data: DataFolderOptions

    func run() async throws {
        let name = try tag.map { try ImageReference($0) }
        for reference in try data.images.load(archive: archive, as: name) {
            print("Loaded \(reference.familiar)")
        }
    }
}
