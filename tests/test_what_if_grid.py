"""What-ifs on a grid: what is computed, what lies between, what is kept, and what is refused."""

from __future__ import annotations

import json
import re

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from compendium import Answer, Slider
from compendium.run.commands import main
from compendium.verdict import ledger, what_if
from compendium.verdict.grid import answered

RATE = Slider("rate", "interest", [0, 2, 5, 10], start=4.5, unit="%", step=0.5)
YEARS = Slider("years", "maturity", [10, 20], start=10, unit="years")
KIND = Slider("kind", "account", ["cost", "benefit"], start="cost")
DUE = Answer("due", "Y", decimals=2, within=0.02)


def bilinear(rate, years):
    return {"due": 3 + 2 * rate + rate * years}


def curved(rate, years):
    return {"due": 0.01 * rate**2 + years}


def test_what_is_straight_is_met_everywhere():
    found = answered("Due?", bilinear, [RATE, YEARS], [DUE])
    assert found.errors == (pytest.approx(0, abs=1e-9),)
    assert found.at(4.5, 10) == [f"{3 + 9 + 45:.2f}"]
    # Years do not move between their values.
    with pytest.raises(ValueError, match="15 is not in list"):
        found.at(4.5, 15)


def test_the_error_is_that_in_the_middle_of_the_widest_cell():
    # A parabola lies below its chord by an eighth of its second derivative times the width squared.
    allowed = Answer("due", decimals=6, within=0.0626)
    found = answered("Due?", curved, [RATE, YEARS], [allowed])
    assert found.errors[0] == pytest.approx(0.02 * 5**2 / 8, rel=1e-6)
    refused = Answer("due", decimals=6, within=0.0624)
    with pytest.raises(ValueError, match=r"may be off by 0\.0624, and is by 0\.0625 at rate 7\.5"):
        answered("Due?", curved, [RATE, YEARS], [refused])


def test_a_kink_between_the_values_is_found():
    with pytest.raises(ValueError, match=r"'due' may be off by 0\.02, and is by .* at rate 7\.5"):
        answered("?", lambda rate: {"due": np.maximum(rate - 7.5, 0)}, [RATE], [DUE])


def test_words_and_no_number_are_answers_where_no_slider_stops_between():
    def lasts(kind, years):
        long = (kind == "benefit") & (years > 10)
        return {"verdict": np.where(long, "lasts", "ends"), "year": np.where(long, np.inf, years)}

    found = answered("?", lasts, [KIND, YEARS], [Answer("verdict"), Answer("year", none="never")])
    assert found.at("benefit", 20) == ["lasts", "never"]
    assert found.at("cost", 20) == ["ends", "20"]
    content = json.loads(json.dumps(found.content))["answers"]
    assert content[0]["words"] == ["ends", "lasts"]
    assert content[0]["values"] == [0, 0, 0, 1]
    assert content[1]["values"] == [10, 20, 10, None]


def test_a_function_of_single_numbers_is_asked_point_by_point():
    def alone(rate, years):
        assert isinstance(rate, float | int)
        return {"due": rate if rate > 1 else years}

    found = answered("?", alone, [YEARS, Slider("rate", "r", [1, 2], 1)], [DUE], arrays=False)
    assert found.at(20, 1) == ["20.00"]


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda rate: {"other": rate}, "must return a mapping with 'due', got {'other'"),
        (lambda rate: {"due": rate[:-1]}, r"for each of 4 points, got shape \(3,\)"),
        (lambda rate: {"due": rate * len(rate)}, "the same for arrays and for one point, got for"),
        (lambda rate: {"due": 1 / rate}, "'due' must be a number at rate 0, got inf"),
        (lambda rate: {"due": rate.astype(str)}, "'due' is words, between which no slider"),
    ],
)
def test_a_function_that_does_not_answer_is_told_so(function, said):
    with pytest.raises(ValueError, match=said):
        answered("?", function, [RATE], [DUE])


def test_a_tolerance_is_needed_between_values():
    with pytest.raises(ValueError, match="'due' needs within, since rate may stop between"):
        answered("?", lambda rate: {"due": rate}, [RATE], [Answer("due")])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"values": [1]}, "values must be two numbers or words"),
        ({"values": [1, "a"]}, "values must be two numbers or words"),
        ({"values": [2, 1]}, "values must rise"),
        ({"start": 5}, "start must be a value, got 5"),
        ({"step": 0.3}, "values must be whole steps of 0.3 from 1 to 2, got 2"),
        ({"step": 0.5, "start": 2.5}, "start must be whole steps of 0.5 from 1 to 2, got 2.5"),
        ({"step": -1.0}, "step must be above 0"),
    ],
)
def test_what_is_no_slider_is_refused(given, said):
    whole = {"values": [1, 2], "start": 1, **given}
    with pytest.raises(ValueError, match=f"size: {re.escape(said)}"):
        Slider("size", "size", **whole)


def test_an_account_keeps_it_and_shows_its_ends(desk, capsys):
    desk.text(["para 1", "a", "", "7"])
    desk.notes()
    audit = desk.audit()
    audit.what_if("toy_due", bilinear, [RATE, YEARS], [DUE], title="What is due?")
    kept = what_if.read(desk.project.build / "what_if")["toy_due"]
    assert (kept["source"], kept["title"]) == ("toy", "What is due?")
    assert kept["answers"][0]["values"][:2] == [3000, 3000]
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == ["What is due?", "interest, %  maturity, years  due, Y"]
    assert said[2].split() == ["4.5", "10", "57.00"]
    assert len(said) == 2 + 1 + 3  # the start is one end of the maturity
    with pytest.raises(ValueError, match="must be lower-case words that begin with toy_"):
        audit.what_if("due", bilinear, [RATE, YEARS], [DUE], title="What is due?")


def test_a_file_that_no_page_can_carry_is_refused(tmp_path):
    fine = Slider("rate", "rate", range(10_000), 0)
    found = answered("?", lambda rate: {"due": rate}, [fine], [Answer("due")])
    with pytest.raises(ValueError, match=r"toy_due: [\d,]+ bytes, at most 30,000"):
        what_if.write(tmp_path, "toy", "toy_due", found)
    assert not list(tmp_path.iterdir())


def test_one_off_in_the_last_digit_is_no_difference_and_two_are():
    old = answered("?", bilinear, [RATE, YEARS], [DUE]).content
    new = json.loads(json.dumps(old))
    new["answers"][0]["values"][3] += 1
    assert what_if.differences({"a": old}, {"a": new}) == []
    new["answers"][0]["values"][3] += 1
    assert what_if.differences({"a": old}, {"a": new}) == [
        "a: due: 1 of 8 answers, the first 47000 and 47002"
    ]
    new["title"] = "!"
    assert what_if.differences({"a": old}, {"a": new}) == ["a: other words, values or answers"]


def test_a_run_s_what_ifs_are_taken_over_and_what_is_gone_goes(desk):
    project = desk.project
    said = new_output("stream", text="so")
    cell = new_code_cell("1", execution_count=1, outputs=[said])
    for folder in (project.notebooks, project.build / "notebooks"):
        folder.mkdir(parents=True)
        nbformat.write(new_notebook(cells=[cell]), folder / "1_toy.ipynb")
    for folder in (project.data, project.build):
        ledger.write(folder / "ledger.csv", [])
    found = answered("?", bilinear, [RATE, YEARS], [DUE])
    what_if.write(project.what_ifs, "toy", "toy_old", found)
    what_if.write(project.build / "what_if", "toy", "toy_due", found)
    assert main(["accept"], project) == 0
    assert [*what_if.read(project.what_ifs)] == ["toy_due"]
