import API
import Document
import Testing

@testable import Release

/// The rules of kstatus, a row for each branch.
struct ReadinessTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let object: String
        let state: Readiness.State
        let message: String
        var testDescription: String { message }

        init(_ object: String, _ state: Readiness.State, _ message: String) {
            self.object = object
            self.state = state
            self.message = message
        }
    }

    static let now = Time(seconds: 1_800_000_000)

    private func check(_ row: Row, _ judge: (Value) -> Readiness) throws {
        let status = judge(try YAML.parse(Text(row.object)))
        #expect(status.state == row.state && status.message == row.message)
    }

    static let deployment = "{apiVersion: apps/v1, kind: Deployment, metadata: {generation: 2}, spec: {replicas: 2}"

    @Test(arguments: [
        Row(
            "\(deployment), status: {observedGeneration: 1}}", .inProgress,
            "Deployment generation is 2, but latest observed generation is 1"),
        Row("\(deployment)}", .inProgress, "Replicas: 0/2"),
        Row("\(deployment), status: {replicas: 2, updatedReplicas: 1}}", .inProgress, "Updated: 1/2"),
        Row("\(deployment), status: {replicas: 3, updatedReplicas: 2}}", .inProgress, "Pending termination: 1"),
        Row(
            "\(deployment), status: {replicas: 2, updatedReplicas: 2, availableReplicas: 1}}", .inProgress,
            "Available: 1/2"),
        Row(
            "\(deployment), status: {replicas: 2, updatedReplicas: 2, availableReplicas: 2, readyReplicas: 1}}",
            .inProgress,
            "Ready: 1/2"),
        Row(
            "\(deployment), status: {replicas: 2, updatedReplicas: 2, availableReplicas: 2, readyReplicas: 2}}",
            .inProgress,
            "Deployment not Available"),
        Row(
            "\(deployment), status: {replicas: 2, updatedReplicas: 2, availableReplicas: 2, readyReplicas: 2, conditions: [{type: Available, status: 'True'}]}}",
            .current, "Deployment is available. Replicas: 2"),
        Row(
            "\(deployment), status: {conditions: [{type: Progressing, status: 'False', reason: ProgressDeadlineExceeded}]}}",
            .failed,
            "Progress deadline exceeded"),
        Row(
            "{apiVersion: apps/v1, kind: Deployment, metadata: {deletionTimestamp: '2026-01-01T00:00:00Z'}}",
            .terminating,
            "Resource scheduled for deletion"),
    ])
    func deployments(row: Row) throws { try check(row) { Readiness($0, now: Self.now) } }

    @Test(arguments: [
        Row("{apiVersion: v1, kind: ConfigMap}", .current, "Resource is always ready"),
        Row(
            "{apiVersion: v1, kind: Service, spec: {type: LoadBalancer}}", .inProgress,
            "ClusterIP not set. Service type: LoadBalancer"),
        Row("{apiVersion: v1, kind: Service, spec: {type: NodePort}}", .current, "Service is ready"),
        Row(
            "{apiVersion: v1, kind: PersistentVolumeClaim, status: {phase: Pending}}", .inProgress,
            "PVC is not Bound. phase: Pending"),
        Row("{apiVersion: v1, kind: Pod}", .inProgress, "Pod phase not available"),
        Row(
            "{apiVersion: v1, kind: Pod, status: {phase: Running, conditions: [{type: Ready, status: 'True'}]}}",
            .current,
            "Pod is Ready"),
        Row(
            "{apiVersion: v1, kind: Pod, status: {phase: Running, containerStatuses: [{name: c, state: {waiting: {reason: CrashLoopBackOff}}}]}}",
            .failed, "Containers in CrashLoop state: c"),
        Row(
            "{apiVersion: v1, kind: Pod, metadata: {creationTimestamp: '2027-01-15T07:59:50Z'}, status: {phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable}]}}",
            .inProgress, "Pod has not been scheduled"),
        Row(
            "{apiVersion: v1, kind: Pod, metadata: {creationTimestamp: '2027-01-15T07:59:00Z'}, status: {phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable}]}}",
            .failed, "Pod could not be scheduled"),
        Row("{apiVersion: example.com/v1, kind: Widget}", .current, "Resource is current"),
        Row(
            "{apiVersion: example.com/v1, kind: Widget, status: {conditions: [{type: Ready, status: 'False', message: soon}]}}",
            .inProgress, "soon"),
        Row(
            "{apiVersion: example.com/v1, kind: Widget, status: {conditions: [{type: Stalled, status: 'True', message: stuck}]}}",
            .failed, "stuck"),
        Row(
            "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition}", .inProgress, "Install in progress"),
        Row(
            "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, status: {conditions: [{type: Established, status: 'True'}]}}",
            .current, "CRD is established"),
    ])
    func core(row: Row) throws { try check(row) { Readiness($0, now: Self.now) } }

    @Test(arguments: [
        Row(
            "{apiVersion: apps/v1, kind: StatefulSet, status: {replicas: 1, readyReplicas: 1, currentReplicas: 1, currentRevision: a, updateRevision: b}}",
            .inProgress, "Waiting for updated revision to match current"),
        Row(
            "{apiVersion: apps/v1, kind: StatefulSet, spec: {updateStrategy: {rollingUpdate: {partition: 0}}}, status: {replicas: 1, readyReplicas: 1, updatedReplicas: 1}}",
            .current, "Partition rollout complete. updated: 1"),
        Row(
            "{apiVersion: apps/v1, kind: DaemonSet, metadata: {generation: 1}}", .inProgress,
            "DaemonSet status.observedGeneration not found"),
        Row(
            "{apiVersion: apps/v1, kind: DaemonSet, metadata: {generation: 1}, status: {observedGeneration: 1, desiredNumberScheduled: 1, currentNumberScheduled: 1, updatedNumberScheduled: 1, numberAvailable: 1, numberReady: 1}}",
            .current, "All replicas scheduled as expected. Replicas: 1"),
        Row(
            "{apiVersion: apps/v1, kind: ReplicaSet, status: {replicas: 1, fullyLabeledReplicas: 1}}", .inProgress,
            "Available: 0/1"),
        Row("{apiVersion: batch/v1, kind: Job}", .inProgress, "Job not started"),
        Row(
            "{apiVersion: batch/v1, kind: Job, status: {startTime: x, active: 1}}", .current,
            "Job in progress. success:0, active: 1, failed: 0"),
        Row(
            "{apiVersion: batch/v1, kind: Job, spec: {completions: 2}, status: {failed: 1, conditions: [{type: Failed, status: 'True'}]}}",
            .failed, "Job Failed. failed: 1/2"),
    ])
    func workloads(row: Row) throws { try check(row) { Readiness($0, now: Self.now) } }

    @Test(arguments: [
        Row("{apiVersion: batch/v1, kind: Job, status: {startTime: x, active: 1}}", .inProgress, "Job in progress"),
        Row(
            "{apiVersion: batch/v1, kind: Job, status: {succeeded: 1, conditions: [{type: Complete, status: 'True'}]}}",
            .current,
            "Job Completed. succeeded: 1/1"),
        Row(
            "{apiVersion: v1, kind: Pod, metadata: {name: p}, status: {phase: Running}}", .inProgress, "Pod in progress"
        ),
        Row("{apiVersion: v1, kind: Pod, metadata: {name: p}, status: {phase: Failed}}", .failed, "pod p failed"),
        Row("{apiVersion: v1, kind: ConfigMap}", .current, "Resource is current"),
    ])
    func hooks(row: Row) throws { try check(row) { Readiness.completion(of: $0) } }
}
