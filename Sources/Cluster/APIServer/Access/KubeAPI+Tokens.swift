import API
import Document
import PKI
import Schema
import Store

extension KubeAPI {
    /// Who a request is from; nil where it shows a token that nobody has, which is a 401.
    ///
    /// - Parameters:
    ///   - authorization: the Authorization header.
    ///   - certificate: whom the connection's certificate names.
    func identify(authorization: String?, certificate: Identity?) -> Identity? {
        if let certificate { return certificate }
        guard let authorization else { return .anonymous }
        // Go by bytes: this is asked of each request. What follows the token is no part of it, and an empty one is none.
        let words = authorization.utf8.split(
            separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count > 1, !words[1].isEmpty, words[0].elementsEqual("bearer".utf8, by: { $0 | 0x20 == $1 })
        else { return .anonymous }
        return identity(token: String(Substring(words[1])), audiences: [WebToken.issuer])
    }

    /// Whose token that is; nil where it is nobody's.
    func identity(token: String, audiences: [String]) -> Identity? {
        if let known = options.tokens[token] { return known }
        guard WebToken.isLikely(token), let keyring = options.keyring, let key = try? keyring.key,
            let token = WebToken(token, key: key), token.holds(at: clock.now, audiences: audiences)
        else { return nil }
        return identity(token.claims)
    }

    /// The service account of a token, as long as it and what the token is bound to still exist.
    private func identity(_ claims: Value) -> Identity? {
        let bound = claims["kubernetes.io"] ?? [:]
        guard let namespace = bound["namespace"]?.string, let name = bound["serviceaccount", "name"]?.string,
            let account = object("", "v1", "serviceaccounts", namespace: namespace, name: name),
            account.uid == bound["serviceaccount", "uid"]?.string
        else { return nil }
        for (kind, plural) in [("pod", "pods"), ("secret", "secrets")] {
            guard let reference = bound[Text(kind)] else { continue }
            let found = object("", "v1", plural, namespace: namespace, name: reference["name"]?.string ?? "")
            guard found?.uid == reference["uid"]?.string else { return nil }
        }
        var identity = Identity.user(
            "system:serviceaccount:\(namespace):\(name)", uid: account.uid,
            groups: ["system:serviceaccounts", "system:serviceaccounts:\(namespace)"])
        identity.extra = KubeAPI.extra(of: claims)
        return identity
    }

    /// What a token says beside whose it is (serviceaccount.UserInfo of upstream).
    private static func extra(of claims: Value) -> [String: [String]] {
        var extra: [String: [String]] = [:]
        if let id = claims["jti"]?.string { extra["authentication.kubernetes.io/credential-id"] = ["JTI=\(id)"] }
        for kind in ["pod", "node"] {
            for part in ["name", "uid"] {
                guard let text = claims["kubernetes.io", Text(kind), Text(part)]?.string else { continue }
                extra["authentication.kubernetes.io/\(kind)-\(part)"] = [text]
            }
        }
        return extra
    }

    /// `POST …/serviceaccounts/NAME/token`: a token for the service account.
    func issueToken(_ request: Request) async throws(Status) -> Answer {
        let account = try request.resource.tree(try find(request))
        var (review, warnings) = try part(request)
        try KubeAPI.checkPlace(of: review, request)
        let kind = served.catalogue.kind(group: "authentication.k8s.io", version: "v1", kind: "TokenRequest")
        // A default of the decoder's, and so a field that the client owns; the audiences come from the storage.
        let seconds = review["spec", "expirationSeconds"]?.int ?? 3600
        review["spec", "expirationSeconds"] = .int(seconds)
        review = kind?.trackingCreation(review, by: owner(request)) ?? review
        review = kind?.defaulted(review) ?? review
        if review["spec", "audiences"]?.array?.isEmpty ?? true {
            review["spec", "audiences"] = [.string(WebToken.issuer)]
        }
        try checkLifetime(seconds, request)
        var claims = try claims(account, review, seconds)
        for field in ["name", "namespace", "uid"] as [Text] { review["metadata", field] = account["metadata", field] }
        review["metadata", "creationTimestamp"] = .string(now.description)
        do throws(PKIFailure) {
            guard let keyring = options.keyring else { throw PKIFailure("sign a token", "there is no key") }
            claims["jti"] = .string(Naming.uid())
            let token = try WebToken(claims: claims).signed(with: keyring.key)
            let end = Time(seconds: now.seconds + Int64(seconds))
            review["status"] = ["token": .string(token), "expirationTimestamp": .string(end.description)]
        } catch {
            throw .internalError(error.description)
        }
        return Answer(.tree(review), status: 201, warnings: warnings)
    }

    private static let tokenRequest = GroupVersionKind(
        group: "authentication.k8s.io", version: "v1", kind: "TokenRequest")

    /// A request may name the account that its path names, and no other.
    private static func checkPlace(of review: Value, _ request: Request) throws(Status) {
        for (field, sent, wanted) in [
            ("name", review.name, request.name), ("namespace", review.namespace, request.namespace),
        ] where !sent.isEmpty && sent != wanted {
            let fault = FieldError(
                .invalid, "metadata.\(field)", value: .string(sent),
                detail: "must match the service account \(field) if specified")
            throw .invalid(tokenRequest, request.name, [fault])
        }
    }

    private func checkLifetime(_ seconds: Int, _ request: Request) throws(Status) {
        var faults: [FieldError] = []
        func refuse(_ why: String) {
            faults.append(FieldError(.invalid, "spec.expirationSeconds", value: .int(seconds), detail: why))
        }
        if seconds < 600 { refuse("may not specify a duration less than 10 minutes") }
        if seconds > 1 << 32 { refuse("may not specify a duration larger than 2^32 seconds") }
        guard faults.isEmpty else { throw .invalid(KubeAPI.tokenRequest, "", faults) }
    }

    private func claims(_ account: Value, _ review: Value, _ seconds: Int) throws(Status) -> Value {
        let start = Int(now.seconds)
        var bound: Value = [
            "namespace": .string(account.namespace),
            "serviceaccount": ["name": .string(account.name), "uid": .string(account.uid)],
        ]
        if let reference = review["spec", "boundObjectRef"], !reference.isNull {
            let object = try boundObject(reference, namespace: account.namespace)
            let kind = Text((reference["kind"]?.string ?? "").lowercased())
            if kind == "pod", object["spec", "serviceAccountName"]?.string != account.name {
                throw .badRequest(
                    "cannot bind token for serviceaccount \"\(account.name)\" to pod running "
                        + "with different serviceaccount name.")
            }
            bound[kind] = ["name": .string(object.name), "uid": .string(object.uid)]
            if kind == "pod", let node = object["spec", "nodeName"]?.string, !node.isEmpty {
                let uid = self.object("", "v1", "nodes", name: node)?.uid
                bound["node"] = uid.map { ["name": .string(node), "uid": .string($0)] } ?? ["name": .string(node)]
            }
        }
        return [
            "aud": review["spec", "audiences"] ?? [], "exp": .int(start + seconds), "iat": .int(start),
            "iss": .string(WebToken.issuer), "kubernetes.io": bound, "nbf": .int(start),
            "sub": .string("system:serviceaccount:\(account.namespace):\(account.name)"),
        ]
    }

    private func boundObject(_ reference: Value, namespace: String) throws(Status) -> Value {
        let kind = reference["kind"]?.string ?? ""
        let plurals = ["Pod": "pods", "Secret": "secrets", "Node": "nodes"]
        guard let plural = plurals[kind] else {
            throw .badRequest(
                "cannot bind token for serviceaccount to object with gvk \(reference["apiVersion"]?.string ?? ""), "
                    + "Kind=\(kind)")
        }
        let name = reference["name"]?.string ?? ""
        let found = object("", "v1", plural, namespace: kind == "Node" ? "" : namespace, name: name)
        let gvr = GroupVersionResource(group: "", version: "v1", resource: plural)
        guard let found else { throw .notFound(gvr, name) }
        if let uid = reference["uid"]?.string, !uid.isEmpty, uid != found.uid {
            throw .conflict(
                gvr, name,
                "the UID in the bound object reference (\(uid)) does not match the UID in record. The object might "
                    + "have been deleted and then recreated")
        }
        return found
    }

    /// The status of a TokenReview. Of the audiences that it asks for, those count that the token is for; static tokens are
    /// for the server's own.
    func tokenReview(_ review: Value) -> Value {
        let token = review["spec", "token"]?.string ?? ""
        let asked = (review["spec", "audiences"]?.array ?? []).compactMap(\.string)
        let wanted = asked.isEmpty ? [WebToken.issuer] : asked
        let meant = options.tokens[token] == nil ? webToken(token)?.audiences ?? [] : [WebToken.issuer]
        let audiences = meant.filter(wanted.contains)
        guard !audiences.isEmpty, let identity = identity(token: token, audiences: wanted) else {
            return ["user": [:], "error": .string(fault(of: token, wanted))]
        }
        return ["authenticated": true, "user": identity.value, "audiences": .array(audiences.map(Value.string))]
    }

    private func webToken(_ text: String) -> WebToken? {
        guard WebToken.isLikely(text), let key = try? options.keyring?.key else { return nil }
        return WebToken(text, key: key)
    }

    /// Why a token is nobody's, as upstream's authenticators say together.
    private func fault(of text: String, _ wanted: [String]) -> String {
        let general = "invalid bearer token"
        guard let token = webToken(text) else { return general }
        if token.holds(at: clock.now, audiences: wanted) { return "[\(general), Token has been invalidated]" }
        if token.holds(at: clock.now, audiences: token.audiences) {
            func list(_ texts: [String]) -> String {
                "[\(texts.map { GoQuote.quote(Text($0)).string }.joined(separator: " "))]"
            }
            return "[\(general), token audiences \(list(token.audiences)) is invalid for the target audiences "
                + "\(list(wanted))]"
        }
        return "[\(general), service account token has expired]"
    }
}

// MARK: What others need to check tokens (OpenID Connect Discovery)

extension KubeAPI {
    func openIDConfiguration() -> Answer {
        let algorithm = (try? options.keyring?.key)?.algorithm.rawValue ?? "RS256"
        let document: Value = [
            "issuer": .string(WebToken.issuer), "jwks_uri": .string("https://\(options.advertised)/openid/v1/jwks"),
            "response_types_supported": ["id_token"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [.string(algorithm)],
        ]
        return cached(.bytes(JSON.write(document), type: "application/json"))
    }

    func keySet(_ accept: String) throws(Status) -> Answer {
        let types = MediaType.accepted(accept).map(\.name)
        guard
            types.isEmpty
                || types.contains(where: { ["application/jwk-set+json", "*/*", "application/*"].contains($0) })
        else {
            throw Status(
                code: 406, reason: .notAcceptable,
                message: "406: Not Acceptable\n\nAvailable representations: application/jwk-set+json",
                details: Status.Details())
        }
        do throws(PKIFailure) {
            guard let key = try options.keyring?.key else { throw PKIFailure("show the keys", "there is none") }
            let members = key.publicJWK.map { (Text($0.name), Value.string($0.value)) }
            let document: Value = ["keys": [.object(Object(members))]]
            return cached(.bytes(JSON.write(document), type: "application/jwk-set+json"))
        } catch {
            throw .internalError(error.description)
        }
    }

    private func cached(_ body: Answer.Body) -> Answer {
        var answer = Answer(body)
        answer.cacheControl = "public, max-age=3600"
        return answer
    }
}
