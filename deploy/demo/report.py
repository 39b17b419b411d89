"""What the demo prints: steps as they happen, and the table at the end."""

import sys
import time


class Report:
    """Prints what happens, and keeps which promises were kept."""

    def __init__(self):
        self._began = time.monotonic()
        self._step = 0
        self._promises = []
        self._figures = []
        sys.stdout.reconfigure(encoding="utf-8", line_buffering=True)

    def step(self, title):
        self._step += 1
        print(f"\n{self._step:2}. {title}")

    def say(self, text):
        print(f"    {text}")

    def figure(self, name, value):
        """A line of the table that promises nothing."""
        self._figures.append((name, value))

    def promise(self, name, is_held, evidence):
        """Prints and keeps whether a promise was kept, with the evidence."""
        self._promises.append((name, bool(is_held), evidence))
        self.say(f"{'✔' if is_held else '✘'} {name}: {evidence}")

    @property
    def is_broken(self):
        return not all(held for _, held, _ in self._promises)

    def table(self):
        print(f"\nResults, after {time.monotonic() - self._began:.0f} s\n")
        rows = [(" ", name, value) for name, value in self._figures]
        rows += [("✔" if held else "✘", name, evidence) for name, held, evidence in self._promises]
        width = max(len(name) for _, name, _ in rows)
        for mark, name, value in rows:
            print(f"  {mark} {name:<{width}}  {value}")
        kept = sum(held for _, held, _ in self._promises)
        print(f"\n  {kept} of {len(self._promises)} promises kept.")


def count(number, noun, plural=None):
    """`2 appointments`: a number with its noun, in the plural unless it is one."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def percentile(values, share):
    """The smallest of `values` that is not less than `share` of them; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0


def milliseconds(seconds):
    return f"{seconds * 1000:.0f} ms"
