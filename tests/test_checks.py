"""The list of checks, which `compendium test` runs."""

from __future__ import annotations

import time
from collections.abc import Callable
from unittest.mock import MagicMock

import pytest
from runs import in_this_process, write

from compendium.project import ROOT_VARIABLE, Project
from compendium.run.commands import COMMANDS, main
from compendium.run.notebooks import LIMIT_VARIABLE
from compendium.verdict import ledger

PROJECT = Project()
ROWS = ledger.read(PROJECT.ledger)


@pytest.fixture
def ran(toy, monkeypatch) -> Callable[..., list[str]]:
    """Return what `test` would have run, and let the one fail that is named."""
    (toy.root / "tests").mkdir()
    write(toy, "1_good", "1")
    monkeypatch.setattr("compendium.run.reproduce.execute", in_this_process)
    done: list[str] = []

    def of(*words: str, failing: str = "none") -> list[str]:
        done.clear()

        def start(command, **options):
            done.append(" ".join(command[2:4]))
            process = MagicMock()
            process.__enter__.return_value.wait.return_value = int(failing in command)
            return process

        monkeypatch.setattr("compendium.run.test.subprocess.Popen", start)
        status = main(["test", *words], toy)
        return [*done, str(status)]

    return of


def test_the_checks_are_style_types_notebooks_and_tests(ran):
    assert ran() == ["ruff check", "ruff format", "mypy", "pytest -n", "pytest -n", "0"]


def test_the_first_that_fails_is_named_and_ends_it(ran, capsys):
    assert ran(failing="format") == ["ruff check", "ruff format", "1"]
    assert "Failed: python -m ruff format --check ." in capsys.readouterr().out
    # The notebooks are run beside it.
    assert ran(failing="mypy") == ["ruff check", "ruff format", "mypy", "pytest -n", "1"]
    assert "Failed: python -m mypy" in capsys.readouterr().out


def test_what_runs_beside_a_check_that_fails_is_ended(toy, monkeypatch, capsys):
    (toy.root / "tests").mkdir()
    write(toy, "1_good", "1")
    monkeypatch.setattr("compendium.run.test.STYLE", ())
    monkeypatch.setattr("compendium.run.test.TYPES", "no_such_module")
    monkeypatch.setattr(
        "compendium.run.test.NOTEBOOKS", "timeit -n 1 'import time; time.sleep(60)'"
    )
    began = time.monotonic()
    assert main(["test"], toy) == 1
    assert time.monotonic() - began < 30
    assert "Failed: python -m no_such_module" in capsys.readouterr().out


def test_under_other_versions_the_tests_alone_are_run(ran):
    assert ran("--unlocked") == ["pytest -n", "0"]


def test_a_run_that_fails_is_checked_no_further(ran, toy):
    assert ran(failing="--nbval") == ["ruff check", "ruff format", "mypy", "pytest -n", "1"]
    write(toy, "1_good", "1 / 0")
    assert ran("--unlocked") == ["1"]


def test_what_the_notebooks_left_before_is_no_result_of_this_run(ran, toy):
    ledger.write(toy.build / "ledger" / "good.csv", ROWS)
    ran()
    assert ledger.read(toy.build / "ledger.csv") == []


def test_every_command_is_documented():
    page = (PROJECT.root / "docs" / "run.md").read_text("utf8")
    for name, command in COMMANDS.items():
        assert f"`compendium {name}`" in page, name
        for argument, _ in command.arguments:
            assert argument.startswith("--") <= (argument in page), argument
    assert LIMIT_VARIABLE in page
    assert ROOT_VARIABLE in page
