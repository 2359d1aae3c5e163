"""What the laws of stories are tried on: stories, inline words, and soup that looks like Markdown."""

from __future__ import annotations

import datetime
import html

from hypothesis import assume
from hypothesis import strategies as st

from workflow.errors import InputError
from workflow.model import (
    Attributes,
    Block,
    Code,
    Figure,
    Footnote,
    Heading,
    ListBlock,
    Paragraph,
    Quote,
    Reference,
    Rule,
    Story,
    Table,
    Words,
)
from workflow.rendering.html import StoryHtml
from workflow.settings import StoryRules
from workflow.story import parse_story
from workflow.story.dialect import inline_environment, inline_tokens
from workflow.story.folding import fold, paragraphs
from workflow.story.traversal import can_be_loose

RULES = StoryRules(
    source_language="en",
    languages=("en", "zh", "ru"),
    sections={"big-stories": "Big Stories", "news": "News"},
    wide_languages=("zh",),
)
FRONT = "---\nsection: news\npublished: 2021-05-03\n---\n"
HEADLINE = "# Headline\n\n"
BODY_LINE = 7
"""The line on which what follows `FRONT + HEADLINE` begins."""

REFERENCES = (
    Reference(label="ITMO", address="https://itmo.example/a?b=1&amp;c", title='The "university" & more'),
    Reference(label="大学", address="/zh/%E5%A4%A7", title=""),
)
FOOTNOTES = ("1", "note-2")


def read(text: str) -> Story:
    """The story in a text."""
    return parse_story(text.encode(), "story.md", RULES)


def read_body(body: str) -> Story:
    """A story with the body below its headline."""
    return read(FRONT + HEADLINE + body)


def body_html(story: Story) -> str:
    """The story's HTML, its pictures as markdown-it writes them."""
    return StoryHtml(story, figure=_picture_html, background="Background").body()


def all_html(story: Story) -> str:
    """The HTML of headline and body."""
    maker = StoryHtml(story, figure=_picture_html, background="Background")
    return f"<h1>{maker.inline(story.headline)}</h1>\n{maker.body()}"


def _picture_html(figure: Figure, maker: StoryHtml) -> str:
    attributes = "".join(f' {name}="{html.escape(value)}"' for name, value in figure.attributes)
    title = f' title="{html.escape(figure.caption.text)}"' if figure.caption else ""
    credit = f"<small>{html.escape(figure.credit.text)}</small>" if figure.credit else ""
    alt = html.escape(figure.alt.text)
    return f'<p{attributes}><img src="{html.escape(figure.source)}" alt="{alt}"{title} />{credit}</p>\n'


# --- Words -----------------------------------------------------------------------------------------------

NASTY = "*_[]()<>&#-+=~|:`{}!^\"'\\/.,;?%$@"
WIDE_MARKS = "，。！？：；、（）《》“”‘’【】「」…—～·＊＃［］｛｝１２"
BLANKS = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}\N{ZERO WIDTH SPACE}"
PRINTABLE = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufffe\uffff")

TERMS = (
    "university", "rector's", "5 G", "don't", "well-known", "C#", "e.g.", "1.", "12)", "2021", "100%",
    "大学", "签署了", "合作", "《协议》", "“强调”", "（注）", "他说：", "是。", "—",
    "университет", "«МИФИ»", "подписал", "и", "№\N{NO-BREAK SPACE}5", "–",
    "*word*", "**strong**", "***both***", "_word_", "__strong__", "**“强调”**", "*中*文", "`code`", "`` ` ``", "`a|b`",
    "[text](https://x.example)", "[t](<a b> \"title\")", "[ITMO]", "[a][itmo]", "[大学][]", "[span]{.x}", "`c`{#i}",
    "<https://x.example/?a=b>", "<me@x.example>", "&amp;", "&nbsp;", "&copy", "&#35;", "\\*", "\\<b>", "\\[x]",
    "https://x.example/a_b_c", "snake_case_name", "a*b*c", "2*3*4", "***", "---", "===", "|", "| a |", ":--", "~~~",
    "```", "# x", "## x ##", "x #", "> x", "- x", "+", "1. x", "[x]: y", "[^x]: y", "{.a}", "{", "}", "{}", "!", "![",
    "😀", "👩‍🔬", "🇨🇳", "<", "<a", "< b", "a < b > c", "</", "<!", "(c)", "\\", "\\\\",
)  # fmt: skip

