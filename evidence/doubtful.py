"""Mark given numbers whose digits nothing proves, in exhibits where the scan confuses digits.

The rule: a number that is `given` is doubtful where one of its digits is the read one of a pair
that its own exhibit has a declared misread with, and what the pair makes of it is no worse than
what is printed. It is worse

* where it breaks an identity, or one of the `FORMULAS` that stand in none, which holds with the
  printed digits,
* where another place alike in unit and name prints the number as well; of the same exhibit, one in
  the same row or column, since two unlike numbers may be misread alike,
* in the quintile tables, where the search of their readings excludes it.

A pair that other exhibits alone show does not make a number doubtful: type and paper differ from
page to page. One misread is enough, since it shows that the scan does it there. Each other reading
has one digit read otherwise; those with more are left out, as less likely.

Rows that it writes into ``data/<slug>/notes.csv`` begin with `BY_RULE`, and are written anew each
time, behind the other declarations of their exhibit. A person's own are left alone.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence

import numpy as np

from compendium.page.confusions import other_readings, pairs_by_exhibit
from compendium.page.descriptors import sources
from compendium.page.notes import NOTE_COLUMNS, READINGS
from compendium.page.printed import Cell, Source
from compendium.project import Project, write_in_one_move
from compendium.verdict import ledger
from compendium.verdict.attacker import Attacker, Formula

BY_RULE = "by rule: "
BECAUSE = NOTE_COLUMNS.index("because")

Place = tuple[str, str, str]
Declared = tuple[Callable[..., float], tuple[Place, ...]]


def flow(before: float, built: float, added: float, demolished: float) -> float:
    """Return a year's housing stock in million m2, from the one before and thousands of m2."""
    return before + (built + added - demolished) / 1000


def taken_in(people: float, people_before: float, stock_before: float) -> float:
    """Return the old housing, in thousand m2, that comes to towns with half of the new people."""
    space = np.round(1000 * stock_before / people_before, 2)
    return (people - people_before) / 2 * space


def years(first: int, last: int) -> list[tuple[str, str]]:
    """Return years, each with the one before."""
    return [(str(year), str(year - 1)) for year in range(first, last + 1)]


def boxed(exhibit: str, *items: str) -> tuple[Place, ...]:
    """Return the places of numbers of the running text."""
    return tuple((exhibit, item, "") for item in items)


#: By source, what proves given numbers and stands in no identity: a result and its inputs.
FORMULAS: dict[str, list[Declared]] = {
    "world_bank": [
        *(
            (
                flow,
                (
                    ("Table 1.9", year, "stock"),
                    ("Table 1.9", before, "stock"),
                    *(
                        ("Table 1.9", year, name)
                        for name in ("construction", "other_additions", "demolition")
                    ),
                ),
            )
            for year, before in years(1986, 2000)
        ),
        *(
            (
                taken_in,
                (
                    ("Table 1.9", year, "other_additions"),
                    ("Table 1.9", year, "population"),
                    ("Table 1.9", before, "population"),
                    ("Table 1.9", before, "stock"),
                ),
            )
            for year, before in years(1986, 2000)
        ),
        *(
            (
                lambda space, subsidy: 12 * space * subsidy,
                tuple(
                    ("Table 2.2", year, name)
                    for name in ("subsidy_per_worker", "space_per_worker", "subsidy")
                ),
            )
            for year, _ in years(1981, 1988)
        ),
        *(
            (
                lambda one, two: 2 * one + two,
                tuple(("Figure 3.4", f"{part} | {unit}", "area") for unit in ("total", "1", "2")),
            )
            for part in ("gross", "usable", "living")
        ),
        (
            lambda area, units: area / units,
            tuple(
                ("Annex 2 Table 1", f"{name} before", "tiyuannan")
                for name in ("Size of units", "Constructed area", "Units")
            ),
        ),
        (
            lambda share, official: 100 * share / official,
            boxed("Box 1.2", "nonagricultural_1988", "nonagricultural_share", "official"),
        ),
        (lambda share: 100 - share, boxed("Box 3.3", "two_room_share", "one_room_share")),
        (lambda share: 100 - share, boxed("Box 3.3", "unpaid", "paid")),
        (
            lambda units, toilets: units / toilets,
            boxed("Box 3.3", "units_per_toilet", "units", "toilets"),
        ),
    ]
}


