"""The pages in a real browser, wide and on a phone: nothing from outside, nothing broken, readable by everybody."""

from __future__ import annotations

import functools
import http.server
import itertools
import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from pressroom import SITE_URL, SLUG, TAGS, built_sample, page_at

from workflow.newsroom import Newsroom

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=360, height=740)
STORIES = [f"{language}/{SLUG}/index.html" for language in TAGS]
INDEXES = [f"{language}/index.html" for language in TAGS]
PAGES = [*STORIES, *INDEXES, "index.html"]
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
OUR_FAMILIES = ("Noto Serif SC Rare", "Noto Serif SC", "Noto Sans SC", "Noto Serif", "Noto Sans")

in_chromium = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason=f"{CHROMIUM} is missing: apt-get install chromium")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    return built_sample(tmp_path_factory.mktemp("published"))


@pytest.fixture(scope="module")
def web(published: Newsroom) -> Path:
    return published.root / "out/web"


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/favicon.ico":  # every browser asks every site for one
            self.send_response(http.HTTPStatus.NO_CONTENT)
            self.end_headers()
        else:
            super().do_GET()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the base class calls it so
        pass


@pytest.fixture(scope="module")
def address(published: Newsroom) -> Iterator[str]:
    """`out/` served on this machine; pages link to bulletins beside `web/`."""
    handler = functools.partial(QuietHandler, directory=str(published.root / "out"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/web/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield found
        found.close()


@dataclass
class Visit:
    """A page in a browser, with everything that it asked for and complained about."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def visit(browser: Browser, url: str, *, viewport: ViewportSize = WIDE, scheme: Any = "light") -> Visit:
    page = browser.new_page(viewport=viewport, color_scheme=scheme, bypass_csp=False)
    found = Visit(page=page)
    page.on("request", lambda request: found.requests.append(request.url))
    page.on("console", lambda message: found.complaints.append(message.text))
    page.on("pageerror", lambda error: found.complaints.append(str(error)))
    page.on("requestfailed", lambda request: found.complaints.append(f"failed: {request.url}"))
    page.on(
        "response", lambda answer: found.complaints.append(f"{answer.status} {answer.url}") if not answer.ok else None
    )
    page.goto(url, wait_until="load")
    page.evaluate("document.fonts.ready")
    return found


# --- In the browser --------------------------------------------------------------------------------------


@in_chromium
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_and_asks_for_nothing_from_outside(
    browser: Browser, address: str, web: Path, path: str, viewport: ViewportSize
) -> None:
    seen = visit(browser, address + path, viewport=viewport)
    try:
        assert seen.complaints == []
        for url in seen.requests:
            assert url.startswith(address), url
            assert (web / unquote(url.removeprefix(address))).is_file(), url
        width = seen.page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"], f"{path} scrolls sideways: {width}"
        pictures = seen.page.evaluate("[...document.images].map(image => [image.complete, image.naturalWidth])")
        assert all(complete and natural for complete, natural in pictures)
    finally:
        seen.page.close()


@in_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_violation(browser: Browser, address: str, path: str, scheme: str) -> None:
    seen = visit(browser, address + path, viewport=PHONE if path == STORIES[-1] else WIDE, scheme=scheme)
    try:
        found = Axe().run(seen.page)
        told = [(item["id"], [node["html"][:120] for node in item["nodes"]]) for item in found.response["violations"]]
        assert told == []
    finally:
        seen.page.close()


@in_chromium
@pytest.mark.parametrize("path", [STORIES[0], STORIES[1], "index.html"])
def test_dark_pages_are_dark_and_light_ones_light(browser: Browser, address: str, path: str) -> None:
    measured = {}
    for scheme in ("light", "dark"):
        seen = visit(browser, address + path, scheme=scheme)
        colours = seen.page.evaluate(
            "[getComputedStyle(document.documentElement).backgroundColor,"
            " getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
        )
        seen.page.close()
        ground = next((item for item in reversed(colours[:2]) if not item.endswith(", 0)")), "rgb(255, 255, 255)")
        measured[scheme] = (brightness(ground), brightness(colours[2]))
    assert measured["light"][0] > 200 > 100 > measured["light"][1]
    assert measured["dark"][0] < 60 < 160 < measured["dark"][1]


def brightness(colour: str) -> float:
    """0 to 255, of `rgb(…)` as browsers compute it."""
    red, green, blue = (float(part) for part in colour.partition("(")[2].rstrip(")").split(",")[:3])
    return 0.299 * red + 0.587 * green + 0.114 * blue


@in_chromium
@pytest.mark.parametrize("path", PAGES)
def test_every_letter_is_set_in_our_fonts(browser: Browser, address: str, path: str) -> None:
    seen = visit(browser, address + path)
    try:
        used = fonts_used(seen.page)
        assert used, "no text?"
        assert all(custom for _, custom in used), used
        assert all(family.startswith(OUR_FAMILIES) for family, _ in used)
        failed = seen.page.evaluate(
            "[...document.fonts].filter(face => face.status == 'error').map(face => face.family)"
        )
        assert failed == []
    finally:
        seen.page.close()


def fonts_used(page: Page) -> set[tuple[str, bool]]:
    """(family, whether it came with the page) of every font that Chromium drew text with."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument", {"depth": -1})["root"]
    found: set[tuple[str, bool]] = set()

    def look(node: dict[str, Any]) -> None:
        if node["nodeType"] == 1 and node["localName"] not in {"head", "script", "style"}:
            fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node["nodeId"]})["fonts"]
            found.update((font["familyName"], font["isCustomFont"]) for font in fonts)
        for child in node.get("children", []):
            look(child)

    look(root)
    return found


