import API

// MARK: The libraries ip and cidr (Kubernetes documentation, "CEL in Kubernetes")

extension Function {
    private static let ip = CELType.opaque("net.IP")
    private static let cidr = CELType.opaque("net.CIDR")

    private static func address(_ value: CELValue) throws(CELError) -> NetworkAddress {
        switch value {
        case .network(let address): return address
        case .string(let text):
            do throws(NetworkAddress.Malformed) { return try NetworkAddress(address: text) } catch {
                throw CELError(error.message)
            }
        default: throw .noOverload
        }
    }

    private static func range(_ value: CELValue) throws(CELError) -> NetworkAddress {
        guard case .string(let text) = value else { return try address(value) }
        do throws(NetworkAddress.Malformed) { return try NetworkAddress(range: text) } catch {
            throw CELError(error.message)
        }
    }

    private static func ask(_ name: String, _ body: @escaping @Sendable (NetworkAddress) -> Bool) -> Function {
        member(ip, name, [], .bool) { values throws(CELError) in .bool(body(try address(values[0]))) }
    }

    private static func test(_ name: String, _ body: @escaping @Sendable (String) throws(CELError) -> Bool) -> Function
    {
        plain(name, [.string], .bool) { values throws(CELError) in
            guard case .string(let text) = values[0] else { throw .noOverload }
            return .bool(try body(text))
        }
    }

    private static func contains(_ name: String, _ type: CELType, _ read: @escaping Reader) -> Function {
        member(cidr, name, [type], .bool) { values throws(CELError) in
            let range = try range(values[0])
            // What cannot be read is no address to upstream's function.
            do throws(CELError) { return .bool(range.contains(try read(values[1]))) } catch {
                throw name == "containsIP" ? .noOverload : error
            }
        }
    }

    private typealias Reader = @Sendable (CELValue) throws(CELError) -> NetworkAddress

    static let addresses: [Function] = [
        plain("ip", [.string], ip) { values throws(CELError) in .network(try address(values[0])) },
        test("isIP") { text throws(CELError) in (try? NetworkAddress(address: text)) != nil },
        test("ip.isCanonical") { text throws(CELError) in try address(.string(text)).text == text },
        member(ip, "family", [], .int) { values throws(CELError) in .int(try address(values[0]).isV4 ? 4 : 6) },
        ask("isUnspecified", \.isUnspecified), ask("isLoopback", \.isLoopback),
        ask("isLinkLocalMulticast", \.isLinkLocalMulticast), ask("isLinkLocalUnicast", \.isLinkLocalUnicast),
        ask("isGlobalUnicast", \.isGlobalUnicast),
        plain("string", [ip], .string) { values throws(CELError) in .string(try address(values[0]).text) },
        plain("cidr", [.string], cidr) { values throws(CELError) in .network(try range(values[0])) },
        test("isCIDR") { text throws(CELError) in (try? NetworkAddress(range: text)) != nil },
        contains("containsIP", .string) { value throws(CELError) in try address(value) },
        contains("containsIP", ip) { value throws(CELError) in try address(value) },
        contains("containsCIDR", .string) { value throws(CELError) in try range(value) },
        contains("containsCIDR", cidr) { value throws(CELError) in try range(value) },
        member(cidr, "ip", [], ip) { values throws(CELError) in .network(try range(values[0]).address) },
        member(cidr, "masked", [], cidr) { values throws(CELError) in .network(try range(values[0]).masked) },
        member(cidr, "prefixLength", [], .int) { values throws(CELError) in
            .int(Int64(try range(values[0]).prefix ?? 0))
        },
        plain("string", [cidr], .string) { values throws(CELError) in .string(try range(values[0]).text) },
    ]
}
