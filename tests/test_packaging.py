"""The three lists of dependencies agree, so that conda, pip and a developer get one project."""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))
LOCK = (ROOT / "requirements.lock").read_text("utf8")
OLDEST = (ROOT / "requirements-oldest.txt").read_text("utf8")
COURSE = (ROOT / "requirements-course.txt").read_text("utf8")
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text("utf8"))
NAMED_FIRST = ["jupyterlab", "pandas", "numpy", "scipy", "matplotlib", "nbval"]


def declared() -> dict[str, Requirement]:
    project = PROJECT["project"]
    lines = [*project["dependencies"], *PROJECT["build-system"]["requires"]]
    lines += [line for extra in project["optional-dependencies"].values() for line in extra]
    requirements = [Requirement(line) for line in lines]
    found = {canonicalize_name(requirement.name): requirement for requirement in requirements}
    # An extra may take in another one by the project's own name.
    del found[PROJECT["project"]["name"]]
    return found


def brought(*extras: str) -> set[str]:
    """Return the distributions that the library and extras of it bring, by name."""
    project = PROJECT["project"]
    names = {Requirement(line).name for line in project["dependencies"]}
    for extra in extras:
        for requirement in map(Requirement, project["optional-dependencies"][extra]):
            own = requirement.name == project["name"]
            names |= brought(*requirement.extras) if own else {requirement.name}
    return names


def imported(source: str) -> set[str]:
    """Return what a source imports that is neither Python's nor ours, as distributions."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    foreign = names - sys.stdlib_module_names - {"compendium", "housing", "rounding", "sensitivity"}
    return {{"PIL": "pillow", "yaml": "pyyaml"}.get(name, name.lower()) for name in foreign}


def cells(path: Path) -> str:
    """Return the code of a notebook, without the commands of IPython."""
    found = json.loads(path.read_text("utf8"))["cells"]
    code = ["".join(cell["source"]) for cell in found if cell["cell_type"] == "code"]
    lines = "\n".join(code).splitlines()
    return "\n".join(line for line in lines if not line.startswith("%"))


def pinned(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", lock, re.MULTILINE))


def listed() -> list[str]:
    return next(entry["pip"] for entry in ENVIRONMENT["dependencies"] if isinstance(entry, dict))


def test_every_dependency_is_locked_at_a_version_that_is_admitted():
    for name, requirement in declared().items():
        assert requirement.specifier.contains(pinned(LOCK)[name]), f"{requirement} in the lock"


#: Imported where it asks for something itself, and so is there: a regressor's tags; or where it is
#: there alone: sliders, and the slides of a course with their formulas.
ASKING = {"sklearn", "ipywidgets", "sphinx", "docutils"}


def test_the_extra_for_the_notebooks_brings_all_that_they_use():
    needed = set().union(
        *(imported(cells(path)) for path in (ROOT / "notebooks").glob("[!.]*.ipynb"))
    )
    for path in (ROOT / "lib").rglob("*.py"):
        source = path.read_text("utf8")
        if "site" not in path.parts:
            needed |= imported(source)
        # Which package reads such files, pandas and Dask decide.
        needed |= {"pyarrow"} if "parquet" in source else set()
    assert needed >= {"dask", "ipython", "nbclient", "pyarrow", "rich"}
    # Its settings are objects of traitlets, which it brings.
    assert needed - {"traitlets", *ASKING} <= brought("notebooks")
    assert "ipykernel" in brought("notebooks")


def test_the_library_alone_brings_all_that_it_uses_but_for_registers_on_disk():
    for path in (ROOT / "lib" / "housing").rglob("*.py"):
        extras = ["scale"] if path.parent.name == "register" else []
        assert imported(path.read_text("utf8")) - ASKING <= brought(*extras), path.name


def test_every_locked_package_has_one_version():
    names = re.findall(r"^([a-z0-9.-]+)==", LOCK, re.MULTILINE)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("lock", [LOCK, OLDEST, COURSE], ids=["lock", "oldest", "course"])
def test_every_locked_package_carries_hashes(lock):
    entries = re.split(r"\n(?=\S)", lock.strip())
    assert all(re.match(r"[a-z0-9.-]+==", entry) for entry in entries)
    assert all("--hash=sha256:" in entry for entry in entries)


def test_a_course_is_tried_under_the_versions_of_the_lock():
    named = [line for line in PROJECT["dependency-groups"]["grading"] if isinstance(line, str)]
    assert {Requirement(line).name for line in named} <= pinned(COURSE).keys()
    shared = pinned(COURSE).keys() & pinned(LOCK).keys()
    assert {name: pinned(COURSE)[name] for name in shared} == {
        name: pinned(LOCK)[name] for name in shared
    }


@pytest.mark.parametrize("requirement", declared().values(), ids=str)
def test_a_lower_bound_is_the_version_that_the_oldest_set_is_tested_with(requirement):
    (bound,) = requirement.specifier
    assert bound.operator == ">="
    assert Version(bound.version) == Version(pinned(OLDEST)[canonicalize_name(requirement.name)])


def test_the_environment_pins_every_dependency_at_the_locked_version():
    pins = dict(line.split("==") for line in listed() if "==" in line)
    assert pins == {name: pinned(LOCK)[name] for name in declared()}


def test_the_environment_names_the_six_first_and_the_project_last():
    names = [line.partition("==")[0] for line in listed()]
    assert names[:6] == NAMED_FIRST
    assert names[-1] == "--editable ."
    assert ENVIRONMENT["channels"] == ["conda-forge"]


def test_the_python_of_the_environment_and_of_this_run_are_supported():
    supported = SpecifierSet(PROJECT["project"]["requires-python"])
    conda = next(e for e in ENVIRONMENT["dependencies"] if str(e).startswith("python="))
    assert supported.contains(conda.removeprefix("python="))
    assert supported.contains("{}.{}".format(*sys.version_info))


@pytest.mark.parametrize(
    "pattern", ["*.md", "LICENSE", "CITATION.cff", "requirements*", "Makefile", ".github/*/*.yml"]
)
def test_no_registry_host_is_named(pattern):
    texts = [path.read_text("utf8") for path in ROOT.glob(pattern)]
    assert texts
    for text in texts:
        assert not re.search(r"pypi\.org|pythonhosted|npmjs|debian\.org|--index-url", text)


def test_citation_and_changelog_name_the_version_of_the_package_and_one_day():
    version = PROJECT["project"]["version"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf8"))
    changes = (ROOT / "CHANGELOG.md").read_text("utf8")
    released = re.findall(r"^## \[(\d\S*)\] - (\S+)$", changes, re.MULTILINE)
    assert citation["cff-version"] == "1.2.0"
    assert released[0] == (version, str(citation["date-released"]))
    assert [Version(number) for number, _ in released] == sorted(
        (Version(number) for number, _ in released), reverse=True
    )
