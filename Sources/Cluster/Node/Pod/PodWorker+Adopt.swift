import API
import Document
import Glibc

extension PodWorker {
    /// Finds what a node agent before this one has left of the pod: running containers are watched again, and the ends of
    /// those that have gone meanwhile are read from what their shims wrote.
    func adopt() async {
        if let text = Files.text(folder.address), sandbox.exists { address = text }
        for index in tracks.indices {
            guard let attempt = folder.attempts(of: tracks[index].name).last else { continue }
            await adopt(index, attempt)
        }
        if pod.isBeingDeleted { stop(grace: pod["metadata", "deletionGracePeriodSeconds"]?.int ?? 30) }
    }

    private func adopt(_ index: Int, _ attempt: Int) async {
        let name = tracks[index].name
        let run = folder.run(of: name, attempt)
        guard let about = Files.read(run.about).flatMap({ try? JSON.parse($0) }) else { return }
        tracks[index].attempt = attempt
        tracks[index].id = about["id"]?.string ?? ""
        tracks[index].image = about["image"]?.string ?? tracks[index].image
        tracks[index].imageID = about["imageID"]?.string ?? ""
        if attempt > 0 {
            let before = folder.run(of: name, attempt - 1)
            if let ending = before.ending { tracks[index].last = termination(tracks[index], before, ending) }
        }
        await settle(run)
        if run.ending == nil, let running = run.running, running.process > 0, isShim(running) {
            hasStarted(index)
            // What was ready before stays ready until a probe says otherwise: the container did not notice anything.
            if wasReady(name) {
                for kind in [ProbeSettings.Kind.startup, .readiness] {
                    while tracks[index].probes[kind]?.isWell == false { _ = tracks[index].probes[kind]?.take(true) }
                }
                tracks[index].isHooked = true
            }
        } else if run.ending != nil || run.running?.process ?? 0 > 0 {
            if run.ending == nil { await abandon(run, tracks[index].id) }
            tracks[index].phase = .ended(termination(tracks[index], run, run.ending))
        } else {
            // It never ran: it is started anew.
            await abandon(run, tracks[index].id)
        }
    }

    private func isShim(_ running: ContainerFolder.Running) -> Bool {
        startTicks(of: running.shim) == running.shimTicks
    }

    /// Waits for a shim that is just starting its container.
    private func settle(_ run: ContainerFolder) async {
        for _ in 0..<1000 {
            guard let running = run.running, running.process == 0, isShim(running), run.ending == nil else { return }
            try? await Task.sleep(for: .milliseconds(10))
        }
    }

    private func wasReady(_ name: String) -> Bool {
        let statuses =
            (pod["status", "containerStatuses"]?.array ?? [])
            + (pod["status", "initContainerStatuses"]?.array ?? [])
        return statuses.first { $0["name"]?.string == name }?["ready"]?.bool ?? false
    }
}
