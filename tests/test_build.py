"""Law 6 and the contract of `out/`: the same bytes everywhere, what is signed and nothing else, no more than needed."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from newsrooms import edit
from pressroom import (
    REPOSITORY,
    SITE_URL,
    SLUG,
    TAGS,
    build_now,
    built_sample,
    copied_sample,
    files_of,
    page_at,
    run,
    sign,
    signed_sample,
    unsign,
    withdraw,
)

from workflow.canonical import digest
from workflow.errors import GateShut, InputError
from workflow.newsroom import Newsroom
from workflow.rendering.print import PrintBundle, render_pdf
from workflow.signoff import heads

LONG_BLANK = "\N{NARROW NO-BREAK SPACE}"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """The built sample newsroom, for tests that only look at it."""
    return built_sample(tmp_path_factory.mktemp("published"))


@pytest.fixture
def newsroom(published: Newsroom, tmp_path: Path) -> Newsroom:
    """A built newsroom that a test may change."""
    shutil.copytree(published.root, tmp_path, dirs_exist_ok=True)
    return Newsroom(root=tmp_path, settings=published.settings)


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The identifiers of the bulletins that WeasyPrint renders meanwhile."""
    found: list[str] = []

    def noted(bundle: PrintBundle) -> bytes:
        found.append(bundle.identifier)
        return render_pdf(bundle)

    monkeypatch.setattr("workflow.operations.making.render_pdf", noted)
    return found


def out_files(newsroom: Newsroom) -> dict[str, bytes]:
    return files_of(newsroom.root / "out")


def modification_times(newsroom: Newsroom) -> dict[str, int]:
    out = newsroom.root / "out"
    return {str(path.relative_to(out)): path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()}


def manifest_of(newsroom: Newsroom) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((newsroom.root / "out/manifest.json").read_bytes())
    return found


def codes(newsroom: Newsroom) -> list[tuple[str, str | None]]:
    return [(fault.code, fault.language) for fault in build_now(newsroom).faults]


# --- Law 6 -----------------------------------------------------------------------------------------------


