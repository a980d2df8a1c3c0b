import Document
import Testing

@testable import CEL

/// What expressions mean.
struct ExpressionTests {
    private static let schema: Value = [
        "type": "object",
        "properties": [
            "size": ["type": "integer"], "name": ["type": "string"], "ratio": ["type": "number"],
            "when": ["type": "string", "format": "date-time"], "wait": ["type": "string", "format": "duration"],
            "pause": ["type": "string", "format": "duration"],
            "tags": ["type": "array", "items": ["type": "string"]], "missing": ["type": "string"],
            "parts": [
                "type": "array",
                "items": ["type": "object", "properties": ["id": ["type": "string"], "n": ["type": "integer"]]],
            ],
            "labels": ["type": "object", "additionalProperties": ["type": "string"]],
            "port": ["x-kubernetes-int-or-string": true], "my-field": ["type": "string"],
            "namespace": ["type": "string"],
        ],
    ]
    private static let object: Value = [
        "size": 3, "name": "Straße", "ratio": .number(Number(literal: "1.5")), "when": "2026-01-02T03:04:05Z",
        "wait": "1h30m", "pause": "1 day 2 hours", "tags": ["a", "b"],
        "parts": [["id": "x", "n": 1], ["id": "y", "n": 2]], "labels": ["k": "v"], "port": "http", "my-field": "d",
        "namespace": "ns",
    ]

    private static func evaluate(_ source: String) throws -> CELValue {
        let type = try #require(CELType.of(schema))
        let program = try CELProgram(source, variables: ["self": type])
        var budget = CELBudget.customResource
        return try program.evaluate(["self": CELValue(object, type)], &budget)
    }

