import TestSupport
import Testing

/// The main job, as `make demo` shows it.
struct DemoTests {
    @Test(
        .needsRoot, .enabled(if: BinaryTests.isBuilt, "needs bin/helmctl (make build)"),
        .enabled(
            if: (try? readFile("\(Machine.package)/build/busybox.tar")) != nil, "needs build/busybox.tar (make image)"))
    func noRequestFailsWhileTheChartIsUpgraded() throws {
        let demo = try Command("\(Machine.package)/scripts/demo").run()
        #expect(demo.status == 0, "\(demo.output)\n\(demo.errors)")
        let last = demo.output.split(separator: "\n").last ?? ""
        #expect(last.hasPrefix("demo ok: ") && last.contains(" requests, 0 failed, "), "\(last)")
    }
}