def test_two_builds_far_apart_give_the_same_bytes(tmp_path: Path) -> None:
    here = copied_sample(tmp_path / "here")
    there = copied_sample(tmp_path / "another place" / "дальше" / "深处")
    plain = {"LANG": "C", "LC_ALL": "C", "TZ": "UTC", "PYTHONHASHSEED": "1", "SOURCE_DATE_EPOCH": "1"}
    odd = {"LANG": "ru_RU.UTF-8", "LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "4242"}
    assert run("build", "--jobs", "1", root=here.root, environment=plain).returncode == 0
    assert run("build", "--jobs", "2", root=there.root, environment=odd).returncode == 0
    assert out_files(here) == out_files(there)
    assert len(out_files(here)) > 20


# --- The contract ----------------------------------------------------------------------------------------


def test_the_files_are_where_scripts_expect_them(published: Newsroom) -> None:
    built = out_files(published)
    for language in TAGS:
        for path in (
            f"web/{language}/{SLUG}/index.html",
            f"web/{language}/index.html",
            f"web/{language}/feed.xml",
            f"print/{language}/{SLUG}.pdf",
        ):
            assert path in built
    assert {"web/index.html", "web/sitemap.xml", "manifest.json"} <= set(built)
    assert not any(path.startswith("drafts/") for path in built)


def test_the_manifest_lists_every_file_with_its_digest_and_nothing_else(published: Newsroom) -> None:
    manifest, built = manifest_of(published), out_files(published)
    assert set(manifest) == {"schema", "files", "heads"}
    assert manifest["schema"] == 1
    for item in manifest["files"]:
        assert set(item) == {"path", "sha256", "story", "language", "edition", "signoffs"}
    assert {item["path"]: item["sha256"] for item in manifest["files"]} == {
        path: digest(data) for path, data in built.items() if path != "manifest.json"
    }


def test_the_manifest_says_which_signed_words_a_file_shows(published: Newsroom) -> None:
    about = {item["path"]: item for item in manifest_of(published)["files"]}
    for language in TAGS:
        lines = published.read_log(language, SLUG)
        for path in (f"web/{language}/{SLUG}/index.html", f"print/{language}/{SLUG}.pdf"):
            assert about[path]["story"] == SLUG
            assert about[path]["language"] == language
            assert about[path]["edition"] == digest(published.read(published.edition_file(language, SLUG)))
            assert about[path]["signoffs"] == [lines[-1].digest]
        assert about[f"web/{language}/feed.xml"]["language"] == language
        assert about[f"web/{language}/feed.xml"]["edition"] is None


def test_the_heads_of_the_logs_are_pinned(published: Newsroom) -> None:
    pinned = {f"{language}/{SLUG}": list(heads(published.read_log(language, SLUG))) for language in TAGS}
    assert manifest_of(published)["heads"] == pinned
    assert all(pinned.values())


def test_verify_is_content_with_what_was_built(published: Newsroom) -> None:
    done = run("verify", root=published.root)
    assert (done.returncode, done.stdout) == (0, "")


def test_a_newsroom_without_signatures_builds_an_empty_front_page(tmp_path: Path) -> None:
    newsroom = signed_sample(tmp_path)
    for language in TAGS:
        unsign(newsroom, language)
    done = run("build", root=newsroom.root)
    assert (done.returncode, done.stdout) == (0, "")
    assert "nothing is signed yet" in done.stderr
    html = {path for path in out_files(newsroom) if path.endswith((".html", ".pdf"))}
    assert html == {"web/index.html"}
    assert run("verify", root=newsroom.root).returncode == 0


# --- Only what changed -----------------------------------------------------------------------------------


def test_a_second_build_writes_nothing(newsroom: Newsroom, rendered: list[str]) -> None:
    before = modification_times(newsroom)
    report = build_now(newsroom)
    assert (report.written, report.removed, rendered) == ((), (), [])
    assert len(report.editions) == len(TAGS)
    assert modification_times(newsroom) == before


def test_without_the_cache_everything_is_made_again_and_nothing_is_written(
    newsroom: Newsroom, rendered: list[str]
) -> None:
    before = modification_times(newsroom)
    shutil.rmtree(newsroom.root / ".workflow")
    assert build_now(newsroom).written == ()
    assert len(rendered) == len(TAGS)
    assert modification_times(newsroom) == before


@pytest.mark.parametrize("damage", [b"", b"[]", b'{"files": []}', b'{"files": {"out/web/index.html": {}}}'])
def test_a_damaged_cache_costs_time_only(newsroom: Newsroom, damage: bytes) -> None:
    before = out_files(newsroom)
    for cache in (newsroom.root / ".workflow").glob("*.json"):
        cache.write_bytes(damage)
    build_now(newsroom)
    assert out_files(newsroom) == before


def test_what_somebody_changed_in_out_is_put_right(newsroom: Newsroom, rendered: list[str]) -> None:
    before = out_files(newsroom)
    page, bulletin = (newsroom.root / "out" / path for path in (f"web/en/{SLUG}/index.html", f"print/zh/{SLUG}.pdf"))
    page.write_text("defaced")
    bulletin.unlink()
    (newsroom.root / "out/web/extra.html").write_text("not ours")
    report = build_now(newsroom)
    assert out_files(newsroom) == before
    assert set(report.written) == {f"out/web/en/{SLUG}/index.html", f"out/print/zh/{SLUG}.pdf"}
    assert report.removed == ("out/web/extra.html",)
    assert len(rendered) == 1


def own_template(newsroom: Newsroom, name: str, old: str, new: str) -> None:
    """Gives the newsroom a template of its own, ours with a change."""
    target = newsroom.root / "templates" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(REPOSITORY / "templates" / name, target)
    edit(newsroom, f"templates/{name}", old, new)


def test_a_changed_page_template_writes_pages_and_renders_no_bulletin(newsroom: Newsroom, rendered: list[str]) -> None:
    own_template(newsroom, "web/story.html", "{% block main %}", "{% block main %}<!-- changed -->")
    report = build_now(newsroom)
    assert set(report.written) == {f"out/web/{language}/{SLUG}/index.html" for language in TAGS}
    assert rendered == []


def test_a_changed_print_template_writes_bulletins_only(newsroom: Newsroom, rendered: list[str]) -> None:
    own_template(newsroom, "print/bulletin.html", "<body>", "<body><p>Extra</p>")
    report = build_now(newsroom)
    assert set(report.written) == {f"out/print/{language}/{SLUG}.pdf" for language in TAGS}
    assert len(rendered) == len(TAGS)


def test_a_changed_shared_template_writes_pages_and_bulletins(newsroom: Newsroom, rendered: list[str]) -> None:
    own_template(newsroom, "shared/imprint.html", '<h2 class="label">', '<h2 class="label small">')
    report = build_now(newsroom)
    assert set(report.written) == {
        path for code in TAGS for path in (f"out/web/{code}/{SLUG}/index.html", f"out/print/{code}/{SLUG}.pdf")
    }
    assert len(rendered) == len(TAGS)


def test_a_changed_setting_reaches_page_and_bulletin(newsroom: Newsroom) -> None:
    edit(newsroom, "newsroom.toml", "#9b1c2e", "#1c2e9b")
    written = set(build_now(newsroom).written)
    assert "out/web/style.css" in written
    assert {f"out/print/{language}/{SLUG}.pdf" for language in TAGS} <= written
    assert f"out/web/en/{SLUG}/index.html" not in written
    assert b"#9b1c2e" not in b"".join(data for path, data in out_files(newsroom).items() if path.endswith("css"))


def test_a_changed_site_word_rebuilds_its_language_only(newsroom: Newsroom, rendered: list[str]) -> None:
    edit(newsroom, "locales/ru/LC_MESSAGES/site.po", 'msgstr "Редактура"', 'msgstr "Правка"')
    report = build_now(newsroom)
    assert len(rendered) == 1
    touched = {path for path in report.written if path.endswith((".html", ".pdf"))}
    assert touched == {f"out/web/ru/{SLUG}/index.html", f"out/print/ru/{SLUG}.pdf"}
    assert "Правка Цао" in page_at(newsroom, f"ru/{SLUG}/index.html").text


# --- What is published is what was signed ----------------------------------------------------------------


def test_working_catalogs_and_stories_cannot_reach_what_is_published(newsroom: Newsroom) -> None:
    before = modification_times(newsroom)
    edit(newsroom, f"locales/zh/LC_MESSAGES/{SLUG}.po", "华中科技大学", "另一所大学")
    edit(newsroom, f"stories/{SLUG}/story.md", "Key Partnership Agreement", "Quite another agreement")
    (newsroom.root / f"stories/{SLUG}/signing.png").write_bytes(b"another picture")
    (newsroom.root / f"locales/ru/LC_MESSAGES/{SLUG}.po").write_text("no catalog at all")
    report = build_now(newsroom)
    assert (report.written, report.removed, report.faults) == ((), (), ())
    shutil.rmtree(newsroom.root / ".workflow")
    assert build_now(newsroom).written == ()
    assert modification_times(newsroom) == before


def test_newly_signed_words_replace_the_older_ones(newsroom: Newsroom) -> None:
    english = out_files(newsroom)[f"print/en/{SLUG}.pdf"]
    edit(newsroom, f"locales/zh/LC_MESSAGES/{SLUG}.po", "签署重点合作伙伴协议", "签订重点合作伙伴协议")
    sign(newsroom, "zh")
    report = build_now(newsroom)
    assert report.faults == ()
    page = page_at(newsroom, f"zh/{SLUG}/index.html")
    assert "签订重点合作伙伴协议" in page.text
    assert digest(newsroom.read(newsroom.edition_file("zh", SLUG))) in page.text
    assert out_files(newsroom)[f"print/en/{SLUG}.pdf"] == english
    assert f"out/web/en/{SLUG}/index.html" not in report.written


def test_what_is_withdrawn_is_taken_away_and_the_rest_stays(newsroom: Newsroom) -> None:
    before = modification_times(newsroom)
    withdraw(newsroom, "ru")
    report = build_now(newsroom)
    assert report.faults == ()
    assert f"out/print/ru/{SLUG}.pdf" in report.removed
    assert not (newsroom.root / "out/print/ru").exists()
    notice = newsroom.read(f"out/web/ru/{SLUG}/index.html").decode()
    assert "отозван" in notice
    assert "Васильев" not in notice
    for listing in ("index.html", "feed.xml"):
        assert SLUG not in newsroom.read(f"out/web/ru/{listing}").decode()
    after = modification_times(newsroom)
    for language in ("en", "zh"):
        assert after[f"print/{language}/{SLUG}.pdf"] == before[f"print/{language}/{SLUG}.pdf"]
    assert not [item for item in manifest_of(newsroom)["files"] if item["language"] == "ru" and item["edition"]]
    assert f"ru/{SLUG}" in manifest_of(newsroom)["heads"], "a cut-off withdrawal must show"
    assert run("verify", root=newsroom.root).returncode == 0


def test_an_edition_edited_after_signing_is_held_back_with_all_that_shows_it(newsroom: Newsroom) -> None:
    """`out/` is made from the newsroom's files alone (law 6), and they hold these signed words no longer."""
    edit(newsroom, newsroom.edition_file("zh", SLUG), "李元元", "李某某")
    done = run("build", root=newsroom.root)
    assert done.returncode == 1
    assert newsroom.edition_file("zh", SLUG) in done.stderr
    assert "not the words that were approved" in done.stderr
    assert "restore the file" in done.stderr
    built = out_files(newsroom)
    assert not [path for path in built if path.startswith(("web/zh/", "print/zh/"))]
    assert "李某某".encode() not in b"".join(data for path, data in built.items() if path.endswith(".html"))
    assert {f"web/en/{SLUG}/index.html", f"web/ru/{SLUG}/index.html"} <= set(built)
    assert run("verify", root=newsroom.root).returncode == 1


def test_a_restored_edition_comes_back_with_the_same_bytes(newsroom: Newsroom) -> None:
    before, path = out_files(newsroom), newsroom.edition_file("zh", SLUG)
    signed = newsroom.read(path)
    (newsroom.root / path).write_bytes(signed + b"\n")
    assert codes(newsroom) == [("signoff.not-frozen", None)]
    assert out_files(newsroom) != before
    (newsroom.root / path).write_bytes(signed)
    assert codes(newsroom) == []
    assert out_files(newsroom) == before


def test_a_forged_record_publishes_nothing(newsroom: Newsroom) -> None:
    log = newsroom.root / newsroom.log_file("ru", SLUG)
    log.write_text(log.read_text().replace("Russian desk", "Somebody else"))
    before = out_files(newsroom)
    with pytest.raises(GateShut):
        build_now(newsroom)
    assert out_files(newsroom) == before
    shutil.rmtree(newsroom.root / "out")
    assert [code for code, _ in codes(newsroom)] != []
    assert not (newsroom.root / f"out/web/ru/{SLUG}/index.html").exists()


def test_another_picture_than_the_signed_one_stops_the_build(newsroom: Newsroom) -> None:
    before = out_files(newsroom)
    (picture,) = (newsroom.root / "locales/media").iterdir()
    picture.write_bytes(picture.read_bytes() + b"\0")
    shutil.rmtree(newsroom.root / ".workflow")
    with pytest.raises(InputError, match="not the picture that was signed"):
        build_now(newsroom)
    assert out_files(newsroom) == before


# --- No language is filled up from another ---------------------------------------------------------------


def untranslate(newsroom: Newsroom, language: str, word: str) -> None:
    path = f"locales/{language}/LC_MESSAGES/site.po"
    text = (newsroom.root / path).read_text(encoding="utf-8")
    before, _, rest = text.partition(f'msgid "{word}"\nmsgstr "')
    target, _, after = rest.partition('"\n')
    assert target
    (newsroom.root / path).write_text(f'{before}msgid "{word}"\nmsgstr ""\n{after}', encoding="utf-8")


def test_a_language_without_all_its_site_words_publishes_nothing_and_says_which(newsroom: Newsroom) -> None:
    untranslate(newsroom, "ru", "Edited by")
    done = run("build", root=newsroom.root)
    assert done.returncode == 1
    assert "locales/ru/LC_MESSAGES/site.po" in done.stderr
    assert "not translated: Edited by" in done.stderr
    built = out_files(newsroom)
    assert not [path for path in built if path.startswith(("web/ru/", "print/ru/"))]
    assert {f"print/{language}/{SLUG}.pdf" for language in ("en", "zh")} <= set(built)
    assert set(page_at(newsroom, f"en/{SLUG}/index.html").alternates()) == {"en", "zh-Hans", "x-default"}


def test_a_fuzzy_site_word_is_no_word(newsroom: Newsroom) -> None:
    edit(newsroom, "locales/zh/LC_MESSAGES/site.po", '\nmsgid "Edited by"', '\n#, fuzzy\nmsgid "Edited by"')
    assert codes(newsroom) == [("site.incomplete", "zh")]
    assert not (newsroom.root / "out/web/zh").exists()


def test_without_the_source_languages_words_the_gate_is_shut_and_out_stays(newsroom: Newsroom) -> None:
    before = out_files(newsroom)
    untranslate(newsroom, "en", "Edited by")
    with pytest.raises(GateShut, match="not translated: Edited by"):
        build_now(newsroom)
    assert out_files(newsroom) == before


# --- What the pages say ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "date"),
    [("en", "May 3, 2021"), ("zh", "2021年5月3日"), ("ru", f"3 мая 2021{LONG_BLANK}г.")],
)
def test_dates_are_written_as_the_language_writes_them(published: Newsroom, language: str, date: str) -> None:
    page = page_at(published, f"{language}/{SLUG}/index.html")
    assert date in page.text
    assert {"datetime": "2021-05-03"} in page.all("time")
    assert date in page_at(published, f"{language}/index.html").text


