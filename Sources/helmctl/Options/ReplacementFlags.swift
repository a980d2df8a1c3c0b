import Flags

/// What `install` alone decides, and `template` takes too: whose name is taken, and where objects are put together.
struct ReplacementFlags {
    @Flag("replace", "reuse the given name, only if that name is a deleted release")
    var replaces = false

    @Flag("server-side", "object updates run in the server instead of the client")
    var isServerSide = true
}
