import Glibc

/// How many files and sockets the process may have open.
package enum DescriptorLimit {
    /// Raises the limit to `count` if it is lower, as far as the system permits. Many systems start a process with 1,024
    /// and permit more.
    package static func raise(to count: Int) {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        let wanted = min(rlim_t(count), limit.rlim_max)
        guard limit.rlim_cur < wanted else { return }
        limit.rlim_cur = wanted
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
