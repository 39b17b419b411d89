"""What a rush must have left behind, as the API and the database tell it."""

import agenda
from report import count, milliseconds, percentile
from rush import BOOKINGS, Rush
from visits import refusal

REPEATED = 20


def on_rush(rush, staff, week, witness, report):
    """Holds the rush against what the suite promises."""
    for failure in rush.failures[:5]:
        report.say(f"échec : {failure}")
    report.figure("Réservations acquittées",
                  f"{len(rush.booked)} en {rush.duration:.1f} s, après {rush.refused} refus")
    report.figure("Durée d’une réservation", f"p50 {milliseconds(percentile(rush.seconds, 0.5))}, "
                  f"p99 {milliseconds(percentile(rush.seconds, 0.99))}")
    report.promise("Chaque patient a son rendez-vous", len(rush.booked) == BOOKINGS and not rush.failures,
                   f"{len(rush.booked)} sur {BOOKINGS}")
    report.promise("Trois autres créneaux à chaque refus", rush.refused and not rush.without_alternatives,
                   f"{rush.refused} refus, {rush.without_alternatives} sans")
    _on_appointments(rush, staff, week, witness, report)
    _on_alternatives(rush, staff, report)


def _on_appointments(rush, staff, week, witness, report):
    # Alternatives are looked for up to two weeks ahead.
    found = staff.pages("/api/appointments", status="confirmed", **week.span(0, 15))
    patients = {appointment["patientId"] for _, _, appointment in rush.booked}
    present = [one for one in found if one["patientId"] in patients]
    acknowledged, listed = {appointment["id"] for _, _, appointment in rush.booked}, {one["id"] for one in present}
    in_api, in_sql = len(agenda.overlaps(present)), witness.overlaps()
    report.promise("Aucun chevauchement", in_api == in_sql == 0, f"API {in_api}, SQL {in_sql}")
    lost, extra = len(acknowledged - listed), len(listed - acknowledged)
    report.promise("Rien d’acquitté n’est perdu malgré kill -9", not lost, count(lost, "rendez-vous", "perdu"))
    extra += rush.repeat(REPEATED)
    report.promise("Un seul effet par requête répétée", not extra,
                   f"{rush.rerouted + rush.retries} reprises, {REPEATED} rejouées, {count(extra, 'effet')} en trop")


def _on_alternatives(rush, staff, report):
    request, _, _ = rush.booked[0]
    lost = refusal(staff.post, "/api/appointments/create", request)
    offered = lost.problem["alternatives"] if lost and lost.kind == "slot-refused" else []
    for slot in offered:  # one after the other, since they may overlap
        booked = staff.post("/api/appointments/create", Rush.request(slot, request["patient"]))
        staff.delete(f"/api/appointments/{booked['id']}")
    report.promise("Les créneaux proposés se réservent", len(offered) == 3, f"{len(offered)} pris l’un après l’autre")