_term = st.one_of(
    st.sampled_from(TERMS),
    st.text(NASTY, min_size=1, max_size=4),
    st.text(WIDE_MARKS, min_size=1, max_size=2),
    st.text(NASTY + WIDE_MARKS + BLANKS + "ab中文ёж1😀 ", min_size=1, max_size=6),
)
_glue = st.sampled_from((" ", " ", " ", "", "", "\n", "\\\n", "  \n", "\N{NO-BREAK SPACE}", "\n\N{NO-BREAK SPACE}"))


@st.composite
def raw_words(draw: st.DrawFn, *, max_terms: int = 8) -> str:
    """Words as somebody types them: any markup, broken or not, several lines."""
    terms = draw(st.lists(st.tuples(_term, _glue), min_size=1, max_size=max_terms))
    return "".join(term + glue for term, glue in terms)


typed_targets = st.one_of(raw_words(), st.text(PRINTABLE, max_size=40), st.text(NASTY + " \nab中", max_size=20))
"""What a translator may type in place of a paragraph."""


def normal(target: str, *, language: str = "en") -> tuple[str, ...]:
    """The paragraphs of a target in the form that reading a story gives.

    Raises ValueError for what words cannot hold: raw HTML and pictures.
    """
    env = {item.label: (item.address, item.title) for item in REFERENCES}
    made = []
    for part in paragraphs(target):
        tokens = inline_tokens(part, inline_environment(env, FOOTNOTES))
        if any(token.type in {"html_inline", "image"} for token in tokens):
            raise ValueError(part)
        made.append(fold(part, tokens, join_wide=language in RULES.wide_languages))
    return tuple(made)


@st.composite
def words(draw: st.DrawFn, *, one_line: bool = False, language: str = "en") -> Words:
    """Words in normal form, without footnote marks."""
    text = draw(raw_words(max_terms=5))
    if one_line:
        text = text.replace("\\\n", " ").replace("\n", " ")
    try:
        made = normal(text, language=language)
    except ValueError:
        made = ()
    made = tuple(item for item in made if "{" not in item and "[^" not in item)
    return Words(text=made[0] if made else draw(st.sampled_from(("plain words", "普通的话", "простые слова"))))


_plain = st.text(NASTY + WIDE_MARKS + "\N{NO-BREAK SPACE}ab 中ж1😀", min_size=1, max_size=12).map(
    lambda text: Words(text=" ".join(part for part in text.split(" ") if part) if text.strip() else "x")
)
_name = st.from_regex(r"[a-zA-Z][\w-]{0,5}", fullmatch=True, alphabet="abcXYZ019-_ж中")
_attribute_values: dict[str, st.SearchStrategy[str]] = {
    "class": st.one_of(st.just("background"), st.lists(_name, min_size=1, max_size=2).map(" ".join)),
    "id": _name,
    "lang": st.sampled_from(("zh-Hans", "ru", "en")),
}
attributes: st.SearchStrategy[Attributes] = st.one_of(
    st.just(()),
    st.fixed_dictionaries({}, optional=_attribute_values).map(lambda found: tuple(sorted(found.items()))),
)

# --- Blocks ----------------------------------------------------------------------------------------------


def _paragraphs(language: str) -> st.SearchStrategy[Block]:
    return st.builds(Paragraph, words=words(language=language), attributes=attributes)


def _headings(language: str) -> st.SearchStrategy[Block]:
    heading = words(one_line=True, language=language)
    return st.builds(Heading, words=heading, level=st.integers(2, 6), attributes=attributes)


_file_names = st.text("abж中 ()%&#?'\"!~+=@,;<>[]*`_", min_size=1, max_size=8).map(lambda name: f"p{name}.jpg")
_figures: st.SearchStrategy[Block] = st.builds(
    Figure,
    source=_file_names,
    alt=_plain,
    caption=st.none() | _plain,
    credit=st.none() | _plain,
    attributes=attributes,
)
_code: st.SearchStrategy[Block] = st.builds(
    Code,
    text=st.lists(st.text("ab `~\t<&\\-中", max_size=6).map("{}\n".format), max_size=3).map("".join),
    info=st.sampled_from(("", "python", "a b", "c`d", "x\\y", "&amp;", "~~~", "ж")),
    attributes=attributes,
)


