"""A story's segments into a catalog: our own merge; msgmerge crosses contexts and knows no story order.

What a translator confirmed is never lost: it stays live, or it stays obsolete under its old key, from where
it is revived when the old source comes back. What was confirmed in another shape (the unit gained, lost or
changed its plural, which is no part of gettext's key) stays obsolete with that plural added to its context.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from heapq import nlargest
from typing import Final, NamedTuple, TypeAlias

from workflow.catalog import number_of_forms
from workflow.model import Catalog, Previous, Unit

Key: TypeAlias = tuple[str | None, str]

SIMILAR_FROM: Final = 0.6
"""A source less similar than this is another source; its translation is no help."""

BY_CHANCE: Final = 0.5
"""How similar two unrelated paragraphs of one language are; the alignment counts only what goes beyond."""

MOVED_FROM: Final = 0.7
"""From here on a long source that stands in another order is the same one, moved."""

PART_FROM: Final = 0.9
"""How much of one long source must stand in the other in one piece to be a part that was split off or taken in."""

LONG: Final = 60
"""Characters: a sentence. What is shorter stands in many places."""

FEW: Final = 3
"""How many old sources are considered for one that was moved or split off."""

NEIGHBOUR: Final = 1e-6
"""Added for each neighbour that stayed; decides between equals only."""

ALIGNMENT_BUDGET: Final = 1_000_000_000
"""Characters of one side times characters of the other over 64: a second or two for rapidfuzz."""

BEST: Final = 50
"""How many new sources are considered for one old one."""


def merge(catalog: Catalog, wanted: Sequence[Unit], *, identity: bool = False) -> Catalog:
    """Return the catalog brought up to the story's segments; its headers and comments are unchanged.

    Its live units are exactly `wanted`, in that order, with references, notes and flags from `wanted` and all
    else from `catalog`; then come the obsolete ones, first those that were. A translation that is carried
    over from a similar source is fuzzy, and its `previous` is the source that it translates. With `identity`,
    for the catalog of the source language, a unit that nobody edited says what its source says (`msgen`).

    Raises ValueError if two of `wanted` have the same key.
    """
    if len({unit.key for unit in wanted}) != len(wanted):
        raise ValueError("two of the wanted units have the same context and source")
    forms = number_of_forms(catalog) or 2  # gettext's default is the Germanic plural
    exact = _exact_matches(catalog, wanted)
    carried = _carried(catalog, wanted, exact, identity=identity)
    live = [_fill(_live(unit, exact.get(unit.key), carried.get(unit.key), forms), identity=identity) for unit in wanted]
    return replace(catalog, units=(*live, *_obsolete(catalog, live, exact.values(), identity=identity)))


def similar(source: str, others: Sequence[str]) -> list[tuple[int, float]]:
    """(place, likeness from 0 to 1) of those texts whose translation may help with this one, the most alike first."""
    # Late, as below.
    from rapidfuzz import fuzz, process

    found = process.extract(source, others, scorer=fuzz.ratio, score_cutoff=100 * SIMILAR_FROM, limit=BEST)
    return [(place, score / 100) for _, score, place in found]


# --- What becomes of the live units ----------------------------------------------------------------------


def _exact_matches(catalog: Catalog, wanted: Sequence[Unit]) -> dict[Key, Unit]:
    """The old unit for each wanted key, live or obsolete, where the plural is the same too."""
    old = {unit.key: unit for unit in catalog.units}
    matches = {}
    for unit in wanted:
        for key in (unit.key, set_aside(unit).key):
            found = old.get(key)
            if found is not None and found.source_plural == unit.source_plural:
                matches[unit.key] = found
                break
    return matches


def _carried(catalog: Catalog, wanted: Sequence[Unit], exact: Mapping[Key, Unit], *, identity: bool) -> dict[Key, Unit]:
    """The old unit for each wanted key whose translation will need review."""
    old = {unit.key: unit for unit in catalog.units if _has_text(unit) and not (identity and _says_its_source(unit))}
    carried = {unit.key: old[unit.key] for unit in wanted if unit.key in old and unit.key not in exact}
    used = {unit.key for unit in (*exact.values(), *carried.values())}
    left = [unit for unit in catalog.live if unit.key in old and unit.key not in used]
    new = [unit for unit in wanted if unit.key not in exact and unit.key not in carried]
    neighbours = _neighbours(catalog.live, wanted)
    for context in {unit.context for unit in new}:
        pairs = _align(_of(left, context), _of(new, context), neighbours)
        carried |= {unit.key: source for source, unit in pairs}
    return carried


def _of(units: Iterable[Unit], context: str | None) -> list[Unit]:
    return [unit for unit in units if unit.context == context]


def _live(wanted: Unit, exact: Unit | None, carried: Unit | None, forms: int) -> Unit:
    """The unit of the story, with what the catalog has for it."""
    count = 1 if wanted.source_plural is None else forms
    blank = ("",) * count
    if exact is not None:
        fuzzy = exact.fuzzy and _has_text(exact)
        previous = exact.previous if fuzzy and not exact.obsolete else None
        return _filled(wanted, exact.targets, comments=exact.comments, fuzzy=fuzzy, previous=previous)
    if carried is None or not any(target.strip() for target in carried.targets[:count]):
        return _filled(wanted, blank)
    targets = (*carried.targets, *blank)[:count]
    previous = translated_source(carried)
    return _filled(wanted, targets, comments=carried.comments, fuzzy=True, previous=previous)


def _filled(
    wanted: Unit,
    targets: tuple[str, ...],
    *,
    comments: tuple[str, ...] = (),
    fuzzy: bool = False,
    previous: Previous | None = None,
) -> Unit:
    return replace(wanted, targets=targets, fuzzy=fuzzy, obsolete=False, previous=previous, comments=comments, line=0)


def _fill(unit: Unit, *, identity: bool) -> Unit:
    """With `identity`, what nobody edited says what its source says."""
    if _has_text(unit) or not identity:
        return unit
    return replace(unit, targets=_as_its_source(unit), fuzzy=False, previous=None)


def translated_source(unit: Unit) -> Previous:
    """The source that the target was made from: a fuzzy unit that is carried on keeps its first one."""
    if unit.fuzzy and unit.previous is not None:
        return unit.previous
    return Previous(source=unit.source, context=unit.context, source_plural=unit.source_plural)


def _has_text(unit: Unit) -> bool:
    return any(target.strip() for target in unit.targets)


def _is_confirmed(unit: Unit) -> bool:
    return unit.is_translated and not unit.fuzzy


def _as_its_source(unit: Unit) -> tuple[str, ...]:
    """The targets as `msgen` writes them: singular first, then the plural in all other forms."""
    plural = unit.source if unit.source_plural is None else unit.source_plural
    return (unit.source, *[plural] * (len(unit.targets) - 1))


def _says_its_source(unit: Unit) -> bool:
    return unit.targets == _as_its_source(unit)


# --- What stays obsolete ---------------------------------------------------------------------------------


def _obsolete(catalog: Catalog, live: Sequence[Unit], exact: Iterable[Unit], *, identity: bool) -> Iterator[Unit]:
    """The obsolete units of the result: those that were, then the ones that no longer fit."""
    used = {unit.key for unit in exact}
    taken = {unit.key for unit in live}
    rest = [unit for unit in catalog.units if unit.key not in used]
    stay = [unit for unit in rest if unit.obsolete and unit.key not in taken]
    leave = [unit for unit in rest if not unit.obsolete or unit.key in taken]
    yield from stay
    for unit in _worth_keeping(leave, [*live, *stay], identity=identity):
        moved = set_aside(unit) if unit.key in taken else unit
        yield replace(moved, obsolete=True, previous=None, references=())


def _worth_keeping(leave: Sequence[Unit], kept: Iterable[Unit], *, identity: bool) -> Iterator[Unit]:
    """Those whose translation was confirmed, or of which something stands nowhere else in their context."""
    saved: set[tuple[str | None, object]] = set()

    def save(unit: Unit) -> None:
        saved.update((unit.context, content) for content in (*unit.targets, unit.comments))

    def must_stay(unit: Unit) -> bool:
        follows = identity and _says_its_source(unit) and not unit.comments
        return _is_confirmed(unit) and not follows

    for unit in (*kept, *filter(must_stay, leave)):
        save(unit)
    for unit in leave:
        contents = _contents(unit, with_targets=not (identity and _says_its_source(unit)))
        if must_stay(unit) or any((unit.context, content) not in saved for content in contents):
            save(unit)
            yield unit


def _contents(unit: Unit, *, with_targets: bool) -> Iterator[object]:
    """What a translator put into the unit."""
    if with_targets:
        yield from (target for target in unit.targets if target.strip())
    if unit.comments:
        yield unit.comments


def set_aside(unit: Unit) -> Unit:
    """The unit under a key of its own, when its key is taken by the same source with another plural."""
    plural = "no plural" if unit.source_plural is None else f"plural: {unit.source_plural}"
    return replace(unit, context=plural if unit.context is None else f"{unit.context} | {plural}")


# --- Alignment in story order ----------------------------------------------------------------------------


class _Chain(NamedTuple):
    """The best alignment that ends with this pair."""

    total: float
    old: int
    new: int
    before: _Chain | None


Closeness: TypeAlias = Callable[[Unit, Unit], int]


def _align(old: Sequence[Unit], new: Sequence[Unit], neighbours: Closeness) -> Iterator[tuple[Unit, Unit]]:
    """Pair old units with new ones, never crossing, so that similarity beyond chance is greatest in all.

    Only what is unmistakable may cross, or share an old unit. The rest is the heaviest increasing chain of pairs:
    `ends` holds, by rising position and rising total, the chains that may still be part of it.
    """
    ends: list[_Chain] = []
    rows = list(_similar(old, new))
    for position, row in enumerate(rows):
        # From the right, so that the pairs of a row do not chain with each other.
        for candidate in sorted(row, reverse=True):
            weight = row[candidate] - BY_CHANCE + NEIGHBOUR * neighbours(old[position], new[candidate])
            _extend(ends, position, candidate, weight)
    pairs = dict(_pairs(ends[-1] if ends else None))
    pairs |= _unmistakable(old, new, rows, pairs)
    for candidate, position in pairs.items():
        yield old[position], new[candidate]


def _pairs(chain: _Chain | None) -> Iterator[tuple[int, int]]:
    """(new, old) of the chain."""
    while chain is not None:
        yield chain.new, chain.old
        chain = chain.before


def _unmistakable(
    old: Sequence[Unit], new: Sequence[Unit], rows: Sequence[Mapping[int, float]], pairs: Mapping[int, int]
) -> dict[int, int]:
    """New → old for long sources outside the chain: paragraphs moved and edited, joined, or split.

    So long a text is not so much like another by chance, wherever it stands.
    """
    found: dict[int, int] = {}
    taken = set(pairs.values())
    for likeness, candidate, position in sorted(_likest(new, rows, pairs), reverse=True):
        if candidate in found:
            continue
        source, whole = new[candidate].source, translated_source(old[position]).source
        if position in taken:
            is_same = len(source) < len(whole) and _is_part(source, whole)
        else:
            is_same = likeness >= MOVED_FROM or _is_part(source, whole)
        if is_same:
            found[candidate] = position
            taken.add(position)
    return found


def _likest(
    new: Sequence[Unit], rows: Sequence[Mapping[int, float]], pairs: Mapping[int, int]
) -> Iterator[tuple[float, int, int]]:
    """(likeness, new, old) of the few that are likest to each long new source without a pair."""
    like: dict[int, list[tuple[float, int, int]]] = {}
    for position, row in enumerate(rows):
        for candidate, likeness in row.items():
            if candidate not in pairs and len(new[candidate].source) >= LONG:
                like.setdefault(candidate, []).append((likeness, candidate, position))
    for found in like.values():
        yield from nlargest(FEW, found)


def _is_part(one: str, other: str) -> bool:
    """True if all of the shorter one, or nearly all, stands in one piece in the longer one."""
    # Late, as below.
    from rapidfuzz import fuzz

    return fuzz.partial_ratio(one, other, score_cutoff=100 * PART_FROM) > 0


def _extend(ends: list[_Chain], old: int, new: int, weight: float) -> None:
    """Add the pair to the best chain to its left, and forget the chains that this one beats."""
    place = bisect_left(ends, new, key=lambda chain: chain.new)
    before = ends[place - 1] if place else None
    total = weight + (before.total if before else 0)
    beaten = place
    while beaten < len(ends) and ends[beaten].total <= total:
        beaten += 1
    if beaten > place or place == len(ends) or ends[place].new > new:
        ends[place:beaten] = [_Chain(total, old, new, before)]


def _similar(old: Sequence[Unit], new: Sequence[Unit]) -> Iterator[dict[int, float]]:
    """For each old unit, the positions of the new ones that are similar, and how much."""
    if not old or not new:
        return
    # Late: a merge in which everything matches exactly, and all that only reads, starts without it.
    from rapidfuzz import fuzz, process

    translated = [translated_source(unit).source for unit in old]
    sources = [unit.source for unit in new]
    reach = _reach(translated, sources)
    for position, source in enumerate(translated):
        middle = position * len(sources) // len(translated)
        start = max(0, middle - reach)
        found = process.extract(
            source,
            sources[start : middle + reach + 1],
            scorer=fuzz.ratio,
            score_cutoff=100 * SIMILAR_FROM,
            limit=BEST,
        )
        yield {start + offset: score / 100 for _, score, offset in found}


def _reach(old: Sequence[str], new: Sequence[str]) -> int:
    """How far from its place in the story a new source may be; all of it, unless that takes too long."""
    cost = sum(map(len, old)) * sum(map(len, new)) // 64
    return len(new) if cost <= ALIGNMENT_BUDGET else max(5, len(new) * ALIGNMENT_BUDGET // cost // 2)


def _neighbours(old: Sequence[Unit], new: Sequence[Unit]) -> Closeness:
    """Return what tells how many of the neighbours of an old unit are also those of a new one."""
    in_old, in_new = _beside(old), _beside(new)

    def closeness(one: Unit, other: Unit) -> int:
        pairs = zip(in_old[one.key], in_new[other.key], strict=True)
        return sum(left == right for left, right in pairs)

    return closeness


def _beside(units: Sequence[Unit]) -> Mapping[Key, tuple[Key | None, Key | None]]:
    keys: list[Key | None] = [None, *(unit.key for unit in units), None]
    return {unit.key: (keys[at], keys[at + 2]) for at, unit in enumerate(units)}
