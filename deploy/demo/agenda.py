"""The calendar of a clinic: set up once, and searched for a week without any appointment."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PRACTITIONERS = ("Dr Amel Benali", "Dr Karim Haddad", "Dr Nadia Cherif", "Dr Yacine Mansouri")
ROOMS = ("Fauteuil 1", "Fauteuil 2", "Fauteuil 3", "Bloc")
# Minutes of the care itself, then before and after it, and whether it is given in the operating room.
CARE_TYPES = {
    "consultation": (15, 0, 0, False), "urgence": (15, 0, 5, False), "detartrage": (30, 0, 5, False),
    "soin": (30, 0, 0, False), "extraction": (45, 5, 10, False), "prothese": (60, 0, 10, False),
    "orthodontie": (30, 0, 0, False), "chirurgie": (90, 15, 15, True),
}
HOURS = [{"opens": "08:00", "closes": "12:00"}, {"opens": "13:00", "closes": "16:30"}]
SETTINGS = {
    "slotGridMinutes": 15, "leadTimeMinutes": 30, "horizonDays": 730, "holdLifetimeSeconds": 300, "holdsPerClient": 3,
    "concurrentBookings": 50, "bookingsPerMinute": 6000, "cancellationCutOffMinutes": 120,
}


def set_up(manager, clinic):
    """Practitioners, rooms, care types, a holiday and the rules; returns the holiday."""
    hours = {day: HOURS for day in clinic.open_days}
    practitioners = _resources(manager, "/api/practitioners", PRACTITIONERS, hours)
    rooms = _resources(manager, "/api/rooms", ROOMS, hours)
    offered = {care["careType"] for care in manager.get("/api/care-types")["items"]}
    for name, (duration, before, after, in_operating_room) in CARE_TYPES.items():
        if name not in offered:
            manager.put(f"/api/care-types/{name}", {
                "durationMinutes": duration, "bufferBefore": before, "bufferAfter": after, "needsRoom": True,
                "practitioners": practitioners, "rooms": rooms[3:] if in_operating_room else rooms})
    present = manager.get("/api/settings").json
    if any(present[name] != value for name, value in SETTINGS.items()):
        change_settings(manager)
    holiday = _next_holiday()
    if holiday not in {day["day"] for day in manager.get("/api/holidays")["items"]}:
        manager.put(f"/api/holidays/{holiday}", {"name": "Fermeture annuelle"})
    return holiday


def change_settings(manager, **changed):
    """Sets the clinic's rules to those of the demo, except what is `changed`."""
    manager.put("/api/settings", {**SETTINGS, **changed}, manager.get("/api/settings").etag)


def _resources(manager, path, names, hours):
    present = {resource["name"]: resource["id"] for resource in manager.get(path)["items"]}
    for name in names:
        if name not in present:
            present[name] = manager.post(path, {"name": name, "hours": hours})["id"]
    return [present[name] for name in names]


def _next_holiday():
    today = date.today()
    return str(date(today.year + (today.month >= 7), 7, 5))


class Week:
    """A week of the clinic in its own time zone, from Saturday on."""

    def __init__(self, clinic, saturday):
        self.zone, self.saturday = ZoneInfo(clinic.time_zone), saturday
        self.number = saturday.toordinal() // 7 % 10_000

    @classmethod
    def first_empty(cls, staff, clinic, holiday):
        """The next week without any appointment nor the holiday."""
        saturday = date.today() + timedelta(days=(5 - date.today().weekday()) % 7 or 7)
        for ahead in range(SETTINGS["horizonDays"] // 7 - 2):
            week = cls(clinic, saturday + timedelta(weeks=ahead))
            has_holiday = week.days["from"] <= holiday <= week.days["to"]
            if not has_holiday and not staff.get("/api/appointments", limit=1, **week.span())["items"]:
                return week
        raise RuntimeError("the calendar is full: play at other clinics (deploy/demo/run SUFFIX)")

    def span(self, first=0, last=6, opens="00:00", closes="23:59"):
        """The query of what starts from one day of the week to another, at these hours of the wall clock."""
        return {"from": self._instant(first, opens), "to": self._instant(last, closes)}

    @property
    def days(self):
        """The first and the last day as a query."""
        return {"from": str(self.saturday), "to": str(self.saturday + timedelta(days=6))}

    def _instant(self, day, clock):
        local = datetime.combine(self.saturday + timedelta(days=day), time.fromisoformat(clock), self.zone)
        return iso(local)

    def day(self, instant):
        """The clinic's date at an instant."""
        return datetime.fromisoformat(instant).astimezone(self.zone).date()

    def clock(self, instant):
        """How people at the clinic read an instant."""
        return datetime.fromisoformat(instant).astimezone(self.zone).strftime("%d %b %H:%M")


def iso(instant):
    return instant.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%SZ")


def slots(client, care_type, span, **wanted):
    """The bookable slots that start in `span`."""
    return client.get("/api/slots", careType=care_type, limit=500, **span, **wanted)["slots"]


def wish(slot):
    """What asks for this slot."""
    return {"careType": slot["careType"], "start": slot["start"], "practitioner": slot["practitioner"]["id"]}


def day_span(day):
    """The query of a whole day, whatever the time zone."""
    noon = datetime.combine(date.fromisoformat(day), time(12), ZoneInfo("UTC"))
    return {"from": iso(noon - timedelta(hours=10)), "to": iso(noon + timedelta(hours=10))}


def overlaps(appointments):
    """The pairs of appointments that have a practitioner or a room at the same time."""
    taken = {}
    for one in appointments:
        for resource in filter(None, (one["practitioner"], one["room"])):
            taken.setdefault(resource["id"], []).append((one["start"], one["end"], one["id"]))
    return [(first[2], second[2]) for agenda in taken.values()
            for first, second in zip(sorted(agenda), sorted(agenda)[1:]) if second[0] < first[1]]
