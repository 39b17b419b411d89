"""A tenant's data is restored from a backup, as docs/operations.md says."""

from suite import database, stack
from suite.clinic import Clinic, patient
from suite.events import Auditor
from suite.people import Installation
from suite.waiting import await_that


def test_what_happens_after_a_restore_is_news_to_everyone(installation: Installation):
    clinic = Clinic.open(installation.tenant("reprise"))
    schema, heard = clinic.tenant.schema("booking"), clinic.tenant.schema("availability")
    with Auditor(clinic.tenant.slug) as auditor:
        kept = clinic.book(clinic.instant(2, 9), patient())
        backup = database.backup(schema)
        undone = clinic.book(clinic.instant(2, 10), patient())
        auditor.await_events(undone["id"], 1)
        database.restore(schema, backup)
        assert stack.output("booking", "restored", clinic.tenant.slug).startswith("generation ")

        booked = clinic.book(clinic.instant(2, 10), patient())
        (event,) = auditor.await_events(booked["id"], 1)
        generation = database.value("SELECT number FROM generation", schema)
        assert generation > 1
        assert event.event.get_extension("generation") == generation
        assert event.headers["cloudEvents_generation"] == str(generation)
        followed = "SELECT generation, version FROM inbox WHERE aggregate = 'appointment/{}'"
        await_that(lambda: database.rows(followed.format(booked["id"]), heard) == [
            {"generation": generation, "version": 1}])
        assert database.rows(followed.format(kept["id"]), heard) == [{"generation": 1, "version": 1}]
