"""Links: a translation leads where its source leads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from workflow.checks.pair import Pair
from workflow.diagnostics import Diagnostic
from workflow.edition import OMIT
from workflow.story.dialect import inline_tokens
from workflow.story.folding import paragraphs

_REFERENCE = re.compile(r"(?<!\\)\](\[[^\]]*\])")


def changed_links(pair: Pair) -> Iterator[Diagnostic]:
    """Addresses that only one side has."""
    if not pair.is_markdown or pair.unit.target.strip() == OMIT:
        return
    wanted, found = _addresses(pair.unit.source), _addresses(pair.unit.target)
    for address in sorted((wanted - found).keys()):
        yield pair.finding("links.changed", f"the link to {address} is missing", "link the same words to it")
    for address in sorted((found - wanted).keys()):
        yield pair.finding("links.changed", f"a link to {address} that the source does not have", "take it out")


def _addresses(text: str) -> Counter[str]:
    """Addresses of links, and labels of links whose address is defined elsewhere in the story."""
    if "[" not in text and "<" not in text:
        return Counter()  # as in nearly all texts, and parsing takes most of a check's time
    tokens = [token for part in paragraphs(text) for token in inline_tokens(part, {})]
    addresses = Counter(str(token.attrs["href"]) for token in tokens if token.type == "link_open")
    addresses.update(label for label in _REFERENCE.findall(text))
    return addresses
