"""The argument of a source as data: what it answers, and what is wrong with it if anything is."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace

import pandas as pd
import pytest

from compendium.page.argument import Argument
from compendium.project import Project

PROJECT = Project()


@pytest.fixture
def yuan() -> Argument:
    return Argument.read("yuan")


def linked(argument: Argument, *rows: tuple[str, str, str]) -> Argument:
    """Return the argument with other links."""
    links = [
        {"from": a, "to": b, "basis": basis, "place": a, "words": "so", "because": "it says so"}
        if basis == "stated"
        else {"from": a, "to": b, "basis": basis, "place": "", "words": "", "because": "we think"}
        for a, b, basis in rows
    ]
    return replace(argument, links=pd.DataFrame(links))


def test_five_problems_five_causes_five_remedies(yuan):
    assert yuan.parts["kind"].value_counts().to_dict() == {"problem": 5, "cause": 5, "remedy": 5}


def test_every_mark_leads_to_a_work_and_every_work_is_cited(yuan):
    assert set(yuan.citations["work"]) == set(yuan.works.index) == set(range(1, 23))
    assert yuan.faults() == []


def test_one_work_is_cited_twice(yuan):
    times = yuan.citations["work"].value_counts()
    assert times[times > 1].to_dict() == {12: 2}


def test_no_remedy_takes_up_the_facilities_and_no_problem_leads_to_the_light_punishment(yuan):
    assert yuan.unanswered() == ["P3"]
    assert yuan.unanswered("stated", "ours") == []
    assert yuan.without_problem() == ["C3"]
    assert yuan.without_problem("stated", "ours") == []


def test_every_cause_has_the_remedy_of_its_place_in_the_text(yuan):
    """Five causes, five remedies, the one against the other."""
    stated = yuan.links[yuan.links["basis"] == "stated"]
    assert {(f"C{k}", f"R{k}") for k in range(1, 6)} <= set(
        zip(stated["from"], stated["to"], strict=True)
    )


def test_chains_follow_links_of_the_bases_asked_for(yuan):
    toy = linked(yuan, ("P1", "C1", "stated"), ("C1", "R1", "ours"), ("C1", "R2", "stated"))
    assert toy.chains("stated").to_numpy().tolist() == [["P1", "C1", "R2", "stated"]]
    assert toy.chains().to_numpy().tolist() == [
        ["P1", "C1", "R1", "ours"],
        ["P1", "C1", "R2", "stated"],
    ]
    # A chain over money is no remedy that speaks of the problem.
    assert "P1" in toy.unanswered()
    assert "P1" not in linked(yuan, ("P1", "R4", "stated")).unanswered()
    assert set(toy.without_problem()) == {"C2", "C3", "C4", "C5"}


def test_an_unknown_basis_is_refused(yuan):
    with pytest.raises(ValueError, match="bases must be among stated, ours, got 'theirs'"):
        yuan.chains("theirs")


def test_each_section_s_marks_are_counted_those_without_too(yuan):
    counts = yuan.citation_counts()
    assert counts.sum() == 21  # two of the 23 stand before the first problem
    assert counts["R5"] == 3
    fewer = replace(yuan, citations=yuan.citations[yuan.citations["part"] != "P3"])
    assert fewer.citation_counts()["P3"] == 0


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"citations": ("work", 5, 99)}, "mark 5: work 99 is not in the list of works"),
        ({"citations": ("work", 5, 4)}, "works: 5 is cited nowhere"),
        ({"citations": ("work", 1, 3)}, "not numbered in the order of first citation: [3, 2"),
        ({"links": ("to", 0, "R9")}, "P1 to R9: does not run from problem to cause to remedy"),
        ({"links": ("to", 0, "P2")}, "P1 to P2: does not run from problem to cause to remedy"),
        ({"links": ("to", 0, "C2")}, "P1 to C2: stands 2 times"),
        ({"links": ("basis", 0, "said")}, "P1 to C1: basis 'said' is none of stated, ours"),
        ({"links": ("basis", 0, "ours")}, "P1 to C1: place and words belong to a stated link"),
        ({"links": ("words", 0, "")}, "P1 to C1: place and words belong to a stated link"),
        ({"links": ("because", 0, "")}, "P1 to C1: nothing says why"),
    ],
)
def test_a_contradiction_is_named(yuan, change, fault):
    [(table, (column, row, value))] = change.items()
    damaged = getattr(yuan, table).copy()
    damaged.loc[row, column] = value
    assert any(fault in said for said in replace(yuan, **{table: damaged}).faults())


def test_files_that_contradict_each_other_are_refused(tmp_path):
    shutil.copytree(PROJECT.data / "yuan", tmp_path / "data" / "yuan")
    path = tmp_path / "data" / "yuan" / "works.csv"
    path.write_text(re.sub(r"\n22,.*", "", path.read_text("utf8")), "utf8")
    with pytest.raises(ValueError, match="yuan: 1 faults\ncitations, mark 23: work 22 is not in"):
        Argument.read("yuan", Project(tmp_path))
