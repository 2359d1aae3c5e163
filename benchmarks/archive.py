"""A made-up archive of stories, always the same, whose every translation tells which words it was made from.

Each story is then edited, one paragraph in ten, as editors do; what each new text was made from stays known.
"""

from __future__ import annotations

import functools
import itertools
import random
import re
import shutil
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from workflow.catalog import format_catalog
from workflow.edition import template_units
from workflow.model import Catalog
from workflow.newsroom import Newsroom, open_newsroom

ROOT = Path(__file__).resolve().parent.parent
WORKFLOW = (sys.executable, "-m", "workflow")
TRANSLATED = ("zh", "ru")

COMMON = re.findall(
    r"\w+",
    """the of and to in a is that for it was on with as at by from this have are or not be an they which one had but has
    their more will were its who been also two new year after first when than other some would there all about into
    time over between under such during people many most through these may them then since only our each while where
    both out up can said years last three work world city country school several week because""",
)
STEMS = re.findall(
    r"\w+",
    """research lab engineer teach learn model measur energ mater chem phys bio medic econom cultur histor langu music
    art sport law trade bank indust factor build design comput network data robot laser optic rail ship air road water
    forest climat farm food health hospit nurs clinic student profess universit facult library museum theatr festiv
    contest award grant fund project program partner agree visit deleg minist mayor govern council region nation
    foreign local public young senior former joint annual modern digit smart green safe strong rapid open""",
)
ENDINGS = ("", "s", "ed", "ing", "er", "ers", "ment", "al", "ation", "ity", "ism", "ly", "ful", "ive")
VOCABULARY = (*COMMON, *(stem + ending for ending, stem in itertools.product(ENDINGS, STEMS)))
ZIPF = tuple(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(VOCABULARY))))

HAN = tuple(map(chr, range(0x4E00, 0x5200)))
SYLLABLES = ("ра", "но", "ве", "ло", "та", "ни", "ко", "ре", "пра", "ст", "ов", "ен", "ие", "ция", "мо", "да", "ли")


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """One segment of a story."""

    kind: str
    """`headline`, `summary`, `paragraph`, `list-item`, `alt`, `caption` or `credit`."""
    text: str
    origins: tuple[str, ...] = ()
    """The ids of the texts it was made from; none for one that is quite new."""
    is_edited: bool = False

    @property
    def key(self) -> tuple[str | None, str]:
        """Its context and source in a catalog."""
        return None if self.kind == "paragraph" else self.kind, self.text


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """One story, before or after its edit."""

    slug: str
    pieces: tuple[Piece, ...]

    @property
    def path(self) -> str:
        return f"stories/{self.slug}/story.md"


@dataclass(kw_only=True, slots=True)
class Archive:
    """A newsroom with its stories as they were and as they are to become."""

    root: Path
    before: tuple[Draft, ...]
    after: tuple[Draft, ...] = field(default=())

    @property
    def newsroom(self) -> Newsroom:
        return open_newsroom(self.root, exactly=True)


def make_archive(root: Path, stories: int, seed: int = 1) -> Archive:
    """The newsroom at `root`: stories of about 20 segments, settled catalogs, everything translated."""
    chance = random.Random(seed)
    boilerplate = [_paragraph(chance) for _ in range(12)]
    archive = Archive(root=root, before=tuple(_draft(chance, number, boilerplate) for number in range(stories)))
    archive.after = tuple(_edited(chance, draft) for draft in archive.before)
    root.mkdir(parents=True)
    for name in ("newsroom.toml", "newsroom.signers"):
        shutil.copy(ROOT / name, root)
    write_stories(root, archive.before)
    for draft in archive.before:
        (root / draft.path).with_name("picture.png").write_bytes(_picture())
    subprocess.run([*WORKFLOW, "-C", str(root), "update"], check=True, capture_output=True, cwd=ROOT)
    for draft, language in itertools.product(archive.before, TRANSLATED):
        _translate(root / f"locales/{language}/LC_MESSAGES/{draft.slug}.po", draft, language)
    return archive


def write_stories(root: Path, drafts: Iterable[Draft]) -> None:
    """Puts the stories into their folders."""
    for draft in drafts:
        file = root / draft.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_markdown(draft), encoding="utf-8")


def write_templates(archive: Archive, folder: Path) -> None:
    """A POT of each edited story, `<slug>.pot`, for msgmerge."""
    newsroom = archive.newsroom
    headers = (("Content-Type", "text/plain; charset=UTF-8"),)
    for draft in archive.after:
        units = template_units(newsroom.read_story(draft.slug), draft.path)
        file = folder / f"{draft.slug}.pot"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(format_catalog(Catalog(headers=headers, units=units)), encoding="utf-8")


