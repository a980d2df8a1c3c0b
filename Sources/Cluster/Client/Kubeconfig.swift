import API
import Document

/// The clusters, users and contexts of one or several kubeconfig files ("Organizing Cluster Access Using kubeconfig
/// Files").
public struct Kubeconfig: Sendable {
    /// Why a kubeconfig cannot be used.
    public struct Failure: Error, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// What command-line flags and environment set over the files.
    public struct Overrides: Sendable {
        public var context: String?
        public var server: String?
        public var token: String?
        public var certificateAuthorityFile: String?
        public var serverName: String?
        public var skipsVerification: Bool?
        public var user: String?
        public var groups: [String] = []
        public var namespace: String?

        public init() {}
    }

    /// One named entry, with the folder of its file, against which relative paths are read.
    struct Entry: Sendable {
        var value: Value
        var folder: String
    }

    private(set) var clusters: [String: Entry] = [:]
    private(set) var users: [String: Entry] = [:]
    private(set) var contexts: [String: Value] = [:]
    public private(set) var currentContext = ""

    /// The contexts with the names of their clusters, by name.
    public var contextNames: [(name: String, cluster: String)] {
        contexts.map { ($0.key, $0.value["cluster"]?.string ?? "") }.sorted { $0.name < $1.name }
    }

    /// A kubeconfig without entries.
    public init() {}

    /// Reads files and lays them over each other: of two entries of a name the first counts.
    ///
    /// - Parameters:
    ///   - paths: missing files are passed over unless `isExplicit`.
    ///   - read: the contents of a file, nil where there is none.
    public init(_ paths: [String], isExplicit: Bool, read: (String) throws -> [UInt8]?) throws {
        for path in paths {
            guard let bytes = try read(path) else {
                if isExplicit { throw Failure(description: "kubeconfig \(path): no such file") }
                continue
            }
            try add(bytes, path)
        }
    }

    private mutating func add(_ bytes: [UInt8], _ path: String) throws {
        let document: Value
        do { document = try YAML.parse(bytes) } catch {
            throw Failure(description: "kubeconfig \(path): \(error.message)")
        }
        guard document.object != nil || document.isNull else {
            throw Failure(description: "kubeconfig \(path): not a kubeconfig: the top of the file is no mapping")
        }
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        for (name, value) in Kubeconfig.entries(document, "clusters", "cluster") where clusters[name] == nil {
            clusters[name] = Entry(value: value, folder: folder)
        }
        for (name, value) in Kubeconfig.entries(document, "users", "user") where users[name] == nil {
            users[name] = Entry(value: value, folder: folder)
        }
        for (name, value) in Kubeconfig.entries(document, "contexts", "context") where contexts[name] == nil {
            contexts[name] = value
        }
        if currentContext.isEmpty { currentContext = document["current-context"]?.string ?? "" }
    }

    private static func entries(_ document: Value, _ list: Text, _ item: Text) -> [(String, Value)] {
        (document[list]?.array ?? []).compactMap { entry in
            entry["name"]?.string.map { ($0, entry[item] ?? [:]) }
        }
    }

    /// The context in use.
    func context(_ overrides: Overrides) throws -> Value {
        let name = overrides.context ?? currentContext
        if name.isEmpty { return [:] }
        guard let context = contexts[name] else {
            throw Failure(description: "context \"\(name)\" does not exist in the kubeconfig")
        }
        return context
    }

    /// The namespace that commands work in when they name none.
    public func namespace(_ overrides: Overrides) throws -> String {
        if let namespace = overrides.namespace, !namespace.isEmpty { return namespace }
        let named = try context(overrides)["namespace"]?.string ?? ""
        return named.isEmpty ? "default" : named
    }
}
