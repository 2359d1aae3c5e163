"""Stories as authors write them: what is read, what is refused and in which line.

The golden cases stand in `data/stories/`: a story, its segments (`role | line | text`) and the HTML of its body.
"""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest
from strategies_story import BODY_LINE, FRONT, HEADLINE, RULES, all_html, body_html, read, read_body

from workflow.diagnostics import Diagnostic
from workflow.errors import InputError
from workflow.model import Code, Figure, Heading, ListBlock, Paragraph, Quote, Role, Segment, Table
from workflow.story import format_story, parse_story, rewrite, segments
from workflow.story.folding import guarded, paragraphs

NBSP = "\N{NO-BREAK SPACE}"
STORIES = Path(__file__).parent / "data/stories"


def text_of(body: str, *, language: str = "en") -> str:
    """The words of the only paragraph."""
    front = FRONT.replace("---\n", f"---\nlanguage: {language}\n", 1)
    (block,) = read(front + HEADLINE + body).blocks
    assert isinstance(block, Paragraph)
    return block.words.text


# --- Golden cases ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["elements", "chinese", "russian"])
def test_golden(name: str) -> None:
    story = parse_story((STORIES / f"{name}.md").read_bytes(), f"{name}.md", RULES)
    lines = [f"{item.role} | {item.line} | {item.source}".replace("\n", "⏎") for item in segments(story)]
    assert lines == (STORIES / f"{name}.segments.txt").read_text(encoding="utf-8").splitlines()
    assert all_html(story) == (STORIES / f"{name}.html").read_text(encoding="utf-8")
    assert read(format_story(story)) == story


def test_front_matter_of_elements() -> None:
    story = parse_story((STORIES / "elements.md").read_bytes(), "elements.md", RULES)
    assert (story.language, story.languages, story.section) == ("en", ("en", "zh"), "big-stories")
    assert story.published == datetime.date(2021, 5, 3)
    assert story.summary is not None
    assert story.summary.text == "Two universities signed an agreement"
    assert [name.text for name in (*story.written_by, *story.edited_by)] == ["Anna Ivanova", "Li Wei"]


def test_front_matter_needs_only_section_and_date() -> None:
    story = read(FRONT + "# H")
    assert (story.language, story.languages, story.section, story.summary) == ("en", (), "news", None)
    assert (story.blocks, story.headline.text) == ((), "H")


def test_yaml_words_stay_words() -> None:
    story = read(FRONT.replace("---\n", "---\nsummary: 1.10\nwritten_by: [NO, ~, 2021-01-01]\n", 1) + "# H\n")
    assert story.summary is not None
    assert story.summary.text == "1.10"
    assert [name.text for name in story.written_by] == ["NO", "~", "2021-01-01"]


# --- Words -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("**“强调”**文字", "<strong>“强调”</strong>文字"),
        ("文字**“强调”**", "文字<strong>“强调”</strong>"),
        ("**《书名》**的", "<strong>《书名》</strong>的"),
        ("**（注）**", "<strong>（注）</strong>"),
        ("的**（注）**是", "的<strong>（注）</strong>是"),
        ("他说：**“是。”**然后", "他说：<strong>“是。”</strong>然后"),
        ("**是。**然后", "<strong>是。</strong>然后"),
        ("*（是）*然后", "<em>（是）</em>然后"),
        ("中***“两者”***文", "中<em><strong>“两者”</strong></em>文"),
        ("**强调*斜体（内）*强调**文", "<strong>强调<em>斜体（内）</em>强调</strong>文"),
        ("a**中**b", "a<strong>中</strong>b"),
        ("用**Latin (x)**混排", "用<strong>Latin (x)</strong>混排"),
        ("snake_case_name", "snake_case_name"),
        ("中文 _（强调）_ 中文", "中文 <em>（强调）</em> 中文"),
        ("5 * 3 * 2", "5 * 3 * 2"),
        ("**«Да»**, сказал", "<strong>«Да»</strong>, сказал"),
        ("a**“b”**c", "a**“b”**c"),
    ],
)
def test_emphasis(typed: str, html: str) -> None:
    assert body_html(read_body(typed)) == f"<p>{html}</p>\n"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("第一行，\n第二行", "第一行，第二行"),
        ("第一行\n  第二行", "第一行第二行"),
        ("中文\nLatin\nwords\n中文", "中文 Latin words 中文"),
        ("😀\n😀", "😀 😀"),
        ("中文\\\n中文", "中文\\\n中文"),
    ],
)
def test_chinese_lines_join_without_blank(body: str, words: str) -> None:
    assert text_of(body, language="zh") == words


