"""Corrections put in together, and the policies that give the same evidence the same verdict."""

from __future__ import annotations

import csv
import re
from collections import defaultdict

import numpy as np
import pytest
from test_evidence import script

from compendium.page.confusions import pairs_by_exhibit
from compendium.page.descriptors import sources
from compendium.page.numerals import parse
from compendium.page.printed import Source
from compendium.project import Project
from compendium.verdict import ledger
from rounding import NEAREST

PROJECT = Project()
#: What a note says of numbers that another rule than the nearest made.
OTHER_RULE = re.compile(r"rounded (up|down)(?! to a multiple)")


@pytest.fixture(scope="module")
def corrections():
    return script("corrections")


@pytest.fixture(scope="module")
def together(corrections):
    """What comes of all corrections, by source."""
    return {slug: list(corrections.outcomes(Source(slug))) for slug in sources(PROJECT)}


def test_all_corrections_together_give_the_committed_outcomes(together):
    path = PROJECT.data / "evidence" / "corrections.csv"
    with path.open(encoding="utf8", newline="") as file:
        committed = list(csv.DictReader(file))
    assert [row for rows in together.values() for row in rows] == committed


def test_no_correction_breaks_the_identity_of_another(corrections, together):
    """What disagrees is no corrected number: it follows from the wrong one beside it."""
    for slug, rows in together.items():
        corrected = corrections.corrections(Source(slug))
        apart = {
            (row["exhibit"], row["row"], row["column"]) for row in rows if row["agrees"] == "no"
        }
        assert not apart & {*corrected}


def test_a_correction_that_contradicts_another_shows(corrections, monkeypatch):
    """Table 8 of Annex 2: the total mended and the part that it was mended by left as it is."""
    total = ("Annex 2 Table 8", "Total", "pingshan")
    monkeypatch.setattr(corrections, "corrections", lambda source: {total: "5,983,357"})
    (row,) = corrections.outcomes(Source("world_bank"))
    assert (row["computed"], row["agrees"]) == ("5983657", "no")


def test_a_rule_other_than_the_nearest_is_told_by_more_than_one_number():
    """One number decides no rule: it is an erratum of rounding, or unresolved."""
    telling = defaultdict(int)
    for row in ledger.read(PROJECT.ledger):
        if row.verdict != "exact" or not OTHER_RULE.search(row.note):
            continue
        step = 10.0 ** -len(re.sub(r"\D", "", row.printed.partition(".")[2]))
        printed = float(re.sub(r"[^\d.-]", "", row.printed))
        telling[row.source, row.exhibit] += not NEAREST.agrees(float(row.recomputed), printed, step)
    assert telling
    assert {place: told for place, told in telling.items() if told < 2} == {}


@pytest.mark.parametrize("slug", sources(PROJECT))
def test_no_erratum_is_a_digit_that_the_scan_is_known_to_confuse(slug):
    """Known once is known everywhere, unless a person has said why not among the attacks."""
    source = Source(slug)
    pairs = set().union(*pairs_by_exhibit(source.notes).values(), ())
    answered = set()
    file = source.beside("attacks.csv")
    if file.path.exists():
        rows = file.read(["exhibit", "row", "column", "attack", "rival", "agrees", "because"])
        answered = {
            (row["exhibit"], row["row"], row["column"])
            for row in rows
            if row["attack"] == "readings" and not row["because"].startswith("computed:")
        }
    known = []
    for place, notes in source.notes.items():
        for note in notes:
            if note.kind != "erratum" or place in answered:
                continue
            read, true = (re.sub(r"\D", "", text) for text in (note.printed, note.ours))
            differ = [a + b for a, b in zip(read, true, strict=False) if a != b]
            if len(read) == len(true) and differ and set(differ) <= pairs:
                known.append((*place, note.printed, note.ours))
    assert known == []


# What the papers say beyond the identities of their tables ----------------------------------------


