"""Every equation of the sources has its function or its reason, and every tag its equation."""

from __future__ import annotations

import csv
import importlib
import inspect
import json

import pytest

from compendium.page import equations
from compendium.project import Project

TABLE = equations.table()
FUNCTIONS = sorted({name for row in TABLE for name in row.functions})


def test_the_list_and_the_tags_fit():
    assert equations.faults() == []


def test_every_numbered_equation_of_the_five_is_listed():
    listed = {(row.source, row.equation) for row in TABLE}
    numbered = {
        ("world_bank", "abcdef"),
        ("shan", range(1, 14)),
        ("guo_wang", range(1, 7)),
        ("xuan", range(1, 9)),
    }
    assert {(source, f"equation ({n})") for source, series in numbered for n in series} <= listed


@pytest.mark.parametrize("path", FUNCTIONS)
def test_what_a_tag_names_is_there_under_its_public_name(path):
    _, module, name, *member = path.split(".")
    package = importlib.import_module(f"housing.{module}")
    thing = getattr(package, name)
    assert name in package.__all__
    for part in member:
        thing = inspect.getattr_static(thing, part)
    assert "Computes:" in inspect.getdoc(thing)


# A made-up checkout ------------------------------------------------------------------------------


@pytest.fixture
def checkout(tmp_path):
    """Return a function that writes a list of equations and one module, and gives the project."""

    def write(listed: list[tuple[str, str]], module: str) -> Project:
        (tmp_path / "lib" / "housing").mkdir(parents=True)
        (tmp_path / "data" / "toy").mkdir(parents=True)
        sources = {
            "sources": [{"name": "toy", "cite": "Toy (1999)"}, {"name": "b", "cite": "B (1)"}],
            "libraries": ["lib/housing"],
        }
        (tmp_path / "data" / "datapackage.json").write_text(json.dumps(sources), "utf8")
        path = tmp_path / "data" / "toy" / "equations.csv"
        with path.open("w", encoding="utf8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["equation", "place", "says", "not_computed"])
            writer.writerows([name, "p. 1", "a = b", reason] for name, reason in listed)
        (tmp_path / "lib" / "housing" / "toys.py").write_text(module, "utf8")
        return Project(tmp_path)

    return write


def function(name: str, tag: str) -> str:
    return f'def {name}():\n    """Play.\n\n    Computes: {tag}.\n    """\n'


def test_a_list_that_fits_has_no_faults(checkout):
    project = checkout(
        [("equation (1)", ""), ("equation (2)", ""), ("equation (3)", "is a joke")],
        "__all__ = ['top', 'Kite']\n"
        + function("top", "Toy (1999), equation (1);\n    equation (2)")
        + 'class Kite:\n    """A kite."""\n'
        + function("fly", "Toy (1999), equation (1)").replace("\n", "\n    ").join(["    ", "\n"]),
    )
    assert equations.faults(project) == []
    first, second, third = equations.table(project)
    assert first.functions == ("housing.toys.top", "housing.toys.Kite.fly")
    assert second.functions == ("housing.toys.top",)
    assert third.functions == ()


@pytest.mark.parametrize(
    ("listed", "module", "fault"),
    [
        ([("equation (1)", "")], "", "toy, equation (1): no function"),
        (
            [("equation (1)", "is a joke")],
            "__all__ = ['top']\n" + function("top", "Toy (1999), equation (1)"),
            "toy, equation (1): a function and a reason why there is none",
        ),
        (
            [],
            "__all__ = ['top']\n" + function("top", "Toy (1999), equation (1)"),
            "housing.toys.top: no equation ('toy', 'equation (1)')",
        ),
        (
            [("equation (1)", "")],
            "__all__ = []\n" + function("top", "Toy (1999), equation (1)"),
            "housing.toys._top: a tag, and is not public",
        ),
    ],
)
def test_what_does_not_fit_is_named(checkout, listed, module, fault):
    assert equations.faults(checkout(listed, module)) == [fault]


def test_a_tag_without_a_source_is_refused():
    with pytest.raises(ValueError, match="no source is cited with 'equation \\(1\\)'"):
        equations.tags("Computes: equation (1).", {"Toy (1999)": "toy"})
