import Glibc

/// What the system knows of this process, under the names that every Prometheus client gives it ("Writing client
/// libraries", process metrics).
enum ProcessFigures {
    static var text: String {
        let pages = words("/proc/self/statm").compactMap { Int($0) }
        let page = sysconf(Int32(_SC_PAGESIZE))
        var figures: [(name: String, type: String, help: String, value: String)] = [
            ("process_cpu_seconds_total", "counter", "Time on processors, in seconds.", "\(processorSeconds)")
        ]
        if let start = startSeconds {
            figures.append(("process_start_time_seconds", "gauge", "When it began, in seconds since 1970.", "\(start)"))
        }
        if pages.count > 1 {
            figures.append(("process_virtual_memory_bytes", "gauge", "Address space, in bytes.", "\(pages[0] * page)"))
            figures.append(("process_resident_memory_bytes", "gauge", "Memory, in bytes.", "\(pages[1] * page)"))
        }
        if let count = openFiles {
            figures.append(("process_open_fds", "gauge", "How many files and sockets are open.", "\(count)"))
        }
        return figures.map { "# HELP \($0.name) \($0.help)\n# TYPE \($0.name) \($0.type)\n\($0.name) \($0.value)\n" }
            .joined()
    }

    private static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// The machine's start and the ticks from there on (proc_stat(5), btime; proc_pid_stat(5), starttime).
    static var startSeconds: Double? {
        let machine = words("/proc/stat")
        guard let place = machine.firstIndex(of: "btime"), place + 1 < machine.count,
            let start = Double(machine[place + 1])
        else { return nil }
        // The second word is the name, in brackets, which holds no space here.
        let own = words("/proc/self/stat")
        guard own.count > 21, let ticks = Double(own[21]) else { return nil }
        return start + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    private static var openFiles: Int? {
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Itself, its parent, and the folder that is being read.
        return count - 3
    }

    private static func words(_ path: String) -> [Substring] {
        guard let file = fopen(path, "re") else { return [] }
        defer { fclose(file) }
        var text = ""
        var line = [CChar](repeating: 0, count: 4096)
        while fgets(&line, Int32(line.count), file) != nil {
            text += line.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        }
        return text.split { $0 == " " || $0 == "\n" }
    }
}
