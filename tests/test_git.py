"""Two clones and one remote, with git itself: logs by union, signed words never mixed, catalogs unit by unit."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from newsrooms import (
    EDITOR_RU,
    EDITOR_ZH,
    ONE_EDITOR,
    SECOND_ZH,
    SLUG,
    TWO_EDITORS,
    approve,
    edit,
    faults_of,
    frozen,
    log_of,
    minutes,
    refresh,
    settings_text,
    state_of,
    translate,
    translated_newsroom,
    with_rules,
)

from workflow.model import Catalog, Stage, Unit
from workflow.newsroom import Newsroom, open_newsroom
from workflow.operations.waive import Choice, subject, take_back, waive
from workflow.settings import FILE_NAME
from workflow.signoff import heads

REPOSITORY = Path(__file__).resolve().parent.parent
ATTRIBUTES = REPOSITORY / "workflow/starter/gitattributes"
CATALOG = f"locales/zh/LC_MESSAGES/{SLUG}.po"
EDITION = f"locales/zh/editions/{SLUG}.md"
HEADLINE = "Universities sign an agreement"
STUDENTS = "Students move in May."
TEACHERS = "Teachers follow in June."


@dataclass(frozen=True)
class Clone:
    """One person's copy of the newsroom."""

    newsroom: Newsroom

    def git(self, *arguments: str, code: int = 0) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.newsroom.root,
            capture_output=True,
            encoding="utf-8",
            check=False,
            env=ENVIRONMENT,
        )
        assert done.returncode == code, (arguments, done.stdout, done.stderr)
        return done.stdout + done.stderr

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "work")

    def push(self) -> None:
        self.commit()
        self.git("push", "--quiet")

    def pull(self, *, code: int = 0) -> str:
        return self.git("pull", "--no-rebase", "--no-edit", code=code)

    def catalog(self, language: str = "zh") -> dict[str, Unit]:
        catalog = self.newsroom.read_catalog(language, SLUG)
        assert catalog is not None
        return {unit.source: unit for unit in catalog.units}


ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "PYTHONPATH": str(REPOSITORY),
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_{what}": "x@n.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


def clones(folder: Path, *, rules: str = "", driver: bool = True) -> tuple[Clone, Clone]:
    """Two clones of a newsroom with one translated story."""
    first = translated_newsroom(folder / "one")
    if rules:
        (first.root / FILE_NAME).write_text(settings_text(rules))
    (first.root / ".gitattributes").write_bytes(ATTRIBUTES.read_bytes())
    (first.root / ".gitignore").write_text(".workflow/\nout/\n")
    one = Clone(open_newsroom(first.root, exactly=True))
    one.git("init", "--quiet", "--initial-branch", "main")
    one.commit()
    one.git("clone", "--quiet", "--bare", ".", str(folder / "remote"))
    one.git("remote", "add", "origin", str(folder / "remote"))
    one.git("fetch", "--quiet")
    one.git("branch", "--quiet", "--set-upstream-to", "origin/main")
    one.git("clone", "--quiet", str(folder / "remote"), str(folder / "two"))
    both = one, Clone(open_newsroom(folder / "two", exactly=True))
    if driver:
        command = f"{shlex.quote(sys.executable)} -m workflow merge-catalog %O %A %B %P"
        for clone in both:
            clone.git("config", "merge.workflow-catalog.driver", command)
    return both


def approved_by(clone: Clone, language: str = "zh") -> list[str]:
    """Whose approval counts for what is live, by time."""
    state = state_of(clone.newsroom, language)
    found = state.standing.approved
    return [line.record.signer for line in found.lines] if found else []


# --- Sign-off logs ---------------------------------------------------------------------------------------------


def test_two_languages_signed_in_two_clones(tmp_path: Path) -> None:
    one, two = clones(tmp_path)
    approve(one.newsroom, "zh")
    one.push()
    approve(two.newsroom, "ru", EDITOR_RU, at=minutes(1))
    two.commit()
    two.pull()
    two.git("push", "--quiet")
    one.pull()
    for clone in (one, two):
        assert faults_of(clone.newsroom) == []
        assert [state_of(clone.newsroom, name).standing.stage for name in ("zh", "ru")] == [Stage.SIGNED_OFF] * 2


