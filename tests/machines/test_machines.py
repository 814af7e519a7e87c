"""A row of `make test-machines` proves its setting first, and tells what differs."""

from __future__ import annotations

import subprocess

import nbformat
import pytest
import rows
from nbformat.v4 import new_code_cell, new_notebook, new_output
from rows import Row, compared, copied, row
from settings import (
    GLIBC,
    NUMPY,
    OPENBLAS,
    VARIABLES,
    all_settings,
    bare_numpy,
    kernels,
    no_fma,
    not_tested,
    plain,
    probe,
    together,
)

from compendium.project import Project
from compendium.verdict import ledger

HERE = {"cores": ["Zen", "Zen"], "targets": ["AVX2", "FMA3"], "bits": "a1"}
OLD = {"cores": ["Katmai", "Katmai"], "targets": [], "bits": "b2"}
SETTINGS = all_settings(HERE["targets"])


@pytest.mark.parametrize("setting", SETTINGS[1:], ids=lambda setting: setting.name)
def test_a_setting_without_effect_is_not_tested(setting, tmp_path, monkeypatch):
    monkeypatch.setattr(rows, "not_tested", lambda setting, before: setting.lacking(before, before))
    told = str(row(setting, HERE, Project(tmp_path)))
    assert told.startswith(f"{setting.name:<20} not tested: ")
    assert "same" not in told
    # Nothing was run either.
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("setting", "there"),
    [
        (plain(), HERE),
        (kernels("Haswell"), {**HERE, "cores": ["Haswell"]}),
        (kernels("Prescott"), {**HERE, "cores": ["Katmai", "Prescott"]}),
        (bare_numpy(["AVX2"]), {**HERE, "targets": []}),
        (no_fma(), {**HERE, "bits": "b2"}),
        (SETTINGS[-1], OLD),
    ],
)
def test_a_setting_that_took_effect_is_tested(setting, there):
    assert not_tested(setting, HERE, lambda setting: there) == ""


@pytest.mark.parametrize(
    ("setting", "there", "because"),
    [
        (kernels("Haswell"), {**HERE, "cores": ["Haswell", "Zen"]}, "reports Haswell and Zen"),
        (kernels("Haswell"), {**HERE, "cores": []}, "OpenBLAS reports no core"),
        (bare_numpy(["AVX2"]), {**HERE, "targets": ["FMA3"]}, "NumPy still finds FMA3"),
        (SETTINGS[-1], {**OLD, "bits": "a1"}, "exp, log, sin and pow keep every bit"),
        (
            together(kernels("Nehalem"), no_fma()),
            HERE,
            "OpenBLAS reports Zen; exp, log, sin and pow keep every bit",
        ),
    ],
)
def test_half_an_effect_is_none(setting, there, because):
    assert because in not_tested(setting, HERE, lambda setting: there)


def test_targets_that_were_never_there_cannot_be_switched_off():
    nothing = {**HERE, "targets": []}
    assert "no target here" in not_tested(bare_numpy([]), nothing, lambda setting: nothing)


def test_a_setting_under_which_numpy_dies_is_not_tested():
    def dies(setting):
        raise subprocess.CalledProcessError(-4, "probe")

    assert not_tested(kernels("SkylakeX"), HERE, dies) == "NumPy does not run so: status -4"


def test_the_probe_sees_this_machine_and_that_an_unknown_core_changes_nothing():
    before = probe(plain())
    assert before.keys() == HERE.keys()
    assert not_tested(kernels("Abacus"), before).startswith("OpenBLAS reports ")


def test_a_row_has_its_own_variables_alone(monkeypatch):
    for name in VARIABLES:
        monkeypatch.setenv(name, "set on this machine")
    assert not VARIABLES & plain().environment().keys()
    kept = kernels("Haswell").environment()
    assert {name: kept.get(name) for name in (OPENBLAS, NUMPY, GLIBC)} == {
        OPENBLAS: "Haswell",
        NUMPY: None,
        GLIBC: None,
    }
    assert SETTINGS[-1].environment().keys() >= VARIABLES


def checkout(folder, *, recomputed="2.5", x="3", said="39"):
    """Lay out a toy's ledger, figure and notebook."""
    place = ledger.Row("toy", "Table 1", "1", "a", "2.5", "", "", recomputed, "", "exact", "")
    ledger.write(folder / "ledger.csv", [place])
    for part in ("figures", "notebooks"):
        (folder / part).mkdir()
    picture = f'<svg xmlns="http://www.w3.org/2000/svg"><rect x="{x}"/></svg>'
    (folder / "figures" / "toy.svg").write_text(picture, "utf8")
    cell = new_code_cell("say()", id="a", outputs=[new_output("stream", text=said)])
    nbformat.write(new_notebook(cells=[cell]), folder / "notebooks" / "1_toy.ipynb")


@pytest.fixture
def project(tmp_path):
    """A checkout whose run is still to be laid out."""
    checkout(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "ledger.csv").rename(tmp_path / "data" / "ledger.csv")
    (tmp_path / "build").mkdir()
    return Project(tmp_path)


def test_a_run_with_the_committed_results_is_the_same(project):
    checkout(project.build)
    told = Row("OpenBLAS Haswell", seconds=31.4, found=compared(project))
    assert str(told).split() == ["OpenBLAS", "Haswell", "31", "s", "same", "same", "same"]
    assert told.told() == []


def test_every_difference_of_a_row_is_counted_and_told(project):
    checkout(project.build, recomputed="2.4", x="3.1", said="38")
    told = Row("OpenBLAS Haswell", found=compared(project))
    assert str(told).split()[-6:] == ["1", "differ"] * 3
    assert told.told() == [
        "OpenBLAS Haswell, ledger: changed: toy, Table 1, 1, a: recomputed '2.5' -> '2.4'",
        "OpenBLAS Haswell, figures: toy.svg: rect: x: 3 and 3.1",
        """OpenBLAS Haswell, stored outputs: 1_toy: cell 1: '"text": "39"' and '"text": "38"'""",
    ]


def test_a_run_that_wrote_nothing_differs_in_everything(project):
    found = compared(project)
    assert found["ledger"] == ["gone:    toy, Table 1, 1, a"]
    assert found["figures"] == ["toy.svg: drawn or committed alone"]
    assert found["stored outputs"] == ["1_toy: not run"]


def test_many_differences_are_cut_and_the_cut_is_said():
    found = {"ledger": [f"row {number}" for number in range(9)]}
    assert Row("x", found=found).told()[-1] == "x, ledger: and 4 more"


def test_a_run_has_a_copy_of_its_own(project, monkeypatch):
    monkeypatch.setattr(rows, "PARTS", ("data", "figures", "notebooks"))
    copy = copied(project, project.build / "machines" / "one")
    (copy.figures / "toy.svg").write_text("changed", "utf8")
    assert "rect" in (project.figures / "toy.svg").read_text("utf8")
    assert not copy.build.exists()
