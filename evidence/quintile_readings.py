"""Search the readings that Tables 1.10 and 1.11 of the World Bank's report admit.

The scan of these tables reads 3 and 6 as 8, and 5 as 6: the averages, which Table 1.6 prints
again, show it. So an 8 may be 3, 6 or 8 and a 6 may be 5 or 6. Three identities choose:

* the average of a row is the mean of its five quintiles, as each has a fifth of the households,
* the seven classes of a column add up to 100,
* the averages are those of Table 1.6.

Each number keeps the readings that some choice of the others completes to a whole, row by row and
column by column, until nothing changes. An identity that no reading satisfies shows an error of
another kind; it is left out together with all that cross it. (The row of average living space is
no identity: it is a mean over persons, and rich households are small.)

Last, rows that rise or fall with income. A row counts as such in one direction where its five
quintiles can be read so in both tables; in a table where they cannot be read the other way as
well, readings that break the order go.

Writes ``data/evidence/quintile_readings.csv``: table, row, column, scan, readings.
"""

from __future__ import annotations

import csv
import io
from itertools import product

import numpy as np

from compendium.page.printed import Source
from compendium.project import Project, write_in_one_move

TABLES = {"1.10": "towns", "1.11": "cities"}
READS = {"8": "368", "6": "56"}
QUINTILES = ["first", "second", "third", "fourth", "top"]
CLASSES = [
    "no rooms",
    "crowded",
    "inconvenienced",
    "4-6 m2",
    "6-8 m2",
    "8-10 m2",
    "over 10 m2",
]
#: In hundredths: six roundings of a half each leave a mean, seven leave a sum (3 and a half).
ROW_SLACK, COLUMN_SLACK = 5, 3

Place = tuple[str, str]
Readings = dict[Place, list[str]]
Identity = list[tuple[Place, int]]


def scans(source: Source, table: str) -> dict[Place, str]:
    """Return what the scan reads in each cell of a table, by row and column."""
    found = {}
    for place, cell in source.layout(table).cells.items():
        notes = source.notes.get(place, [])
        # A doubtful number has other readings there, and was read as it stands.
        scanned = [note.scan for note in notes if note.scan and note.kind != "doubtful"]
        found[cell.row, cell.column] = scanned[0] if scanned else cell.printed
    return found


def readings(scan: str) -> list[str]:
    """Return all numbers that the scan could have read so.

    Examples
    --------
    >>> readings("6.18")
    ['5.13', '5.16', '5.18', '6.13', '6.16', '6.18']
    """
    return sorted(map("".join, product(*(READS.get(letter, letter) for letter in scan))))


def hundredths(number: str) -> int:
    """Return a number with two decimals as a whole number."""
    return round(100 * float(number))


def narrowed(
    cells: Readings, identity: Identity, target: int, slack: int
) -> dict[Place, list[str]]:
    """Return the readings of each cell that some readings of the others complete."""
    terms = [factor * np.array([hundredths(r) for r in cells[place]]) for place, factor in identity]
    kept = {}
    for position, (place, _) in enumerate(identity):
        others = np.zeros(1, dtype=int)
        for term in terms[:position] + terms[position + 1 :]:
            others = np.unique(np.add.outer(others, term))
        nearest = [np.abs(others + own - target).min() for own in terms[position]]
        kept[place] = [r for r, off in zip(cells[place], nearest, strict=True) if off <= slack]
    return kept


def identities(rows: list[str], columns: list[str]) -> dict[str, tuple[Identity, int, int]]:
    """Return the identities of a table, by the row or column that they belong to."""
    means = {
        row: ([((row, "average"), -5), *(((row, name), 1) for name in QUINTILES)], 0, ROW_SLACK)
        for row in rows
        if row != "average living space"
    }
    sums = {
        column: ([((row, column), 1) for row in CLASSES], 10_000, COLUMN_SLACK)
        for column in columns
        if column != "average"
    }
    return {**means, **sums}


