"""Names of people: one name is rendered one way, inflected or not, in all of a story."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, product

from workflow.checks.occurrences import prose_of, prose_words
from workflow.checks.pair import Pair
from workflow.checks.prose import Span
from workflow.diagnostics import Diagnostic, Severity
from workflow.glossary import Glossary
from workflow.lemmas import HAN, Word, folded, is_namelike, lemmas
from workflow.sounds import is_pinyin, reading, skeleton

_LANGUAGES = {"en", "ru", "zh"}
"""Those whose names we can tell from other words."""
_SHORTEST = 2
"""Fewer consonants say too little about whether a word renders a name; more are wanted where Han is searched."""
_SHORTEST_IN_HAN = 3
_MOST_CHARACTERS = 8
_MOST_WORDS = 4
_LONGEST_ABBREVIATION = 5
_HAN_RUN = re.compile(f"(?:{HAN.pattern})+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Name:
    """A name as it stands in a text."""

    text: str
    span: Span
    options: frozenset[str]
    """What it may be a form of; a rendering is another one if no option is shared."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    """A name of a source, and what may be its renderings in the translation."""

    pair: Pair
    name: Name
    renderings: tuple[Name, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Renderings:
    """How names were rendered so far."""

    _mentions: dict[str, list[Mention]] = field(default_factory=dict)
    """One mention for each way to render a name, by the name's options."""

    def other(self, mention: Mention) -> Mention | None:
        """A mention of the same name that was rendered otherwise, if none was rendered like this one."""
        known = [item for option in mention.name.options for item in self._mentions.get(option, ())]
        if any(_shared(mention, item) for item in known):
            return None
        for option in mention.name.options:
            self._mentions.setdefault(option, []).append(mention)
        return next((item for item in known if _variants(mention, item)), None)


def names_rendered_twice(pairs: Sequence[Pair]) -> Iterator[Diagnostic]:
    """Names of the source that one unit renders in one way, and another unit in another."""
    renderings = Renderings()
    for mention in mentions(pairs):
        other = renderings.other(mention)
        if other is not None:
            yield rendered_twice("terms.name-rendered-twice", mention, other)


def rendered_twice(code: str, mention: Mention, other: Mention) -> Diagnostic:
    """The finding that a name is rendered otherwise than in another place."""
    here, there = _variants(mention, other)[0]
    place = f"{other.pair.path}:{other.pair.unit.line}"
    return mention.pair.finding(
        code,
        f"{mention.name.text} is {here.text} here, and {there.text} at {place}",
        "decide for one and put it into the glossary as a name; if they are two people, put both, with `; ` between",
        Severity.WARNING,
        source_spans=(mention.name.span,),
        target_spans=(here.span,),
        elsewhere=(other.pair.unit.target, there.span),
    )


def mentions(pairs: Iterable[Pair]) -> Iterator[Mention]:
    """Names whose renderings can be told by their sound; those that the glossary knows are left to its own check."""
    for pair in pairs:
        codes = pair.source_language.code, pair.language.code
        if pair.is_rendered and pair.slug is not None and _LANGUAGES.issuperset(codes):
            for name, renderings in _rendered_names(pair.unit.source, pair.unit.target, *codes):
                if not _is_known(name, pair):
                    yield Mention(pair=pair, name=name, renderings=renderings)


@lru_cache(maxsize=256)
def _rendered_names(
    source: str, target: str, source_code: str, target_code: str
) -> tuple[tuple[Name, tuple[Name, ...]], ...]:
    """The names of a source with what may be their renderings; looked up for the story and for the archive."""
    return tuple(item for item in _names_with(source, target, source_code, target_code) if item[1])


def _names_with(
    source: str, target: str, source_code: str, target_code: str
) -> Iterator[tuple[Name, tuple[Name, ...]]]:
    if source_code == "zh":
        for rendering in _full_names(target, target_code):
            for name in _characters_like(rendering, source, exactly=False):
                yield name, (rendering,)
    elif target_code == "zh":
        for name in _full_names(source, source_code):
            yield name, (*_characters_like(name, target, exactly=True), *_as_written(name, target))
    else:
        words = tuple(_name_words(target, target_code))
        for name in _name_words(source, source_code):
            yield name, tuple(word for word in words if _sound_alike(name, word))


def _is_known(name: Name, pair: Pair) -> bool:
    words = _glossary_words(pair.glossary, pair.source_language.code)
    return not words.isdisjoint(option for text in name.options for option in (text, *text.split()))


@lru_cache(maxsize=32)
def _glossary_words(glossary: Glossary, language: str) -> frozenset[str]:
    sources = [term.source for term in glossary.terms]
    words = (lemma for source in sources for options in prose_of(source, language).lemmas for lemma in options)
    return frozenset(words if language != "zh" else sources)


# --- Names in scripts with capital letters -----------------------------------------------------------------


def _name_words(text: str, language: str) -> Iterator[Name]:
    """Capitalised words that no dictionary has, or has as a person's name."""
    for word in prose_words(text):
        if _is_capitalised(word) and is_namelike(word.text, language):
            yield Name(text=word.text, span=(word.start, word.end), options=lemmas(word.text, language))


