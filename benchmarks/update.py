"""`workflow update` beside GNU msgmerge over the same edited archive: how fast, and how often a fuzzy pair is right.

    python benchmarks/update.py [STORIES [ROUNDS]]

Each round runs every command once on fresh copies of the catalogs, in turn, so that a busy machine slows all alike;
medians are compared. The extraction of templates (POT) is not charged to msgmerge.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive import ROOT, TRANSLATED, WORKFLOW, Archive, Draft, make_archive, write_stories, write_templates

from workflow.catalog import parse_catalog

LANGUAGES = ("en", *TRANSLATED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """Seconds of the clock, and of all processors."""

    wall: float
    cpu: float


@dataclass(kw_only=True, slots=True)
class Pairs:
    """How often a fuzzy unit's translation is of the text that its source was made from."""

    offered: int = 0
    right: int = 0
    wanted: int = 0
    """Edited segments that were made from an older one."""

    def __str__(self) -> str:
        precision, recall = self.right / max(1, self.offered), self.right / max(1, self.wanted)
        right = f"{self.right} of {self.offered} fuzzy pairs right ({precision:.2%})"
        return f"{right}, of {self.wanted} wanted ({recall:.2%})"


def main() -> None:
    """Prints one line for each command, the ratio to msgmerge, and the pairs of both."""
    stories = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive = make_archive(folder / "archive", stories)
        before = folder / "before"
        _run([*WORKFLOW, "-C", str(archive.root), "update"])  # learns what was written
        shutil.copytree(archive.root, before)
        write_stories(archive.root, archive.after)
        write_templates(archive, folder / "pot")
        shutil.rmtree(archive.root)
        _measure(archive, folder, before, rounds)


def _measure(archive: Archive, folder: Path, before: Path, rounds: int) -> None:
    work, merged = archive.root, folder / "merged"
    one = archive.after[len(archive.after) // 2]

    def fresh(*, edited: Sequence[Draft]) -> Callable[[], None]:
        def prepare() -> None:
            shutil.rmtree(work, ignore_errors=True)
            shutil.copytree(before, work)
            write_stories(work, edited)
            os.sync()

        return prepare

    update = [*WORKFLOW, "-C", str(work), "update"]
    commands: dict[str, tuple[Sequence[str], Callable[[], None]]] = {
        "msgmerge, one at a time": (_msgmerge(archive, before, folder, 1), lambda: _empty(merged, archive)),
        "update": (update, fresh(edited=archive.after)),
        "update, nothing changed": (update, os.sync),
        "msgmerge, two at a time": (_msgmerge(archive, before, folder, 2), lambda: _empty(merged, archive)),
        "update --jobs 1": ([*update, "--jobs", "1"], fresh(edited=archive.after)),
        "update, one story edited": (update, fresh(edited=[one])),
        "update STORY": ([*update, one.slug], fresh(edited=[one])),
        "update, no cache": (update, lambda: shutil.rmtree(work / ".workflow")),
        "check": ([*WORKFLOW, "-C", str(work), "check"], fresh(edited=archive.after)),
        "check --jobs 1": ([*WORKFLOW, "-C", str(work), "check", "--jobs", "1"], os.sync),
    }
    taken: dict[str, list[Taken]] = {name: [] for name in commands}
    pairs: dict[str, Pairs] = {}
    for _ in range(rounds):
        for name, (command, prepare) in commands.items():
            prepare()
            taken[name].append(_seconds(command))
            print(f"  {name:<26} {taken[name][-1].wall:7.2f} s", file=sys.stderr, flush=True)
            if name == "update":
                pairs["workflow"] = _judge(archive, work / "locales", "{language}/LC_MESSAGES/{slug}.po")
            elif name == "msgmerge, one at a time":
                pairs["msgmerge"] = _judge(archive, merged, "{language}/{slug}.po")
    _print(taken, pairs, len(archive.before))


def _print(taken: Mapping[str, Sequence[Taken]], pairs: Mapping[str, Pairs], stories: int) -> None:
    print(f"{stories} stories, {stories * len(LANGUAGES)} catalogs, {os.cpu_count()} processors")
    wall = {name: statistics.median(each.wall for each in found) for name, found in taken.items()}
    cpu = {name: statistics.median(each.cpu for each in found) for name, found in taken.items()}
    for name in taken:
        peers = [peer for peer in taken if peer.startswith("msgmerge") and name.startswith("update")]
        against = "".join(
            f"; {wall[peer] / wall[name]:.1f} x as fast as {peer} (CPU {cpu[peer] / cpu[name]:.1f} x)" for peer in peers
        )
        print(f"{name:<26} {wall[name]:7.2f} s, CPU {cpu[name]:7.2f} s{against}")
    for name, found in pairs.items():
        print(f"{name:<26} {found}")


def _msgmerge(archive: Archive, before: Path, folder: Path, jobs: int) -> list[str]:
    """One process of msgmerge for each catalog, `jobs` at a time."""
    lines = [
        f"{folder}/merged/{language}/{draft.slug}.po {before}/locales/{language}/LC_MESSAGES/{draft.slug}.po "
        f"{folder}/pot/{draft.slug}.pot\n"
        for draft in archive.after
        for language in LANGUAGES
    ]
    names = folder / "msgmerge.txt"
    names.write_text("".join(lines))
    msgmerge = ["msgmerge", "--previous", "--quiet", "--no-wrap", "-o"]
    return ["xargs", "-a", str(names), "-P", str(jobs), "-n", "3", *msgmerge]


def _empty(merged: Path, archive: Archive) -> None:
    shutil.rmtree(merged, ignore_errors=True)
    for folder in {(merged / language / draft.slug).parent for draft in archive.after for language in LANGUAGES}:
        folder.mkdir(parents=True)
    os.sync()


def _judge(archive: Archive, folder: Path, place: str) -> Pairs:
    """Holds every fuzzy unit of the translated languages against what its source was made from."""
    pairs = Pairs()
    for old, new in zip(archive.before, archive.after, strict=True):
        known = {piece.key for piece in old.pieces}
        origins = {piece.key: piece.origins for piece in new.pieces if piece.key not in known}
        for language in TRANSLATED:
            pairs.wanted += sum(bool(origin) for origin in origins.values())
            file = folder / place.format(language=language, slug=new.slug)
            # msgmerge knows nothing of our count of units and our end mark.
            uncounted = re.sub(rb'"X-Unit-Count: .*\n', b"", file.read_bytes())
            for unit in parse_catalog(uncounted, str(file)).live:
                if unit.fuzzy:
                    pairs.offered += 1
                    pairs.right += unit.target.partition(" ")[0] in origins.get(unit.key, ())
    return pairs


def _seconds(command: Sequence[str]) -> Taken:
    used, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    _run(command)
    wall, now = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Taken(wall=wall, cpu=now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime)


def _run(command: Sequence[str]) -> None:
    """A check finds faults, for what was edited is not yet reviewed; everything else must succeed."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode not in ((0, 1) if "check" in command else (0,)):
        sys.exit(done.stderr)


if __name__ == "__main__":
    main()
