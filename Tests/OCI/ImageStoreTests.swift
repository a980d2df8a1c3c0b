import Archive
import Document
import Glibc
import OCI
import PKI
import TestSupport
import Testing

/// Loading, naming and removing images of archives that the tests make.
@Suite struct ImageStoreTests {
    /// An OCI archive that is built piece by piece.
    struct Layout {
        var files: [(String, [UInt8])] = [("oci-layout", Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8))]
        var entries: [Value] = []

        mutating func add(_ bytes: [UInt8]) -> Value {
            let hex = SHA256Digester.hexadecimal(bytes)
            files.append(("blobs/sha256/\(hex)", bytes))
            return ["digest": .string("sha256:\(hex)"), "size": .int(bytes.count)]
        }

        mutating func addImage(_ layers: [[UInt8]], config: Value = [:], name: String?) throws {
            var rootfs: [Value] = []
            var blobs: [Value] = []
            for layer in layers {
                rootfs.append(.string("sha256:\(SHA256Digester.hexadecimal(layer))"))
                blobs.append(add(try Gzip.compress(layer)))
            }
            let configuration: Value = [
                "config": config, "os": "linux", "architecture": .string(Image.architecture),
                "rootfs": ["type": "layers", "diff_ids": .array(rootfs)],
            ]
            let manifest: Value = [
                "schemaVersion": 2, "config": add(JSON.write(configuration)), "layers": .array(blobs),
            ]
            var entry = add(JSON.write(manifest))
            if let name { entry["annotations"] = ["org.opencontainers.image.ref.name": .string(name)] }
            entries.append(entry)
        }

