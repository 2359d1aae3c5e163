"""`workflow send` and `workflow receive` as people meet them, with other tools in between."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from newsrooms import EDITOR_ZH, NOW, SLUG, STORY, edit, refresh, signed_newsroom, translate, translated_newsroom
from pressroom import run
from translate.storage.xliff2 import Xliff2File

from workflow.catalog import format_catalog, parse_catalog
from workflow.errors import InputError
from workflow.interchange.bundle import MAX_BYTES, MAX_FILES, pack, unpack
from workflow.model import Previous, Unit
from workflow.newsroom import Newsroom
from workflow.operations.receive import receive as operation

NAME = "2026-agreement.zh"
CATALOG = f"locales/zh/LC_MESSAGES/{SLUG}.po"
LIN = "Lin Fan <lin@agency.example>"
MONDAY = "The rector signed the agreement on Monday."
HEADLINE = "Universities sign an agreement"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    newsroom = translated_newsroom(tmp_path_factory.mktemp("template") / "room")
    translate(newsroom, "zh", {MONDAY: ""})
    translate(newsroom, "zh", {"The rectors sign": "校长签字"}, fuzzy=True)
    unpack_to(send(newsroom), newsroom.root.parent / "sent")
    return newsroom


@pytest.fixture
def room(template: Newsroom, tmp_path: Path) -> Newsroom:
    """One story; in Chinese one unit is new, one is fuzzy."""
    return Newsroom(root=shutil.copytree(template.root, tmp_path / "room"), settings=template.settings)


@pytest.fixture
def sent(template: Newsroom, tmp_path: Path) -> Path:
    """The folder with the files that were sent."""
    return shutil.copytree(template.root.parent / "sent", tmp_path / "sent")


def send(room: Newsroom, *options: str) -> Path:
    file = room.root.parent / "sent.zip"
    done = run("send", SLUG, "zh", "-o", str(file), *options, root=room.root)
    assert (done.returncode, done.stdout) == (0, f"{file}\n")
    return file


def unpack_to(file: Path, folder: Path) -> Path:
    with zipfile.ZipFile(file) as bundle:
        bundle.extractall(folder)
    return folder


def receive(room: Newsroom, *arguments: Path | str, code: int = 0) -> str:
    """What the command says; a second time it changes nothing."""
    done = run("receive", *map(str, arguments), root=room.root)
    assert done.returncode == code, done.stdout + done.stderr
    files = [argument for argument in arguments if isinstance(argument, Path)]
    again = operation(room, files, story=None, language="zh", translator=None, dry_run=False, now=NOW)
    assert not any(report.changed for report in again)
    return done.stdout + done.stderr


def refused(room: Newsroom, *arguments: Path | str, code: int = 3) -> str:
    """What the command says of files that it cannot use; nothing is written."""
    before = (room.root / CATALOG).read_bytes()
    done = run("receive", *map(str, arguments), root=room.root)
    assert (done.returncode, done.stdout) == (code, ""), done.stdout + done.stderr
    assert (room.root / CATALOG).read_bytes() == before
    return done.stderr


def units_here(room: Newsroom) -> dict[str, Unit]:
    found = room.read_catalog("zh", SLUG)
    assert found is not None
    return {unit.source: unit for unit in found.units}


def change_po(file: Path, words: dict[str, str], **more: Any) -> Path:
    """Gives these sources these translations, as an editor of PO files does."""
    catalog = parse_catalog(file.read_bytes(), str(file), whole=False)
    units = tuple(
        replace(unit, targets=(words[unit.source],), fuzzy=False, previous=None, **more)
        if unit.source in words
        else unit
        for unit in catalog.units
    )
    file.write_text(format_catalog(replace(catalog, units=units)), encoding="utf-8")
    return file


def change_xliff(file: Path, words: dict[str, str]) -> Path:
    """The same with the Translate Toolkit."""
    store = Xliff2File.parsefile(str(file))
    for unit in store.units:
        if unit.source in words:
            unit.target = words[unit.source]
            unit.marktranslated()
    store.save()
    return file


def edit_text(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def tool(*command: str | Path) -> None:
    """A program of gettext or of the Translate Toolkit, which lies beside Python."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run([str(part) for part in command], check=True, capture_output=True, env={**os.environ, "PATH": path})


