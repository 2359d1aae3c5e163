"""The bulletins: what is in the PDF, that it is set in our fonts only, and that WeasyPrint gets nothing from outside.

`WORKFLOW_RENEW_REFERENCES=1 pytest tests/test_print.py -k reference` draws `tests/data/references` again.
"""

from __future__ import annotations

import dataclasses
import io
import itertools
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
from fontTools.cffLib import CFFFontSet
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont
from newsrooms import edit
from PIL import Image, ImageChops
from pressroom import (
    REPOSITORY,
    SLUG,
    TAGS,
    build_now,
    built_sample,
    copied_sample,
    files_of,
    run,
    sign,
    signed_sample,
    unsign,
)

from workflow.errors import GateShut, InputError
from workflow.model import Figure, Segment
from workflow.newsroom import Newsroom
from workflow.rendering.cff import without_empty_slots
from workflow.rendering.fonts import Fonts
from workflow.rendering.html import StoryHtml
from workflow.rendering.print import ORIGIN, PrintBundle, render_pdf
from workflow.story import parse_story, segments

FONTS = Fonts(REPOSITORY / "templates/fonts")
REFERENCES = Path(__file__).parent / "data" / "references"
RARE = "Noto-Serif-SC-Rare"
OUR_FACES = {
    "Noto-Serif",
    "Noto-Serif-Bold",
    "Noto-Serif-Italic",
    "Noto-Sans",
    "Noto-Sans-Semi-Bold",
    "Noto-Serif-SC",
    "Noto-Serif-SC-Bold",
    "Noto-Sans-SC-Medium",
    RARE,
}
A4 = (595.28, 841.89)
HIEROGLYPH = "\U00013000"
ARABIC = "\N{ARABIC LETTER SHEEN}"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    return built_sample(tmp_path_factory.mktemp("published"))


def bulletin_path(newsroom: Newsroom, language: str) -> Path:
    return newsroom.root / f"out/print/{language}/{SLUG}.pdf"


def pages_text(data: bytes | Path) -> list[str]:
    """The text of each page, as a reader would copy it."""
    with pypdfium2.PdfDocument(data) as document:
        return [page.get_textpage().get_text_range() for page in document]


