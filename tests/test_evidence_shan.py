"""The conventions behind Shan et al.: the committed counts, on samples of their own arithmetic."""

from __future__ import annotations

import csv
import runpy
from itertools import product

import numpy as np
import pytest

from compendium.page.printed import Source
from compendium.project import Project

PROJECT = Project()
SCRIPT = runpy.run_path(str(PROJECT.root / "evidence" / "shan_conventions.py"))
TEXT = Source("shan").exhibit("Objective function")
V1 = [TEXT[name].number for name in ("v1_slope", "v1_constant")]
ENDS = list(product(*((number.low, number.high) for number in V1)))
BEST = tuple(options[0] for options in SCRIPT["CHOICES"].values())


def met(convention):
    """Which of the five numbers a convention gives, somewhere between the ends of V1's digits."""
    found = np.array(SCRIPT["values"](convention, ENDS))
    return {
        name
        for name, low, high in zip(
            SCRIPT["NUMBERS"], found.min(axis=0), found.max(axis=0), strict=True
        )
        if low <= TEXT[name].number + TEXT[name].step / 2
        and high >= TEXT[name].number - TEXT[name].step / 2
    }


def test_the_first_convention_gives_all_five_and_five_decimals_do_as_well():
    assert met(BEST) == set(SCRIPT["NUMBERS"])
    five = dict(zip(SCRIPT["CHOICES"], BEST, strict=True)) | {"decimals in V3": 5}
    assert met(tuple(five.values())) == set(SCRIPT["NUMBERS"])


@pytest.mark.parametrize(
    ("name", "lost"),
    [
        ("power of the factor of 2010", "v3_constant"),
        ("year with the first interest", "v2_constant"),
        ("year in which all is let", "area_let"),
        ("shop income", "v2_constant"),
        ("decimals in V1 and V2", "v2_constant"),
        ("years with tenants", "u_slope"),
        ("market rents", "s_constant"),
    ],
)
def test_each_choice_is_held_by_a_printed_number(name, lost):
    changed = dict(zip(SCRIPT["CHOICES"], BEST, strict=True))
    changed[name] = SCRIPT["CHOICES"][name][1]
    assert lost not in met(tuple(changed.values()))


def test_the_table_counts_all_conventions_and_begins_with_the_best():
    path = PROJECT.data / "evidence" / "shan_conventions.csv"
    with path.open(encoding="utf8", newline="") as file:
        rows = list(csv.DictReader(file))
    sizes = [len(options) for options in SCRIPT["CHOICES"].values()]
    assert sum(int(row["conventions"]) for row in rows) == np.prod(sizes)
    words = "; ".join(
        f"{name}: {choice}" for name, choice in zip(SCRIPT["CHOICES"], BEST, strict=True)
    )
    assert (rows[0]["met"], rows[0]["conventions"], rows[0]["first"]) == ("5", "2", words)
