"""Making the files that a build found missing or out of date."""

from __future__ import annotations

import functools
import posixpath
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from typing import Any

from workflow.canonical import digest
from workflow.errors import InputError
from workflow.languages import Language, autonym
from workflow.newsroom import SITE
from workflow.operations.artifacts import Job
from workflow.operations.published import Publishable
from workflow.operations.workshop import Artifact, Workshop
from workflow.rendering.fonts import fonts_in
from workflow.rendering.pictures import PictureFacts, picture_facts
from workflow.rendering.print import PrintBundle, render_pdf
from workflow.rendering.stories import PublishedEdition, publisher_view, story_view
from workflow.rendering.views import Alternate, PageView, ShelfView, StoryView
from workflow.rendering.web import environment, render
from workflow.site import SiteWords, site_words
from workflow.story import parse_story

LATEST = 5
"""Stories of each language on the front page."""


def make(workshop: Workshop, jobs: Sequence[Job], executor: Executor | None) -> None:
    """Makes the jobs' files. Everything is rendered before the first file is written."""
    maker = _Maker(workshop)
    prints = [job for job in jobs if job.kind == "bulletin"]
    bundles = [maker.bundle(job) for job in prints]
    pending = executor.map(render_pdf, bundles) if executor else map(render_pdf, bundles)
    made = [(job, maker.web(job)) for job in jobs if job.kind != "bulletin"]
    pdfs = list(pending)
    for job, data in made:
        is_page = job.kind in {"page", "index", "front"}
        characters = "".join(sorted(set(data.decode()))) if is_page else ""
        workshop.store(job.artifact, data, characters)
    for job, data in zip(prints, pdfs, strict=True):
        workshop.store(job.artifact, data)


def make_font_sheet(workshop: Workshop, sheet: Artifact, characters: str) -> None:
    """Writes the `@font-face` rules for the characters, and notes the files they name."""
    fonts = fonts_in(workshop.templates.find("fonts/coverage.json").parent)
    css, files = fonts.web_css(characters)
    up = "../" * (sheet.path.count("/") - 2)
    workshop.store(sheet, css.replace('url("', f'url("{up}fonts/').encode(), uses=files)


