public import PKI
import Synchronization

/// The key that signs service-account tokens, fetched or made when it is first needed: making an RSA key would take a
/// good part of the time that a cluster has to start.
public final class SigningKeyring: Sendable {
    private let fetch: @Sendable () throws(PKIFailure) -> SigningKey
    private let known = Mutex<SigningKey?>(nil)

    /// - Parameter fetch: reads the key, or makes it and keeps it; called until it succeeds once.
    public init(_ fetch: @escaping @Sendable () throws(PKIFailure) -> SigningKey) { self.fetch = fetch }

    var key: SigningKey {
        get throws(PKIFailure) {
            // The lock is held while the key is made, so that two requests cannot make two of them.
            let result: Result<SigningKey, PKIFailure> = known.withLock { known in
                if let known { return .success(known) }
                do throws(PKIFailure) {
                    let key = try fetch()
                    known = key
                    return .success(key)
                } catch {
                    return .failure(error)
                }
            }
            return try result.get()
        }
    }
}
