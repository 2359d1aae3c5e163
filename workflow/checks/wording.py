"""Wording: repeated words, final marks, brackets, capitals, short forms in capital letters."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from workflow.checks.pair import Pair
from workflow.checks.prose import Span, listed, masked
from workflow.checks.scripts import HAN, Script, script_of
from workflow.diagnostics import Diagnostic, Severity
from workflow.model import Role


def wording(pair: Pair) -> Iterator[Diagnostic]:
    """Slips of wording; nothing for what an edition leaves out."""
    if pair.is_left_out:
        return
    for check in (_repeated_words, _unlike_end, _odd_brackets, _odd_capitals, _lost_acronyms):
        yield from check(pair)


# --- Repeated words --------------------------------------------------------------------------------------

_TWICE = re.compile(r"\b([^\W\d_]+)[ \u00a0]+\1\b", re.IGNORECASE)
_TWICE_RIGHTLY = listed("that had is bye very so ha no ну вот чуть еле да нет что")
_HAN_TWICE = re.compile(rf"([{HAN}]{{2,6}})\1")
_DOUBLED_PARTICLE = re.compile(
    r"的的(?![确士])(?<!目的的)|了了(?<![为除]了了)(?<!不了了)(?!解|如|之)|和和(?<![共饱缓温平]和和)(?!美|气|睦|平)"
    r"|在在(?<![存现正所内旨潜实]在在)|与与|及及|是是(?<![但还就总只可于都也不]是是)(?!非)|将将(?!士|领|军)|被被"
)
_HAN_RIGHTLY = re.compile(
    r"一.+|(?:非常|很多|许多|好多|永远|特别|慢慢|讨论|研究|考虑|商量|了解|学习|休息|介绍|放松|锻炼|哈哈|多少|轰隆|点滴|方面|千万|认识|交流|沟通)"
)
_COMPOUND_END = "生会团部员者学家院们化性式型区地史论法力感度层"
"""大学大学生 is 大学 + 大学生: a word may begin with the one before it."""


def _repeated_words(pair: Pair) -> Iterator[Diagnostic]:
    """A word twice in a row, which the source does not have."""
    script = script_of(pair.language)
    for source, target in pair.texts:
        text = masked(target)
        found = _repeated_han(text) if script is Script.HAN else _repeated(text)
        if found and not _repeats(source, script_of(pair.source_language)):
            start, end = found[0]
            message = f"repeated: “{target[start:end]}”"
            yield _finding(pair, "wording.repeated-word", message, "keep it once", tuple(found))


def _repeats(text: str, script: Script | None) -> bool:
    return bool(_repeated_han(text) if script is Script.HAN else _repeated(text, names=True))


def _repeated(text: str, *, names: bool = False) -> list[Span]:
    """Lang Lang and Wei Wei are names."""
    words = text.lower().split()
    if not any(second.startswith(first) for first, second in itertools.pairwise(words)):
        return []
    return [
        match.span()
        for match in _TWICE.finditer(text)
        if match[1].lower() not in _TWICE_RIGHTLY and (names or not _is_name(match.group()))
    ]


def _is_name(words: str) -> bool:
    first, second = words.split()
    return len(first) > 1 and first[0].isupper() and second[0].isupper()


def _repeated_han(text: str) -> list[Span]:
    return [match.span() for match in _DOUBLED_PARTICLE.finditer(text)] + [
        match.span()
        for match in _HAN_TWICE.finditer(text)
        if not _is_rightly_twice(match[1], text[match.end() : match.end() + 1])
    ]


def _is_rightly_twice(word: str, after: str) -> bool:
    is_start_of_next = len(word) == 2 and bool(after) and after in _COMPOUND_END
    return is_start_of_next or len(set(word)) == 1 or _HAN_RIGHTLY.fullmatch(word) is not None


# --- The last mark ---------------------------------------------------------------------------------------

_TAIL = re.compile(r"([.!?…。！？：:;；,，、]?)[”’“»」』）)\]\"'*_\ufffc\s]*\Z")
_CLASSES = {
    **dict.fromkeys(".!…。！", "a full stop"),
    **dict.fromkeys("?？", "a question mark"),
    **dict.fromkeys(":：", "a colon"),
    **dict.fromkeys(";；", "a semicolon"),
    **dict.fromkeys(",，、", "a comma"),
    "": "no mark",
}
_RUNNING_TEXT = {Role.PARAGRAPH, Role.QUOTE, Role.FOOTNOTE}
_TITLES = {Role.HEADLINE, Role.HEADING}


def _unlike_end(pair: Pair) -> Iterator[Diagnostic]:
    """A last mark of another kind than the source's; exclamation marks and ellipses count as full stops."""
    if pair.role is None or not pair.is_translation or pair.role is Role.CREDIT:
        return
    ours, theirs = _end(pair.unit.source), _end(pair.unit.target)
    if ours == theirs:
        return
    if pair.role in _TITLES and theirs == "a full stop":
        if not pair.unit.target.rstrip("*_ ").endswith(("!", "！", "…")):
            yield _finding(pair, "wording.headline-stop", "a headline that ends with a full stop", "take it out")
    elif _is_telling(pair.role, ours, theirs):
        message = f"ends with {theirs}, the source with {ours}"
        yield _finding(pair, "wording.end-mark", message, "end it as the source ends")


