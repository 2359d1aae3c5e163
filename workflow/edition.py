"""Story + catalog → edition: the words of one language and no other, and the digests that a sign-off binds."""

from __future__ import annotations

import dataclasses
import posixpath
import re
from collections.abc import Iterator, Mapping

from workflow.canonical import digest_of
from workflow.diagnostics import Diagnostic, Location
from workflow.errors import GateShut, InputError
from workflow.model import Catalog, Edition, Figure, Role, Segment, Story, Unit, UnitState
from workflow.settings import StoryRules
from workflow.story import format_story, parse_story, rewrite, segments
from workflow.story.dialect import FOOTNOTE_MARK, inline_tokens
from workflow.story.folding import fold, paragraphs
from workflow.text import excerpt

OMIT = "[omit]"
"""A translation that leaves its segment out of the edition on purpose."""
GAP = "[…]"
"""Stands in a draft for words that are not translated yet."""


def template_units(story: Story, path: str) -> tuple[Unit, ...]:
    """What the story asks its catalogs for: one unit for each distinct segment, in reading order, untranslated."""
    units: dict[tuple[str | None, str], Unit] = {}
    for segment in segments(story):
        key = (segment.role.context, segment.source)
        reference = f"{path}:{segment.line}"
        if key in units:
            references = (*units[key].references, reference)
            units[key] = dataclasses.replace(units[key], references=references)
        else:
            note = segment.role.value
            units[key] = Unit(source=key[1], context=key[0], references=(reference,), notes=(note,))
    return tuple(units.values())


def localize(
    story: Story,
    catalog: Catalog,
    *,
    slug: str,
    language: str,
    media: Mapping[str, str],
    rules: StoryRules,
    path: str,
    draft: bool = False,
) -> Edition:
    """The edition of a story in the catalog's language.

    `media` maps each picture's name in the story to its frozen name, `<sha256>.<ext>`; `path` is the catalog's. A
    draft takes fuzzy translations, and shows gaps where there is none. Raises GateShut naming every segment that is
    missing, needs review or is damaged.
    """
    join_wide = language in rules.wide_languages
    localizer = _Localizer(catalog, path, language, slug, join_wide=join_wide, draft=draft)
    up = "../" * (slug.count("/") + 2)

    def place(figure: Figure) -> Figure:
        return dataclasses.replace(figure, source=f"{up}media/{media[figure.source]}")

    localized = rewrite(story, localizer.put, figure=place)
    if localizer.faults:
        raise GateShut(localizer.faults)
    localized = dataclasses.replace(
        localized,
        language=language,
        translated_from="" if language == story.language else story.language,
        languages=(),
    )
    text = format_story(localized)
    _require_readable(text, localized, path, rules)
    return Edition(
        slug=slug,
        story=localized,
        text=text,
        source_digest=digest_of([[segment.role, segment.source] for segment in segments(story)]),
        segment_digests=tuple(digest_of(triple) for triple in localizer.triples),
        media=tuple((name, posixpath.splitext(file)[0]) for name, file in media.items()),
        omitted=tuple(localizer.omitted),
    )


def edition_words(role: Role, target: str, *, join_wide: bool) -> tuple[str, ...]:
    """The paragraphs of a translation as the edition has them; none if it is blank or leaves its segment out.

    `join_wide`: no blank between two wide characters where a line ends, as in Chinese.
    """
    return () if target.strip() in {"", OMIT} else tuple(text for text, _ in _folded(role, target, join_wide))


def _folded(role: Role, target: str, join_wide: bool) -> Iterator[tuple[str, bool]]:
    """(a paragraph in its normal form, True if it holds raw HTML or a picture), in turn."""
    if role.is_plain:
        yield re.sub(r"[ \n]+", " ", target).strip(" "), False
        return
    for part in paragraphs(target):
        tokens = inline_tokens(part, {})
        yield fold(part, tokens, join_wide=join_wide), any(token.type in {"html_inline", "image"} for token in tokens)


