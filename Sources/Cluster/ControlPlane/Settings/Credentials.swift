import PKI

/// The keys and certificates of a cluster, made once and kept in its folder.
struct Credentials: Sendable {
    let authority: CertificateAuthority
    let server: Credential
    let administrator: Credential

    /// Reads what is there, and makes what is missing, has come near its end, or does not name all that it should.
    ///
    /// - Parameters:
    ///   - names: by which the server is reached.
    ///   - now: seconds since 1970.
    init(_ folder: DataFolder, names: [String], now: Int64) throws(PKIFailure) {
        if let known = try Self.read(folder, "ca") {
            authority = try CertificateAuthority(known)
        } else {
            authority = try CertificateAuthority(name: "helmctl-ca", now: now)
            try Self.write(authority.credential, folder, "ca")
        }
        server = try Self.leaf(folder, "apiserver", names, now) { [authority] () throws(PKIFailure) in
            try authority.server(name: "kube-apiserver", alternatives: names, now: now)
        }
        administrator = try Self.leaf(folder, "admin", [], now) { [authority] () throws(PKIFailure) in
            try authority.client(user: "kubernetes-admin", groups: ["system:masters"], now: now)
        }
    }

    /// The key that signs the tokens of service accounts, read or made now.
    static func tokenKey(_ folder: DataFolder) throws(PKIFailure) -> SigningKey {
        if let pem = try PrivateFile.read(folder.pki("sa.key")) { return try SigningKey(pem: pem) }
        let key = try SigningKey(.rs256)
        try PrivateFile.write(key.pem, to: folder.pki("sa.key"))
        return key
    }

    private static func leaf(
        _ folder: DataFolder, _ name: String, _ names: [String], _ now: Int64,
        _ make: () throws(PKIFailure) -> Credential
    ) throws(PKIFailure) -> Credential {
        if let known = try read(folder, name) {
            let facts = try CertificateFacts(pem: known.certificatePEM)
            if !facts.needsRenewal(at: now, wanted: names) { return known }
        }
        let made = try make()
        try write(made, folder, name)
        return made
    }

    private static func read(_ folder: DataFolder, _ name: String) throws(PKIFailure) -> Credential? {
        guard let certificate = try PrivateFile.read(folder.pki("\(name).crt")),
            let key = try PrivateFile.read(folder.pki("\(name).key"))
        else { return nil }
        return Credential(certificatePEM: certificate, keyPEM: key)
    }

    /// The key goes first: a certificate without its key would be taken for a whole pair that is broken.
    private static func write(_ credential: Credential, _ folder: DataFolder, _ name: String) throws(PKIFailure) {
        try PrivateFile.write(credential.keyPEM, to: folder.pki("\(name).key"))
        try PrivateFile.write(credential.certificatePEM, to: folder.pki("\(name).crt"))
    }
}
