"""Real faults for commands that write: strace kills them, or has the kernel refuse, at one chosen call."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import newsrooms
from newsrooms import EDITOR_ZH, SLUG, STORY

from workflow.canonical import digest
from workflow.newsroom import Newsroom, open_newsroom

REPOSITORY = Path(__file__).resolve().parent.parent
CALLS = ("openat", "write", "fsync", "chmod", "rename", "mkdir", "unlink")
ERRORS = {
    "openat": ("ENOSPC", "EACCES"),
    "write": ("ENOSPC", "EIO"),
    "fsync": ("EIO",),
    "chmod": ("EPERM",),
    "rename": ("EIO", "EROFS"),
    "mkdir": ("ENOSPC", "EROFS"),
    "unlink": ("EIO",),
}
"""What a disk may answer to each call."""
Files = dict[str, bytes]


@dataclass(frozen=True)
class Call:
    """One system call of a command that changes the newsroom."""

    name: str
    number: int
    """Its place among the calls of that name."""
    path: str


@dataclass(frozen=True)
class Fault:
    """What happens at a call."""

    call: Call
    what: str
    """`KILL`, or the name of an error."""

    @property
    def injection(self) -> str:
        kind = "signal=KILL" if self.what == "KILL" else f"error={self.what}"
        return f"{self.call.name}:{kind}:when={self.call.number}"

    def __str__(self) -> str:
        return f"{self.what} at {self.call.name} #{self.call.number} {self.call.path}"


@dataclass(frozen=True)
class Outcome:
    """What was left after a fault, and after the next run."""

    fault: Fault
    code: int
    message: str
    problems: tuple[str, ...]
    strays: int
    """Temporary files that the fault left; the next run takes them away."""
    moved_on: bool
    """True if at least one file was already the new one."""


@dataclass(frozen=True)
class Scene:
    """A newsroom and a command that changes it."""

    name: str
    template: Path
    arguments: tuple[str, ...]

    def copy(self, folder: Path) -> Newsroom:
        shutil.copytree(self.template, folder)
        return open_newsroom(folder, exactly=True)

    def command(self, newsroom: Newsroom) -> list[str]:
        return [sys.executable, "-m", "workflow", "-C", str(newsroom.root), *self.arguments]

    def run(self, newsroom: Newsroom, *wrapper: str) -> subprocess.CompletedProcess[str]:
        """The command in a process of its own, perhaps under strace."""
        return subprocess.run(
            [*wrapper, *self.command(newsroom)],
            capture_output=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"},
            check=False,
            timeout=120,
        )


# --- Scenes ----------------------------------------------------------------------------------------------------


def signing(folder: Path) -> Scene:
    """A first sign-off: log, picture, frozen edition."""
    newsrooms.translated_newsroom(folder / "signing")
    key = str(newsrooms.key(EDITOR_ZH))
    return Scene("sign-off", folder / "signing", ("sign-off", SLUG, "zh", "--as", EDITOR_ZH, "--key", key))


def updating(folder: Path) -> Scene:
    """An update of three catalogs of a changed story."""
    newsroom = newsrooms.translated_newsroom(folder / "updating")
    newsrooms.edit(newsroom, STORY, "on Monday", "on Friday")
    return Scene("update", folder / "updating", ("update",))


def building(folder: Path) -> Scene:
    """A build of what became two editions instead of one, over an earlier build."""
    newsroom = newsrooms.translated_newsroom(folder / "building")
    newsrooms.translate_site(newsroom)
    newsrooms.approve(newsroom, "zh")
    scene = Scene("build", folder / "building", ("build", "--jobs", "1"))
    assert scene.run(newsroom).returncode == 0
    newsrooms.approve(newsroom, "ru", newsrooms.EDITOR_RU)
    newsrooms.translate(newsroom, "zh", {"Universities sign an agreement": "两校签署协议"})
    newsrooms.approve(newsroom, "zh", at=newsrooms.minutes(1))
    return scene


# --- Faults ----------------------------------------------------------------------------------------------------


def writing_calls(scene: Scene, folder: Path) -> list[Call]:
    """The calls of the command that change the newsroom, as strace saw them in a run without faults."""
    newsroom, log = scene.copy(folder), folder.with_suffix(".strace")
    done = scene.run(newsroom, "strace", "-y", "-qq", "-s", "0", "-o", str(log), "-e", f"trace={','.join(CALLS)}")
    assert done.returncode == 0, done.stderr
    seen = dict.fromkeys(CALLS, 0)
    calls = []
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        name = line.partition("(")[0]
        if name not in seen:
            continue
        seen[name] += 1
        path = re.search(rf'[<"]{re.escape(str(newsroom.root))}/([^">]*)', line)
        reads = name == "openat" and "O_CREAT" not in line and "O_DIRECTORY" not in line
        if path and not reads:
            calls.append(Call(name, seen[name], path[1]))
    shutil.rmtree(newsroom.root)
    return calls


def faults_at(calls: Sequence[Call]) -> Iterator[Fault]:
    """Every fault at each of the calls."""
    for call in calls:
        for what in ("KILL", *ERRORS[call.name]):
            yield Fault(call, what)


def files_of(newsroom: Newsroom) -> Files:
    """Every file that is not a cache; a sign-off log without what differs from run to run."""
    found = {}
    for path in sorted(newsroom.root.rglob("*")):
        name = path.relative_to(newsroom.root).as_posix()
        if path.is_file() and not name.startswith(".workflow/"):
            found[name] = (
                _settled(path.read_bytes()) if name.endswith((".jsonl", "manifest.json")) else path.read_bytes()
            )
    return found


def _settled(data: bytes) -> bytes:
    """A log or manifest without times, signatures and the digests that depend on them."""
    data = re.sub(rb'"(at|signature)":"[^"]*"', rb'"\1":""', data)
    return re.sub(rb'"(follows|signoffs)":\[[^]]*\]', rb'"\1":[]', data)


def is_stray(name: str) -> bool:
    return name.endswith(".tmp-workflow")


def is_kept_whole(name: str, files: Files) -> bool:
    """True for words that a sign-off keeps under their digest until it has done its work."""
    kept = re.search(r"@([0-9a-f]{64})\.md$", name)
    return kept is not None and digest(files[name]) == kept[1]


def try_fault(scene: Scene, fault: Fault, folder: Path, before: Files, after: Files) -> Outcome:
    """One command with one fault, and the same command once more."""
    newsroom = scene.copy(folder)
    log = folder.with_suffix(".strace")
    trace = f"trace={fault.call.name}"
    done = scene.run(newsroom, "strace", "-qq", "-o", str(log), "-e", trace, "-e", f"inject={fault.injection}")
    left = files_of(newsroom)
    strays = [name for name in left if is_stray(name)]
    problems = [
        f"{name} is neither old nor new"
        for name in sorted({*before, *after, *left} - set(strays))
        if left.get(name) not in (before.get(name), after.get(name)) and not is_kept_whole(name, left)
    ]
    # An import that opens more files than in the dry run moves the count; the fault then tells nothing of us.
    missed = fault.call.name == "openat" and not _met(newsroom, fault, log)
    problems += [] if missed else _bad_end(fault, done, left == after)
    again = scene.run(newsroom)
    if again.returncode != 0:
        problems.append(f"the next run ended with {again.returncode}: {again.stderr}")
    ended = files_of(newsroom)
    problems += [f"after the next run: {name}" for name in {*after, *ended} if ended.get(name) != after.get(name)]
    shutil.rmtree(newsroom.root)
    moved = any(left.get(name) == data != before.get(name) for name, data in after.items())
    return Outcome(fault, done.returncode, done.stderr, tuple(problems), len(strays), moved)


def _met(newsroom: Newsroom, fault: Fault, log: Path) -> bool:
    """True if the call that the fault met was one in the newsroom."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    hit = [line for line in lines if "INJECTED" in line]
    if fault.what == "KILL":
        hit = [line for line in lines if line.startswith(fault.call.name)][fault.call.number - 1 : fault.call.number]
    return any(f'"{newsroom.root}/{fault.call.path.partition(".")[0]}' in line for line in hit)


