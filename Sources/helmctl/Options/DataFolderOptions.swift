import Flags
import Glibc

/// Where a cluster keeps what it has to remember.
struct DataFolderOptions {
    @Flag("data-dir", "the cluster's folder")
    var folder: String = DataFolderOptions.standard

    /// `/var/lib/helmctl` for root, else a folder of the user's own (XDG Base Directory).
    static var standard: String {
        if let data = getenv("HELMCTL_DATA_DIR"), data.pointee != 0 { return String(cString: data) }
        if geteuid() == 0 { return "/var/lib/helmctl" }
        if let data = getenv("XDG_DATA_HOME"), data.pointee != 0 { return "\(String(cString: data))/helmctl" }
        return "\(getenv("HOME").map { String(cString: $0) } ?? "/tmp")/.local/share/helmctl"
    }

    /// The folder as an absolute path.
    var path: String { DataFolderOptions.absolute(folder) }

    /// The path seen from the root: a daemon works in another folder.
    static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let here = getcwd(nil, 0) else { return path }
        defer { free(here) }
        return "\(String(cString: here))/\(path)"
    }
}
