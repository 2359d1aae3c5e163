"""Small newsrooms with real OpenSSH keys, for the tests that need files and signatures."""

from __future__ import annotations

import atexit
import contextlib
import datetime
import functools
import io
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image

from workflow.canonical import digest
from workflow.model import Decision, SignOff
from workflow.newsroom import SITE, Newsroom, open_newsroom
from workflow.operations.sign_off import SignedOff, prepare, sign_off
from workflow.operations.standing import EditionState, edition_state, read_story_files
from workflow.operations.update import update
from workflow.operations.verdicts import Verdicts
from workflow.operations.verify import verify_newsroom
from workflow.settings import FILE_NAME
from workflow.signing import SIGNERS_FILE, public_key, sign, signers_line
from workflow.signoff import MEANINGS, format_record, heads, payload

SLUG = "2026/agreement"
STORY = f"stories/{SLUG}/story.md"
PICTURE = f"stories/{SLUG}/signing.png"
NOW = datetime.datetime(2026, 11, 22, 12, 0, 0, tzinfo=datetime.UTC)

EDITOR_EN = "editor-en@newsroom.example"
EDITOR_ZH = "editor-zh@newsroom.example"
SECOND_ZH = "second-zh@newsroom.example"
EDITOR_RU = "editor-ru@newsroom.example"
TRANSLATOR_ZH = "translator-zh@newsroom.example"
CHIEF = "chief@newsroom.example"
PEOPLE = {
    EDITOR_EN: ("en", "editor"),
    EDITOR_ZH: ("zh", "editor"),
    SECOND_ZH: ("zh", "editor"),
    EDITOR_RU: ("ru", "editor"),
    TRANSLATOR_ZH: ("zh", "translator"),
    CHIEF: ("zh", "chief"),
}

ONE_EDITOR = '[[signoff.rules]]\napprovals = [{ role = "editor", people = 1 }]\n'
TWO_EDITORS = '[[signoff.rules]]\napprovals = [{ role = "editor", people = 2 }]\n'

SETTINGS = """\
[newsroom]
name = "Test News"
url = "https://newsroom.example/"
source_language = "en"

[sections.news]
name = "News"

[sections.official]
name = "Official"

[languages.en]
locale = "en_US"

[languages.zh]
tag = "zh-Hans"
locale = "zh_Hans_CN"

[languages.ru]
locale = "ru_RU"
"""

STORY_TEXT = """\
---
section: news
published: 2026-11-20
summary: Two universities will work together.
written_by:
  - Anna Author
---

# Universities sign an agreement

The rector signed the agreement on Monday.

Both sides will exchange *students*.

![Two people at a table](signing.png "The rectors sign")

- Students move in May.
- Teachers follow in June.
"""

WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "Universities sign an agreement": "两所大学签署协议",
        "Two universities will work together.": "两所大学将携手合作。",
        "The rector signed the agreement on Monday.": "校长于周一签署了协议。",
        "Both sides will exchange *students*.": "双方将互派*学生*。",
        "Two people at a table": "桌旁的两个人",
        "The rectors sign": "两位校长签字",
        "Students move in May.": "学生五月搬入。",
        "Teachers follow in June.": "教师六月随后。",
        "Anna Author": "安娜",
    },
    "ru": {
        "Universities sign an agreement": "Университеты подписали соглашение",
        "Two universities will work together.": "Два университета будут работать вместе.",
        "The rector signed the agreement on Monday.": "Ректор подписал соглашение в понедельник.",
        "Both sides will exchange *students*.": "Стороны будут обмениваться *студентами*.",
        "Two people at a table": "Два человека за столом",
        "The rectors sign": "Ректоры подписывают",
        "Students move in May.": "Студенты переезжают в мае.",
        "Teachers follow in June.": "Преподаватели — в июне.",
        "Anna Author": "Анна Автор",
    },
}


def minutes(count: float) -> datetime.datetime:
    """So many minutes after `NOW`."""
    return NOW + datetime.timedelta(minutes=count)


# --- Keys ------------------------------------------------------------------------------------------------


