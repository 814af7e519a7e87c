"""What ``import housing`` gives: every model under its name, fast, with types and a version."""

from __future__ import annotations

import importlib
import importlib.metadata
import pkgutil
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import compendium
import housing

LIB = Path(__file__).parents[1] / "lib"
PROJECT = tomllib.loads((LIB.parent / "pyproject.toml").read_text("utf8"))
MODELS = [found.name for found in pkgutil.iter_modules(housing.__path__) if found.name[0] != "_"]


@pytest.mark.parametrize("name", MODELS)
def test_every_model_is_an_attribute(name):
    assert getattr(housing, name) is importlib.import_module(f"housing.{name}")
    assert name in dir(housing)


def test_a_type_checker_is_told_of_every_model():
    """Of every one that the five sources have; a later source's is imported by its name."""
    told = re.findall(r"^    from housing import (\w+) as \1$", source("housing"), re.MULTILINE)
    assert told == sorted(told)
    assert set(told) <= set(MODELS)
    assert len(told) >= 18


@pytest.mark.parametrize("name", ["rents", "annuity", "numpy", "_nothing", "__wrapped__"])
def test_what_is_no_model_is_no_attribute(name):
    with pytest.raises(AttributeError, match=f"module 'housing' has no attribute '{name}'"):
        getattr(housing, name)
    assert name not in dir(housing)


@pytest.mark.parametrize("package", ["housing", "compendium", "compendium.run.commands"])
def test_nothing_is_imported_before_it_is_used(package):
    """Without what an extra brings, a command is still there to say so."""
    foreign = "{'numpy', 'pandas', 'IPython', 'rich', 'nbformat', 'housing.rent'}"
    script = f"import {package}, sys; sys.exit(bool({foreign} & {{*sys.modules}}))"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@pytest.mark.parametrize("package", [housing, compendium])
def test_the_version_is_that_of_the_project(package):
    assert package.__version__ == PROJECT["project"]["version"]
    assert "__version__" in dir(package)


@pytest.mark.parametrize("package", [housing, compendium])
def test_without_installation_there_is_no_version(package, monkeypatch):
    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    with pytest.raises(AttributeError, match="not installed"):
        _ = package.__version__


def test_every_name_of_the_tools_is_there_and_no_other():
    for name in compendium.__all__:
        assert getattr(compendium, name) is not None
        assert name in dir(compendium)
    with pytest.raises(AttributeError, match="module 'compendium' has no attribute 'audits'"):
        _ = compendium.audits


def test_the_commands_are_installed_under_their_name():
    assert PROJECT["project"]["scripts"] == {
        "compendium": "compendium.run.commands:main",
        "housing": "housing.command:main",
    }


def test_every_package_says_that_it_has_types():
    packages = {path.parent.name for path in LIB.glob("*/__init__.py")}
    marked = PROJECT["tool"]["setuptools"]["package-data"]
    assert {name for name, files in marked.items() if "py.typed" in files} == packages
    assert {path.parent.name for path in LIB.rglob("py.typed")} == packages
    # A module of its own has no place for such a mark.
    assert list(LIB.glob("*.py")) == []


def source(package: str) -> str:
    return (LIB / package / "__init__.py").read_text("utf8")
