"""What a run writes is what is committed: ledger, figures, the tables made from them."""

from __future__ import annotations

import math
from itertools import zip_longest

import pytest
from frictionless import Package

from compendium.page.descriptors import sources
from compendium.page.notes import CAUSES
from compendium.page.numerals import NUMBER, last_digit, parse
from compendium.page.printed import Note, Source
from compendium.project import Project
from compendium.run import readme
from compendium.run.map import exhibit_map
from compendium.run.pictures import differences
from compendium.verdict import ledger, what_if

PROJECT = Project()
ROWS = ledger.read(PROJECT.ledger)
ERRATA = [
    (source, note)
    for source in map(Source, sorted({row.source for row in ROWS}))
    for declared in source.notes.values()
    for note in declared
    if note.kind == "erratum"
]
FIGURES = sorted(PROJECT.figures.glob("*.svg"))


@pytest.fixture(scope="module")
def package() -> Package:
    return Package(PROJECT.data / "datapackage.json")


def test_every_number_has_the_committed_verdict():
    """Under any versions; under the locked ones the two ledgers are the same file."""
    built = ledger.read(PROJECT.build / "ledger.csv")
    assert [(row.place, row.printed, row.verdict) for row in built] == [
        (row.place, row.printed, row.verdict) for row in ROWS
    ]


@pytest.mark.locked
def test_the_ledger_is_the_committed_one_letter_for_letter():
    built = (PROJECT.build / "ledger.csv").read_text("utf8").splitlines()
    committed = PROJECT.ledger.read_text("utf8").splitlines()
    # By lines: a failure that shows two whole ledgers takes a minute, and nobody finds the place.
    apart = [lines for lines in zip_longest(built, committed) if lines[0] != lines[1]]
    assert apart[:3] == []


def test_every_figure_is_drawn_and_no_other():
    built = {path.name for path in (PROJECT.build / "figures").glob("*.svg")}
    assert built == {path.name for path in FIGURES}


@pytest.mark.locked
@pytest.mark.parametrize("path", FIGURES, ids=lambda path: path.stem)
def test_a_figure_is_the_committed_one(path):
    built = (PROJECT.build / "figures" / path.name).read_text("utf8")
    assert differences(path.read_text("utf8"), built) == []


@pytest.mark.parametrize("path", FIGURES, ids=lambda path: path.stem)
def test_a_figure_does_not_say_when_it_was_made(path):
    assert "<dc:date>" not in path.read_text("utf8")


@pytest.mark.locked
def test_every_what_if_is_the_committed_one():
    built, committed = PROJECT.build / PROJECT.what_ifs.name, PROJECT.what_ifs
    assert what_if.differences(what_if.read(committed), what_if.read(built)) == []


def test_every_number_has_one_row_and_one_of_the_six_verdicts():
    assert len({row.place for row in ROWS}) == len(ROWS)
    assert {row.verdict for row in ROWS} <= set(ledger.VERDICTS)
    for row in ROWS:
        assert (row.recomputed == "") <= (row.verdict in ("given", "unresolved")), row
        assert row.note or row.verdict not in ("erratum", "unresolved", "recovered"), row


@pytest.mark.parametrize("source", sorted({row.source for row in ROWS}))
def test_every_printed_number_of_the_data_is_in_the_ledger(source):
    places = {(row.exhibit, row.row, row.column) for row in ROWS if row.source == source}
    assert places == set(Source(source).cells)


# What an erratum's cause says must show in the two numbers ----------------------------------------


def errata(cause: str) -> list[tuple[Source, Note]]:
    return [(s, note) for s, note in ERRATA if note.cause == cause]


def wrong_characters(note: Note) -> int:
    assert len(note.printed) == len(note.ours)
    return sum(a != b for a, b in zip(note.printed, note.ours, strict=True))


def test_every_cause_is_found_and_told_in_one_sentence():
    assert {note.cause for _, note in ERRATA} == set(CAUSES)
    told = "\n".join(f"{n}. `{cause}`: {says}" for n, (cause, says) in enumerate(CAUSES.items(), 1))
    assert told in (PROJECT.root / "CONTRIBUTING.md").read_text("utf8")


def test_the_package_has_the_same_causes(package):
    for resource in package.resources:
        if resource.path.endswith("notes.csv"):
            assert resource.schema.get_field("cause").constraints["enum"] == list(CAUSES)


def test_a_unit_slip_is_a_power_of_ten_or_the_area_of_a_home():
    for _, note in errata("unit"):
        if note.cell == ("Objective function", "transport", ""):  # of a household, not of a m2
            assert parse(note.ours) == pytest.approx(parse(note.printed) / 60, rel=1e-4)
            continue
        power = math.log10(parse(note.printed) / parse(note.ours))
        assert power == pytest.approx(round(power), abs=1e-12), note
        assert round(power) >= 1, note


def test_a_sign_slip_is_twice_a_term():
    ((source, note),) = errata("sign")
    weight, constant = (
        parse(source.text["Solution", f"builder_{part}", ""].printed)
        for part in ("weight", "constant")
    )
    slip = parse(note.printed) - parse(note.ours)
    assert slip == pytest.approx(-2 * weight * constant, abs=last_digit(note.ours))


def test_a_rounding_is_off_by_one_in_the_last_digit_of_the_number_or_of_a_part():
    """Or a number to the unit stands where thousands were cut off."""
    chained = [note for _, note in errata("rounding") if not off_by_one(note)]
    assert {note.cell for note in chained} == {
        *(("Table 1.9", year, "other_additions") for year in ("1986", "1994")),
        ("Annex 2 Table 1", "Total construction cost", "changzhou"),
    }


def off_by_one(note: Note) -> bool:
    step = last_digit(note.ours)
    return abs(parse(note.printed) - parse(note.ours)) == pytest.approx(step)


def test_a_statement_stands_in_the_running_text():
    for source, note in errata("statement"):
        assert note.cell in source.text, note


def test_a_copy_has_its_right_or_its_wrong_number_elsewhere():
    for source, note in errata("copy"):
        printed = [cell.printed for place, cell in source.cells.items() if place != note.cell]
        ours = [other.ours for own, other in ERRATA if own is source and other is not note]
        elsewhere = {parse(text) for text in [*printed, *ours] if NUMBER.fullmatch(text)}
        assert elsewhere & {parse(note.printed), parse(note.ours)}, note


def test_a_misprint_is_one_or_two_characters():
    assert all(1 <= wrong_characters(note) <= 2 for _, note in errata("misprint"))


def test_the_data_are_a_valid_package(package):
    report = package.validate()
    assert report.valid, report.flatten(["path", "rowNumber", "fieldName", "message"])


def test_every_data_file_is_described(package):
    described = {resource.path for resource in package.resources}
    there = {path.relative_to(PROJECT.data).as_posix() for path in PROJECT.data.rglob("*.csv")}
    assert there == described


def test_the_verdicts_and_the_sources_of_the_readme_are_fresh():
    text = (PROJECT.root / "README.md").read_text("utf8")
    assert readme.refreshed(text, PROJECT, ROWS) == text
    for cite in sources(PROJECT).values():
        assert cite.partition(" (")[0] in readme.source_list(PROJECT)


def test_the_map_is_fresh():
    """What `make accept` writes from the notebooks: nobody has to remember it."""
    assert exhibit_map(PROJECT) == (PROJECT.root / "docs" / "map.md").read_text("utf8")
