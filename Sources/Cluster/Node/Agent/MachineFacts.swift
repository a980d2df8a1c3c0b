import API
import Document
import Glibc

/// What the Node object says of this machine.
struct MachineFacts: Sendable {
    var capacity: [String: Quantity]
    var info: Value

    init(version: String, runtime: String) {
        let pages = Int64(sysconf(Int32(_SC_PHYS_PAGES))) * Int64(sysconf(Int32(_SC_PAGESIZE)))
        let cores = Int64(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        var disk = statvfs()
        _ = statvfs("/", &disk)
        let bytes = Int64(disk.f_blocks) * Int64(disk.f_frsize)
        capacity = [
            "cpu": Quantity(cores), "memory": Quantity(pages / 1024 * 1024, format: .binarySI), "pods": Quantity(110),
            "ephemeral-storage": Quantity(bytes / 1024 * 1024, format: .binarySI),
        ]
        var names = utsname()
        uname(&names)
        func line(_ path: String) -> String {
            (Files.text(path) ?? "").split(separator: "\n").first.map(String.init) ?? ""
        }
        let release =
            (Files.text("/etc/os-release") ?? "").split(separator: "\n")
            .first { $0.hasPrefix("PRETTY_NAME=") }.map { $0.dropFirst(12).filter { $0 != "\"" } } ?? "Linux"
        info = [
            "machineID": .string(line("/etc/machine-id")), "systemUUID": .string(line("/etc/machine-id")),
            "bootID": .string(line("/proc/sys/kernel/random/boot_id")),
            "kernelVersion": .string(line("/proc/sys/kernel/osrelease")), "osImage": .string(release),
            "containerRuntimeVersion": .string("helmctl://\(version.drop { $0 == "v" })"),
            "kubeletVersion": .string(version), "kubeProxyVersion": .string(version), "operatingSystem": "linux",
            "architecture": .string(MachineFacts.architecture),
        ]
    }

    static var architecture: String {
        #if arch(arm64)
            "arm64"
        #else
            "amd64"
        #endif
    }

    /// Bytes of memory.
    var memory: Int64 { capacity["memory"]?.value ?? 0 }
}