# --- What is sent ----------------------------------------------------------------------------------------


def test_the_zip_has_all_that_a_translator_needs(room: Newsroom) -> None:
    glossary = room.root / "locales/zh/glossary.tsv"
    glossary.write_text("rector\t校长\n", encoding="utf-8")
    folder = unpack_to(send(room, "--from", "desk@newsroom.example"), room.root.parent / "sent")
    assert sorted(path.name for path in folder.iterdir()) == [
        f"{NAME}.po",
        f"{NAME}.proof.html",
        f"{NAME}.xlf",
        "README.txt",
        "glossary.tsv",
    ]
    assert (folder / "glossary.tsv").read_bytes() == glossary.read_bytes()
    readme = (folder / "README.txt").read_text(encoding="utf-8")
    assert "English (en) to Chinese (zh-Hans)" in readme
    assert "new              1 texts       7 words" in readme
    assert "send it back to desk@newsroom.example." in readme
    assert "校长签字" in (folder / f"{NAME}.proof.html").read_text(encoding="utf-8")
    tool("msgfmt", "--check", "-o", os.devnull, folder / f"{NAME}.po")


def test_equal_catalogs_make_equal_zips(room: Newsroom) -> None:
    first = send(room).read_bytes()
    os.utime(room.root / CATALOG, (0, 0))
    assert send(room).read_bytes() == first


def test_nothing_else_of_the_newsroom_is_in_it(tmp_path: Path) -> None:
    room = signed_newsroom(tmp_path / "room")
    folder = unpack_to(send(room), tmp_path / "sent")
    said = "".join(path.read_text(encoding="utf-8") for path in folder.iterdir())
    assert str(tmp_path) not in said
    assert EDITOR_ZH not in said
    assert "ssh-ed25519" not in said


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("nothing", "zh"), 2, "no story `nothing`"),
        ((SLUG, "fr"), 2, "no language `fr`"),
        ((SLUG, "zh", "--from", "desk"), 2, "`desk` is no e-mail address"),
        ((SLUG, "zh", "-o", "no/such/folder.zip"), 5, "no/such/folder.zip: error: cannot write"),
    ],
)
def test_what_cannot_be_sent(room: Newsroom, arguments: tuple[str, ...], code: int, message: str) -> None:
    done = run("send", *arguments, root=room.root)
    assert (done.returncode, message in done.stderr) == (code, True), done.stderr


def test_an_outdated_catalog_is_not_sent(room: Newsroom) -> None:
    edit(room, STORY, "on Monday", "on Tuesday")
    done = run("send", SLUG, "zh", root=room.root)
    assert done.returncode == 3
    assert f"{CATALOG}: error: made from another version of the story\n  hint: run workflow update\n" in done.stderr


# --- What comes back -------------------------------------------------------------------------------------


def by_xliff(folder: Path, words: dict[str, str]) -> Path:
    return change_xliff(folder / f"{NAME}.xlf", words)


def by_po(folder: Path, words: dict[str, str]) -> Path:
    return change_po(folder / f"{NAME}.po", words)


def by_msgcat(folder: Path, words: dict[str, str]) -> Path:
    """Wrapped, sorted, and without what is obsolete."""
    file = by_po(folder, words)
    tool("msgcat", "--width=60", "--sort-output", "-o", file, file)
    tool("msgattrib", "--no-obsolete", "-o", file, file)
    return file


def by_windows(folder: Path, words: dict[str, str]) -> Path:
    file = by_po(folder, words)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    return file


def by_pomerge(folder: Path, words: dict[str, str]) -> Path:
    """The Translate Toolkit merges the changed units into the file that was sent."""
    done, original = folder / "done.po", folder / f"{NAME}.po"
    shutil.copy(original, done)
    tool("pomerge", "-t", original, "-i", change_po(done, words), "-o", original)
    return original