def _full_names(text: str, language: str) -> Iterator[Name]:
    """Such words side by side, with the short words beside them that read as Chinese: `Tang Jiang`.

    Other names also each by itself: `Pavel Morozov` is only `Morozov` later on, and Chinese sets a dot between the two.
    """
    run: list[Word] = []
    words = prose_words(text)
    for word in words:
        if run and not _is_next(text, run[-1], word):
            yield from _names_in(text, run, language)
            run = []
        if _is_capitalised(word) and (is_namelike(word.text, language) or is_pinyin(word.text)):
            run.append(word)
    yield from _names_in(text, run, language)


def _names_in(text: str, run: Sequence[Word], language: str) -> Iterator[Name]:
    namelike = [word for word in run if is_namelike(word.text, language)]
    if not namelike or len(namelike) > _MOST_WORDS:
        return
    if all(is_pinyin(word.text) for word in run):
        # Surname and given name; what stands before them is a title or a verb.
        if any(word in namelike for word in run[-2:]):
            yield _name(text, run[-2:], language)
        return
    yield _name(text, namelike, language)
    if len(namelike) > 1:
        yield from (_name(text, [word], language) for word in namelike)


def _name(text: str, words: Sequence[Word], language: str) -> Name:
    start, end = words[0].start, words[-1].end
    options = frozenset(map(" ".join, product(*(sorted(lemmas(word.text, language)) for word in words))))
    return Name(text=text[start:end], span=(start, end), options=options)


def _is_capitalised(word: Word) -> bool:
    text = word.text
    # The first letter alone decides for most words.
    return text[0].isupper() and len(text) > 1 and not (text.isupper() and len(text) <= _LONGEST_ABBREVIATION)


def _is_next(text: str, before: Word, after: Word) -> bool:
    return text[before.end : after.start] in {" ", "\u00a0"} and _is_capitalised(after)


def _sound_alike(name: Name, word: Name) -> bool:
    sounds = {skeleton(option) for option in name.options}
    return any(len(sound) >= _SHORTEST and sound in sounds for sound in map(skeleton, word.options))


def _as_written(name: Name, text: str) -> Iterator[Name]:
    """The name in its own letters, as a translation into Chinese may keep it."""
    at = text.casefold().find(name.text.casefold())
    if at >= 0:
        span = at, at + len(name.text)
        yield Name(text=name.text, span=span, options=frozenset({folded(name.text)}))


# --- Names in Han characters -------------------------------------------------------------------------------


def _characters_like(name: Name, text: str, *, exactly: bool) -> Iterator[Name]:
    """Han characters side by side that sound as the name does; `exactly` so, syllable by syllable, if it is pinyin.

    A translation may misspell the name, so that its source would be missed by exactness.
    """
    sounds = {sound for sound in map(skeleton, name.options) if len(sound) >= _SHORTEST_IN_HAN}
    if not sounds:
        return
    pinyin = {option.replace(" ", "") for option in name.options if exactly and all(map(is_pinyin, option.split()))}
    wanted, heard = (pinyin, _read) if pinyin else (sounds, skeleton)
    beginnings = _beginnings(text, heard)
    for start, run_end in sorted(chain.from_iterable(beginnings.get(letter, ()) for letter in _first_letters(wanted))):
        for end in range(start + 1, min(start + _MOST_CHARACTERS, run_end) + 1):
            sound = heard(text[start:end])
            if sound in wanted and end > start + 1:
                characters = text[start:end]
                yield Name(text=characters, span=(start, end), options=frozenset({characters}))
            if not any(item.startswith(sound) for item in wanted):
                break


def _first_letters(sounds: Iterable[str]) -> set[str]:
    """Those that a sound may begin with; none, too, for some characters have no consonant."""
    return {"", *(sound[:1] for sound in sounds)}


@lru_cache(maxsize=256)
def _beginnings(text: str, heard: Callable[[str], str]) -> Mapping[str, Sequence[Span]]:
    """By the first letter of how it sounds: each Han character with another one behind it, to the end of its run."""
    found: dict[str, list[Span]] = defaultdict(list)
    for run in _HAN_RUN.finditer(text):
        for start in range(run.start(), run.end() - 1):
            found[heard(text[start])[:1]].append((start, run.end()))
    return found


@lru_cache(maxsize=100_000)
def _read(characters: str) -> str:
    return "".join(map(reading, characters))


def _shared(one: Mention, other: Mention) -> bool:
    return any(not here.options.isdisjoint(there.options) for here in one.renderings for there in other.renderings)


def _variants(one: Mention, other: Mention) -> list[tuple[Name, Name]]:
    """Renderings of the two mentions that are meant as the same; chance gives Han that merely sound alike."""
    return [
        (here, there)
        for here in one.renderings
        for there in other.renderings
        if not (HAN.match(here.text) and HAN.match(there.text))
        or any(map(str.__eq__, here.text, there.text))
        or _read(here.text) == _read(there.text)
    ]