@functools.cache
def _folder() -> Path:
    """Where keys and the newsrooms to copy live as long as the tests run."""
    folder = Path(tempfile.mkdtemp(prefix="workflow-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def make_key(file: Path, *, kind: str = "ed25519", passphrase: str = "") -> Path:
    """A new OpenSSH key pair; returns the private half."""
    command = ["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-C", "", "-f", str(file)]
    if kind == "rsa":
        command += ["-b", "2048"]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return file


@functools.cache
def key(name: str) -> Path:
    """The private key of that name (by custom a person's address), the same in the whole run."""
    return make_key(_folder() / f"key-{name}")


def listing(signer: str, name: str = "", options: str = "") -> str:
    """The line of `newsroom.signers` for a signer's key; `options` are added to the namespace."""
    line = signers_line(signer, public_key(key(name or signer)) or "")
    return line.replace('" ssh-', f'",{options} ssh-') if options else line


def list_signers(newsroom: Newsroom, lines: Iterable[str]) -> None:
    """Writes `newsroom.signers`."""
    (newsroom.root / SIGNERS_FILE).write_text("".join(f"{line}\n" for line in lines))


# --- Newsrooms -------------------------------------------------------------------------------------------


def settings_text(rules: str = ONE_EDITOR) -> str:
    """A `newsroom.toml`; unless the rules say otherwise, a translation need not wait for the source edition."""
    if "source_first" not in rules:
        rules = rules.replace("[[signoff.rules]]\n", "[[signoff.rules]]\nsource_first = false\n")
    people = [
        f'[people."{email}"]\nname = "{email.split("@")[0]}"\nlanguages = ["{language}"]\nroles = ["{role}"]\n'
        for email, (language, role) in PEOPLE.items()
    ]
    return "\n".join([SETTINGS, *people, rules])


def picture(colour: str = "navy") -> bytes:
    """A small PNG."""
    file = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(file, "PNG")
    return file.getvalue()


@functools.cache
def _translated() -> Path:
    root = _folder() / "translated"
    for path, data in {
        FILE_NAME: settings_text().encode(),
        SIGNERS_FILE: "".join(f"{listing(email)}\n" for email in PEOPLE).encode(),
        STORY: STORY_TEXT.encode(),
        PICTURE: picture(),
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    newsroom = open_newsroom(root, exactly=True)
    refresh(newsroom)
    for language, words in WORDS.items():
        translate(newsroom, language, words)
    return root


@functools.cache
def _signed() -> Path:
    root = _folder() / "signed"
    shutil.copytree(_translated(), root)
    newsroom = open_newsroom(root, exactly=True)
    approve(newsroom, "zh")
    approve(newsroom, "ru", EDITOR_RU)
    return root


def _copy(template: Path, folder: Path) -> Newsroom:
    shutil.copytree(template, folder, dirs_exist_ok=True)
    return open_newsroom(folder, exactly=True)


def translated_newsroom(folder: Path) -> Newsroom:
    """A newsroom with one story, translated into zh and ru, and nothing signed."""
    return _copy(_translated(), folder)


def signed_newsroom(folder: Path) -> Newsroom:
    """The same with zh and ru signed off at `NOW`; en is not."""
    return _copy(_signed(), folder)


def signed_template() -> Path:
    """Where the signed newsroom lies that the others are copies of; only to be read."""
    return _signed()


@contextlib.contextmanager
def temporary() -> Iterator[Path]:
    """A folder for one example of a property."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "newsroom"


def with_rules(newsroom: Newsroom, rules: str) -> Newsroom:
    """The newsroom with other sign-off rules."""
    (newsroom.root / FILE_NAME).write_text(settings_text(rules))
    return open_newsroom(newsroom.root, exactly=True)


def refresh(newsroom: Newsroom) -> None:
    """`workflow update`."""
    update(newsroom, newsroom.slugs(), check=False, now=NOW)


def edit(newsroom: Newsroom, path: str, old: str, new: str) -> None:
    """Replaces a text that must be in the file."""
    file = newsroom.root / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def translate(newsroom: Newsroom, language: str, words: Mapping[str, str], *, fuzzy: bool = False) -> None:
    """Gives the units with these sources these targets."""
    catalog = newsroom.read_catalog(language, SLUG)
    assert catalog is not None
    assert set(words) <= {unit.source for unit in catalog.live}
    units = tuple(
        replace(unit, targets=(words[unit.source],), fuzzy=fuzzy, previous=None) if unit.source in words else unit
        for unit in catalog.units
    )
    newsroom.write_catalog(language, SLUG, replace(catalog, units=units))


def translate_site(newsroom: Newsroom) -> None:
    """Gives every language some words for all that the newsroom itself says."""
    for language in newsroom.settings.languages:
        catalog = newsroom.read_catalog(language, SITE)
        assert catalog is not None
        units = tuple(
            unit if unit.is_translated else replace(unit, targets=(unit.source,) * len(unit.targets), fuzzy=False)
            for unit in catalog.units
        )
        newsroom.write_catalog(language, SITE, replace(catalog, units=units))


# --- What happens in them --------------------------------------------------------------------------------


def state_of(newsroom: Newsroom, language: str, now: datetime.datetime = NOW + datetime.timedelta(1)) -> EditionState:
    """Where the edition stands; nothing is remembered."""
    verdicts = Verdicts.load(newsroom, now, cached=False)
    return edition_state(newsroom, read_story_files(newsroom, SLUG), newsroom.language(language), verdicts)


def approve(
    newsroom: Newsroom,
    language: str,
    signer: str = EDITOR_ZH,
    *,
    at: datetime.datetime = NOW,
    with_key: Path | None = None,
    role: str | None = None,
) -> SignedOff:
    """`workflow sign-off`."""
    draft = prepare(newsroom, SLUG, language, signer=signer, role=role, now=at)
    return sign_off(newsroom, draft, key=with_key or key(signer))


def record_of(newsroom: Newsroom, language: str = "zh", signer: str = EDITOR_ZH, **changes: Any) -> SignOff:
    """An approval of the words as they are now, or what `changes` make of it; not signed."""
    edition = state_of(newsroom, language).edition
    assert edition is not None
    record = SignOff(
        decision=Decision.APPROVE,
        newsroom=newsroom.settings.url,
        story=SLUG,
        language=language,
        languages=tuple(newsroom.settings.languages),
        section=newsroom.read_story(SLUG).section,
        role=PEOPLE[signer][1] if signer in PEOPLE else "editor",
        signer=signer,
        name=signer.split("@")[0],
        meaning=MEANINGS[changes.get("decision", Decision.APPROVE)],
        at=NOW,
        edition=digest(edition.text),
        source=edition.source_digest,
        segments=edition.segment_digests,
        media=dict(edition.media),
        follows=heads(newsroom.read_log(language, SLUG)),
    )
    return replace(record, **changes)


def signed(record: SignOff, with_key: Path | None = None) -> SignOff:
    """The record with a signature, by its signer's key or another one."""
    return replace(record, signature=sign(payload(record), key=with_key or key(record.signer)))


def decide(newsroom: Newsroom, language: str = "zh", signer: str = EDITOR_ZH, **changes: Any) -> SignOff:
    """Signs such a record and appends it to the log, as the commands for `return` and `withdraw` will."""
    record = signed(record_of(newsroom, language, signer, **changes))
    append(newsroom, language, format_record(record))
    return record


def append(newsroom: Newsroom, language: str, *lines: str) -> None:
    """Puts lines at the end of the log."""
    set_log(newsroom, language, [*log_of(newsroom, language), *lines])


def log_of(newsroom: Newsroom, language: str) -> list[str]:
    """The lines of the log."""
    file = newsroom.root / newsroom.log_file(language, SLUG)
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def set_log(newsroom: Newsroom, language: str, lines: Iterable[str]) -> None:
    """Writes the log; without lines there is none."""
    file, text = newsroom.root / newsroom.log_file(language, SLUG), "".join(f"{line}\n" for line in lines)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    if not text:
        file.unlink()


def frozen(newsroom: Newsroom, language: str) -> bytes:
    """The words that are live."""
    return (newsroom.root / newsroom.edition_file(language, SLUG)).read_bytes()


def faults_of(newsroom: Newsroom, now: datetime.datetime = NOW + datetime.timedelta(1)) -> list[tuple[str, str]]:
    """What `workflow verify` finds: code and place."""
    return [(fault.code, str(fault.location)) for fault in verify_newsroom(newsroom, now).faults]
