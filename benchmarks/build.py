"""`workflow build` beside a bare WeasyPrint script that makes the same three PDFs, and start-up beside bare imports.

    python benchmarks/build.py [ROUNDS]

Each round runs every command once, in turn, so that a busy machine slows all alike; medians are compared.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORKFLOW = [sys.executable, "-m", "workflow"]

BARE = """\
import pathlib, sys, warnings
warnings.simplefilter("ignore")
from weasyprint import HTML
for page in sys.argv[1:]:
    HTML(page).write_pdf(page.replace(".html", ".pdf"), pdf_variant="pdf/ua-1")
"""
BUNDLES = """\
import datetime, pathlib, sys
from workflow.newsroom import open_newsroom
from workflow.operations import making
def keep(bundle):
    folder = pathlib.Path(sys.argv[2]) / bundle.identifier
    for name, content in bundle.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.read_bytes())
    (folder / "page.html").write_text(bundle.html, encoding="utf-8")
    return b""
making.render_pdf = keep
from workflow.operations.build import build
build(open_newsroom(pathlib.Path(sys.argv[1])), now=datetime.datetime.now(datetime.UTC))
"""


def main() -> None:
    """Prints one line for each command: median seconds, and the ratio to its peer."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as folder:
        newsroom, peer = Path(folder, "newsroom"), Path(folder, "peer")
        _copy_newsroom(newsroom)
        pages = _ready_html(newsroom, peer)
        fontconfig = Path(folder, "fonts.conf")
        fontconfig.write_text("<fontconfig></fontconfig>")
        bare = [sys.executable, "-c", BARE, *map(str, pages)]
        commands: dict[str, tuple[Sequence[str], Callable[[], None]]] = {
            "bare WeasyPrint, three PDFs": (bare, _nothing),
            "build from nothing, --jobs 1": ([*WORKFLOW, "build", "--jobs", "1"], lambda: _empty(newsroom)),
            "build from nothing": ([*WORKFLOW, "build"], lambda: _empty(newsroom)),
            "build, nothing changed": ([*WORKFLOW, "build"], _nothing),
            "import click, polib": ([sys.executable, "-c", "import click, polib"], _nothing),
            "--help": ([*WORKFLOW, "--help"], _nothing),
            "import click": ([sys.executable, "-c", "import click"], _nothing),
            "status": ([*WORKFLOW, "status"], _nothing),
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "FONTCONFIG_FILE": str(fontconfig)}
        for _ in range(rounds):
            for name, (command, prepare) in commands.items():
                prepare()
                times[name].append(_seconds(command, newsroom, environment))
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    peers = {
        "build from nothing": "bare WeasyPrint, three PDFs",
        "build from nothing, --jobs 1": "bare WeasyPrint, three PDFs",
        "build, nothing changed": "import click, polib",
        "--help": "import click",
    }
    for name, median in medians.items():
        against = f"  {median / medians[peers[name]]:.2f} x {peers[name]}" if name in peers else ""
        print(f"{name:<32} {median:6.3f} s (min {min(times[name]):.3f}){against}")
    print(f"largest process: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB")


def _copy_newsroom(newsroom: Path) -> None:
    newsroom.mkdir()
    for name in ("newsroom.toml", "newsroom.signers"):
        shutil.copy(ROOT / name, newsroom)
    for name in ("stories", "locales"):
        shutil.copytree(ROOT / name, newsroom / name)


def _ready_html(newsroom: Path, peer: Path) -> list[Path]:
    """The HTML and all its files, as the build hands them to WeasyPrint."""
    command = [sys.executable, "-c", BUNDLES, str(newsroom), str(peer)]
    subprocess.run(
        command, check=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL
    )
    _empty(newsroom)
    return sorted(peer.glob("*/page.html"))


def _empty(newsroom: Path) -> None:
    for name in ("out", ".workflow"):
        shutil.rmtree(newsroom / name, ignore_errors=True)


def _nothing() -> None:
    pass


def _seconds(command: Sequence[str], folder: Path, environment: dict[str, str]) -> float:
    begin = time.perf_counter()
    subprocess.run(command, check=True, cwd=folder, env=environment, capture_output=True)
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
