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

    private static let protobuf = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"

    private func openAPIv2(_ incoming: Incoming) -> Answer {
        let catalogue = served.catalogue
        let wantsProtobuf = MediaType.accepted(incoming.accept).contains {
            $0.name.hasPrefix("application/com.github.proto-openapi.spec.v2")
        }
        if wantsProtobuf {
            let document = documents.document("openapi/v2.pb") { catalogue.openAPIv2Protobuf() }
            return tagged(document, KubeAPI.protobuf, incoming)
        }
        let document = documents.document("openapi/v2") { JSON.write(catalogue.openAPIv2()) }
        return tagged(document, "application/json", incoming)
    }

    private func openAPIv3Index() -> Answer {
        let catalogue = served.catalogue
        let salt = documents.salt
        let document = documents.document("openapi/v3") {
            var paths: Value = [:]
            for path in catalogue.openAPIv3Paths {
                // The tag only has to change with the document; making all of them to hash them would cost seconds.
                let hash = Digest.hexadecimal(Array("\(salt) \(self.store.revision) \(path)".utf8))
                paths[Text(path)] = ["serverRelativeURL": .string("/openapi/v3/\(path)?hash=\(hash)")]
            }
            return JSON.write(["paths": paths])
        }
        return Answer(.bytes(document.bytes, type: "text/plain; charset=utf-8"))
    }

    private func openAPIv3(_ path: String, _ incoming: Incoming) -> Answer {
        let catalogue = served.catalogue
        guard catalogue.openAPIv3Paths.contains(path) else { return Answer(.bytes([], type: ""), status: 404) }
        let document = documents.document("openapi/v3/\(path)") {
            JSON.write(catalogue.openAPIv3(path) ?? [:])
        }
        return tagged(document, "application/json", incoming)
    }
}
