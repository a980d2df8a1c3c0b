import Glibc
import Document
import HTTP

extension Kubeconfig {
    /// Reads the kubeconfig that kubectl would: the given file, else those of `KUBECONFIG`, else `~/.kube/config`.
    public static func load(path: String? = nil) throws -> Kubeconfig {
        if let path, !path.isEmpty { return try Kubeconfig([path], isExplicit: true, read: contents) }
        if let list = environment("KUBECONFIG") {
            let paths = list.split(separator: ":").map(String.init)
            return try Kubeconfig(paths, isExplicit: false, read: contents)
        }
        guard let home = environment("HOME") else { return Kubeconfig() }
        return try Kubeconfig(["\(home)/.kube/config"], isExplicit: false, read: contents)
    }

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The way to the server of the context in use.
    ///
    /// - Throws: ``Kubeconfig/Failure`` that names what is missing or cannot be used.
    public func transport(_ overrides: Overrides = Overrides()) throws -> HTTPSTransport {
        let context = try context(overrides)
        let cluster = try entry(clusters, "cluster", context)
        let user = try entry(users, "user", context)
        let server = overrides.server ?? cluster.value["server"]?.string ?? ""
        guard !server.isEmpty else {
            throw Failure(
                description: "no cluster to talk to: the kubeconfig names no server "
                    + "(start one with `helmctl cluster up`, or set --kubeconfig or KUBECONFIG)")
        }
        var settings = try security(cluster, overrides)
        settings.identity = try identity(user)
        let headers = try authorization(user, overrides)
        var address = server.hasSuffix("/") ? String(server.dropLast()) : server
        if let name = overrides.serverName ?? cluster.value["tls-server-name"]?.string, !name.isEmpty {
            let host = Kubeconfig.host(address)
            settings.connectHosts = [name: host]
            address.replace(host, with: name, maxReplacements: 1)
        }
        return try HTTPSTransport(HTTPSTransport.Destination(server: address, headers: headers), settings)
    }

    private func entry(_ entries: [String: Entry], _ what: Text, _ context: Value) throws -> Entry {
        guard let name = context[what]?.string, !name.isEmpty else { return Entry(value: [:], folder: ".") }
        guard let entry = entries[name] else {
            throw Failure(description: "the context names \(what) \"\(name)\", which the kubeconfig does not have")
        }
        return entry
    }

    private func security(_ cluster: Entry, _ overrides: Overrides) throws -> WebClient.Settings {
        var settings = WebClient.Settings()
        if let path = overrides.certificateAuthorityFile {
            settings.trustedCertificates = try Kubeconfig.required(path)
        } else {
            settings.trustedCertificates = try data(cluster, "certificate-authority")
        }
        settings.skipsVerification =
            overrides.skipsVerification ?? cluster.value["insecure-skip-tls-verify"]?.bool ?? false
        if let url = cluster.value["proxy-url"]?.string { settings.proxy = try Kubeconfig.proxy(url) }
        return settings
    }

    private func identity(_ user: Entry) throws -> (certificate: [UInt8], key: [UInt8])? {
        guard let certificate = try data(user, "client-certificate") else { return nil }
        guard let key = try data(user, "client-key") else {
            throw Failure(description: "the kubeconfig has a client certificate but no client key for the user")
        }
        return (certificate, key)
    }

    private func authorization(_ user: Entry, _ overrides: Overrides) throws -> [(name: String, value: String)] {
        for unsupported in ["exec", "auth-provider"] as [Text] where user.value[unsupported] != nil {
            throw Failure(description: "users with \"\(unsupported)\" in the kubeconfig are not supported yet")
        }
        var headers: [(name: String, value: String)] = []
        if let token = try token(user, overrides) {
            headers.append(("Authorization", "Bearer \(token)"))
        } else if let name = user.value["username"]?.string, let password = user.value["password"]?.string {
            let credentials = Base64.encode(Array("\(name):\(password)".utf8))
            headers.append(("Authorization", "Basic \(String(decoding: credentials, as: UTF8.self))"))
        }
        if let name = overrides.user ?? user.value["as"]?.string { headers.append(("Impersonate-User", name)) }
        let named = user.value["as-groups"]?.array?.compactMap(\.string) ?? []
        let groups = overrides.groups.isEmpty ? named : overrides.groups
        return headers + groups.map { ("Impersonate-Group", $0) }
    }

    private func token(_ user: Entry, _ overrides: Overrides) throws -> String? {
        if let token = overrides.token ?? user.value["token"]?.string { return token }
        guard let path = user.value["tokenFile"]?.string else { return nil }
        let bytes = try Kubeconfig.required(Kubeconfig.resolve(path, user.folder))
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).first.map(String.init)
    }

    /// The bytes of `KEY-data`, else of the file that `KEY` names.
    private func data(_ entry: Entry, _ key: Text) throws -> [UInt8]? {
        if let text = entry.value[key + "-data"]?.text, !text.isEmpty {
            guard let bytes = Base64.decode(text.bytes.filter { $0 > 0x20 }) else {
                throw Failure(description: "\(key)-data in the kubeconfig is not base64")
            }
            return bytes
        }
        guard let path = entry.value[key]?.string, !path.isEmpty else { return nil }
        return try Kubeconfig.required(Kubeconfig.resolve(path, entry.folder))
    }

    /// The host of `https://HOST:PORT/PATH`.
    private static func host(_ url: String) -> String {
        let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        let authority = rest.prefix { $0 != "/" }
        if authority.hasPrefix("[") { return String(authority.dropFirst().prefix { $0 != "]" }) }
        return String(authority.prefix { $0 != ":" })
    }

    private static func resolve(_ path: String, _ folder: String) -> String {
        path.hasPrefix("/") ? path : "\(folder)/\(path)"
    }

    private static func proxy(_ url: String) throws -> WebClient.Proxy {
        let rest = url.hasPrefix("http://") ? String(url.dropFirst(7)) : url
        let parts = rest.split(separator: "/")[0].split(separator: ":")
        guard parts.count == 2, let port = Int(parts[1]) else {
            throw Failure(description: "proxy-url \"\(url)\": only http://HOST:PORT is supported yet")
        }
        return WebClient.Proxy(host: String(parts[0]), port: port)
    }

    private static func required(_ path: String) throws -> [UInt8] {
        guard let bytes = try contents(path) else { throw Failure(description: "\(path): no such file") }
        return bytes
    }

    /// The contents of a file; nil where there is none.
    private static func contents(_ path: String) throws -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw Failure(description: "\(path): \(String(cString: strerror(errno)))")
        }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(file, &chunk, chunk.count)
            guard count >= 0 else { throw Failure(description: "\(path): \(String(cString: strerror(errno)))") }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
        }
    }
}
