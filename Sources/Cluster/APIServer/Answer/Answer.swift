import API
import Document
import Store

/// What a handler answers, before it is known in what form the client wants it.
struct Answer: Sendable {
    enum Body: Sendable {
        /// Bytes that are sent as they are.
        case bytes([UInt8], type: String)
        /// A tree that has no other form than itself: Status, discovery, reviews.
        case tree(Value)
        /// An object as it stands in the store.
        case record(ServedResource, Record)
        /// An object that stands nowhere: the answer of a dry run, a deleted object.
        case object(ServedResource, Value)
        /// A part of an object that is no resource of its own: a Scale.
        case part(Value, of: ServedResource)
        case page(Page)
        /// A collection of objects that stand nowhere, and so at no revision.
        case objects(ServedResource, [Value])
        case watch(Watching)
        /// What arrives piece by piece, such as a followed log.
        case stream(AsyncThrowingStream<[UInt8], any Error>, type: String)
    }

    var status = 200
    var headers: [(name: String, value: String)] = []
    var cacheControl = "no-cache, private"
    /// The texts of Warning headers.
    var warnings: [String] = []
    /// Which flow schema the request belongs to; nil where nobody has looked.
    var flow: FlowLabel?
    var body: Body

    init(_ body: Body, status: Int = 200, warnings: [String] = []) {
        self.body = body
        self.status = status
        self.warnings = warnings
    }

    /// The same answer with a further Warning, where there is one.
    func warning(_ text: String?) -> Answer {
        guard let text else { return self }
        var answer = self
        answer.warnings.append(text)
        return answer
    }

    /// The same answer with a Warning before all others.
    func warningFirst(_ text: String) -> Answer {
        var answer = self
        answer.warnings.insert(text, at: 0)
        return answer
    }

    /// The same answer with the flow schema of its request.
    func flowing(_ flow: FlowLabel?) -> Answer {
        var answer = self
        answer.flow = flow
        return answer
    }

    /// The texts that Warning headers carry: each once, and shortened where they are very long together (apiserver's
    /// warning recorder).
    var shownWarnings: [String] {
        guard warnings.count > 1 else { return warnings }
        var seen: Set<String> = []
        let texts = warnings.filter { !$0.isEmpty && seen.insert($0).inserted }
        guard texts.reduce(0, { $0 + $1.unicodeScalars.count }) > 4096 else { return texts }
        var written = 0
        var shown: [String] = []
        for text in texts where written < 4096 {
            let short = text.unicodeScalars.prefix(256)
            written += short.count
            shown.append(String(String.UnicodeScalarView(short)))
        }
        return shown
    }

    /// The answer that a failure is.
    init(_ failure: Status) {
        self.init(.tree(failure.value), status: failure.code)
        if let seconds = failure.details?.retryAfterSeconds, seconds > 0 {
            headers.append(("Retry-After", String(seconds)))
        }
    }
}

/// A page of a collection.
struct Page: Sendable {
    var resource: ServedResource
    var records: [Record]
    var revision: Revision
    /// Empty on the last page.
    var next = ""
    /// How many follow; nil where nobody counted.
    var remaining: Int?
}
