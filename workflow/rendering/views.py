"""What the templates are given: values with every word already in the edition's language.

Words of the story come escaped (`Markup`); everything else is plain text that the templates escape.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, kw_only=True, slots=True)
class Alternate:
    """A language that the same thing can be read in."""

    code: str
    tag: str
    name: str
    """The language's own name."""
    href: str
    """Relative to the page that shows it."""
    url: str
    """Absolute."""
    current: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class SignatureView:
    """One approval, as the imprint tells it."""

    name: str
    role: str
    date: str
    """In the language's own form."""
    iso: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PublisherView:
    """The contact footer, in the language."""

    newsroom: str
    address: str
    telephone: str
    email: str
    contact: str
    copyright: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryView:
    """One edition, for its page, its bulletin and the lists that name it."""

    slug: str
    section: str
    headline: Markup
    title: str
    """The headline without markup."""
    summary: str
    published: str
    published_iso: str
    written_by: str
    """The names as one phrase; empty if there are none."""
    edited_by: str
    lead: Markup
    """The first picture with its words, which stands above the text; empty if there is none."""
    body: Markup
    translated_from: str
    """The source language's name in this language; empty for the source edition itself."""
    translators: str
    """The names as one phrase; empty if nobody is named."""
    signatures: tuple[SignatureView, ...]
    digest: str
    """The signed edition's sha256."""
    in_print: bool = True
    """False if there is no bulletin to lead to."""
    draft: bool = False
    """True for unsigned words, which every page must be marked with."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PageView:
    """What a page knows beside its own content."""

    code: str
    tag: str
    publisher: PublisherView
    accent: str
    root: str
    """Relative path from the page to the web root, ending with a slash: `../../../`."""
    url: str
    """The page's absolute address."""
    home: str
    """Relative path to the language's index; empty on the front page."""
    alternates: tuple[Alternate, ...] = ()
    """Every language in which this page is published, itself included."""
    pdf: str = ""
    """Relative path to the bulletin; empty if there is none."""
    stylesheets: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ShelfView:
    """A language on the front page: its name, the newsroom's name in it, its latest stories."""

    alternate: Alternate
    newsroom: str
    stories: tuple[StoryView, ...]
