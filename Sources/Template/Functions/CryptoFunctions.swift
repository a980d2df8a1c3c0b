import Document
import PKI

extension Function {
    /// Sprig's passwords and ciphers. What fails in these answers the error's text.
    static let secrets: [Function] = [
        Function(engine: "bcrypt", .string) { evaluator, arguments in
            .string(bcrypt(evaluator, arguments.bytes(0)))
        }.costing(.steps { _ in 1_500_000 }),
        Function(engine: "htpasswd", .string, .string) { evaluator, arguments in
            let user = arguments.text(0)
            if user.bytes.contains(UInt8(ascii: ":")) { return .string("invalid username: " + user) }
            return .string(user + ":" + Text(bcrypt(evaluator, arguments.bytes(1))))
        }.costing(.steps { _ in 1_500_000 }),
        Function("derivePassword", .uint32, .string, .string, .string, .string) { .string(MasterPassword.derive($0)) }
            .costing(.steps { _ in 5_000_000 }),
        Function(engine: "encryptAES", .string, .string) { evaluator, arguments throws(CallFailure) in
            if arguments.bytes(1).isEmpty { return arguments[1] }
            let vector = evaluator.host.random(16)
            let sealed = try wrapped { () throws(PKIFailure) in
                try ChartCiphers.encrypt(arguments.bytes(1), key: key(arguments.bytes(0)), vector: vector)
            }
            return .string(bytes: Base64.encode(sealed))
        },
        Function("decryptAES", .string, .string) { arguments throws(CallFailure) in
            if arguments.bytes(1).isEmpty { return arguments[1] }
            return .string(bytes: try decrypted(arguments.bytes(1), key(arguments.bytes(0))))
        },
    ]

    /// Sprig trusts what it decrypts: Go's slices refuse what is too short, and what is padded by more than there is.
    private static func decrypted(_ text: [UInt8], _ key: [UInt8]) throws(CallFailure) -> [UInt8] {
        let sealed: [UInt8]
        do throws(Base64.Corruption) {
            sealed = try Base64.read(text)
        } catch {
            throw .text("illegal base64 data at input byte \(error.offset)")
        }
        if sealed.count < 16 {
            throw .text("runtime error: slice bounds out of range [:16] with capacity \(text.count / 4 * 3)")
        }
        if !sealed.count.isMultiple(of: 16) { throw .text("crypto/cipher: input not full blocks") }
        if sealed.count == 16 { throw .text("runtime error: index out of range [-1]") }
        let padded = try wrapped { () throws(PKIFailure) in try ChartCiphers.decrypt(sealed, key: key) }
        let count = padded.count - Int(padded.last ?? 0)
        if count < 0 { throw .text("runtime error: slice bounds out of range [:\(count)]") }
        return Array(padded.prefix(count))
    }

    /// The password's first 32 bytes, zeros where it is shorter.
    private static func key(_ password: [UInt8]) -> [UInt8] {
        Array((password + [UInt8](repeating: 0, count: 32)).prefix(32))
    }

    private static func wrapped<Result>(_ body: () throws(PKIFailure) -> Result) throws(CallFailure) -> Result {
        do throws(PKIFailure) { return try body() } catch { throw .text(error.description) }
    }

    private static func bcrypt(_ evaluator: Evaluator, _ password: [UInt8]) -> String {
        if password.count > 72 {
            return "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes"
        }
        return Bcrypt.hash(password, salt: evaluator.host.random(16))
    }

