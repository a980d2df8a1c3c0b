import Document

/// Events of the core group, which are what is stored, and those of events.k8s.io (pkg/apis/events/v1/conversion.go).
enum EventConversion {
    private static let names: [(old: Text, new: Text)] = [
        ("message", "note"), ("involvedObject", "regarding"), ("source", "deprecatedSource"),
        ("firstTimestamp", "deprecatedFirstTimestamp"), ("lastTimestamp", "deprecatedLastTimestamp"),
        ("count", "deprecatedCount"), ("reportingComponent", "reportingController"),
    ]

    static let toNew: Conversion.Change = { event in
        for name in names { event.rename(name.old, to: name.new) }
    }

    static let toOld: Conversion.Change = { event in
        for name in names { event.rename(name.new, to: name.old) }
    }
}
