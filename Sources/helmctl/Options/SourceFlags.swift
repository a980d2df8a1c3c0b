import ArgumentParser

/// Which chart of a repository is meant; what needs one answers that it is not built yet.
struct SourceFlags: ParsableArguments {
    @Option(name: .customLong("version"), help: "a version constraint for the chart version to use")
    var version = ""

    @Option(name: .customLong("repo"), help: "chart repository url where to locate the requested chart")
    var repository: String?

    @Flag(name: .customLong("devel"), help: "use development versions, too")
    var allowsPreReleases = false

    @Flag(name: .customLong("verify"), help: "verify the package before using it")
    var verifies = false

    func refuseWhatIsMissing() throws {
        for (flag, isUsed) in [("--repo", repository != nil), ("--verify", verifies)] where isUsed {
            throw CommandFailure("\(flag) is not supported yet")
        }
    }
}
