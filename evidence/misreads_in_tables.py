"""Read every table that has identities again, from its scanned strings and its own arithmetic.

Writes ``data/evidence/misreads.csv``: a row a cell, with the reading that the search proposes, how
it is decided, and the reading that stands in the data. And ``data/evidence/misreads_trial.csv``:
clean tables, damaged at known places, and how often the search restores them.
"""

from __future__ import annotations

import csv
import io
import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator

from compendium.misreads import OFTEN, Identity, Ratio, Repair, Sum, repair
from compendium.printed import Source, parse
from compendium.project import Project, write_in_one_move
from rounding import DOWN, NEAREST

COLUMNS = ["group", "exhibit", "row", "column", "scan", "proposed", "how", "margin", "in_data"]
TRIAL = ["table", "rate", "damaged", "unique", "unique_wrong", "preferred", "preferred_wrong"]
TRIAL += ["undecided"]
Place = tuple[str, str, str]
#: The ratios of an account, with the row where their divisor stands.
AREAS = {
    "per_site": "Site area",
    "per_total": "Total constructed area",
    "per_residential": "Residential constructed area",
    "per_marketable": "Marketable residential area",
}
#: What Tables 8 and 9 repeat of the accounts.
REPEATED = {
    "Compensation to private individuals and enterprises": "Relocation compensation",
    "Compensation for buildings": "Building compensation",
    "Relocation rental expense": "Relocation flat rental",
    "Infrastructure": "C. Infrastructure | Subtotal",
    "Off-site infrastructure": "C. Off-site infrastructure | Subtotal",
    "On-site infrastructure": "D. On-site infrastructure | Subtotal",
}


