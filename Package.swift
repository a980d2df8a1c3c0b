// swift-tools-version: 6.2
import PackageDescription

/// One array of strict settings for every target, so that no room is looser than another.
let strict: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ] + (Context.environment["HELMCTL_WERROR"] == "1" ? [.treatAllWarnings(as: .error)] : [])

/// An asynchronous function stays on its caller's executor (SE-0461): a command runs on the main thread, and no thread of
/// the pool is made and woken for it, which costs a short command more than its work where the machine is busy.
let onCallersThread: [SwiftSetting] = strict + [.enableUpcomingFeature("NonisolatedNonsendingByDefault")]

/// A room: a target whose folder is its place in the house.
func room(
    _ name: String, _ path: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [],
    settings: [SwiftSetting] = strict
) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/\(path)", exclude: exclude, swiftSettings: settings)
}

/// A binding: a C target around one library, linked from its static archive so that the binary stands alone.
func binding(
    _ name: String, _ archives: [String] = [], _ cSettings: [CSetting] = [], exclude: [String] = []
) -> Target {
    .target(
        name: name, path: "Sources/Bindings/\(name)", exclude: exclude, cSettings: cSettings,
        linkerSettings: archives.map { .linkedLibrary(":\($0).a") } + wrapped(by: name))
}

/// The functions of a library that a binding stands in for (`--wrap` of ld(1)).
func wrapped(by binding: String) -> [LinkerSetting] {
    binding == "CLibArchive" ? [.unsafeFlags(["-Xlinker", "--wrap=archive_entry_pathname_w"])] : []
}

/// The tests of a room, in the folder of its name.
func tests(_ name: String, in folder: String? = nil, _ further: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name), "TestSupport"] + further,
        path: "Tests/\(folder ?? name)", swiftSettings: strict)
}

let nio: Target.Dependency = .product(name: "NIO", package: "swift-nio")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioWebSocket: Target.Dependency = .product(name: "NIOWebSocket", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioHTTP2: Target.Dependency = .product(name: "NIOHTTP2", package: "swift-nio-http2")
let asyncHTTPClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "_CryptoExtras", package: "swift-crypto")
let x509: Target.Dependency = .product(name: "X509", package: "swift-certificates")
let asn1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")