def test_one_language_signed_by_two_people_in_two_clones(tmp_path: Path) -> None:
    one, two = clones(tmp_path)
    approve(one.newsroom, "zh")
    one.push()
    approve(two.newsroom, "zh", SECOND_ZH, at=minutes(1))
    two.commit()
    two.pull()
    two.git("push", "--quiet")
    one.pull()
    for clone in (one, two):
        assert faults_of(clone.newsroom) == []
        assert state_of(clone.newsroom, "zh").standing.stage is Stage.SIGNED_OFF
        assert len(heads(clone.newsroom.read_log("zh", SLUG))) == 2
    approve(one.newsroom, "zh", EDITOR_ZH, at=minutes(2))
    assert faults_of(one.newsroom) == []


def test_a_rule_of_two_met_by_the_merge_publishes_at_once(tmp_path: Path) -> None:
    one, two = clones(tmp_path, rules=TWO_EDITORS)
    assert not approve(one.newsroom, "zh").is_complete
    one.push()
    assert not approve(two.newsroom, "zh", SECOND_ZH, at=minutes(1)).is_complete
    two.commit()
    two.pull()
    # Nobody's machine saw both approvals at once, but each froze the words that it signed.
    assert faults_of(two.newsroom) == []
    assert state_of(two.newsroom, "zh").standing.stage is Stage.SIGNED_OFF
    assert sorted(approved_by(two)) == sorted([EDITOR_ZH, SECOND_ZH])
    two.git("push", "--quiet")
    one.pull()
    assert faults_of(one.newsroom) == []
    assert state_of(one.newsroom, "zh").standing.stage is Stage.SIGNED_OFF


def test_older_words_that_one_had_signed_are_no_fault_beside_those_that_two_signed(tmp_path: Path) -> None:
    one, two = clones(tmp_path, rules=ONE_EDITOR)
    approve(one.newsroom, "zh")
    one = Clone(with_rules(one.newsroom, TWO_EDITORS))
    translate(one.newsroom, "zh", {"The rector signed the agreement on Monday.": "新。"})
    one.push()
    two.pull()
    two = Clone(open_newsroom(two.newsroom.root, exactly=True))
    approve(one.newsroom, "zh", at=minutes(1))
    one.push()
    approve(two.newsroom, "zh", SECOND_ZH, at=minutes(2))
    two.commit()
    two.pull()
    assert faults_of(two.newsroom) == []
    assert sorted(approved_by(two)) == sorted([EDITOR_ZH, SECOND_ZH])


def test_logs_merged_both_ways_and_merged_again_stay_whole(tmp_path: Path) -> None:
    """Each clone merges the other's branch, so the same records stand in another order in each."""
    one, two = clones(tmp_path)
    approve(one.newsroom, "zh")
    one.commit()
    approve(two.newsroom, "zh", SECOND_ZH, at=minutes(1))
    two.commit()
    one.git("fetch", "--quiet", str(two.newsroom.root), "main:theirs")
    two.git("fetch", "--quiet", str(one.newsroom.root), "main:theirs")
    one.git("merge", "--quiet", "--no-edit", "theirs")
    two.git("merge", "--quiet", "--no-edit", "theirs")
    assert log_of(one.newsroom, "zh") == log_of(two.newsroom, "zh")[::-1]
    for clone, signer, word, at in ((one, EDITOR_ZH, "大学甲", 3), (two, SECOND_ZH, "大学乙", 4)):
        translate(clone.newsroom, "zh", {HEADLINE: word})
        approve(clone.newsroom, "zh", signer, at=minutes(at))
        clone.commit()
    two.git("fetch", "--quiet", str(one.newsroom.root), "main:later")
    told = two.git("merge", "--no-edit", "later", code=1)
    assert f"Merge conflict in {EDITION}" in told
    log = log_of(two.newsroom, "zh")
    assert (len(log), len(set(log))) == (4, 4)
    assert faults_of(two.newsroom) == []


