"""Which words are taken for slips, and what is suggested; what whole texts say of it stands in data/checks/wording."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted import LANGUAGES

from workflow.checks import check_pairs
from workflow.lemmas import russian_continuations
from workflow.model import Catalog, Unit
from workflow.spelling import correction
from workflow.vocabulary import is_coined, is_current, is_listed, regular

LETTERS = {"en": "abcdefghijklmnopqrstuvwxyz", "ru": "абвгдежзийклмнопрстуфхцчшщъыьэюя"}
WORDS = {
    "en": ["laboratory", "university", "government", "cooperation", "neighbour", "organised", "scientists"],
    "ru": ["лаборатория", "университет", "правительство", "соглашение", "сотрудничество", "учёные", "победительница"],
}
SPELT = st.sampled_from([(word, language) for language, words in WORDS.items() for word in words])


def findings(target: str, source: str = "新闻", language: str = "ru", source_language: str = "zh") -> list[str]:
    units = (Unit(source=source, targets=(target,)),)
    found = check_pairs(
        "story", LANGUAGES[language], LANGUAGES[source_language], Catalog(headers=(), units=units), "story.po"
    )
    return [item.message for item in found if item.code == "wording.spelling"]


@pytest.mark.parametrize(
    ("slip", "language", "meant"),
    [
        ("labratory", "en", "laboratory"),
        ("recieved", "en", "received"),
        ("publiclly", "en", "publicly"),
        ("nieghbours", "en", "neighbours"),
        ("inthe", "en", "in the"),
        ("соглашнеие", "ru", "соглашение"),
        ("унивирситет", "ru", "университет"),
        ("вуниверситете", "ru", "в университете"),
        ("дваждый", "ru", "дважды"),
        ("перекрёстокк", "ru", "перекрёсток"),
    ],
)
def test_a_slip_leads_to_the_word_that_was_meant(slip: str, language: str, meant: str) -> None:
    assert correction(slip, language) == meant


@pytest.mark.parametrize(
    ("word", "language"),
    [
        *(("from", "en"), ("form", "en"), ("frm", "en"), ("x" * 5000, "en"), ("qwrtplk", "en")),
        *(("reseeding", "en"), ("skatepark", "en"), ("packager", "en"), ("organise", "en"), ("organize", "en")),
        *(
            ("киберполигон", "ru"),
            ("корнеподобный", "ru"),
            ("добивание", "ru"),
            ("ракальный", "ru"),
            ("ща" * 900, "ru"),
        ),
        *(("свёрточный", "ru"), ("хешировать", "ru"), ("финишёр", "ru"), ("еще", "ru"), ("отверждаемый", "ru")),
        *(("токен", "ru"), ("буферы", "ru"), ("микробиом", "ru"), ("стендап", "ru")),
    ],
)
def test_a_word_that_may_be_right_is_left_alone(word: str, language: str) -> None:
    assert correction(word, language) is None


@given(spelt=SPELT, at=st.integers(0, 30), letter=st.integers(0, 25), cut=st.integers(0, 1))
def test_a_correction_is_a_word_and_no_word_is_corrected(
    spelt: tuple[str, str], at: int, letter: int, cut: int
) -> None:
    word, language = spelt
    at %= len(word)
    slip = word[:at] + LETTERS[language][letter] + word[at + cut :]
    meant = correction(slip, language)
    assert correction(word, language) is None
    assert meant is None or not (is_listed(slip, language) or is_coined(slip, language))
    assert meant is None or all(is_listed(part, language) for part in meant.split() if len(part) > 1)
    assert meant is None or regular(meant, language) != regular(slip, language)


@given(word=st.text(LETTERS["ru"] + "ё", max_size=8))
def test_the_dictionary_goes_on_with_every_letter_of_its_words(word: str) -> None:
    going_on = list(russian_continuations(word))
    assert 1 <= len(going_on) <= len(word) + 1
    if is_listed(word, "ru"):
        beginnings = zip(word.replace("ё", "е"), going_on, strict=False)
        assert all(letter in letters for letter, letters in beginnings)


def test_rare_words_are_told_from_those_that_people_use() -> None:
    assert is_current("university", "en")
    assert is_current("neighbours", "en")
    assert not is_current("kafir", "en")
    assert is_current("сообщил", "ru")
    assert is_current("вместо", "ru")
    assert not is_current("вадский", "ru")
    assert not is_current("москвой", "ru")


def test_each_slip_of_a_text_in_letters_is_told() -> None:
    assert len(findings("Ректор посетил лаборатрию и универститет.")) == 2
    assert findings("The univrsity is old.", "The univrsity is old.", "en", "en"), "the source is read as well"
    assert findings("Les sanglots longs des violons de l’automne blessent mon coeur.", language="en") == []
    assert findings("大学实验室", "University", "zh", "en") == []


def test_a_word_of_the_source_is_right() -> None:
    assert findings("He writes labratory on the wall.", "Он пишет labratory на стене.", "en", "ru") == []
    assert findings("He writes labratory on the wall.", "Он пишет на стене.", "en", "ru")


def test_the_list_of_words_is_not_read_before_a_word_is_unknown() -> None:
    script = (
        "import sys\n"
        "from workflow.checks import check_pairs\n"
        "from workflow.spelling import correction\n"
        "from workflow.vocabulary import is_listed\n"
        "assert {'simplemma', 'pymorphy3', 'spellchecker'}.isdisjoint(sys.modules)\n"
        "assert is_listed('university', 'en') and 'spellchecker' not in sys.modules\n"
        "assert correction('univrsity', 'en') == 'university' and 'spellchecker' in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
