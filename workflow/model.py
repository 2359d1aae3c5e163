"""The values that every layer speaks of: story, segment, unit, catalog, edition, sign-off, stage.

All are frozen and compare by what they say, not by where they stood: line numbers and the like are left out.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

# --- Stories ---------------------------------------------------------------------------------------------


class Role(StrEnum):
    """What a segment is to its story."""

    HEADLINE = "headline"
    SUMMARY = "summary"
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list-item"
    QUOTE = "quote"
    CELL = "cell"
    FOOTNOTE = "footnote"
    ALT = "alt"
    CAPTION = "caption"
    CREDIT = "credit"

    @property
    def context(self) -> str | None:
        """The role as a catalog's `msgctxt`; plain body text has none."""
        return None if self is Role.PARAGRAPH else self.value

    @classmethod
    def of_context(cls, context: str | None) -> Role | None:
        """The role that a catalog's `msgctxt` names; None if it names none."""
        return next((role for role in cls if role.context == context), None)

    @property
    def is_plain(self) -> bool:
        """True for words that stand in an attribute or a name, where Markdown means nothing."""
        return self in {Role.SUMMARY, Role.ALT, Role.CAPTION, Role.CREDIT}

    @property
    def is_required(self) -> bool:
        """True where an edition cannot leave the words out."""
        return self is Role.HEADLINE

    @property
    def is_one_line(self) -> bool:
        """True where Markdown has no way to break a line."""
        return self in {Role.HEADLINE, Role.HEADING, Role.CELL}

    @property
    def may_split(self) -> bool:
        """True where one source paragraph may become several in a translation."""
        return self in {Role.PARAGRAPH, Role.LIST_ITEM, Role.QUOTE, Role.FOOTNOTE}


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """A run of text of a story: inline Markdown on one line, hard breaks as a backslash and a line end."""

    text: str
    line: int = field(default=0, compare=False)
    """Where it begins in the story's file, from 1; 0 when the story was not read from a file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Segment:
    """One translatable run of text, as the traversal meets it."""

    role: Role
    source: str
    line: int = field(default=0, compare=False)


Attributes: TypeAlias = tuple[tuple[str, str], ...]
"""`class`, `id` and `lang` of a block, sorted by name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Paragraph:
    words: Words
    attributes: Attributes = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    words: Words
    level: int
    """2 to 6; level 1 is the story's headline."""
    attributes: Attributes = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A picture that stands alone, with its words."""

    source: str
    """The picture's file, relative to the story's folder."""
    alt: Words
    caption: Words | None = None
    credit: Words | None = None
    attributes: Attributes = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ListBlock:
    items: tuple[tuple[Block, ...], ...]
    start: int | None = None
    """The first number of an ordered list; None for a bulleted one."""
    tight: bool = True
    attributes: Attributes = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    blocks: tuple[Block, ...]
    attributes: Attributes = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Code:
    """Preformatted text; it is not translated."""

    text: str
    info: str = ""
    attributes: Attributes = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    attributes: Attributes = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    header: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]
    alignments: tuple[str, ...]
    """One a column: `left`, `center`, `right` or empty."""
    attributes: Attributes = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Footnote:
    """The text of a footnote, where the author put it; the mark `[^label]` is part of the words."""

    label: str
    blocks: tuple[Block, ...]


Block: TypeAlias = Paragraph | Heading | Figure | ListBlock | Quote | Code | Rule | Table | Footnote


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """A link's address, defined apart from the text: `[label]: address "title"`."""

    label: str
    address: str
    title: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """One article in one language."""

    language: str
    """The gettext code of the language it is in."""
    section: str
    """A key of `[sections]` in `newsroom.toml`."""
    published: datetime.date
    headline: Words
    summary: Words | None = None
    written_by: tuple[Words, ...] = ()
    edited_by: tuple[Words, ...] = ()
    translated_from: str = ""
    """The language that an edition was made from; empty for a story in the words of its authors."""
    languages: tuple[str, ...] = ()
    """The only languages it is meant for; empty means all of the newsroom's."""
    blocks: tuple[Block, ...] = ()
    references: tuple[Reference, ...] = ()


# --- Catalogs --------------------------------------------------------------------------------------------


class UnitState(StrEnum):
    """Where a translator stands with a unit; derived, never stored apart."""

    NEW = "new"
    NEEDS_REVIEW = "needs review"
    TRANSLATED = "translated"
    OBSOLETE = "obsolete"


