import Authentication
import CMicroHTTPD
import Glibc

/// A request's first line as libmicrohttpd hands it over; the three texts lie in the buffer of the head.
struct RequestLine {
    let method: UnsafePointer<CChar>
    let url: UnsafePointer<CChar>
    let version: UnsafePointer<CChar>

    /// The whole head, checked. `target` is the target as it was before libmicrohttpd took it apart.
    func head(
        of handle: OpaquePointer, target: String, targetLength: Int, peerAddress: ClientAddress, limits: HTTPLimits
    ) throws(HeadRefused) -> RequestHead {
        let size = guichet_head_size(handle)
        guard size <= limits.headSize else { throw HeadRefused(.size) }
        try HeadCheck.target(target)
        let headers = try FieldCollector.headers(of: handle, limit: limits.headerFields)
        guard url == method + strlen(method) + 1, version == url + targetLength + 1, strlen(version) == 8,
            HeadLayout.isWellFormed(
                UnsafeRawBufferPointer(start: method, count: size), afterVersion: version - method + 8,
                fieldCount: headers.count)
        else { throw HeadRefused(.layout) }
        let (length, hasBody) = try HeadCheck.framing(headers, isHTTP11: strcmp(version, "HTTP/1.1") == 0)
        return RequestHead(
            method: HTTPMethod(rawValue: String(cString: method)), target: target, headers: headers,
            peerAddress: peerAddress, contentLength: length, hasBody: hasBody)
    }
}

extension HeadRefused {
    /// Why libmicrohttpd refuses a head that is complete. Cookies that exceed its memory are the reason left when the
    /// fields agree with each other.
    init(byLibrary handle: OpaquePointer) {
        do {
            _ = try HeadCheck.framing(FieldCollector.headers(of: handle, limit: .max), isHTTP11: true)
            self.init(.size)
        } catch {
            self = error
        }
    }
}

private struct FieldCollector {
    let limit: Int
    var headers: HeaderFields = [:]
    var refusal: HeadRefused.Reason?

    static func headers(of handle: OpaquePointer, limit: Int) throws(HeadRefused) -> HeaderFields {
        var collector = FieldCollector(limit: limit)
        withUnsafeMutablePointer(to: &collector) { collector in
            _ = MHD_get_connection_values_n(handle, .HEADER_KIND, collectField, collector)
        }
        if let refusal = collector.refusal { throw HeadRefused(refusal) }
        return collector.headers
    }

    mutating func collect(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) -> Bool {
        guard headers.count < limit else {
            refusal = .size
            return false
        }
        do {
            try HeadCheck.field(name: name, value: value)
        } catch {
            refusal = error.reason
            return false
        }
        headers.add(String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
        return true
    }
}

private func collectField(
    context: UnsafeMutableRawPointer?, kind: MHD_ValueKind, name: UnsafePointer<CChar>?, nameSize: Int,
    value: UnsafePointer<CChar>?, valueSize: Int
) -> MHD_Result {
    guard let collector = context?.assumingMemoryBound(to: FieldCollector.self) else { return .NO }
    let goesOn = collector.pointee.collect(
        name: UnsafeRawBufferPointer(start: name, count: nameSize),
        value: UnsafeRawBufferPointer(start: value, count: valueSize))
    return goesOn ? .YES : .NO
}
