import Glibc

/// Where Helm keeps its files: a variable of its own over the XDG folder over the one below the home.
enum HelmFolders {
    static var data: String { folder("HELM_DATA_HOME", "XDG_DATA_HOME", ".local/share") }

    /// The folders of plugins.
    static var plugins: [String] {
        (ConnectionFlags.environment("HELM_PLUGINS") ?? "\(data)/plugins").split(separator: ":").map(String.init)
    }

    static var starters: String { "\(data)/starters" }

    private static func folder(_ own: String, _ general: String, _ below: String) -> String {
        if let path = ConnectionFlags.environment(own) { return path }
        if let path = ConnectionFlags.environment(general) { return "\(path)/helm" }
        return "\(ConnectionFlags.environment("HOME") ?? "")/\(below)/helm"
    }
}