# --- Words -----------------------------------------------------------------------------------------------


def _words(chance: random.Random, count: int) -> list[str]:
    return chance.choices(VOCABULARY, cum_weights=ZIPF, k=count)


def _sentence(chance: random.Random) -> str:
    words = _words(chance, chance.randint(9, 26))
    if len(words) > 14:
        words[len(words) // 2] += ","
    return " ".join(words).capitalize() + "."


def _paragraph(chance: random.Random) -> str:
    """60 to 150 words in sentences."""
    wanted, sentences = chance.randint(60, 135), [_sentence(chance)]
    while sum(sentence.count(" ") + 1 for sentence in sentences) < wanted:
        sentences.append(_sentence(chance))
    return " ".join(sentences)


def _phrase(chance: random.Random, least: int, most: int) -> str:
    return " ".join(_words(chance, chance.randint(least, most))).capitalize()


def _name(chance: random.Random) -> str:
    return " ".join(chance.choice(STEMS).capitalize() for _ in range(2))


def _one_word_other(chance: random.Random, text: str, times: int = 1) -> str:
    words = text.split(" ")
    for place in chance.sample(range(1, len(words)), min(times, len(words) - 1)):
        ending = words[place][-1] if words[place][-1] in ".," else ""
        words[place] = chance.choice(VOCABULARY[len(COMMON) :]) + ending
    return " ".join(words)


def _sentences(text: str) -> list[str]:
    return [sentence if sentence.endswith(".") else f"{sentence}." for sentence in text.split(". ")]


# --- Stories ---------------------------------------------------------------------------------------------


def _draft(chance: random.Random, number: int, boilerplate: Sequence[str]) -> Draft:
    """Headline, summary, paragraphs with a picture, sometimes a list, and who made it."""
    body = [Piece(kind="paragraph", text=_paragraph(chance)) for _ in range(chance.randint(10, 16))]
    # Near-duplicates: the same programme told of one city after another.
    for _ in range(2):
        place = chance.randrange(len(body))
        text = _one_word_other(chance, body[place].text, times=chance.randint(2, 5))
        body.insert(chance.randint(place + 1, len(body)), Piece(kind="paragraph", text=text))
    picture = [Piece(kind=kind, text=_phrase(chance, 4, 14)) for kind in ("alt", "caption")]
    body[2:2] = [*picture, Piece(kind="credit", text=_name(chance))]
    if number % 2:
        items = [Piece(kind="list-item", text=_phrase(chance, 6, 20)) for _ in range(chance.randint(3, 5))]
        items.append(Piece(kind="list-item", text=_one_word_other(chance, items[0].text)))
        body += items
    body += [Piece(kind="paragraph", text=text) for text in chance.sample(boilerplate, 2)]
    head = [Piece(kind="headline", text=_phrase(chance, 6, 12)), Piece(kind="summary", text=_sentence(chance))]
    pieces = [*head, *body, Piece(kind="credit", text=f"{_name(chance)} {number}")]
    return Draft(
        slug=f"{2000 + number % 20}/story-{number}",
        pieces=tuple(replace(piece, origins=(_id(number, place),)) for place, piece in enumerate(pieces)),
    )


def _id(number: int, place: int) -> str:
    """Letters only, so that a check finds no number that the source does not have."""
    letters, left = "", number * 100 + place
    for _ in range(5):
        left, digit = divmod(left, 26)
        letters += chr(ord("a") + digit)
    return f"id{letters}"


def _markdown(draft: Draft) -> str:
    of = {piece.kind: piece.text for piece in draft.pieces}
    *_, author = (piece.text for piece in draft.pieces if piece.kind == "credit")
    header = f'section: big-stories\npublished: 2020-01-01\nsummary: "{of["summary"]}"\nwritten_by:\n  - "{author}"\n'
    return f"---\n{header}---\n\n# {of['headline']}\n\n" + "".join(_blocks(draft.pieces[2:-1]))


def _blocks(pieces: Sequence[Piece]) -> Iterator[str]:
    for place, piece in enumerate(pieces):
        if piece.kind == "paragraph":
            yield f"{piece.text}\n\n"
        elif piece.kind == "list-item":
            ends = pieces[place + 1 :] and pieces[place + 1].kind == "list-item"
            yield f"- {piece.text}\n" + ("" if ends else "\n")
        elif piece.kind == "alt":
            caption, credit = pieces[place + 1].text, pieces[place + 2].text
            yield f'![{piece.text}](picture.png "{caption}"){{credit="{credit}"}}\n\n'


@functools.cache
def _picture() -> bytes:
    """A grey PNG of 8 by 8 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0\x80\x80\x80\x80\x80\x80\x80\x80" * 8)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


# --- Translations ----------------------------------------------------------------------------------------


def _translate(catalog: Path, draft: Draft, language: str) -> None:
    """Fills the catalog, whose sources stand on one line each; a target begins with its piece's id."""
    targets = {piece.key: f"{piece.origins[0]} {_translation(piece.text, language)}" for piece in draft.pieces}
    context, source, lines = None, "", []
    for line in catalog.read_text(encoding="utf-8").split("\n"):
        if line.startswith("msgctxt "):
            context = line[9:-1]
        elif line.startswith("msgid "):
            source = line[7:-1]
        elif line.startswith("msgstr ") and source:
            line, context = f'msgstr "{targets[context, source]}"', None
        lines.append(line)
    catalog.write_text("\n".join(lines), encoding="utf-8")


def _translation(text: str, language: str) -> str:
    between = "" if language == "zh" else " "
    return between.join(_word_in(word, language) for word in text.split(" "))


@functools.cache
def _word_in(word: str, language: str) -> str:
    """A made-up word of the length that words of the language have, with the punctuation of the source."""
    chance, letters = random.Random(f"{language} {word.lower().strip('.,')}"), word.strip(".,")
    mark = word[len(letters) :]
    if language == "zh":
        return "".join(chance.choices(HAN, k=2 if len(letters) > 3 else 1)) + {",": "，", ".": "。"}.get(mark, "")
    return "".join(chance.choices(SYLLABLES, k=max(1, (len(letters) + 1) // 2))) + mark


# --- Edits -----------------------------------------------------------------------------------------------

EDITS: Mapping[str, int] = {
    "word": 30,
    "more words": 12,
    "sentence added": 14,
    "sentence removed": 12,
    "moved": 10,
    "split": 8,
    "merged": 8,
    "replaced": 10,
    "rewritten half": 6,
}
"""What editors do to a paragraph, and how often of 110."""


def _edited(chance: random.Random, draft: Draft) -> Draft:
    """The story with one paragraph in ten edited, and with every tenth headline, list item or caption changed."""
    pieces = list(draft.pieces)
    for piece in draft.pieces:
        if chance.random() < 0.1 and piece in pieces:
            place = pieces.index(piece)
            if piece.kind == "paragraph":
                _edit_paragraph(chance, pieces, place)
            elif piece.text.count(" ") > 3:
                text = _one_word_other(chance, piece.text, times=1 + piece.text.count(" ") // 8)
                pieces[place] = replace(piece, text=text, is_edited=True)
    return replace(draft, pieces=tuple(pieces))


def _edit_paragraph(chance: random.Random, pieces: list[Piece], place: int) -> None:
    """Changes the list of pieces as one edit does."""
    piece = pieces[place]
    (kind,) = chance.choices(tuple(EDITS), weights=tuple(EDITS.values()))
    sentences = _sentences(piece.text)

    def made(text: str, *others: Piece) -> Piece:
        origins = tuple(origin for each in (piece, *others) for origin in each.origins)
        return Piece(kind="paragraph", text=text, origins=origins, is_edited=True)

    following = pieces[place + 1] if pieces[place + 1].kind == "paragraph" else None
    if kind == "sentence added":
        sentences.insert(chance.randint(0, len(sentences)), _sentence(chance))
    elif kind == "sentence removed" and len(sentences) > 2:
        sentences.pop(chance.randrange(len(sentences)))
    elif kind == "rewritten half":
        half = len(sentences) // 2
        sentences[half:] = [_sentence(chance) for _ in sentences[half:]]
    elif kind == "replaced":
        pieces[place] = Piece(kind="paragraph", text=_paragraph(chance), is_edited=True)
        return
    elif kind == "split" and len(sentences) > 2:
        cut = len(sentences) // 2
        pieces[place : place + 1] = [made(" ".join(sentences[:cut])), made(" ".join(sentences[cut:]))]
        return
    elif kind == "merged" and following:
        pieces[place : place + 2] = [made(f"{piece.text} {following.text}", following)]
        return
    else:
        sentences = _sentences(_one_word_other(chance, piece.text, times=1 if kind == "word" else 6))
    pieces[place] = made(" ".join(sentences))
    if kind == "moved":
        moved, spots = pieces.pop(place), [at for at, each in enumerate(pieces) if each.kind == "paragraph"]
        pieces.insert(chance.choice(spots), moved)
