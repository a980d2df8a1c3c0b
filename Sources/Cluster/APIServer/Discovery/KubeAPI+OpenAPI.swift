import API
import Document
import PKI
import Schema
import Store

extension KubeAPI {
    /// `/openapi/v2`, `/openapi/v3` and the documents below it; made when first asked for.
    func openAPI(_ parts: [String], _ incoming: Incoming) throws(Status) -> Handling {
        switch parts.count > 1 ? parts[1] : "" {
        case "v2" where parts.count == 2:
            return .later(.json) { self.openAPIv2(incoming) }
        case "v3" where parts.count == 2:
            return .now(openAPIv3Index(), .json)
        case "v3":
            let path = parts[2...].joined(separator: "/")
            return .later(.json) { self.openAPIv3(path, incoming) }
        default: return .now(.pageNotFound, .json)
        }
    }

    private func openAPIv2(_ incoming: Incoming) -> Answer {
        let catalogue = served.catalogue
        guard let form = DocumentForm(incoming.accept, version: "v2") else { return KubeAPI.empty(406) }
        let document = documents.document("openapi/v2 \(form)", now: now) {
            form == .json ? JSON.write(catalogue.openAPIv2()) : catalogue.openAPIv2Protobuf()
        }
        return whole(document, form.type(version: "v2"), incoming, more: ["Accept-Encoding"])
    }

    private static func empty(_ status: Int) -> Answer { Answer(.bytes([], type: ""), status: status) }

    private func openAPIv3Index() -> Answer {
        let catalogue = served.catalogue
        let document = documents.document("openapi/v3", now: now) {
            var paths: Value = [:]
            for path in catalogue.openAPIv3Paths {
                paths[Text(path)] = ["serverRelativeURL": .string(location(path, tag(path, catalogue)))]
            }
            return JSON.write(["paths": paths])
        }
        // Always sent whole, as of now: by seconds nobody could tell it from that before a definition came.
        var answer = Answer(.bytes(document.bytes, type: "text/plain; charset=utf-8"))
        answer.headers = [("Accept-Ranges", "bytes"), ("Last-Modified", HTTPDate.text(now))]
        return answer
    }

    private func location(_ path: String, _ tag: String) -> String { "/openapi/v3/\(path)?hash=\(tag)" }

    /// What changes with a document; making all of them to hash them would cost seconds.
    private func tag(_ path: String, _ catalogue: Catalogue) -> String {
        Digest.longHexadecimal(Array("\(documents.salt) \(path) ".utf8) + catalogue.openAPIv3Source(path))
    }

    /// A document of `/openapi/v3`. Under the hash of its present state it never changes; another hash is one of a state
    /// before, and leads here (kube-openapi's handler3).
    private func openAPIv3(_ path: String, _ incoming: Incoming) -> Answer {
        let catalogue = served.catalogue
        guard catalogue.openAPIv3Paths.contains(path) else { return KubeAPI.empty(404) }
        guard let form = DocumentForm(incoming.accept, version: "v3") else {
            var answer = KubeAPI.empty(406)
            answer.headers = [("Vary", "Accept")]
            return answer
        }
        let (tag, hash) = (tag(path, catalogue), incoming.query["hash"])
        guard hash.isEmpty || hash == tag else {
            var answer = Answer(.bytes([], type: form.type(version: "v3")), status: 301)
            answer.headers = [("Etag", "\"\(tag)\""), ("Location", location(path, tag)), ("Vary", "Accept")]
            return answer
        }
        let document = documents.document("openapi/v3/\(path) \(form)", tag: tag, now: now) {
            form == .json ? JSON.write(catalogue.openAPIv3(path) ?? [:]) : catalogue.openAPIv3Protobuf(path) ?? []
        }
        var answer = whole(document, form.type(version: "v3"), incoming)
        guard !hash.isEmpty else { return answer }
        answer.cacheControl = "public, immutable"
        answer.headers.append(("Expires", HTTPDate.text(now + .seconds(365 * 86400), zone: "UTC")))
        return answer
    }

    private func whole(
        _ document: DocumentCache.Document, _ type: String, _ incoming: Incoming, more: [String] = []
    ) -> Answer {
        var answer = dated(document, type, incoming)
        answer.headers.insert(contentsOf: more.map { ("Vary", $0) }, at: 0)
        return answer
    }

    /// A document as Go's http.ServeContent sends it, or word that the client has it already.
    private func dated(_ document: DocumentCache.Document, _ type: String, _ incoming: Incoming) -> Answer {
        var answer = tagged(document, type, incoming)
        let time = HTTPDate.text(document.time)
        if incoming.ifNoneMatch.isEmpty, incoming.ifModifiedSince == time {
            answer.body = .bytes([], type: "")
            answer.status = 304
        }
        if answer.status != 304 { answer.headers += [("Accept-Ranges", "bytes"), ("Last-Modified", time)] }
        return answer
    }
}
