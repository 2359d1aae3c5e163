"""The words of signed editions, frozen: kept beside those that are live until they are live themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import takewhile

from workflow.canonical import digest
from workflow.model import Channel, Edition
from workflow.newsroom import Newsroom
from workflow.signoff import Approved, Standing


def freeze(newsroom: Newsroom, language: str, edition: Edition, pictures: Iterable[tuple[str, bytes]]) -> None:
    """Keeps the edition's words, and its pictures as (frozen name, bytes); the newsroom's lock is held."""
    # Pictures first, so that frozen words never name one that is not there.
    for name, data in pictures:
        newsroom.write(newsroom.media_file(name), data)
    sha256 = digest(edition.text)
    if sha256 not in newsroom.frozen_words(language, edition.slug):
        newsroom.write(newsroom.kept_edition_file(language, edition.slug, sha256), edition.text.encode())


def settle(
    newsroom: Newsroom, language: str, edition: Edition, standing: Standing, live: Mapping[Channel, Approved]
) -> None:
    """Gives the words the edition's own file once every channel has them; drops kept words that nobody waits for.

    `live` are the words that the log lets out. The newsroom's lock is held.
    """
    slug, sha256 = edition.slug, digest(edition.text)
    out = {channel: words.edition for channel, words in live.items() if not words.withdrawal}
    main, needed = newsroom.edition_file(language, slug), {*out.values(), *_waiting(standing, out)}
    if all(item.covered for item in standing.channels):
        if newsroom.exists(main) and (before := digest(data := newsroom.read(main))) in needed - {sha256}:
            newsroom.write(newsroom.kept_edition_file(language, slug, before), data)
        newsroom.write(main, edition.text.encode())
        needed.discard(sha256)
    needed_files = {newsroom.kept_edition_file(language, slug, item) for item in needed}
    for path in newsroom.frozen_files(language).get(slug, ()):
        if path != main and path not in needed_files:
            newsroom.remove(path)


def _waiting(standing: Standing, out: Mapping[Channel, str]) -> Iterator[str]:
    """The words that some have approved, and newer ones than those that are out, which other languages hold back."""
    for item in standing.channels:
        yield from (edition for edition, _ in item.tally.counting)
        newer = takewhile(partial(_is_not, out.get(item.channel)), reversed(item.tally.approved))
        yield from (words.edition for words in newer if not words.withdrawal)


def _is_not(edition: str | None, words: Approved) -> bool:
    return words.edition != edition
