extension IdentityService {
    /// What an export of a tenant leaves out: credentials and digests.
    nonisolated package static let unexported: Set<String> = [
        "enrolment_tickets", "login_attempts", "recovery_codes", "refresh_tokens", "sessions", "users.password_hash",
        "users.totp_last_step", "users.totp_secret",
    ]
}
