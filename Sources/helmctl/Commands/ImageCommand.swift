import Flags
import OCI

/// `helmctl image`: the container images of the bundled cluster.
struct ImageCommand: Command {
    static let description = CommandDescription(
        "image", "Manage the container images of the bundled cluster",
        subcommands: [ImageLoadCommand.self, ImageListCommand.self, ImageRemoveCommand.self, ImageTagCommand.self])
}

extension DataFolderOptions {
    /// The images of the cluster in this folder.
    var images: ImageStore {
        get throws { try ImageStore("\(path)/images") }
    }
}