@pytest.mark.parametrize(
    ("language", "label", "editors"),
    [
        ("en", "Edited by", "Cao yutao, Scott, Wan Tian, and Peng Yumeng"),
        ("zh", "编辑", "Cao Yutao、Scott、Wan Tian和Peng Yumeng"),
        ("ru", "Редактура", "Цао Юйтао, Скотт, Вань Тянь и Пэн Юймэн"),
    ],
)
def test_the_editors_of_the_source_are_named(published: Newsroom, language: str, label: str, editors: str) -> None:
    text = page_at(published, f"{language}/{SLUG}/index.html").text
    assert f"{label} {editors}" in " ".join(text.split())


@pytest.mark.parametrize(
    ("language", "signer", "date", "translator"),
    [
        ("en", "English desk", "November 22, 2026", ""),
        ("zh", "中文编辑部", "2026年11月22日", "中文翻译组"),
        ("ru", "Русская редакция", f"22 ноября 2026{LONG_BLANK}г.", "Группа перевода на русский язык"),
    ],
)
def test_the_imprint_names_who_translated_and_who_approved_when(
    published: Newsroom, language: str, signer: str, date: str, translator: str
) -> None:
    text = page_at(published, f"{language}/{SLUG}/index.html").text
    assert signer in text
    assert date in text
    assert translator in text.replace("\xa0", " ")
    assert digest(published.read(published.edition_file(language, SLUG))) in text
    assert bool(published.read_log(language, SLUG)[-1].record.translators) == bool(translator)


