import ArgumentParser
import Chart

/// The flags that set values, shared by all commands that render.
struct ValueFlags: ParsableArguments {
    @Option(
        name: [.customShort("f"), .customLong("values")], parsing: .unconditionalSingleValue,
        help: "specify values in a YAML file or a URL (can specify multiple)")
    var files: [String] = []

    @Option(
        name: .customLong("set"), parsing: .unconditionalSingleValue,
        help: "set values on the command line (key1=val1,key2=val2)")
    var typed: [String] = []

    @Option(
        name: .customLong("set-string"), parsing: .unconditionalSingleValue,
        help: "set STRING values on the command line (key1=val1,key2=val2)")
    var strings: [String] = []

    @Option(
        name: .customLong("set-file"), parsing: .unconditionalSingleValue,
        help: "set values from files (key1=path1,key2=path2)")
    var contents: [String] = []

    @Option(
        name: .customLong("set-json"), parsing: .unconditionalSingleValue,
        help: "set JSON values (key1=jsonval1,key2=jsonval2 or a whole JSON object)")
    var json: [String] = []

    @Option(
        name: .customLong("set-literal"), parsing: .unconditionalSingleValue,
        help: "set a literal STRING value on the command line")
    var literals: [String] = []

    /// What the flags say, for the Chart room.
    var options: ValueOptions {
        var options = ValueOptions()
        options.files = files.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        options.typed = typed
        options.strings = strings
        options.contents = contents
        options.json = json
        options.literals = literals
        return options
    }
}
