"""Damage made-up records on purpose and mend them in two ways: by edit distance, and by the search.

A record has eleven numbers, tied by the five balance edits of Scholtus (2009), "Automatic
correction of simple typing errors in numerical data with balance edits". His repair is the rival:
in an edit that fails, a number that is in no edit that holds is given the value that the edit
needs, if the two strings are one slip apart and nothing else would do as well.

Writes ``data/evidence/misreads_slips.csv``: a row a class of damage, with the cells that were
damaged, mended and changed wrongly. What the search leaves undecided is left as it stands.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping

from compendium.page.constraints import Sum
from compendium.page.misreads import repair
from compendium.page.readings import OFTEN
from compendium.project import Project, write_in_one_move

HEAD = ["damage", "slips", "damaged", "edit_distance_mended", "edit_distance_wrong", "mended"]
HEAD += ["wrong", "unique", "unique_wrong"]
RECORDS = 100
Record = dict[str, str]
EDITS = (
    Sum("x3", ("x1", "x2")),
    Sum("x4", ("x2",)),
    Sum("x8", ("x5", "x6", "x7")),
    Sum("x9", ("x3", "x8")),
    Sum("x11", ("x9",), less=("x10",)),
)
TAKEN_FOR: dict[str, str] = {}
for read, true in OFTEN:
    TAKEN_FOR.setdefault(true, read)


def record(chance: random.Random) -> Record:
    """Return a record that meets all edits; some of its numbers are negative."""
    x = {f"x{n}": chance.randrange(100, 1000) for n in (1, 2, 5, 6, 7)}
    for name in ("x5", "x6", "x7"):
        x[name] *= chance.choice((1, 1, 1, -1))
    x["x3"] = x["x1"] + x["x2"]
    x["x4"] = x["x2"]
    x["x8"] = x["x5"] + x["x6"] + x["x7"]
    x["x9"] = x["x3"] + x["x8"]
    x["x10"] = chance.randrange(100, 3000)
    x["x11"] = x["x9"] - x["x10"]
    return {f"x{n}": str(x[f"x{n}"]) for n in range(1, 12)}


# Damage ------------------------------------------------------------------------------------------


def confused(text: str, chance: random.Random) -> str:
    """Return a number with each digit, by a half, read as that which it is often taken for."""
    return "".join(
        TAKEN_FOR[digit] if digit in TAKEN_FOR and chance.random() < 0.5 else digit
        for digit in text
    )


def other_digit(text: str, chance: random.Random) -> str:
    """Return a number with one digit replaced by any."""
    place = chance.randrange(len(text))
    return text[:place] + chance.choice("0123456789") + text[place + 1 :]


def swapped(text: str, chance: random.Random) -> str:
    """Return a number with two neighbouring digits in the other order."""
    place = chance.randrange(len(text) - 1)
    return text[:place] + text[place : place + 2][::-1] + text[place + 2 :]


def one_more(text: str, chance: random.Random) -> str:
    """Return a number with a digit too many."""
    place = chance.randrange(len(text) + 1)
    return text[:place] + chance.choice("0123456789") + text[place:]


def one_fewer(text: str, chance: random.Random) -> str:
    """Return a number without one of its digits."""
    place = chance.randrange(len(text))
    return text[:place] + text[place + 1 :]


def without_sign(text: str, chance: random.Random) -> str:
    """Return a negative number without its sign."""
    return text.removeprefix("-")


Damage = Callable[[str, random.Random], str]
#: What is done, to how many cells of a record, and whether the search is told of slips.
CLASSES: dict[str, tuple[Damage, int, bool]] = {
    "scan confusions, 1 cell": (confused, 1, False),
    "scan confusions, 2 cells": (confused, 2, False),
    "scan confusions, 4 cells": (confused, 4, False),
    "another digit": (other_digit, 1, True),
    "two digits swapped": (swapped, 1, True),
    "one digit too many": (one_more, 1, True),
    "one digit lost": (one_fewer, 1, True),
    "a sign lost": (without_sign, 1, True),
}


def damaged(truth: Record, damage: Damage, cells: int, chance: random.Random) -> Record:
    """Return a record with as many cells damaged, if the damage can be done to so many."""
    hurt = dict(truth)
    for cell in chance.sample(sorted(truth), len(truth)):
        if sum(hurt[name] != truth[name] for name in truth) == cells:
            break
        sign, digits = ("-", truth[cell][1:]) if truth[cell] < "0" else ("", truth[cell])
        for _ in range(20):
            text = (
                damage(truth[cell], chance)
                if damage is without_sign
                else sign + damage(digits, chance)
            )
            if text != truth[cell] and text == str(int(text or 0)):
                hurt[cell] = text
                break
    return hurt


# The rival ---------------------------------------------------------------------------------------


def one_slip_apart(one: str, other: str) -> bool:
    """Tell whether two neighbours swapped, or one character, is all that differs."""
    short, long = sorted((one, other), key=len)
    if len(long) > len(short):
        return any(short == long[:n] + long[n + 1 :] for n in range(len(long)))
    apart = [n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b]
    if len(long) != len(short) or len(apart) > 2:
        return False
    if len(apart) < 2:
        return len(apart) == 1
    first, last = apart
    return last == first + 1 and one[first] == other[last] and one[last] == other[first]


def missed(edit: Sum, x: Mapping[str, int]) -> int:
    """Return by how much a record misses an edit."""
    return sum(edit.sign(cell) * x[cell] for cell in edit.cells)


def by_edit_distance(scan: Record) -> Record:
    """Return a record as the rival mends it."""
    mended = dict(scan)
    while True:
        x = {cell: int(text) for cell, text in mended.items()}
        failing = [edit for edit in EDITS if missed(edit, x)]
        sure = {cell for edit in EDITS if edit not in failing for cell in edit.cells}
        found: dict[tuple[str, int], set[Sum]] = {}
        for edit in failing:
            for cell in set(edit.cells) - sure:
                value = x[cell] - edit.sign(cell) * missed(edit, x)
                if one_slip_apart(str(value), scan[cell]):
                    found.setdefault((cell, value), set()).add(edit)
        most = max(map(len, found.values()), default=0)
        best = {key: edits for key, edits in found.items() if len(edits) == most}
        alone = {
            cell: value
            for (cell, value), edits in best.items()
            if not any(edits & more for key, more in best.items() if key != (cell, value))
        }
        if not alone:
            return mended
        mended |= {cell: str(value) for cell, value in alone.items()}


# The trial ---------------------------------------------------------------------------------------


def outcome(name: str, records: int = RECORDS) -> list[object]:
    """Return the counts of one class of damage."""
    damage, cells, slips = CLASSES[name]
    chance = random.Random(2009)
    counts = dict.fromkeys(HEAD[2:], 0)
    for _ in range(records):
        truth = record(chance)
        scan = damaged(truth, damage, cells, chance)
        decisions = repair(scan, EDITS, slips=slips).decisions
        ours = {c: d.reading if d.how != "undecided" else d.scan for c, d in decisions.items()}
        for prefix, mended in (("edit_distance_", by_edit_distance(scan)), ("", ours)):
            for cell, text in mended.items():
                counts[f"{prefix}mended"] += text == truth[cell] != scan[cell]
                counts[f"{prefix}wrong"] += text not in (truth[cell], scan[cell])
        counts["damaged"] += sum(scan[cell] != text for cell, text in truth.items())
        unique = [cell for cell, decision in decisions.items() if decision.how == "unique"]
        counts["unique"] += len(unique)
        counts["unique_wrong"] += sum(decisions[cell].reading != truth[cell] for cell in unique)
    return [name, "yes" if slips else "no", *counts.values()]


def main() -> None:
    """Run the trial, say how it went, and write the result."""
    start = time.perf_counter()
    lines = [HEAD]
    for row in map(outcome, CLASSES):
        print(*row, f"{time.perf_counter() - start:.0f} s")
        lines.append(row)
    text = "".join(
        ",".join(f'"{x}"' if "," in str(x) else str(x) for x in line) + "\n" for line in lines
    )
    write_in_one_move(Project().data / "evidence" / "misreads_slips.csv", text)


if __name__ == "__main__":
    main()
