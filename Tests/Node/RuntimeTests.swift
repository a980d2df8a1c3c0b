import API
import Document
import Glibc
import OCI
import PKI
import TestSupport
import Testing

@testable import Node

/// Real containers by the OCI runtime of this machine.
@Suite(.needsRoot) struct RuntimeTests {
    /// A cluster id of a test's own, with what the kernel holds of it removed at the end.
    final class Bench: Sendable {
        let scratch: ScratchFolder
        let cluster: String
        let folder: String
        let runtime: ContainerRuntime
        let images: ImageStore
        let image: Image

        init() throws {
            scratch = try ScratchFolder("runtime")
            (cluster, folder) = (Digest.short(scratch.path), "\(scratch.path)/node/pods")
            runtime = try ContainerRuntime(
                profile: try HostProfile.detect(), cluster: cluster, shims: "\(scratch.path)/bin")
            let built = try Command(
                "\(Machine.package)/scripts/build-busybox-image", ["\(scratch.path)/busybox.tar"]
            ).run()
            try #require(built.status == 0)
            images = try ImageStore("\(scratch.path)/images")
            _ = try images.load(archive: "\(scratch.path)/busybox.tar")
            image = try images.image(ImageReference("busybox:1.36"))
        }

        deinit { NodeCleanUp.run(cluster: cluster, folder: folder) }

        func prepare(
            _ id: String, _ arguments: [String], change: (inout RuntimeSpecification) -> Void = { _ in }
        ) throws -> ContainerFolder {
            let folder = ContainerFolder(path: "\(folder)/\(id)")
            try RootFilesystem(folder: folder).mount(image, of: images, source: "helmctl-\(cluster)")
            let pod: Value = ["spec": ["containers": [["name": "a"]]]]
            var specification = RuntimeSpecification(
                arguments: arguments, environment: image.configuration.environment + ["A=b"], workingFolder: "/",
                user: try ContainerUser("", passwd: "", groups: ""), mounts: [], group: "/helmctl-\(cluster)/\(id)",
                resources: ContainerResources([:], quality: "BestEffort", capacity: 1 << 30),
                security: try ContainerSecurity([:], of: pod), namespaces: [],
                usesCGroup2: runtime.profile.cgroups == .v2)
            change(&specification)
            try Files.write(JSON.write(specification.value), to: folder.configuration)
            return folder
        }

        func start(_ id: String, _ folder: ContainerFolder) async throws {
            try await runtime.start(
                id: id, folder, log: "\(folder.path)/log", group: "/helmctl-\(cluster)/\(id)")
        }
    }

    @Test func outputAndExitCodeAreKept() async throws {
        let bench = try Bench()
        let folder = try bench.prepare("one", ["sh", "-c", "echo out $A; printf err >&2; exit 7"])
        try await bench.start("one", folder)
        try await wait(for: "the exit file") { folder.ending != nil }
        #expect(folder.ending?.code == 7)
        let lines = (Files.text("\(folder.path)/log") ?? "").split(separator: "\n").map { $0.split(separator: " ") }
        #expect(lines.map { $0.dropFirst().joined(separator: " ") }.sorted() == ["stderr F err", "stdout F out b"])
        #expect(lines.allSatisfy { $0[0].utf8.count == 30 && $0[0].hasSuffix("Z") })
        try await wait(for: "the runtime's state to go") { !Files.exists("\(bench.runtime.root)/one") }
    }

    @Test func longLinesComeInParts() async throws {
        let bench = try Bench()
        let folder = try bench.prepare("long", ["sh", "-c", "head -c 40000 /dev/zero | tr '\\0' x; echo; echo end"])
        try await bench.start("long", folder)
        try await wait(for: "the exit file") { folder.ending != nil }
        let lines = (Files.text("\(folder.path)/log") ?? "").split(separator: "\n").map { $0.split(separator: " ") }
        #expect(lines.map { "\($0[2])\($0[3].utf8.count)" } == ["P16384", "P16384", "F7232", "F3"])
    }

    @Test func whatCannotStartSaysWhy() async throws {
        let bench = try Bench()
        let folder = try bench.prepare("none", ["/no/such/program"])
        do {
            try await bench.start("none", folder)
            Issue.record("it started")
        } catch {
            #expect("\(error)".contains("/no/such/program"), "\(error)")
        }
        #expect(folder.ending == nil)
    }

    @Test func memoryLimitKills() async throws {
        let bench = try Bench()
        let folder = try bench.prepare("oom", ["sh", "-c", "x=$(head -c 100000000 /dev/zero | tr '\\0' x); echo $x"]) {
            $0.resources.memory = 20 << 20
        }
        try await bench.start("oom", folder)
        try await wait(for: "the exit file") { folder.ending != nil }
        #expect(folder.ending?.outOfMemory == true)
    }

    @Test func programsRunInside() async throws {
        let bench = try Bench()
        let folder = try bench.prepare("exec", ["sleep", "1000"])
        try await bench.start("exec", folder)
        let running = try #require(folder.running)
        #expect(startTicks(of: running.process) == running.processTicks)
        let outcome = try await bench.runtime.execute(["sh", "-c", "echo inside $A; exit 3"], in: "exec", folder)
        #expect(outcome.status == 3 && outcome.text == "inside b\n")
        kill(running.process, SIGKILL)
        try await wait(for: "the exit file") { folder.ending != nil }
        #expect(folder.ending?.signal == 9 && folder.ending?.code == 137)
    }
}
