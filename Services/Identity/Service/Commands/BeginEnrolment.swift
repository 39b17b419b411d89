import Cryptography
import EventLoop
import GuichetProtocol
import IdentityDomain
import Primitives
import ServiceHost
import Tenancy

/// Issues the secret of an authenticator application, and the ticket that finishes its enrolment.
@EventLoop
struct BeginEnrolment {
    private static let lifetime: Duration = .seconds(600)

    let context: ServiceContext

    func callAsFunction(of account: Account, in realm: Realm) async throws -> LoginView.Enrolment {
        let (token, secret) = (OpaqueToken(for: realm.tenant), TOTP.newSecret())
        let expiresAt = context.now + Self.lifetime
        try await realm.data.batch(
            EnrolmentTickets.replace(token, secret, of: account.id, realm.vault, until: expiresAt))
        return LoginView.Enrolment(
            ticket: token.text, expiresAt: expiresAt, secret: BaseEncoding.base32.encode(secret),
            uri: Self.uri(secret, of: account, in: realm))
    }

    /// The `otpauth://` address of an application. The account has no colon, which separates the issuer from it.
    static func uri(_ secret: [UInt8], of account: Account, in realm: Realm) -> String {
        TOTP(secret: secret).enrolmentURI(issuer: "Guichet", account: "\(account.email) (\(realm.tenant))")
    }
}