def unit_faults(
    role: Role, unit: Unit, *, slug: str, language: str, path: str, rules: StoryRules
) -> tuple[Diagnostic, ...]:
    """Why an edition could not take the unit's translation as it is, whether it is fuzzy or not."""
    catalog = Catalog(headers=(), units=(unit,))
    localizer = _Localizer(catalog, path, language, slug, join_wide=language in rules.wide_languages, draft=True)
    localizer.put(Segment(role=role, source=unit.source))
    return tuple(localizer.faults)


def _require_readable(text: str, story: Story, path: str, rules: StoryRules) -> None:
    """What is frozen must read back as what was signed; markup that a translation broke shows here at the latest."""
    try:
        same = parse_story(text.encode(), path, rules) == story
    except InputError as error:
        found = [dataclasses.replace(fault, location=Location(path=path)) for fault in error.diagnostics]
        raise GateShut(found) from None
    if not same:
        hint = "look for Markdown marks in the translation that the source does not have"
        raise GateShut.of("edition.markup", "the translation changes the story's structure", path=path, hint=hint)


class _Localizer:
    def __init__(self, catalog: Catalog, path: str, language: str, slug: str, *, join_wide: bool, draft: bool) -> None:
        self.units = {unit.key: unit for unit in catalog.live}
        self.path = path
        self.language = language
        self.slug = slug
        self.join_wide = join_wide
        self.draft = draft
        self.faults: list[Diagnostic] = []
        self.omitted: list[Segment] = []
        self.triples: list[tuple[str, str, str]] = []

    def fault(self, code: str, segment: Segment, unit: Unit | None, message: str, hint: str) -> None:
        self.faults.append(
            Diagnostic(
                code=f"edition.{code}",
                message=f"{segment.role} {message}: {excerpt(segment.source)}",
                location=Location(path=self.path, line=unit.line or None if unit else None),
                hint=hint,
                story=self.slug,
                language=self.language,
            )
        )

    def put(self, segment: Segment) -> tuple[str, ...]:
        unit = self.units.get((segment.role.context, segment.source))
        if self.draft and (unit is None or unit.state is UnitState.NEW):
            # Without its mark a footnote would have nothing that refers to it.
            return (GAP + "".join(mark.group() for mark in FOOTNOTE_MARK.finditer(segment.source)),)
        if unit is None:
            self.fault("missing", segment, unit, "not in the catalog", "run workflow update")
        elif unit.state is UnitState.NEW:
            self.fault("missing", segment, unit, "not translated", "translate it")
        elif unit.state is UnitState.NEEDS_REVIEW and not self.draft:
            self.fault("needs-review", segment, unit, "needs review", "review it and take the fuzzy mark away")
        else:
            return self.replacement(segment, unit)
        return (segment.source,)

    def replacement(self, segment: Segment, unit: Unit) -> tuple[str, ...]:
        self.triples.append((segment.role.value, segment.source, unit.target))
        if unit.target.strip() == OMIT:
            return self.omit(segment, unit)
        texts = []
        for text, has_markup in _folded(segment.role, unit.target, self.join_wide):
            if has_markup:
                self.fault("markup", segment, unit, "holds raw HTML or a picture", "take it out of the translation")
            if segment.role.is_one_line and "\n" in text:
                self.fault("break", segment, unit, "cannot have a line break", "write it on one line")
            texts.append(text)
        if len(texts) > 1 and not segment.role.may_split:
            self.fault("split", segment, unit, "cannot be two paragraphs", "take the empty line out")
            return (segment.source,)
        return tuple(texts)

    def omit(self, segment: Segment, unit: Unit) -> tuple[str, ...]:
        if segment.role.is_required:
            self.fault("omitted", segment, unit, "cannot be left out", "translate it")
            return (segment.source,)
        self.omitted.append(segment)
        return ()