def solve(
    scan: dict[Place, str], averages: dict[str, str]
) -> tuple[Readings, list[str], list[str]]:
    """Return the readings of each cell, the identities that fail, and those left out with them."""
    rows, columns = ([*dict.fromkeys(part)] for part in zip(*scan, strict=True))
    used = identities(rows, columns)
    failing: list[str] = []
    while True:
        cells = {place: readings(text) for place, text in scan.items()}
        cells |= {(row, "average"): [text] for row, text in averages.items()}
        for name, (identity, target, slack) in used.items():
            if not all(narrowed(cells, identity, target, slack).values()):
                failing.append(name)
        if not failing or not set(failing) & set(used):
            break
        broken = [used[name][0] for name in failing if name in used]
        touched = {place for identity in broken for place, _ in identity}
        used = {
            name: rule
            for name, rule in used.items()
            if name not in failing and not touched & {place for place, _ in rule[0]}
        }
    before: Readings = {}
    while before != cells:
        before = dict(cells)
        for identity, target, slack in used.values():
            cells |= narrowed(cells, identity, target, slack)
    crossing = [name for name in identities(rows, columns) if name not in {*used, *failing}]
    return cells, failing, crossing


def in_order(cells: Readings, row: str, direction: int) -> dict[Place, list[str]]:
    """Return the readings of a row's quintiles that rise (1) or fall (-1) with income.

    Where the row's mean is an identity, the five together must make it.
    """
    places = [(row, name) for name in QUINTILES]
    ordered: list[tuple[str, ...]] = [()]
    for place in places:
        ordered = [
            (*before, reading)
            for before in ordered
            for reading in cells[place]
            if not before or direction * (hundredths(reading) - hundredths(before[-1])) > 0
        ]
    if row != "average living space":
        wholes = [5 * hundredths(mean) for mean in cells[row, "average"]]
        sums = [sum(map(hundredths, five)) for five in ordered]
        ordered = [
            five
            for five, made in zip(ordered, sums, strict=True)
            if any(abs(made - whole) <= ROW_SLACK for whole in wholes)
        ]
    return {
        place: sorted({five[position] for five in ordered}) for position, place in enumerate(places)
    }


def directions(tables: dict[str, Readings]) -> dict[tuple[str, str], int]:
    """Return by table and row which rows rise or fall with income, with the direction."""
    found = {}
    rows = dict.fromkeys(row for cells in tables.values() for row, _ in cells)
    for row, way in product(rows, (1, -1)):
        if all(all(in_order(cells, row, way).values()) for cells in tables.values()):
            for table, cells in tables.items():
                if not all(in_order(cells, row, -way).values()):
                    found[table, row] = way
    return found


def solve_all(source: Source) -> dict[str, tuple[Readings, list[str], list[str]]]:
    """Return what `solve` does for both tables, with the rows that are in order put in order."""
    printed = source.layout("1.6").frame
    solved = {
        table: solve(scans(source, table), printed[kind].to_dict())
        for table, kind in TABLES.items()
    }
    for (table, row), way in directions({name: own[0] for name, own in solved.items()}).items():
        cells = solved[table][0]
        cells |= in_order(cells, row, way)
        if row != "average living space":
            mean = [((row, "average"), -5), *(((row, name), 1) for name in QUINTILES)]
            cells |= narrowed(cells, mean, 0, ROW_SLACK)
    return solved


def main() -> None:
    """Search both tables, say what came out, and write it."""
    source = Source("world_bank")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["table", "row", "column", "scan", "readings"])
    solved = solve_all(source)
    for (table, row), way in directions({name: own[0] for name, own in solved.items()}).items():
        print(f"Table {table}, {row}: {'rises' if way > 0 else 'falls'} with income")
    for table, (cells, failing, crossing) in solved.items():
        scan = scans(source, table)
        single = sum(len(found) == 1 for found in cells.values())
        print(f"Table {table}: {single} of {len(cells)} numbers have one reading")
        print(f"  no reading satisfies: {', '.join(failing) or 'none'}")
        print(f"  left out with these: {', '.join(crossing) or 'none'}")
        for (row, column), found in cells.items():
            writer.writerow([table, row, column, scan[row, column], " ".join(found)])
    path = Project().data / "evidence" / "quintile_readings.csv"
    write_in_one_move(path, out.getvalue())
    print(f"written: data/evidence/{path.name}")


if __name__ == "__main__":
    main()
