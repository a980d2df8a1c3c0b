import ArgumentParser
import OCI

/// `helmctl image tag`: gives an image a further name.
struct ImageTagCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag", abstract: "Give an image a further name.")

    @Argument(help: "The image's name now.")
    var source: String

    @Argument(help: "The further name.")
    var target: String

    @OptionGroup var data: DataFolderOptions

    func run() async throws {
        try data.images.tag(ImageReference(source), as: ImageReference(target))
    }
}