let package = Package(
    name: "helmctl",
    dependencies: [
        .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", exact: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
    ],
    targets: [
        // The command line
        .executableTarget(
            name: "helmctl",
            dependencies: [
                "Release", "Chart", "Template", "ControlPlane", "Client", "OCI", "API", "Calendar", "Document", "Flags",
            ],
            path: "Sources/helmctl", swiftSettings: onCallersThread),

        // Charts and releases
        room(
            "Release", "Release",
            ["Chart", "Template", "Client", "API", "Archive", "Calendar", "Pattern", "Document"]),
        room("Chart", "Chart", ["Template", "OCI", "HTTP", "Archive", "Calendar", "Pattern", "PKI", "Document"]),
        room("Template", "Template", ["Document", "Calendar", "Pattern", "PKI", "CLinux"]),

        // The bundled cluster
        room(
            "ControlPlane", "Cluster/ControlPlane",
            [
                "Controllers", "Scheduler", "Node", "Networking", "APIServer", "Store", "Schema", "CEL", "Client",
                "API",
                "PKI", "OCI", "Document", "CLinux", nio,
            ]),
        room("Controllers", "Cluster/Controllers", ["Client", "API", "Calendar", "Document"]),
        room("Scheduler", "Cluster/Scheduler", ["Client", "API", "Document"]),
        room("Node", "Cluster/Node", ["Client", "API", "OCI", "Archive", "Document", "CLinux", "CShim", nio, nioSSL]),
        // Not "Network": AsyncHTTPClient takes a module of that name for Apple's.
        room("Networking", "Cluster/Network", ["Client", "API", "Document", "CLinux", nio]),
        room(
            "APIServer", "Cluster/APIServer",
            [
                "Store", "Schema", "CEL", "API", "Client", "Calendar", "Document", "PKI", "CZlib", nio, nioHTTP1,
                nioWebSocket, nioSSL, nioHTTP2,
            ]),
        room("Store", "Cluster/Store", ["CSQLite"]),
        room("Schema", "Cluster/Schema", ["API", "Calendar", "Document", "Pattern", "CDeclarations"]),
        room("CEL", "Cluster/CEL", ["API", "Calendar", "Document", "Pattern"]),
        room("Client", "Cluster/Client", ["API", "Document", "HTTP", "PKI", nio]),
        room("API", "Cluster/API", ["Calendar", "Document"]),

        // What both stand on
        room("OCI", "Shared/OCI", ["HTTP", "Archive", "Document", "PKI"]),
        room("HTTP", "Shared/HTTP", [asyncHTTPClient, nio, nioSSL, nioHTTP1]),
        room("PKI", "Shared/PKI", [crypto, cryptoExtras, x509, asn1]),
        room("Archive", "Shared/Archive", ["Document", "CLibArchive"]),
        room("Pattern", "Shared/Pattern", ["CRE2"]),
        room("Flags", "Shared/Flags", ["Document"], settings: onCallersThread),
        room("Calendar", "Shared/Calendar", ["Document"]),
        room("Document", "Shared/Document", ["CLibYAML"]),

        // C libraries, one target each
        binding("CLibYAML", ["libyaml"]),
        binding("CLibArchive", ["libarchive", "libz", "libdeflate"]),
        binding("CZlib", ["libz"]),
        binding("CSQLite", ["libsqlite3"]),
        binding("CRE2", ["libre2", "libstdc++"]),
        binding("CLinux"),
        binding("CShim", [], [.unsafeFlags(["-Wno-c23-extensions"])], exclude: ["shim"]),
        .target(
            name: "CDeclarations", path: "Sources/Bindings/CDeclarations", exclude: ["kinds", "words"],
            cSettings: [.unsafeFlags(["-Wno-c23-extensions"])]),

        // Tests mirror the rooms; Integration drives the real binary and real clients
        .target(name: "TestSupport", path: "Tests/Support", swiftSettings: strict),
        .target(
            name: "ClusterTestSupport", dependencies: ["Client", "API", "Document"], path: "Tests/ClusterSupport",
            swiftSettings: strict),
        tests("Document"),
        tests("Flags"),
        tests("Archive", ["Document"]),
        tests("Pattern"),
        tests("PKI"),
        tests("HTTP", ["PKI", nio, nioHTTP1, nioSSL]),
        tests("OCI", ["Archive", "PKI", "Document"]),
        tests("Calendar"),
        tests("API", ["Calendar", "Document"]),
        tests("Client", ["API", "Document", "PKI"]),
        .executableTarget(
            name: "StoreWriter", dependencies: ["Store"], path: "Tests/Fixtures/StoreWriter", swiftSettings: strict),
        tests("Store", ["StoreWriter"]),
        tests("Schema", ["API", "Document"]),
        tests("CEL", ["API", "Document"]),
        tests("APIServer", ["Store", "Schema", "API", "Client", "Document", "PKI", nio, nioHTTP1]),
        tests("Controllers", ["APIServer", "Store", "Schema", "Client", "API", "Document"]),
        tests("Scheduler", ["APIServer", "Store", "Schema", "Client", "API", "Document"]),
        tests(
            "Node", ["ClusterTestSupport", "Networking", "Client", "API", "OCI", "Archive", "PKI", "Document"]),
        tests(
            "Networking", in: "Network", ["ClusterTestSupport", "CLinux", "Client", "API", "PKI", "Document"]),
        tests("ControlPlane", ["CLinux", "Client", "API", "Document", "PKI"]),
        tests("Template", ["Document"]),
        tests("Chart", ["Template", "Archive", "Document"]),
        tests("Release", ["APIServer", "Store", "Chart", "Template", "Client", "API", "Archive", "Document"]),
        .testTarget(
            name: "IntegrationTests", dependencies: ["helmctl", "Client", "API", "Document", "TestSupport"],
            path: "Tests/Integration", swiftSettings: strict),
    ],
    cxxLanguageStandard: .cxx17
)
