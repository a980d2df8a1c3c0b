import ArgumentParser
import Chart
import Template

/// The flags that say which cluster to render for when there is none.
struct CapabilityFlags: ParsableArguments {
    @Option(name: .customLong("kube-version"), help: "Kubernetes version used for Capabilities.KubeVersion")
    var kubeVersion = ""

    @Option(
        name: [.customShort("a"), .customLong("api-versions")], parsing: .unconditionalSingleValue,
        help: "Kubernetes api versions used for Capabilities.APIVersions (can specify multiple)")
    var apiVersions: [String] = []

    /// What templates learn of the cluster.
    func capabilities() throws -> Capabilities {
        try CapabilityFlags.capabilities(kubeVersion: kubeVersion, apiVersions: apiVersions)
    }

    /// What templates learn of a cluster of that version with those APIs besides the known ones.
    static func capabilities(kubeVersion: String, apiVersions: [String] = []) throws -> Capabilities {
        var capabilities = Capabilities.helmDefault
        if !kubeVersion.isEmpty {
            do {
                capabilities.kubeVersion = try Capabilities.KubeVersion(parsing: kubeVersion)
            } catch {
                throw CommandFailure(error.message)
            }
        }
        capabilities.apiVersions += apiVersions.flatMap {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        return capabilities
    }
}
