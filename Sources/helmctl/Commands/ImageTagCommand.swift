import Flags
import OCI

/// `helmctl image tag`: gives an image a further name.
struct ImageTagCommand: Command {
    static let description = CommandDescription(
        "tag SOURCE TARGET", "Give an image a further name", arguments: .exactly(2))

    @Argument(0) var source: String

    @Argument(1) var target: String

    let data = DataFolderOptions()

    func run() async throws {
        try data.images.tag(ImageReference(source), as: ImageReference(target))
    }
}