class Scans:
    """The strings of a source as scanned, and what stands in its data instead."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text: dict[Place, str] = {}
        self.decimals: dict[Place, int] = {}
        for place, cell in source.cells.items():
            notes = source.notes.get(place, [])
            misread = [note.scan for note in notes if note.kind == "misread"]
            self.text[place] = misread[0] if misread else cell.printed
            self.decimals[place] = len(cell.printed.partition(".")[2].rstrip("%"))

    def column(self, exhibit: str, column: str) -> list[Place]:
        """Return the cells of a column, in order."""
        return [place for place in self.text if place[0] == exhibit and place[2] == column]


def account(scans: Scans, number: int) -> Iterator[Identity]:
    """Yield the identities of one of Tables 2 to 5 of Annex 2."""
    exhibit = f"Annex 2 Table {number}"
    sections: dict[str, list[Place]] = {}
    for place in scans.column(exhibit, "amount"):
        section = place[1].split(" | ")[0]
        sections.setdefault(section, []).append(place)
    sections.pop("Areas")
    for cells in sections.values():
        for _, row, _ in cells:
            for column, area in AREAS.items():
                divisor = (exhibit, f"Areas | {area}", "amount")
                yield Ratio((exhibit, row, column), (exhibit, row, "amount"), divisor)
    *parts, whole = sections.values()
    for cells in parts:
        yield Sum(cells[-1], tuple(cells[:-1]), slack=1)
    yield Sum(whole[0], tuple(cells[-1] for cells in parts), slack=1)


def site_costs(scans: Scans, number: int, table: int, column: str) -> Iterator[Identity]:
    """Yield what ties a column of Tables 8 and 9 together and to its account."""
    exhibit, account = f"Annex 2 Table {table}", f"Annex 2 Table {number}"
    *parts, total, per_m2 = scans.column(exhibit, column)
    items = {row.split(" | ")[1]: row for _, row, _ in scans.column(account, "amount")}
    rows = {row for _, row, _ in scans.column(account, "amount")}
    for part in parts:
        name = REPEATED.get(part[1], part[1])
        row = name if name in rows else items.get(name)
        if row:
            yield Ratio(part, (account, row, "amount"))
    yield Sum(total, tuple(parts))
    yield Ratio(per_m2, total, (account, "Areas | Site area", "amount"))


def shares(scans: Scans) -> Iterator[Identity]:
    """Yield the shares of Table 1.8: income over one average, cut off."""
    for share in scans.column("Table 1.8", "share_of_average"):
        income = (*share[:2], "income")
        yield Ratio(share, income, "average income", scale=100.0, rounding=DOWN)


def rents(scans: Scans) -> Iterator[Identity]:
    """Yield the two totals of Table 2.1."""
    for column in ("low", "high"):
        *parts, total = scans.column("Table 2.1", column)[2:]
        yield Sum(total, tuple(parts))


def loans(scans: Scans) -> Iterator[Identity]:
    """Yield loans (payment over factor, Tables 5.3 and 5.4) and prices (loan over area, 5.5)."""
    for place in scans.text:
        exhibit, row, column = place
        if exhibit != "Table 5.4" or " | " not in row or column in ("payment", "rate"):
            continue
        income, payment, rate = row.split(" | ")
        paid = ("Table 5.4", f"{income} | {payment}", "payment")
        factor = ("Table 5.3", f"{rate}%", column)
        yield Ratio(place, paid, factor, scale=1000.0)
        yield Ratio(("Table 5.5", row, column), place, "area of the flat")


def groups(scans: Scans) -> Iterator[tuple[str, list[Identity]]]:
    """Yield the tables that hang together, by name, with their identities."""
    for number, table, column in (
        (2, 8, "pingshan"),
        (3, 8, "wujiayao"),
        (4, 9, "changzhou"),
        (5, 9, "tiyuannan"),
    ):
        found = [*account(scans, number), *site_costs(scans, number, table, column)]
        yield f"Annex 2 Tables {number} and {table}", found
    yield "Table 1.8", [*shares(scans)]
    yield "Table 2.1", [*rents(scans)]
    yield "Tables 5.3 to 5.5", [*loans(scans)]


def proposals(scans: Scans, identities: Iterable[Identity]) -> Repair:
    """Search one group; the scan of Tables 8 and 9 is clean, so that theirs weigh double."""
    identities = list(identities)
    places = {cell for identity in identities for cell in identity.cells}
    places |= {f.divisor for f in identities if isinstance(f, Ratio) and f.divisor in scans.text}
    ordered = [place for place in scans.text if place in places]
    trust = {place: 2.0 for place in ordered if place[0] in ("Annex 2 Table 8", "Annex 2 Table 9")}
    text = {place: scans.text[place] for place in ordered}
    return repair(text, identities, decimals=scans.decimals, trust=trust)


def damaged(text: str, rate: float, chance: random.Random) -> str:
    """Return a string with some digits read as those that they are often taken for."""
    taken_for: dict[str, str] = {}
    for read, true in OFTEN:
        taken_for.setdefault(true, read)
    return "".join(
        taken_for[digit] if digit in taken_for and chance.random() < rate else digit
        for digit in text
    )


def trial(
    truth: dict[Place, str], identities: list[Identity], rate: float, chance: random.Random
) -> list[int]:
    """Damage a clean table, search, and count how the decisions compare with the truth."""
    hurt = {place: damaged(text, rate, chance) for place, text in truth.items()}
    decimals = {place: len(text.partition(".")[2]) for place, text in truth.items()}
    found = repair(hurt, identities, decimals=decimals).decisions
    counts = Counter((d.how, d.reading == truth[place]) for place, d in found.items())
    return [
        sum(hurt[place] != text for place, text in truth.items()),
        counts["unique", True] + counts["unique", False],
        counts["unique", False],
        counts["preference", True] + counts["preference", False],
        counts["preference", False],
        counts["undecided", True] + counts["undecided", False],
    ]


def account_as_recomputed(scans: Scans, number: int) -> dict[Place, str]:
    """Return a clean account: the amounts and areas of the data, every ratio computed."""
    exhibit = f"Annex 2 Table {number}"
    cells = {place: cell.printed for place, cell in scans.source.cells.items()}
    clean: dict[Place, str] = {}
    for place in scans.column(exhibit, "amount"):
        clean[place] = cells[place]
        if place[1].startswith("Areas"):
            continue
        for column, area in AREAS.items():
            divisor = parse(cells[exhibit, f"Areas | {area}", "amount"])
            ratio = NEAREST.round(parse(cells[place]) / divisor, 0.01)
            clean[exhibit, place[1], column] = f"{ratio:,.2f}"
    return clean


def trials(scans: Scans) -> Iterator[list[object]]:
    """Yield the outcomes for a clean account and for the clean tables of loans and prices."""
    tested = {
        "Annex 2 Table 2": (account_as_recomputed(scans, 2), [*account(scans, 2)]),
        "Tables 5.3 to 5.5": (
            {place: cell.printed for place, cell in scans.source.cells.items()},
            [*loans(scans)],
        ),
    }
    for name, (cells, identities) in tested.items():
        places = {cell for identity in identities for cell in identity.cells}
        places |= {f.divisor for f in identities if isinstance(f, Ratio) and f.divisor in cells}
        truth = {place: text for place, text in cells.items() if place in places}
        for rate in (0.05, 0.1, 0.2, 0.4):
            yield [name, rate, *trial(truth, identities, rate, random.Random(1991))]


def written(head: list[str], rows: Iterable[list[object]]) -> str:
    """Return rows as a CSV file."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return file.getvalue()


def main() -> None:
    """Search every group, say how it went, and write the result."""
    project = Project()
    scans = Scans(Source("world_bank", project))
    start = time.perf_counter()
    rows: list[list[object]] = []
    for name, identities in groups(scans):
        found = proposals(scans, identities).decisions
        for place, decision in found.items():
            printed = scans.source.cells[place].printed
            margin = "" if decision.how != "preference" else f"{decision.margin:g}"
            rows.append(
                [name, *place, decision.scan, decision.reading, decision.how, margin, printed]
            )
        counts = Counter(decision.how for decision in found.values())
        print(f"{name}: {len(found)} cells, {', '.join(f'{n} {how}' for how, n in counts.items())}")
    folder = project.data / "evidence"
    write_in_one_move(folder / "misreads.csv", written(COLUMNS, rows))
    print(f"{time.perf_counter() - start:.0f} s; now clean tables, damaged on purpose")
    outcomes = list(trials(scans))
    write_in_one_move(folder / "misreads_trial.csv", written(TRIAL, outcomes))
    for outcome in outcomes:
        print(*outcome)
    print(f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
