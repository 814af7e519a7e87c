"""What runs elsewhere is what runs here: workflows call make targets, Binder reads one file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = {
    path.name: yaml.safe_load(path.read_text("utf8"))
    for path in sorted((ROOT / ".github" / "workflows").glob("*.yml"))
}
MAKEFILE = (ROOT / "Makefile").read_text("utf8")
TARGETS = set(" ".join(re.findall(r"^([a-z -]+):", MAKEFILE, re.MULTILINE)).split())
SET_UP = (ROOT / "set_up.py").read_text("utf8").partition("\nROOT = ")[0]
#: The lines of the README for those who have no make.
WITHOUT_MAKE = re.findall(
    r"^(\.venv\S+ -m compendium \w+)$", (ROOT / "README.md").read_text("utf8"), re.MULTILINE
)


def jobs() -> Iterator[tuple[str, dict]]:
    for workflow in WORKFLOWS.values():
        yield from workflow["jobs"].items()


def variants(job: dict) -> list[dict]:
    """Return the entries of a job's matrix; one that is empty where it has none."""
    return job.get("strategy", {}).get("matrix", {}).get("include", [{}])


def commands(job: dict) -> Iterator[str]:
    """Give what a job runs, once for every entry of its matrix."""
    for step in job["steps"]:
        for entry in variants(job):
            command = step.get("run", "")
            for name, value in entry.items():
                command = command.replace(f"${{{{ matrix.{name} }}}}", value)
            yield command


def test_there_is_one_workflow_for_the_tests_and_one_for_the_site():
    assert set(WORKFLOWS) == {"ci.yml", "pages.yml"}


@pytest.mark.parametrize(("name", "job"), list(jobs()))
def test_a_job_runs_nothing_but_targets_that_exist_or_the_route_without_make(name, job):
    run = [command for command in commands(job) if command]
    assert bool(run) == (name != "deploy")
    for command in run:
        program, *targets = command.split()
        if name == "systems":
            assert command == "python set_up.py" or command in WITHOUT_MAKE
        else:
            assert program == "make"
            assert targets
            assert set(targets) <= TARGETS


def test_every_python_that_the_lock_has_wheels_for_is_tested_and_the_oldest_versions_too():
    job = WORKFLOWS["ci.yml"]["jobs"]["test"]
    tested = {(entry["python"], entry["target"]) for entry in variants(job)}
    first, last = re.findall(r"\(3, (\d+)\)", SET_UP)
    pythons = [f"3.{minor}" for minor in range(int(first), int(last) + 1)]
    assert tested == {*((python, "test") for python in pythons), (pythons[0], "test-oldest")}


@pytest.mark.parametrize(
    "page",
    [
        *("README.md", "Makefile", "course/guide/2_set_up.md"),
        *("docs/run.md", "docs/index.md", "docs/availability.md"),
    ],
)
def test_the_pages_name_the_pythons_that_the_lock_has_wheels_for(page):
    first, last = re.findall(r"\(3, (\d+)\)", SET_UP)
    named = re.findall(r"Python 3\.(\d+) to 3\.(\d+)", (ROOT / page).read_text("utf8"))
    assert named
    assert set(named) == {(first, last)}


def test_lab_serves_the_checkout_and_opens_the_notebooks():
    """A reader is told to replace files in data/examples: a folder beside the notebooks."""
    (recipe,) = re.findall(r"^lab: environment\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    assert "--ServerApp.root_dir=. " in recipe
    assert "--LabApp.default_url=/lab/tree/notebooks " in recipe
    # A folder as an argument would be served instead.
    assert "notebooks" not in recipe.replace("/lab/tree/notebooks", "")


def test_all_that_takes_too_long_for_make_test_runs_in_jobs_of_its_own():
    (parts,) = re.findall(r"^test-all: test (.+)$", MAKEFILE, re.MULTILINE)
    job = WORKFLOWS["ci.yml"]["jobs"]["long"]
    assert [entry["target"] for entry in variants(job)] == parts.split()


def test_the_route_without_make_is_run_where_make_is_rare():
    systems = {e["system"]: e["python"] for e in variants(WORKFLOWS["ci.yml"]["jobs"]["systems"])}
    assert {name.partition("-")[0] for name in systems} == {"macos", "ubuntu", "windows"}
    for name, python in systems.items():
        assert (".venv\\Scripts" in python) == name.startswith("windows")


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_may_only_read_but_for_the_job_that_publishes(name):
    assert WORKFLOWS[name]["permissions"] == {"contents": "read"}
    granted = {
        job: entry["permissions"]
        for job, entry in WORKFLOWS[name]["jobs"].items()
        if "permissions" in entry
    }
    publishes = {"deploy": {"pages": "write", "id-token": "write"}}
    assert granted == (publishes if name == "pages.yml" else {})


def test_actions_are_the_hosts_own_at_a_major_version():
    used = {step["uses"] for _, job in jobs() for step in job["steps"] if "uses" in step}
    assert used
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", action) for action in used)


def test_binder_reads_the_environment_at_the_root():
    """Binder looks into these first, and then takes nothing from the root."""
    for hiding in ("binder", ".binder", "Dockerfile"):
        assert not (ROOT / hiding).exists()
    assert (ROOT / "environment.yml").exists()