@pytest.mark.parametrize("language", TAGS)
def test_the_switcher_offers_every_published_language(published: Newsroom, language: str) -> None:
    page = page_at(published, f"{language}/{SLUG}/index.html")
    expected = {tag: f"{SITE_URL}{code}/{SLUG}/" for code, tag in TAGS.items()}
    assert page.alternates() == {**expected, "x-default": expected["en"]}
    switcher = {link["hreflang"]: link for link in page.all("a") if "hreflang" in link}
    assert set(switcher) == set(TAGS.values())
    assert [tag for tag, link in switcher.items() if "aria-current" in link] == [TAGS[language]]


def test_the_switcher_offers_only_published_languages(tmp_path: Path) -> None:
    newsroom = signed_sample(tmp_path)
    unsign(newsroom, "zh")
    assert build_now(newsroom).faults == ()
    for path in (f"en/{SLUG}/index.html", f"ru/{SLUG}/index.html", "en/index.html", "index.html"):
        page = page_at(newsroom, path)
        assert "zh-Hans" not in page.alternates()
        assert not [link for link in page.all("a") if link.get("hreflang") == "zh-Hans"]
    for path in ("sitemap.xml", "en/feed.xml"):
        assert "/zh/" not in (newsroom.root / "out/web" / path).read_text()


