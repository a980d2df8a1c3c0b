import Document

extension Function {
    /// Sprig's functions of slash-separated paths; those for the system's own paths do the same here.
    static let paths: [Function] =
        plainPaths
        + zip(plainPaths, ["osBase", "osDir", "osClean", "osExt", "osIsAbs"]).map { $0.named($1) }

    private static let plainPaths: [Function] = [
        Function("base", .string) { .string(bytes: SlashPath.base($0.bytes(0))) },
        Function("dir", .string) { .string(bytes: SlashPath.directory($0.bytes(0))) },
        Function("clean", .string) { .string(bytes: SlashPath.clean($0.bytes(0))) },
        Function("ext", .string) { .string(bytes: SlashPath.fileExtension($0.bytes(0))) },
        Function("isAbs", .string) { .bool($0.bytes(0).first == SlashPath.slash) },
    ]
}

/// Go's package path.
package enum SlashPath {
    /// The shortest path that means the same, by Go's `path.Clean`.
    package static func clean(_ path: String) -> String { String(decoding: clean(Array(path.utf8)), as: UTF8.self) }

    static let slash = UInt8(ascii: "/")
    private static let dot = [UInt8(ascii: ".")]

    static func base(_ path: [UInt8]) -> [UInt8] {
        if path.isEmpty { return dot }
        let trimmed = path.reversed().drop { $0 == slash }.reversed()
        guard !trimmed.isEmpty else { return [slash] }
        let bytes = Array(trimmed)
        return bytes.lastIndex(of: slash).map { Array(bytes[($0 + 1)...]) } ?? bytes
    }

    static func directory(_ path: [UInt8]) -> [UInt8] {
        clean(path.lastIndex(of: slash).map { Array(path[...$0]) } ?? [])
    }

    static func fileExtension(_ path: [UInt8]) -> [UInt8] {
        let start = path.lastIndex(of: slash).map { $0 + 1 } ?? 0
        return path[start...].lastIndex(of: UInt8(ascii: ".")).map { Array(path[$0...]) } ?? []
    }

    /// Whether each part of the path has a character and begins with another one than a dot.
    private static func isClean(_ path: [UInt8]) -> Bool {
        var isStart = true
        for byte in path {
            if isStart, byte == slash || byte == UInt8(ascii: ".") { return false }
            isStart = byte == slash
        }
        return !isStart
    }

    static func clean(_ path: [UInt8]) -> [UInt8] {
        if path.isEmpty { return dot }
        if isClean(path) { return path }
        let isRooted = path.first == slash
        var parts: [ArraySlice<UInt8>] = []
        for part in path.split(separator: slash) {
            if part.elementsEqual(dot) { continue }
            if part.elementsEqual("..".utf8) {
                if let last = parts.last, !last.elementsEqual("..".utf8) {
                    parts.removeLast()
                } else if !isRooted {
                    parts.append(part)
                }
            } else {
                parts.append(part)
            }
        }
        let joined = Array(parts.joined(separator: [slash]))
        if isRooted { return [slash] + joined }
        return joined.isEmpty ? dot : joined
    }
}
