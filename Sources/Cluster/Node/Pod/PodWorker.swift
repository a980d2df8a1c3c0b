import API
import Client
import Document
import OCI

/// Brings one pod on this machine to what its object says, step by step, and tells the API how it stands.
///
/// One step looks at everything and does what can be done now; whatever happens afterwards (a container ends, a probe
/// speaks, the object changes, a pause is over) wakes the worker for the next.
actor PodWorker {
    let services: NodeServices
    let folder: PodFolder
    let sandbox: PodSandbox
    var pod: Value
    var tracks: [ContainerTrack]
    var address = ""
    /// The path of each volume, once all are made.
    var volumes: [String: String]?
    var volumesChecked: Time?
    let firstSeen: Time
    /// Why the node has ended the pod as a whole.
    var verdict: (reason: String, message: String)?

    /// How long the pod still has when it is being ended; nil while it is to run.
    var stopBy: Time?
    var isStopped = false
    var isWithoutObject = false
    private var stopping: Task<Void, Never>?

    private var tokens: [String: (text: String, renewal: Time)] = [:]
    var probeTasks: [String: [Task<Void, Never>]] = [:]
    private var publishing: Task<Void, Never>?
    private var published: Value?
    private let wakes: AsyncStream<Void>
    nonisolated let wake: AsyncStream<Void>.Continuation

    init(_ pod: Value, _ services: NodeServices) {
        self.pod = pod
        self.services = services
        firstSeen = services.clock.now
        folder = PodFolder(
            services.configuration.pods, uid: pod.uid, cluster: services.configuration.cluster)
        sandbox = PodSandbox(
            folder: folder, usesHostNetwork: pod["spec", "hostNetwork"]?.bool ?? false,
            keeper: pod["spec", "shareProcessNamespace"]?.bool ?? false ? services.runtime.shim : nil)
        let initial = pod["spec", "initContainers"]?.array ?? []
        let main = pod["spec", "containers"]?.array ?? []
        let reason = initial.isEmpty ? "ContainerCreating" : "PodInitializing"
        tracks =
            initial.map { ContainerTrack($0, isInit: true, waitingFor: "PodInitializing") }
            + main.map { ContainerTrack($0, isInit: false, waitingFor: reason) }
            + PodWorker.guests(of: pod)
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    var policy: String { pod["spec", "restartPolicy"]?.string ?? "Always" }

    /// Works until the pod and its object are gone, or the task is cancelled: then the containers go on.
    func run() async {
        await adopt()
        while !Task.isCancelled, !isStopped {
            let pause = await step()
            publish()
            await sleep(pause)
        }
        for task in probeTasks.values.joined() { task.cancel() }
        publishing?.cancel()
    }

    private func sleep(_ pause: Duration?) async {
        let timer = pause.map { pause in
            Task { [clock = services.clock, wake] in
                try await clock.sleep(for: pause)
                wake.yield()
            }
        }
        defer { timer?.cancel() }
        for await _ in wakes { return }
    }

    /// Takes a newer state of the pod's object.
    func update(_ object: Value) {
        guard object.uid == pod.uid else { return }
        let wasDeleted = pod.isBeingDeleted
        pod = object
        for container in (object["spec", "initContainers"]?.array ?? []) + (object["spec", "containers"]?.array ?? []) {
            if let index = index(container["name"]?.string ?? "") { tracks[index].spec = container }
        }
        takeGuests()
        if object.isBeingDeleted {
            let grace = object["metadata", "deletionGracePeriodSeconds"]?.int ?? 30
            stop(grace: grace)
        }
        if wasDeleted != object.isBeingDeleted || !isStopped { wake.yield() }
    }

    static func guests(of pod: Value) -> [ContainerTrack] {
        (pod["spec", "ephemeralContainers"]?.array ?? []).map {
            ContainerTrack($0, isInit: false, isEphemeral: true, waitingFor: "ContainerCreating")
        }
    }

    private func takeGuests() {
        for guest in PodWorker.guests(of: pod) where index(guest.name) == nil { tracks.append(guest) }
    }

    /// The pod's object is gone: what runs has to go too.
    func objectIsGone() {
        isWithoutObject = true
        stop(grace: min(pod["metadata", "deletionGracePeriodSeconds"]?.int ?? 1, 30))
        wake.yield()
    }

    /// Ends the pod; a shorter time replaces a longer one.
    func stop(grace: Int) {
        let deadline = services.clock.now + .seconds(grace)
        stopBy = stopBy.map { min($0, deadline) } ?? deadline
        guard stopping == nil else { return }
        stopping = Task { await self.shutDown() }
    }

    /// What can be done now; returns after how long to look again.
    private func step() async -> Duration? {
        guard stopBy == nil else { return nil }
        if pod.isTerminal || isOver { return await rest() }
        let deadline = checkDeadline()
        if verdict != nil { return deadline }
        do {
            try await prepare()
        } catch {
            return complain(error)
        }
        endOutdated()
        let guests = await startGuests()
        let pauses = await startContainers() + guests
        return (pauses + [refreshPause, deadline]).compactMap { $0 }.min()
    }

    /// Whether all containers have ended for good.
    private var isOver: Bool {
        let phase = status.phase
        return phase == "Succeeded" || phase == "Failed"
    }

    /// Gives back what a pod that has ended does not need: its logs and statuses stay.
    private func rest() async -> Duration? {
        for track in tracks where track.isRunning { kill(track.name) }
        guard tracks.allSatisfy({ !$0.isRunning }), sandbox.exists else { return nil }
        await services.network.detach(pod: folder.uid)
        sandbox.remove()
        for track in tracks where track.attempt >= 0 {
            RootFilesystem(folder: folder.run(of: track.name, track.attempt)).unmount()
        }
        return nil
    }

    /// Ends a pod that has run for longer than it may; returns how long it may still.
    private func checkDeadline() -> Duration? {
        guard let seconds = pod["spec", "activeDeadlineSeconds"]?.int else { return nil }
        let start = pod["status", "startTime"]?.string.flatMap { Time($0) } ?? firstSeen
        let rest = start + .seconds(seconds) - services.clock.now
        guard rest <= .zero else { return rest }
        verdict = ("DeadlineExceeded", "Pod was active on the node longer than the specified deadline")
        services.events.normal(pod, "DeadlineExceeded", verdict?.message ?? "")
        for track in tracks where track.isRunning { kill(track.name) }
        return .milliseconds(10)
    }

    /// Sandbox and volumes.
    private func prepare() async throws {
        if address.isEmpty || !sandbox.exists {
            try folder.makeFolders()
            try folder.remember(pod)
            let facts = services.facts(pod, address: "")
            do {
                address = try await sandbox.make(
                    hostname: facts.hostname, network: services.network,
                    nodeAddress: services.configuration.address)
            } catch {
                throw NodeError(.machine, "Failed to create pod sandbox: \(error)")
            }
            try writeFiles(facts)
        }
        if volumes == nil || refreshPause == .zero {
            volumes = try await podVolumes.prepare()
            volumesChecked = services.clock.now
        }
    }

    private func writeFiles(_ facts: PodFacts) throws {
        let files = PodFiles(
            pod: pod, hostname: facts.hostname, address: address, dnsAddress: services.network.dnsAddress,
            domain: services.configuration.domain, machineResolver: Files.text("/etc/resolv.conf") ?? "",
            machineHosts: Files.text("/etc/hosts") ?? "")
        try Files.write(Array(files.hosts.utf8), to: folder.etc("hosts"))
        try Files.write(Array(files.resolver.utf8), to: folder.etc("resolv.conf"))
        try Files.write(Array((facts.hostname + "\n").utf8), to: folder.etc("hostname"))
    }

    private var podVolumes: PodVolumes {
        let (services, pod) = (self.services, self.pod)
        let files = VolumeFiles(pod: pod, facts: services.facts(pod, address: address)) { kind, name in
            try await services.data(kind, namespace: pod.namespace, name: name)
        } token: { audience, seconds in
            try await self.token(audience, seconds)
        }
        return PodVolumes(pod: pod, folder: folder.volumes, files: files, source: folder.mountName) {
            try await services.volume(of: $0, in: pod)
        }
    }

    /// A token that is good for a while yet; kubelet takes a new one when a fifth of its time is left.
    private func token(_ audience: String?, _ seconds: Int) async throws -> String {
        let key = "\(audience ?? "") \(seconds)"
        if let known = tokens[key], known.renewal > services.clock.now { return known.text }
        let renewal = services.clock.now + .seconds(seconds * 4 / 5)
        let text = try await services.token(for: pod, audience: audience, seconds: seconds)
        tokens[key] = (text, renewal)
        return text
    }

    /// After how long the volumes that are made of objects are looked at again; nil where there are none.
    private var refreshPause: Duration? {
        let kinds: [Text] = ["configMap", "secret", "projected", "downwardAPI"]
        let list = pod["spec", "volumes"]?.array ?? []
        guard let checked = volumesChecked, list.contains(where: { volume in kinds.contains { volume[$0] != nil } })
        else { return nil }
        return max(checked + .seconds(60) - services.clock.now, .zero)
    }

    /// Tells why the pod cannot start yet, and when it is tried again.
    private func complain(_ error: any Error) -> Duration {
        let code = (error as? NodeError)?.code
        services.events.warning(pod, code == .machine ? "FailedCreatePodSandBox" : "FailedMount", "\(error)")
        guard code == .unsupported else { return .seconds(2) }
        // It will not come right by itself: who looks at the pod sees why.
        for index in tracks.indices where tracks[index].attempt < 0 {
            tracks[index].phase = .waiting(reason: "UnsupportedVolume", message: "\(error)")
        }
        return .seconds(60)
    }

    var status: PodStatus {
        PodStatus(
            pod: pod, tracks: tracks, hasSandbox: !address.isEmpty && !isStopped, podAddress: address,
            nodeAddress: services.configuration.address, started: firstSeen, now: services.clock.now, verdict: verdict)
    }

    /// Sends the status where it has changed, one after the other and always the newest.
    func publish() {
        guard publishing == nil, !isWithoutObject, status.value != published else { return }
        publishing = Task {
            await self.send()
            self.publishing = nil
            self.publish()
        }
    }

    private func send() async {
        let wanted = status.value
        published = wanted
        do {
            let patch: Value = ["metadata": ["uid": .string(pod.uid)], "status": wanted]
            let answer = try await services.client.patch(
                .pods, namespace: pod.namespace, name: pod.name, .strategic(patch), subresource: "status")
            // Conditions keep their times by what the API has; a status that others have changed meanwhile comes later.
            if answer.uid == pod.uid { pod["status"] = answer["status"] }
            if status.value == wanted { published = status.value }
        } catch let refusal as Status where refusal.reason == .notFound || refusal.reason == .conflict {
            return
        } catch {
            published = nil
            try? await services.clock.sleep(for: .seconds(1))
        }
    }

    /// Waits until the newest status has been sent.
    func flush() async {
        publish()
        while let task = publishing { await task.value }
    }

    /// The index of a container's track.
    func index(_ name: String) -> Int? { tracks.firstIndex { $0.name == name } }

    func finishStopping() {
        isStopped = true
        wake.yield()
    }
}