    /// Sprig's keys and certificates.
    static let certificates: [Function] = [
        Function("genPrivateKey", .string) { arguments throws(CallFailure) in
            let name = arguments.text(0).string
            guard let kind = ChartCertificates.KeyKind(rawValue: name.isEmpty ? "rsa" : name) else {
                return .string("Unknown type " + arguments.text(0))
            }
            return .string(try wrapped { () throws(PKIFailure) in try ChartCertificates.key(kind) })
        }.costing(.steps { isSlow($0.text(0)) ? 10_000_000 : 15_000 }),
        Function("buildCustomCert", .string, .string) { arguments throws(CallFailure) in
            guard let certificate = Base64.decode(arguments.bytes(0)) else {
                throw .text("unable to decode base64 certificate")
            }
            guard let key = Base64.decode(arguments.bytes(1)) else {
                throw .text("unable to decode base64 private key")
            }
            let credential = Credential(
                certificatePEM: String(decoding: certificate, as: UTF8.self),
                keyPEM: String(decoding: key, as: UTF8.self))
            let (hasCertificate, hasKey) = ChartCertificates.areReadable(credential)
            if !hasCertificate { throw .text("unable to decode certificate") }
            if !hasKey { throw .text("unable to decode private key") }
            return .object(CertificateObject(credential))
        },
        making("genCA", .string, .int) { (arguments) throws(CallFailure) in
            try subject(arguments.text(0), days: arguments.int(1), isAuthority: true)
        },
        making("genSelfSignedCert", .string, .list, .list, .int) { (arguments) throws(CallFailure) in
            try subject(arguments.text(0), days: arguments.int(3), arguments[1], arguments[2])
        },
        making("genSignedCert", .string, .list, .list, .int, .certificate) { (arguments) throws(CallFailure) in
            try subject(arguments.text(0), days: arguments.int(3), arguments[1], arguments[2])
        },
        making("genCAWithKey", .string, .int, .string) { (arguments) throws(CallFailure) in
            try subject(arguments.text(0), days: arguments.int(1), isAuthority: true)
        },
        making("genSelfSignedCertWithKey", .string, .list, .list, .int, .string) { (arguments) throws(CallFailure) in
            try subject(arguments.text(0), days: arguments.int(3), arguments[1], arguments[2])
        },
        making("genSignedCertWithKey", .string, .list, .list, .int, .certificate, .string) {
            (arguments) throws(CallFailure) in
            try subject(arguments.text(0), days: arguments.int(3), arguments[1], arguments[2])
        },
    ]

    /// Whether finding such a key takes a second: RSA of 4096 bits, and parameters of DSA.
    private static func isSlow(_ kind: Text) -> Bool { kind == "" || kind == "rsa" || kind == "dsa" }

    /// A function that makes a certificate: its authority and its key, if it has such parameters, come last.
    private static func making(
        _ name: String, _ parameters: Parameter...,
        subject: @escaping @Sendable ([GoValue]) throws(CallFailure) -> ChartCertificates.Subject
    ) -> Function {
        let authority = parameters.firstIndex { if case .certificate = $0 { true } else { false } }
        let takesKey = name.hasSuffix("WithKey")
        return Function(
            name, parameters,
            .engine { evaluator, arguments throws(CallFailure) in
                if takesKey, !arguments.text(arguments.count - 1).string.contains("-----BEGIN ") {
                    throw .text("parsing private key: no PEM data in input")
                }
                let wanted = try subject(arguments)
                let issuer = authority.flatMap { CertificateObject.of(arguments[$0]) }
                let key = takesKey ? arguments.text(arguments.count - 1).string : nil
                let credential = try wrapped { () throws(PKIFailure) in
                    try ChartCertificates.make(
                        wanted, keyPEM: key, authority: issuer, now: evaluator.host.now() / 1_000_000_000)
                }
                return .object(CertificateObject(credential))
            }
        ).costing(.steps { _ in takesKey ? 15_000 : 1_000_000 })
    }

    private static func subject(
        _ name: Text, days: Int, _ addresses: GoValue = .null, _ names: GoValue = .null, isAuthority: Bool = false
    ) throws(CallFailure) -> ChartCertificates.Subject {
        var subject = ChartCertificates.Subject(name: name.string, days: days)
        subject.isAuthority = isAuthority
        if case .list(let list) = addresses {
            for item in list.elements {
                guard let text = item.text else {
                    throw .text("error parsing ip: \(item.printed.string) is not a string")
                }
                guard ChartCertificates.isAddress(text.string) else {
                    throw .text("error parsing ip: \(text.string)")
                }
                subject.addresses.append(text.string)
            }
        }
        if case .list(let list) = names {
            for item in list.elements {
                guard let text = item.text else {
                    throw .text("error processing alternate dns name: \(item.printed.string) is not a string")
                }
                subject.names.append(text.string)
            }
        }
        return subject
    }
}

