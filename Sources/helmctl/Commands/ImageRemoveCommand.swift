import Flags
import OCI

/// `helmctl image remove`: takes names of images away, and what no image needs any more.
struct ImageRemoveCommand: Command {
    static let description = CommandDescription(
        "remove NAME...", "Remove images", aliases: ["rm"], arguments: .atLeast(1))

    @Arguments var names: [String]

    let data = DataFolderOptions()

    func run() async throws {
        let store = try data.images
        for name in names {
            let reference = try ImageReference(name)
            try store.remove(reference)
            print("Removed \(reference.familiar)")
        }
    }
}
