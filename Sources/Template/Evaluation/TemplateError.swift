public import Document

/// Why a template could not be evaluated: a code, a place, and what caused it. Text is written by ``goText`` alone.
public final class TemplateError: Error, @unchecked Sendable {
    // All members are constants of value types or of this type; `Source` is Sendable. Nothing can change after init.

    /// What sort of failure this is; more may come.
    public enum Code: Sendable {
        /// The evaluator itself refused: a wrong type, a missing field, a nil.
        case execution
        /// A function answered an error.
        case function
        /// The chart's author asked to stop, by `fail` or `required`.
        case refusal
        /// A template of that name does not exist.
        case missingTemplate
        /// The text given to `tpl` is no template.
        case syntax
        /// A limit against endless or hostile templates was reached.
        case limit
    }

    /// Where in which template the failing node stands.
    public struct Place: Sendable {
        /// The file, or the string given to `tpl`.
        public let source: Source
        /// The node's bytes.
        public let span: Span
        /// The name of the template being executed.
        public let template: Text
        /// The node in Go's spelling.
        public let context: String
    }

    public let code: Code
    /// The place, for what the evaluator itself refuses; nil for what functions answer.
    public let place: Place?
    /// What went wrong, without place and cause.
    public let message: Text
    /// What made it go wrong; its text follows the message.
    public let cause: TemplateError?
    /// What would help the author, beside Helm's words; nil where nothing is known.
    public let hint: String?

    public init(
        _ code: Code, _ message: Text, place: Place? = nil, cause: TemplateError? = nil, hint: String? = nil
    ) {
        self.code = code
        self.message = message
        self.place = place
        self.cause = cause
        self.hint = hint
    }

    /// The chain from this error to its root.
    public var chain: [TemplateError] {
        var links: [TemplateError] = []
        var next: TemplateError? = self
        while let link = next {
            links.append(link)
            next = link.cause
        }
        return links
    }
}

extension TemplateError.Place {
    /// The line from 1 and the byte column from 0.
    public var position: (line: Int, column: Int) { source.position(of: span.start) }

    /// `FILE:LINE:COLUMN`
    public var location: String {
        let (line, column) = position
        return "\(source.name.string):\(line):\(column)"
    }
}

extension TemplateError {
    /// The message as Go's text/template writes it, causes included.
    public var goText: String {
        let tail = message.string + (cause?.goText ?? "")
        guard let place else { return tail }
        let executing = Quoting.string(place.template)
        return "template: \(place.location): executing \(executing) at <\(place.context)>: \(tail)"
    }

    /// The message as Helm 4.2 reshapes it: by place where every link of the chain has one, else as Go writes it.
    public var helmText: String {
        guard let place else { return goText }
        if let refusal = chain.first(where: { $0.code == .refusal }) {
            return "execution error at (\(place.location)): \(refusal.message.string)"
        }
        guard chain.allSatisfy({ $0.place != nil || $0.code == .missingTemplate }) else { return goText }
        var blocks: [String] = []
        for link in chain {
            let block = link.block
            if blocks.last != block { blocks.append(block) }
        }
        return GoStrings.trimSpace(blocks.joined())
    }

    /// One link of the chain in Helm's three lines.
    private var block: String {
        guard let place else { return message.string + "\n" }
        let executing = "executing \(Quoting.string(place.template)) at <\(place.context)>:"
        let words = GoStrings.trimSpace(message.string)
        return "\(place.location)\n  \(executing)\n    \(words)\n"
    }
}

/// Why a function could not answer.
enum CallFailure: Error {
    /// The text of the error it returned, or of the panic that Go recovers.
    case message(Text)
    /// `fail` and `required`, with the author's words.
    case refusal(Text)
    /// A template that it ran failed.
    case template(TemplateError)
    /// A limit was reached.
    case limit(Text, hint: String? = nil)

    /// The error with these words.
    static func text(_ string: String) -> CallFailure { .message(Text(string)) }

    /// The error as a link of a chain.
    var error: TemplateError {
        switch self {
        case .message(let text): TemplateError(.function, text)
        case .refusal(let text): TemplateError(.refusal, text)
        case .template(let error): error
        case .limit(let text, let hint): TemplateError(.limit, text, hint: hint)
        }
    }
}
