import Runtime

/// The variables of Booking.
struct BookingConfiguration {
    /// How long the data of patients who no longer come are kept.
    let retentionYears: Int

    init(_ reader: inout ConfigurationReader) {
        retentionYears = reader.integer(
            "GUICHET_BOOKING_RETENTION_YEARS", default: 7, in: 1...100,
            "Years after a patient's last appointment until their personal data are erased; lines of the audit are kept as long."
        )
    }
}
