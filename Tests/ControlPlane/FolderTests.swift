import Glibc
import PKI
import TestSupport
import Testing

@testable import ControlPlane

/// A cluster's folder, its lock and its keys.
struct FolderTests {
    @Test func theFolderIsItsOwnersAlone() throws {
        let scratch = try ScratchFolder()
        let folder = DataFolder("\(scratch.path)/a/b/")
        try folder.make()
        var facts = stat()
        #expect(stat(folder.path, &facts) == 0 && facts.st_mode & 0o777 == 0o700)
        #expect(folder.path == "\(scratch.path)/a/b")
        #expect(folder.id.count == 8 && folder.id != DataFolder("/x").id)
    }

    @Test func aFolderThatCannotBeMadeIsOneClearError() throws {
        let scratch = try ScratchFolder()
        let file = try scratch.write("", to: "file")
        #expect { try DataFolder("\(file)/data").make() } throws: {
            "\($0)" == "cannot make the data folder \(file)/data: Not a directory; choose another one with --data-dir"
        }
    }

    @Test func keysAreKeptAndCertificatesRenewed() throws {
        let scratch = try ScratchFolder()
        let folder = DataFolder(scratch.path)
        try folder.make()
        let now: Int64 = 1_790_000_000
        let first = try Credentials(folder, names: ["a"], now: now)
        let again = try Credentials(folder, names: ["a"], now: now + 86400)
        #expect(again.authority.credential == first.authority.credential)
        #expect(again.server == first.server && again.administrator == first.administrator)
        #expect(try Credentials.tokenKey(folder).identifier == Credentials.tokenKey(folder).identifier)
        let named = try Credentials(folder, names: ["a", "b"], now: now)
        #expect(named.server != first.server && named.administrator == first.administrator)
        let late = try Credentials(folder, names: ["a"], now: now + 360 * 86400)
        #expect(late.server != named.server && late.administrator != first.administrator)
        #expect(late.authority.credential == first.authority.credential)
    }
}
