import Glibc

/// The frames that wait for a client, in order. Their bytes are shared with other queues.
package struct SendQueue {
    /// How far the socket took what was queued.
    package enum Progress {
        case empty
        /// The socket takes no more for now.
        case blocked
        case failed
    }

    private var frames: [[UInt8]] = []
    /// The first frame that is not sent, and how much of it is.
    private var first = 0
    private var sent = 0
    /// The bytes that wait.
    package private(set) var byteCount = 0

    /// An empty queue, which takes no memory.
    package init() {}

    /// The frames that wait, the one that is partly sent included.
    package var frameCount: Int { frames.count - first }
    /// True if no frame waits.
    package var isEmpty: Bool { frameCount == 0 }

    /// Queues a frame behind those that wait.
    package mutating func append(_ frame: [UInt8]) {
        frames.append(frame)
        byteCount += frame.count
    }

    /// Sends a frame; what the socket does not take waits. Nothing is allocated for a client that reads.
    package mutating func send(_ frame: [UInt8], to descriptor: Int32) -> Progress {
        guard isEmpty else {
            append(frame)
            return .blocked
        }
        let (count, progress) = Self.send(frame, from: 0, to: descriptor)
        guard progress == .blocked else { return progress }
        append(frame)
        (sent, byteCount) = (count, byteCount - count)
        return .blocked
    }

    /// Drops what is not begun: half a frame would make the rest unreadable.
    package mutating func dropUnsent() {
        let kept = sent > 0 ? frames[first...].prefix(1) : []
        byteCount = kept.reduce(-sent) { $0 + $1.count }
        (frames, first) = (Array(kept), 0)
    }

    /// Sends as much as the socket takes.
    package mutating func send(to descriptor: Int32) -> Progress {
        while first < frames.count {
            let (count, progress) = Self.send(frames[first], from: sent, to: descriptor)
            byteCount -= count
            sent += count
            guard progress == .empty else { return progress }
            removeFirst()
        }
        (frames, first) = ([], 0)
        return .empty
    }

    /// Sends the rest of a frame. Returns how many bytes the socket took; `empty` if it took all of them.
    private static func send(_ frame: [UInt8], from start: Int, to descriptor: Int32) -> (Int, Progress) {
        frame.withUnsafeBytes { bytes in
            var position = start
            while position < bytes.count {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
                let count = Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
                if count >= 0 {
                    position += count
                } else if errno != EINTR {
                    return (position - start, errno == EAGAIN || errno == EWOULDBLOCK ? .blocked : .failed)
                }
            }
            return (position - start, .empty)
        }
    }

    private mutating func removeFirst() {
        frames[first] = []
        (first, sent) = (first + 1, 0)
        guard first > 64, first > frames.count / 2 else { return }
        frames.removeFirst(first)
        first = 0
    }
}