def structure(node: Any) -> Iterator[Any]:
    """Every element of a structure tree, in reading order."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from structure(child)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from structure(node.K)


def font_programs(document: pikepdf.Pdf) -> dict[str, bytes]:
    """Face → font program, of every font that the document names."""
    found: dict[str, bytes] = {}
    for item in document.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
            name = str(item.FontName).partition("+")[2]
            programs = [item[key] for key in ("/FontFile", "/FontFile2", "/FontFile3") if key in item]
            assert len(programs) == 1, f"{name} is not embedded"
            found[name] = programs[0].read_bytes()
    return found


# --- Metadata and structure ------------------------------------------------------------------------------


@pytest.mark.parametrize("language", TAGS)
def test_the_bulletin_is_a_tagged_pdf_of_its_language(published: Newsroom, language: str) -> None:
    path = published.edition_file(language, SLUG)
    story = parse_story(published.read(path), path, published.settings.story_rules)
    with pikepdf.open(bulletin_path(published, language)) as document:
        assert str(document.Root.Lang) == TAGS[language]
        assert bool(document.Root.MarkInfo.Marked)
        assert bool(document.Root.ViewerPreferences.DisplayDocTitle)
        assert str(document.docinfo.Title) == story.headline.text
        with document.open_metadata() as metadata:
            assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
            assert story.headline.text in str(metadata["dc:title"])
        for page in document.pages:
            assert [float(side) for side in page.mediabox] == pytest.approx([0, 0, *A4], abs=0.5)
            assert str(page.obj.Tabs) == "/S"


@pytest.mark.parametrize("language", TAGS)
def test_headings_pictures_and_paragraphs_are_tagged(published: Newsroom, language: str) -> None:
    path = published.edition_file(language, SLUG)
    story = parse_story(published.read(path), path, published.settings.story_rules)
    with pikepdf.open(bulletin_path(published, language)) as document:
        elements = list(structure(document.Root.StructTreeRoot))
        levels = [int(str(item.S)[2:]) for item in elements if re.fullmatch(r"/H[1-6]", str(item.S))]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels))
        (figure,) = [block for block in story.blocks if isinstance(block, Figure)]
        (picture,) = [item for item in elements if str(item.S) == "/Figure"]
        assert str(picture.Alt) == figure.alt.text
        assert len([item for item in elements if str(item.S) == "/P"]) >= len(story.blocks) - 1


@pytest.mark.parametrize("language", TAGS)
def test_every_page_carries_its_number(published: Newsroom, language: str) -> None:
    with pypdfium2.PdfDocument(bulletin_path(published, language)) as document:
        assert len(document) > 1
        for number, page in enumerate(document, 1):
            foot = page.get_textpage().get_text_bounded(bottom=0, top=72)
            assert re.search(rf"(?<!\d){number}(?!\d)", foot), foot


# --- Fonts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", TAGS)
def test_all_fonts_are_embedded_and_ours(published: Newsroom, language: str) -> None:
    with pikepdf.open(bulletin_path(published, language)) as document:
        programs = font_programs(document)
    assert set(programs) <= OUR_FACES
    assert ("Noto-Serif-SC" if language == "zh" else "Noto-Serif") in programs


def printed(text: str, *, lang: str = "zh-Hans", family: str = '"Noto Serif SC", "Noto Serif SC Rare"') -> bytes:
    """A page with that text in our fonts."""
    css, files = FONTS.print_css(text)
    html = (
        f'<!DOCTYPE html><html lang="{lang}"><title>t</title><link rel="stylesheet" href="fonts.css">'
        f'<style>body {{ font-family: {family}, "Noto Serif" }}</style><body><h1>{text}</h1><p>{text}</p>'
    )
    served: dict[str, bytes | Path] = {"fonts.css": css.encode(), **{name: FONTS.folder / name for name in files}}
    return render_pdf(PrintBundle(html=html, identifier="00" * 16, files=served))


@pytest.mark.parametrize(("character", "face"), [("㛃", "Noto-Serif-SC"), ("龘", "Noto-Serif-SC"), ("丂", RARE)])
def test_a_rare_han_is_printed_from_our_own_face(character: str, face: str) -> None:
    data = printed(f"姓名{character}")
    with pikepdf.open(io.BytesIO(data)) as document:
        programs = font_programs(document)
    assert face in programs
    assert set(programs) <= OUR_FACES
    assert f"姓名{character}" in pages_text(data)[0]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_any_character_that_a_font_has_may_stand_anywhere(tmp_path: Path, language: str) -> None:
    """In headline, credits, text, caption and background alike, whatever their face."""
    newsroom = signed_sample(tmp_path)
    for other in TAGS:
        unsign(newsroom, other)
    catalog = newsroom.read_catalog(language, SLUG)
    assert catalog is not None
    units = [
        dataclasses.replace(unit, targets=(f"{unit.targets[0]} 㛃丂→≤ё",)) if not unit.obsolete else unit
        for unit in catalog.units
    ]
    newsroom.write_catalog(language, SLUG, dataclasses.replace(catalog, units=tuple(units)))
    for signed in dict.fromkeys(("en", language)):
        sign(newsroom, signed)
    assert build_now(newsroom).faults == ()
    with pikepdf.open(bulletin_path(newsroom, language)) as document:
        assert set(font_programs(document)) <= OUR_FACES
    text = solid("".join(pages_text(bulletin_path(newsroom, language))))
    assert text.count("㛃丂→≤ё") >= len(units) - 2


def test_a_text_without_han_loads_no_chinese_face() -> None:
    assert FONTS.families("Соглашение, agreement “quoted”") == ("Noto Serif", "Noto Sans")


def test_a_chinese_bulletin_stays_small(published: Newsroom) -> None:
    """Faces keep no empty slots: 91 KB beside the picture, where whole numbering takes 123 KB."""
    data = bulletin_path(published, "zh").read_bytes()
    with pikepdf.open(io.BytesIO(data)) as document:
        images = [item for item in document.objects if isinstance(item, pikepdf.Stream) and "/Width" in item]
        pictures = sum(len(item.read_raw_bytes()) for item in images)
    assert len(images) == 1
    assert len(data) - pictures <= 120_000


def cff_face(program: bytes) -> Any:
    found = CFFFontSet()
    found.decompile(io.BytesIO(program), None)
    return found[0]


def test_glyphs_keep_their_numbers_when_empty_slots_go() -> None:
    data = printed("新华社　三月“协议”签署")
    with pikepdf.open(io.BytesIO(data)) as document:
        programs = font_programs(document)
    whole = TTFont(FONTS.folder / "NotoSerifSC-Regular.otf")
    face = cff_face(programs["Noto-Serif-SC"])
    numbers = [0, *(whole.getGlyphID(whole.getBestCmap()[ord(character)]) for character in "新华社三月协议签署")]
    assert {f"cid{number:05d}" for number in numbers[1:]} <= set(face.charset)
    assert len(face.charset) < 40
    glyphs = whole.getGlyphSet()
    for name in face.charset[1:]:
        before, after = RecordingPen(), RecordingPen()
        glyphs[name].draw(before)
        face.CharStrings[name].draw(after)
        assert after.value == before.value


def test_a_blank_that_is_used_is_no_empty_slot() -> None:
    data = printed("甲　乙")
    with pikepdf.open(io.BytesIO(data)) as document:
        programs = font_programs(document)
    assert "甲　乙" in pages_text(data)[0].replace("\r\n", "")
    whole = TTFont(FONTS.folder / "NotoSerifSC-Regular.otf")
    assert whole.getBestCmap()[ord("　")] in cff_face(programs["Noto-Serif-SC"]).charset


def test_a_font_that_is_not_numbered_so_is_left_alone() -> None:
    assert without_empty_slots((FONTS.folder / "NotoSerif-Regular.ttf").read_bytes(), {1, 2}) is None


# --- Text ------------------------------------------------------------------------------------------------


def solid(text: str) -> str:
    """Without blanks and hyphens, which line ends take and give."""
    return re.sub(r"[\s\u00a0\u202f\u200b\u2060\ufeff\u00ad\u2010\u2011\ufffe\x02-]+", "", text)


def place_of(text: str, pages: list[str], start: tuple[int, int]) -> tuple[int, int] | None:
    """(page, place) where a text begins at or after a start; it may go over to the next page."""
    for number in range(start[0], len(pages)):
        after = start[1] if number == start[0] else 0
        if (found := pages[number].find(text, after)) >= 0:
            return number, found
        if number + 1 < len(pages):
            for cut in range(len(text) - 1, 0, -1):
                found = pages[number].find(text[:cut], after)
                if found >= 0 and text[cut:] in pages[number + 1]:
                    return number, found
    return None


def words_of(newsroom: Newsroom, language: str) -> list[tuple[Segment, str]]:
    """The segments of a signed edition with their words, without markup."""
    path = newsroom.edition_file(language, SLUG)
    story = parse_story(newsroom.read(path), path, newsroom.settings.story_rules)
    html = StoryHtml(story, figure=lambda *_: "", background="")
    from workflow.model import Words

    return [
        (segment, segment.source if segment.role.is_plain else html.plain(Words(text=segment.source, line=0)))
        for segment in segments(story)
    ]


@pytest.mark.parametrize("language", TAGS)
def test_the_text_holds_all_signed_words_in_their_order(published: Newsroom, language: str) -> None:
    pages = [solid(text) for text in pages_text(bulletin_path(published, language))]
    body = (0, 0)
    for segment, words in words_of(published, language):
        if segment.role == "alt":
            continue
        found = place_of(solid(words), pages, body if segment.role == "paragraph" else (0, 0))
        assert found, f"{segment.role}: {words[:60]}"
        if segment.role == "paragraph":
            body = found
    assert body > (0, 0)


# --- The closed fetcher ----------------------------------------------------------------------------------


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A port of this machine that waits for somebody to call."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def svg(inner: str) -> str:
    from urllib.parse import quote

    return "data:image/svg+xml," + quote(
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">'
        f"{inner}</svg>"
    )


HOSTILE = {
    "file": ('<img alt="x" src="file:///etc/passwd">', "file:///etc/passwd"),
    "http": ('<img alt="x" src="{http}/picture.png">', "{http}/picture.png"),
    "scheme-relative": ('<img alt="x" src="//127.0.0.1:{port}/p.png">', "https://127.0.0.1:{port}/p.png"),
    "ftp": ('<img alt="x" src="ftp://127.0.0.1:{port}/p.png">', "ftp://127.0.0.1:{port}/p.png"),
    "parent": ('<img alt="x" src="../../../../etc/passwd">', f"{ORIGIN}etc/passwd"),
    "escaped-parent": ('<img alt="x" src="%2e%2e/%2e%2e/etc/passwd">', "etc/passwd"),
    "half-escaped": ('<img alt="x" src="media/..%2f..%2fnewsroom.toml">', "newsroom.toml"),
    "other-file": ('<img alt="x" src="media/other.png">', f"{ORIGIN}media/other.png"),
    "query": ('<img alt="x" src="good.png?to={http}">', "good.png?to={http}"),
    "user": ('<img alt="x" src="https://bundle.invalid@127.0.0.1:{port}/good.png">', "@127.0.0.1:{port}/good.png"),
    "import": ("<style>@import url({http}/a.css);</style>", "{http}/a.css"),
    "import-file": ("<style>@import 'file:///etc/hostname';</style>", "file:///etc/hostname"),
    "link": ('<link rel="stylesheet" href="{http}/b.css">', "{http}/b.css"),
    "font-face": (
        "<style>@font-face {{ font-family: F; src: url({http}/f.ttf) }} p {{ font-family: F }}</style><p>x",
        "{http}/f.ttf",
    ),
    "background": ("<style>p {{ background: url({http}/c.png) }}</style><p>x", "{http}/c.png"),
    "content": ("<style>p::before {{ content: url({http}/d.png) }}</style><p>x", "{http}/d.png"),
    "list-style": ("<style>li {{ list-style-image: url({http}/e.png) }}</style><ul><li>x</ul>", "{http}/e.png"),
    "style-attribute": ('<p style="background-image: url(file:///etc/passwd)">x', "file:///etc/passwd"),
    "object": ('<object data="{http}/o.png">x</object>', "{http}/o.png"),
    "embed": ('<embed src="{http}/e.svg">', "{http}/e.svg"),
    "attachment": ('<link rel="attachment" href="file:///etc/passwd">', "file:///etc/passwd"),
    "attached-link": ('<a rel="attachment" href="{http}/z.zip">x</a>', "{http}/z.zip"),
    "svg": ('<img alt="x" src="{svg}">', "data:image/svg+xml"),
    "data": ('<img alt="x" src="data:image/png;base64,iVBORw0KGgo=">', "data:image/png"),
    "base": ('<base href="{http}/"><img alt="x" src="good.png">', "{http}/fonts.css"),
    "base-file": ('<base href="file:///etc/"><img alt="x" src="passwd">', "file:///etc/fonts.css"),
}


def good_png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "navy").save(file, "PNG")
    return file.getvalue()


def hostile_bundle(inner: str) -> PrintBundle:
    css, files = FONTS.print_css("x")
    html = (
        f'<!DOCTYPE html><html lang="en"><head><title>t</title><link rel="stylesheet" href="fonts.css"></head>'
        f'<body style="font-family: Noto Serif"><h1>x</h1>{inner}'
    )
    served: dict[str, bytes | Path] = {"fonts.css": css.encode(), **{name: FONTS.folder / name for name in files}}
    return PrintBundle(html=html, identifier="00" * 16, files={**served, "good.png": good_png()})


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_not_in_the_bundle_is_refused_by_name(listener: socket.socket, case: str) -> None:
    port = listener.getsockname()[1]
    known = {"port": str(port), "http": f"http://127.0.0.1:{port}"}
    known["svg"] = svg(f'<image xlink:href="{known["http"]}/n.png" width="9" height="9"/>')
    inner, refused = HOSTILE[case]
    with pytest.raises(InputError) as caught:
        render_pdf(hostile_bundle(inner.format(**known)))
    assert {found.code for found in caught.value.diagnostics} == {"print.fetch"}
    assert refused.format(**known) in str(caught.value)
    assert "root:" not in str(caught.value)
    with pytest.raises(BlockingIOError):
        listener.accept()


@pytest.mark.parametrize(
    "inner",
    [
        '<img alt="x" src="good.png">',
        '<img alt="x" src="./good.png">',
        '<img alt="x" src="https://bundle.invalid/good.png">',
        '<a href="http://127.0.0.1:9/">a link is not followed</a>',
        '<iframe src="file:///etc/passwd"></iframe>',
        '<script src="http://127.0.0.1:9/x.js"></script>',
    ],
)
def test_what_is_in_the_bundle_is_served_and_nothing_else_asked_for(inner: str) -> None:
    data = render_pdf(hostile_bundle(inner))
    with pikepdf.open(io.BytesIO(data)) as document:
        pictures = [item for item in document.objects if isinstance(item, pikepdf.Stream) and "/Width" in item]
    assert len(pictures) == ("good.png" in inner)


def test_a_style_that_weasyprint_ignores_is_an_error() -> None:
    with pytest.raises(InputError, match="writing-mode") as caught:
        render_pdf(hostile_bundle("<style>p { writing-mode: vertical-rl }</style><p>x"))
    assert [found.code for found in caught.value.diagnostics] == ["print.style"]


# --- Missing glyphs --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("character", "name"), [(HIEROGLYPH, "U+13000"), (ARABIC, "U+0634")])
def test_a_character_that_no_font_has_is_named(character: str, name: str) -> None:
    with pytest.raises(InputError) as caught:
        printed(f"text {character}", lang="en")
    assert {found.code for found in caught.value.diagnostics} == {"print.glyph"}
    assert name in str(caught.value)


def test_a_missing_glyph_is_found_by_check_and_cannot_be_signed(tmp_path: Path) -> None:
    newsroom = signed_sample(tmp_path)
    catalog = newsroom.catalog_file("ru", SLUG)
    edit(newsroom, catalog, "Ректор Васильев рассказал", f"Ректор Васильев{HIEROGLYPH} рассказал{ARABIC}")
    before = run("check", "--language", "ru", root=newsroom.root)
    assert before.returncode == 1
    for name in ("U+13000", "U+0634"):
        assert name in before.stdout
    assert f"{catalog}:" in before.stdout
    with pytest.raises(GateShut) as shut:
        sign(newsroom, "ru")
    for name in ("U+13000", "U+0634"):
        assert name in str(shut.value)


def test_a_glyph_that_went_missing_after_signing_stops_the_build(tmp_path: Path) -> None:
    newsroom = signed_sample(tmp_path)
    edit(newsroom, newsroom.catalog_file("ru", "site"), "Главное", f"Главное{HIEROGLYPH}")
    done = run("build", root=newsroom.root)
    assert done.returncode == 3
    assert SLUG in done.stderr
    assert "U+13000" in done.stderr
    assert files_of(newsroom.root / "out") == {}


# --- Pixels ----------------------------------------------------------------------------------------------

DOTS_PER_INCH = 160
SMALLER = 4
"""Drawn large and made small, so that a letter's place among the dots hardly matters."""
GREY = 24
"""Of 255: what is further off is another picture."""
ALLOWED = 40
"""Pixels of a page that may be another picture: about two letters."""


