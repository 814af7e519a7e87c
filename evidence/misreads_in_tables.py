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
from collections.abc import Callable, Iterable, Iterator

from compendium.page.constraints import Constraint, Ratio, Sum, constraint
from compendium.page.identities import applications
from compendium.page.misreads import Repair, repair
from compendium.page.numerals import parse
from compendium.page.printed import Source
from compendium.page.readings import OFTEN
from compendium.project import Project, write_in_one_move
from rounding import DOWN, NEAREST

COLUMNS = ["group", "exhibit", "row", "column", "scan", "proposed", "how", "margin", "in_data"]
TRIAL = ["table", "rate", "damaged", "unique", "unique_wrong", "preferred", "preferred_wrong"]
TRIAL += ["undecided"]
Place = tuple[str, str, str]
#: What Tables 8 and 9 repeat of the accounts.
REPEATED = {
    "Compensation to private individuals and enterprises": "Relocation compensation",
    "Compensation for buildings": "Building compensation",
    "Relocation rental expense": "Relocation flat rental",
    "Infrastructure": "C. Infrastructure | Subtotal",
    "Off-site infrastructure": "C. Off-site infrastructure | Subtotal",
    "On-site infrastructure": "D. On-site infrastructure | Subtotal",
}

#: Where a times sign follows some numbers. It is read as a digit or letter, as a per cent sign is.
TIMES = ("Annex 1 Table",)


class Scans:
    """The strings of a source as scanned, and what stands in its data instead."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text: dict[Place, str] = {}
        self.decimals: dict[Place, int] = {}
        for place, cell in source.cells.items():
            notes = source.notes.get(place, [])
            misread = [note.scan for note in notes if note.kind == "misread"]
            scan = misread[0] if misread else cell.printed
            if cell.printed.endswith("%") or place[0] in TIMES:
                number = cell.printed.rstrip("%")
                scan = scan[: len(number)] + cell.printed[len(number) :]
            self.text[place] = scan
            self.decimals[place] = len(cell.printed.partition(".")[2].rstrip("%"))

        self.identities: dict[str, list[Constraint]] = {}
        for application in applications(source):
            own = self.identities.setdefault(application.cell.exhibit, [])
            own.append(constraint(application))

    def own(self, exhibit: str, column: str = "") -> list[Constraint]:
        """Return what a table's own arithmetic says, or that of one of its columns alone."""
        found = self.identities[exhibit]
        return [f for f in found if not column or all(cell[2] == column for cell in f.cells)]

    def column(self, exhibit: str, column: str) -> list[Place]:
        """Return the cells of a column, in order."""
        return [place for place in self.text if place[0] == exhibit and place[2] == column]


def account(number: int, table: int, column: str) -> Callable[[Scans], Iterator[Constraint]]:
    """Return what yields one of Tables 2 to 5 of Annex 2 with its column of Tables 8 and 9."""

    def identities(scans: Scans) -> Iterator[Constraint]:
        yield from scans.own(f"Annex 2 Table {number}")
        exhibit, account = f"Annex 2 Table {table}", f"Annex 2 Table {number}"
        *parts, total, per_m2 = scans.column(exhibit, column)
        items = {row.split(" | ")[1]: row for _, row, _ in scans.column(account, "amount")}
        rows = {row for _, row, _ in scans.column(account, "amount")}
        for part in parts:
            name = REPEATED.get(part[1], part[1])
            row = name if name in rows else items.get(name)
            if row:
                yield Ratio(part, (account, row, "amount"))
        yield from scans.own(exhibit, column)
        yield Ratio(per_m2, total, (account, "Areas | Site area", "amount"))

    return identities


def incomes(scans: Scans) -> Iterator[Constraint]:
    """Yield the shares of Table 1.8, income over one average, cut off, and what 5.1 repeats."""
    for share in scans.column("Table 1.8", "share_of_average"):
        income = (*share[:2], "income")
        yield Ratio(share, income, "average income", scale=100.0, rounding=DOWN)
        yield Ratio(("Table 5.1", share[1], "income"), income)
    yield from scans.own("Table 5.1")


