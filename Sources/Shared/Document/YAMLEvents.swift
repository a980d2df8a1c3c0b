import CLibYAML

/// libyaml's parser over a text, wrapped once: one owner, one check of results.
final class YAMLEvents {
    enum Event {
        case scalar(Text, tag: String, anchor: String, isPlainImplicit: Bool, isQuotedImplicit: Bool)
        case sequenceStart(anchor: String, isFlow: Bool)
        case mappingStart(anchor: String, isFlow: Bool)
        case alias(String)
        case containerEnd
        case documentStart
        case documentEnd
        case streamEnd
    }

    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>
    private let standIns: YAMLStandIns?
    /// The line of a `%YAML` that go-yaml refuses.
    private let incompatibleLine: Int?
    /// Where the last event began, from 0.
    private(set) var line = 0
    private(set) var column = 0

    init(_ text: [UInt8]) {
        parser = .allocate(capacity: 1)
        standIns = YAMLStandIns(for: text)
        incompatibleLine = YAMLStandIns.incompatibleVersion(text)
        let bytes = YAMLEscapes.known(standIns.map { text.withUnsafeBufferPointer($0.prepared) } ?? text)
        // libyaml reads the input while it is asked for events, so it has to stay where it is.
        input = .allocate(capacity: bytes.count)
        _ = input.initialize(fromContentsOf: bytes)
        yaml_parser_initialize(parser)
        yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    /// The next event that says something; stream starts are passed over.
    func next() throws(YAML.Failure) -> Event {
        if let incompatibleLine { throw YAMLEvents.failure("found incompatible YAML document", incompatibleLine) }
        while true {
            var event = yaml_event_t()
            guard yaml_parser_parse(parser, &event) == 1 else { throw failure }
            defer { yaml_event_delete(&event) }
            line = event.start_mark.line
            column = event.start_mark.column
            if let result = translate(event) { return result }
        }
    }

    private func translate(_ event: yaml_event_t) -> Event? {
        switch event.type {
        case YAML_SCALAR_EVENT: return scalar(event.data.scalar)
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            return .sequenceStart(anchor: string(start.anchor), isFlow: start.style == YAML_FLOW_SEQUENCE_STYLE)
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            return .mappingStart(anchor: string(start.anchor), isFlow: start.style == YAML_FLOW_MAPPING_STYLE)
        case YAML_ALIAS_EVENT: return .alias(string(event.data.alias.anchor))
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: return .containerEnd
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_STREAM_END_EVENT: return .streamEnd
        default: return nil
        }
    }

    private func scalar(_ scalar: yaml_event_t.__Unnamed_union_data.__Unnamed_struct_scalar) -> Event {
        let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
        let text = standIns.map { Text(bytes: $0.restored(bytes)) } ?? Text(bytes: bytes)
        return .scalar(
            text, tag: string(scalar.tag), anchor: string(scalar.anchor),
            isPlainImplicit: scalar.plain_implicit != 0, isQuotedImplicit: scalar.quoted_implicit != 0)
    }

    private func string(_ pointer: UnsafeMutablePointer<UInt8>?) -> String {
        pointer.map { String(cString: $0) } ?? ""
    }

    /// go-yaml's rule for the line it names: the problem's, or the context's; scanner errors count from 0.
    private var failure: YAML.Failure {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "unknown problem parsing YAML content"
        if let forgottenKey { return forgottenKey }
        let isScanner = parser.pointee.error == YAML_SCANNER_ERROR
        let (first, second) = (parser.pointee.problem_mark.line, parser.pointee.context_mark.line)
        let line = first != 0 ? first + (isScanner ? 1 : 0) : second
        let isUnread = parser.pointee.error == YAML_READER_ERROR
        let mark = YAML.Place(line: first + 1, column: parser.pointee.problem_mark.column + 1)
        return YAMLEvents.failure(problem, line, isUnread ? nil : mark)
    }

    /// go-yaml forgets that `[]` and `{}` may be keys, and refuses them where a key or a dash has to stand; libyaml asks
    /// for the colon behind them.
    private var forgottenKey: YAML.Failure? {
        guard let problem = parser.pointee.problem, String(cString: problem) == "could not find expected ':'" else {
            return nil
        }
        let mark = parser.pointee.context_mark
        let lines = input.split(
            separator: UInt8(ascii: "\n"), maxSplits: mark.line + 1, omittingEmptySubsequences: false)
        guard lines.indices.contains(mark.line), beginsEmptyCollection(lines[mark.line][...], mark.column) else {
            return nil
        }
        let isInSequence = parser.pointee.state == YAML_PARSE_BLOCK_SEQUENCE_ENTRY_STATE
        let place = YAML.Place(line: mark.line + 1, column: mark.column + 1)
        return YAMLEvents.failure(YAMLEvents.missing(inSequence: isInSequence), mark.line, place)
    }

    /// Whether nothing but blanks and comments stands between the brackets that open at that character of a line.
    private func beginsEmptyCollection(_ line: Slice<UnsafeMutableBufferPointer<UInt8>>, _ column: Int) -> Bool {
        // Bytes that carry on a character are none of their own.
        let starts = line.indices.filter { line[$0] & 0xC0 != 0x80 }
        guard starts.indices.contains(column) else { return false }
        var index = starts[column]
        guard input[index] == UInt8(ascii: "{") || input[index] == UInt8(ascii: "[") else { return false }
        index += 1
        while index < input.count {
            switch input[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            case UInt8(ascii: "#"): while index < input.count, input[index] != 0x0A { index += 1 }
            case let byte: return byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
            }
        }
        return false
    }

    /// What go-yaml says where a block mapping goes on with no key, or a block sequence with no dash.
    static func missing(inSequence: Bool) -> String {
        inSequence ? "did not find expected '-' indicator" : "did not find expected key"
    }

    /// A failure that names its line, unless that is the first, from 0.
    static func failure(_ problem: String, _ line: Int, _ mark: YAML.Place? = nil) -> YAML.Failure {
        let place = line == 0 ? "" : "line \(line): "
        return YAML.Failure(message: "yaml: \(place)\(problem)", line: line, mark: mark, isSyntax: true)
    }
}
