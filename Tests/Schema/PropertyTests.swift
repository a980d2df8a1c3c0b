import API
import Document
import TestSupport
import Testing

@testable import Schema

/// Laws of merging, on random objects from fixed seeds.
@Suite struct PropertyTests {
    private let now = Time(seconds: 1)
    private let later = Time(seconds: 99)

    private func deployments() throws -> Resource {
        try #require(Catalogue.builtIn.resource(group: "apps", version: "v1", plural: "deployments"))
    }

    /// A configuration with some containers, ports, variables and labels.
    private func configuration(_ dice: inout SeededGenerator) -> Value {
        let names = ["a", "b", "c", "d"].filter { _ in Bool.random(using: &dice) }.shuffled(using: &dice)
        let containers = names.map { name -> Value in
            var container: Value = ["name": .string(name)]
            if Bool.random(using: &dice) { container["image"] = .string("i\(Int.random(in: 0...2, using: &dice))") }
            let ports = (1...3).filter { _ in Bool.random(using: &dice) }
            if !ports.isEmpty { container["ports"] = .array(ports.map { ["containerPort": .int($0)] }) }
            let variables = ["X", "Y"].filter { _ in Bool.random(using: &dice) }
            if !variables.isEmpty {
                container["env"] = .array(
                    variables.map { ["name": .string($0), "value": .string("\(Int.random(in: 0...1, using: &dice))")] })
            }
            return container
        }
        var object: Value = ["apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "x"]]
        if !containers.isEmpty { object["spec", "template", "spec", "containers"] = .array(containers) }
        if Bool.random(using: &dice) { object["spec", "replicas"] = .int(Int.random(in: 0...3, using: &dice)) }
        if Bool.random(using: &dice) {
            object["metadata", "labels", "l"] = .string("\(Int.random(in: 0...1, using: &dice))")
        }
        return object
    }

    @Test(arguments: 1...40) func applyingTwiceIsApplyingOnce(_ seed: Int) throws {
        var dice = SeededGenerator(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
        let resource = try deployments()
        var live = try resource.applied(
            configuration(&dice), to: nil, by: FieldOwner(manager: "first", now: now), force: true)
        live["metadata", "uid"] = "u"
        let change = configuration(&dice)
        let once = try resource.applied(change, to: live, by: FieldOwner(manager: "second", now: now), force: true)
        let twice = try resource.applied(change, to: once, by: FieldOwner(manager: "second", now: later), force: true)
        #expect(Difference.of(twice, once) == [])
        #expect(try resource.kind.decode(once).strictProblems == [])
    }

    /// What only one manager set is gone when it applies nothing any more; what others set stays.
    @Test(arguments: 1...40) func whatIsAppliedCanBeTakenBack(_ seed: Int) throws {
        var dice = SeededGenerator(state: UInt64(seed) &* 0x2545_F491_4F6C_DD1D)
        let resource = try deployments()
        let empty: Value = ["apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "x"]]
        var live = try resource.applied(
            configuration(&dice), to: nil, by: FieldOwner(manager: "first", now: now), force: true)
        live["metadata", "uid"] = "u"
        let base = try resource.applied(empty, to: live, by: FieldOwner(manager: "second", now: now), force: true)
        let changed = try resource.applied(
            configuration(&dice), to: base, by: FieldOwner(manager: "second", now: now), force: false, orKeep: base)
        let restored = try resource.applied(
            empty, to: changed, by: FieldOwner(manager: "second", now: now), force: true)
        func bare(_ value: Value) -> Value {
            var value = value
            value["metadata", "managedFields"] = nil
            // An apply may leave another order behind.
            value["spec", "template", "spec"]?.mapElements(of: "containers") { container in
                for list: Text in ["ports", "env"] { container.sortElements(of: list) }
            }
            value["spec", "template", "spec"]?.sortElements(of: "containers")
            return value
        }
        #expect(Difference.of(bare(restored), bare(base)) == [])
    }

    @Test(arguments: 1...60) func strategicMergeNeverFailsOrDoubles(_ seed: Int) throws {
        var dice = SeededGenerator(state: UInt64(seed) &* 0xD134_2543_DE82_EF95)
        let kind = try deployments().kind
        let live = kind.defaulted(try kind.decode(configuration(&dice)).object)
        var patch = configuration(&dice)
        if Bool.random(using: &dice) {
            patch["spec", "template", "spec"]?.mapElements(of: "containers") { container in
                if container["name"] == "a" { container["$patch"] = "delete" }
            }
        }
        let once = try kind.strategicallyPatched(live, with: patch)
        let again = try kind.strategicallyPatched(once, with: patch)
        #expect(Difference.of(again, once) == [])
        let names = (once[path: ["spec", "template", "spec", "containers"]]?.array ?? []).compactMap {
            $0["name"]?.text
        }
        #expect(Set(names).count == names.count)
    }

    /// A set of fields survives being written and read.
    @Test(arguments: 1...20) func fieldSetsAreWrittenAndRead(_ seed: Int) throws {
        var dice = SeededGenerator(state: UInt64(seed) &* 0x9E37_79B9)
        let set = FieldSet(of: configuration(&dice), MergeShape(try deployments().kind))
        #expect(FieldSet(fieldsV1: set.fieldsV1) == set)
        #expect(set.subtracting(set).isEmpty)
        #expect(set.union(set) == set)
        #expect(set.intersection(set) == set)
    }

    /// What is done with sets is done with the paths of their members, which come in order, each once.
    @Test(arguments: 1...40) func fieldSetsAreSetsOfPaths(_ seed: Int) throws {
        var dice = SeededGenerator(state: UInt64(seed) &* 0xA24B_AED4_963E_E407)
        let shape = MergeShape(try deployments().kind)
        let (left, right) = (FieldSet(of: configuration(&dice), shape), FieldSet(of: configuration(&dice), shape))
        let (ours, theirs) = (Set(left.paths), Set(right.paths))
        #expect(Set(left.union(right).paths) == ours.union(theirs))
        #expect(Set(left.subtracting(right).paths) == ours.subtracting(theirs))
        #expect(Set(left.intersection(right).paths) == ours.intersection(theirs))
        let paths = left.union(right).paths
        #expect(paths.count == Set(paths).count && paths.sorted { $0.lexicographicallyPrecedes($1) } == paths)
        var inserted = FieldSet()
        for path in paths.shuffled(using: &dice) { inserted.insert(path) }
        #expect(inserted == left.union(right))
    }

    /// From nothing to an object all of it is added, the way back removes the same, and what stands beside is untouched.
    @Test(arguments: 1...40) func comparisonsTellBothWays(_ seed: Int) throws {
        var dice = SeededGenerator(state: UInt64(seed) &* 0x8EBC_6AF0_9C88_C6E3)
        let shape = MergeShape(try deployments().kind)
        let (old, new) = (configuration(&dice), configuration(&dice))
        let (there, back) = (Comparison(old, new, shape), Comparison(new, old, shape))
        #expect(there.added == back.removed && there.removed == back.added && there.modified == back.modified)
        #expect(there.added.intersection(FieldSet(of: old, shape)).isEmpty)
        #expect(there.added.subtracting(Comparison([:], new, shape).added).isEmpty)
        let same = Comparison(old, old, shape)
        #expect(same.added.isEmpty && same.modified.isEmpty && same.removed.isEmpty)
    }
}

extension Value {
    fileprivate mutating func sortElements(of key: Text) {
        guard let elements = self[key]?.array else { return }
        self[key] = .array(elements.sorted { JSON.text($0) < JSON.text($1) })
    }
}

extension Resource {
    /// The applied object, or the one it was to change where somebody else owns a field of it.
    fileprivate func applied(
        _ configuration: Value, to live: Value, by owner: FieldOwner, force: Bool, orKeep kept: Value
    ) throws -> Value {
        (try? applied(configuration, to: live, by: owner, force: force)) ?? kept
    }
}
