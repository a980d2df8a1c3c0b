public import API
public import Client
public import Document

/// How the API reaches what runs on a node: by HTTPS to its agent, or by a call into this process.
public protocol NodeConnection: Sendable {
    /// The log of a container, to its end or for as long as it is followed.
    ///
    /// - Parameters:
    ///   - pod: the whole Pod, bound to a node.
    ///   - options: what of the log is wanted.
    /// - Throws: an API `Status` where the node refuses.
    func log(of pod: Value, _ options: LogOptions) async throws -> AsyncThrowingStream<[UInt8], any Error>

    /// Runs a program in a container to its end.
    ///
    /// - Parameters:
    ///   - program: the program's words.
    ///   - pod: the whole Pod, bound to a node.
    /// - Returns: the program's exit status, 128 + signal where a signal ended it.
    /// - Throws: an API `Status` where the program cannot be started.
    func execute(
        _ program: [String], in container: String, of pod: Value, _ streams: ProcessStreams
    ) async throws -> Int32

    /// Shows what a container's first process writes from now on, until that process ends.
    ///
    /// - Throws: an API `Status` where the node refuses.
    func attach(to container: String, of pod: Value, _ streams: ProcessStreams) async throws

    /// Connects to a port from inside of a pod and copies both ways, until both sides have ended.
    ///
    /// - Parameters:
    ///   - address: the pod's own, or its loopback.
    ///   - input: what the client sends.
    ///   - output: takes what the pod sends, and returns once that is on its way.
    /// - Throws: an API `Status` where nobody listens there.
    func forward(
        port: Int, at address: IPv4Address, of pod: Value, input: HandOver<[UInt8]>,
        output: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws
}

/// What a process in a container has instead of a terminal or files.
public struct ProcessStreams: Sendable {
    /// The rows and columns of a terminal.
    public struct Size: Sendable, Hashable {
        public var width: UInt16
        public var height: UInt16

        public init(width: UInt16, height: UInt16) {
            self.width = width
            self.height = height
        }
    }

    /// Takes bytes, and returns once they are on their way.
    public typealias Writer = @Sendable ([UInt8]) async throws -> Void

    /// What the client types; nil for no input.
    public var input: HandOver<[UInt8]>?
    /// The sizes that the client's terminal takes.
    public var sizes: HandOver<Size>?
    /// Nil where nobody looks.
    public var output: Writer?
    public var errors: Writer?
    /// Whether the process gets a terminal; errors then come with the output.
    public var isTerminal: Bool

    public init(
        input: HandOver<[UInt8]>? = nil, sizes: HandOver<Size>? = nil, output: Writer? = nil, errors: Writer? = nil,
        isTerminal: Bool = false
    ) {
        self.input = input
        self.sizes = sizes
        self.output = output
        self.errors = errors
        self.isTerminal = isTerminal
    }
}

/// Which part of a container's log is wanted (core's PodLogOptions).
public struct LogOptions: Sendable {
    public var container: String
    public var isFollowed: Bool
    /// Whether the log of the container's last run is meant.
    public var isPrevious: Bool
    public var hasTimestamps: Bool
    public var sinceSeconds: Int?
    /// RFC 3339.
    public var sinceTime: String?
    public var tailLines: Int?
    public var limitBytes: Int?

    /// All of a container's log so far.
    public init(container: String) {
        self.container = container
        isFollowed = false
        isPrevious = false
        hasTimestamps = false
    }

    init(_ query: Query, container: String) {
        self.init(container: container)
        isFollowed = query.flag("follow")
        isPrevious = query.flag("previous")
        hasTimestamps = query.flag("timestamps")
        sinceSeconds = Int(query["sinceSeconds"])
        sinceTime = query["sinceTime"].isEmpty ? nil : query["sinceTime"]
        tailLines = Int(query["tailLines"])
        limitBytes = Int(query["limitBytes"])
    }
}
