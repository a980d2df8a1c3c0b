import API
import Document

/// The status of a pod as the kubelet writes it, from what is known of its containers.
struct PodStatus {
    var pod: Value
    var tracks: [ContainerTrack]
    var hasSandbox: Bool
    var podAddress: String
    var nodeAddress: String
    /// When the node saw the pod first.
    var started: Time
    var now: Time
    /// The reason and message of a pod that the node has ended as a whole.
    var verdict: (reason: String, message: String)?

    private var policy: String { pod["spec", "restartPolicy"]?.string ?? "Always" }
    private var initial: [ContainerTrack] { tracks.filter(\.isInit) }
    private var main: [ContainerTrack] { tracks.filter { !$0.isInit && !$0.isEphemeral } }

    /// Whether the containers may be started that come after the init containers.
    var isInitialized: Bool {
        initial.allSatisfy { $0.isSidecar ? $0.isStarted || !mainIsUntouched : $0.termination?.code == 0 }
    }

    private var mainIsUntouched: Bool { main.allSatisfy { $0.attempt < 0 } }

    /// kubelet: `getPhase`.
    var phase: String {
        if verdict != nil { return "Failed" }
        for track in initial where !track.isSidecar {
            if let end = track.termination, end.code != 0, policy == "Never" { return "Failed" }
        }
        guard isInitialized else { return "Pending" }
        var (waiting, running, stopped, succeeded) = (0, 0, 0, 0)
        for track in main {
            switch track.phase {
            case .running: running += 1
            case .ended(let end):
                stopped += 1
                if end.code == 0 { succeeded += 1 }
            case .waiting: if track.last != nil { stopped += 1 } else { waiting += 1 }
            }
        }
        if waiting > 0 { return "Pending" }
        if running > 0 || main.contains(where: { $0.isRestarted(policy) }) { return "Running" }
        return stopped == succeeded ? "Succeeded" : "Failed"
    }

    var value: Value {
        let phase = phase
        var status: Value = [
            "phase": .string(phase), "hostIP": .string(nodeAddress), "hostIPs": [["ip": .string(nodeAddress)]],
            "startTime": pod["status", "startTime"] ?? .string(started.description),
            "qosClass": .string(ContainerResources.quality(of: pod)), "conditions": conditions(phase),
            "containerStatuses": .array(main.map(containerStatus)),
        ]
        if !initial.isEmpty { status["initContainerStatuses"] = .array(initial.map(containerStatus)) }
        let guests = tracks.filter(\.isEphemeral)
        if !guests.isEmpty { status["ephemeralContainerStatuses"] = .array(guests.map(containerStatus)) }
        if !podAddress.isEmpty {
            status["podIP"] = .string(podAddress)
            status["podIPs"] = [["ip": .string(podAddress)]]
        }
        if let verdict {
            status["reason"] = .string(verdict.reason)
            status["message"] = .string(verdict.message)
        }
        return status
    }

    private func containerStatus(_ track: ContainerTrack) -> Value {
        var value: Value = [
            "name": .string(track.name), "image": .string(track.image), "imageID": .string(track.imageID),
            "ready": .bool(track.isReady), "restartCount": .int(max(track.attempt, 0)),
            "state": state(track.phase, track),
            "lastState": track.last.map { ["terminated": $0.value] } ?? [:],
        ]
        if !track.isEphemeral { value["started"] = .bool(track.isStarted) }
        if !track.id.isEmpty { value["containerID"] = .string("helmctl://\(track.id)") }
        return value
    }

    private func state(_ phase: ContainerTrack.Phase, _ track: ContainerTrack) -> Value {
        switch phase {
        case .waiting(let reason, let message):
            var waiting: Value = ["reason": .string(reason)]
            if !message.isEmpty { waiting["message"] = .string(message) }
            return ["waiting": waiting]
        case .running(let since): return ["running": ["startedAt": .string(since.description)]]
        case .ended(let end): return ["terminated": end.value]
        }
    }

    private func conditions(_ phase: String) -> Value {
        let unready = main.filter { !$0.isReady }.map(\.name)
        let pending = initial.filter { $0.isSidecar ? !$0.isStarted : $0.termination?.code != 0 }.map(\.name)
        let gates = (pod["spec", "readinessGates"]?.array ?? []).compactMap { $0["conditionType"]?.string }
        var ready = Condition("ContainersReady", true)
        if phase == "Succeeded" {
            ready = Condition("ContainersReady", false, reason: "PodCompleted")
        } else if phase == "Failed" {
            ready = Condition("ContainersReady", false, reason: "PodFailed")
        } else if !unready.isEmpty {
            ready = Condition(
                "ContainersReady", false, reason: "ContainersNotReady",
                message: "containers with unready status: [\(unready.joined(separator: " "))]")
        }
        var whole = ready
        whole.type = "Ready"
        let missing = gates.filter { !pod.isTrue($0) }
        if whole.status == "True", !missing.isEmpty {
            whole = Condition(
                "Ready", false, reason: "ReadinessGatesNotReady",
                message: missing.map { "corresponding condition of pod readiness gate \"\($0)\" does not exist." }
                    .joined(separator: ", "))
        }
        var initialized = Condition("Initialized", true, reason: phase == "Succeeded" ? "PodCompleted" : "")
        if !isInitialized, phase != "Succeeded" {
            initialized = Condition(
                "Initialized", false, reason: "ContainersNotInitialized",
                message: "containers with incomplete status: [\(pending.joined(separator: " "))]")
        }
        return .array(
            [Condition("PodReadyToStartContainers", hasSandbox), initialized, whole, ready].map(dated))
    }

    /// A condition keeps the time at which it became what it is.
    private func dated(_ condition: Condition) -> Value {
        let old = pod["status", "conditions"]?.array?.first { $0["type"]?.string == condition.type }
        let since = old?["status"]?.string == condition.status ? old?["lastTransitionTime"] : nil
        var value: Value = [
            "type": .string(condition.type), "status": .string(condition.status), "lastProbeTime": .null,
            "lastTransitionTime": since ?? .string(now.description),
            // A merge patch takes away what is null: a reason of before must not stay.
            "reason": condition.reason.isEmpty ? .null : .string(condition.reason),
            "message": condition.message.isEmpty ? .null : .string(condition.message),
        ]
        if pod.generation > 0 { value["observedGeneration"] = .int(pod.generation) }
        return value
    }
}