def test_other_languages_join_lines_with_a_blank() -> None:
    assert text_of("中文\n中文") == "中文 中文"


@pytest.mark.parametrize(
    "body",
    [
        "One two *three four* five `a b` [six seven](x) eight.",
        "One two *three\nfour* five `a\nb` [six\nseven](x)\neight.",
        "   One\ntwo\n*three\n      four* five\n`a b`\n[six seven](x) eight.   ",
    ],
)
def test_wrapping_a_paragraph_changes_no_segment(body: str) -> None:
    assert text_of(body) == "One two *three four* five `a b` [six seven](x) eight."


def test_a_backslash_before_a_break_of_blanks_stays_one() -> None:
    typed, kept = "a\\   \nb", "a\\\\\\\nb"
    assert text_of(typed) == kept
    assert body_html(read_body(typed)) == body_html(read_body(kept)) == "<p>a\\<br />\nb</p>\n"


def test_both_hard_breaks_are_one() -> None:
    assert text_of("a\\\nb") == text_of("a   \n   b") == "a\\\nb"


@pytest.mark.parametrize("blank", [NBSP, "\N{NARROW NO-BREAK SPACE}"])
def test_no_break_blanks_survive_everywhere(blank: str) -> None:
    typed = f"№{blank}5"
    front = FRONT.replace("---\n", f"---\nsummary: {typed}\nwritten_by: [{typed}]\n", 1)
    body = f'# {typed}\n\n{typed}\n\n![{typed}](x.jpg "{typed}"){{credit="{typed}"}}\n\n| {typed} |\n|---|\n'
    story = read(front + body)
    assert {segment.source for segment in segments(story)} == {typed}
    assert len(segments(story)) == 8
    assert read(format_story(story)) == story


def test_a_paragraph_of_no_break_blanks_is_no_paragraph() -> None:
    assert read_body(f"a\n\n{NBSP}\n\nb") == read_body("a\n\nb")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("# not a heading", "\\# not a heading"),
        ("1. not a list", "1\\. not a list"),
        ("1.5 million", "1.5 million"),
        ("１. 全角", "１. 全角"),
        ("- dash", "\\- dash"),
        ("-5 °C", "-5 °C"),
        ("> quote", "\\> quote"),
        ("***", "\\***"),
        ("**bold**", "**bold**"),
        ("```", "\\```"),
        ("`code`", "`code`"),
        ("[x]: y", "[x]\\: y"),
        ("[x](y): z", "[x](y): z"),
        ("{.a}", "\\{.a}"),
        ("<https://x.example>", "<https://x.example>"),
        ("<div", "\\<div"),
        ("a\\\n===", "a\\\n\\==="),
        ("a\\\n|-|", "a\\\n\\|-|"),
        ("No. #", "No. \\#"),
        ("C#", "C#"),
    ],
)
def test_guarded(typed: str, kept: str) -> None:
    assert guarded(typed) == kept
    assert guarded(kept) == kept
    assert text_of(kept) == kept


def test_a_mark_before_a_colon_stays_a_mark() -> None:
    assert guarded("[^1]: y") == "[^1]\\: y"
    html = body_html(read_body("## [^1]: y\n\n[^1]: z\n"))
    assert html.startswith('<h2><sup class="footnote-ref">')


def test_a_blank_line_divides_a_translation() -> None:
    assert paragraphs("a\nb\n \n\nc \n") == ("a\nb", "c")
    assert paragraphs(f" \n{NBSP}\n") == ()


