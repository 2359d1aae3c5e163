"""Catalogs and stories of all shapes, for the property tests."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from workflow.model import Catalog, Previous, Unit

LETTERS = "aAzZ09 .,;:%{}[]()<>=#~|!^*_`&/'-–—“”«»„…\u00a0\u202f\u200b\u3000\ufeff"
OTHER_LETTERS = "哈工大学研究。，、“”—…ёЁйЙщ№€龘𠮷😀👩‍🔬é"
SYNTAX = '"\\\t\n\\n#~ msgid'

CHARACTERS = st.sampled_from(LETTERS + OTHER_LETTERS + SYNTAX)
TEXTS = st.text(CHARACTERS, max_size=30)
SOURCES = TEXTS.filter(bool)
CONTEXTS = st.one_of(st.none(), st.sampled_from(["headline", "caption", "", 'a "b"\\c']), TEXTS)
LINES = st.one_of(
    TEXTS.map(lambda text: text.replace("\n", "").rstrip("\\")),
    st.sampled_from(["", " ", "  two blanks", "trailing  ", "\ttab", "=======", "\u3000全角", 'msgid "x"']),
)
COMMENTS = st.lists(LINES, max_size=2).map(tuple)
REFERENCES = st.lists(
    st.builds("{}:{}".format, st.sampled_from(["stories/a/story.md", "新闻.md", "b.md"]), st.integers(1, 9999)),
    max_size=3,
    unique=True,
).map(tuple)
FLAGS = st.sampled_from([(), (), ("no-wrap",), ("python-format",), ("no-wrap", "python-format"), ("range: 0..5",)])
HEADERS = (
    ("Project-Id-Version", "新闻 1"),
    ("PO-Revision-Date", "2026-11-22 10:00+0000"),
    ("Last-Translator", "Анна <anna@newsroom.example>"),
    ("Language-Team", "Chinese"),
    ("Language", "ru"),
    ("MIME-Version", "1.0"),
    ("Content-Type", "text/plain; charset=UTF-8"),
    ("Content-Transfer-Encoding", "8bit"),
    ("Plural-Forms", "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 ? 1 : 2);"),
    ("X-Desk", 'back\\slash "quoted"'),
)
FORMS = 3


@st.composite
def units(draw: st.DrawFn, *, texts: st.SearchStrategy[str] = TEXTS) -> Unit:
    """One unit, in the shape in which a catalog is read."""
    plural = draw(st.one_of(st.none(), st.none(), SOURCES))
    count = 1 if plural is None else FORMS
    obsolete = draw(st.booleans())
    flags = draw(FLAGS)
    targets = tuple(draw(st.lists(texts, min_size=count, max_size=count)))
    return Unit(
        source=draw(SOURCES),
        context=draw(CONTEXTS),
        source_plural=plural,
        targets=targets,
        fuzzy=any(targets) and draw(st.booleans()),
        obsolete=obsolete,
        previous=None if obsolete else draw(st.one_of(st.none(), PREVIOUS)),
        references=draw(REFERENCES),
        notes=draw(COMMENTS),
        comments=draw(COMMENTS),
        flags=tuple(flag for flag in flags if not (obsolete and flag.startswith("range"))),  # msgcat drops it
    )


PREVIOUS = st.builds(Previous, source=SOURCES, context=CONTEXTS, source_plural=st.one_of(st.none(), st.none(), SOURCES))


@st.composite
def catalogs(draw: st.DrawFn) -> Catalog:
    """A catalog in canonical shape."""
    drawn = draw(st.lists(units(), max_size=6, unique_by=lambda unit: unit.key))
    return Catalog(
        headers=HEADERS,
        comments=draw(COMMENTS),
        units=tuple(sorted(drawn, key=lambda unit: unit.obsolete)),
    )


# --- Stories: few sources that are much alike, so that the merge has choices -------------------------------

PARAGRAPHS = (
    "The rector has signed the agreement with Harbin.",
    "The rector has now signed the agreement with Harbin.",
    "The rector has not signed the agreement with Harbin.",
    "The dean signed the agreement.",
    "Students move into the new laboratory in May.",
    "Students moved into the new laboratory in June.",
    "研究团队发表了论文。",
    "研究团队发表了新的论文。",
    "Учёные опубликовали статью.",
)


@st.composite
def stories(draw: st.DrawFn) -> tuple[Unit, ...]:
    """Template units: what the merge wants."""
    keys = draw(
        st.lists(
            st.tuples(st.sampled_from([None, "caption"]), st.sampled_from(PARAGRAPHS)),
            max_size=7,
            unique=True,
        )
    )
    plurals = draw(
        st.lists(st.sampled_from([None, None, None, "many", "more"]), min_size=len(keys), max_size=len(keys))
    )
    return tuple(
        Unit(
            context=context,
            source=source,
            source_plural=plural,
            references=(f"story.md:{line}",),
            notes=("n",),
        )
        for line, ((context, source), plural) in enumerate(zip(keys, plurals, strict=True), start=1)
    )


TARGETS = st.sampled_from(["", "", " ", "译文甲", "译文乙", "перевод", "translation", "other"])


@st.composite
def translations(draw: st.DrawFn, story: tuple[Unit, ...]) -> Catalog:
    """The story half translated, with obsolete units left from earlier."""
    live = [draw(_translated(unit)) for unit in story]
    taken = {unit.key for unit in story}
    earlier = [draw(_translated(unit)) for unit in draw(stories()) if unit.key not in taken]
    gone = [replace(unit, obsolete=True, previous=None, references=()) for unit in earlier]
    return Catalog(headers=HEADERS, units=(*live, *gone))


@st.composite
def _translated(draw: st.DrawFn, unit: Unit) -> Unit:
    count = 1 if unit.source_plural is None else FORMS
    targets = st.one_of(TARGETS, st.just(unit.source))
    fuzzy = draw(st.booleans())
    was = draw(st.one_of(st.none(), st.sampled_from(PARAGRAPHS)))
    return replace(
        unit,
        targets=tuple(draw(st.lists(targets, min_size=count, max_size=count))),
        fuzzy=fuzzy,
        previous=Previous(source=was, context=unit.context) if fuzzy and was else None,
        comments=draw(st.sampled_from([(), (), ("ask the desk",)])),
    )


@st.composite
def translated_stories(draw: st.DrawFn) -> Catalog:
    return draw(translations(draw(stories())))
