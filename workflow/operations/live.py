"""The words of one edition that its log lets out, on each channel."""

from __future__ import annotations

from functools import partial

from workflow.model import Channel
from workflow.newsroom import Newsroom
from workflow.operations.verdicts import Verdicts
from workflow.signoff import Approved, Tally, live_words, tally


def tally_in(newsroom: Newsroom, verdicts: Verdicts, slug: str, channel: Channel, code: str) -> Tally | None:
    """The approvals of a story in one language, on one channel; None if the newsroom has no such language."""
    if code not in newsroom.settings.languages:
        return None
    return tally(verdicts.checked_log(code, slug).lines, newsroom.settings.rules_of(code, channel))


def live_in(newsroom: Newsroom, verdicts: Verdicts, slug: str, code: str) -> dict[Channel, Approved]:
    """By channel: the approved words that no language holds back, withdrawn or not; only where there are any."""
    found = {}
    for channel in Channel:
        tally_of = partial(tally_in, newsroom, verdicts, slug, channel)
        counted = tally_of(code)
        words = live_words(counted, newsroom.settings.rules_of(code, channel), tally_of) if counted else None
        if words is not None:
            found[channel] = words
    return found
