import ArgumentParser

/// How charts are fetched from afar. Charts on this machine need none of it, so that the flags are taken and not used;
/// what needs a repository says that it is not built yet.
struct TransferFlags: ParsableArguments {
    @Option(name: .customLong("ca-file"), help: "verify certificates of HTTPS-enabled servers using this CA bundle")
    var authority: String?

    @Option(name: .customLong("cert-file"), help: "identify HTTPS client using this SSL certificate file")
    var certificate: String?

    @Option(name: .customLong("key-file"), help: "identify HTTPS client using this SSL key file")
    var key: String?

    @Option(name: .customLong("keyring"), help: "location of public keys used for verification")
    var keyring: String?

    @Option(name: .customLong("username"), help: "chart repository username where to locate the requested chart")
    var user: String?

    @Option(name: .customLong("password"), help: "chart repository password where to locate the requested chart")
    var password: String?

    @Flag(name: .customLong("insecure-skip-tls-verify"), help: "skip tls certificate checks for the chart download")
    var skipsVerification = false

    @Flag(name: .customLong("pass-credentials"), help: "pass credentials to all domains")
    var passesCredentials = false

    @Flag(name: .customLong("plain-http"), help: "use insecure HTTP connections for the chart download")
    var isPlain = false
}
