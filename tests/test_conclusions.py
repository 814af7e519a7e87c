"""Conclusions: each verdict, what tips them, and that a run fails where one changes."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from compendium import Audit, AuditError, DataError, Range
from compendium.page.numerals import Number
from compendium.page.stated import COLUMNS
from compendium.run import check, comparison
from compendium.run.commands import main
from compendium.run.notebooks import Outcome
from compendium.verdict import conclusions, report

SO = {"because": "an example"}
BOX = {"a": Range(0.0, 10.0, unit="m", **SO), "b": Range(0, 10, whole=True, **SO)}


@pytest.fixture
def stated(desk):
    """A toy source with one number and the conclusions that a test gives it."""

    def write(*rows):
        desk.text(["para 1", "x", "", "5"])
        desk.csv("conclusions.csv", [COLUMNS, *rows])
        return desk

    return write


def row(id="1", claim="a is enough", tested_by="a less b", kind="comparison"):
    return [id, "para 1", claim, kind, tested_by]


def concluded(stated, margin, **more):
    audit = stated(row()).audit()
    audit.conclude("1", margin, **more)
    return audit.conclusions()["1"]


# Verdicts ----------------------------------------------------------------------------------------


def test_what_holds_in_the_whole_box_stands(stated, capsys):
    given = {"a": 2.0, "b": 3}
    found = concluded(stated, lambda a, b: 20.5 - a - b, given=given, ranges=BOX, unit="yuan")
    assert found.verdict == "stands"
    assert found.share == 1.0
    assert found.premises == []
    assert capsys.readouterr().out.splitlines() == [
        "1: stands; margin 15.5 yuan; holds in 1 of the box"
    ]
    own = found.row("toy")
    assert own.tips == (
        "a: none found at 201 values from 0 to 10; b: none found at 11 values from 0 to 10"
    )
    assert own.box == "a 0 to 10 m: an example; b 0 to 10 (whole): an example"
    assert own.note == "lowest margin found 0.5 at a 10, b 10"


def test_what_an_input_tips_stands_on_it(stated):
    given = {"a": 2.0, "b": 3}
    found = concluded(stated, lambda a, b: 12.5 - 2 * a - b / 9, given=given, ranges=BOX)
    assert (found.verdict, found.premises) == ("stands on a premise", ["a"])
    assert found.row("toy").tips.startswith("a: holds below 6.083; b: none found")
    assert found.share_shown == "0.60"
    assert [effect.name for effect in found.effects] == ["a", "b"]


def test_what_two_tip_together_stands_on_the_pair(stated):
    given = {"a": 0.0, "b": 0}
    found = concluded(stated, lambda a, b: 15.5 - a - b, given=given, ranges=BOX)
    assert found.verdict == "stands on a premise"
    assert found.premises == ["a 7.5 with b 8"]


def test_what_three_tip_together_stands_on_all_of_them(stated):
    ranges = {name: Range(0.0, 1.0, **SO) for name in "abc"}
    given = dict.fromkeys("abc", 0.0)
    found = concluded(stated, lambda a, b, c: 2.5 - a - b - c, given=given, ranges=ranges)
    assert found.premises == ["a, b, c together"]
    assert found.row("toy").note == "lowest margin found -0.5 at a 1, b 1, c 1"


def test_a_corner_that_no_point_of_the_share_meets_is_not_called_all(stated):
    given = {"a": 0.0, "b": 0}
    found = concluded(stated, lambda a, b: 19.999 - a - b, given=given, ranges=BOX)
    assert found.verdict == "stands on a premise"
    assert found.share_shown == ">0.99"


def test_what_is_below_0_for_all_digits_falls_and_tells_where_it_would_hold(stated):
    given = {"a": Number("2.0"), "b": 3}
    found = concluded(stated, lambda a, b: a - b - 0.1, given=given, ranges=BOX)
    assert found.verdict == "falls"
    assert found.margin == "-1.15 to -1.05"
    assert found.row("toy").tips == "a: holds above 3.1; b: holds up to 1, not at 2"


def test_what_hangs_on_an_input_that_is_not_printed_does_not_fall(stated):
    given, ranges = {"a": 2.0, "b": 3}, {"a": BOX["a"]}
    margin = lambda a, b: a - b  # noqa: E731
    found = concluded(stated, margin, given=given, ranges=ranges, assumed=["a"])
    assert (found.verdict, found.premises) == ("stands on a premise", ["a"])
    assert found.row("toy").note.endswith("not printed by the source: a")
    given["b"] = 11
    found = concluded(stated, margin, given=given, ranges=ranges, assumed=["a"])
    assert found.verdict == "falls"
    with pytest.raises(ValueError, match="assumed b must have a range"):
        concluded(stated, margin, given=given, ranges=ranges, assumed=["b"])


@pytest.mark.parametrize(
    ("limit", "verdict"),
    [
        (1.94, "stands"),
        (1.951, "not decided by the digits"),
        (2.0, "not decided by the digits"),
        (2.049, "not decided by the digits"),
        (2.06, "falls"),
    ],
)
def test_the_digits_decide_nothing_where_their_rounding_straddles_0(stated, limit, verdict):
    given = {"a": Number("2.0")}
    assert concluded(stated, lambda a: a - limit, given=given).verdict == verdict


@pytest.mark.parametrize("margin", [lambda r: r > 2, lambda r: np.greater(r, 2)])
@pytest.mark.parametrize("given", [1.5, Number("2.1")])
def test_a_margin_that_is_true_or_false_is_refused(stated, margin, given):
    """False was 0, and so not decided by the digits."""
    said = r"conclusion 1: margin must be a number, .* got (True|False) at r .*; for r > 2 write"
    with pytest.raises(ValueError, match=said):
        concluded(stated, margin, given={"r": given})


def test_a_margin_that_is_no_number_is_told_by_its_conclusion(stated):
    with pytest.raises(ValueError, match="conclusion 1: margin must be a number, got nan at"):
        concluded(stated, lambda r: r * float("nan"), given={"r": 1.5})


def test_a_margin_that_no_input_moves_is_said(stated):
    for margin, constant in ((lambda r: 5.0, True), (lambda r: 7.0 - r, False)):
        found = concluded(stated, margin, given={"r": 1.5})
        assert found.verdict == "stands"
        assert (conclusions.CONSTANT in found.note) == constant


@pytest.mark.parametrize("margin", [lambda a, b, c: a + b - c, lambda a, b, c: 0 * (a + b + c)])
def test_what_lies_on_the_border_is_said_to(stated, margin):
    given = {"a": 0.1, "b": 0.2, "c": 0.3}
    found = concluded(stated, margin, given=given)
    assert found.verdict == "not decided by the digits"
    said = found.row("toy").note.removesuffix(f"; {conclusions.CONSTANT}")
    assert said == "no input moved; on the border"


def test_what_no_model_can_say_needs_no_test_and_has_its_reason(stated):
    audit = stated(row(tested_by="not testable: the page prints no rent")).audit()
    audit.given("para 1")
    audit.close()
    (found,) = conclusions.read(audit._source.project.build / "conclusions" / "toy.csv")
    assert (found.verdict, found.note) == ("not testable", "the page prints no rent")
    assert found.margin == found.share == ""


# The account -------------------------------------------------------------------------------------


def close(audit):
    audit.given("para 1")
    with pytest.raises(AuditError) as error:
        audit.close()
    return str(error.value).splitlines()[1:]


def test_an_untested_an_unknown_a_doubled_and_an_untestable_one_fail(stated):
    own = [row("1"), row("2"), row("3", tested_by="not testable: no rent")]
    audit = stated(*own).audit()
    for id in ("2", "2", "3", "4"):
        audit.conclude(id, lambda a: a, given={"a": 1.0})
    assert close(audit) == [
        "conclusion 3 is declared not testable, and tested",
        "no conclusion '4' in conclusions.csv; there are 1, 2, 3",
        "conclusion 1 (para 1): tested by nothing",
        "conclusion 2 (para 1): tested 2 times",
    ]


def test_a_cell_that_runs_again_replaces_what_it_tested(stated, monkeypatch):
    cell = ["one", 1]
    monkeypatch.setattr("compendium.verdict.audit._notebook_cell", lambda: tuple(cell))
    audit = stated(row(), row("2")).audit()
    audit.conclude("1", lambda a: a, given={"a": -1.0})
    cell[1] = 2
    audit.conclude("1", lambda a: a, given={"a": 1.0})
    assert audit.conclusions()["1"].verdict == "stands"
    # Another cell that runs once more is none of its business.
    cell[:] = "another", 3
    audit.conclude("2", lambda a: a, given={"a": 1.0})
    assert {id: own.verdict for id, own in audit.conclusions().items()} == {
        "1": "stands",
        "2": "stands",
    }
    assert list(audit._conclusions.differences()) == []


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([row(kind="guess")], "row 2, column kind: 'guess' is none of arithmetic, comparison"),
        ([row(), row()], "row 3, column id: '1' stands twice"),
        ([row(claim=" ")], "row 2, column claim: must not be blank"),
        ([row(tested_by="not testable: ")], "row 2, column tested_by: .* followed by why"),
        ([row()[:4]], "row 2, column tested_by: ragged row of 4 for 5"),
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_refused_by_row_and_column(stated, rows, said):
    with pytest.raises(DataError, match=f"^data/toy/conclusions.csv, {said}"):
        stated(*rows).audit()


def test_a_reader_is_shown_each_with_its_premises_and_what_tips_it(stated, monkeypatch):
    shown = []
    monkeypatch.setattr(report, "display", lambda html, plain: shown.append((html, plain)))
    audit = stated(
        row(claim="a < 7"), row("2", tested_by="not testable: no rent"), row("3")
    ).audit()
    shown.clear()
    audit.conclude("1", lambda a: 7.0 - a, given={"a": 2.0}, ranges={"a": BOX["a"]}, unit="m²")
    audit.show_conclusions()
    ((html, plain),) = shown
    assert plain == "1 stands on a premise, 1 not testable, 1 untested"
    assert "◐ stands on a premise<small>a</small>" in html
    assert "a &lt; 7<small>para 1; comparison</small>" in html
    assert "<td>5 m²<td class='text'>a: holds below 7<td>0.70" in html
    assert "each input at up to 201 values" in html
    assert "· not testable" in html
    assert "! untested" in html


# Runs --------------------------------------------------------------------------------------------


TESTED = conclusions.Row(
    "toy", "1", "para 1", "comparison", "a is enough", "stands", "1", "m", "", "", "", "", ""
)


def test_changes_are_told_and_a_changed_verdict_apart():
    old = [TESTED, replace(TESTED, id="2"), replace(TESTED, id="3")]
    new = [replace(TESTED, verdict="falls"), replace(TESTED, id="2", note="seen")]
    new.append(replace(TESTED, id="4"))
    assert conclusions.changes(old, new) == [
        "changed: toy, conclusion 1: verdict 'stands' -> 'falls'",
        "changed: toy, conclusion 2: note '' -> 'seen'",
        "new:     toy, conclusion 4: stands",
        "gone:    toy, conclusion 3",
    ]
    assert conclusions.verdict_changes(old, new) == [
        "toy, conclusion 1: it was 'stands', and is now 'falls'",
        "toy, conclusion 3: it was 'stands', and is now 'gone'",
    ]
    assert conclusions.changes(old, []) == ["gone:    toy: all 3 conclusions"]
    assert conclusions.verdict_changes(old, []) == ["toy: it had 3 conclusions, and has none"]
    assert conclusions.changes(old, old) == conclusions.verdict_changes(old, old) == []


@pytest.fixture
def paper(stated, monkeypatch):
    """A checkout of a paper of one number and two conclusions, with a notebook: what it needs."""
    project = stated(row(), row("2", tested_by="not testable: why")).project
    described = {"name": "toy", "title": "Toy"}
    (project.data / "datapackage.json").write_text(
        json.dumps({"resources": [], "sources": [described]}), "utf8"
    )
    output = nbformat.v4.new_output("stream", text="run")
    cell = new_code_cell("conclude", execution_count=1, outputs=[output])
    project.notebooks.mkdir()
    nbformat.write(new_notebook(cells=[cell]), project.notebooks / "1_toy.ipynb")
    least = [4.0]

    def execute(paths, target, **_):
        """Do what the notebook would, without a kernel."""
        audit = Audit("toy", project)
        audit.given("para 1")
        audit.conclude("1", lambda x: x - least[0], given={"x": audit.number("para 1", "x")})
        audit.close()
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy(paths[0], target)
        return [Outcome("1_toy", 0.0)]

    monkeypatch.setattr("compendium.run.reproduce.execute", execute)
    monkeypatch.setattr("compendium.run.notebooks.execute", execute)
    assert main(["reproduce"], project) == main(["accept"], project) == 0
    return project, least


def test_what_is_accepted_is_the_ledger_that_a_run_wrote(paper):
    project, _ = paper
    found = conclusions.read(project.conclusions)
    assert [row.verdict for row in found] == ["stands", "not testable"]
    assert comparison.conclusions(project) == []


def test_a_verdict_that_changes_fails_a_run_and_can_be_accepted(paper, capsys):
    project, least = paper
    least[0] = 9.0
    assert main(["reproduce"], project) == 1
    told = "toy, conclusion 1: it was 'stands', and is now 'falls'"
    assert told in capsys.readouterr().out
    assert main(["accept"], project) == 0
    assert "verdict 'stands' -> 'falls'" in capsys.readouterr().out
    assert conclusions.read(project.conclusions)[0].verdict == "falls"
    assert main(["reproduce"], project) == 0


def test_check_tells_conclusions_and_fails_where_a_verdict_changed(paper, capsys):
    project, least = paper
    capsys.readouterr()
    assert main(["check", "toy"], project) == 0
    assert "  2 conclusions: 1 stands, 1 not testable\n" in capsys.readouterr().out
    least[0] = 9.0
    assert main(["check", "toy", "--json"], project) == 1
    said = capsys.readouterr().out
    (found,) = json.loads(said[said.index("{\n") :])["sources"]
    assert found["faults"] == ["toy, conclusion 1: it was 'stands', and is now 'falls'"]
    assert [each["verdict"] for each in found["conclusions"]] == ["falls", "not testable"]
    schema = json.loads(Path(check.__file__).with_name("check.schema.json").read_text("utf8"))
    items = schema["properties"]["sources"]["items"]["properties"]["conclusions"]["items"]
    assert items["required"] == [*found["conclusions"][0]]
    assert items["properties"]["verdict"]["enum"] == [*conclusions.VERDICTS]
