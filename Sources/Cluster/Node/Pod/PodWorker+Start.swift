import API
import Client
import Document
import Glibc
import OCI

extension PodWorker {
    /// Starts whatever is to run now and may, init containers one after the other and then all others; returns after how
    /// long each of the rest may be tried.
    func startContainers() async -> [Duration?] {
        var pauses: [Duration?] = []
        for index in tracks.indices where tracks[index].isInit {
            let track = tracks[index]
            if track.isRunning {
                if track.isSidecar, track.isStarted { continue }
                return pauses
            }
            if !track.isSidecar, isPastInit(index) { continue }
            guard track.isRestarted(policy) else {
                if track.termination?.code == 0 { continue }
                return pauses
            }
            pauses.append(await start(index))
            guard track.isSidecar, tracks[index].isStarted else { return pauses }
        }
        for index in tracks.indices where tracks[index].isMain && !tracks[index].isRunning {
            guard stopBy == nil else { return [] }
            if tracks[index].isRestarted(policy) { pauses.append(await start(index)) }
        }
        return pauses
    }

    /// Starts the containers that were added to look into the pod, whatever the others do; each runs once.
    func startGuests() async -> [Duration?] {
        var pauses: [Duration?] = []
        for index in tracks.indices where tracks[index].isEphemeral && !tracks[index].isRunning {
            if tracks[index].isRestarted(policy) { pauses.append(await start(index)) }
        }
        return pauses
    }

    /// Init containers are not run again once a later container has been started.
    private func isPastInit(_ index: Int) -> Bool {
        tracks[index].termination?.code == 0 || tracks[(index + 1)...].contains { !$0.isEphemeral && $0.attempt >= 0 }
    }

    /// Starts a container unless it has to wait; returns for how long.
    private func start(_ index: Int) async -> Duration? {
        let now = services.clock.now
        let name = tracks[index].name
        if let rest = tracks[index].backOff.remaining(at: now) {
            if let end = tracks[index].termination {
                tracks[index].last = end
                services.events.warning(
                    pod, part: tracks[index].fieldPath, "BackOff",
                    "Back-off restarting failed container \(name) in pod \(pod.name)_\(pod.namespace)(\(pod.uid))")
            }
            tracks[index].phase = .waiting(
                reason: "CrashLoopBackOff",
                message: "back-off \(tracks[index].backOff.text) restarting failed container=\(name) "
                    + "pod=\(pod.name)_\(pod.namespace)(\(pod.uid))")
            return rest
        }
        do {
            guard let image = try image(index) else {
                return tracks[index].imageBackOff.remaining(at: now).map { min($0, .seconds(1)) }
            }
            try await launch(index, image)
            return nil
        } catch {
            return fail(index, error)
        }
    }

    /// The container's image; nil where it is missing, which the track then says.
    private func image(_ index: Int) throws -> Image? {
        let text = tracks[index].spec["image"]?.string ?? ""
        let reference: ImageReference
        do { reference = try ImageReference(text) } catch {
            tracks[index].phase = .waiting(
                reason: "InvalidImageName", message: "Failed to apply default image tag \"\(text)\": \(error)")
            services.events.warning(
                pod, part: tracks[index].fieldPath, "InspectFailed",
                "Failed to apply default image tag \"\(text)\": \(error)")
            throw NodeError(.image, "\(error)")
        }
        if let image = try services.images.find(reference) {
            tracks[index].image = reference.description
            tracks[index].imageID = "\(reference.repository)@\(image.digest)"
            tracks[index].imageBackOff.reset()
            // Upstream would ask the registry whether the name means other bytes by now; that has to be told.
            let isAlways = tracks[index].spec["imagePullPolicy"]?.string == "Always"
            services.events.normal(
                pod, part: tracks[index].fieldPath, "Pulled",
                "Container image \"\(text)\" already present on machine"
                    + (isAlways ? "; it is not pulled anew: pulling from registries is not supported yet" : ""))
            return image
        }
        missing(index, text)
        return nil
    }

