import COpenSSL

/// The time and memory of one scrypt; written `ln=15,r=8,p=3`.
package struct ScryptCost: Hashable, Sendable {
    private static let maximumMemory = 256 << 20

    /// 32 MiB and about a quarter of a second on one core: OWASP's minimum for this memory.
    package static let standard = ScryptCost(unchecked: 15, 8, 3)

    private let logN: Int
    private let blockSize: Int
    private let parallelism: Int

    /// N = 2^`logN` (1 to 20), r = `blockSize` (1 to 32), p = `parallelism` (1 to 16). Returns nil outside these
    /// bounds, if it would take more than 256 MiB, or if RFC 7914 forbids it (logN must be less than 16 r).
    package init?(logN: Int, blockSize: Int, parallelism: Int) {
        self.init(unchecked: logN, blockSize, parallelism)
        guard (1...20).contains(logN), (1...32).contains(blockSize), (1...16).contains(parallelism),
            logN < 16 * blockSize, memory <= Self.maximumMemory
        else { return nil }
    }

    private init(unchecked logN: Int, _ blockSize: Int, _ parallelism: Int) {
        (self.logN, self.blockSize, self.parallelism) = (logN, blockSize, parallelism)
    }

    private var memory: Int { 128 * blockSize * (1 << logN + parallelism + 2) }

    /// `count` bytes derived from the password. Blocks.
    func derive(_ count: Int, from password: [UInt8], salt: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { output, initialized in
            let status = password.withUnsafeBytes { bytes in
                EVP_PBE_scrypt(
                    bytes.bindMemory(to: CChar.self).baseAddress, bytes.count, salt, salt.count, 1 << UInt64(logN),
                    UInt64(blockSize), UInt64(parallelism), UInt64(memory), output.baseAddress, count)
            }
            OpenSSL.check(status)
            initialized = count
        }
    }
}

extension ScryptCost: CustomStringConvertible {
    /// Reads the form that ``description`` writes.
    init?(_ text: Substring) {
        let fields = text.split(separator: ",", omittingEmptySubsequences: false)
        guard fields.count == 3, fields[0].hasPrefix("ln="), fields[1].hasPrefix("r="), fields[2].hasPrefix("p="),
            let logN = Int(fields[0].dropFirst(3)), let blockSize = Int(fields[1].dropFirst(2)),
            let parallelism = Int(fields[2].dropFirst(2))
        else { return nil }
        self.init(logN: logN, blockSize: blockSize, parallelism: parallelism)
    }

    package var description: String { "ln=\(logN),r=\(blockSize),p=\(parallelism)" }
}