/// A `sprig.certificate` as templates see it.
final class CertificateObject: GoObject {
    let credential: Credential
    init(_ credential: Credential) { self.credential = credential }

    var typeName: String { "sprig.certificate" }
    var text: Text { Text("{\(credential.certificatePEM) \(credential.keyPEM)}") }
    var isStringer: Bool { false }
    var printedFields: [(name: String, value: GoValue)]? {
        [("Cert", .string(credential.certificatePEM)), ("Key", .string(credential.keyPEM))]
    }
    var json: Value { ["Cert": .string(credential.certificatePEM), "Key": .string(credential.keyPEM)] }

    func field(_ name: Text) -> GoValue? {
        switch name {
        case "Cert": .string(credential.certificatePEM)
        case "Key": .string(credential.keyPEM)
        default: nil
        }
    }

    static func of(_ value: GoValue) -> Credential? {
        guard case .object(let object) = value else { return nil }
        return (object as? CertificateObject)?.credential
    }
}

/// The Master Password algorithm, version of 2012: a password from one secret, a site and a counter.
enum MasterPassword {
    private static let templates: [String: [String]] = [
        "maximum": ["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
        "long": [
            "CvcvnoCvcvCvcv", "CvcvCvcvnoCvcv", "CvcvCvcvCvcvno", "CvccnoCvcvCvcv", "CvccCvcvnoCvcv",
            "CvccCvcvCvcvno", "CvcvnoCvccCvcv", "CvcvCvccnoCvcv", "CvcvCvccCvcvno", "CvcvnoCvcvCvcc",
            "CvcvCvcvnoCvcc", "CvcvCvcvCvccno", "CvccnoCvccCvcv", "CvccCvccnoCvcv", "CvccCvccCvcvno",
            "CvcvnoCvccCvcc", "CvcvCvccnoCvcc", "CvcvCvccCvccno", "CvccnoCvcvCvcc", "CvccCvcvnoCvcc",
            "CvccCvcvCvccno",
        ],
        "medium": ["CvcnoCvc", "CvcCvcno"],
        "short": ["Cvcn"],
        "basic": ["aaanaaan", "aannaaan", "aaannaaa"],
        "pin": ["nnnn"],
    ]

    private static let characters: [Character: [UInt8]] = [
        "V": "AEIOU", "C": "BCDFGHJKLMNPQRSTVWXYZ", "v": "aeiou", "c": "bcdfghjklmnpqrstvwxyz",
        "A": "AEIOUBCDFGHJKLMNPQRSTVWXYZ", "a": "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        "n": "0123456789", "o": "@&%?,=[]_:-+*$#!'^~;()/.",
        "x": "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    ].mapValues { (text: String) in Array(text.utf8) }

    static func derive(_ arguments: [GoValue]) -> String {
        let kind = arguments.text(1).string
        guard let choices = templates[kind] else { return "cannot find password template \(kind)" }
        let scope = Array("com.lyndir.masterpassword".utf8)
        let (password, user, site) = (arguments.bytes(2), arguments.bytes(3), arguments.bytes(4))
        let key: [UInt8]
        do throws(PKIFailure) {
            key = try ChartCiphers.scrypt(
                password, salt: scope + length(user) + user, rounds: 32768, blockSize: 8, parallelism: 2, count: 64)
        } catch {
            return "failed to derive password: \(error)"
        }
        let counter = UInt32(truncatingIfNeeded: arguments[0].integer ?? 0)
        let seed = ChartCiphers.authenticationCode(scope + length(site) + site + bytes(counter), key: key)
        let template = choices[Int(seed[0]) % choices.count]
        let letters = zip(template, seed.dropFirst()).map { kind, byte in
            characters[kind].map { $0[Int(byte) % $0.count] } ?? 0
        }
        return String(decoding: letters, as: UTF8.self)
    }

    private static func length(_ text: [UInt8]) -> [UInt8] { bytes(UInt32(truncatingIfNeeded: text.count)) }

    private static func bytes(_ number: UInt32) -> [UInt8] {
        [UInt8(number >> 24), UInt8(number >> 16 & 255), UInt8(number >> 8 & 255), UInt8(number & 255)]
    }
}
