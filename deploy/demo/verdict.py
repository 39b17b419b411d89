"""What a rush must have left behind, by the API and by the database."""

from demo import agenda
from demo.report import count, milliseconds, percentile
from demo.rush import BOOKINGS, Rush
from demo.visits import refusal

REPEATED = 20


def on_rush(rush, staff, week, witness, report):
    """Compares the rush with what the suite promises."""
    for failure in rush.failures[:5]:
        report.say(f"failure: {failure}")
    report.figure("Bookings acknowledged",
                  f"{len(rush.booked)} in {rush.duration:.1f} s, after {count(rush.refused, 'refusal')}")
    report.figure("Time of a booking", f"p50 {milliseconds(percentile(rush.seconds, 0.5))}, "
                  f"p99 {milliseconds(percentile(rush.seconds, 0.99))}")
    report.promise("Every patient has an appointment", len(rush.booked) == BOOKINGS and not rush.failures,
                   f"{len(rush.booked)} of {BOOKINGS}")
    report.promise("Every refusal offers three other slots", rush.refused and not rush.without_alternatives,
                   f"{count(rush.refused, 'refusal')}, {rush.without_alternatives} without")
    _on_appointments(rush, staff, week, witness, report)
    _on_alternatives(rush, staff, report)


def _on_appointments(rush, staff, week, witness, report):
    # Alternatives are looked for up to two weeks ahead.
    found = staff.pages("/api/appointments", status="confirmed", **week.span(0, 15))
    patients = {appointment["patientId"] for _, _, appointment in rush.booked}
    present = [one for one in found if one["patientId"] in patients]
    acknowledged, listed = {appointment["id"] for _, _, appointment in rush.booked}, {one["id"] for one in present}
    in_api, in_sql = len(agenda.overlaps(present)), witness.overlaps()
    report.promise("No two appointments overlap", in_api == in_sql == 0, f"API {in_api}, SQL {in_sql}")
    lost, extra = len(acknowledged - listed), len(listed - acknowledged)
    report.promise("Nothing acknowledged is lost in spite of kill -9", not lost, f"{count(lost, 'appointment')} lost")
    extra += rush.repeat(REPEATED)
    report.promise("A repeated request has one effect", not extra,
                   f"{rush.rerouted + rush.retries} retried, {REPEATED} repeated on purpose, {count(extra, 'effect')} too many")


def _on_alternatives(rush, staff, report):
    request, _, _ = rush.booked[0]
    lost = refusal(staff.post, "/api/appointments/create", request)
    offered = lost.problem["alternatives"] if lost and lost.kind == "slot-refused" else []
    for slot in offered:  # one after the other: they may overlap
        booked = staff.post("/api/appointments/create", Rush.request(slot, request["patient"]))
        staff.delete(f"/api/appointments/{booked['id']}")
    report.promise("The slots offered instead can be booked", len(offered) == 3, f"{len(offered)} booked one after the other")