def by_zip(folder: Path, words: dict[str, str]) -> Path:
    by_po(folder, words)
    file = folder.parent / "back.zip"
    file.write_bytes(pack({f"work/{path.name}": path.read_bytes() for path in folder.iterdir()}))
    return file


@pytest.mark.parametrize("way", [by_xliff, by_po, by_msgcat, by_windows, by_pomerge, by_zip])
def test_work_comes_back(room: Newsroom, sent: Path, way: Callable[[Path, dict[str, str]], Path]) -> None:
    words = {MONDAY: "校长于周一签署协议。", "The rectors sign": "两校校长签字"}
    before = units_here(room)
    said = receive(room, way(sent, words), "--as", LIN)
    assert "\n  2 units taken\n" in said
    after = units_here(room)
    assert {source: unit.target for source, unit in after.items() if unit != before[source]} == words
    assert not any(unit.fuzzy for unit in after.values())
    catalog = room.read_catalog("zh", SLUG)
    assert catalog is not None
    assert catalog.header("Last-Translator") == LIN


def test_a_file_with_some_of_the_units_is_taken_and_says_what_is_missing(room: Newsroom, sent: Path) -> None:
    file = change_po(sent / f"{NAME}.po", {MONDAY: "周一。"})
    tool("msgattrib", "--translated", "--no-fuzzy", "--no-obsolete", "-o", file, file)
    said = receive(room, file, code=1)
    assert "1 unit taken" in said
    assert "1 unit did not come back" in said
    assert "校长签字" in units_here(room)["The rectors sign"].target


def test_pofilter_cuts_out_what_is_to_be_done(room: Newsroom, sent: Path) -> None:
    snippet = sent / "snippet.po"
    tool("pofilter", "--test=untranslated", sent / f"{NAME}.po", snippet)
    said = receive(room, change_po(snippet, {MONDAY: "周一。"}), code=1)
    assert "1 unit taken" in said
    assert "8 units did not come back" in said
    assert units_here(room)[MONDAY].target == "周一。"


def test_work_on_an_older_source_is_put_beside_the_newer_one(room: Newsroom, sent: Path) -> None:
    edit(room, STORY, "on Monday", "on Tuesday")
    refresh(room)
    said = receive(room, by_xliff(sent, {MONDAY: "校长于周一签署协议。"}), "--as", LIN)
    assert f"1 unit taken as fuzzy, for the source has changed\n    {CATALOG}:" in said
    unit = units_here(room)[MONDAY.replace("Monday", "Tuesday")]
    assert (unit.target, unit.fuzzy, unit.previous) == ("校长于周一签署协议。", True, Previous(source=MONDAY))


def test_what_was_changed_here_and_there_is_told(room: Newsroom, sent: Path) -> None:
    translate(room, "zh", {HEADLINE: "我们的标题"})
    said = receive(room, by_po(sent, {HEADLINE: "他们的标题"}), code=1)
    assert f"1 unit changed here as well\n    {CATALOG}:" in said
    unit = units_here(room)[HEADLINE]
    assert (unit.target, unit.fuzzy, unit.comments) == ("我们的标题", True, ('theirs: "他们的标题"',))


def test_damaged_markup_is_taken_as_fuzzy_with_the_finding(room: Newsroom, sent: Path) -> None:
    source = "Both sides will exchange *students*."
    said = receive(room, by_po(sent, {source: "双方将互派学生。"}), code=1)
    assert "made fuzzy: " in said
    assert "emphasis: 1 in the source, 0 in the translation" in said
    assert (units_here(room)[source].target, units_here(room)[source].fuzzy) == ("双方将互派学生。", True)


def test_poedit_writes_it(room: Newsroom, sent: Path) -> None:
    """Wrapped as it does, with its own header lines, and without those that it does not know."""
    file = by_po(sent, {MONDAY: "周一。"})
    tool("msgcat", "--width=79", "-o", file, file)
    text = file.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith(('"X-Unit-Count', '"X-Source'))]
    kept.insert(kept.index('"Content-Transfer-Encoding: 8bit\\n"'), '"X-Generator: Poedit 3.4.2\\n"')
    file.write_text("\n".join(kept).replace("translator-zh@newsroom.example", "lin@agency.example") + "\n")
    receive(room, file)
    assert units_here(room)[MONDAY].target == "周一。"
    catalog = room.read_catalog("zh", SLUG)
    assert catalog is not None
    assert "lin@agency.example" in catalog.header("Last-Translator")
    assert "X-Generator" not in dict(catalog.headers)


