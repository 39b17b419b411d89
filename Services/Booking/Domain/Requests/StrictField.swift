/// The fields of the strict request that only some actions need; the raw value is the name in the request.
package enum StrictField: String, CaseIterable, Sendable {
    case careType = "care_type"
    case slot
    case patient
    case appointment = "appointment_id"
}
