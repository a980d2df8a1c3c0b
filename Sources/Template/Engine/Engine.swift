public import Document

/// One file to render: its text, and the data that it sees.
public struct TemplateFile {
    /// The path below the chart's parent folder, as `hello/templates/service.yaml`.
    public let name: Text
    public let contents: FileBytes
    /// The folder of templates that `.Template.BasePath` names.
    public let basePath: Text
    /// The dot: a map that all files of one chart share.
    public let data: GoMap
    /// Where the bytes are being read already.
    package var reading: TemplateReading?

    public init(name: Text, contents: FileBytes, basePath: Text, data: GoMap) {
        self.name = name
        self.contents = contents
        self.basePath = basePath
        self.data = data
    }
}

/// Why a chart's templates could not be rendered.
public enum RenderFailure: Error {
    /// A file is no template.
    case syntax(ParseFailure)
    /// A template could not be evaluated.
    case execution(TemplateError)
}

extension RenderFailure {
    /// The failure in the words of Helm 4.2.
    public var helmText: String {
        switch self {
        case .execution(let error): return error.helmText
        case .syntax(let failure):
            // Helm keeps the place and what follows the last colon.
            let full = "template: \(failure.source.name.string):\(failure.line): \(failure.message)"
            let tokens = GoStrings.split(full, ": ")
            return "parse error at (\(tokens[1])): \(tokens[tokens.count - 1])"
        }
    }
}

/// Renders the templates of a chart and its subcharts as Helm's engine does.
public struct Engine: Sendable {
    public var limits: Limits
    public var host: Host
    /// Whether nobody wants what is being rendered any more; it then fails, with words that nobody reads.
    package var isCalledOff: (@Sendable () -> Bool)?

    public init(host: Host, limits: Limits = Limits()) {
        self.host = host
        self.limits = limits
    }

    /// Parses all files, then executes those that are no partials, deepest first.
    ///
    /// - Returns: what each file printed, by its name.
    public func render(_ files: [TemplateFile]) throws(RenderFailure) -> TextTable<Text> {
        try render(files, marking: nil).texts
    }

    /// What came of a rendering, and what was noted on the way.
    public struct Outcome {
        /// What each file printed, by its name.
        public let texts: TextTable<Text>
        /// Which node wrote what in the file that was marked.
        public let marks: [OutputMark]
        public let profile: RenderProfile?
    }

    /// Renders as ``render(_:)`` does, and notes which node wrote what in one of the files, or how long each template took.
    ///
    /// - Parameter onText: is called with the name and the text of each file as soon as it is rendered.
    public func render(
        _ files: [TemplateFile], marking marked: Text?, profiles: Bool = false,
        onText: (Text, Text) -> Void = { _, _ in }
    ) throws(RenderFailure) -> Outcome {
        let ordered = Engine.ordered(files)
        let trees = try parse(ordered)
        return try BigStack.run { floor throws(RenderFailure) in
            let evaluator = Evaluator(
                templates: trees, limits: limits, host: host, stackFloor: floor, isCalledOff: isCalledOff)
            var results = TextTable<Text>()
            var marks: [OutputMark] = []
            if profiles { evaluator.profile = RenderProfile() }
            for file in ordered where !Engine.isPartial(file.name) {
                evaluator.marks = file.name == marked ? [] : nil
                let text = try execute(file, evaluator)
                results.set(file.name, text)
                onText(file.name, text)
                marks += evaluator.marks ?? []
            }
            return Outcome(texts: results, marks: marks, profile: evaluator.profile)
        }
    }

    private func execute(_ file: TemplateFile, _ evaluator: Evaluator) throws(RenderFailure) -> Text {
        let place = GoMap([("Name", .string(file.name)), ("BasePath", .string(file.basePath))], kind: .values)
        file.data["Template"] = .map(place)
        do {
            return Evaluator.withoutNoValue(try evaluator.execute(file.name, .map(file.data)))
        } catch {
            throw .execution(error)
        }
    }

    /// What the files define; a second thread reads from the last file on, or has done so since the chart was unpacked.
    private func parse(_ files: [TemplateFile]) throws(RenderFailure) -> TextTable<Tree> {
        let ahead = WorkAhead()
        var readings: [TemplateReading] = []
        for file in files.reversed() { readings.append(file.reading ?? TemplateReading(file.contents, ahead)) }
        ahead.begin()
        for reading in readings.reversed() { reading.prepare() }
        var all = TextTable<Tree>()
        for (file, reading) in zip(files, readings.reversed()) {
            do throws(ParseFailure) {
                for tree in try reading.trees(named: file.name) {
                    // A template that is there already is never replaced by an empty one.
                    if tree.isEmpty, all[tree.name] != nil { continue }
                    all.set(tree.name, tree)
                }
            } catch {
                throw .syntax(error)
            }
        }
        return all
    }

    /// Deeper paths first, and of the same depth the later in the alphabet, so that what stands higher wins.
    private static func ordered(_ files: [TemplateFile]) -> [TemplateFile] {
        let depths = files.map { depth($0.name) }
        return files.indices.sorted { a, b in
            depths[a] == depths[b] ? files[b].name < files[a].name : depths[a] > depths[b]
        }.map { files[$0] }
    }

    private static func depth(_ path: Text) -> Int {
        path.withBytes { $0.count { $0 == UInt8(ascii: "/") } }
    }

    /// Files named with an underscore are only there to be included.
    package static func isPartial(_ path: Text) -> Bool {
        path.withBytes { bytes in
            let base = bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
            return base < bytes.count && bytes[base] == UInt8(ascii: "_")
        }
    }
}
