import Glibc

/// Runs services side by side until they shall stop. One that fails is told in the log and started again a little later.
struct ServiceGroup: Sendable {
    private let services: [any ClusterService]

    init(_ services: [any ClusterService]) { self.services = services }

    func run(until stop: StopSignal) async {
        await withTaskGroup(of: Void.self) { group in
            for service in services { group.addTask { await keepRunning(service) } }
            await stop.wait()
            group.cancelAll()
        }
    }

    private func keepRunning(_ service: any ClusterService) async {
        var pause = Duration.milliseconds(100)
        while !Task.isCancelled {
            do {
                try await service.run()
                return
            } catch {
                guard !Task.isCancelled else { return }
                DaemonLog.write("\(service.name): \(error); starting it again in \(pause)")
            }
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(10))
        }
    }
}

/// The daemon's log: lines on its standard error, which goes to the file.
enum DaemonLog {
    static func write(_ text: String) {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        var parts = tm()
        gmtime_r(&now.tv_sec, &parts)
        var stamp = [CChar](repeating: 0, count: 32)
        let length = strftime(&stamp, stamp.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
        let line = String(decoding: stamp[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self) + " \(text)\n"
        let bytes = Array(line.utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
    }
}
