import FoundationEssentials
import Glibc
import Primitives

extension MetricsRegistry {
    /// Adds the kernel's figures for this process: memory, processor time, open descriptors, start.
    nonisolated package func observeProcess() {
        gauge("process.memory.usage", unit: .bytes, "Resident memory.").observe { residentBytes() }
        counter("process.cpu.time", unit: .seconds, "Processor time, user and system.").observe { processorSeconds() }
        gauge("process.unix.file_descriptor.count", "Open file descriptors.").observe { openDescriptors() }
        let start = Double(Instant.now.microseconds) / 1e6
        gauge("process.start_time", unit: .seconds, "When the process started, in Unix time.").set(start)
    }
}

/// The second field of `/proc/self/statm`, in pages. NaN if there is no such file.
private func residentBytes() -> Double {
    guard let statm = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),  // No /proc, no value.
        let pages = statm.split(separator: " ").dropFirst().first.flatMap({ Double($0) })
    else { return .nan }
    return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
}

private func processorSeconds() -> Double {
    var usage = rusage()
    getrusage(RUSAGE_SELF.rawValue, &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

/// The entries of `/proc/self/fd`, without the one that reads them.
private func openDescriptors() -> Double {
    guard let entries = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") else {  // As above.
        return .nan
    }
    return Double(entries.count - 1)
}
