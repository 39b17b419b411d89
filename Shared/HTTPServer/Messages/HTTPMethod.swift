/// The methods that routes may have. `HEAD` is answered by the route of `GET`, `OPTIONS` by the server.
package enum HTTPMethod: String, Sendable, CaseIterable, Codable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    case options = "OPTIONS"
}
