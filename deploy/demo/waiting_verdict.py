"""What the waiting room must have left behind, on telephones, on the display, and in the database."""

import json
import re
from collections import Counter

from demo.report import count, milliseconds, percentile

BACK_WITHIN = 5


def on_waiting_room(room, report):
    """Compares the waiting room with what the suite promises."""
    report.promise("A second scan of the QR code gives the same ticket", room.is_same_ticket,
                   f"{room.again['ticketNumber']} again")
    _on_calls(room, report)
    _on_delays(room, report)
    report.promise("The last state of each telephone equals the server's", not room.differing,
                   f"{room.compared} compared, {len(room.differing)} differ")
    _on_display(room, report)
    _on_privacy(room, report)
    slowest = max(room.absences, default=0)
    report.promise(f"Clients of a killed replica of Realtime are back within {BACK_WITHIN} s",
                   room.cut and not room.still_away and slowest < BACK_WITHIN,
                   f"{len(room.cut)} cut, the last back after {slowest:.1f} s")
    report.promise("A telephone whose network was silent comes back with its state",
                   room.noticed and room.found and room.place_before != room.place_after,
                   f"noticed by staff after {room.noticed or 0:.1f} s, from position {room.place_before} to "
                   f"{room.place_after} {room.found or 0:.1f} s after its network")


def _on_calls(room, report):
    tickets = {patient.ticket: patient.number for patient in room.patients}
    calls, order = room.witness.calls(list(tickets)), room.witness.order(list(tickets))
    repeated = sum(number - 1 for number in Counter(calls).values())
    # Two counters at once may be answered in another order than their calls were committed.
    answered = sorted(call.number for call in room.calls) == sorted(tickets.values())
    report.promise("Every ticket is called once, and in order", calls == order and answered and not any(room.left_over),
                   f"{count(len(calls), 'call')} of {len(tickets)} tickets, {repeated} repeated, "
                   f"{sum(one != other for one, other in zip(calls, order))} out of order")


def _on_delays(room, report):
    measured = [call for call in room.calls if call.to_phones is not None]
    for name, delays in (("telephone", [call.to_phones for call in measured]),
                         ("display", [call.to_display for call in measured])):
        last = "the last telephone" if name == "telephone" else "the display"
        report.figure(f"From the answer of call-next to {last}",
                      f"p50 {milliseconds(percentile(delays, 0.5))}, p99 {milliseconds(percentile(delays, 0.99))}")


def _on_display(room, report):
    display = room.phones.display
    shown = {call["ticketNumber"] for heard in display.events("display:update") for call in heard.payload["calls"]}
    shown |= {heard.payload["ticketNumber"] for heard in display.events("display:called")}
    missing = {patient.number for patient in room.patients} - shown
    report.promise("The display equals the database, and has shown every call", not room.false_displays and not missing,
                   f"{count(len(room.false_displays), 'difference')}, {len(missing)} calls missing")


def _on_privacy(room, report):
    """Searches all that the telephones received for what belongs to another patient."""
    searched, found = 0, []
    for patient in room.patients:
        others = [secret for other in room.patients if other is not patient
                  for secret in (other.name, other.token, other.ticket)]
        for heard in list(patient.phone.heard):
            text = json.dumps(heard.payload, ensure_ascii=False)
            searched += 1
            found += [secret for secret in others if secret in text]
            found += set(re.findall(r"\bA\d{3,}\b", text)) - {patient.number}
    report.promise("Nothing of another patient is sent to a telephone", searched and not found,
                   f"{count(searched, 'message')} searched, {len(found)} found")