# --- Waivers ---------------------------------------------------------------------------------------------------


def test_waivers_of_two_branches_are_joined_and_what_one_took_back_stays_back(tmp_path: Path) -> None:
    one, two = clones(tmp_path)
    words = {"Both sides will exchange *students*.": "双方将互派学生。", TEACHERS: "教师六月*随后*。"}
    translate(one.newsroom, "zh", words)
    students, teachers = (Choice(code="markup.changed", segment=number) for number in (4, 8))
    waive(one.newsroom, SLUG, "zh", students, by=EDITOR_ZH, reason="one", now=minutes(1))
    one.push()
    two.pull()
    assert open_and_waived(two) == (1, 1)
    waive(one.newsroom, SLUG, "zh", teachers, by=EDITOR_ZH, reason="one", now=minutes(2))
    one.push()
    take_back(two.newsroom, SLUG, "zh", students, by=SECOND_ZH, reason="two", now=minutes(2))
    waive(two.newsroom, SLUG, "zh", teachers, by=SECOND_ZH, reason="two", now=minutes(2))
    two.commit()
    two.pull()
    two.git("push", "--quiet")
    one.pull()
    for clone in (one, two):
        assert len(clone.newsroom.read_waivers("zh", SLUG)) == 4
        assert open_and_waived(clone) == (1, 1)
    take_back(one.newsroom, SLUG, "zh", teachers, by=EDITOR_ZH, reason="one", now=minutes(3))
    assert open_and_waived(one) == (2, 0), "the waivers of both are taken back"


def open_and_waived(clone: Clone) -> tuple[int, int]:
    found = subject(clone.newsroom, SLUG, "zh").findings
    return len(found.open), len(found.waived)


# --- Signed words ----------------------------------------------------------------------------------------------


def test_two_editions_of_other_words_are_a_conflict_and_never_mixed(tmp_path: Path) -> None:
    one, two = clones(tmp_path)
    translate(one.newsroom, "zh", {HEADLINE: "甲"})
    approve(one.newsroom, "zh")
    one.push()
    translate(two.newsroom, "zh", {TEACHERS: "乙"})
    approve(two.newsroom, "zh", SECOND_ZH, at=minutes(1))
    two.commit()
    ours = frozen(two.newsroom, "zh")
    assert f"Merge conflict in {EDITION}" in two.pull(code=1)
    # The later approval is ours, and so are the words that git left: nothing is wrong with what is live.
    assert frozen(two.newsroom, "zh") == ours
    assert faults_of(two.newsroom) == []
    two.git("checkout", "--theirs", EDITION)
    assert [code for code, _ in faults_of(two.newsroom)] == ["signoff.not-frozen"]
    two.git("checkout", "--ours", EDITION)
    two.push()
    # The catalog holds both changes, which nobody read together: the edition is stale until somebody signs.
    assert [two.catalog()[source].target for source in (HEADLINE, TEACHERS)] == ["甲", "乙"]
    assert state_of(two.newsroom, "zh").standing.stage is Stage.STALE
    assert approve(two.newsroom, "zh", SECOND_ZH, at=minutes(2)).is_complete
    assert faults_of(two.newsroom) == []


def test_the_side_with_the_earlier_approval_is_told_to_take_the_other_words(tmp_path: Path) -> None:
    one, two = clones(tmp_path)
    translate(one.newsroom, "zh", {HEADLINE: "甲"})
    approve(one.newsroom, "zh", at=minutes(5))
    one.push()
    translate(two.newsroom, "zh", {HEADLINE: "乙"})
    approve(two.newsroom, "zh", SECOND_ZH)
    two.commit()
    told = two.pull(code=1)
    assert f"Merge conflict in {EDITION}" in told
    assert f"Merge conflict in {CATALOG}" in told
    assert faults_of(two.newsroom) == [("signoff.not-frozen", EDITION)]
    two.git("checkout", "--theirs", EDITION)
    assert faults_of(two.newsroom) == []
    two.push()
    headline = two.catalog()[HEADLINE]
    assert (headline.target, headline.fuzzy, headline.comments) == ("乙", True, ('theirs: "甲"',))
    assert state_of(two.newsroom, "zh").standing.stage is Stage.STALE


