"""How long a lookup takes among many segments, and whether it finds what the text was made from.

    python benchmarks/memory.py [SEGMENTS [LOOKUPS]]

The segments are made up: words by Zipf's law, headlines and paragraphs of one to five sentences, 100 to 600 characters.
Each memory holds one script as the source, another as the target. Prints milliseconds of one lookup with sentences
and all, and how often the origin is among the first five.
"""

from __future__ import annotations

import itertools
import math
import os
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workflow.memory import Entry, Input, Memory, create, replace

VOCABULARY = 40_000
HAN = 3_000
PER_STORY = 20
TARGETS = {"en": "zh", "zh": "ru", "ru": "en"}
SYLLABLES = {
    "en": [
        a + b + c for a in "bcdfglmnprst" for b in ("a", "e", "i", "o", "u", "ea") for c in ("", "n", "r", "st", "l")
    ],
    "ru": [a + b + c for a in "бвгдклмнпрст" for b in "аеиоуы" for c in ("", "н", "р", "ст", "ль")],
}
KINDS = {"exact": 0.0, "edited 10 %": 0.1, "edited 20 %": 0.2, "edited 30 %": 0.3, "unknown": None}
"""Which part of a text is edited; None for one that is not in the memory at all."""
ENDINGS = {"en": ("", "s", "ed", "ing"), "ru": ("", "а", "ов", "ами", "ого", "ется")}


@dataclass(frozen=True, kw_only=True)
class Tongue:
    """A made-up language in one script."""

    words: Sequence[str]
    weights: Sequence[float]
    blank: str
    stop: str
    endings: Sequence[str]
    random: random.Random

    def run(self, count: int) -> list[str]:
        picked = self.random.choices(self.words, cum_weights=self.weights, k=count)
        return [word + self.random.choice(self.endings) if len(word) > 4 else word for word in picked]

    def sentence(self, low: int, high: int) -> str:
        text = self.blank.join(self.run(self.random.randint(low, high)))
        return text[0].upper() + text[1:]

    def segment(self) -> str:
        if self.random.random() < 0.3:
            return self.sentence(3, 12)
        wanted, text = self.random.randint(100, 600), ""
        while len(text) < wanted - 40:
            text += (self.blank if text else "") + self.sentence(8, 26) + self.stop
        return text[:600]

    def edited(self, text: str, part: float) -> str:
        """The text with about this part of its words taken out, replaced or followed by others, in a few places."""
        words = text.split(self.blank) if self.blank else [text[at : at + 2] for at in range(0, len(text), 2)]
        left = math.ceil(part * len(words))
        while left > 0 and words:
            count = min(left, self.random.randint(1, 4))
            at = self.random.randrange(len(words))
            kind = self.random.choice("rrid")
            words[at : at + (0 if kind == "i" else count)] = [] if kind == "d" else self.run(count)
            left -= count
        return self.blank.join(words) or text


def make_tongue(code: str, seed: int) -> Tongue:
    chance = random.Random(seed)
    if code == "zh":
        sizes = chance.choices((1, 2, 3), weights=(10, 80, 10), k=VOCABULARY)
        common = [1 / (rank + 20) for rank in range(HAN)]
        words = ["".join(chr(0x4E00 + at) for at in chance.choices(range(HAN), weights=common, k=n)) for n in sizes]
    else:
        words = ["".join(chance.choices(SYLLABLES[code], k=chance.randint(1, 3))) for _ in range(VOCABULARY)]
        words.sort(key=lambda word: len(word) + chance.random() * 8)
    weights = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(VOCABULARY)))
    return Tongue(
        words=words,
        weights=weights,
        blank="" if code == "zh" else " ",
        stop="。" if code == "zh" else ".",
        endings=ENDINGS.get(code, ("",)),
        random=chance,
    )


def build(file: Path, code: str, count: int) -> tuple[Memory, list[str], float]:
    """The memory, its sources, and the seconds that filling it took."""
    tongue, other = make_tongue(code, 1), make_tongue(TARGETS[code], 2)
    sources = [tongue.segment() for _ in range(count)]
    targets = [other.segment() for _ in range(count)]
    database = sqlite3.connect(file, isolation_level=None)
    begin = time.perf_counter()
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("BEGIN")
    create(database)
    for start in range(0, count, PER_STORY):
        found = [
            Entry(source_language=code, target_language=TARGETS[code], source=sources[at], target=targets[at])
            for at in range(start, min(start + PER_STORY, count))
        ]
        replace(database, f"story-{start}", TARGETS[code], Input(stamp="", digest=""), found)
    database.execute("COMMIT")
    return Memory(database=database), sources, time.perf_counter() - begin


def measure(memory: Memory, code: str, asked: Sequence[tuple[str, str]]) -> tuple[list[float], float]:
    """(milliseconds of each lookup, part of the origins found) for (text, origin) pairs."""
    times, hits = [], 0
    for text, origin in asked:
        begin = time.perf_counter()
        found = memory.lookup(text, languages=(code, TARGETS[code]))
        times.append(1000 * (time.perf_counter() - begin))
        hits += any(match.source == origin for match in found)
    return times, hits / len(asked)


def main() -> None:
    """Builds a memory for each script, asks it, and prints one line for each kind of text."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    lookups = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    print(f"{count} segments, {lookups} lookups each, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    print("source  text           median     p95     max  found")
    with tempfile.TemporaryDirectory() as folder:
        for code in TARGETS:
            file = Path(folder, f"{code}.sqlite")
            memory, sources, seconds = build(file, code, count)
            tongue = make_tongue(code, 3)
            words = Tongue(**{**vars(make_tongue(code, 1)), "random": tongue.random})
            picked = tongue.random.sample(sources, lookups)
            for name, part in KINDS.items():
                asked = [(words.segment() if part is None else words.edited(text, part), text) for text in picked]
                times, hits = measure(memory, code, asked)
                middle, late = statistics.median(times), statistics.quantiles(times, n=20)[-1]
                found = "" if part is None else f"{100 * hits:5.1f}%"
                print(f"{code}      {name:12}  {middle:7.1f} {late:7.1f} {max(times):7.1f}  {found}", flush=True)
            print(f"{code}      filled in {seconds:.0f} s, {file.stat().st_size / 1e6:.0f} MB", flush=True)


if __name__ == "__main__":
    main()