@in_chromium
@pytest.mark.parametrize("path", [STORIES[0], STORIES[1], "index.html"])
def test_a_page_works_from_the_disk_too(browser: Browser, web: Path, path: str) -> None:
    """Opened by double click; only fonts may be withheld from `file:` pages by the browser."""
    seen = visit(browser, (web / path).as_uri())
    try:
        root = web.parent.as_uri()
        assert all(url.startswith(root) for url in seen.requests)
        assert [text for text in seen.complaints if ".woff2" not in text and "font" not in text] == []
        pictures = seen.page.evaluate("[...document.images].map(image => image.naturalWidth)")
        assert all(pictures)
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= WIDE["width"]
        styled = seen.page.evaluate("getComputedStyle(document.body).fontFamily")
        assert "Noto" in styled
    finally:
        seen.page.close()


@in_chromium
def test_the_keyboard_reaches_the_text_first(browser: Browser, address: str) -> None:
    seen = visit(browser, address + STORIES[0])
    try:
        seen.page.keyboard.press("Tab")
        target = seen.page.evaluate("document.activeElement.getAttribute('href')")
        assert target.startswith("#")
        assert seen.page.evaluate(f"document.querySelector('{target}').tagName") == "MAIN"
    finally:
        seen.page.close()


# --- In the files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_the_policy_lets_only_the_sites_own_files_in(published: Newsroom, path: str) -> None:
    page = page_at(published, path)
    policies = [item["content"] for item in page.all("meta") if item.get("http-equiv") == "Content-Security-Policy"]
    (policy,) = policies
    rules = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert {rules["img-src"], rules["style-src"], rules["font-src"]} == {"'self'"}
    assert rules["base-uri"] == rules["form-action"] == "'none'"
    assert not [script for script in page.all("script") if script.get("type") != "application/ld+json"]
    assert not [
        name for _, attributes in page.elements for name in attributes if name.startswith("on") or name == "style"
    ]


@pytest.mark.parametrize("language", TAGS)
def test_pages_name_their_language(published: Newsroom, language: str) -> None:
    for path in (f"{language}/{SLUG}/index.html", f"{language}/index.html"):
        page = page_at(published, path)
        assert page.all("html")[0]["lang"] == TAGS[language]
        for link in page.all("a"):
            assert link.get("lang", link.get("hreflang")) == link.get("hreflang", link.get("lang"))
    shelves = page_at(published, "index.html")
    assert TAGS[language] in {attributes.get("lang") for _, attributes in shelves.elements}


def test_alternates_are_absolute_and_reciprocal(published: Newsroom) -> None:
    for inner in (f"{SLUG}/", ""):
        sets = {}
        for language, tag in TAGS.items():
            page = page_at(published, f"{language}/{inner}index.html")
            own = f"{SITE_URL}{language}/{inner}"
            sets[language] = page.alternates()
            assert sets[language][tag] == own
            assert [link["href"] for link in page.all("link") if link.get("rel") == "canonical"] == [own]
        assert sets["en"] == sets["zh"] == sets["ru"]
        assert sets["en"]["x-default"] in set(sets["en"].values())
        for url in sets["en"].values():
            assert (published.root / "out/web" / url.removeprefix(SITE_URL) / "index.html").is_file()


