extension IdentityService {
    /// What an export of a tenant leaves out: credentials and digests.
    nonisolated package static let unexported: Set<String> = [
        "attempts", "enrolment_tickets", "known_networks", "login_attempts", "recovery_codes", "refresh_tokens",
        "service_account_secrets", "sessions", "subscribers.password_hash", "users.password_hash",
        "users.totp_last_step", "users.totp_secret",
    ]
}
