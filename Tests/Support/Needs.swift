import Glibc
public import Testing

/// What this machine has for tests that need more than the package itself.
public enum Machine {
    /// The folder of oracle material: `HELMCTL_SHARED`, or `shared` beside the package; nil where there is none.
    public static let shared: String? = {
        let package = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let path = getenv("HELMCTL_SHARED").map { String(cString: $0) } ?? "/\(package)/../shared"
        return access("\(path)/README.md", R_OK) == 0 ? path : nil
    }()

    /// The root folder of the package.
    public static let package: String = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    /// Whether there is a Python to run the clients of scripts/.
    public static let hasPython =
        access("/usr/bin/python3", X_OK) == 0 || access("/usr/local/bin/python3", X_OK) == 0

    /// Whether the tests run as root.
    public static let isRoot = geteuid() == 0

    /// A real kubectl: `KUBECTL`, or the newest `kubectl.1.*` on PATH or beside the cloud SDK's, or `kubectl` on PATH.
    public static let kubectl: String? = {
        if let named = getenv("KUBECTL") { return String(cString: named) }
        let folders = (getenv("PATH").map { String(cString: $0) } ?? "").split(separator: ":").map(String.init)
        for folder in folders + ["/usr/lib/google-cloud-sdk/bin"] {
            for minor in stride(from: 33, through: 27, by: -1) {
                let path = "\(folder)/kubectl.1.\(minor)"
                if access(path, X_OK) == 0 { return path }
            }
        }
        return folders.map { "\($0)/kubectl" }.first { access($0, X_OK) == 0 }
    }()

    /// The binary under test: `HELMCTL`, else the one that this build made.
    public static let helmctl: String = {
        if let named = getenv("HELMCTL") { return String(cString: named) }
        return "\(package)/.build/debug/helmctl"
    }()
}

extension Trait where Self == ConditionTrait {
    /// Skips, saying so, where the oracle material is not at hand.
    public static var needsShared: Self { .enabled(if: Machine.shared != nil, "needs ../shared") }
    /// Skips, saying so, without Python.
    public static var needsPython: Self { .enabled(if: Machine.hasPython, "needs python3") }
    /// Skips, saying so, without root.
    public static var needsRoot: Self { .enabled(if: Machine.isRoot, "needs root") }
    /// Skips, saying so, without kubectl.
    public static var needsKubectl: Self { .enabled(if: Machine.kubectl != nil, "needs kubectl") }
}

/// Real Helm as a Python package, with the scripts that drive it.
public enum Oracle {
    /// The Python that has it: `HELMCTL_ORACLE_PYTHON`, else the one that `scripts/install-oracle` made.
    public static let python: String? = {
        let path =
            getenv("HELMCTL_ORACLE_PYTHON").map { String(cString: $0) } ?? "\(Machine.package)/build/oracle/bin/python"
        return Machine.shared != nil && access(path, X_OK) == 0 ? path : nil
    }()

    /// Runs a script of the oracle's folder.
    public static func run(_ script: String, _ arguments: [String], in folder: String? = nil) throws -> Command.Outcome
    {
        guard let python, let shared = Machine.shared else { throw DeadlinePassed(description: "no oracle at hand") }
        return try Command(python, ["\(shared)/helm/\(script)"] + arguments, in: folder).run()
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips, saying so, where real Helm is not at hand.
    public static var needsOracle: Self {
        .enabled(if: Oracle.python != nil, "needs real Helm (scripts/install-oracle)")
    }
}