def flats(scans: Scans) -> Iterator[Constraint]:
    """Yield the units of Table 1.2, the area of Table 1.3 over one size, from 1981 on."""
    for exhibit, year, column in scans.column("Table 1.2", "units"):
        if year >= "1981" and "-" not in year:
            yield Ratio((exhibit, year, column), ("Table 1.3", year, "area"), "size of a flat")


def space_classes(scans: Scans) -> Iterator[Constraint]:
    """Yield the classes of Table 1.6, and their repetitions.

    The two tables repeated have columns and rows that add up too: `quintile_readings` searches
    them, since the mean of five numbers is neither sum nor ratio.
    """
    yield from scans.own("Table 1.6")
    for column, exhibit in (("towns", "Table 1.10"), ("cities", "Table 1.11")):
        for place in scans.column("Table 1.6", column):
            yield Ratio((exhibit, place[1], "average"), place)


def subsidies(scans: Scans) -> Iterator[Constraint]:
    """Yield Tables 2.2 to 2.5: rents and subsidies, income and its shares in itself and in GNP.

    Space times subsidy needs more digits than are printed.
    """
    for number in range(2, 6):
        yield from scans.own(f"Table 2.{number}")
    parts = ["cash_salary", "welfare_funds", "price_subsidy", "housing_subsidy"]
    for _, year, _ in scans.column("Table 2.2", "total_subsidies"):
        total = ("Table 2.2", year, "total_subsidies")
        yield Ratio(("Table 2.3", year, "housing_subsidy"), total, scale=0.001)
        for exhibit, whole in (("Table 2.4", "total_income"), ("Table 2.5", "gnp")):
            for item in dict.fromkeys((whole, "total_income", *parts)):
                amount, divisor = ("Table 2.3", year, item), ("Table 2.3", year, whole)
                yield Ratio((exhibit, year, item), amount, divisor, 100.0, slack=0.5)


def classes(scans: Scans) -> Iterator[Constraint]:
    """Yield Box 2.1: the five classes of buyers and their shares in all observations."""
    observed = scans.column("Box 2.1", "households")
    yield Sum(("Box 2.1", "observations", ""), tuple(observed))
    for place in observed:
        yield Ratio((*place[:2], "share"), place, ("Box 2.1", "observations", ""), scale=100.0)


def redevelopment(scans: Scans) -> Iterator[Constraint]:
    """Yield Table 3.2, and its costs per m2 of an area that it does not print."""
    yield from scans.own("Table 3.2")
    for place in scans.column("Table 3.2", "per_m2"):
        yield Ratio(place, (*place[:2], "total_cost"), "floor", 1000.0)


def projects(scans: Scans) -> Iterator[Constraint]:
    """Yield Tables 1 and 7 of Annex 2, with the plots that its paragraphs repeat."""
    plots = {
        "pingshan": ("Annex 2 para 8", "plot_smallest", ""),
        "wujiayao": ("Annex 2 para 8", "plot_largest", ""),
        "tiyuannan": ("Annex 2 para 32", "plot_tiyuannan", ""),
        "changzhou": ("Annex 2 para 32", "plot_changzhou", ""),
    }
    for column, place in plots.items():
        yield Ratio(("Annex 2 Table 1", "Plot size", column), place)
    yield from scans.own("Annex 2 Table 1")
    yield from scans.own("Annex 2 Table 7")
    for column in ("pingshan", "wujiayao", "tiyuanbei"):
        total = ("Annex 2 Table 7", "Total", f"{column}_units")
        yield Ratio(total, ("Annex 2 Table 1", "Units after", column))


