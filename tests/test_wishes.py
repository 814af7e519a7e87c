"""Plain answers at the edges of the audit: what is written, listed, refused."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest

from compendium.page.descriptors import sources
from compendium.page.files import DataError
from compendium.page.misreads import Ratio, Sum, repair
from compendium.project import Project
from compendium.run.letter import Checked, letter
from compendium.verdict import conclusions, ledger


@pytest.mark.parametrize("odd", [3, "paper", {"name": "paper"}])
def test_a_list_of_sources_that_is_none_is_a_plain_error(tmp_path, odd):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "datapackage.json").write_text(json.dumps({"sources": odd}), "utf8")
    with pytest.raises(DataError, match="sources: must be a list, got"):
        sources(Project(tmp_path))


def test_a_letter_lists_the_conclusions_that_fall(tmp_path):
    row = dict.fromkeys((field.name for field in fields(conclusions.Row)), "")
    drawn = [
        conclusions.Row(**row | {"verdict": verdict, "claim": claim, "place": "para 3"})
        for verdict, claim in (("falls", "rent < cost"), ("stands", "a tent is cheaper"))
    ]
    page = letter(Project(tmp_path), [Checked("paper", "Paper", 0.1, [], [], drawn)])
    assert "do not hold on the source's own numbers: 1" in page
    assert "rent &lt; cost" in page
    assert "tent" not in page


@pytest.mark.parametrize(("count", "said"), [(1, "1 number"), (2, "2 numbers")])
def test_one_new_number_is_no_plural(count, said):
    empty = dict.fromkeys(ledger.COLUMNS, "")
    new = [ledger.Row(**empty | {"exhibit": "Table 1", "row": f"{k}"}) for k in range(count)]
    assert ledger.changes([], new)[0].endswith(f"Table 1: {said}")


def test_a_divisor_of_one_row_proves_nothing():
    """Of 500 over 20 is 25 each may be another number: 700 over 28 is 25 as well."""
    scans = {"amount": "500", "divisor": "20", "rate": "25"}
    found = repair(scans, [Ratio("rate", "amount", "divisor")]).decisions
    assert [found[cell].reading for cell in scans] == ["500", "20", "25"]
    assert not any(one.how == "unique" for one in found.values())


@pytest.mark.parametrize("cells", [("a", "a", "d"), ("r", "a", "r")])
def test_a_ratio_of_a_cell_to_itself_is_refused(cells):
    with pytest.raises(ValueError, match="a ratio must have a result of its own, got"):
        Ratio(*cells)


def test_a_ratio_to_zero_is_refused():
    with pytest.raises(ValueError, match="a divisor that is not zero, got 0"):
        Ratio("r", "a", 0)


RATIOS = [Ratio("food_share", "food", "total", 100.0), Ratio("rent_share", "rent", "total", 100.0)]
SHARES = {"food": "5", "rent": "7", "food_share": "42", "rent_share": "58"}


@pytest.mark.filterwarnings("error")
def test_a_printed_zero_divides_nothing():
    with pytest.raises(ValueError, match="total: '0' is no number to divide by"):
        repair(SHARES | {"total": "0"}, RATIOS)
    sums = [*RATIOS, Sum("total", ("food", "rent"))]
    found = repair(SHARES | {"total": "0"}, sums).decisions
    assert {cell: one.reading for cell, one in found.items()} == SHARES | {"total": "12"}
    assert found["total"].how != "unique"
    nought = repair(dict.fromkeys((*SHARES, "total"), "0"), sums).decisions
    assert not any(one.how == "unique" for one in nought.values())


def test_a_divisor_that_its_cells_want_otherwise_is_not_proved():
    """The shares are of 12, which nobody reads for 888."""
    assert repair(SHARES | {"total": "888"}, RATIOS).decisions["total"].how != "unique"
