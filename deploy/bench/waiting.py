"""The waiting line in real time: Queue under load, and Realtime with thousands of clients."""

from collections import Counter

from bench import counters, load, phones, processes
from bench.feigned import FeignedQueue
from bench.lines import Lines
from bench.report import Report, median, parts, percentile
from suite.people import Installation

_ROUNDS = 3
_CALLS = 100  # a second
_BROADCASTS = 2  # a second
_SHARED = 1000  # so many clients are in the room of Realtime and of python-socketio
_FLOOD = 200_000_000  # bytes
_PIECE = 16_000
_TELEPHONES = 200


class WaitingRoom:
    """The part of the run that concerns Queue and Realtime."""

    def __init__(self, report: Report, installation: Installation, seconds: int, connections: int):
        self._report, self._seconds = report, seconds
        self._clinics = max(1, connections // phones.ROOM)
        self._connections = self._clinics * phones.ROOM
        self._tenant, self._twin = installation.tenant("bench-line"), installation.tenant("bench-line-sql")

    def run(self) -> None:
        self._queue()
        self._path()
        processes.rest()
        self._plain(Lines.furnish(self._tenant, 10, self._clinics, phones.ROOM))
        self._socket_io(Lines.furnish(self._tenant, 11, self._clinics, phones.ROOM))
        self._compressed(Lines.furnish(self._tenant, 12, 1, phones.ROOM))
        self._broadcasts(Lines.furnish(self._tenant, 13, 1, phones.ROOM))
        self._stopped_reader(Lines.furnish(self._tenant, 14, 1, phones.ROOM))

    def _queue(self) -> None:
        """The service and pgbench take turns, as with bookings; calls empty the lines that joins have filled."""
        line = counters.Counters(self._tenant, self._twin)
        line.join(2)
        line.join_by_sql(20)
        each = max(1, self._seconds // 2)
        runs: dict[str, tuple[list, list]] = {"join": ([], []), "call": ([], [])}
        computed = {"join": Counter(), "call": Counter()}
        for _ in range(_ROUNDS):
            for verb, ours, theirs in (("join", line.join, line.join_by_sql), ("call", line.call, line.call_by_sql)):
                with processes.processor_time() as spent:
                    run = ours(each)
                computed[verb].update(spent)
                runs[verb][0].append(run)
                runs[verb][1].append(theirs(run.requests // load.CLIENTS))
            line.require_waiting()
        for verb, name in (("join", "Patients who join a line"), ("call", "Calls of the next ticket")):
            ours, theirs = runs[verb]
            rate, sql_rate = median([run.rate for run in ours]), median([run.rate for run in theirs])
            self._report.add(
                f"{name} through the gateway, 32 clients, {counters.QUEUES} lines",
                f"{rate:.0f}/s, p50 {median([run.p50 for run in ours]):.0f} ms, "
                f"p99 {median([run.p99 for run in ours]):.0f} ms",
                f"pgbench, the same SQL: {sql_rate:.0f}/s, so {rate / sql_rate:.0%}", "60 %", rate / sql_rate >= 0.6)
            self._report.add(
                f"Processor time of a {verb}", parts(computed[verb], sum(run.requests for run in ours)))

    def _path(self) -> None:
        lines = Lines.furnish(self._tenant, 4, _TELEPHONES, phones.ROOM)
        path = counters.paths(lines, rate=max(10, _TELEPHONES // self._seconds))
        p99 = percentile(path.from_answer, 0.99)
        self._report.add(
            "From the answer to a call to the patient’s telephone, through gateway and broker",
            f"p50 {percentile(path.from_answer, 0.5):.1f} ms, p99 {p99:.1f} ms",
            f"from the request: p50 {percentile(path.from_request, 0.5):.1f} ms, "
            f"p99 {percentile(path.from_request, 0.99):.1f} ms", "p99 50 ms", p99 < 50)

    def _plain(self, lines: Lines) -> None:
        scale = phones.Scale(lines)
        with phones.clinics(lines) as crowd:
            each = scale.each(self._connections)
            self._report.add(
                f"Memory of an idle WebSocket, {self._connections:,} of one replica", f"{each / 1000:.1f} kB resident", "",
                "6 kB", each <= 6000)
            times = phones.call_times(lines, crowd, _CALLS, self._seconds)
            p99 = percentile(times, 0.99)
            self._report.add(
                f"From the events of a call to the last telephone in a clinic of {phones.ROOM}, {_CALLS}/s, "
                f"{self._connections:,} WebSockets of one replica",
                f"p50 {percentile(times, 0.5):.1f} ms, p99 {p99:.1f} ms", "", "p99 4 ms", p99 <= 4)
            back = crowd.reopen()
            if back["refused"] or back["greeted"] < self._connections:
                raise RuntimeError(f"not all came back: {back}")
            self._report.add(
                f"{self._connections:,} WebSockets cut, and all back with their state", f"{back['ms'] / 1000:.2f} s", "",
                "1.2 s", back["ms"] <= 1200)
        self._left("WebSockets", scale)

    def _socket_io(self, lines: Lines) -> None:
        scale = phones.Scale(lines)
        with phones.patients(lines) as crowd:
            each = scale.each(self._connections)
            self._report.add(
                "Memory of an idle client of Socket.IO that can be recovered", f"{each / 1000:.1f} kB resident", "", "8 kB",
                each <= 8000)
            crowd.say("41")
        self._left("clients of Socket.IO", scale)

    def _left(self, what: str, scale: phones.Scale) -> None:
        left = scale.left()
        self._report.add(
            f"What the replica keeps ten seconds after {self._connections:,} {what} have left", f"{left:+.0%} of its memory",
            "", "20 %", left <= 0.2)

    def _compressed(self, lines: Lines) -> None:
        scale = phones.Scale(lines)
        with phones.displays(lines, self._connections, compressed=True) as crowd, FeignedQueue(lines) as queue:
            queue.change(0, "En retard. " * 200)
            crowd.wait(2 * self._connections, 10)
            state = crowd.state()
            if state["deflating"] < self._connections or state["compressed"] < self._connections:
                raise RuntimeError(f"not all were sent compressed messages: {state}")
            each = scale.each(self._connections)
        self._report.add(
            "Memory of a WebSocket with permessage-deflate, after compressed messages", f"{each / 1000:.1f} kB resident",
            "", "6 kB", each <= 6000)

    def _broadcasts(self, lines: Lines) -> None:
        with FeignedQueue(lines) as queue:
            with phones.displays(lines, self._connections) as crowd:
                times = phones.broadcast_times(queue, crowd, self._connections, _BROADCASTS, _BROADCASTS * self._seconds)
                plain = phones.cost_of_a_delivery(queue, crowd, self._connections, 20)
            with phones.socket_io_displays(lines, _SHARED) as crowd:
                ours = phones.cost_of_a_delivery(queue, crowd, _SHARED, 50)
        p99 = percentile(times, 0.99)
        self._report.add(
            f"From an event to all of {self._connections:,} WebSockets in one room, {_BROADCASTS}/s",
            f"p50 {percentile(times, 0.5):.0f} ms, p99 {p99:.0f} ms", "", "p99 70 ms", p99 <= 70)
        content = phones.shown(lines)
        with phones.Peer(_SHARED) as peer:
            theirs = peer.cost_of_a_delivery(content, 20)
        self._report.add(
            f"Processor time of a delivery, {self._connections:,} WebSockets in one room", f"{plain * 1e6:.1f} µs", "",
            "12 µs", plain <= 12e-6)
        self._report.add(
            f"The same with Socket.IO, {_SHARED:,} clients in one room", f"{ours * 1e6:.1f} µs",
            f"python-socketio, the same messages: {theirs * 1e6:.0f} µs, so {ours / theirs:.0%}", "20 %",
            ours <= theirs / 5)

    def _stopped_reader(self, lines: Lines) -> None:
        flood = phones.flood(lines, _FLOOD // _PIECE * self._seconds // 10 or 100, _PIECE)
        self._report.add(
            f"Growth of the replica by a client that stops reading, while {flood.sent / 1e6:.0f} MB go to its room of three",
            f"{flood.growth / 1e6:+.1f} MB; the others get every message", "", "8 MB", flood.growth <= 8e6)
