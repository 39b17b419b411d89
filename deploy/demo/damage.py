"""Damage to the cache, as any program with access to Redis can do it."""

import random

from suite import cache


def days(office: str) -> dict[str, str]:
    """The entries of one clinic, by name."""
    return cache.entries(f"guichet:availability:{office}:")


def damage(entries: dict[str, str], shown: list[str]) -> dict[str, str]:
    """Damages one entry in a hundred, and those that are `shown` to people in the worst way; returns what the damaged
    ones held."""
    others = random.sample([name for name in entries if name not in shown], max(0, len(entries) // 100 - len(shown)))
    damaged = {name: _offer_what_is_taken(entries[name]) for name in shown}
    for number, name in enumerate(others):
        # Cut off in the middle, or what is right for another day.
        damaged[name] = entries[name][:len(entries[name]) // 2] if number % 2 else entries[shown[0]]
    for name, content in damaged.items():
        cache.put(name, content)
    return {name: entries[name] for name in damaged}


def _offer_what_is_taken(entry: str) -> str:
    """It is well formed, but free and taken are exchanged for every practitioner."""
    lines, number = entry.split("\n"), 2
    while number < len(lines):
        if lines[number].startswith("*"):  # a type of care; then three lines a practitioner: who, free, taken
            number += 1
        else:
            lines[number + 1], lines[number + 2] = lines[number + 2], lines[number + 1]
            number += 3
    return "\n".join(lines)
