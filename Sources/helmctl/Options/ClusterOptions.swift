import ControlPlane
import Flags

/// What a cluster is told when it starts.
struct ClusterOptions {
    let data = DataFolderOptions()

    @Flag("listen", "the address and port that the API listens on")
    var listen = ClusterSettings.standardListen

    @Flag("write-kubeconfig", "write the kubeconfig to this file instead of the data folder")
    var writeKubeconfig: String?

    @Flag("store", "where objects are kept: sqlite:///PATH or memory: (default: a file in the data folder)")
    var store: String?

    @Flag("restore", "start with what 'helmctl cluster snapshot' wrote; the store has to be empty")
    var restore: String?

    @Flag("no-node", "run the control plane alone, without pods on this machine")
    var noNode = false

    @Flag("token-auth-file", "a CSV file of static tokens: token,user,uid,\"group1,group2\"")
    var tokenAuthFile: String?

    @Flag(
        "pod-cidr", "the range that pods get their addresses from (default: 10.244.0.0/16, or the next that is free)")
    var podCidr: String?

    @Flag(
        "service-cidr",
        "the range that Services get their addresses from (default: 10.96.0.0/16, or the next that is free)")
    var serviceCidr: String?

    func settings() throws -> ClusterSettings {
        guard let colon = listen.lastIndex(of: ":"), let port = UInt16(listen[listen.index(after: colon)...]),
            colon > listen.startIndex
        else { throw CommandFailure("--listen \(listen): it has to be ADDRESS:PORT, such as 127.0.0.1:6443") }
        var settings = ClusterSettings(
            folder: data.path, host: String(listen[..<colon]), port: Int(port),
            kubeconfig: writeKubeconfig.map(DataFolderOptions.absolute), store: store, hasNode: !noNode,
            tokenFile: tokenAuthFile.map(DataFolderOptions.absolute), podRange: podCidr, serviceRange: serviceCidr)
        settings.snapshot = restore.map(DataFolderOptions.absolute)
        return settings
    }

    /// The same options as words of a command line, for the daemon.
    func words() throws -> [String] {
        let settings = try settings()
        var words = ["--data-dir", settings.folder, "--listen", listen]
        if let podCidr { words += ["--pod-cidr", podCidr] }
        if let serviceCidr { words += ["--service-cidr", serviceCidr] }
        if let kubeconfig = settings.kubeconfig { words += ["--write-kubeconfig", kubeconfig] }
        if let store { words += ["--store", store] }
        if let snapshot = settings.snapshot { words += ["--restore", snapshot] }
        if let tokens = settings.tokenFile { words += ["--token-auth-file", tokens] }
        return noNode ? words + ["--no-node"] : words
    }
}
