"""The wheel: everything that a newsroom needs is in it, and works away from this repository."""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest
from newsrooms import make_key
from pressroom import REPOSITORY, files_of

from workflow.signing import public_key, signers_line

EDITOR = "editor@newsroom.example"
COPIED = ("workflow", "templates", "locales", "docs", "pyproject.toml", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without the network from a copy, so that the repository stays as it is."""
    pytest.importorskip("hatchling", reason="hatchling is missing: pip install hatchling")
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    for name in COPIED:
        if (REPOSITORY / name).is_dir():
            shutil.copytree(REPOSITORY / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif (REPOSITORY / name).exists():
            shutil.copy(REPOSITORY / name, source / name)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)], cwd=source, check=True
    )
    (found,) = target.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`workflow`, installed in an environment of its own that sees our dependencies but not this repository."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder / "venv", with_pip=False, symlinks=True)
    python = folder / "venv/bin/python"
    # Our own environment may have been made without pip; then the interpreter that it came from has one.
    ours = sys.executable if find_spec("pip") else sys._base_executable  # type: ignore[attr-defined]
    pip = [ours, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)], check=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder / "venv")}))
    (packages / "dependencies.pth").write_text("".join(f"{path}\n" for path in site.getsitepackages()))
    return folder / "venv/bin/workflow"


def run(
    command: Sequence[str | Path], folder: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={**inherited, **(environment or {})},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def test_the_wheel_holds_templates_fonts_words_and_the_starter(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    ours = {
        f"workflow/templates/{path}"
        for path in files_of(REPOSITORY / "templates")
        if "__pycache__" not in path and not path.rpartition("/")[2].startswith(".")
    }
    assert ours <= names
    assert {f"workflow/docs/checks/{path}" for path in files_of(REPOSITORY / "docs/checks")} <= names
    for language in ("en", "zh", "ru"):
        assert f"workflow/locales/{language}/LC_MESSAGES/site.po" in names
    starter = {f"workflow/starter/{path}" for path in files_of(REPOSITORY / "workflow/starter")}
    assert starter <= names
    assert len(starter) >= 6
    assert not [name for name in names if name.startswith(("tests/", "stories/", "out/")) or name.endswith(".pyc")]


def test_the_wheel_is_small_enough_to_mail(wheel: Path) -> None:
    assert wheel.stat().st_size < 30_000_000


def test_an_installed_workflow_makes_signs_and_builds_a_newsroom(program: Path, tmp_path: Path) -> None:
    started = run([program.parent / "python", "-c", "import workflow; print(workflow.__file__)"], tmp_path)
    assert str(program.parent.parent) in started.stdout, "the repository's package is in the way"
    made = run([program, "init", "news"], tmp_path)
    assert made.returncode == 0, made.stderr
    newsroom = tmp_path / "news"
    key = make_key(tmp_path / "id")
    with (newsroom / "newsroom.signers").open("a") as file:
        file.write(signers_line(EDITOR, public_key(key) or "") + "\n")
    for language in ("en", "zh", "ru"):
        signed = run([program, "sign-off", "welcome", language, "--as", EDITOR, "--key", key], newsroom)
        assert signed.returncode == 0, signed.stderr
    built = run([program, "build"], newsroom)
    assert built.returncode == 0, built.stderr
    for language in ("en", "zh", "ru"):
        page = (newsroom / f"out/web/{language}/welcome/index.html").read_text(encoding="utf-8")
        assert page.startswith("<!DOCTYPE html>")
        assert (newsroom / f"out/print/{language}/welcome.pdf").read_bytes().startswith(b"%PDF-")
    checked = run([program, "verify"], newsroom)
    assert checked.returncode == 0, checked.stdout
    assert run([program, "check"], newsroom).returncode == 0
    assert run([program, "check", "--explain", "markup.changed"], tmp_path).stdout.startswith("## markup.changed\n")


def test_a_new_newsroom_builds_at_once(program: Path, tmp_path: Path) -> None:
    assert run([program, "init", "news"], tmp_path).returncode == 0
    built = run([program, "-C", "news", "build"], tmp_path)
    assert (built.returncode, built.stdout) == (0, "")
    assert (tmp_path / "news/out/web/index.html").is_file()
    assert "nothing is signed yet" in built.stderr
