import API
import Client
import Document
import Glibc
import OCI

/// How a container of a pod is made: its root file system, files and configuration.
struct ContainerPlan {
    let pod: Value
    let folder: PodFolder
    let services: NodeServices
    let address: String
    let volumes: [String: String]
    let namespaces: [(kind: String, path: String)]

    /// Makes the bundle of one run of a container.
    func write(_ track: ContainerTrack, _ image: Image, as id: String, in run: ContainerFolder) async throws {
        let facts = services.facts(pod, address: address)
        let container = track.spec
        try Unsupported.check(container, of: pod)
        let environment = try await Environment(container, of: pod, sources(facts))
        try Files.makeFolder(run.path, mode: 0o700)
        let log = folder.log(of: track.name, 0)
        try Files.makeFolder(String(log[..<(log.lastIndex(of: "/") ?? log.endIndex)]))
        let root = RootFilesystem(folder: run)
        try root.mount(image, of: services.images, source: folder.mountName)
        let configuration = image.configuration
        let security = try ContainerSecurity(container, of: pod)
        let user = try security.user(
            configuration.user, passwd: root.read("/etc/passwd") ?? "", groups: root.read("/etc/group") ?? "",
            container: track.name)
        let hasTerminal = ContainerConsole(container).hasTerminal
        var entries = withHome(environment.entries(over: configuration.environment), user, root)
        if hasTerminal, !entries.contains(where: { $0.hasPrefix("TERM=") }) { entries.append("TERM=xterm") }
        let specification = RuntimeSpecification(
            arguments: try arguments(container, configuration, environment), environment: entries,
            workingFolder: container["workingDir"]?.string ?? configuration.workingFolder.orRoot, user: user,
            mounts: try mounts(container, run, environment), group: "\(folder.group)/\(id)",
            resources: ContainerResources(
                container, quality: ContainerResources.quality(of: pod), capacity: services.machine.memory),
            security: security, namespaces: namespaces,
            annotations: [
                "io.kubernetes.pod.name": pod.name, "io.kubernetes.pod.namespace": pod.namespace,
                "io.kubernetes.container.name": track.name,
            ], usesCGroup2: services.runtime.profile.cgroups == .v2, hasTerminal: hasTerminal)
        try Files.write(JSON.write(specification.value), to: run.configuration, mode: 0o600)
    }

    private func sources(_ facts: PodFacts) -> Environment.Sources {
        let (services, namespace) = (self.services, pod.namespace)
        let known = services.services.objects(in: namespace)
        let api = services.services["default/kubernetes"].map { namespace == "default" ? [] : [$0] } ?? []
        return Environment.Sources(
            data: { try await services.data($0, namespace: namespace, name: $1) },
            services: (known + api).sorted { $0.name < $1.name }, facts: facts)
    }

    /// The home folder of the user, which programs expect to be told.
    private func withHome(_ entries: [String], _ user: ContainerUser, _ root: RootFilesystem) -> [String] {
        var entries = entries
        if !entries.contains(where: { $0.hasPrefix("PATH=") }) {
            entries.insert("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", at: 0)
        }
        guard !entries.contains(where: { $0.hasPrefix("HOME=") }) else { return entries }
        let lines = (root.read("/etc/passwd") ?? "").split(separator: "\n")
        let fields = lines.map { $0.split(separator: ":", omittingEmptySubsequences: false) }
        let home = fields.first { $0.count > 5 && $0[2] == String(user.user) }.map { String($0[5]) }
        return entries + ["HOME=\(home ?? (user.user == 0 ? "/root" : "/"))"]
    }

    /// The pod's command replaces the image's entry point, and then the image's arguments do not hold either.
    private func arguments(
        _ container: Value, _ image: ImageConfiguration, _ environment: Environment
    ) throws -> [String] {
        func strings(_ key: Text) -> [String]? {
            container[key]?.array.map { list in
                list.compactMap(\.string).map { VariableExpansion.expand($0) { environment[$0] } }
            }
        }
        let command = strings("command") ?? []
        let given = strings("args") ?? []
        let arguments =
            command.isEmpty ? image.entrypoint + (given.isEmpty ? image.command : given) : command + given
        guard !arguments.isEmpty else { throw NodeError(.configuration, "no command specified") }
        return arguments
    }

    private func mounts(
        _ container: Value, _ run: ContainerFolder, _ environment: Environment
    ) throws -> [RuntimeSpecification.Mount] {
        var list: [RuntimeSpecification.Mount] = []
        for mount in container["volumeMounts"]?.array ?? [] {
            list.append(try self.mount(mount, environment))
        }
        let taken = Set(list.map(\.destination))
        let termination = container["terminationMessagePath"]?.string ?? "/dev/termination-log"
        let message = "\(run.path)/termination-log"
        try Files.write([], to: message, mode: 0o666)
        for (source, destination) in [
            (folder.etc("hosts"), "/etc/hosts"), (folder.etc("resolv.conf"), "/etc/resolv.conf"),
            (folder.etc("hostname"), "/etc/hostname"), (folder.sharedMemory, "/dev/shm"), (message, termination),
        ] where !taken.contains(destination) {
            list.append(RuntimeSpecification.Mount(source: source, destination: destination, isReadOnly: false))
        }
        return list
    }

    private func mount(_ mount: Value, _ environment: Environment) throws -> RuntimeSpecification.Mount {
        let name = mount["name"]?.string ?? ""
        guard var source = volumes[name] else { throw NodeError(.configuration, "volume \"\(name)\" not found") }
        let below =
            mount["subPath"]?.string
            ?? mount["subPathExpr"]?.string.map { VariableExpansion.expand($0) { environment[$0] } } ?? ""
        if !below.isEmpty { source = try SubPath(source, below).prepare() }
        let volume = pod["spec", "volumes"]?.array?.first { $0["name"]?.string == name }
        // What is made of objects is never written to by containers.
        let isData = ["configMap", "secret", "projected", "downwardAPI"].contains { volume?[$0] != nil }
        let propagation: String =
            switch mount["mountPropagation"]?.string {
            case "HostToContainer": "rslave"
            case "Bidirectional": "rshared"
            default: "rprivate"
            }
        return RuntimeSpecification.Mount(
            source: source, destination: mount["mountPath"]?.string ?? "",
            isReadOnly: isData || mount["readOnly"]?.bool ?? false, propagation: propagation)
    }
}

extension String {
    fileprivate var orRoot: String { isEmpty ? "/" : self }
}