    private func missing(_ index: Int, _ text: String) {
        let now = services.clock.now
        if tracks[index].imageBackOff.remaining(at: now) != nil {
            // The image may be loaded at any time, which is looked for more often than the pause says.
            if case .waiting("ErrImagePull", let message) = tracks[index].phase {
                tracks[index].phase = .waiting(
                    reason: "ImagePullBackOff", message: "Back-off pulling image \"\(text)\": ErrImagePull: \(message)")
                services.events.normal(
                    pod, part: tracks[index].fieldPath, "BackOff", "Back-off pulling image \"\(text)\"")
                services.events.warning(pod, part: tracks[index].fieldPath, "Failed", "Error: ImagePullBackOff")
            }
            return
        }
        tracks[index].imageBackOff.fail(at: now)
        if tracks[index].spec["imagePullPolicy"]?.string == "Never" {
            let message = "Container image \"\(text)\" is not present with pull policy of Never"
            tracks[index].phase = .waiting(reason: "ErrImageNeverPull", message: message)
            services.events.warning(pod, part: tracks[index].fieldPath, "ErrImageNeverPull", message)
            services.events.warning(pod, part: tracks[index].fieldPath, "Failed", "Error: ErrImageNeverPull")
            return
        }
        let why =
            "the image is not among the cluster's images, and pulling from registries is not supported yet; "
            + "load it with 'helmctl image load ARCHIVE'"
        services.events.normal(pod, part: tracks[index].fieldPath, "Pulling", "Pulling image \"\(text)\"")
        services.events.warning(
            pod, part: tracks[index].fieldPath, "Failed", "Failed to pull image \"\(text)\": \(why)")
        services.events.warning(pod, part: tracks[index].fieldPath, "Failed", "Error: ErrImagePull")
        tracks[index].phase = .waiting(reason: "ErrImagePull", message: why)
    }

    /// Notes why a container did not start, and when it is tried again.
    private func fail(_ index: Int, _ error: any Error) -> Duration? {
        let code = (error as? NodeError)?.code
        if code == .image { return .seconds(10) }
        services.events.warning(pod, part: tracks[index].fieldPath, "Failed", "Error: \(error)")
        guard code == .runtime else {
            let reason = code == .configuration ? "CreateContainerConfigError" : "CreateContainerError"
            tracks[index].phase = .waiting(reason: reason, message: "\(error)")
            return .seconds(5)
        }
        let now = services.clock.now
        tracks[index].backOff.fail(at: now)
        tracks[index].last = tracks[index].termination ?? tracks[index].last
        tracks[index].phase = .ended(
            Termination(
                code: 128, reason: "StartError", message: "\(error)", started: Time(seconds: 0), finished: now,
                id: tracks[index].id))
        return .zero
    }

    /// Makes the container's files and starts it.
    private func launch(_ index: Int, _ image: Image) async throws {
        var track = tracks[index]
        let attempt = (folder.attempts(of: track.name).last ?? -1) + 1
        let id = Identifier.random()
        let plan = ContainerPlan(
            pod: pod, folder: folder, services: services, address: address, volumes: volumes ?? [:],
            namespaces: namespaces(of: track))
        let run = folder.run(of: track.name, attempt)
        do {
            try await plan.write(track, image, as: id, in: run)
        } catch {
            RootFilesystem(folder: run).unmount()
            try? Files.removeTree(run.path)
            throw error
        }
        services.events.normal(pod, part: track.fieldPath, "Created", "Created container: \(track.name)")
        if let end = track.termination { track.last = end }
        (track.attempt, track.id, track.isHooked, track.isStopping) = (attempt, id, false, false)
        track.isReplaced = false
        track.probes = [:]
        tracks[index] = track
        try Files.replace(
            run.about,
            with: JSON.write([
                "id": .string(id), "image": .string(track.image), "imageID": .string(track.imageID),
                "stopSignal": .string(image.configuration.stopSignal),
            ]))
        removeOldRuns(of: track.name, before: attempt)
        let log = folder.log(of: track.name, attempt)
        try await services.runtime.start(
            id: id, run, log: log, group: "\(folder.group)/\(id)", ContainerConsole(track.spec))
        services.events.normal(pod, part: track.fieldPath, "Started", "Started container \(track.name)")
        hasStarted(index)
    }

    /// The pod's, and for a container that is to see another's processes, those of that one.
    private func namespaces(of track: ContainerTrack) -> [(kind: String, path: String)] {
        let shared = sandbox.namespaces(hostIPC: pod["spec", "hostIPC"]?.bool ?? false)
        guard !shared.contains(where: { $0.kind == "pid" }), let name = track.spec["targetContainerName"]?.string,
            let index = index(name), tracks[index].isRunning,
            let running = folder.run(of: name, tracks[index].attempt).running, running.process > 0
        else { return shared }
        return shared + [("pid", "/proc/\(running.process)/ns/pid")]
    }

    /// The run before stays for its logs and its end; those before that go.
    private func removeOldRuns(of name: String, before attempt: Int) {
        for old in folder.attempts(of: name) where old < attempt {
            RootFilesystem(folder: folder.run(of: name, old)).unmount()
            guard old < attempt - 1 else { continue }
            try? Files.removeTree(folder.run(of: name, old).path)
            for log in [folder.log(of: name, old), "\(folder.log(of: name, old)).1"] { unlink(log) }
        }
    }
}

/// Ids of containers.
enum Identifier {
    /// 64 hexadecimal digits.
    static func random() -> String {
        (0..<4).map { _ in
            let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