class Corrected:
    """The numbers of a source with every erratum replaced by our value."""

    def __init__(self, slug: str) -> None:
        source = Source(slug)
        self.numbers = {place: parse(cell.printed) for place, cell in source.cells.items()}
        for notes in source.notes.values():
            for note in notes:
                if note.kind == "erratum":
                    self.numbers[note.cell] = parse(note.ours)

    def __call__(self, exhibit: str, row: str, column: str = "") -> float:
        return self.numbers[exhibit, row, column]


@pytest.fixture(scope="module")
def shan():
    return Corrected("shan")


@pytest.fixture(scope="module")
def xuan():
    return Corrected("xuan")


def test_shans_money_and_areas_hang_together(shan):
    cost, funds, interest = (
        shan("Table 2", name, "printed")
        for name in ("construction: cost", "construction: government funds", "interest")
    )
    invested = shan("Project", "investment")
    assert 3 * cost == pytest.approx(invested)
    assert funds == pytest.approx(shan("Project", "fiscal_share") / 100 * cost)
    owed = 0.7 * invested
    assert NEAREST.agrees(100 * interest / owed, shan("Objective function", "composite_rate"), 0.01)
    let = shan("Table 2", "public rental housing: area", "printed")
    assert 1e6 * let == shan("Objective function", "area_let")


def test_shans_programme_keeps_its_rent_and_changes_its_objective(shan):
    slopes = {
        party: shan("Objective function", f"{party}_slope")
        if party != "v"
        else shan("Solution", "builder_slope")
        for party in "uvs"
    }
    weights = [
        -shan("Weights", "tenant"),
        shan("Weights", "builder"),
        shan("Weights", "government"),
    ]
    constants = [
        shan("Objective function", "u_constant"),
        shan("Solution", "builder_constant"),
        shan("Objective function", "s_constant"),
    ]
    # Printed are -330.044 and, with its sign mended, 702.38: both follow from parts that are wrong.
    assert np.dot(weights, [*slopes.values()]) == pytest.approx(-518.384)
    assert np.dot(weights, constants) == pytest.approx(682.861)
    rent = -shan("Solution", "builder_constant") / shan("Solution", "builder_slope")
    assert NEAREST.agrees(rent, shan("Solution", "rent"), 0.001)


def test_every_net_benefit_of_xuan_leaves_one_cost(xuan):
    left = []
    for table, years in ((t, y) for t in ("Table 7", "Table 8") for y in range(5, 11)):
        part = (xuan(table, str(years), name) for name in ("sale_price", "deposit", "total_rent"))
        price, deposit, rents = part
        left.append(price - deposit - rents - xuan(table, str(years), "net_benefit"))
    # Four numbers in whole dollars each: half a dollar of each may add up.
    assert np.ptp(left) <= 4.0
    assert np.mean(left) == pytest.approx(56_862, abs=1.0)


def test_xuans_household_has_the_printed_size_and_prices_rise_every_year(xuan):
    size = xuan("Section 3.1.2", "population") / xuan("Section 3.1.2", "households")
    assert NEAREST.agrees(size, xuan("Section 3.1.2", "household_size"), 0.01)
    rise = 1 + xuan("Section 3.4", "rise") / 100
    every = xuan("Section 3.4", "rise_every")
    for table in ("Table 7", "Table 8"):
        first = xuan(table, "5", "sale_price")
        for years in range(6, 11):
            price = first * rise ** ((years - 5) // every)
            assert NEAREST.agrees(price, xuan(table, str(years), "sale_price"), 1)


def test_xuans_corrected_benefits_are_those_of_one_price_that_prints_as_557(xuan):
    prices = []
    for years in (5, 6, 7, 8, 10):  # the value after nine years is unresolved
        key = str(years)
        due = xuan("Table 8", key, "sale_price") - xuan("Table 8", key, "net_benefit")
        prices.append((xuan("Table 9", key, "net_benefit") + due) / 120 / 1.05 ** (years - 5))
    assert NEAREST.agrees(np.array(prices), xuan("Table 9 notes", "price"), 1).all()
    # Three numbers in whole dollars over 120 m2: a hundredth or two of a dollar.
    assert np.ptp(prices) < 0.02
