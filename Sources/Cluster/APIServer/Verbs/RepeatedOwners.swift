import Document

extension Value {
    /// Drops owner references that are there already, and returns what upstream warns of then
    /// (dedupOwnerReferencesAndAddWarning). What a patch repeats is only found after admission.
    mutating func dropRepeatedOwners(isPatch: Bool) -> [String] {
        guard let owners = self["metadata", "ownerReferences"]?.array, owners.count > 1 else { return [] }
        var kept: [Value] = []
        var repeated: [String] = []
        for owner in owners {
            if kept.contains(owner) { repeated.append(owner["uid"]?.string ?? "") } else { kept.append(owner) }
        }
        guard !repeated.isEmpty else { return [] }
        self["metadata", "ownerReferences"] = .array(kept)
        return [
            ".metadata.ownerReferences contains duplicate entries\(isPatch ? " after mutating admission happens" : ""); API "
                + "server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your "
                + "requests; duplicate UID(s) observed: \(repeated.joined(separator: ", "))"
        ]
    }
}