def _end(text: str) -> str:
    found = _TAIL.search(masked(text)[-24:])
    return _CLASSES[found[1]] if found else "no mark"


def _is_telling(role: Role, ours: str, theirs: str) -> bool:
    """Between items of a list each language has its own marks; labels may end with a stop or without."""
    kinds = {ours, theirs}
    if "a question mark" in kinds:
        return True
    if role not in _RUNNING_TEXT:
        return False
    return not kinds <= {"no mark", "a colon"} and kinds != {"a full stop", "a semicolon"}


# --- Brackets --------------------------------------------------------------------------------------------

_OPENING = "([【《〈"
_CLOSING = ")]】》〉"
_NARROW = str.maketrans("（）", "()")
_BRACKET = re.compile(r"[()（）\[\]【】《》〈〉]")
_NUMBERED = re.compile(r"(?:^|[\s;；，,:：。])[\w]{1,3}[)）]|[:;=8]-?[()]")


def _odd_brackets(pair: Pair) -> Iterator[Diagnostic]:
    """Brackets that do not pair, unless they do not in the source either."""
    for source, target in pair.texts:
        if not _BRACKET.search(target):
            continue
        found = _unpaired(target)
        if found and not (pair.is_translation and _unpaired(source)):
            yield _finding(pair, "wording.brackets", "brackets that do not pair", "open and close each", tuple(found))


def _unpaired(text: str) -> list[Span]:
    """Brackets that pair in neither reading: “Wei)” ends a bracket in one place and numbers an item in another."""
    view = masked(text)
    return _alone(view) and _alone(_NUMBERED.sub(lambda match: "." * len(match.group()), view))


def _alone(view: str) -> list[Span]:
    open_ones: list[tuple[int, int]] = []
    unpaired: list[int] = []
    for match in _BRACKET.finditer(view):
        mark, at = match.group().translate(_NARROW), match.start()
        if mark in _OPENING:
            open_ones.append((_OPENING.index(mark), at))
        elif open_ones and open_ones[-1][0] == _CLOSING.index(mark):
            open_ones.pop()
        else:
            unpaired.append(at)
    return [(at, at + 1) for at in sorted(unpaired + [at for _, at in open_ones])]


# --- Capitals --------------------------------------------------------------------------------------------

_SHOUTED = re.compile(r"[A-ZА-ЯЁ](?<!\w.)[A-ZА-ЯЁ]{3,}(?:[ \u00a0,]+[A-ZА-ЯЁ]{2,})*[ \u00a0,]+[A-ZА-ЯЁ]{4,}\b")
_FIRST = re.compile(r"[\"“‘«„(\[*_…—\s]*")
_SMALL_START = re.compile(r"\.[”»)]?[ \u00a0]+(?=[a-zа-яё][a-zа-яё]+\b)")
_LONG_WORD = re.compile(r"(?<![\w.-])[a-zа-яё]{5,}\Z")
_SHORT_FORMS = listed("approx просп корп табл")