def test_nothing_of_an_edition_is_from_another_language(published: Newsroom) -> None:
    """All Han or Cyrillic of an English page is a language's own name; no English sentence is in the others."""
    english = page_at(published, f"en/{SLUG}/index.html").text.replace("中文", "").replace("русский", "")
    assert not [character for character in english if "\u0400" <= character <= "\u04ff" or character >= "\u4e00"]
    for language in ("zh", "ru"):
        text = page_at(published, f"{language}/{SLUG}/index.html").text
        for word in (" the ", "Edited", "Approved", "Translated", "desk", "News", "Big Stories"):
            assert word not in text


# --- Templates at fault ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("web/story.html", "{% block main %}", "{% block main %}{% if %}", "templates/web/story.html:"),
        ("web/story.html", "{% block main %}", "{% block main %}{{ nothing.at.all }}", "templates/web/story.html"),
        ("web/story.html", "web/base.html", "web/nowhere.html", "web/nowhere.html"),
        ("web/story.html", "{% block main %}", "{% block main %}{{ 1 / 0 }}", "templates/web/story.html"),
        ("shared/imprint.html", "<h2", "{{ 1 / 0 }}<h2", "templates/shared/imprint.html:3: "),
        ("print/bulletin.css", "html {", "html { hyphenates: perhaps;", "hyphenates"),
    ],
    ids=["syntax", "name", "parent", "arithmetic", "shared", "style"],
)
def test_a_faulty_template_is_named_and_out_stays(
    newsroom: Newsroom, name: str, old: str, new: str, message: str
) -> None:
    before = out_files(newsroom)
    own_template(newsroom, name, old, new)
    done = run("build", root=newsroom.root)
    assert done.returncode == 3
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert out_files(newsroom) == before


