public import Document

/// `.Files`: what a chart carries besides its templates, values and subcharts.
public final class FilesObject: GoObject {
    /// The files by path, sorted; a text is made of a file only when it is asked for, which most never are.
    let files: [(path: Text, contents: FileBytes)]

    public init(_ files: [(path: Text, contents: FileBytes)]) { self.files = files.sorted { $0.path < $1.path } }

    public var typeName: String { "engine.files" }
    public var kindName: String { "map" }
    public var text: Text { GoFormat.text(underlying ?? .invalid) }

    public var underlying: GoValue? {
        .map(GoMap(files.map { ($0.path, GoValue.bytes(Text($0.contents))) }, kind: .bytes))
    }

    public var bytesWithin: Int { files.reduce(0) { $0 + $1.path.count + $1.contents.count } }

    private func contents(_ path: Text) -> FileBytes? { files.first { $0.path == path }?.contents }

    private func text(_ path: Text) -> Text { contents(path).map { Text($0) } ?? "" }

    public func method(_ name: Text) -> Function? { FilesObject.methods.function(named: name) }

    private static func of(_ value: GoValue) -> FilesObject {
        guard case .object(let object) = value else { return FilesObject([]) }
        return object as? FilesObject ?? FilesObject([])
    }

    private static let methods = FunctionTable([
        [
            Function(method: "Get", .string) { receiver, arguments in
                .string(of(receiver).text(arguments[0].text ?? ""))
            },
            Function(method: "GetBytes", .string) { receiver, arguments in
                .bytes(of(receiver).text(arguments[0].text ?? ""))
            },
            Function(method: "Glob", .string) { receiver, arguments throws(CallFailure) in
                // A pattern that is none counts as `**`.
                let pattern = GlobPattern(arguments[0].text ?? "") ?? GlobPattern("**")
                var found: [(path: Text, contents: FileBytes)] = []
                for file in of(receiver).files {
                    guard let matches = pattern?.matches(file.path) else {
                        throw .limit("\(Quoting.string(arguments.text(0))) takes too long on \(file.path.string)")
                    }
                    if matches { found.append(file) }
                }
                return .object(FilesObject(found))
            },
            Function(method: "AsConfig") { receiver, _ in .string(of(receiver).config { Text($0) }) },
            Function(method: "AsSecrets") { receiver, _ in
                .string(of(receiver).config { Text(bytes: Base64.encode($0.bytes)) })
            },
            Function(method: "Lines", .string) { receiver, arguments throws(CallFailure) in
                guard let bytes = of(receiver).contents(arguments[0].text ?? "")?.bytes else { return .strings([]) }
                guard !bytes.isEmpty else { throw .text("runtime error: index out of range [-1]") }
                let body = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
                return .strings(GoStrings.split(Array(body), [UInt8(ascii: "\n")]).map { Text(bytes: $0) })
            },
        ]
    ])

    /// The files by their base names, as the YAML of a ConfigMap's data.
    private func config(_ transform: (FileBytes) -> Text) -> Text {
        let pairs = files.map { file in
            let base = GoStrings.split(file.path.bytes, [UInt8(ascii: "/")]).last ?? []
            return (Text(bytes: base), GoValue.string(transform(file.contents)))
        }
        return (try? Encoding.yaml(.map(GoMap(pairs)))) ?? ""
    }
}
