import API
import Testing

struct IPv4Tests {
    @Test(arguments: [
        ("10.96.0.0/16", 65536, "10.96.0.1"), ("192.168.4.9/30", 4, "192.168.4.9"), ("10.0.0.0/32", 1, "10.0.0.1"),
        ("0.0.0.0/0", 1 << 32, "0.0.0.1"),
    ])
    func rangesAreRead(text: String, count: Int, second: String) throws {
        let range = try #require(IPv4Range(text))
        #expect(range.count == count && range[1].description == second)
    }

    @Test(arguments: ["10.0.0.0", "10.0.0.0/33", "10.0.0/8", "010.0.0.0/8", "a/8", "10.0.0.0/-1", ""])
    func othersAreNoRanges(text: String) { #expect(IPv4Range(text) == nil) }

    @Test func bitsOutsideOfThePrefixAreCleared() {
        #expect(IPv4Range("10.1.2.3/16")?.description == "10.1.0.0/16")
        #expect(IPv4Range("10.1.2.3/0") == .all)
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.96.0.0/16", true), ("10.96.0.0/16", "10.0.0.0/8", true),
        ("10.96.0.0/16", "10.97.0.0/16", false), ("0.0.0.0/0", "255.255.255.255/32", true),
        ("10.0.0.0/32", "10.0.0.1/32", false),
    ])
    func rangesOverlap(one: String, other: String, overlap: Bool) throws {
        let (one, other) = (try #require(IPv4Range(one)), try #require(IPv4Range(other)))
        #expect(one.overlaps(other) == overlap && other.overlaps(one) == overlap)
    }
}