def test_a_file_whose_header_a_tool_has_lost_is_known_by_its_references(room: Newsroom, sent: Path) -> None:
    file = by_po(sent, {MONDAY: "周一。"})
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join(line for line in lines if not line.startswith('"X-')) + "\n", encoding="utf-8")
    assert "1 unit taken" in receive(room, file)


def test_a_trial_writes_nothing(room: Newsroom, sent: Path) -> None:
    before = (room.root / CATALOG).read_bytes()
    done = run("receive", "--dry-run", "--json", str(by_po(sent, {MONDAY: "周一。"})), root=room.root)
    assert (room.root / CATALOG).read_bytes() == before
    report = json.loads(done.stdout)
    assert (done.returncode, report["schema"]) == (0, 1)
    (file,) = report["files"]
    assert (file["story"], file["language"], file["catalog"], file["changed"]) == (SLUG, "zh", CATALOG, True)
    (unit,) = file["units"]
    assert (unit["outcome"], unit["source"], unit["state"]) == ("taken", MONDAY, "translated")


def test_both_files_of_a_zip_changed_alike_are_one(room: Newsroom, sent: Path) -> None:
    by_po(sent, {MONDAY: "周一。"})
    by_xliff(sent, {MONDAY: "周一。", HEADLINE: "新标题"})
    edit_text(sent / f"{NAME}.xlf", "<source>Anna Author", "<notes><note>哪位？</note></notes><source>Anna Author")
    receive(room, by_zip(sent, {}))
    assert units_here(room)["Anna Author"].comments == ("哪位？",)
    assert (units_here(room)[MONDAY].target, units_here(room)[HEADLINE].target) == ("周一。", "新标题")


def test_both_files_of_a_zip_changed_apart_are_a_conflict(room: Newsroom, sent: Path) -> None:
    by_po(sent, {MONDAY: "周一。"})
    by_xliff(sent, {MONDAY: "星期一。"})
    said = refused(room, by_zip(sent, {}), code=4)
    assert f"PO and XLIFF file were both changed, each in its own way: “{MONDAY}”" in said


# --- What cannot be used ---------------------------------------------------------------------------------


def zip_of(folder: Path, files: Iterable[tuple[str | zipfile.ZipInfo, bytes]]) -> Path:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in files:
            bundle.writestr(name, data)
    path = folder / "bad.zip"
    path.write_bytes(file.getvalue())
    return path