@dataclass(frozen=True, kw_only=True, slots=True)
class Previous:
    """The source that a fuzzy unit's translation was made from (`#| msgctxt`, `#| msgid`)."""

    source: str
    context: str | None = None
    source_plural: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """One entry of a catalog."""

    source: str
    context: str | None = None
    source_plural: str | None = None
    targets: tuple[str, ...] = ("",)
    """The translation; with `source_plural`, one for each plural form of the language."""
    fuzzy: bool = False
    obsolete: bool = False
    previous: Previous | None = None
    references: tuple[str, ...] = ()
    """`stories/…/story.md:12` each."""
    notes: tuple[str, ...] = ()
    """Lines for the translator, from the source (`#.`)."""
    comments: tuple[str, ...] = ()
    """The translator's own lines (`#`)."""
    flags: tuple[str, ...] = ()
    """Sorted; `fuzzy` is not among them."""
    line: int = field(default=0, compare=False)
    """Where it begins in its file, from 1; 0 when it was not read from one."""

    @property
    def key(self) -> tuple[str | None, str]:
        """What makes a unit one: gettext tells entries apart by context and source."""
        return self.context, self.source

    @property
    def target(self) -> str:
        """The translation of a unit without plural."""
        return self.targets[0]

    @property
    def is_translated(self) -> bool:
        """True if no form of the translation is blank, whether fuzzy or not."""
        return all(target.strip() for target in self.targets)

    @property
    def state(self) -> UnitState:
        if self.obsolete:
            return UnitState.OBSOLETE
        if not self.is_translated:
            return UnitState.NEW
        return UnitState.NEEDS_REVIEW if self.fuzzy else UnitState.TRANSLATED


@dataclass(frozen=True, kw_only=True, slots=True)
class Catalog:
    """The units of one domain in one language."""

    headers: tuple[tuple[str, str], ...]
    """The header entry's fields, in file order."""
    comments: tuple[str, ...] = ()
    """The lines above the header entry."""
    units: tuple[Unit, ...] = ()
    """First the live ones, in the order of the story; then the obsolete ones."""

    @property
    def live(self) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.units if not unit.obsolete)

    def header(self, name: str) -> str:
        """The value of a header field; empty if there is none."""
        return next((value for key, value in self.headers if key == name), "")


# --- Editions and sign-off -------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Edition:
    """A story in one language, complete and in that language only."""

    slug: str
    story: Story
    """The words; its figures name pictures of `locales/media/`, relative to the frozen edition's file."""
    text: str
    """The same as a story file: what is frozen, and whose bytes are signed."""
    source_digest: str
    """sha256 over the ordered source segments."""
    segment_digests: tuple[str, ...]
    """One sha256 per (role, source, target), in story order."""
    media: tuple[tuple[str, str], ...] = ()
    """(file name in the story's folder, sha256 of its bytes), in story order."""
    omitted: tuple[Segment, ...] = ()
    """Source segments that this edition leaves out on purpose."""


class Decision(StrEnum):
    APPROVE = "approve"
    RETURN = "return"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """What an editor wants changed, bound to the digest of a segment (empty: the whole edition)."""

    segment: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SignOff:
    """One editor's decision on one edition: one line of the sign-off log."""

    decision: Decision
    newsroom: str
    """The newsroom's address, so that a record cannot be carried to another one."""
    story: str
    language: str
    languages: tuple[str, ...]
    """All languages that the story was meant for, of which some may have to be released together."""
    section: str
    """The section that the edition stands in, which decides what rule its approval had to meet."""
    role: str
    signer: str
    """The e-mail address under which `newsroom.signers` lists the key."""
    name: str
    meaning: str
    """What the signature says, in words that the signer was shown."""
    at: datetime.datetime
    """UTC, whole seconds."""
    edition: str
    source: str
    segments: tuple[str, ...]
    media: Mapping[str, str]
    authors: tuple[str, ...] = ()
    """Who wrote the source, as its `written_by` says."""
    translators: tuple[str, ...] = ()
    """Who translated, as the catalog's `Last-Translator` says."""
    notes: tuple[Note, ...] = ()
    follows: tuple[str, ...] = ()
    """sha256 of the lines of the log that it comes after, sorted."""
    signature: str = ""
    """Armoured OpenSSH signature; empty before signing."""


class Channel(StrEnum):
    """A way out to readers."""

    WEB = "web"
    PRINT = "print"


class Stage(StrEnum):
    """Where an edition stands; derived from story, catalog, log and rules."""

    UNTRANSLATED = "untranslated"
    IN_TRANSLATION = "in translation"
    TRANSLATED = "translated"
    IN_REVIEW = "in review"
    SIGNED_OFF = "signed off"
    RETURNED = "returned"
    STALE = "stale"
    WITHDRAWN = "withdrawn"
