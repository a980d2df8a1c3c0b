import Flags

/// The flags of an installation that rendering takes, for scripts that pass them everywhere, and has no use for.
struct UnusedInstallFlags {
    let installation = InstallationFlags()
    let force = ForceFlags()
    let replacement = ReplacementFlags()
}