    @Test(
        arguments: [
            "ip('192.168.0.1').family() == 4 && ip('::1').family() == 6", "isIP('10.0.0.1') && !isIP('10.0.0.01')",
            "!isIP('::ffff:1.2.3.4') && !isIP('fe80::1%eth0') && !isIP('1.2.3')",
            "ip('127.0.0.1').isLoopback() && ip('::1').isLoopback() && ip('0.0.0.0').isUnspecified()",
            "ip('10.0.0.1').isGlobalUnicast() && !ip('255.255.255.255').isGlobalUnicast()",
            "ip('169.254.1.1').isLinkLocalUnicast() && ip('ff02::1').isLinkLocalMulticast()",
            "ip.isCanonical('2001:db8::abcd') && !ip.isCanonical('2001:DB8::ABCD') && !ip.isCanonical('2001:db8:0::1')",
            "string(ip('2001:db8:0:0:1:0:0:1')) == '2001:db8::1:0:0:1'", "ip('::1') == ip('0:0::1')",
            "cidr('10.0.0.0/8').containsIP('10.1.2.3') && !cidr('10.0.0.0/8').containsIP(ip('11.0.0.1'))",
            "cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16') && !cidr('10.1.0.0/16').containsCIDR(cidr('10.0.0.0/8'))",
            "cidr('192.168.1.7/24').masked() == cidr('192.168.1.0/24') && cidr('::1/128').prefixLength() == 128",
            "cidr('192.168.1.7/24').ip() == ip('192.168.1.7') && string(cidr('10.0.0.0/8')) == '10.0.0.0/8'",
            "isCIDR('10.0.0.0/8') && !isCIDR('10.0.0.0/33') && !isCIDR('10.0.0.0')",
            "!format.dns1123Label().validate('my-name').hasValue()",
            "format.dns1123Label().validate('My_Name').value()[0].startsWith('a lowercase RFC 1123 label')",
            "format.named('uuid').hasValue() && !format.named('none').hasValue()",
            "format.named('date').value().validate('2026-13-01').hasValue()",
            "'%s is %d, %.2f of %x'.format(['a', 3, 1.5, 255]) == 'a is 3, 1.50 of ff'",
            "'%s'.format([[1, 'b', true]]) == '[1, \"b\", true]' && '100%%'.format([]) == '100%'",
            "'%s'.format([{'b': [1.5], 'a': 2}]) == '{\"a\":2, \"b\":[1.500000]}' && '%s'.format(['a']) == 'a'",
            "'%X %x'.format([255, b'z']) == 'FF 7a' && '%e'.format([1052.032911275]) == '1.052033\u{202f}×\u{202f}10⁰³'",
            "'%.1f'.format([12345.67]) == '12,345.7'",
            // Versions.
            "semver('1.2.3').isLessThan(semver('1.10.0')) && semver('1.0.0').isGreaterThan(semver('1.0.0-rc.1'))",
            "semver('1.0.0-a.2').compareTo(semver('1.0.0-a.10')) == -1 && semver('1.0.0+x').compareTo(semver('1.0.0')) == 0",
            "semver('1.2.3').major() == 1 && semver('1.2.3').minor() == 2 && semver('1.2.3').patch() == 3",
            "isSemver('1.0.0') && !isSemver('v1.0') && isSemver('v1.0', true) && !isSemver('01.0.0') && !isSemver('1.0.0-01')",
            "semver('v01.2', true) == semver('1.2.0')",
            // Two variables.
            "self.tags.all(i, t, i < 2 && t != '') && self.labels.exists(k, v, k == 'k' && v == 'v')",
            "self.tags.existsOne(i, t, i == 1) && self.tags.exists_one(i, t, t == 'a')",
            "[1, 2, 3].transformList(i, v, i * v + v) == [1, 4, 9] && [1, 2, 3].transformList(i, v, i > 0, v) == [2, 3]",
            "self.labels.transformMap(k, v, v + k) == {'k': 'vk'} && {'a': 1}.transformMap(k, v, v > 1, v) == {}",
            "{'a': 'b'}.transformMapEntry(k, v, {v: k}) == {'b': 'a'}",
            // Lists.
            "[1, 2, 3].slice(1, 3) == [2, 3] && [[1], [2]].flatten() == [1, 2] && [[[1]]].flatten(2) == [1]",
            "[1, 2, 1].distinct() == [1, 2] && [3, 1, 2].sort() == [1, 2, 3] && [1, 2].reverse() == [2, 1]",
            "self.parts.sortBy(p, -p.n).map(p, p.id) == ['y', 'x'] && lists.range(3) == [0, 1, 2]",
            "self.tags.first().value() == 'a' && self.tags.last().orValue('') == 'b' && ![].first().hasValue()",
            // What else is there.
            "'a1b2'.findAll('[0-9]', 1) == ['1'] && 'a1b2'.findAll('[0-9]') == ['1', '2']",
            "url('https://a.b/?k=v&k=w%20x&l').getQuery() == {'k': ['v', 'w x'], 'l': ['']}",
            "strings.quote('a\"b\\n') == '\"a\\\\\"b\\\\n\"'",
            "!optional.ofNonZeroValue('').hasValue() && optional.ofNonZeroValue(1).value() == 1",
            "timestamp(0) == timestamp('1970-01-01T00:00:00Z') && self.when.getHours('+02:00') == 5",
            "self.when.getDayOfYear() == 1 && timestamp('2024-12-31T00:00:00Z').getDayOfYear() == 365",
            "type(ip('::1')) == net.IP && type(cidr('::/0')) == net.CIDR && type(self.when) == google.protobuf.Timestamp",
            "self.size == 3", "self.size + 1 > 3 && self.size * 2 == 6", "-self.size == -3", "7 / 2 == 3 && 7 % 2 == 1",
            "optional.unwrap([optional.of(1), optional.none()]) == [1] && [optional.of(2)].unwrapOpt() == [2]",
            "self.pause == duration('26h') && self.wait == duration('90m')", "self.ratio == 1.5", "self.ratio > 1",
            "1 < 1.5", "2u + 1u == 3u", "0x10 == 16", "1e3 == 1000.0",
            "has(self.size) && !has(self.missing)", "!has(self.missing) || self.missing == 'x'",
            "self.missing == 'x' || self.size == 3", "self.size == 3 || self.missing == 'x'",
            "size(self.name) == 6", "self.name.startsWith('St') && self.name.endsWith('e') && self.name.contains('aß')",
            "self.name.matches('^St.*e$')",
            "'abc'.replace('', '-') == '-a-b-c-' && 'aß'.split('', 1) == ['aß'] && 'abc'.indexOf('a', 99) == -1",
            "duration('1h').getMilliseconds() == 3600000 && int(duration('1s')) == 1000000000",
            "string(1e6) == '1e+06' && string(duration('1.5s')) == '1.5s' && int(-1.9) == -1",
            "format.qualifiedName().validate('a/b/c').value()[0].startsWith('a valid label key must consist of')",
            "format.dns1123Label().validate('a.b').value() == ['must not contain dots']",
            "url('mailto:x@y').getScheme() == 'mailto' && url('//a/b').getHost() == 'a' && isURL('http://')",
            "self.tags == ['a', 'b']", "'a' in self.tags && !('c' in self.tags)",
            "self.tags.all(t, size(t) == 1)", "self.tags.exists(t, t == 'b')", "self.tags.exists_one(t, t == 'b')",
            "self.parts.filter(p, p.n > 1).size() == 1", "self.parts.map(p, p.id) == ['x', 'y']",
            "self.parts.map(p, p.n > 1, p.id) == ['y']", "self.parts.all(p, self.parts.exists_one(q, q.id == p.id))",
            "self.labels['k'] == 'v' && self.labels.k == 'v' && 'k' in self.labels", "self.labels.all(k, k == 'k')",
            "self.port == 'http'", "type(self.port) == string", "self.my__dash__field == 'd'",
            "self.__namespace__ == 'ns' && self.namespace == 'ns'", "self.size > 2 ? true : self.missing == 'x'",
            "[has(self.size), has(self.missing)].filter(x, x).size() <= 1", "self.wait == duration('90m')",
            "self.wait > duration('1h') && self.wait.getMinutes() == 90",
            "self.when < timestamp('2027-01-01T00:00:00Z')",
            "self.when.getFullYear() == 2026 && self.when.getMonth() == 0 && self.when.getDayOfWeek() == 5",
            "self.when + duration('1s') == timestamp('2026-01-02T03:04:06Z')",
            "string(self.size) == '3' && int('4') == 4",
            "'a,b'.split(',') == ['a', 'b'] && ['a', 'b'].join('-') == 'a-b'", "'abc'.substring(1) == 'bc'",
            "'abcabc'.lastIndexOf('b') == 4 && 'abc'.indexOf('z') == -1", "'AbC'.lowerAscii() == 'abc'",
            "' a '.trim() == 'a' && 'aXa'.replace('a', 'b', 1) == 'bXa'", "[3, 1].max() == 3 && [3, 1].sum() == 4",
            "[1, 2].isSorted()", "'foo 12'.find('[0-9]+') == '12'", "self.?missing.orValue('d') == 'd'",
            "self.?name.hasValue() && optional.none().orValue(1) == 1", "self.labels[?'z'].orValue('none') == 'none'",
            "quantity('1Gi').isGreaterThan(quantity('1M')) && isQuantity('1k') && !isQuantity('x')",
            "url('https://a.b:80/c').getHostname() == 'a.b' && isURL('/x') && !isURL('x')",
            "sets.contains([1, 2], [2])", "{'a': 1}.a == 1 && {'a': 1} == {'a': 1}", "r'\\d' == '\\\\d'",
            "b'a' == bytes('a')", "[[1]][0][0] == 1", "true || 1 / 0 == 1", "!(false && 1 / 0 == 1)",
        ])
    func holds(source: String) throws { #expect(try Self.evaluate(source) == .bool(true)) }

    @Test(
        arguments: [
            ("self.nope == 1", "1:5: undefined field 'nope'\n | self.nope == 1\n | ....^"),
            ("other", "1:1: undeclared reference to 'other' (in container '')"),
            ("self.size == 'x'", "found no matching overload for '_==_' applied to '(int, string)'"),
            ("self.size + 'x' == 1", "1:11: found no matching overload for '_+_' applied to '(int, string)'"),
            ("nope(1)", "undeclared reference to 'nope'"), ("self.size.foo", "does not support field selection"),
            ("self.name.startsWith(1)", "found no matching overload for 'startsWith' applied to 'string.(int)'"),
            ("self.size ==", "Syntax error: mismatched input '<EOF>'"), ("'abc", "Syntax error"),
            ("self.size.all(x, x)", "cannot be range of a comprehension"), ("has(self)", "invalid argument to has()"),
            ("self.tags.all(t, t)", "1:18: expected type 'bool' but found 'string'"),
            ("self.size == 3u", "found no matching overload for '_==_' applied to '(int, uint)'"),
            ("'ab'.reverse() == 'ba'", "found no matching overload for 'reverse' applied to 'string.()'"),
            ("'x'.matches('[')", "1:13: invalid matches argument"),
            ("duration('x') > duration('1s')", "1:10: invalid duration argument"),
            ("timestamp('x') == self.when", "1:11: invalid timestamp argument"),
            ("[1, 'a'].size() == 2", "1:5: expected type 'int' but found 'string'"),
            ("{'a': 1, 'b': 'c'}.size() == 2", "1:15: expected type 'int' but found 'string'"),
            ("math.greatest(1, 2) == 2", "undeclared reference to 'math'"),
            ("self.tags.transformMapEntry(i, t, t).size() == 1", "found no matching overload"),
            ("self.tags.exists(1, t, true)", "argument must be a simple name"),
        ])
    func isRefused(source: String, text: String) throws {
        let fault = #expect(throws: CELFaults.self) {
            try CELProgram(source, variables: ["self": #require(CELType.of(Self.schema))])
        }
        let shown = fault?.text(in: source) ?? ""
        #expect(shown.contains(text), "\(shown)")
    }

    @Test(
        arguments: [
            ("self.missing == 'x'", "no such key: missing"), ("self.tags[5] == 'x'", "index out of bounds: 5"),
            ("dyn(true) + 1 == 2", "no such overload: _+_"), ("dyn('a') * 2 == 2", "no such overload"),
            ("dyn([1, 2]).join() == ''", "no such overload: join(list)"),
            ("size(dyn(1)) == 1", "no such overload: size"),
            ("dyn(1) == 1 && bool(dyn(self.ratio))", "no such overload: bool(double)"),
            ("self.tags[dyn('a')] == 'x'", "unsupported index type 'string' in list"),
            ("self.tags[dyn(1.5)] == 'x'", "unsupported index value 1.5 in list"),
            ("self.name.substring(2, 1) == ''", "invalid substring range. start: 2, end: 1"),
            ("duration('2540400h') + duration('2540400h') > duration('1s')", "integer overflow"),
            ("timestamp('9999-12-31T23:59:59Z') + duration('1h') > self.when", "timestamp overflow"),
            ("ip(self.name).family() == 4", "ParseAddr(\"Straße\"): unable to parse IP"),
            ("ip('1.2.3') == ip('::1')", "ParseAddr(\"1.2.3\"): IPv4 address too short"),
            ("cidr('1.2.3.4/33').prefixLength() == 1", "netip.ParsePrefix(\"1.2.3.4/33\"): prefix length out of range"),
            ("quantity('x').isInteger()", "quantities must match the regular expression"),
            ("url('a').getHost() == ''", "parse \"a\": invalid URI for request"),
            ("semver('1.2.3-01').major() == 1", "Numeric PreRelease version must not contain leading zeroes \"01\""),
            ("self.when.getHours('+24:00') == 1", "timezone offset hours out of range [-23, 23]: +24:00"),
            ("[1].filter(x, x > 1).min() == 1", "min called on empty list"),
            ("1 / 0 == 1", "division by zero"), ("9223372036854775807 + 1 == 0", "integer overflow"),
            ("'x'.matches(string('('))", "error parsing regexp"), ("[1].slice(0, 2)", "list is length 1"),
            ("{'a': 1, 'b': 1}.transformMapEntry(k, v, {v: k})", "insert failed: key 1 already exists"),
            ("semver(string('1')) == semver('1.0.0')", "No Major.Minor.Patch elements found"),
        ])
    func fails(source: String, text: String) throws {
        let error = #expect(throws: CELError.self) { try Self.evaluate(source) }
        #expect(error?.message.contains(text) == true, "\(error?.message ?? "")")
    }

    @Test func hostileExpressionsEnd() throws {
        let deep = String(repeating: "(", count: 100_000) + "1" + String(repeating: ")", count: 100_000)
        for source in [deep, String(repeating: "[", count: 50_000), String(repeating: "(-", count: 40_000)] {
            #expect(throws: CELFaults.self) { try CELProgram(source, variables: [:]) }
        }
        let list = "[" + (0..<100).map(String.init).joined(separator: ",") + "]"
        let costly = "\(list).all(a, \(list).all(b, \(list).all(c, \(list).all(d, true))))"
        let error = #expect(throws: CELError.self) { try Self.evaluate(costly) }
        #expect(error == .outOfBudget)
    }

    /// Rules come from whoever may make definitions: no row of operators or fields may use up the stack.
    @Test func longRowsAreReadOrRefused() throws {
        for name in ["&&", "||"] {
            let row = [String](repeating: "true", count: 14_000).joined(separator: name)
            #expect(try Self.evaluate(row) == .bool(true))
        }
        for row in [
            String(repeating: "1+", count: 40_000) + "1", "self" + String(repeating: ".a", count: 40_000),
            "self" + String(repeating: "[0]", count: 30_000), "]" + String(repeating: ".a", count: 40_000),
        ] {
            #expect(throws: CELFaults.self) { _ = try Self.evaluate(row) }
        }
    }

    @Test func rowsOfOperatorsKeepTheirOrder() throws {
        #expect(try Self.evaluate("false && 1/0 > 0 || true && (false || 2 > 1) && !false") == .bool(true))
        #expect(try Self.evaluate("10 - 4 - 3 == 3 && 2 * 3 % 4 == 2 || false") == .bool(true))
    }
}
