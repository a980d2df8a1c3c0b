public import API
public import Document

// MARK: - The life of an object

extension Resource {
    /// The object as it is stored when created: status and other fields that clients may not set are taken away,
    /// generation starts, what depends on several fields (QoS class, selectors of Jobs) is made.
    ///
    /// - Parameters:
    ///   - object: decoded and defaulted, with its name, namespace, uid and creationTimestamp set.
    ///   - now: for what records when something happened.
    public func preparedForCreate(_ object: Value, now: Time) -> Value {
        Strategy.of(self).prepareForCreate(object, of: self, now: now)
    }

    /// The object as it replaces `old`: what the request may not change comes from the old object (the status; on
    /// `/status` everything else), and generation goes up when the spec changes.
    ///
    /// - Parameter now: for what records when something happened.
    public func preparedForUpdate(_ object: Value, old: Value, subresource: String? = nil, now: Time) -> Value {
        Strategy.of(self).prepareForUpdate(object, old: old, subresource: subresource, of: self, now: now)
    }

    /// The metadata without what only stands there because the version has no field for it.
    public func internalMetadata(of object: Value) -> Value {
        var metadata = object["metadata"] ?? [:]
        guard group == "apps", plural == "daemonsets" else { return metadata }
        metadata["annotations", DaemonSetStrategy.generation] = nil
        if metadata["annotations"]?.object?.isEmpty == true { metadata["annotations"] = nil }
        return metadata
    }

    /// Everything that is wrong with a new object, in upstream's order and words.
    ///
    /// - Parameter language: who knows the language of rules in schemas; without one those are not looked at.
    public func validateCreate(_ object: Value, language: (any SchemaLanguage)? = nil) -> [FieldError] {
        var faults = Faults(language: language)
        let rules = Rules.of(self)
        if rules.checksMetadata { faults.checkMetadata(object, self) }
        // Upstream has one form for all versions of a kind; here it is the stored one.
        let stored = stored(object)
        rules.create(stored, &faults)
        rules.new(stored, &faults)
        if isCustom { faults.checkCustom(object, self) }
        return faults.errors
    }

    /// Everything that is wrong with the object or with the change from `old` to it.
    ///
    /// - Parameter language: who knows the language of rules in schemas; without one those are not looked at.
    public func validateUpdate(
        _ object: Value, old: Value, subresource: String? = nil, language: (any SchemaLanguage)? = nil
    ) -> [FieldError] {
        var faults = Faults(language: language)
        let rules = Rules.of(self)
        faults.checkMetadataUpdate(object, old)
        let (new, before) = (stored(object), stored(old))
        if subresource == "status" {
            rules.status(new, before, &faults)
        } else if let part = subresource.flatMap({ rules.parts[$0] }) {
            rules.create(new, &faults)
            part(new, before, &faults)
        } else {
            if rules.checksMetadata { faults.checkMetadata(object, self) }
            // What is wrong with an unchanged part was accepted once; updates of metadata must stay possible.
            if !differsOnlyInMetadata(object, old) {
                for _ in 1...(rules.asksTwice ? 2 : 1) { rules.create(new, &faults) }
            }
            rules.update(new, before, &faults)
        }
        if isCustom { faults.checkCustom(object, self, old: old, subresource: subresource) }
        return faults.errors
    }

    private func differsOnlyInMetadata(_ object: Value, _ old: Value) -> Bool {
        var (left, right) = (object, old)
        left["metadata"] = nil
        right["metadata"] = nil
        return left == right
    }

    /// The warnings that upstream sends with a created or updated object (deprecated fields and the like).
    public func warnings(_ object: Value, old: Value?) -> [String] { Warnings.of(object, kind, old: old) }
}
