"""A signed edition → what the templates show of it."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from workflow.languages import Language, joined_names, long_date, name_in
from workflow.model import Figure, SignOff, Story
from workflow.rendering.html import StoryHtml
from workflow.rendering.pictures import PictureFacts
from workflow.rendering.views import PublisherView, SignatureView, StoryView
from workflow.settings import Settings
from workflow.site import BACKGROUND_LABEL, SiteWords


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedEdition:
    """An edition with what is known about it."""

    slug: str
    story: Story
    language: Language
    source: Language | None
    """The language that it was translated from; None for the words of its authors."""
    digest: str
    approvals: tuple[SignOff, ...]
    """None for a draft."""
    pictures: dict[str, PictureFacts]
    """By file name in `locales/media/`."""
    in_print: bool = True
    """False if there is no bulletin that its page could lead to."""


def story_view(
    edition: PublishedEdition, settings: Settings, words: SiteWords, address: Callable[[str], str]
) -> StoryView:
    """The edition for the templates; `address` gives the link to a picture by its file name."""
    story, language = edition.story, edition.language
    lead, rest = _take_lead(story)
    html = StoryHtml(rest, figure=_figure_renderer(edition, address), background=words.gettext(BACKGROUND_LABEL))
    headline = html.inline(story.headline)
    return StoryView(
        slug=edition.slug,
        section=words.pgettext("section", settings.sections[story.section]),
        headline=Markup(headline),
        title=html.plain(story.headline),
        summary=story.summary.text if story.summary else "",
        published=long_date(language, story.published),
        published_iso=story.published.isoformat(),
        written_by=joined_names(language, [name.text for name in story.written_by]),
        edited_by=joined_names(language, [name.text for name in story.edited_by]),
        lead=Markup(html.figure(lead, html) if lead else ""),
        body=Markup(html.body()),
        translated_from=name_in(language, edition.source) if edition.source else "",
        translators=joined_names(language, _translators(edition.approvals, settings, words)),
        signatures=tuple(_signature(record, settings, language, words) for record in edition.approvals),
        digest=edition.digest,
        in_print=edition.in_print,
        draft=not edition.approvals,
    )


def publisher_view(settings: Settings, words: SiteWords) -> PublisherView:
    """The publisher in the language of the words."""
    publisher = settings.publisher
    translated = {
        name: words.pgettext("publisher", text) if (text := getattr(publisher, name)) else ""
        for name in ("address", "contact", "copyright")
    }
    return PublisherView(
        newsroom=words.pgettext("newsroom", settings.name),
        telephone=publisher.telephone,
        email=publisher.email,
        **translated,
    )


def _take_lead(story: Story) -> tuple[Figure | None, Story]:
    """The first picture, which newspapers put above the text, and the story without it."""
    lead = next((block for block in story.blocks if isinstance(block, Figure)), None)
    rest = tuple(block for block in story.blocks if block is not lead)
    return lead, dataclasses.replace(story, blocks=rest)


def _figure_renderer(edition: PublishedEdition, address: Callable[[str], str]) -> Callable[[Figure, StoryHtml], str]:
    def render(figure: Figure, html: StoryHtml) -> str:
        del html
        name = figure.source.rpartition("/")[2]
        facts = edition.pictures[name]
        size = f' width="{facts.width}" height="{facts.height}"'
        image = f'<img src="{escape(address(name))}" alt="{escape(figure.alt.text)}"{size}>'
        caption = escape(figure.caption.text) if figure.caption else ""
        credit = f'<span class="credit">{escape(figure.credit.text)}</span>' if figure.credit else ""
        words = " ".join(part for part in (caption, credit) if part)
        return f"<figure>{image}{f'<figcaption>{words}</figcaption>' if words else ''}</figure>\n"

    return render


def _translators(approvals: Iterable[SignOff], settings: Settings, words: SiteWords) -> list[str]:
    """The names of the translators; a person of the newsroom is named in the language."""
    found: dict[str, None] = {}
    for record in approvals:
        for translator in record.translators:
            name, _, email = translator.rpartition("<")
            person = settings.people.get(email.rstrip(">"))
            found.setdefault(words.pgettext("person", person.name) if person else name.strip() or translator)
    return list(found)


def _signature(record: SignOff, settings: Settings, language: Language, words: SiteWords) -> SignatureView:
    person = settings.people.get(record.signer)
    day: datetime.date = record.at.date()
    return SignatureView(
        name=words.pgettext("person", person.name) if person else record.name,
        role=words.pgettext("role", record.role),
        date=long_date(language, day),
        iso=day.isoformat(),
    )
