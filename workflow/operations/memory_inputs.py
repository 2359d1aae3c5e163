"""What the memory is made from: words that were signed off, and TMX files that somebody imported."""

from __future__ import annotations

import datetime
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from workflow.canonical import digest_of
from workflow.edition import OMIT
from workflow.front_matter.reading import parse_front_matter, split_front_matter
from workflow.interchange.tmx import parse_tmx
from workflow.languages import Language, language_of_tag
from workflow.memory import Entry, digest_of_text
from workflow.model import Catalog, Channel, Decision, Role, SignOff, Unit
from workflow.newsroom import Newsroom
from workflow.settings import RuleOf
from workflow.signoff import Approved, LogLine, tally

_TMX_NAME = re.compile(r"[\w][\w.-]*\.tmx")


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where entries come from: a signed story in one language, or a TMX file."""

    name: str
    """The story's slug, or the file's name, which has a dot."""
    language: Language
    """The one that its entries are translated into."""
    files: tuple[str, ...]

    @property
    def is_tmx(self) -> bool:
        return self.name.endswith(".tmx")

    @property
    def key(self) -> tuple[str, str]:
        return self.name, self.language.code


def origins(newsroom: Newsroom) -> Iterator[Origin]:
    """All that entries may come from; no file is opened."""
    for language in newsroom.settings.languages.values():
        logs = f"locales/{language.code}/signoffs/"
        for path in newsroom.files(logs.rstrip("/"), ".jsonl"):
            slug = path.removeprefix(logs).removesuffix(".jsonl")
            files = (path, newsroom.catalog_file(language.code, slug), newsroom.edition_file(language.code, slug))
            yield Origin(name=slug, language=language, files=files)
        folder = posixpath.dirname(newsroom.memory_file(language.code, "x"))
        for path in newsroom.files(folder, ".tmx"):
            name = posixpath.basename(path)
            if posixpath.dirname(path) == folder and _TMX_NAME.fullmatch(name):
                yield Origin(name=name, language=language, files=(path,))


# --- Signed stories ----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class _Approval:
    at: datetime.datetime
    names: tuple[str, ...]


def story_entries(newsroom: Newsroom, origin: Origin, lines: Sequence[LogLine]) -> tuple[Entry, ...]:
    """The story's pairs whose digest stands in an approval that counts; `lines` of the log were verified.

    Raises InputError if catalog or edition cannot be used.
    """
    rules = [newsroom.settings.rules_of(origin.language.code, channel) for channel in Channel]
    approved = _approved_segments(lines, rules)
    source_language = _source_language(newsroom, origin) if approved else origin.language.code
    catalog = newsroom.read_catalog(origin.language.code, origin.name)
    if catalog is None or source_language == origin.language.code:
        return ()
    found: dict[tuple[str, str, str], Entry] = {}
    for unit, before, after in _between_neighbours(catalog):
        for role, source in _sources(unit):
            approval = approved.get(digest_of([role, source, unit.target]))
            if approval and unit.target.strip() != OMIT:
                entry = Entry(
                    source_language=source_language,
                    target_language=origin.language.code,
                    source=source,
                    target=unit.target,
                    role=role,
                    origin=origin.name,
                    before=before,
                    after=after,
                    signed_at=approval.at,
                    signers=approval.names,
                )
                found.setdefault((role, source, unit.target), entry)
    return tuple(found.values())


def _between_neighbours(catalog: Catalog) -> Iterator[tuple[Unit, int | None, int | None]]:
    """Each unit with the digests of the sources before and after it; an obsolete one has left its place."""
    digests = [0, *(digest_of_text(unit.source) for unit in catalog.live), 0]
    yield from zip(catalog.live, digests, digests[2:], strict=False)
    yield from ((unit, None, None) for unit in catalog.units if unit.obsolete)


def _sources(unit: Unit) -> Iterator[tuple[str, str]]:
    """(role, source) of what the unit's translation may have been signed with: its source, and the one before."""
    yield unit.context or Role.PARAGRAPH.value, unit.source
    if unit.previous is not None:
        yield unit.previous.context or Role.PARAGRAPH.value, unit.previous.source


def _approved_segments(lines: Sequence[LogLine], rules: Sequence[RuleOf]) -> dict[str, _Approval]:
    """By segment digest: who approved it last, as a channel's rule asks, and has not been contradicted since.

    A note on a segment takes that segment back, a withdrawal all of its edition.
    """
    decisions: list[tuple[datetime.datetime, Approved | SignOff]] = [
        (approved.at, approved) for rule_of in rules for approved in tally(lines, rule_of).approved
    ]
    decisions += [(line.record.at, line.record) for line in lines if line.record.decision is not Decision.APPROVE]
    found: dict[str, _Approval] = {}
    for at, decision in sorted(decisions, key=lambda item: item[0]):
        if isinstance(decision, Approved):
            names = tuple(dict.fromkeys(line.record.name for line in decision.lines))
            found |= dict.fromkeys(decision.lines[0].record.segments, _Approval(at=at, names=names))
        else:
            for segment in _taken_back(decision):
                found.pop(segment, None)
    return found


def _taken_back(record: SignOff) -> Iterator[str]:
    if record.decision is Decision.WITHDRAW:
        yield from record.segments
    yield from (note.segment for note in record.notes)


def _source_language(newsroom: Newsroom, origin: Origin) -> str:
    """The language that the signed edition was translated from; its own if it is in its authors' words."""
    path = newsroom.edition_file(origin.language.code, origin.name)
    if not newsroom.exists(path):
        return newsroom.read_story(origin.name).language
    header, _, _ = split_front_matter(newsroom.read(path).decode(errors="replace"), path)
    values, _ = parse_front_matter(header, path)
    code = values["translated_from"].items[0][0] if "translated_from" in values else ""
    return code if code in newsroom.settings.languages else origin.language.code


# --- TMX files ---------------------------------------------------------------------------------------------


def tmx_entries(newsroom: Newsroom, origin: Origin) -> tuple[Entry, ...]:
    """The entries of a TMX file for its folder's language; raises InputError if it cannot be read.

    Who signed them elsewhere is not told: only our own logs are proof.
    """
    (path,) = origin.files
    tongues = tuple(newsroom.settings.languages.values())
    codes: dict[str, str] = {}
    found = []
    for entry in parse_tmx(newsroom.read(path), path).entries:
        for tag in (entry.source_language, entry.target_language):
            if tag not in codes:
                language = language_of_tag(tag, tongues)
                codes[tag] = language.code if language else ""
        source, target = codes[entry.source_language], codes[entry.target_language]
        if source and target == origin.language.code and source != target:
            found.append(
                replace(
                    entry,
                    source_language=source,
                    target_language=target,
                    origin=origin.name,
                    signed_at=None,
                    signers=(),
                )
            )
    return tuple(found)
