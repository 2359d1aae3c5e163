"""Editions → files of the web and bundles for print. Knows templates and fonts, but nothing of the newsroom's disk."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from workflow.canonical import digest
from workflow.errors import InputError
from workflow.languages import Language, autonym, long_date
from workflow.rendering.fonts import fonts_in
from workflow.rendering.print import PrintBundle
from workflow.rendering.stories import PublishedEdition, publisher_view, story_view
from workflow.rendering.templates import TemplateFolders
from workflow.rendering.views import Alternate, PageView, ShelfView, StoryView
from workflow.rendering.web import environment, render
from workflow.settings import Settings
from workflow.site import SiteWords

LATEST = 5
"""Stories of each language on the front page."""
INDEX = "index.html"


class Press:
    """Renders what one newsroom publishes."""

    def __init__(
        self,
        settings: Settings,
        templates: TemplateFolders,
        *,
        words: Callable[[str], SiteWords],
        picture: Callable[[str], bytes],
    ) -> None:
        self.settings = settings
        self.words = words
        """The newsroom's own words by language code."""
        self.picture = picture
        """A picture's bytes by its frozen name."""
        self.templates = environment(templates)
        self.fonts = fonts_in(templates.find("fonts/coverage.json").parent)

    # --- Web ---

    def story_page(self, edition: PublishedEdition, codes: Sequence[str]) -> bytes:
        """The edition's page; `codes` are the languages in which the story is published, its own among them."""
        code, inner = edition.language.code, f"{edition.slug}/{INDEX}"
        path = f"{code}/{inner}"
        root = _root(path)
        pdf = f"{root}../print/{code}/{edition.slug}.pdf" if edition.in_print else ""
        page = self._page(edition.language, path, inner=inner, codes=codes, pdf=pdf)
        return self._text(code, "web/story.html", page=page, story=self._story(edition, f"{root}media/"))

    def notice_page(self, language: Language, slug: str, day: datetime.date, reason: str) -> bytes:
        """What stands at the address of an edition that was withdrawn."""
        inner = f"{slug}/{INDEX}"
        page = self._page(language, f"{language.code}/{inner}", inner=inner, codes=())
        date = long_date(language, day)
        return self._text(language.code, "web/withdrawn.html", page=page, date=date, reason=reason)

    def index_page(self, language: Language, editions: Iterable[PublishedEdition], codes: Sequence[str]) -> bytes:
        """The list of a language's stories; `codes` are the languages that have one."""
        return self._list("web/index.html", language, editions, codes)

    def feed(self, language: Language, editions: Iterable[PublishedEdition], codes: Sequence[str]) -> bytes:
        """The language's stories as an Atom feed."""
        return self._list("web/feed.xml", language, editions, codes)

    def front_page(self, shelves: Sequence[tuple[Language, Sequence[PublishedEdition]]]) -> bytes:
        """The page above all languages."""
        source = self.settings.languages[self.settings.source_language]
        codes = [language.code for language, _ in shelves]
        views = tuple(
            ShelfView(
                alternate=self._alternate(language.code, INDEX, "", source),
                newsroom=self.words(language.code).pgettext("newsroom", self.settings.name),
                stories=self._newest_first(editions, "media/")[:LATEST],
            )
            for language, editions in shelves
        )
        page = self._page(source, INDEX, inner=INDEX, codes=codes)
        return self._text(source.code, "web/front.html", page=page, shelves=views)

    def sitemap(self, editions: Iterable[tuple[PublishedEdition, Sequence[str]]]) -> bytes:
        """Every story page with its counterparts; each edition comes with the languages of its story."""
        source = self.settings.languages[self.settings.source_language]
        pages = []
        for edition, codes in editions:
            inner = f"{edition.slug}/{INDEX}"
            alternates = tuple(self._alternate(code, inner, "", source) for code in codes)
            url = self._alternate(edition.language.code, inner, "", source).url
            pages.append((url, edition.story.published.isoformat(), alternates))
        return self._text(source.code, "web/sitemap.xml", pages=pages)

    def style_sheet(self) -> bytes:
        """The style of all pages."""
        return self._text(self.settings.source_language, "web/style.css", accent=self.settings.accent)

    def font_sheet(self, characters: str, folder: str) -> tuple[bytes, tuple[str, ...]]:
        """(the font rules for the characters, the font files they name); `folder` leads to the files."""
        css, files = self.fonts.web_css(characters)
        return css.replace('url("', f'url("{folder}').encode(), files

    # --- Print ---

    def bundle(self, edition: PublishedEdition) -> PrintBundle:
        """All that the edition's bulletin is made of; raises InputError for a character that no font has."""
        code = edition.language.code
        page = self._page(edition.language, f"{code}/{INDEX}", inner=INDEX, codes=())
        sheets = ("print/fonts.css", "print/bulletin.css")
        stories = (self._story(edition, "media/"),)
        html = self._text(code, "print/bulletin.html", page=page, stories=stories, stylesheets=sheets).decode()
        self._refuse_missing_glyphs(html, edition)
        font_css, font_files = self.fonts.print_css(html)
        return PrintBundle(
            html=html,
            identifier=digest(html)[:32],
            files={
                sheets[0]: font_css.encode(),
                sheets[1]: self._text(code, "print/bulletin.css", accent=self.settings.accent),
                **{f"print/{name}": self.fonts.folder / name for name in font_files},
                **{f"media/{name}": self.picture(name) for name in edition.pictures},
            },
        )

    def _refuse_missing_glyphs(self, html: str, edition: PublishedEdition) -> None:
        if missing := self.fonts.missing(html):
            named = ", ".join(f"{character} (U+{ord(character):04X})" for character in missing)
            raise InputError.of(
                "print.glyph",
                f"{edition.slug} in {edition.language.code}: no font of the project has the character {named}",
                hint="use another character, or add a font that has it to templates/fonts",
            )

    # --- What pages share ---

    def _text(self, code: str, template: str, **values: Any) -> bytes:
        return render(self.templates, template, self.words(code), values).encode()

    def _story(self, edition: PublishedEdition, media: str) -> StoryView:
        """The story for templates; `media` leads from the page to the pictures."""
        words = self.words(edition.language.code)
        return story_view(edition, self.settings, words, lambda name: f"{media}{name}")

    def _newest_first(self, editions: Iterable[PublishedEdition], media: str) -> tuple[StoryView, ...]:
        ordered = sorted(editions, key=lambda edition: edition.story.published, reverse=True)
        return tuple(self._story(edition, media) for edition in ordered)

    def _list(
        self, template: str, language: Language, editions: Iterable[PublishedEdition], codes: Sequence[str]
    ) -> bytes:
        page = self._page(language, f"{language.code}/{INDEX}", inner=INDEX, codes=codes)
        return self._text(language.code, template, page=page, stories=self._newest_first(editions, "../media/"))

    def _page(self, language: Language, path: str, *, inner: str, codes: Iterable[str], pdf: str = "") -> PageView:
        """What the page at `path` below the web root knows; `inner` is its path within its language's folder."""
        root = _root(path)
        scope = f"{root}{language.code}/" if path.startswith(f"{language.code}/") else root
        return PageView(
            code=language.code,
            tag=language.tag,
            publisher=publisher_view(self.settings, self.words(language.code)),
            accent=self.settings.accent,
            root=root,
            url=self.settings.url + path.removesuffix(INDEX),
            home=f"{root}{language.code}/{INDEX}",
            alternates=tuple(self._alternate(code, inner, root, language) for code in codes),
            pdf=pdf,
            stylesheets=(f"{scope}fonts.css", f"{root}style.css"),
        )

    def _alternate(self, code: str, inner: str, root: str, current: Language) -> Alternate:
        language = self.settings.languages[code]
        return Alternate(
            code=code,
            tag=language.tag,
            name=autonym(language),
            href=f"{root}{code}/{inner}",
            url=f"{self.settings.url}{code}/{inner.removesuffix(INDEX)}",
            current=language == current,
        )


def _root(path: str) -> str:
    """The way from a page back to the web root."""
    return "../" * path.count("/")