# --- Catalogs --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("driver", [True, False])
def test_neighbouring_units_merge_with_the_driver_and_conflict_without(driver: bool, tmp_path: Path) -> None:
    one, two = clones(tmp_path, driver=driver)
    translate(one.newsroom, "zh", {STUDENTS: "甲", TEACHERS: "乙"})
    one.push()
    edit(two.newsroom, f"stories/{SLUG}/story.md", STUDENTS, "Students move in July.")
    refresh(two.newsroom)
    translate(two.newsroom, "zh", {"Students move in July.": "丙"})
    two.commit()
    two.pull(code=0 if driver else 1)
    if not driver:
        return
    catalog = two.catalog()
    told = {source: (unit.target, unit.fuzzy, unit.obsolete) for source, unit in catalog.items()}
    assert told["Students move in July."] == ("丙", False, False)
    assert told[TEACHERS] == ("乙", False, False)
    assert told[STUDENTS] == ("甲", False, True)


def test_an_old_translation_never_gets_a_new_source(tmp_path: Path) -> None:
    """python/python-docs-fr#1908: one branch translates, the other changes the source."""
    one, two = clones(tmp_path)
    translate(one.newsroom, "zh", {TEACHERS: "教师六月来。"})
    one.push()
    edit(two.newsroom, f"stories/{SLUG}/story.md", TEACHERS, "Teachers never follow.")
    refresh(two.newsroom)
    two.commit()
    two.pull()
    catalog = two.catalog()
    assert (catalog[TEACHERS].target, catalog[TEACHERS].obsolete) == ("教师六月来。", True)
    assert catalog["Teachers never follow."].target != "教师六月来。"
    assert catalog["Teachers never follow."].state.value != "translated"
    before = (two.newsroom.root / CATALOG).read_bytes()
    refresh(two.newsroom)
    assert (two.newsroom.root / CATALOG).read_bytes() == before


def test_a_catalog_that_both_made_anew_and_a_rebase(tmp_path: Path) -> None:
    one, two = clones(tmp_path)
    for clone, words in ((one, "甲"), (two, "乙")):
        folder = clone.newsroom.root / "stories/new"
        folder.mkdir()
        (folder / "story.md").write_text("---\nsection: news\npublished: 2026-11-20\n---\n\n# A title\n\nA text.\n")
        refresh(clone.newsroom)
        catalog = clone.newsroom.read_catalog("zh", "new")
        assert catalog is not None
        clone.newsroom.write_catalog("zh", "new", _translated(catalog, words))
        clone.commit()
    one.git("push", "--quiet")
    two.git("pull", "--rebase", code=1)
    merged = two.newsroom.read_catalog("zh", "new")
    assert merged is not None
    # In a rebase `theirs` is what oneself did.
    assert [(unit.target, unit.fuzzy, unit.comments) for unit in merged.live] == [
        ("甲", True, ('theirs: "乙"',)),
        ("甲甲", True, ('theirs: "乙乙"',)),
    ]


def _translated(catalog: Catalog, words: str) -> Catalog:
    units = (replace(unit, targets=(words * number,)) for number, unit in enumerate(catalog.units, start=1))
    return replace(catalog, units=tuple(units))


def test_a_damaged_catalog_stays_ours_and_git_asks(tmp_path: Path) -> None:
    one, two = clones(tmp_path)
    file = one.newsroom.root / CATALOG
    file.write_text(file.read_text(encoding="utf-8").replace('msgid "', "msgid ", 1), encoding="utf-8")
    one.push()
    translate(two.newsroom, "zh", {HEADLINE: "乙"})
    two.commit()
    ours = (two.newsroom.root / CATALOG).read_bytes()
    told = two.pull(code=1)
    assert f"Merge conflict in {CATALOG}" in told
    assert f"{CATALOG} (theirs):" in told
    assert (two.newsroom.root / CATALOG).read_bytes() == ours
