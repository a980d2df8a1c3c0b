import Document
import Testing

@testable import CEL

/// What rules may cost by estimate. The limits of lists are those at which upstream was seen to draw its line of ten
/// million; the other figures follow from cel-go's rules by hand.
struct CostTests {
    private static func cost(_ rule: String, _ schema: Value) throws -> UInt64 {
        let type = try #require(CELType.of(schema))
        let variables = ["self": type, "oldSelf": type]
        let size = try #require(DeclaredSize.of(schema))
        return try CELProgram(rule, variables: variables).worstCost(variables, size)
    }

    private static func texts(_ maxLength: Value, _ maxItems: Value) -> Value {
        ["type": "array", "maxItems": maxItems, "items": ["type": "string", "maxLength": maxLength]]
    }

    @Test(arguments: [(16, 909_090), (63, 333_333), (253, 94_339), (1024, 24_154)])
    func textsAreSearchedWithinTheLimit(maxLength: Int, maxItems: Int) throws {
        for (items, isAllowed) in [(maxItems, true), (maxItems + 1, false)] {
            let schema = Self.texts(.number(Number(Int64(maxLength))), .number(Number(Int64(items))))
            let cost = try Self.cost("self.all(t, t.contains('cpu'))", schema)
            #expect((cost <= 10_000_000) == isAllowed, "\(items): \(cost)")
        }
    }

    private static let object: Value = [
        "type": "object", "required": ["a"],
        "properties": [
            "a": ["type": "string", "maxLength": 10], "n": ["type": "integer"], "free": ["type": "string"],
            "list": texts(10, 5),
            "map": ["type": "object", "maxProperties": 7, "additionalProperties": ["type": "string"]],
            "kind": ["type": "string", "enum": ["one", "three"]], "port": ["x-kubernetes-int-or-string": true],
        ],
    ]

    @Test(arguments: [
        ("self.n > 1", 3), ("self.n == 1", 2), ("self.a == 'x'", 3), ("self.a == self.free", 8), ("has(self.a)", 1),
        ("!has(self.a) || self.a.startsWith('abc')", 5), ("self.a.matches('^[a-z]+$')", 12), ("size(self.list) < 3", 4),
        ("self.list.all(x, x == 'a')", 28), ("self.list.exists(x, x == 'a')", 33), ("'k' in self.map", 3),
        ("self.list.exists_one(x, x == 'a')", 24), ("self.list.map(x, x + 'b').size() == 5", 105),
        ("self.list.filter(x, x == 'a').size() == 1", 90), ("self.map.all(k, self.map[k] == 'v')", 59),
        ("'a' in self.list", 7), ("self.list[0] == 'a'", 4), ("['a', 'b'].exists(x, x == self.kind)", 25),
        ("self.a.replace('a', 'bb') == 'b'", 11), ("self.list.join(',') == 'b'", 24), ("self.list.isSorted()", 27),
        ("sets.contains(self.list, self.list)", 30), ("self.n > 1 ? self.a == 'x' : self.list == oldSelf.list", 8),
        ("type(self.port) == string", 4), ("self.free.contains(self.free)", 98_956_172_333),
        ("self.?n.orValue(1) == 2", 4), ("quantity(self.a) == quantity('1')", 5),
        ("ip(self.a) == ip(self.free) && cidr(self.a) == cidr(self.a)", 14),
        // As far as cel-go's rules say by hand.
        ("self.list.slice(0, 2).size() == 2", 17), ("self.list.all(i, x, x == 'a')", 28),
    ])
    func rulesCost(rule: String, cost: UInt64) throws {
        #expect(try Self.cost(rule, Self.object) == cost)
    }

    @Test func whatNothingBoundsFitsInOneRequest() throws {
        let list: Value = ["type": "array", "items": ["type": "boolean"]]
        #expect(DeclaredSize.of(list)?.most == ((3 << 20) - 2) / 5)
        let map: Value = ["type": "object", "additionalProperties": ["type": "integer"]]
        #expect(DeclaredSize.of(map)?.most == ((3 << 20) - 2) / 7)
        #expect(DeclaredSize.of(["type": "string"])?.most == (3 << 20) - 2)
        // {"a":""}, and a comma.
        #expect(DeclaredSize.of(Self.object)?.cardinality == UInt64((3 << 20) / 10))
        #expect(DeclaredSize.of(["x-kubernetes-preserve-unknown-fields": true]) == nil)
    }

    @Test func costsThatDoNotFitAreAsMuchAsThereCanBe() {
        #expect(CostRange.unknown + CostRange(1) == CostRange(least: 1, most: .max))
        #expect(CostRange.unknown * CostRange.unknown == CostRange.unknown)
        #expect(CostRange.unknown * 0.1 == CostRange(least: 0, most: 1_844_674_407_370_955_264))
        #expect(CostRange(1) * 0.1 == CostRange(1))
    }
}
