"""The committed results of the long searches, tested on samples of their own arithmetic."""

from __future__ import annotations

import csv
import importlib.util
import sys
from itertools import product

import numpy as np
import pytest

from compendium.page.descriptors import sources
from compendium.page.printed import Source
from compendium.project import Project
from compendium.verdict import attacks, ledger
from compendium.verdict.attacker import Attacker

ROOT = Project().root


def script(name):
    """Load a script of `evidence`, which is no package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "evidence" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def search():
    return script("quintile_readings")


@pytest.fixture(scope="module")
def committed():
    path = ROOT / "data" / "evidence" / "quintile_readings.csv"
    with path.open(encoding="utf8", newline="") as file:
        return {
            (row["table"], row["row"], row["column"]): row["readings"].split()
            for row in csv.DictReader(file)
        }


def test_the_search_still_finds_the_committed_readings(search, committed):
    found = {
        (table, *place): own
        for table, (cells, _, _) in search.solve_all(Source("world_bank")).items()
        for place, own in cells.items()
    }
    assert found == committed


def test_order_by_income_decides_where_the_mean_cannot(search, committed):
    """Water in towns: five 5s or 6s, and all that zigzag make the mean as well."""
    scan = search.scans(Source("world_bank"), "1.10")
    choices = [search.readings(scan["piped water", name]) for name in search.QUINTILES]
    makes = [
        five
        for five in product(*choices)
        if abs(sum(map(search.hundredths, five)) - 5 * 5877) <= search.ROW_SLACK
    ]
    rising = [five for five in makes if sorted(five) == list(five) and len(set(five)) == 5]
    assert len(makes) > 1
    assert rising == [("51.44", "57.66", "59.74", "61.28", "63.68")]
    for name, reading in zip(search.QUINTILES, rising[0], strict=True):
        assert committed["1.10", "piped water", name] == [reading]


def test_a_row_that_can_be_read_both_ways_is_in_no_order(search):
    cells = {("a", name): ["1.00", "2.00"] for name in search.QUINTILES}
    up = {("a", name): [f"{place}.00"] for place, name in enumerate(search.QUINTILES, 1)}
    for own in (cells, up):
        own["a", "average"] = ["3.00"]
    assert search.directions({"1": up, "2": up}) == {("1", "a"): 1, ("2", "a"): 1}
    assert search.directions({"1": up, "2": cells}) == {}


def test_a_row_tried_by_brute_force_has_the_committed_readings(search, committed):
    """Row "8-10 m2" of Table 1.10: every combination of readings, against the printed mean."""
    scan = search.scans(Source("world_bank"), "1.10")
    choices = [search.readings(scan["8-10 m2", name]) for name in search.QUINTILES]
    fitting = [
        numbers
        for numbers in product(*choices)
        if abs(sum(map(search.hundredths, numbers)) - 5 * 1482) <= search.ROW_SLACK
    ]
    for position, name in enumerate(search.QUINTILES):
        by_row = {numbers[position] for numbers in fitting}
        assert set(committed["1.10", "8-10 m2", name]) <= by_row
    assert ("10.92", "13.11", "15.20", "16.69", "18.17") in fitting


def test_the_table_holds_no_reading_that_is_excluded(committed, search):
    """The one that is left; else the scan, where it is one of them; else none."""
    source = Source("world_bank")
    for table in search.TABLES:
        scan = search.scans(source, table)
        for cell in source.layout(table).cells.values():
            found = committed[table, cell.row, cell.column]
            read = scan[cell.row, cell.column]
            assert cell.printed == (found[0] if len(found) == 1 else read if read in found else "?")


def test_an_identity_that_no_reading_satisfies_leaves_what_crosses_it_out(search):
    scan = {
        (row, column): "10.00"
        for row in [*search.CLASSES, "own kitchen"]
        for column in ["average", *search.QUINTILES]
    }
    scan["no rooms", "top"] = "90.00"
    _, failing, crossing = search.solve(scan, {})
    assert "no rooms" in failing
    assert "top" in failing
    assert set(crossing) <= set(search.CLASSES) | set(search.QUINTILES)
    assert "own kitchen" not in [*failing, *crossing]


def test_two_of_the_searches_for_resisting_numbers_find_the_committed_rows():
    """The other five run under `make evidence`."""
    shan = script("shan_resisting_numbers")
    path = ROOT / "data" / "evidence" / "shan_resisting_numbers.csv"
    with path.open(encoding="utf8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["number"] for row in rows} == set(shan.SEARCHES)
    for name in ("v2_slope", "share_sold"):
        found = [{key: str(value) for key, value in row.items()} for row in shan.search(name)]
        assert found == [row for row in rows if row["number"] == name]


@pytest.fixture(scope="module")
def joint():
    return script("unresolved"), (ROOT / "data" / "evidence" / "unresolved.csv").read_text("utf8")


def test_the_joint_search_is_committed_of_every_unresolved_number(joint):
    """Its lines of the articles are found anew; those of the report run under `make evidence`."""
    search, text = joint
    rows = ledger.read(Project().ledger)
    lines = list(csv.reader(text.splitlines()))[1:]
    assert text == search.written(lines)
    for slug in sources(Project()):
        source = Source(slug)
        committed = [line for line in lines if line[0] == slug]
        if slug == "world_bank":
            desk = search.Desk(source, [row for row in rows if row.source == slug])
            assert {tuple(line[1:4]) for line in committed} == {
                cell.place for cell, _ in desk.unresolved
            }
        else:
            assert search.rows_of(source, rows) == committed


def test_the_joint_search_hits_what_two_terms_make_and_a_year_s_for_a_month_s(joint):
    search, _ = joint
    terms = search.Terms(np.array([7.0, 11.0]))
    low, high = search.intervals([18.0, 216.0, 0.77, 19.0], 0.01)
    # 18 is 7 + 11; 216 is twelve times that; 0.77 is 7 x 11 over a hundred.
    assert (terms.hits(low, high) > 0).tolist() == [True, True, True, False]
    assert terms.without([7.0]).numbers.tolist() == [11.0]


@pytest.mark.parametrize("slug", sources(Project()))
def test_what_a_machine_tried_of_the_attacks_is_what_it_tries_now(slug):
    """Of a source without the file nothing is asked."""
    source = Source(slug)
    written = attacks.read(source)
    if any(attack.is_computed for attack in written):
        assert script("attacks").refreshed(source, ledger.read(Project().ledger)) == written


def test_a_formula_that_is_declared_for_an_erratum_is_the_one_of_the_ledger():
    """Else it would be left aside, and its inputs never read otherwise."""
    search = script("attacks")
    rows = [row for row in ledger.read(Project().ledger) if row.source == "world_bank"]
    attacker = Attacker(Source("world_bank"), rows)
    declared = search.formulas(attacker.source)
    assert declared
    for formula in declared:
        assert attacker.computes(formula), formula.result


@pytest.mark.parametrize("slug", ["world_bank", "xuan"])
def test_the_doubtful_numbers_of_a_source_are_those_of_the_rule(slug):
    source = Source(slug)
    text = source.beside("notes.csv").path.read_text("utf8")
    assert script("doubtful").refreshed(source, ledger.read(Project().ledger)) == text


def test_a_doubtful_row_stands_behind_those_of_its_exhibit_and_a_person_s_own_stays():
    search = script("doubtful")
    own = ["Box 1", "b", "", "doubtful", "8", "3", "", "the heading has it too", "", ""]
    old = ["Box 1", "c", "", "doubtful", "8", "3", "", f"{search.BY_RULE}an old one", "", ""]
    other = ["Box 2", "a", "", "misread", "3", "8", "", "3 read as 8", "", ""]
    new = [
        ["Box 1", name, "", "doubtful", "8", "3", "", f"{search.BY_RULE}a", "", ""] for name in "bd"
    ]
    assert search.written([own, old, other], new) == [own, new[1], other]


# What no row accounts for ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def uncounted():
    return script("uncounted")


@pytest.mark.parametrize("slug", sources(Project()))
def test_every_string_of_a_source_s_text_is_a_row_or_of_a_named_class(uncounted, slug):
    """The text is not here: what was counted of it is held against what there is."""
    rows = Source(slug).beside("uncounted.csv").read(uncounted.COLUMNS)
    known = {*uncounted.CLASSES, *uncounted.WORDS, *uncounted.OF_SOURCE.get(slug, {})}
    assert {row["class"] for row in rows} <= {*known, uncounted.ROWS, uncounted.STUBS}
    assert len({row["text"] for row in rows}) == 1
    assert len({(row["page"], row["class"]) for row in rows}) == len(rows)


def test_strings_without_a_row_are_left_over(uncounted, desk):
    desk.table([["1990", "2.5", "38"]])
    desk.text(
        ["para 1", "share", "", "0.67"],
        ["para 1", "area", "", "5,160,000"],
        ["para 2", "sites", "", "4"],
    )
    desk.notes(["Table 1", "1990", "b", "misread", "38", "88", "", "the total is 38"])
    text = (
        "1. Of two-thirds of 5.16 million m2 (Table 1) one may say, in 1991, they are many.\n\n"
        "2. There are four sites1/ of 7 ha.\n\nTable 1: 1990 2.5 88\n"
    )
    found, left, unmet = uncounted.account(Source("toy", desk.project), text)
    assert ([one.words for one in left], unmet) == (["7"], [])
    named = {text[place : place + 5]: name for place, name in found}
    assert named["two-t"] == named["5.16 "] == named["four "] == named["88\n"] == uncounted.ROWS
    assert named["1) on"] == "exhibits and places"
    assert named["1991,"] == "years"
    assert named["one m"] == "one, no number"
    assert named["1/ of"] == "footnote marks"
    assert named["2. Th"] == "paragraph numbers"
    assert named["2 (Ta"] == "units"
    table = uncounted.table(text, found).splitlines()
    assert table[0] == "text,page,class,strings"
    assert table[-1].endswith(",,years,2")


def test_a_word_that_may_count_for_nothing_is_taken_last(uncounted, desk):
    desk.text(
        ["para 1", "lead", "", "1"], ["para 1", "share", "", "0.67"], ["para 1", "cities", "", "2"]
    )
    text = "1. Of flats with one room, two-thirds were sold. It took one year and two cities.\n"
    found, left, _ = uncounted.account(Source("toy", desk.project), text)
    named = {text[place : place + 9]: name for place, name in found}
    assert not left
    assert named["one room,"] == "names of kinds"
    assert named["one year "] == named["two citie"] == named["two-third"] == uncounted.ROWS


def test_a_cell_that_is_illegible_is_the_string_of_the_scan(uncounted, desk):
    desk.table([["1990", "2.5", "?"]])
    desk.notes(["Table 1", "1990", "b", "unresolved", "?", "88", "", "38 or 83"])
    text = "Table 1: 1990 2.5 88\n"
    _, left, unmet = uncounted.account(Source("toy", desk.project), text)
    assert (left, unmet) == ([], [])


def test_pages_follow_their_marks_also_where_one_is_lost(uncounted):
    text = "front - ii - a - iii - b - 1 - c - 388 - d - 3 - e"
    pages = {name: text[start:end] for name, start, end in uncounted.pages(text)}
    assert list(pages) == ["", "ii", "iii", "1", "3"]
    assert pages["1"] == "- 1 - c - 388 - d "