def drawn(newsroom: Newsroom, language: str) -> list[Image.Image]:
    """The pages in 32 greys, 40 dots per inch."""
    pages = []
    with pypdfium2.PdfDocument(bulletin_path(newsroom, language)) as document:
        for page in document:
            large = page.render(scale=DOTS_PER_INCH / 72, grayscale=True).to_pil().convert("L")
            pages.append(large.reduce(SMALLER).point(lambda grey: grey // 8 * 8))
    return pages


def pixels_apart(one: Image.Image, other: Image.Image) -> int:
    return sum(ImageChops.difference(one, other).histogram()[GREY:])


@pytest.mark.parametrize("language", TAGS)
def test_pages_look_like_their_reference(published: Newsroom, language: str) -> None:
    pages = drawn(published, language)
    if os.environ.get("WORKFLOW_RENEW_REFERENCES"):
        REFERENCES.mkdir(parents=True, exist_ok=True)
        for old in REFERENCES.glob(f"{language}-*.png"):
            old.unlink()
        for number, page in enumerate(pages, 1):
            page.save(REFERENCES / f"{language}-{number}.png", optimize=True)
    references = sorted(REFERENCES.glob(f"{language}-*.png"))
    renew = "renew: WORKFLOW_RENEW_REFERENCES=1 pytest tests/test_print.py -k reference"
    assert len(references) == len(pages), renew
    for file, page in zip(references, pages, strict=True):
        with Image.open(file) as reference:
            assert reference.size == page.size, renew
            assert pixels_apart(reference.convert("L"), page) <= ALLOWED, f"{file.name} looks otherwise; {renew}"


# --- Every element ---------------------------------------------------------------------------------------


def test_a_story_with_every_element_prints_in_each_language(tmp_path: Path) -> None:
    """Lists in lists, tables, quotes, code and footnotes once stopped a build: a bullet and an arrow had no glyph."""
    newsroom = copied_sample(tmp_path)
    folder = newsroom.root / "stories/elements"
    folder.mkdir()
    text = (Path(__file__).parent / "data/stories/elements.md").read_text(encoding="utf-8")
    (folder / "story.md").write_text(text.replace("languages: [en, zh]\n", ""), encoding="utf-8")
    Image.new("RGB", (90, 60), "navy").save(folder / "signing.jpg")
    assert run("update", "elements", root=newsroom.root).returncode == 0
    done = run("build", "--drafts", root=newsroom.root)
    assert (done.returncode, "error" in done.stderr) == (0, False), done.stderr
    for language in TAGS:
        assert (newsroom.root / f"out/drafts/print/{language}/elements.pdf").read_bytes().startswith(b"%PDF")
