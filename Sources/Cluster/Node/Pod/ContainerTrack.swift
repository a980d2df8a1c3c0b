import API
import Document

/// How a run of a container ended, as it stands in statuses.
struct Termination: Sendable, Hashable {
    var code: Int
    var signal = 0
    var reason: String
    var message = ""
    var started: Time
    var finished: Time
    /// The id of the container that ran.
    var id: String

    var value: Value {
        var value: Value = [
            "exitCode": .int(code), "reason": .string(reason), "startedAt": .string(started.description),
            "finishedAt": .string(finished.description),
        ]
        if !id.isEmpty { value["containerID"] = .string("helmctl://\(id)") }
        if signal != 0 { value["signal"] = .int(signal) }
        if !message.isEmpty { value["message"] = .string(message) }
        return value
    }
}

/// What the node knows of one container of a pod.
struct ContainerTrack: Sendable {
    enum Phase: Sendable, Hashable {
        case waiting(reason: String, message: String)
        case running(since: Time)
        case ended(Termination)
    }

    let name: String
    /// As the pod's object has it now; all but the image is fixed for the life of a pod.
    var spec: Value
    let isInit: Bool
    /// Whether it was added to a running pod, to look into it ("Ephemeral Containers").
    let isEphemeral: Bool
    var phase: Phase
    /// How events name it.
    var fieldPath: String {
        "spec.\(isEphemeral ? "ephemeralContainers" : isInit ? "initContainers" : "containers"){\(name)}"
    }
    /// How the run before the current one ended.
    var last: Termination?
    /// The number of the current run, counted from 0; -1 before the first.
    var attempt = -1
    var id = ""
    /// The image's whole name and its digest, once known.
    var image: String
    var imageID = ""
    var backOff = BackOff()
    var imageBackOff = BackOff(initial: BackOff.first)
    var probes: [ProbeSettings.Kind: ProbeState] = [:]
    /// Whether the hook that follows the start has ended well, or there is none.
    var isHooked = false
    var isStopping = false
    /// Whether it was ended because its image has changed: it is started again at once, whatever the policy says.
    var isReplaced = false

    init(_ spec: Value, isInit: Bool, isEphemeral: Bool = false, waitingFor reason: String) {
        self.spec = spec
        self.isInit = isInit
        self.isEphemeral = isEphemeral
        name = spec["name"]?.string ?? ""
        image = spec["image"]?.string ?? ""
        phase = .waiting(reason: reason, message: "")
    }

    /// An init container that goes on running beside the others ("Sidecar Containers").
    var isSidecar: Bool { isInit && spec["restartPolicy"]?.string == "Always" }

    /// Whether the pod is there for its sake.
    var isMain: Bool { !isInit && !isEphemeral }

    var isRunning: Bool { if case .running = phase { true } else { false } }

    var termination: Termination? { if case .ended(let termination) = phase { termination } else { nil } }

    /// Whether it has started in the sense of statuses: its hook and its startup probe have succeeded.
    var isStarted: Bool { isRunning && isHooked && probes[.startup]?.isWell ?? true }

    var isReady: Bool {
        if isInit, !isSidecar { return termination?.code == 0 }
        if isEphemeral { return false }
        return isStarted && !isStopping && probes[.readiness]?.isWell ?? true
    }

    /// Whether a container that has ended is started again.
    func isRestarted(_ podPolicy: String) -> Bool {
        guard let termination, !isReplaced else { return true }
        if isEphemeral { return false }
        if isSidecar { return true }
        switch podPolicy {
        case "Never": return false
        case "OnFailure": return termination.code != 0
        default: return !isInit || termination.code != 0
        }
    }
}