# --- Blocks ----------------------------------------------------------------------------------------------


def test_figure() -> None:
    body = '{.wide}\n![*Two* people](my%20picture.jpg "Wuhan &amp; us")'
    body += '{credit="A \\"B\\" \\\\ C" #x .y}'
    (figure,) = read_body(body).blocks
    assert isinstance(figure, Figure)
    assert (figure.source, figure.alt.text) == ("my picture.jpg", "Two people")
    assert figure.caption is not None
    assert figure.credit is not None
    assert (figure.caption.text, figure.credit.text) == ("Wuhan & us", 'A "B" \\ C')
    assert figure.attributes == (("class", "wide y"), ("id", "x"))


def test_figure_of_a_reference() -> None:
    (figure,) = read_body('![alt][pic]\n\n[pic]: x.jpg "caption"').blocks
    assert isinstance(figure, Figure)
    assert figure.source == "x.jpg"


@pytest.mark.parametrize("above", ["a", "## a", "> a", "- a", "| a |\n|---|", "```\na\n```", "***", "![a](x.jpg)"])
def test_attributes_of_every_block(above: str) -> None:
    (block,) = read_body("{.x #y lang=ru}\n" + above).blocks
    assert getattr(block, "attributes") == (("class", "x"), ("id", "y"), ("lang", "ru"))  # noqa: B009
    assert 'class="x" id="y" lang="ru"' in body_html(read_body("{.x #y lang=ru}\n" + above))


def test_attributes_of_a_paragraph_in_a_tight_list_are_shown() -> None:
    assert '<p class="x">a</p>' in body_html(read_body("- {.x}\n  a\n- b"))


@pytest.mark.parametrize("line", ["{.a} and words }", "{}", "{% note %}", "{ words }"])
def test_a_line_in_braces_keeps_its_words(line: str) -> None:
    assert body_html(read_body(line)) == f"<p>{line}</p>\n"


def test_background_is_set_apart_once() -> None:
    html = body_html(read_body("a\n\n{.background}\nb\n\n{.background .x}\nc\n\nd"))
    assert html.count("<section") == 1
    assert html.index("<p>a") < html.index("<section") < html.index(">b<") < html.index(">c<")
    assert html.index("</section>") < html.index("<p>d")


def test_footnotes_are_numbered_by_their_marks() -> None:
    html = body_html(read_body("a[^x] b[^y] c[^x]\n\n[^y]: Y\n\n[^x]: X[^z]\n\n[^z]: Z"))
    assert re.findall(r'<li id="fn-(\d)"><p>(\w)', html) == [("1", "X"), ("2", "Y"), ("3", "Z")]
    assert html.count('href="#fn-1"') == 2
    assert 'id="fnref-1:1"' in html


def test_cells_keep_bars_and_alignment() -> None:
    (table,) = read_body("| a | b |\n|:-:|--:|\n| c \\| d | `e\\|f` |\n| only |").blocks
    assert isinstance(table, Table)
    assert table.alignments == ("center", "right")
    assert [[cell.text for cell in row] for row in table.rows] == [["c | d", "`e|f`"], ["only", ""]]
    assert 'class="center"' in body_html(read_body("| a |\n|:-:|"))


def test_a_hostile_address_is_no_link() -> None:
    assert "<a" not in body_html(read_body("[x](javascript:alert(1)) [y](vbscript:a)"))


# --- The traversal ---------------------------------------------------------------------------------------


def test_put_replaces_splits_and_omits() -> None:
    story = read_body("a\n\n- a\n- b\n\n> b\n\nc")
    made = rewrite(story, lambda segment: {"a": ("A1", "A2"), "b": ()}.get(segment.source, (segment.source,)))
    assert [type(block) for block in made.blocks] == [Paragraph, Paragraph, ListBlock, Paragraph]
    assert [segment.source for segment in segments(made)] == ["Headline", "A1", "A2", "A1", "A2", "c"]
    assert read(format_story(made)) == made


