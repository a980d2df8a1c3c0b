import Flags

/// How charts are fetched from afar. Charts on this machine need none of it, so that the flags are taken and not used;
/// what needs a repository says that it is not built yet.
struct TransferFlags {
    @Flag("ca-file", "verify certificates of HTTPS-enabled servers using this CA bundle")
    var authority: String?

    @Flag("cert-file", "identify HTTPS client using this SSL certificate file")
    var certificate: String?

    @Flag("key-file", "identify HTTPS client using this SSL key file")
    var key: String?

    @Flag("keyring", "location of public keys used for verification")
    var keyring: String?

    @Flag("username", "chart repository username where to locate the requested chart")
    var user: String?

    @Flag("password", "chart repository password where to locate the requested chart")
    var password: String?

    @Flag("insecure-skip-tls-verify", "skip tls certificate checks for the chart download")
    var skipsVerification = false

    @Flag("pass-credentials", "pass credentials to all domains")
    var passesCredentials = false

    @Flag("plain-http", "use insecure HTTP connections for the chart download")
    var isPlain = false
}
