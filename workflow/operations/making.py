"""Making the files that a build found missing or out of date."""

from __future__ import annotations

import functools
import posixpath
from collections.abc import Sequence
from concurrent.futures import Executor

from workflow.canonical import digest, digest_of
from workflow.errors import InputError
from workflow.newsroom import SITE, Newsroom
from workflow.operations.artifacts import PAGES, Job
from workflow.operations.published import Publishable
from workflow.operations.workers import unless_interrupted
from workflow.operations.workshop import Artifact, Workshop
from workflow.rendering.pictures import PictureFacts, picture_facts
from workflow.rendering.press import Press
from workflow.rendering.print import render_pdf
from workflow.rendering.stories import PublishedEdition
from workflow.site import SiteWords, site_words
from workflow.story import parse_story


def make(workshop: Workshop, jobs: Sequence[Job], executor: Executor | None) -> None:
    """Makes the jobs' files. Everything is rendered before the first file is written."""
    maker = _Maker(workshop)
    prints = [job for job in jobs if job.kind == "bulletin"]
    bundles = [maker.press.bundle(maker.edition(workshop.bulletin(job.language, job.slug))) for job in prints]
    render = functools.partial(unless_interrupted, render_pdf)
    pending = executor.map(render, bundles) if executor else map(render, bundles)
    made = [(job, maker.web(job)) for job in jobs if job.kind != "bulletin"]
    pdfs = list(pending)
    for job, data in made:
        is_page = job.kind in PAGES
        characters = "".join(sorted(set(data.decode()))) if is_page else ""
        workshop.store(job.artifact, data, characters)
    for job, data in zip(prints, pdfs, strict=True):
        workshop.store(job.artifact, data)


def make_font_sheet(workshop: Workshop, sheet: Artifact, characters: str) -> None:
    """Writes the `@font-face` rules for the characters, and notes the files they name."""
    folder = "../" * (sheet.path.count("/") - 2) + "fonts/"
    css, files = _Maker(workshop).press.font_sheet(characters, folder)
    workshop.store(sheet, css, uses=files)


class Words:
    """The newsroom's own words by language code, each catalog read once."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self.known: dict[str, SiteWords] = {}

    def __call__(self, code: str) -> SiteWords:
        if code not in self.known:
            catalog = self.newsroom.read_catalog(code, SITE)
            if catalog is None:
                raise AssertionError(f"{code} was to be rendered without its words")
            self.known[code] = site_words(catalog)
        return self.known[code]


class _Maker:
    """Brings what is on the disk to the press."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        self.newsroom = workshop.newsroom
        self.known: dict[str, PublishedEdition] = {}
        self.press = Press(
            self.newsroom.settings,
            workshop.templates,
            words=Words(self.newsroom),
            picture=lambda name: self.picture(name)[1],
        )

    def web(self, job: Job) -> bytes:
        """The bytes of one file of the web edition."""
        language = self.newsroom.settings.languages.get(job.language)
        codes = self.workshop.languages
        match job.kind:
            case "page":
                edition = self.edition(self.workshop.page(job.language, job.slug))
                return self.press.story_page(edition, self.workshop.tongues_of(job.slug))
            case "notice" if language:
                withdrawal = self.workshop.withdrawal(job.language, job.slug)
                return self.press.notice_page(language, job.slug, withdrawal.record.at.date(), withdrawal.reason)
            case "index" if language:
                return self.press.index_page(language, self.editions(job.language), codes)
            case "feed" if language:
                return self.press.feed(language, self.editions(job.language), codes)
            case "front":
                return self.press.front_page(
                    [(item.language, self.editions(item.language.code)) for item in self.workshop.shelves]
                )
            case "sitemap":
                everything = [edition for code in codes for edition in self.editions(code)]
                return self.press.sitemap((edition, self.workshop.tongues_of(edition.slug)) for edition in everything)
            case "style":
                return self.press.style_sheet()
            case "media":
                return self.picture(job.name)[1]
        raise AssertionError(f"no such job: {job}")

    def editions(self, code: str) -> list[PublishedEdition]:
        """What a language has on the web."""
        return [self.edition(edition) for edition in self.workshop.shelf(code).web]

    def edition(self, published: Publishable) -> PublishedEdition:
        """The words and pictures that a frozen edition puts before the press."""
        key = digest_of(published.key)
        if key not in self.known:
            settings = self.newsroom.settings
            story = parse_story(published.text, published.path, settings.story_rules)
            self.known[key] = PublishedEdition(
                slug=published.slug,
                story=story,
                language=published.language,
                source=settings.languages[story.translated_from] if story.translated_from else None,
                digest=published.digest,
                approvals=published.approvals,
                in_print=self.workshop.in_print(published.language.code, published.slug),
                pictures={name: self.picture(name)[0] for name in published.media_names},
            )
        return self.known[key]

    @functools.cache  # noqa: B019 -- a maker lives for one build
    def picture(self, name: str) -> tuple[PictureFacts, bytes]:
        """A frozen picture, whose name must be its digest."""
        path = self.newsroom.media_file(name)
        data = self.newsroom.read(path)
        if digest(data) != posixpath.splitext(name)[0]:
            hint = "restore the file from version control"
            raise InputError.of("media.changed", "not the picture that was signed", path=path, hint=hint)
        return picture_facts(data, name, path), data
