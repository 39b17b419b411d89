import CQREncode

/// A QR code (ISO/IEC 18004): a square of dark and light modules.
package struct QRCode: Hashable, Sendable {
    /// How much of a code may be damaged or covered.
    package enum Correction: Sendable {
        /// 7 %: for screens.
        case low
        /// 15 %: for print.
        case medium
        /// 25 %: for print that is touched and scratched.
        case quarter

        fileprivate var level: QRecLevel {
            switch self {
            case .low: QR_ECLEVEL_L
            case .medium: QR_ECLEVEL_M
            case .quarter: QR_ECLEVEL_Q
            }
        }
    }

    /// The longest text of a code, in bytes. More would fit, into codes that telephones read badly.
    package static let maximumLength = 512

    /// The modules on one side, without the quiet zone.
    package let width: Int
    /// Row by row, true where a module is dark.
    private let modules: [Bool]

    /// Encodes a text into the smallest code that holds it. Returns nil if it is empty, longer than ``maximumLength``, or
    /// memory is exhausted.
    package init?(_ text: String, correction: Correction = .medium) {
        let bytes = Array(text.utf8)
        guard 1...Self.maximumLength ~= bytes.count,
            let code = QRcode_encodeData(Int32(bytes.count), bytes, 0, correction.level)
        else { return nil }
        defer { QRcode_free(code) }
        width = Int(code.pointee.width)
        modules = UnsafeBufferPointer(start: code.pointee.data, count: width * width).map { $0 & 1 == 1 }
    }

    /// Whether a module is dark; all around the code is light.
    package func isDark(row: Int, column: Int) -> Bool {
        0..<width ~= row && 0..<width ~= column && modules[row * width + column]
    }
}
