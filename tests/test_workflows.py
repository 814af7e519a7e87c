"""What runs elsewhere is what runs here: workflows call make targets, Binder reads one file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[1]
WORKFLOWS = {
    path.name: yaml.safe_load(path.read_text("utf8"))
    for path in sorted((ROOT / ".github" / "workflows").glob("*.yml"))
}
MAKEFILE = (ROOT / "Makefile").read_text("utf8")
TARGETS = set(" ".join(re.findall(r"^([a-z -]+):", MAKEFILE, re.MULTILINE)).split())
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]


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
def test_a_job_runs_nothing_but_targets_that_exist(name, job):
    run = [command.split() for command in commands(job) if command]
    assert bool(run) == (name != "deploy")
    for program, *targets in run:
        assert program == "make"
        assert targets
        assert set(targets) <= TARGETS


def test_every_python_that_is_admitted_is_tested_and_the_oldest_versions_too():
    job = WORKFLOWS["ci.yml"]["jobs"]["test"]
    tested = {(entry["python"], entry["target"]) for entry in variants(job)}
    admitted = SpecifierSet(PROJECT["requires-python"])
    pythons = [f"3.{minor}" for minor in range(30) if admitted.contains(f"3.{minor}")]
    assert tested == {*((python, "test") for python in pythons), (pythons[0], "test-oldest")}


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
