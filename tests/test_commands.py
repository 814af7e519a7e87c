"""The commands: what each does, says and ends with, where all is well and where it is not."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from rich.console import Console
from runs import committed, counted, write

from compendium.project import ROOT_VARIABLE, Project
from compendium.run import versions
from compendium.run.commands import main
from compendium.run.notebooks import Outcome
from compendium.run.reproduce import report
from compendium.verdict import ledger

PROJECT = Project()
ROWS = ledger.read(PROJECT.ledger)


# What there is to run -----------------------------------------------------------------------------


def test_two_notebooks_of_one_source_are_refused(toy, capsys):
    write(toy, "1_toy", "1")
    write(toy, "7_toy", "1")
    assert main(["reproduce"], toy) == 2
    assert "1_toy.ipynb and 7_toy.ipynb are both of toy" in capsys.readouterr().err


def test_what_is_left_of_a_run_is_no_run(accepted, capsys):
    before = committed(accepted)
    (accepted.build / "ledger.csv").unlink()
    assert main(["accept"], accepted) == 2
    assert "no whole run is left" in capsys.readouterr().err
    assert committed(accepted) == before


@pytest.mark.parametrize("command", ["reproduce", "accept", "test"])
def test_nothing_found_is_no_success(toy, command, capsys):
    assert main([command], toy) == 2
    said = capsys.readouterr().err
    assert said.startswith(("There is no notebook in", "Nothing is copied", "There are no tests"))
    assert said.count("\n") == 1


@pytest.mark.parametrize("named", [True, False])
def test_where_there_is_no_checkout_a_line_says_what_to_do(tmp_path, monkeypatch, capsys, named):
    monkeypatch.delenv(ROOT_VARIABLE, raising=False)
    if named:
        monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    else:
        monkeypatch.chdir(tmp_path)
    assert main(["reproduce"]) == 2
    said = capsys.readouterr().err
    assert f"set {ROOT_VARIABLE} to its folder" in said
    assert "data/datapackage.json" in said
    assert said.count("\n") == 1


def test_the_checkout_is_the_nearest_one_upwards_unless_another_is_named(toy, monkeypatch):
    monkeypatch.delenv(ROOT_VARIABLE, raising=False)
    monkeypatch.chdir(toy.notebooks)
    assert Project().root == toy.root.resolve()
    monkeypatch.setenv(ROOT_VARIABLE, str(PROJECT.root))
    assert Project().root == PROJECT.root


# The report --------------------------------------------------------------------------------------


def reported(rows: list[ledger.Row], names: list[str]) -> list[str]:
    """Return the lines of the report on a terminal of eighty characters."""
    outcomes = [Outcome(name, 10.0 * place) for place, name in enumerate(names, start=1)]
    said = io.StringIO()
    Console(file=said, width=80).print(report(rows, outcomes, 300.0))
    lines = [line.rstrip() for line in said.getvalue().splitlines() if line.strip()]
    assert max(map(len, lines)) <= 80
    return lines


def test_the_report_has_a_line_a_notebook_and_one_for_all():
    names = [path.stem for path in PROJECT.notebook_files]
    lines = reported(ROWS, names)
    stubs = [name.partition("_")[2] for name in names]
    told = {line.split()[0]: line.split()[1:] for line in lines}
    assert [line.split()[0] for line in lines[-len(stubs) - 2 :] if line[1] != "─"] == [
        *stubs,
        "all",
    ]
    counts = ledger.count(ROWS)
    for place, stub in enumerate(stubs, start=1):
        own = [f"{number:,}" for number in counts.get(stub, {}).values()]
        # The synthesis prints no number of its own.
        assert told[stub] == [*own, f"{10.0 * place:.1f}"]
    assert told["all"][0] == f"{len(ROWS):,}"
    assert told["all"][-1] == "300.0"


def test_twelve_sources_fit_and_a_long_name_is_cut():
    slugs = [f"{chr(97 + n)}_source_with_a_long_name" for n in range(12)]
    rows = [replace(row, source=slug) for slug in slugs for row in ROWS]
    lines = reported(rows, [f"{place}_{slug}" for place, slug in enumerate(slugs, start=1)])
    assert len([line for line in lines if "_source_wi…" in line]) == 12
    assert f"{12 * len(ROWS):,}" in lines[-1]


# The committed results ---------------------------------------------------------------------------


def test_the_same_results_are_told_to_be_the_same(accepted, capsys):
    capsys.readouterr()
    assert main(["reproduce", "--check"], accepted) == 0
    said = capsys.readouterr().out
    assert "Ledgers, figures, what-ifs and notebooks are the committed ones." in said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"value": "2.01"}, "ledger: changed: toy, Table 1, 1990, a: recomputed '2.0' -> '2.01'"),
        (
            {"verdict": "given"},
            "ledger: changed: toy, Table 1, 1990, a: verdict 'exact' -> 'given'",
        ),
        ({"x": 1.5}, "figures: a.svg: path: d: 1.0 and 1.5"),
    ],
)
@pytest.mark.parametrize(
    ("words", "variable", "status"),
    [
        (["reproduce"], None, 0),
        (["reproduce"], "", 0),
        (["reproduce"], "false", 0),
        (["reproduce"], "true", 1),
        (["reproduce"], "1", 1),
        (["reproduce", "--check"], None, 1),
    ],
)
def test_another_result_is_told_and_fails_where_asked(
    accepted, change, said, words, variable, status, monkeypatch, capsys
):
    if variable is not None:
        monkeypatch.setenv("CI", variable)
    counted(accepted, **change)
    assert main(words, accepted) == status
    told = capsys.readouterr().out
    assert said in told
    assert "This is not what is committed." in told


def test_after_a_failure_nothing_is_said_of_accepting(accepted, capsys):
    counted(accepted, value="2.01")
    write(accepted, "2_bad", "1 / 0")
    assert main(["reproduce"], accepted) == 1
    told = capsys.readouterr().out
    assert "2_bad failed" in told
    assert "accept" not in told


@pytest.mark.parametrize(
    ("change", "status"), [({"value": "2.01", "x": 1.5}, 0), ({"verdict": "given"}, 1)]
)
def test_under_other_versions_verdicts_alone_count(accepted, change, status, monkeypatch, capsys):
    monkeypatch.setenv("CI", "true")
    lock = "numpy==0.1 \\\n    --hash=sha256:0\nno-such-package==1 ; sys_platform == 'plan9'\n"
    (accepted.root / "requirements.lock").write_text(lock, "utf8")
    counted(accepted, **change)
    assert main(["reproduce"], accepted) == status
    told = capsys.readouterr().out
    if status:
        assert "verdict: toy, Table 1, 1990, a: 2 exact, now 2 given" in told
    else:
        assert "Every verdict is the committed one. No more is compared, for numpy is " in told


@pytest.mark.locked
def test_the_lock_names_what_is_installed_here():
    assert versions.unlocked(PROJECT) == ""


# What is missing, or may not be written ----------------------------------------------------------


def lacks(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def raising(name: str) -> None:
        raise error

    monkeypatch.setattr("compendium.run.commands.import_module", raising)


@pytest.mark.parametrize(("command", "extra"), [("reproduce", "notebooks"), ("site", "site")])
def test_a_missing_package_is_told_with_the_extra_that_brings_it(
    toy, command, extra, monkeypatch, capsys
):
    lacks(monkeypatch, ModuleNotFoundError("No module named 'rich'", name="rich.console"))
    monkeypatch.setattr(sys, "prefix", str(toy.root / "env"))
    assert main([command], toy) == 2
    said = capsys.readouterr().err
    assert said == (
        f"rich is not installed: compendium {command} needs the extra {extra}. Install compendium "
        f"again with it, as in pip install '.[{extra}]' in the folder it came from.\n"
    )


@pytest.mark.parametrize(
    ("prefix", "error"),
    [
        (".venv", ModuleNotFoundError("No module named 'numpy'", name="numpy")),
        ("env", ImportError("numpy: cannot load a part of it\n" * 20)),
    ],
)
def test_a_broken_environment_is_told_in_a_line(toy, prefix, error, monkeypatch, capsys):
    lacks(monkeypatch, error)
    monkeypatch.setattr(sys, "prefix", str(toy.root / prefix))
    assert main(["reproduce"], toy) == 2
    said = capsys.readouterr().err
    assert "numpy" in said
    assert "set it up anew with python3 set_up.py" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("code", [13, 30, 28])
def test_a_place_that_may_not_be_written_is_named_in_a_line(toy, code, monkeypatch, capsys):
    lacks(monkeypatch, OSError(code, os.strerror(code), "build/ledger.csv"))
    assert main(["reproduce"], toy) == 2
    assert capsys.readouterr().err == (
        f"build/ledger.csv cannot be written: {os.strerror(code)}.\n"
    )


def test_an_error_of_our_own_is_not_hidden(toy, monkeypatch):
    lacks(monkeypatch, FileNotFoundError(2, "No such file", "x"))
    with pytest.raises(FileNotFoundError):
        main(["reproduce"], toy)


def test_nothing_is_read_from_or_left_in_a_home(toy, tmp_path, monkeypatch):
    """Not even where there is none: a home may be missing, or somebody else's."""
    start = tmp_path / "home" / ".ipython" / "profile_default" / "startup"
    start.mkdir(parents=True)
    (start / "own.py").write_text("print('mine')", "utf8")
    before = sorted((tmp_path / "home").rglob("*"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "home" / ".ipython"))
    monkeypatch.setenv("MPLBACKEND", "svg")
    write(toy, "1_good", "import matplotlib; print(matplotlib.get_backend())")
    assert main(["reproduce"], toy) == 0
    assert sorted((tmp_path / "home").rglob("*")) == before
    text = (toy.build / "notebooks" / "1_good.ipynb").read_text("utf8")
    assert "inline" in text
    assert "mine" not in text
    assert os.environ["MPLBACKEND"] == "svg"


# Who reads it ------------------------------------------------------------------------------------


@pytest.fixture
def cited(toy) -> Project:
    """A checkout of one source, whose author's name has a letter that not every terminal has."""
    cite = "Müller (1999)"
    package = {"sources": [{"name": "toy", "cite": cite}], "resources": []}
    (toy.data / "datapackage.json").write_text(json.dumps(package), "utf8")
    (toy.data / "toy").mkdir()
    head = "exhibit,item,qualifier,printed,unit,page"
    (toy.data / "toy" / "text.csv").write_text(f"{head}\npara 1,a,,7,,1\n", "utf8")
    return toy


def test_where_nobody_reads_on_nothing_is_said(cited):
    with subprocess.Popen(
        [sys.executable, "-m", "compendium", "check"],
        env={**os.environ, ROOT_VARIABLE: str(cited.root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_a_letter_that_a_terminal_lacks_is_spelt(cited, monkeypatch):
    said = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(said, encoding="ascii"))
    assert main(["check"], cited) == 0
    assert said.getvalue().startswith(b"M\\xfcller (1999): 1 numbers, 1 given")
