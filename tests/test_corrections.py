"""Corrections put in together, and the policies that give the same evidence the same verdict."""

from __future__ import annotations

import csv
import re
from collections import defaultdict

import pytest
from test_evidence import script

from compendium.page.confusions import pairs_by_exhibit
from compendium.page.descriptors import sources
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
