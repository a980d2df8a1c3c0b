import API
import Client
import CLinux
import Document
import Glibc

extension PodWorker {
    /// A container runs: its end is waited for, its hook carried out, its probes begin.
    func hasStarted(_ index: Int) {
        let track = tracks[index]
        let run = folder.run(of: track.name, track.attempt)
        guard let running = run.running else { return }
        tracks[index].phase = .running(since: running.started)
        watch(endOf: track.name, track.attempt, shim: running.shim)
        let hook = track.spec["lifecycle", "postStart"]
        if let hook {
            Task { await self.carryOut(hook, track) }
        } else {
            tracks[index].isHooked = true
        }
        startProbes(index)
        publish()
    }

    private func watch(endOf name: String, _ attempt: Int, shim: pid_t) {
        let pidfd = helmctl_pidfd_open(shim)
        Task {
            if pidfd >= 0 {
                try? await DescriptorWatcher.shared.wait(for: pidfd)
                close(pidfd)
            }
            await self.hasEnded(name, attempt)
        }
    }

    func runner(_ track: ContainerTrack) -> ProbeRunner {
        ProbeRunner(
            runtime: services.runtime, container: track.id, folder: folder.run(of: track.name, track.attempt),
            address: address)
    }

    private func carryOut(_ hook: Value, _ track: ContainerTrack) async {
        let action = ProbeAction(hook, track.spec)
        // A hook has no limit of its own; the pod's end is one.
        let outcome = await runner(track).run(action, timeout: .seconds(3600))
        guard let index = index(track.name), tracks[index].id == track.id else { return }
        switch outcome {
        case .success:
            tracks[index].isHooked = true
        case .failure:
            // What a hook printed may be secret (kubelet: neither does it tell).
            services.events.warning(pod, part: track.fieldPath, "FailedPostStartHook", "PostStartHook failed")
            kill(track.name, because: "FailedPostStartHook")
        }
        publish()
        wake.yield()
    }

    /// A container's first process has ended, or its shim has.
    func hasEnded(_ name: String, _ attempt: Int) async {
        guard let index = index(name), tracks[index].attempt == attempt, tracks[index].isRunning else { return }
        for task in probeTasks.removeValue(forKey: name) ?? [] { task.cancel() }
        let run = folder.run(of: name, attempt)
        let ending = run.ending
        if ending == nil { await abandon(run, tracks[index].id) }
        let end = termination(tracks[index], run, ending)
        tracks[index].phase = .ended(end)
        if tracks[index].isReplaced {
            tracks[index].backOff.reset()
        } else {
            tracks[index].backOff.fail(at: end.finished, lasted: end.finished - end.started)
        }
        wake.yield()
    }

    /// A container whose shim was killed: nobody keeps its output any more, so it has to go too.
    func abandon(_ run: ContainerFolder, _ id: String) async {
        if let running = run.running, startTicks(of: running.process) == running.processTicks {
            Glibc.kill(running.process, SIGKILL)
        }
        await services.runtime.remove(id)
    }

    func termination(
        _ track: ContainerTrack, _ run: ContainerFolder, _ ending: ContainerFolder.Ending?
    ) -> Termination {
        let now = services.clock.now
        guard let ending else {
            return Termination(
                code: 137, reason: "ContainerStatusUnknown",
                message: "The container could not be located when the pod was terminated", started: now, finished: now,
                id: track.id)
        }
        let reason = ending.outOfMemory ? "OOMKilled" : ending.code == 0 ? "Completed" : "Error"
        return Termination(
            code: ending.code, reason: reason, message: message(of: track, run, ending.code),
            started: ending.started, finished: ending.finished, id: track.id)
    }

    /// What the container had to say at its end ("Customizing the termination message").
    private func message(of track: ContainerTrack, _ run: ContainerFolder, _ code: Int) -> String {
        let text = Files.read("\(run.path)/termination-log", limit: 4096).map { String(decoding: $0, as: UTF8.self) }
        if let text, !text.isEmpty { return text }
        guard code != 0, track.spec["terminationMessagePolicy"]?.string == "FallbackToLogsOnError" else { return "" }
        let log = LogFile(folder.log(of: track.name, track.attempt))
        return String(decoding: log.tail(lines: 80).suffix(2048), as: UTF8.self)
    }

    // MARK: Probes

    private func startProbes(_ index: Int) {
        let track = tracks[index]
        let all = ProbeSettings.Kind.allCases.compactMap { ProbeSettings(track.spec, $0) }
        for settings in all { tracks[index].probes[settings.kind] = ProbeState(settings) }
        let runner = runner(track)
        probeTasks[track.name] = all.map { settings in
            Task { await self.probe(settings, runner, track.name, track.id) }
        }
    }

    private func probe(_ settings: ProbeSettings, _ runner: ProbeRunner, _ name: String, _ id: String) async {
        let clock = services.clock
        guard (try? await clock.sleep(for: settings.initialDelay)) != nil else { return }
        while !Task.isCancelled {
            // The other probes begin once the startup probe has succeeded.
            if settings.kind == .startup || hasStartedUp(name, id) {
                let outcome = await runner.run(settings.action, timeout: settings.timeout)
                guard !Task.isCancelled, take(outcome, settings, name, id) else { return }
            }
            let pause = settings.kind != .startup && !hasStartedUp(name, id) ? .milliseconds(100) : settings.period
            guard (try? await clock.sleep(for: pause)) != nil else { return }
        }
    }

    private func hasStartedUp(_ name: String, _ id: String) -> Bool {
        guard let index = index(name), tracks[index].id == id else { return false }
        return tracks[index].probes[.startup]?.isWell ?? true
    }

    /// Takes a probe's result; false where the probe has no more to say.
    private func take(
        _ outcome: ProbeRunner.Outcome, _ settings: ProbeSettings, _ name: String, _ id: String
    ) -> Bool {
        guard let index = index(name), tracks[index].id == id, tracks[index].isRunning else { return false }
        if case .failure(let why) = outcome {
            services.events.warning(
                pod, part: tracks[index].fieldPath, "Unhealthy", "\(settings.kind.title) probe failed: \(why)")
        }
        let wasReady = tracks[index].isReady
        let isFatal = tracks[index].probes[settings.kind]?.take(outcome == .success) ?? false
        if isFatal, stopBy == nil {
            let name = settings.kind.rawValue
            kill(
                tracks[index].name, because: "Container \(tracks[index].name) failed \(name) probe, will be restarted",
                grace: settings.grace)
        }
        if tracks[index].isReady != wasReady { publish() }
        if settings.kind == .startup, tracks[index].probes[.startup]?.isWell ?? false {
            publish()
            wake.yield()
            return false
        }
        return true
    }
}
