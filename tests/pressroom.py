"""Newsrooms for the tests of building: the sample of this repository, copied, keyed, signed and built."""

from __future__ import annotations

import atexit
import dataclasses
import datetime
import functools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

import newsrooms

from workflow.model import Decision
from workflow.newsroom import Newsroom, open_newsroom
from workflow.operations.build import BuildReport, build
from workflow.operations.sign_off import prepare, sign_off
from workflow.signoff import MEANINGS, format_record, heads

REPOSITORY = Path(__file__).resolve().parent.parent
SLUG = "2021/hust-itmo-partnership"
TAGS = {"en": "en", "zh": "zh-Hans", "ru": "ru"}
SIGNED_AT = datetime.datetime(2026, 11, 22, 12, 0, 0, tzinfo=datetime.UTC)
SITE_URL = "https://newsroom.example/"


def copied_sample(folder: Path) -> Newsroom:
    """The sample newsroom in a folder of its own, as it is in the repository, without what was built."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("newsroom.toml", "newsroom.signers"):
        shutil.copy(REPOSITORY / name, folder / name)
    for name in ("stories", "locales"):
        shutil.copytree(REPOSITORY / name, folder / name)
    return open_newsroom(folder, exactly=True)


@functools.cache
def _signed() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="workflow-sample-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    newsroom = copied_sample(folder)
    for language in TAGS:
        unsign(newsroom, language)
        sign(newsroom, language, at=SIGNED_AT)
    return folder


def signed_sample(folder: Path) -> Newsroom:
    """The sample newsroom with its working words signed at `SIGNED_AT` by keys of the tests."""
    shutil.copytree(_signed(), folder, dirs_exist_ok=True)
    return open_newsroom(folder, exactly=True)


def build_now(newsroom: Newsroom) -> BuildReport:
    """Builds in this process, with the settings as they are on disk."""
    return build(open_newsroom(newsroom.root, exactly=True), now=datetime.datetime.now(datetime.UTC))


def built_sample(folder: Path) -> Newsroom:
    """The sample newsroom, published."""
    newsroom = signed_sample(folder)
    report = build_now(newsroom)
    assert report.faults == ()
    assert {edition.language for edition in report.editions} == set(TAGS)
    return newsroom


def run(*arguments: str, root: Path, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """`workflow …` in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "workflow", "-C", str(root), *arguments],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **(environment or {})},
        check=False,
        timeout=120,
    )


def sign(newsroom: Newsroom, language: str, *, at: datetime.datetime | None = None) -> None:
    """Signs the working words as the language's editor; older signatures stay good."""
    editor = f"editor-{language}@newsroom.example"
    line = newsrooms.listing(editor)
    if line not in newsroom.signers.read_text(encoding="utf-8"):
        with newsroom.signers.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
    now = at or datetime.datetime.now(datetime.UTC)
    draft = prepare(newsroom, SLUG, language, signer=editor, role=None, now=now)
    assert sign_off(newsroom, draft, key=newsrooms.key(editor)).is_complete


def withdraw(newsroom: Newsroom, language: str) -> None:
    """The language's editor takes the edition back."""
    log = newsroom.read_log(language, SLUG)
    record = dataclasses.replace(
        log[-1].record,
        decision=Decision.WITHDRAW,
        meaning=MEANINGS[Decision.WITHDRAW],
        at=log[-1].record.at + datetime.timedelta(minutes=1),
        follows=heads(log),
    )
    with (newsroom.root / newsroom.log_file(language, SLUG)).open("a", encoding="utf-8") as file:
        file.write(f"{format_record(newsrooms.signed(record))}\n")


def unsign(newsroom: Newsroom, language: str) -> None:
    """As if the edition had never been signed; not to be done once it is built."""
    newsroom.remove(newsroom.edition_file(language, SLUG))
    newsroom.remove(newsroom.log_file(language, SLUG))


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below the folder, hidden ones too."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


class Page(HTMLParser):
    """What a test wants to know of an HTML page: its elements, and its text as one line."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.data: list[str] = []
        self._silent = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.words.append(" ")
        if tag in {"script", "style"}:
            self._silent = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            self._silent = ""

    def handle_data(self, data: str) -> None:
        (self.data if self._silent else self.words).append(data)

    @property
    def text(self) -> str:
        """The page's words, blanks folded except those that do not break."""
        return " ".join("".join(self.words).replace("\n", " ").split(" ")).strip()

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of every element of that name."""
        return [attributes for name, attributes in self.elements if name == tag]

    def alternates(self) -> dict[str, str]:
        """`hreflang` → address, for the page in other languages."""
        links = [link for link in self.all("link") if link.get("rel") == "alternate" and link.get("type") is None]
        return {link["hreflang"]: link["href"] for link in links}


def page_at(newsroom: Newsroom, path: str) -> Page:
    """A built page; `path` is below `out/web/`."""
    return Page((newsroom.root / "out/web" / path).read_text(encoding="utf-8"))