@st.composite
def _tables(draw: st.DrawFn, language: str) -> Block:
    width = draw(st.integers(1, 3))
    cell = st.just(Words(text="")) | words(one_line=True, language=language)
    row = st.lists(cell, min_size=width, max_size=width).map(tuple)
    header = draw(row.filter(lambda cells: any(cell.text for cell in cells)))
    alignments = draw(st.lists(st.sampled_from(("", "left", "center", "right")), min_size=width, max_size=width))
    rows = draw(st.lists(row, max_size=3))
    return Table(header=header, rows=tuple(rows), alignments=tuple(alignments), attributes=draw(attributes))


def _list(items: list[tuple[Block, ...]], start: int | None, attributes: Attributes) -> Block:
    tight = not can_be_loose(items) or all(len(item) == 1 for item in items)
    return ListBlock(items=tuple(items), start=start, tight=tight, attributes=attributes)


def _nested(children: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    bodies = st.lists(children, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Quote, blocks=bodies, attributes=attributes),
        st.builds(
            _list,
            items=st.lists(bodies, min_size=1, max_size=3),
            start=st.none() | st.integers(0, 999),
            attributes=attributes,
        ),
    )


def blocks(language: str = "en") -> st.SearchStrategy[Block]:
    """Blocks of all kinds but footnotes, nested."""
    flat = st.one_of(
        _paragraphs(language),
        _paragraphs(language),
        _headings(language),
        _figures,
        _code,
        st.builds(Rule, attributes=attributes),
        _tables(language),
    )
    return st.recursive(flat, _nested, max_leaves=6)


@st.composite
def built_stories(draw: st.DrawFn) -> Story:
    """Stories made block by block; reading them may show a list to be loose, which no writer can know."""
    language = draw(st.sampled_from(("en", "zh", "ru")))
    body: list[Block] = draw(st.lists(blocks(language), max_size=4))
    labels = draw(st.sets(st.sampled_from(FOOTNOTES)))
    for label in sorted(labels):
        body.append(Paragraph(words=Words(text=f"Marked[^{label}]")))
        body.append(Footnote(label=label, blocks=tuple(draw(st.lists(blocks(language), min_size=1, max_size=2)))))
    return Story(
        language=language,
        section="news",
        published=draw(st.dates(min_value=datetime.date(1, 1, 1))),
        headline=draw(words(one_line=True, language=language)),
        summary=draw(st.none() | _plain),
        written_by=tuple(draw(st.lists(_plain, max_size=2))),
        edited_by=tuple(draw(st.lists(_plain, max_size=2))),
        languages=tuple(draw(st.sets(st.sampled_from(("en", "zh", "ru"))))),
        blocks=tuple(body),
        references=REFERENCES,
    )


# --- Texts -----------------------------------------------------------------------------------------------

_line_starts = st.sampled_from((
    "", "", "", "", "- ", "* ", "+ ", "1. ", "2) ", "10. ", "> ", ">", "## ", "###### ", "    ", "  ", "   ", "| ",
    "[^1]: ", "[^note-2]: ", "[x]: ", "{.background}\n", "{.a #b lang=ru}\n", "```\n", "~~~ python\n", "---\n",
    "===\n", "* * *\n", "|-|-|\n", "| a | b |\n|---|:-:|\n", "- - ", "> - ", "- > ", "1. - ", "- [x]: ", "-\n", ">\n",
    "![alt](p.jpg)\n", "![*a*](<p q.jpg> \"c\"){credit=\"d\" .e}\n",
))  # fmt: skip
_line_ends = st.sampled_from(("\n", "\n", "\n\n", "\n\n", "\\\n", "  \n", "[^1]\n", "[^note-2]\n\n", "\n \n", " \n"))


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """Markdown soup."""
    lines = draw(st.lists(st.tuples(_line_starts, _line_starts, raw_words(max_terms=3), _line_ends), max_size=6))
    return "".join(first + second + text + end for first, second, text, end in lines)


@st.composite
def read_stories(draw: st.DrawFn) -> Story:
    """Stories that were read from soup; what is refused is thrown away."""
    language = draw(st.sampled_from(("en", "zh")))
    front = f"---\nlanguage: {language}\nsection: news\npublished: 2021-05-03\n---\n"
    tail = "\n\n[ITMO]: https://itmo.example 'x'\n\nlast[^1] [^note-2]\n\n[^1]: x\n\n[^note-2]: y\n"
    try:
        return read(front + HEADLINE + draw(bodies()).replace("[^1]: ", "").replace("[^note-2]: ", "") + tail)
    except InputError:
        assume(False)
        raise