def _odd_capitals(pair: Pair) -> Iterator[Diagnostic]:
    """Shouted words, and sentences that begin small, where the source does neither."""
    script = script_of(pair.language)
    if script not in {Script.LATIN, Script.CYRILLIC} or pair.slug is None:
        return
    source, target = pair.unit.source, pair.unit.target
    text = masked(target)
    if (shouted := _SHOUTED.search(text)) and not _SHOUTED.search(source) and shouted.group() not in source:
        message = f"all in capitals: “{shouted.group()}”"
        yield _finding(pair, "wording.capitals", message, "write it as the source does", (shouted.span(),))
    if small := _small_starts(pair, text):
        message, hint = "a sentence begins with a small letter", "begin it with a capital"
        yield _finding(pair, "wording.initial-capital", message, hint, tuple(small))


def _small_starts(pair: Pair, text: str) -> list[Span]:
    spans = [(match.end(), match.end() + 1) for match in _SMALL_START.finditer(text) if _is_sentence_end(text, match)]
    at = _first(text)
    word = re.match(r"\w*", text[at:])
    is_small = text[at : at + 1].islower() and word is not None and word.group().islower() and at < len(text)
    if is_small and _begins_large(pair):
        spans.insert(0, (at, at + 1))
    return spans


def _is_sentence_end(text: str, match: re.Match[str]) -> bool:
    word = _LONG_WORD.search(text, max(0, match.start() - 24), match.start())
    return word is not None and word.group() not in _SHORT_FORMS


def _first(text: str) -> int:
    found = _FIRST.match(text)
    return found.end() if found else 0


def _begins_large(pair: Pair) -> bool:
    """True if the source does; Chinese has no capitals, so there it is the running text that does."""
    source = masked(pair.unit.source)
    first = source[_first(source) :][:1]
    if not first.isalpha():
        return False
    if first.upper() == first.lower():
        return pair.role in {Role.PARAGRAPH, Role.HEADLINE, Role.QUOTE, Role.SUMMARY}
    return first.isupper()


# --- Acronyms --------------------------------------------------------------------------------------------

_ACRONYM = re.compile(r"[A-ZА-ЯЁ](?<![A-Za-zА-Яа-яё0-9-].)[A-ZА-ЯЁ]{1,5}s?(?![A-Za-zА-Яа-яё0-9-])")
_NO_NAMES = re.compile(r"[IVXLCDM]+|AM|PM|OK|USD|EUR|CNY|RMB|TV|ID")
_NAME = re.compile(r"[^\s.!?…«“(—]\S*[ \u00a0]+[«“„(]?[A-ZА-ЯЁ]")


def _lost_acronyms(pair: Pair) -> Iterator[Diagnostic]:
    """A short form in capitals of which nothing is left: no short form, and no name in its place.

    Only for translations into languages with capitals; in Chinese a name looks like any other word.
    """
    script = script_of(pair.language)
    if script is Script.HAN or script is None or not pair.is_translation or pair.role in {None, Role.CREDIT}:
        return
    source, target = masked(pair.unit.source), masked(pair.unit.target)
    acronyms = [word for word in _ACRONYM.findall(source) if not _NO_NAMES.fullmatch(word)]
    is_shouted = source.isupper() and script_of(pair.source_language) is not Script.HAN
    if not acronyms or is_shouted or _ACRONYM.search(target) or _NAME.search(target):
        return
    if any(word in target for word in acronyms):
        return
    message = f"{acronyms[0]} stands in the source, and no name in the translation"
    yield _finding(pair, "wording.acronym", message, "name it, in short or in full")


def _finding(pair: Pair, code: str, message: str, hint: str, spans: tuple[Span, ...] | None = None) -> Diagnostic:
    return pair.finding(code, message, hint, Severity.WARNING, target_spans=spans)
