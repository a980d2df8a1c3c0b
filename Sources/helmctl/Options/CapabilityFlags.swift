import Chart
import Flags
import Template

/// The flags that say which cluster to render for when there is none.
struct CapabilityFlags {
    @Flag("kube-version", "Kubernetes version used for Capabilities.KubeVersion")
    var kubeVersion = ""

    @Flag(
        "api-versions", short: "a", "Kubernetes api versions used for Capabilities.APIVersions (can specify multiple)")
    var apiVersions = StringSlice()

    /// What templates learn of the cluster.
    func capabilities() throws -> Capabilities {
        try CapabilityFlags.capabilities(kubeVersion: kubeVersion, apiVersions: apiVersions.items)
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
        capabilities.apiVersions += apiVersions
        return capabilities
    }
}
