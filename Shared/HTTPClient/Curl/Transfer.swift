import CCurl
import EventLoop

/// One request on its way: libcurl's handle, what was received so far, and the outcome.
@EventLoop
final class Transfer {
    /// Freed by ``release()``.
    let easy: UnsafeMutableRawPointer
    let outcome = Promise<HTTPOutcome>()
    private let headLimit: Int
    private let bodyLimit: Int
    private var fields: UnsafeMutablePointer<curl_slist>?
    private var headers: [(name: String, value: String)] = []
    private var headSize = 0
    private var body: [UInt8] = []
    private var isTooLarge = false

    /// Nil when the request cannot be sent as it is.
    init?(
        _ request: HTTPRequest, _ configuration: HTTPClientConfiguration, onFreshConnection: Bool,
        within time: Duration
    ) {
        guard request.isWellFormed, let easy = curl_easy_init() else { return nil }
        self.easy = easy
        (headLimit, bodyLimit) = (configuration.headLimit, configuration.bodyLimit)
        guichet_set_receivers(easy, receiveHead, receiveBody, Unmanaged.passUnretained(self).toOpaque())
        apply(configuration, within: time)
        guichet_set_long(easy, CURLOPT_FRESH_CONNECT, onFreshConnection ? 1 : 0)
        apply(request)
        guard guichet_set_text(easy, CURLOPT_URL, request.url) == CURLE_OK else {
            release()
            return nil
        }
    }

    static func of(_ easy: UnsafeMutableRawPointer) -> Transfer {
        guard let context = guichet_context(easy) else { preconditionFailure("a handle of libcurl without a transfer") }
        return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }

    func release() {
        curl_easy_cleanup(easy)
        curl_slist_free_all(fields)
        fields = nil
    }

    /// The outcome once libcurl is done.
    func finished(_ code: CURLcode) -> HTTPOutcome {
        guard code == CURLE_OK else { return failed(isTooLarge ? .answerTooLarge : .init(code)) }
        var status = 0
        guichet_status(easy, &status)
        return .answered(HTTPResponse(status: status, headers: headers, body: body))
    }

    /// The outcome of a request that has no whole answer. What libcurl counts as sent decides, not its error: the same
    /// code can come before and after the first byte.
    func failed(_ reason: HTTPOutcome.Reason) -> HTTPOutcome {
        guichet_sent_bytes(easy) == 0 ? .notSent(reason) : .unknown(reason)
    }

    private func apply(_ configuration: HTTPClientConfiguration, within time: Duration) {
        let schemes = configuration.schemes.map(\.rawValue).sorted().joined(separator: ",")
        guichet_set_text(easy, CURLOPT_PROTOCOLS_STR, schemes)
        guichet_set_text(easy, CURLOPT_PROXY, "")
        guichet_set_long(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        guichet_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        guichet_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
        guichet_set_long(easy, CURLOPT_SSL_VERIFYPEER, 1)
        guichet_set_long(easy, CURLOPT_SSL_VERIFYHOST, 2)
        guichet_set_long(easy, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let file = configuration.certificateAuthorities {
            guichet_set_text(easy, CURLOPT_CAINFO, file)
            guichet_set_text(easy, CURLOPT_CAPATH, nil)
        }
        guichet_set_long(easy, CURLOPT_NOSIGNAL, 1)
        // Else the end of a transfer would block the loop until its thread for name resolution has ended.
        guichet_set_long(easy, CURLOPT_QUICK_EXIT, 1)
        guichet_set_long(easy, CURLOPT_TIMEOUT_MS, time.milliseconds)
        guichet_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, min(configuration.connectTime, time).milliseconds)
        guichet_set_long(easy, CURLOPT_MAXAGE_CONN, max(1, configuration.idleTime.milliseconds / 1000))
        guichet_set_long(easy, CURLOPT_BUFFERSIZE, 16 * 1024)
    }

    private func apply(_ request: HTTPRequest) {
        switch request.method {
        case .get where request.body == nil: break
        case .head: guichet_set_long(easy, CURLOPT_NOBODY, 1)
        case .delete where request.body == nil: guichet_set_text(easy, CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        default:
            let body = request.body ?? []
            body.withUnsafeBytes { _ = guichet_set_body(easy, $0.baseAddress ?? UnsafeRawPointer(easy), $0.count) }
            guichet_set_text(easy, CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
        // A body is sent without waiting for 100, and has no type but the one that is stated.
        var lines = ["Expect:"]
        if !request.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
            lines.append("Content-Type:")
        }
        // libcurl drops a field that ends in a colon, and sends one without a value for a semicolon.
        lines += request.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        for line in lines { fields = curl_slist_append(fields, line) }
        guichet_set_headers(easy, fields)
    }

    /// A line of the head; false ends the transfer.
    fileprivate func receive(head line: [UInt8]) -> Bool {
        headSize += line.count
        guard headSize <= headLimit else {
            isTooLarge = true
            return false
        }
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            // The final answer replaces an interim one.
            headers = []
        } else if let colon = text.firstIndex(of: ":") {
            let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            let end = value.lastIndex { !$0.isWhitespace }.map { value.index(after: $0) } ?? value.startIndex
            headers.append((text[..<colon].lowercased(), String(value[..<end])))
        }
        return true
    }

    /// A piece of the body; false ends the transfer.
    fileprivate func receive(body piece: [UInt8]) -> Bool {
        guard body.count + piece.count <= bodyLimit else {
            isTooLarge = true
            return false
        }
        body.append(contentsOf: piece)
        return true
    }
}

private func receiveHead(
    bytes: UnsafeMutablePointer<CChar>?, size: Int, count: Int, context: UnsafeMutableRawPointer?
) -> Int {
    receive(UnsafeRawBufferPointer(start: bytes, count: size * count), context) { $0.receive(head: $1) }
}

private func receiveBody(
    bytes: UnsafeMutablePointer<CChar>?, size: Int, count: Int, context: UnsafeMutableRawPointer?
) -> Int {
    receive(UnsafeRawBufferPointer(start: bytes, count: size * count), context) { $0.receive(body: $1) }
}

/// Returns what libcurl expects: the number of bytes that were taken; any other number ends the transfer.
private func receive(
    _ bytes: UnsafeRawBufferPointer, _ context: UnsafeMutableRawPointer?,
    _ body: @EventLoop (Transfer, [UInt8]) -> Bool
) -> Int {
    let piece = Array(bytes)
    return withObject(context, Transfer.self) { body($0, piece) } == true ? piece.count : -1
}

extension HTTPOutcome.Reason {
    init(_ code: CURLcode) {
        self =
            switch code {
            case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_LOGIN_DENIED: .invalidRequest
            case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .nameResolution
            case CURLE_COULDNT_CONNECT: .connect
            case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
                CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR:
                .tls
            case CURLE_OPERATION_TIMEDOUT: .deadline
            case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING: .malformedAnswer
            default: .connectionLost
            }
    }
}

extension Duration {
    /// At least 1, as libcurl takes 0 for no limit.
    fileprivate var milliseconds: Int { max(1, Int((self / .milliseconds(1)).rounded(.up))) }
}