        func write(to path: String) throws -> String {
            let writer = try ArchiveWriter(compression: nil)
            for (name, bytes) in files { try writer.add(ArchiveEntry(path: name), contents: bytes) }
            let index: Value = ["schemaVersion": 2, "manifests": .array(entries)]
            try writer.add(ArchiveEntry(path: "index.json"), contents: JSON.write(index))
            let bytes = try writer.finish()
            let stream = try #require(fopen(path, "w"))
            defer { fclose(stream) }
            #expect(fwrite(bytes, 1, bytes.count, stream) == bytes.count)
            return path
        }
    }

    static func layer(_ files: [(String, String)]) throws -> [UInt8] {
        let writer = try ArchiveWriter(compression: nil)
        for (name, text) in files { try writer.add(ArchiveEntry(path: name), contents: Array(text.utf8)) }
        return try writer.finish()
    }

    func names(_ folder: String) throws -> [String] {
        try Command("ls", [folder]).run().output.split(separator: "\n").map(String.init)
    }

    @Test func imageIsLoadedNamedAndRemoved() throws {
        let scratch = try ScratchFolder()
        var layout = Layout()
        let config: Value = ["Env": ["A=1"], "Cmd": ["run"], "User": "33", "WorkingDir": "/srv"]
        try layout.addImage([Self.layer([("a", "1")]), Self.layer([("b", "2")])], config: config, name: "app:1")
        let store = try ImageStore("\(scratch.path)/images")
        let loaded = try store.load(archive: layout.write(to: "\(scratch.path)/a.tar"))
        #expect(loaded.map(\.description) == ["docker.io/library/app:1"])
        let image = try store.image(ImageReference("app:1"))
        #expect(image.configuration.environment == ["A=1"])
        #expect(image.configuration.command == ["run"])
        #expect(image.configuration.user == "33" && image.configuration.workingFolder == "/srv")
        let layers = try store.withLayers(of: image) { $0 }
        #expect(layers.count == 2)
        #expect(try readFile("\(store.layerFolder)/\(layers[0])/b") == Array("2".utf8))
        try store.tag(ImageReference("app:1"), as: ImageReference("other:2"))
        try store.remove(ImageReference("app:1"))
        #expect(try store.list().map(\.reference.familiar) == ["other:2"])
        #expect(try names("\(store.content.folder)/blobs/sha256").count == 4)
        try store.remove(ImageReference("other:2"))
        #expect(try names("\(store.content.folder)/blobs/sha256") == [])
        #expect(try names(store.layerFolder) == [])
        #expect(throws: ImageError.self) { try store.remove(ImageReference("other:2")) }
    }

    @Test func sharedLayersStay() throws {
        let scratch = try ScratchFolder()
        let store = try ImageStore("\(scratch.path)/images")
        var layout = Layout()
        let base = try Self.layer([("base", "x")])
        try layout.addImage([base, Self.layer([("one", "1")])], name: "one:1")
        try layout.addImage([base], name: "two:1")
        _ = try store.load(archive: layout.write(to: "\(scratch.path)/a.tar"))
        #expect(try names(store.layerFolder).count == 2)
        try store.remove(ImageReference("one:1"))
        #expect(try names(store.layerFolder).count == 1)
        _ = try store.image(ImageReference("two:1"))
    }

    @Test func whatIsWrongIsTold() throws {
        let scratch = try ScratchFolder()
        let store = try ImageStore("\(scratch.path)/images")
        func code(_ layout: Layout, _ name: ImageReference? = nil) throws -> ImageError.Code? {
            let path = try layout.write(to: "\(scratch.path)/x.tar")
            do {
                _ = try store.load(archive: path, as: name)
                return nil
            } catch { return error.code }
        }
        var nameless = Layout()
        try nameless.addImage([Self.layer([("a", "1")])], name: nil)
        #expect(try code(nameless) == .invalidImage)
        #expect(try code(nameless, ImageReference("given:1")) == nil)
        #expect(try code(Layout()) == .invalidImage)
        var damaged = nameless
        damaged.files[1].1[10] ^= 1
        #expect(try code(damaged, ImageReference("x")) == .digestMismatch)
        var incomplete = nameless
        incomplete.files.remove(at: 1)
        // The first image has this layer; without it the blob is missing.
        try store.remove(ImageReference("given:1"))
        #expect(try code(incomplete, ImageReference("x")) == .missingBlob)
        var evil = Layout()
        try evil.addImage([Self.layer([("../../evil", "1")])], name: "evil:1")
        #expect(try code(evil) == .archive)
        var wrong = Layout()
        try wrong.addImage([Self.layer([("a", "1")])], name: "../x:1")
        #expect(try code(wrong) == .invalidReference)
        #expect(try store.list().isEmpty)
        #expect(try names("\(store.content.folder)/blobs/sha256") == [])
        #expect(try names("\(store.content.folder)/ingest") == [])
        #expect(try names(store.layerFolder) == [])
    }

    @Test func changedBlobIsNoticed() throws {
        let scratch = try ScratchFolder()
        let store = try ImageStore("\(scratch.path)/images")
        var layout = Layout()
        try layout.addImage([Self.layer([("a", "1")])], name: "app:1")
        _ = try store.load(archive: layout.write(to: "\(scratch.path)/a.tar"))
        let manifest = try store.list()[0].digest
        try scratch.write("{}", to: "images/content/blobs/sha256/\(manifest.hexadecimal)")
        #expect(throws: ImageError.self) { _ = try store.image(ImageReference("app:1")) }
        _ = try store.load(archive: "\(scratch.path)/a.tar")
        _ = try store.image(ImageReference("app:1"))
    }

    @Test func busyboxImageLoads() throws {
        let scratch = try ScratchFolder()
        let script = "\(Machine.package)/scripts/build-busybox-image"
        let built = try Command(script, ["\(scratch.path)/busybox.tar"]).run()
        try #require(built.status == 0, "\(built.errors)")
        let store = try ImageStore("\(scratch.path)/images")
        let loaded = try store.load(archive: "\(scratch.path)/busybox.tar")
        #expect(loaded.map(\.familiar) == ["busybox:1.36"])
        let image = try store.image(ImageReference("docker.io/library/busybox:1.36"))
        let layers = try store.withLayers(of: image) { $0 }
        let applet = "\(store.layerFolder)/\(layers[0])/bin/echo"
        #expect(try Command(applet, ["hello"]).run().output == "hello\n")
        #expect(image.configuration.command == ["sh"])
    }
}