def link(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.create_system = 3
    entry.external_attr = 0o120777 << 16
    return entry


def test_unsafe_zips_are_refused(tmp_path: Path) -> None:
    for files, message in (
        ([("../a.po", b"")], "`../a.po` leads out of the folder"),
        ([("/a.po", b"")], "`/a.po` leads out of the folder"),
        ([("c:a.po", b"")], "`c:a.po` leads out of the folder"),
        ([("..\\a.po", b"")], "leads out of the folder"),
        ([(link("a.po"), b"/etc/passwd")], "`a.po` is a link"),
        ([("a.po", b"a" * (MAX_BYTES // 2)), ("b.po", b"b" * (MAX_BYTES // 2 + 1))], "more than 20 MB when unpacked"),
        ([(f"{number}.txt", b"") for number in range(MAX_FILES + 1)], f"{MAX_FILES + 1} files in a zip"),
    ):
        with pytest.raises(InputError, match=re.escape(message)):
            unpack(zip_of(tmp_path, files).read_bytes(), "bad.zip", (".po",))


def test_a_zip_that_cannot_be_used_is_refused(room: Newsroom, sent: Path) -> None:
    po = (sent / f"{NAME}.po").read_bytes()
    assert "`../a.po` leads out of the folder" in refused(room, zip_of(sent, [("../a.po", po)]))
    assert "several files: a.po, b.po" in refused(room, zip_of(sent, [("a.po", po), ("b.po", po)]))
    assert "no PO and no XLIFF file in the zip" in refused(room, zip_of(sent, [("a.txt", po)]))


def test_damaged_and_encrypted_zips_are_refused(room: Newsroom, sent: Path) -> None:
    file = zip_of(sent, [("a.po", (sent / f"{NAME}.po").read_bytes())])
    data = file.read_bytes()
    file.write_bytes(data[:60] + bytes([data[60] ^ 0xFF]) + data[61:])
    assert f"{file}: error: a damaged zip: " in refused(room, file)
    file.write_bytes(data[:-30])
    assert f"{file}: error: a damaged zip: " in refused(room, file)
    flags = data.index(b"PK\1\2") + 8
    file.write_bytes(data[:flags] + b"\1" + data[flags + 1 :])
    assert "`a.po` is encrypted" in refused(room, file)


BOMB = b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><xliff>&b;</xliff>'
OLD_XLIFF = b'<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"/>'


def test_other_files_are_refused(room: Newsroom, sent: Path) -> None:
    file = sent / "file"
    xliff, po = (sent / f"{NAME}.xlf").read_bytes(), (sent / f"{NAME}.po").read_bytes()
    for data, message in (
        (xliff[:-400], ": broken XML: "),
        (po[:-200] + b'\nmsgid "cut', "file:"),
        (bytes(range(256)) * 20, "neither PO nor XLIFF nor a zip"),
        (b"", "neither PO nor XLIFF nor a zip"),
        (po.replace("校长签字".encode(), b"![" * 10_000), "a translation of 20,000 characters; 10,000 are allowed"),
        (BOMB, "declares a document type or entities"),
        (OLD_XLIFF, "XLIFF 1.2; XLIFF 2 is expected"),
        (po.replace(SLUG.encode(), b"2026/other"), "of the story 2026/other, which is not here"),
        (po.replace(b"zh_CN", b"fr"), "in the language fr, which is not here"),
        (
            po.replace(b'msgid "', b'msgid "no ').replace(b'msgid "no "\nmsgstr ""', b'msgid ""\nmsgstr ""', 1),
            "none of its units",
        ),
    ):
        file.write_bytes(data)
        with pytest.raises(InputError, match=re.escape(message)):
            operation(room, [file], story=None, language=None, translator=None, dry_run=False, now=NOW)


def test_a_hostile_file_is_told_in_one_line(room: Newsroom, sent: Path) -> None:
    file = sent / "file"
    for data, message in (
        ((sent / f"{NAME}.xlf").read_bytes()[:-400], "broken XML: no element found"),
        (bytes(range(256)), "neither PO nor XLIFF nor a zip"),
        (BOMB, "declares a document type or entities, which is not safe to read"),
    ):
        file.write_bytes(data)
        assert f"error: {message}\n  hint: " in refused(room, file)


def test_wrong_usage(room: Newsroom, sent: Path) -> None:
    file = sent / f"{NAME}.po"
    assert "is in zh, not in ru" in refused(room, file, "--language", "ru", code=2)
    assert "no story `2026/other`" in refused(room, file, "--story", "2026/other", code=2)
    assert "`Lin` names nobody" in refused(room, file, "--as", "Lin", code=2)
    assert "no such file" in refused(room, sent / "nothing.po")
    nameless = file.read_text(encoding="utf-8").replace('"Language: zh_CN\\n"\n', "")
    file.write_text(nameless, encoding="utf-8")
    assert "does not say its language\n  hint: name it with --language LANG" in refused(room, file, code=2)
    receive(room, file, "--language", "zh")


def test_one_bad_file_keeps_all_from_being_written(room: Newsroom, sent: Path) -> None:
    good, bad = by_po(sent, {MONDAY: "周一。"}), sent / "bad.xlf"
    bad.write_bytes(OLD_XLIFF)
    refused(room, good, bad)