@pytest.mark.parametrize("left", ["a", "b"])
def test_a_list_with_one_paragraph_left_reads_back_equal(left: str) -> None:
    story = read_body("- a\n\n- b\n")
    made = rewrite(story, lambda segment: () if segment.source == left else (segment.source,))
    assert read(format_story(made)) == made


def test_paragraphs_that_become_neighbours_stay_two() -> None:
    story = read_body("- a\n  ## h\n  b\n")
    made = rewrite(story, lambda segment: () if segment.role is Role.HEADING else (segment.source,))
    assert read(format_story(made)) == made


@pytest.mark.parametrize("role", [Role.HEADLINE, Role.HEADING, Role.CELL, Role.ALT, Role.CAPTION])
def test_what_cannot_split_is_refused(role: Role) -> None:
    story = read_body('## b\n\n![c](x.jpg "d")\n\n| e |\n|---|\n')

    def put(segment: Segment) -> tuple[str, ...]:
        return ("x", "y") if segment.role is role else (segment.source,)

    with pytest.raises(ValueError, match="two paragraphs"):
        rewrite(story, put)


def test_the_headline_cannot_be_left_out() -> None:
    with pytest.raises(ValueError, match="headline"):
        rewrite(read_body("a"), lambda _: ())


# --- What is refused -------------------------------------------------------------------------------------


def faults(data: bytes | str) -> list[Diagnostic]:
    with pytest.raises(InputError) as raised:
        parse_story(data if isinstance(data, bytes) else data.encode(), "story.md", RULES)
    return list(raised.value.diagnostics)


def only_fault(data: bytes | str) -> tuple[str, int | None]:
    """Code and line of the only fault, which has a hint."""
    (fault,) = faults(data)
    assert fault.hint
    assert fault.message
    assert fault.location is not None
    assert fault.location.path == "story.md"
    return fault.code, fault.location.line


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("# A\n\ntext\n\n# B\n", "two-headlines", 9),
        ("# A\n\nB\n===\n", "two-headlines", 7),
        ("# A\n\n> text\n>\n> # B\n", "two-headlines", 9),
        ("# A\n\n- # B\n", "two-headlines", 7),
        ("text\n", "no-headline", 5),
        ("", "no-headline", 5),
        ("\n\n#\n\ntext\n", "no-headline", 7),
        ("text\n\n# A\n", "headline-first", 7),
        ("{.x}\n# A\n", "attribute", 6),
        ("A\\\nB\n===\n", "heading-break", 5),
    ],
)
def test_headline(text: str, code: str, line: int) -> None:
    assert only_fault(FRONT + text) == (f"story.{code}", line)


