import Chart
import Flags

/// The flags that set values, shared by all commands that render.
struct ValueFlags {
    @Flag("values", short: "f", "specify values in a YAML file or a URL (can specify multiple)")
    var files = StringSlice()

    @Flag("set", "set values on the command line (key1=val1,key2=val2)")
    var typed: [String] = []

    @Flag("set-string", "set STRING values on the command line (key1=val1,key2=val2)")
    var strings: [String] = []

    @Flag("set-file", "set values from files (key1=path1,key2=path2)")
    var contents: [String] = []

    @Flag("set-json", "set JSON values (key1=jsonval1,key2=jsonval2 or a whole JSON object)")
    var json: [String] = []

    @Flag("set-literal", "set a literal STRING value on the command line")
    var literals: [String] = []

    /// What the flags say, for the Chart room.
    var options: ValueOptions {
        var options = ValueOptions()
        options.files = files.items
        options.typed = typed
        options.strings = strings
        options.contents = contents
        options.json = json
        options.literals = literals
        return options
    }
}