def reform(scans: Scans) -> Iterator[Constraint]:
    """Yield the table of Annex 1: rents of 40 m2 over wages, and who bears the rise.

    A wage grows by a tenth with each phase; the allowances beside it are those of the notes. The
    parts of phase 3 add up to 25 and not to its 24.
    """
    phases = [f"phase_{n}" for n in range(1, 6)]
    allowances = [0.0, 13.5, 43.5, 73.5, 103.5]

    def of(item: str, phase: str) -> Place:
        return ("Annex 1 Table", item, phase)

    for n, phase in enumerate(phases):
        wage, old, new = 400 * 1.1**n, of("original rent", phase), of("revised rent", phase)
        yield Ratio(of("original rent to normal wage", phase), old, wage, 4000.0)
        yield Ratio(of("revised rent to new wage", phase), new, wage + allowances[n], 4000.0)
        if n:
            before = of("original rent to wage before the phase", phase)
            yield Ratio(before, old, wage + allowances[n - 1], 4000.0)
    yield from scans.own("Annex 1 Table")


def developers(scans: Scans) -> Iterator[Constraint]:
    """Yield Tables 1 and 2 of Annex 3, with paragraph 6: "under" and "nearly" but in two years."""
    yield from scans.own("Annex 3 Table 1")
    total, individuals = "residential units sold", "units sold to individuals"
    for year in ("1986", "1987"):
        sold, whole = (("Annex 3 Table 1", item, year) for item in (individuals, total))
        yield Ratio(("Annex 3 para 6", f"individuals_{year}", ""), sold, whole, 100.0)
    yield from scans.own("Annex 3 Table 2")


def loans(scans: Scans) -> Iterator[Constraint]:
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


#: The tables that hang together: those that their own arithmetic says all of, by their exhibits,
#: and others with the function that yields what they say of each other or leave to the text.
GROUPS: dict[str, str | Callable[[Scans], Iterator[Constraint]]] = {
    "Annex 2 Tables 2 and 8": account(2, 8, "pingshan"),
    "Annex 2 Tables 3 and 8": account(3, 8, "wujiayao"),
    "Annex 2 Tables 4 and 9": account(4, 9, "changzhou"),
    "Annex 2 Tables 5 and 9": account(5, 9, "tiyuannan"),
    "Tables 1.2 and 1.3": flats,
    "Table 1.4": "Table 1.4",
    "Tables 1.6, 1.10 and 1.11": space_classes,
    "Tables 1.8 and 5.1": incomes,
    "Table 1.13": "Table 1.13",
    "Table 2.1": "Table 2.1",
    "Tables 2.2 to 2.5": subsidies,
    "Box 2.1": classes,
    "Table 2.6": "Table 2.6",
    "Table 3.1": "Table 3.1",
    "Table 3.2": redevelopment,
    "Table 4.1": "Table 4.1",
    "Tables 5.3 to 5.5": loans,
    "Annex 1": reform,
    "Annex 2 Tables 1 and 7": projects,
    "Annex 3 Tables 1 and 2": developers,
    "Annex 5 Table 1": "Annex 5 Table 1",
}


def groups(scans: Scans) -> Iterator[tuple[str, list[Constraint]]]:
    """Yield the tables that hang together, by name, with their identities."""
    for name, own in GROUPS.items():
        yield name, scans.own(own) if isinstance(own, str) else [*own(scans)]


def proposals(scans: Scans, identities: Iterable[Constraint]) -> Repair:
    """Search one group; the scan of Tables 8 and 9 is clean, so that theirs weigh double."""
    identities = list(identities)
    places = {cell for identity in identities for cell in identity.cells}
    places |= {f.divisor for f in identities if isinstance(f, Ratio)}
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
    truth: dict[Place, str], identities: list[Constraint], rate: float, chance: random.Random
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
    clean = {place: text for place, text in cells.items() if place[0] == exhibit}
    for ratio in scans.own(exhibit):
        if isinstance(ratio, Ratio):
            per_m2 = parse(cells[ratio.amount]) / parse(cells[ratio.divisor])
            clean[ratio.result] = f"{NEAREST.round(per_m2, 0.01):,.2f}"
    return clean


def trials(scans: Scans) -> Iterator[list[object]]:
    """Yield the outcomes for a clean account and for the clean tables of loans and prices."""
    tested = {
        "Annex 2 Table 2": (account_as_recomputed(scans, 2), scans.own("Annex 2 Table 2")),
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
