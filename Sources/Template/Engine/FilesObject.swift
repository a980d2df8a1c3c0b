public import Document

/// `.Files`: what a chart carries besides its templates, values and subcharts.
public final class FilesObject: GoObject {
    /// The files by path, sorted; a text is made of a file only when it is asked for, which most never are.
    let files: [(path: Text, bytes: [UInt8])]

    public init(_ files: [(path: Text, bytes: [UInt8])]) { self.files = files.sorted { $0.path < $1.path } }

    public var typeName: String { "engine.files" }
    public var kindName: String { "map" }
    public var text: Text { GoFormat.text(underlying ?? .invalid) }

    public var underlying: GoValue? {
        .map(GoMap(files.map { ($0.path, GoValue.bytes(Text(bytes: $0.bytes))) }))
    }

    public var bytesWithin: Int { files.reduce(0) { $0 + $1.path.count + $1.bytes.count } }

    func bytes(_ path: Text) -> [UInt8]? { files.first { $0.path == path }?.bytes }

    public func method(_ name: Text) -> Function? { FilesObject.methods.function(named: name) }

    private static func of(_ value: GoValue) -> FilesObject {
        guard case .object(let object) = value else { return FilesObject([]) }
        return object as? FilesObject ?? FilesObject([])
    }

    private static let methods = FunctionTable([
        [
            Function(method: "Get", .string) { receiver, arguments in
                .string(Text(bytes: of(receiver).bytes(arguments[0].text ?? "") ?? []))
            },
            Function(method: "GetBytes", .string) { receiver, arguments in
                .bytes(Text(bytes: of(receiver).bytes(arguments[0].text ?? "") ?? []))
            },
            Function(method: "Glob", .string) { receiver, arguments throws(CallFailure) in
                // A pattern that is none counts as `**`.
                let pattern = GlobPattern(arguments[0].text ?? "") ?? GlobPattern("**")
                var found: [(path: Text, bytes: [UInt8])] = []
                for file in of(receiver).files {
                    guard let matches = pattern?.matches(file.path) else {
                        throw .limit("\(Quoting.string(arguments.text(0))) takes too long on \(file.path.string)")
                    }
                    if matches { found.append(file) }
                }
                return .object(FilesObject(found))
            },
            Function(method: "AsConfig") { receiver, _ in .string(of(receiver).config { Text(bytes: $0) }) },
            Function(method: "AsSecrets") { receiver, _ in
                .string(of(receiver).config { Text(bytes: Base64.encode($0)) })
            },
            Function(method: "Lines", .string) { receiver, arguments throws(CallFailure) in
                guard let bytes = of(receiver).bytes(arguments[0].text ?? "") else { return .strings([]) }
                guard !bytes.isEmpty else { throw .text("runtime error: index out of range [-1]") }
                let body = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
                return .strings(GoStrings.split(Array(body), [UInt8(ascii: "\n")]).map { Text(bytes: $0) })
            },
        ]
    ])

    /// The files by their base names, as the YAML of a ConfigMap's data.
    private func config(_ transform: ([UInt8]) -> Text) -> Text {
        let pairs = files.map { file in
            let base = GoStrings.split(file.path.bytes, [UInt8(ascii: "/")]).last ?? []
            return (Text(bytes: base), GoValue.string(transform(file.bytes)))
        }
        return (try? Encoding.yaml(.map(GoMap(pairs)))) ?? ""
    }
}
