"""The suite's Redis as somebody meets it who may write to it: a few commands in its own protocol, and damage."""

import random
import socket
from urllib.parse import unquote, urlsplit


class Cache:
    """One connection (RESP 2)."""

    def __init__(self, url):
        address = urlsplit(url)
        self._socket = socket.create_connection((address.hostname, address.port), timeout=10)
        self._replies = self._socket.makefile("rb")
        self("AUTH", unquote(address.username), unquote(address.password))

    def __call__(self, *words):
        """Sends a command and returns its reply."""
        encoded = [word if isinstance(word, bytes) else str(word).encode() for word in words]
        self._socket.sendall(b"*%d\r\n" % len(encoded) + b"".join(b"$%d\r\n%s\r\n" % (len(e), e) for e in encoded))
        return self._reply()

    def _reply(self):
        line = self._replies.readline().rstrip(b"\r\n")
        kind, rest = line[:1], line[1:]
        if kind == b"$":
            return None if rest == b"-1" else self._replies.read(int(rest) + 2)[:-2]
        if kind == b"*":
            return [self._reply() for _ in range(int(rest))]
        if kind == b"-" or not kind:
            raise OSError(f"Redis : {rest.decode()}")
        return int(rest) if kind == b":" else rest

    def days(self, office):
        """The entries of one clinic, by name."""
        names, cursor = [], b"0"
        while True:
            cursor, found = self("SCAN", cursor, "MATCH", f"guichet:availability:{office}:*", "COUNT", 1000)
            names += found
            if cursor == b"0":
                break
        return {name.decode(): self("GET", name) for name in set(names)}

    def close(self):
        self._replies.close()
        self._socket.close()


def damage(cache, entries, shown):
    """Damages one entry in a hundred, those that are `shown` to people at the moment in the worst way; returns what the
    damaged ones held."""
    others = random.sample([name for name in entries if name not in shown], max(0, len(entries) // 100 - len(shown)))
    damaged = {name: _offer_what_is_taken(entries[name]) for name in shown}
    for number, name in enumerate(others):
        # Cut off in the middle, or what is right for another day.
        damaged[name] = entries[name][:len(entries[name]) // 2] if number % 2 else entries[shown[0]]
    for name, content in damaged.items():
        cache("SET", name, content, "KEEPTTL")
    return {name: entries[name] for name in damaged}


def _offer_what_is_taken(entry):
    """It still reads well, but what is free is taken and the other way about, for every practitioner."""
    lines, number = entry.split(b"\n"), 2
    while number < len(lines):
        if lines[number].startswith(b"*"):  # a type of care; then three lines a practitioner: who, free, taken
            number += 1
        else:
            lines[number + 1], lines[number + 2] = lines[number + 2], lines[number + 1]
            number += 3
    return b"\n".join(lines)