def test_a_template_in_another_encoding_is_named(newsroom: Newsroom) -> None:
    own_template(newsroom, "web/story.html", "{% block main %}", "{% block main %}é")
    path = newsroom.root / "templates/web/story.html"
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252", "replace"))
    done = run("build", root=newsroom.root)
    assert done.returncode == 3
    assert "templates/web/story.html" in done.stderr
    assert "Traceback" not in done.stderr


# --- Interrupted -----------------------------------------------------------------------------------------


def kill_when(condition: Callable[[], bool], root: Path) -> None:
    """Starts a build and kills it as soon as the condition holds."""
    process = subprocess.Popen(
        [sys.executable, "-m", "workflow", "-C", str(root), "build"],
        cwd=REPOSITORY,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while process.poll() is None and not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.wait()


def whole_files(newsroom: Newsroom) -> list[Path]:
    """What a reader of `out/` may find; a dot stands before the name of what is still being written."""
    return [path for path in (newsroom.root / "out").rglob("[!.]*") if path.is_file()]


@pytest.mark.parametrize("count", [1, 12, 60])
def test_a_killed_build_leaves_whole_files_and_the_next_one_finishes(
    published: Newsroom, tmp_path: Path, count: int
) -> None:
    newsroom, complete = signed_sample(tmp_path), out_files(published)
    kill_when(lambda: len(whole_files(newsroom)) >= count, newsroom.root)
    halfway = {path.relative_to(newsroom.root / "out").as_posix(): path.read_bytes() for path in whole_files(newsroom)}
    assert len(halfway) >= count
    assert halfway.items() <= complete.items()
    build_now(newsroom)
    assert out_files(newsroom) == complete


def test_what_a_killed_build_left_behind_is_swept_away(newsroom: Newsroom) -> None:
    before = out_files(newsroom)
    for path in (f"out/web/en/{SLUG}/.index.html.x.tmp-workflow", "out/print/ru/.gone.pdf.y.tmp-workflow"):
        (newsroom.root / path).parent.mkdir(parents=True, exist_ok=True)
        (newsroom.root / path).write_bytes(b"half")
    build_now(newsroom)
    assert out_files(newsroom) == before
