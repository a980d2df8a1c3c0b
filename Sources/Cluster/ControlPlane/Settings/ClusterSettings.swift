/// What a cluster is told when it starts.
public struct ClusterSettings: Sendable, Hashable {
    /// Where the cluster keeps everything that it has to remember.
    public var folder: String
    /// Where the API listens: host and port; port 0 is the system's choice.
    public var host: String
    public var port: Int
    /// Where the kubeconfig goes; `FOLDER/kubeconfig` where nil.
    public var kubeconfig: String?
    /// `sqlite:///path` or `memory:`; a SQLite file in the folder where nil.
    public var store: String?
    /// A snapshot that a new cluster starts with; nil for an empty one.
    public var snapshot: String?
    /// Whether pods run on this machine.
    public var hasNode: Bool
    /// A file with static tokens, in upstream's CSV form.
    public var tokenFile: String?
    /// The ranges of pods' and Services' addresses; nil takes those that the cluster has, or free ones.
    public var podRange: String?
    public var serviceRange: String?
    /// A further address of this machine on which pods reach the API; nil for none.
    public var podAddress: String?

    public static let standardListen = "127.0.0.1:6443"

    public init(
        folder: String, host: String = "127.0.0.1", port: Int = 6443, kubeconfig: String? = nil,
        store: String? = nil, hasNode: Bool = true, tokenFile: String? = nil, podRange: String? = nil,
        serviceRange: String? = nil, podAddress: String? = nil
    ) {
        self.folder = folder
        self.host = host
        self.port = port
        self.kubeconfig = kubeconfig
        self.store = store
        self.hasNode = hasNode
        self.tokenFile = tokenFile
        self.podRange = podRange
        self.serviceRange = serviceRange
        self.podAddress = podAddress
    }
}

/// Why a cluster does not start or stop: one line for the user, with what to do where that is known.
public struct ClusterFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What can be told apart by programs.
    public enum Code: String, Sendable {
        case badSettings, badFolder, portTaken, storeUnusable, alreadyRunning, notRunning, startFailed, tooSlow
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