@pytest.mark.parametrize(
    ("body", "code", "line"),
    [
        ("a\n\n<div>\nx\n</div>\n\nb", "raw-html", 9),
        ("a\n\n<!-- note -->\n", "raw-html", 9),
        ("a\nb <i> c\n", "raw-html", 8),
        ("`<i>`\nb \\<i>\nc <i> d\n", "raw-html", 9),
        ("a\nb *c\nd* <!-- x\ny --> z", "raw-html", 9),
        ("- a\n- b\n  c <i>\n", "raw-html", 9),
        ("| a |\n|---|\n| <i> |\n", "raw-html", 9),
        ("> a\n> b</i>\n", "raw-html", 8),
        ("a\nb ![c](x.jpg)\n", "picture-in-text", 8),
        ("## ![c](x.jpg)\n", "picture-in-text", 7),
        ("| ![c](x.jpg) |\n|---|\n", "picture-in-text", 7),
        ("a\n\n![](x.jpg)\n", "picture-alt", 9),
        ("![a](http://x.example/a.jpg)\n", "picture-address", 7),
        ("![a](//x.example/a.jpg)\n", "picture-address", 7),
        ("![a](/a.jpg)\n", "picture-address", 7),
        ("![a](C:\\a.jpg)\n", "picture-address", 7),
        ("![a](%5C%5Cserver%5Ca.jpg)\n", "picture-address", 7),
        ("![a](a%00b.jpg)\n", "picture-address", 7),
        ("![a]()\n", "picture-address", 7),
        ("a\n\n{.x onclick=y}\nb\n", "attribute", 9),
        ("{style=x}\nb\n", "attribute", 7),
        ("a\nb [c]{onclick=y}\n", "attribute", 8),
        ("a\nb [c](d){credit=y}\n", "attribute", 8),
        ("a\n\n![b](c.jpg){onload=y}\n", "attribute", 9),
        ('{id="a b"}\nx\n', "attribute", 7),
        ('{class="a<b"}\nx\n', "attribute", 7),
        ("a\n\n{.x}\n", "attribute", 9),
        ("- a\n\n  {.x}\n- b\n", "attribute", 9),
        ("a[^1]\n\n{.x}\n[^1]: b\n", "attribute", 9),
        ("a\n\nb\tc\n", "tab", 9),
        ("-\ta\n", "tab", 7),
        ("a\nb[^x]\n", "footnote", 8),
        ("\\[^y] a\nb[^x]\n", "footnote", 8),
        ("a\n\n[^x]: b\n", "footnote", 9),
        ("a\n\n[^x]: b[^x]\n", "footnote", 9),
        ("a[^x]\n\n[^x]: b\n\n[^x]: c\n", "footnote", 11),
        ("a\n\n" + "x" * 20_001 + "\n", "paragraph-size", 9),
        ("a\n\n" + "x\n" * 200_000, "paragraph-size", 9),
        ("a\n\n" + "[" * 10_001 + "\n", "paragraph-size", 9),
        ("a\n\n" + "- " * 600 + "x\n", "nesting", 9),
        ("a\n\n" + "> " * 600 + "x\n", "nesting", 9),
        ("a\n\n" + "".join("  " * depth + "- x\n" for depth in range(600)), "nesting", 29),
    ],
)  # fmt: skip
def test_body(body: str, code: str, line: int) -> None:
    assert only_fault(FRONT + HEADLINE + body) == (f"story.{code}", line)


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("section: news\npublished: 2021-05-03\ncolour: red", 4),
        ("section: news", 1),
        ("published: 2021-05-03", 1),
        ("section:\npublished: 2021-05-03", 2),
        ("section: news\npublished: ''", 3),
        ("section: news\npublished: 3 May 2021", 3),
        ("section: news\npublished: 2021-02-30", 3),
        ("section: sports\npublished: 2021-05-03", 2),
        ("section: news\npublished: 2021-05-03\nlanguage: de", 4),
        ("section: news\npublished: 2021-05-03\nlanguages:\n  - en\n  - de", 6),
        ("section: news\npublished: 2021-05-03\nwritten_by: Anna", 4),
        ("section: news\npublished: 2021-05-03\nwritten_by:\n  - Anna\n  - ''", 6),
        ("section: news\npublished: 2021-05-03\nsummary:\n  - a", 4),
        ("section: news\npublished: 2021-05-03\nsection: news", 4),
        ("section: news\npublished: 2021-05-03\nsummary:\n  a: b", 4),
        ("section: news\npublished: 2021-05-03\nwritten_by: [[a]]", 4),
        ("section: news\npublished: 2021-05-03\n? [a, b]\n: c", 4),
        ("section: news\nsummary: one: two\npublished: 2021-05-03", 3),
        ('section: news\nsummary: "one\npublished: 2021-05-03', 3),
        ("section: news\nsummary: [one\npublished: 2021-05-03", 4),
        ("section: news\n\tpublished: 2021-05-03", 3),
        ("section: news\nsummary: *nowhere\npublished: 2021-05-03", 3),
        ('section: news\nsummary: "\\UFFFFFFFF"\npublished: 2021-05-03', 3),
        ('section: news\npublished: 2021-05-03\nsummary: "\\ud800"', 4),
        ('section: news\npublished: 2021-05-03\nsummary: "\\0"', 4),
        ("just words", 2),
        ("- a\n- b", 2),
        ("", 2),
        ("summary: " + "a " * 50_001, 2),
        ("summary: " + "[" * 2_000, 2),
    ],
)
def test_front_matter(header: str, line: int) -> None:
    assert only_fault(f"---\n{header}\n---\n# H\n") == ("story.front-matter", line)


