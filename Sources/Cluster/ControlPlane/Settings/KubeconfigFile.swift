import Document
import PKI

/// The kubeconfig that a cluster writes: one cluster, one user, one context, all certificates inline.
struct KubeconfigFile {
    let server: String
    let authority: String
    let user: Credential

    var value: Value {
        func data(_ pem: String) -> Value { .string(Text(bytes: Base64.encode(Array(pem.utf8)))) }
        return [
            "apiVersion": "v1", "kind": "Config", "current-context": "helmctl", "preferences": [:],
            "clusters": [
                [
                    "name": "helmctl",
                    "cluster": ["server": .string(server), "certificate-authority-data": data(authority)],
                ]
            ],
            "users": [
                [
                    "name": "helmctl",
                    "user": [
                        "client-certificate-data": data(user.certificatePEM), "client-key-data": data(user.keyPEM),
                    ],
                ]
            ],
            "contexts": [["name": "helmctl", "context": ["cluster": "helmctl", "user": "helmctl"]]],
        ]
    }

    func write(to path: String) throws(PKIFailure) {
        try PrivateFile.write(YAML.text(value).string, to: path)
    }
}