class _Maker:
    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        self.newsroom = workshop.newsroom
        self.settings = workshop.newsroom.settings
        self.templates = environment(workshop.templates)
        self.fonts = fonts_in(workshop.templates.find("fonts/coverage.json").parent)

    # --- What pages share ---

    @functools.cache  # noqa: B019 -- a maker lives for one build
    def words(self, code: str) -> SiteWords:
        catalog = self.newsroom.read_catalog(code, SITE)
        if catalog is None:
            raise AssertionError(f"{code} was planned without its words")
        return site_words(catalog)

    @functools.cache  # noqa: B019
    def edition(self, code: str, slug: str) -> PublishedEdition:
        published = self.workshop.edition(code, slug)
        path = self.newsroom.edition_file(code, slug)
        story = parse_story(published.text, path, self.settings.story_rules)
        return PublishedEdition(
            slug=slug,
            story=story,
            language=self.settings.languages[code],
            source=self.settings.languages[story.translated_from] if story.translated_from else None,
            digest=published.digest,
            approvals=published.approvals,
            pictures={name: self.picture(name)[0] for name in published.media_names},
        )

    @functools.cache  # noqa: B019
    def picture(self, name: str) -> tuple[PictureFacts, bytes]:
        """A frozen picture, whose name must be its digest."""
        path = f"locales/media/{name}"
        data = self.newsroom.read(path)
        if digest(data) != posixpath.splitext(name)[0]:
            hint = "restore the file from version control"
            raise InputError.of("media.changed", "not the picture that was signed", path=path, hint=hint)
        return picture_facts(data, name, path), data

    def view(self, code: str, slug: str, media: str) -> StoryView:
        """The story for templates; `media` leads from the page to the pictures."""
        edition = self.edition(code, slug)
        return story_view(edition, self.settings, self.words(code), lambda name: f"{media}{name}")

    def page(self, language: Language, path: str, *, codes: Iterable[str], inner: str, pdf: str = "") -> PageView:
        """What the page at `path` below the web root knows. `inner` is its path within its language's folder."""
        root = "../" * path.count("/")
        scope = f"{root}{language.code}/" if path.startswith(f"{language.code}/") else root
        return PageView(
            code=language.code,
            tag=language.tag,
            publisher=publisher_view(self.settings, self.words(language.code)),
            accent=self.settings.accent,
            root=root,
            url=self.settings.url + path.removesuffix("index.html"),
            home=f"{root}{language.code}/index.html",
            alternates=tuple(self.alternate(code, inner, root, language) for code in codes),
            pdf=pdf,
            stylesheets=(f"{scope}fonts.css", f"{root}style.css"),
        )

    def alternate(self, code: str, inner: str, root: str, current: Language) -> Alternate:
        language = self.settings.languages[code]
        return Alternate(
            code=code,
            tag=language.tag,
            name=autonym(language),
            href=f"{root}{code}/{inner}",
            url=f"{self.settings.url}{code}/{inner.removesuffix('index.html')}",
            current=language == current,
        )

    # --- Web ---

    def web(self, job: Job) -> bytes:
        """The bytes of one file of the web edition."""
        match job.kind:
            case "page":
                return self.story_page(job)
            case "index" | "feed":
                return self.language_page(job)
            case "front":
                return self.front_page()
            case "sitemap":
                return self.sitemap()
            case "style":
                code = self.settings.source_language
                return self.text(code, "web/style.css", accent=self.settings.accent)
            case "media":
                return self.picture(job.name)[1]
        raise AssertionError(f"no such kind: {job.kind}")

    def text(self, code: str, template: str, **values: Any) -> bytes:
        return render(self.templates, template, self.words(code), values).encode()

    def story_page(self, job: Job) -> bytes:
        language = self.settings.languages[job.language]
        path = job.artifact.path.removeprefix("out/web/")
        root = "../" * path.count("/")
        page = self.page(
            language,
            path,
            codes=self.workshop.tongues_of(job.slug),
            inner=f"{job.slug}/index.html",
            pdf=f"{root}../print/{language.code}/{job.slug}.pdf",
        )
        story = self.view(language.code, job.slug, f"{root}media/")
        return self.text(language.code, "web/story.html", page=page, story=story)

    def language_page(self, job: Job) -> bytes:
        language = self.settings.languages[job.language]
        path = f"{language.code}/index.html"
        page = self.page(language, path, codes=self.workshop.languages, inner="index.html")
        template = "web/index.html" if job.kind == "index" else "web/feed.xml"
        return self.text(language.code, template, page=page, stories=self.stories(language.code, "../media/"))

    def stories(self, code: str, media: str) -> tuple[StoryView, ...]:
        """The language's stories, newest first."""
        views = [self.view(code, edition.slug, media) for edition in self.workshop.shelf(code).editions]
        return tuple(sorted(views, key=lambda view: view.published_iso, reverse=True))

    def front_page(self) -> bytes:
        language = self.settings.languages[self.settings.source_language]
        page = self.page(language, "index.html", codes=self.workshop.languages, inner="index.html")
        shelves = tuple(
            ShelfView(
                alternate=self.alternate(code, "index.html", "", language),
                newsroom=self.words(code).pgettext("newsroom", self.settings.name),
                stories=self.stories(code, "media/")[:LATEST],
            )
            for code in self.workshop.languages
        )
        return self.text(language.code, "web/front.html", page=page, shelves=shelves)

    def sitemap(self) -> bytes:
        source = self.settings.languages[self.settings.source_language]
        pages = []
        for code in self.workshop.languages:
            for edition in self.workshop.shelf(code).editions:
                inner = f"{edition.slug}/index.html"
                others = [self.alternate(other, inner, "", source) for other in self.workshop.tongues_of(edition.slug)]
                url = self.alternate(code, inner, "", source).url
                pages.append((url, self.edition(code, edition.slug).story.published.isoformat(), tuple(others)))
        return self.text(source.code, "web/sitemap.xml", pages=pages)

    # --- Print ---

    def bundle(self, job: Job) -> PrintBundle:
        """All that the bulletin of one edition is made of."""
        language = self.settings.languages[job.language]
        page = self.page(language, f"{language.code}/index.html", codes=(), inner="index.html")
        sheets = ("print/fonts.css", "print/bulletin.css")
        story = self.view(language.code, job.slug, "media/")
        html = self.text(language.code, "print/bulletin.html", page=page, stories=(story,), stylesheets=sheets)
        text = html.decode()
        self.refuse_missing_glyphs(text, job)
        font_css, font_files = self.fonts.print_css(text)
        edition: Publishable = self.workshop.edition(language.code, job.slug)
        return PrintBundle(
            html=text,
            identifier=edition.digest[:32],
            files={
                sheets[0]: font_css.encode(),
                sheets[1]: self.text(language.code, "print/bulletin.css", accent=self.settings.accent),
                **{f"print/{name}": self.fonts.folder / name for name in font_files},
                **{f"media/{name}": self.picture(name)[1] for name in edition.media_names},
            },
        )

    def refuse_missing_glyphs(self, text: str, job: Job) -> None:
        if missing := self.fonts.missing(text):
            named = ", ".join(f"{character} (U+{ord(character):04X})" for character in missing)
            raise InputError.of(
                "print.glyph",
                f"no font of the project has the character {named}",
                path=self.newsroom.edition_file(job.language, job.slug),
                hint="use another character, or add a font that has it to templates/fonts",
            )
