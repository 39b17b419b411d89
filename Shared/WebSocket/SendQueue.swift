import Glibc

/// The frames that wait for a client, in order. Their bytes are shared with other queues.
struct SendQueue {
    enum Progress {
        case empty
        /// The socket takes no more for now.
        case blocked
        case failed
    }

    private var frames: [[UInt8]] = []
    /// The first frame that is not sent, and how much of it is.
    private var first = 0
    private var sent = 0
    private(set) var byteCount = 0

    var frameCount: Int { frames.count - first }
    var isEmpty: Bool { frameCount == 0 }

    mutating func append(_ frame: [UInt8]) {
        frames.append(frame)
        byteCount += frame.count
    }

    /// Drops what is not begun: half a frame would make the rest unreadable.
    mutating func dropUnsent() {
        let kept = sent > 0 ? frames[first...].prefix(1) : []
        byteCount = kept.reduce(-sent) { $0 + $1.count }
        (frames, first) = (Array(kept), 0)
    }

    /// Sends as much as the socket takes.
    mutating func send(to descriptor: Int32) -> Progress {
        while first < frames.count {
            let count = frames[first].withUnsafeBytes { bytes in
                let rest = UnsafeRawBufferPointer(rebasing: bytes[sent...])
                return Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            guard count >= 0 else {
                if errno == EINTR { continue }
                return errno == EAGAIN || errno == EWOULDBLOCK ? .blocked : .failed
            }
            byteCount -= count
            sent += count
            if sent == frames[first].count { removeFirst() }
        }
        (frames, first) = ([], 0)
        return .empty
    }

    private mutating func removeFirst() {
        frames[first] = []
        (first, sent) = (first + 1, 0)
        guard first > 64, first > frames.count / 2 else { return }
        frames.removeFirst(first)
        first = 0
    }
}