def _bad_end(fault: Fault, done: subprocess.CompletedProcess[str], finished: bool) -> Iterator[str]:
    """What is wrong with the way in which the command ended."""
    if fault.what == "KILL":
        if done.returncode not in (-9, 137):
            yield f"not killed: {done.returncode}"
    elif "Traceback" in done.stderr:
        yield f"a trace-back: {done.stderr}"
    elif done.returncode == 0:
        if not finished:
            yield "exit 0, and not done"
    elif done.returncode == 3 and fault.call.name == "openat" and "." not in fault.call.path:
        return  # a folder that could not be read
    elif done.returncode != 5 or "cannot write" not in done.stderr:
        yield f"exit {done.returncode}: {done.stderr}"


def try_all(
    scene: Scene, folder: Path, choose: Callable[[list[Fault]], list[Fault]] = list, *, jobs: int = 2
) -> list[Outcome]:
    """The faults of a scene that are chosen, some at a time."""
    faults = choose(list(faults_at(writing_calls(scene, folder / "dry"))))
    newsroom = scene.copy(folder / "after")
    before = files_of(newsroom)
    assert scene.run(newsroom).returncode == 0
    after = files_of(newsroom)
    with ThreadPoolExecutor(jobs) as pool:
        tried = [
            pool.submit(try_fault, scene, fault, folder / f"round-{number}", before, after)
            for number, fault in enumerate(faults)
        ]
        return [one.result() for one in tried]
