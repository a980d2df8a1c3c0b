import API
import Client
import CLinux
import Document
import Glibc
import OCI

extension PodWorker {
    /// How long a pod waits at most for the network to send it nothing new.
    private static let withdrawal = Duration.seconds(5)

    /// Ends a container by itself: its pod goes on.
    ///
    /// - Parameter grace: seconds; nil for the pod's own.
    func kill(_ name: String, because reason: String? = nil, grace: Int? = nil) {
        guard let index = index(name), tracks[index].isRunning, !tracks[index].isStopping else { return }
        tracks[index].isStopping = true
        services.events.normal(pod, part: tracks[index].fieldPath, "Killing", reason ?? "Stopping container \(name)")
        let seconds = grace ?? pod["spec", "terminationGracePeriodSeconds"]?.int ?? 30
        let deadline = services.clock.now + .seconds(seconds)
        Task { await self.end(name) { _ in deadline } }
    }

    /// Ends the containers that run another image than the pod now has: the next step starts them anew (kubelet:
    /// `computePodActions`, "definition changed").
    func endOutdated() {
        for track in tracks where track.isRunning && !track.isStopping && (!track.isInit || track.isSidecar) {
            guard let wanted = try? ImageReference(track.spec["image"]?.string ?? ""),
                wanted.description != track.image, let index = index(track.name)
            else { continue }
            tracks[index].isReplaced = true
            kill(track.name, because: "Container \(track.name) definition changed, will be restarted")
        }
    }

    /// Ends the pod: no new connections, hooks, SIGTERM, SIGKILL; then everything of it is removed, its object last.
    func shutDown() async {
        for track in tracks where track.isRunning {
            services.events.normal(pod, part: track.fieldPath, "Killing", "Stopping container \(track.name)")
        }
        await withdraw()
        // Sidecars go after those whom they serve.
        for group in [tracks.filter { !$0.isSidecar }, tracks.filter(\.isSidecar)] {
            await withTaskGroup(of: Void.self) { tasks in
                for track in group where track.isRunning {
                    if let index = index(track.name) { tracks[index].isStopping = true }
                    tasks.addTask { await self.end(track.name) { $0.stopBy ?? Time(seconds: 0) } }
                }
            }
        }
        await flush()
        await removeAll()
        if !isWithoutObject { await removeObject() }
        finishStopping()
    }

    private func withdraw() async {
        guard !address.isEmpty, !sandbox.usesHostNetwork, tracks.contains(where: \.isRunning), let stopBy else {
            return
        }
        let rest = min(stopBy - services.clock.now, PodWorker.withdrawal)
        guard rest > .zero else { return }
        let (network, address) = (services.network, address)
        try? await withDeadline(rest, "leaving the services") { await network.withdrawn(address) }
    }

    /// Hook, SIGTERM, and SIGKILL once the time is over.
    private func end(_ name: String, by deadline: @Sendable (isolated PodWorker) async -> Time) async {
        guard let index = index(name), tracks[index].isRunning else { return }
        let track = tracks[index]
        let run = folder.run(of: name, track.attempt)
        if let hook = track.spec["lifecycle", "preStop"] {
            let rest = await deadline(self) - services.clock.now
            if rest > .zero { await carryOut(preStop: hook, track, rest) }
        }
        guard let running = run.running else { return }
        let pidfd = helmctl_pidfd_open(running.process)
        defer { if pidfd >= 0 { close(pidfd) } }
        // The kernel may have given the number to another process since.
        guard pidfd >= 0, startTicks(of: running.process) == running.processTicks else {
            return await untilEnded(name, track.attempt)
        }
        if await deadline(self) > services.clock.now {
            helmctl_pidfd_signal(pidfd, stopSignal(run))
            // The deadline may come nearer while it is waited for.
            while isRunning(name, track.attempt), await deadline(self) > services.clock.now {
                try? await services.clock.sleep(for: .milliseconds(10))
            }
        }
        if isRunning(name, track.attempt) { helmctl_pidfd_signal(pidfd, SIGKILL) }
        await untilEnded(name, track.attempt)
    }

    /// Whether that run of a container goes on.
    func isRunning(_ name: String, _ attempt: Int) -> Bool {
        index(name).map { tracks[$0].attempt == attempt && tracks[$0].isRunning } ?? false
    }

    private func untilEnded(_ name: String, _ attempt: Int) async {
        while isRunning(name, attempt) { try? await services.clock.sleep(for: .milliseconds(5)) }
    }

    private func carryOut(preStop hook: Value, _ track: ContainerTrack, _ rest: Duration) async {
        let outcome = await runner(track).run(ProbeAction(hook, track.spec), timeout: rest)
        if case .failure = outcome {
            services.events.warning(pod, part: track.fieldPath, "FailedPreStopHook", "PreStopHook failed")
        }
    }

    private func stopSignal(_ run: ContainerFolder) -> Int32 {
        let about = Files.read(run.about).flatMap { try? JSON.parse($0) }
        return SignalName.number(about?["stopSignal"]?.string ?? "") ?? SIGTERM
    }

    /// Takes everything of the pod off the machine.
    private func removeAll() async {
        for task in probeTasks.values.joined() { task.cancel() }
        probeTasks = [:]
        await services.network.detach(pod: folder.uid)
        sandbox.remove()
        for track in tracks {
            for attempt in folder.attempts(of: track.name) {
                RootFilesystem(folder: folder.run(of: track.name, attempt)).unmount()
            }
        }
        NodeCleanUp.unmount(below: ["\(folder.path)/"])
        for group in services.runtime.profile.folders(of: folder.group) { NodeCleanUp.removeGroup(group) }
        try? Files.removeTree(folder.path)
    }

    /// The last step: the API forgets the pod.
    private func removeObject() async {
        let options = DeleteOptions(gracePeriodSeconds: 0, uid: pod.uid)
        while !Task.isCancelled, !isWithoutObject {
            do {
                try await services.client.delete(.pods, namespace: pod.namespace, name: pod.name, options)
                return
            } catch let refusal as Status where refusal.reason == .notFound || refusal.reason == .conflict {
                return
            } catch {
                try? await services.clock.sleep(for: .seconds(1))
            }
        }
    }
}

/// The names of signals, as images have them.
enum SignalName {
    private static let numbers: [String: Int32] = [
        "HUP": SIGHUP, "INT": SIGINT, "QUIT": SIGQUIT, "KILL": SIGKILL, "USR1": SIGUSR1, "USR2": SIGUSR2,
        "TERM": SIGTERM, "WINCH": SIGWINCH, "ABRT": SIGABRT, "STOP": SIGSTOP, "CONT": SIGCONT,
    ]

    /// The number of `SIGTERM`, `TERM`, `15` or `SIGRTMIN+3`; nil for anything else.
    static func number(_ text: String) -> Int32? {
        if let number = Int32(text), (1...64).contains(number) { return number }
        let name = text.uppercased().hasPrefix("SIG") ? String(text.uppercased().dropFirst(3)) : text.uppercased()
        // The C library keeps the first two real-time signals for itself.
        if name.hasPrefix("RTMIN+"), let offset = Int32(name.dropFirst(6)), (0...30).contains(offset) {
            return 34 + offset
        }
        return numbers[name]
    }
}