@pytest.mark.parametrize(
    "text", ["", "\n", "# H\n\ntext\n", "\n---\nsection: news\n---\n", "---\nsection: news\n# H\n"]
)
def test_no_front_matter(text: str) -> None:
    assert only_fault(text) == ("story.front-matter", 1)


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    bomb += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    found = faults("\n".join(("---", *bomb, "? *a11", ": x", "---", "# H", "")))
    assert {fault.location.line for fault in found if fault.location} == set(range(1, 14))


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (FRONT.encode() + b"# H\r\n", "story.character", 5),
        (FRONT.encode() + b"# H\n\na\x00b\n", "story.character", 7),
        (FRONT.encode() + b"# H\n\na\x1bb\n", "story.character", 7),
        (FRONT.encode() + "# H\n\na\u2028b\n".encode(), "story.character", 7),
        (FRONT.encode() + "# H\n\na\u0085b\n".encode(), "story.character", 7),
        (FRONT.encode() + "# H\n\na\u0080b\n".encode(), "story.character", 7),
        (b"---\nsection: news\nsummary: \xc2\x80\n---\n", "story.character", 3),
        (b"\xef\xbb\xbf" + FRONT.encode() + b"# H\n", "story.encoding", 1),
        ((FRONT + "# H\n").encode("utf-16"), "story.encoding", 1),
        (FRONT.encode() + b"# H\n\n\xe9t\xe9\n", "story.encoding", 7),
        (FRONT.encode() + "# H\n\nРектор\n".encode("cp1251"), "story.encoding", 7),
        (FRONT.encode() + b"# H\n\n" + b"a\n\n" * 1_000_000, "story.size", None),
    ],
)
def test_bytes(data: bytes, code: str, line: int | None) -> None:
    assert only_fault(data) == (code, line)


def test_tabs_in_code_are_kept() -> None:
    fence, indented = read_body("```\n\tx\n```\n\n    a\tb\n").blocks
    assert isinstance(fence, Code)
    assert isinstance(indented, Code)
    assert (fence.text, indented.text) == ("\tx\n", "a\tb\n")


def test_twenty_lists_in_one_another_are_allowed() -> None:
    assert read_body("- " * 20 + "x\n").blocks


def test_all_faults_at_once_sorted_by_line() -> None:
    text = (
        "---\ncolour: red\nsection: sports\npublished: soon\nwritten_by: Anna\nsection: news\nsummary:\n  a: b\n---\n"
        "text\n\n# A\n\n# B\n\n<div>\n\na ![b](http://x) <i>\n\nb\tc\n\n{.x}\n\n![](C:/x)\n\nx[^a]\n\n[^b]: c\n"
    )
    found = [(fault.location.line if fault.location else None, fault.code) for fault in faults(text)]
    assert found == [
        (2, "story.front-matter"),
        (3, "story.front-matter"),
        (4, "story.front-matter"),
        (5, "story.front-matter"),
        (6, "story.front-matter"),
        (7, "story.front-matter"),
        (12, "story.headline-first"),
        (14, "story.two-headlines"),
        (16, "story.raw-html"),
        (18, "story.picture-in-text"),
        (18, "story.raw-html"),
        (20, "story.tab"),
        (24, "story.picture-alt"),
        (24, "story.picture-address"),
        (26, "story.footnote"),
        (28, "story.footnote"),
    ]


def test_the_line_of_a_body_is_counted_from_the_front_matter() -> None:
    assert segments(read_body("a"))[1].line == BODY_LINE


def test_quotes_and_headings_have_their_roles() -> None:
    story = read_body("## a\n\n> b\n>\n> - c\n")
    assert [segment.role for segment in segments(story)] == [Role.HEADLINE, Role.HEADING, Role.QUOTE, Role.LIST_ITEM]
    assert [type(block) for block in story.blocks] == [Heading, Quote]
