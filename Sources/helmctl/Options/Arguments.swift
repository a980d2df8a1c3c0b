/// How many arguments a command takes, in cobra's words.
enum ArgumentCount {
    static func exactly(_ wanted: Int, _ given: [String], _ command: String, _ usage: String) throws {
        if given.count == wanted { return }
        try refuse("requires \(wanted) argument\(wanted == 1 ? "" : "s")", command, usage)
    }

    static func atLeast(_ wanted: Int, _ given: [String], _ command: String, _ usage: String) throws {
        if given.count >= wanted { return }
        try refuse("requires at least \(wanted) argument\(wanted == 1 ? "" : "s")", command, usage)
    }

    static func atMost(_ wanted: Int, _ given: [String], _ command: String, _ usage: String) throws {
        if given.count <= wanted { return }
        try refuse("accepts at most \(wanted) argument\(wanted == 1 ? "" : "s")", command, usage)
    }

    private static func refuse(_ words: String, _ command: String, _ usage: String) throws -> Never {
        throw CommandFailure("\"helm \(command)\" \(words)\n\nUsage:  helm \(command) \(usage)")
    }
}
