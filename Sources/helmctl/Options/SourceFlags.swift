import Flags

/// Which chart of a repository is meant; what needs one answers that it is not built yet.
struct SourceFlags {
    @Flag("version", "a version constraint for the chart version to use")
    var version = ""

    @Flag("repo", "chart repository url where to locate the requested chart")
    var repository: String?

    @Flag("devel", "use development versions, too")
    var allowsPreReleases = false

    @Flag("verify", "verify the package before using it")
    var verifies = false

    func refuseWhatIsMissing() throws {
        for (flag, isUsed) in [("--repo", repository != nil), ("--verify", verifies)] where isUsed {
            throw CommandFailure("\(flag) is not supported yet")
        }
    }
}