@pytest.mark.parametrize("path", PAGES)
def test_links_lead_to_files_that_are_there(published: Newsroom, path: str) -> None:
    page, out = page_at(published, path), published.root / "out"
    ids = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    addresses = [item["href"] for item in (*page.all("a"), *page.all("link")) if "href" in item]
    addresses += [image["src"] for image in page.all("img")]
    assert len(addresses) > 5
    for link in addresses:
        whole = (
            urljoin(f"{SITE_URL}web/{path}", link) if "://" not in link else link.replace(SITE_URL, f"{SITE_URL}web/")
        )
        parts = urlsplit(whole)
        if parts.scheme in {"mailto", "tel"}:
            assert " " not in link
        elif link.startswith("#"):
            assert link[1:] in ids
        else:
            assert whole.startswith(SITE_URL), link
            target = out / unquote(parts.path.lstrip("/"))
            assert (target / "index.html" if parts.path.endswith("/") else target).is_file(), link


@pytest.mark.parametrize("path", PAGES)
def test_headings_are_in_order(published: Newsroom, path: str) -> None:
    page = page_at(published, path)
    levels = [int(tag[1]) for tag, _ in page.elements if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels))


@pytest.mark.parametrize("language", TAGS)
def test_search_engines_are_told_what_the_page_says(published: Newsroom, language: str) -> None:
    page = page_at(published, f"{language}/{SLUG}/index.html")
    (data,) = (json.loads(text) for text in page.data if text.strip().startswith("{"))
    assert data["@type"] == "NewsArticle"
    assert data["inLanguage"] == TAGS[language]
    assert data["headline"] in page.text
    assert data["datePublished"] == "2021-05-03"
    assert data["url"] == f"{SITE_URL}{language}/{SLUG}/"
    for image in data["image"]:
        assert image.startswith(SITE_URL)
        path = urlsplit(urljoin(image, urlsplit(image).path)).path
        assert ".." not in path
        assert (published.root / "out/web" / path.lstrip("/")).is_file()


@pytest.mark.parametrize("language", TAGS)
def test_the_feed_is_atom_with_absolute_addresses(published: Newsroom, language: str) -> None:
    root = ElementTree.fromstring((published.root / f"out/web/{language}/feed.xml").read_bytes())
    assert root.tag == f"{ATOM}feed"
    assert root.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == TAGS[language]
    for element in (root, *root.findall(f"{ATOM}entry")):
        for name in ("title", "id", "updated"):
            assert (element.findtext(f"{ATOM}{name}") or "").strip()
        assert (element.findtext(f"{ATOM}id") or "").startswith(SITE_URL)
    (entry,) = root.findall(f"{ATOM}entry")
    headline = next(link for link in entry.findall(f"{ATOM}link") if link.get("rel") == "alternate")
    assert headline.attrib["href"] == f"{SITE_URL}{language}/{SLUG}/"
    for link in root.iter(f"{ATOM}link"):
        target = published.root / "out/web" / link.attrib["href"].removeprefix(SITE_URL)
        assert link.attrib["href"].startswith(SITE_URL)
        assert target.is_file() or (target / "index.html").is_file()


def test_the_sitemap_lists_each_story_in_each_language_with_the_others(published: Newsroom) -> None:
    root = ElementTree.fromstring((published.root / "out/web/sitemap.xml").read_bytes())
    assert root.tag == f"{SITEMAP}urlset"
    places = {url.findtext(f"{SITEMAP}loc") or "": url for url in root.findall(f"{SITEMAP}url")}
    stories = {f"{SITE_URL}{language}/{SLUG}/" for language in TAGS}
    assert stories <= set(places)
    for place in places:
        assert place.startswith(SITE_URL)
        assert (published.root / "out/web" / place.removeprefix(SITE_URL) / "index.html").is_file()
    for place in stories:
        others = {link.attrib["hreflang"]: link.attrib["href"] for link in places[place].findall(f"{XHTML}link")}
        expected = {tag: f"{SITE_URL}{language}/{SLUG}/" for language, tag in TAGS.items()}
        assert others == {**expected, "x-default": expected["en"]}


def test_pages_can_be_moved_as_a_folder(web: Path, tmp_path: Path) -> None:
    """Nothing but canonical, alternate and feed addresses depends on where the site is."""
    shutil.copytree(web, tmp_path / "elsewhere")
    for page in (tmp_path / "elsewhere").rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert str(web) not in text
        assert 'href="/' not in text
        assert 'src="/' not in text
