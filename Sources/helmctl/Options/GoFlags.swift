/// The ways in which Go's pflag takes flags that the argument parser does not know by itself.
enum GoFlags {
    /// Flags whose value may be left out, and what they then mean.
    private static let bare = ["--wait": "watcher", "--dry-run": "unchanged", "--server-side": "true"]
    /// Commands where such a flag is a plain switch.
    private static let switches: [String: Set<String>] = [
        "--dry-run": ["uninstall", "del", "delete", "un"]
    ]

    /// The arguments as the parser takes them: `--wait` as `--wait=watcher`, `--no-hooks=true` as `--no-hooks`,
    /// `--no-hooks=false` not at all.
    static func normalized(_ arguments: [String], of command: String) -> [String] {
        var result: [String] = []
        for (index, argument) in arguments.enumerated() {
            if argument == "--" { return result + arguments[index...] }
            if let value = bare[argument], switches[argument]?.contains(command) != true {
                result.append("\(argument)=\(value)")
            } else if let (flag, value) = boolean(argument, command) {
                if value { result.append(flag) }
            } else {
                result.append(argument)
            }
        }
        return result
    }

    /// A switch with its value behind it.
    private static func boolean(_ argument: String, _ command: String) -> (flag: String, value: Bool)? {
        guard argument.hasPrefix("--"), let equals = argument.firstIndex(of: "=") else { return nil }
        let flag = String(argument[..<equals])
        let isSwitch = names.contains(flag) || switches[flag]?.contains(command) == true
        guard isSwitch, let value = bool(String(argument[argument.index(after: equals)...])) else { return nil }
        return (flag, value)
    }

    /// Go's strconv.ParseBool.
    static func bool(_ text: String) -> Bool? {
        switch text {
        case "1", "t", "T", "TRUE", "true", "True": true
        case "0", "f", "F", "FALSE", "false", "False": false
        default: nil
        }
    }

    private static let names: Set<String> = Set(
        """
        --create-namespace --dependency-update --devel --disable-openapi-validation --enable-dns --force \
        --force-conflicts --force-replace --generate-name --hide-notes --hide-secret --no-hooks --pass-credentials \
        --plain-http --render-subchart-notes --replace --rollback-on-failure --atomic --skip-crds \
        --skip-schema-validation --take-ownership --verify --wait-for-jobs --cleanup-on-fail --install --reset-values \
        --reuse-values --reset-then-reuse-values --ignore-not-found --keep-history --all --all-namespaces --date \
        --deployed --failed --no-headers --pending --reverse --short --superseded --uninstalled --uninstalling --logs \
        --debug --kube-insecure-skip-tls-verify --insecure-skip-tls-verify --include-crds --is-upgrade --skip-tests \
        --release-name --validate
        """.split(separator: " ").map(String.init))
}