def doubtful(source: Source, rows: Sequence[ledger.Row]) -> list[list[str]]:
    """Return the doubtful numbers of a source, in the order of its ledger, as rows of its notes."""
    attacker = Attacker(source, rows, formulas(source))
    pairs = pairs_by_exhibit(source.notes)
    searched = quintile_readings(source)
    found = []
    for row in rows:
        cell, own = source.cells[row.place[1:]], pairs.get(row.exhibit, {})
        if row.verdict != "given" or row.misread_as or cell.reading is None or not own:
            continue
        readings = [
            text
            for text in searched.get(cell.place, other_readings(cell.printed, list(own)))
            if text != cell.printed and attacker.keeps({cell.place: text})
        ]
        if readings and not any(
            other.exhibit != cell.exhibit or other.row == cell.row or other.column == cell.column
            for other in attacker.printing(cell, cell.reading.value)
        ):
            note = [
                "doubtful",
                cell.printed,
                READINGS.join(readings),
                "",
                reason(cell, own),
                "",
                "",
            ]
            found.append([*cell.place, *note])
    return found


def formulas(source: Source) -> list[Formula]:
    """Return the formulas of a source that are declared here."""
    return [
        Formula(source.cells[result], tuple(source.cells[place] for place in inputs), compute)
        for compute, (result, *inputs) in FORMULAS.get(source.slug, [])
    ]


def reason(cell: Cell, pairs: Sequence[str]) -> str:
    """Return why a number is doubtful: the pairs that its digits are the read ones of."""
    own = sorted(pair for pair in pairs if pair[0] in cell.printed)
    read = " and ".join(f"{true} read as {digit}" for digit, true in map(tuple, own))
    return (
        f"{BY_RULE}misreads of this exhibit have {read}; no identity and no other place proves "
        "the digits of this number"
    )


def quintile_readings(source: Source) -> dict[tuple[str, str, str], list[str]]:
    """Return what the search of the quintile tables has left of each of their numbers."""
    path = source.project.data / "evidence" / "quintile_readings.csv"
    if source.slug != "world_bank":
        return {}
    with path.open(encoding="utf8", newline="") as file:
        return {
            (f"Table {row['table']}", row["row"], row["column"]): row["readings"].split()
            for row in csv.DictReader(file)
        }


def written(notes: Sequence[Sequence[str]], found: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the rows of notes with those of the rule made anew, behind those of their exhibit."""
    kept = [list(row) for row in notes if not row[BECAUSE].startswith(BY_RULE)]
    own = {tuple(row[:4]) for row in kept}
    for row in found:
        if tuple(row[:4]) not in own:
            last = max(n for n, before in enumerate(kept) if before[0] == row[0])
            kept.insert(last + 1, list(row))
    return kept


def refreshed(source: Source, rows: Sequence[ledger.Row]) -> str:
    """Return the notes of a source as they are with the rows of the rule."""
    text = source.beside("notes.csv").path.read_text("utf8")
    head, *notes = csv.reader(io.StringIO(text, newline=""))
    own = [row for row in rows if row.source == source.slug]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([head, *written(notes, doubtful(source, own))])
    return out.getvalue()


def main() -> None:
    """Mark the doubtful numbers of every source, and say how many each exhibit has."""
    project = Project()
    rows = ledger.read(project.ledger)
    for slug in sources(project):
        source = Source(slug, project)
        if not source.beside("notes.csv").path.exists():
            continue
        text = refreshed(source, rows)
        write_in_one_move(source.beside("notes.csv").path, text)
        found = [note for note in csv.reader(io.StringIO(text)) if note[3] == "doubtful"]
        by_exhibit: dict[str, list[int]] = {}
        for note in found:
            by_exhibit.setdefault(note[0], []).append(len(note[5].split(READINGS)))
        print(f"{slug}: {len(found)} doubtful numbers")
        for exhibit, counts in by_exhibit.items():
            print(f"  {exhibit}: {len(counts)}, with {sum(counts)} other readings")


if __name__ == "__main__":
    main()
