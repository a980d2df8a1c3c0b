import ArgumentParser
import OCI

/// `helmctl image remove`: takes names of images away, and what no image needs any more.
struct ImageRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove images.", aliases: ["rm"])

    @Argument(help: "The images' names.")
    var names: [String]

    @OptionGroup var data: DataFolderOptions

    func run() async throws {
        let store = try data.images
        for name in names {
            let reference = try ImageReference(name)
            try store.remove(reference)
            print("Removed \(reference.familiar)")
        }
    }
}
