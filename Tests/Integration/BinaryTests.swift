import Glibc
import TestSupport
import Testing

/// The release binary, as `make build` leaves it in bin/.
struct BinaryTests {
    static let path = "\(Machine.package)/bin/helmctl"
    static let isBuilt = access(path, X_OK) == 0

    /// The libraries that are on every Linux system.
    static let everywhere = ["linux-vdso", "libc.so", "libm.so", "ld-linux"]

    @Test(.enabled(if: isBuilt, "needs bin/helmctl (make build)"))
    func theBinaryNeedsNothingButLibc() throws {
        let listing = try Command("ldd", [BinaryTests.path]).run().output
        for line in listing.split(separator: "\n") {
            #expect(BinaryTests.everywhere.contains { line.contains($0) }, "needs\(line)")
        }
    }

    /// Who puts a library beside the binary, in /tmp say, must not be asked for it.
    @Test(.enabled(if: isBuilt, "needs bin/helmctl (make build)"))
    func librariesAreTheSystemsOwn() throws {
        let listing = try Command("readelf", ["-d", BinaryTests.path]).run().output
        #expect(listing.contains("NEEDED") && !listing.contains("RUNPATH") && !listing.contains("RPATH"), "\(listing)")
    }

    @Test(.enabled(if: isBuilt, "needs bin/helmctl (make build)"))
    func theBinaryWorksWhenCopiedAlone() throws {
        let folder = try ScratchFolder()
        _ = try Command("cp", [BinaryTests.path, folder.path]).run()
        let copy = "\(folder.path)/helmctl"
        let created = try Command(copy, ["create", "scaffold"], in: folder.path).run()
        #expect(created.status == 0, "\(created.errors)")
        let rendered = try Command(copy, ["template", "demo", "scaffold"], in: folder.path).run()
        #expect(rendered.output.contains("kind: Deployment"), "\(rendered.errors)")
    }
}
