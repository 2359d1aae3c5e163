"""What findings there are: each code is a heading in docs/checks, whose pages are shipped with the program.

So a code cannot be configured, waived or explained without being documented, and its description stands once.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workflow.errors import UsageError
from workflow.installation import shipped

ALL = "*"
FIXED_FAMILIES = frozenset({"catalog", "edition", "newsroom", "picture", "site", "story", "waivers"})
"""Without these an edition would lack words, or hold words that nobody can vouch for."""
FIXED_CODES = frozenset({"markup.broken", "placeholders.changed", "text.glyph"})
"""With these a reader would see marks, gaps or boxes instead of words."""

_INDEX = "index.md"
_FENCE = re.compile(r"\s*(```|~~~)")
_HEADING = re.compile(r"(#{1,6})\s+(.*?)[\s#]*")
_CODE = re.compile(r"[a-z]+(?:-[a-z]+)*\.[a-z0-9]+(?:-[a-z0-9]+)*")
_NAMES = re.compile(rf"(`?{_CODE.pattern}`?(?:(?:,| and|, and)\s+`?{_CODE.pattern}`?)*)(?:\s*[:(–—-].*)?")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z`“\"(])")


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """What the documentation says about a code."""

    code: str
    summary: str
    """One sentence."""
    text: str
    """The whole section, as Markdown, with its heading."""


@functools.cache
def explanations() -> Mapping[str, Explanation]:
    """Every code that a check can find, sorted; raises MachineError if the pages are not installed."""
    pages = [path for path in sorted(shipped("docs/checks").glob("*.md")) if path.name != _INDEX]
    found = {item.code: item for path in pages for item in explained(path.read_text(encoding="utf-8"))}
    return dict(sorted(found.items()))


def explained(page: str) -> Iterator[Explanation]:
    """The codes of a page: a heading that is a code, or several with commas, begins the section about them."""
    codes: list[str] = []
    section: list[str] = []
    depth, fenced = 0, False
    for line in page.splitlines():
        fenced ^= bool(_FENCE.match(line))
        heading = None if fenced else _HEADING.fullmatch(line)
        names = _NAMES.fullmatch(heading[2]) if heading else None
        if heading and (names or len(heading[1]) <= depth):
            yield from _section(codes, section)
            codes, section, depth = _CODE.findall(names[1]) if names else [], [], len(heading[1])
        section.append(line)
    yield from _section(codes, section)


def _section(codes: list[str], lines: list[str]) -> Iterator[Explanation]:
    text = "\n".join(lines).strip() + "\n"
    paragraph = " ".join(text.split("\n\n")[1].split()) if "\n\n" in text else ""
    for code in codes:
        yield Explanation(code=code, summary=_SENTENCE_END.split(paragraph)[0], text=text)


def explanation(code: str) -> Explanation:
    """What is documented about a code; raises UsageError for one that no check has."""
    found = explanations().get(code)
    if found is None:
        raise UsageError.of("usage.code", f"no check has the code `{code}`", hint=f"did you mean `{nearest(code)}`?")
    return found


def matches(pattern: str, code: str) -> bool:
    """True if the pattern, `facts.number`, `facts.*` or `*`, names the code."""
    return pattern in {ALL, code} or pattern == f"{code.partition('.')[0]}.{ALL}"


def nearest(pattern: str) -> str:
    """The code, or family of codes, that was probably meant."""
    # Late: only a mistake needs it.
    from difflib import SequenceMatcher

    known = [*explanations(), *dict.fromkeys(f"{code.partition('.')[0]}.{ALL}" for code in explanations())]
    return max(known, key=lambda item: SequenceMatcher(a=pattern, b=item).ratio(), default=ALL)


def is_fixed(code: str) -> bool:
    """True for a finding that no rule can lower and nobody can waive; so is one that is not documented."""
    return code in FIXED_CODES or code.partition(".")[0] in FIXED_FAMILIES or code not in explanations()
