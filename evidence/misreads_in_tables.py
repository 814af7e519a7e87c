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
from itertools import pairwise

from compendium.page.misreads import Identity, Ratio, Repair, Sum, repair
from compendium.page.numerals import parse
from compendium.page.printed import Source
from compendium.page.readings import OFTEN
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


def incomes(scans: Scans) -> Iterator[Identity]:
    """Yield the shares of Table 1.8, income over one average, cut off, and what 5.1 repeats."""
    for share in scans.column("Table 1.8", "share_of_average"):
        income = (*share[:2], "income")
        yield Ratio(share, income, "average income", scale=100.0, rounding=DOWN)
        yield Ratio(("Table 5.1", share[1], "income"), income)
    deciles = [place[1] for place in scans.column("Table 5.1", "households")][:-1]
    yield Sum(("Table 5.1", "1", "reverse_cumulative"), households(deciles))
    for upper, lower in pairwise(deciles):
        parts = ("Table 5.1", lower, "reverse_cumulative"), *households([upper])
        yield Sum(("Table 5.1", upper, "reverse_cumulative"), parts)


def households(deciles: list[str]) -> tuple[Place, ...]:
    """Return the cells with the households of some deciles of Table 5.1."""
    return tuple(("Table 5.1", decile, "households") for decile in deciles)


def flats(scans: Scans) -> Iterator[Identity]:
    """Yield the units of Table 1.2, the area of Table 1.3 over one size, from 1981 on."""
    for exhibit, year, column in scans.column("Table 1.2", "units"):
        if year >= "1981" and "-" not in year:
            yield Ratio((exhibit, year, column), ("Table 1.3", year, "area"), "size of a flat")


def housing_stock(scans: Scans) -> Iterator[Identity]:
    """Yield the sums and shares of Table 1.4; what was built in the 1970s all stands in 1988."""
    for year in ("1985", "1988"):
        yield from composition(scans, "Table 1.4", f"area_{year}", f"share_{year}", slack=1)
    yield Ratio(("Table 1.4", "1970s", "area_1988"), ("Table 1.4", "1970s", "area_1985"))


def composition(
    scans: Scans, exhibit: str, amount: str, share: str, slack: int
) -> Iterator[Identity]:
    """Yield the sums of two columns, one of shares that the other's cells have in its total."""
    *parts, total = scans.column(exhibit, amount)
    yield Sum(total, tuple(parts))
    for place in (*parts, total):
        yield Ratio((*place[:2], share), place, total, scale=100.0, unrounded=True)
    yield Sum((*total[:2], share), tuple((*part[:2], share) for part in parts), slack)


def space_classes(scans: Scans) -> Iterator[Identity]:
    """Yield the columns of Table 1.6, whose classes are all households, and their repetitions.

    The average is no class. The two tables repeated have columns and rows that add up too:
    `quintile_readings` searches them, since the mean of five numbers is neither sum nor ratio.
    """
    for column in ("total", "cities", "towns"):
        yield Sum(100, tuple(scans.column("Table 1.6", column)[1:]), slack=1)
    for column, exhibit in (("towns", "Table 1.10"), ("cities", "Table 1.11")):
        for place in scans.column("Table 1.6", column):
            yield Ratio((exhibit, place[1], "average"), place)


def wealth(scans: Scans) -> Iterator[Identity]:
    """Yield the composition of incomes and wealth in Table 1.13, and their ratio."""
    exhibit = "Table 1.13"
    for who in ("urban", "rural"):
        assets = ["total wealth", "financial assets", "durables", *["housing"] * (who == "rural")]
        held = [(exhibit, f"{asset} | {who}", "mean") for asset in assets]
        income = (exhibit, f"total income | {who}", "mean")
        yield Sum(held[0], tuple(held[1:]))
        shares = [place for place in scans.column(exhibit, "composition") if who in place[1]]
        for share in shares:
            mean = (*share[:2], "mean")
            whole = held[0] if mean in held else income
            if "regular" not in share[1]:  # The share of two parts is the sum of theirs.
                yield Ratio(share, mean, whole, scale=100.0, unrounded=True)
        yield Sum(100, tuple((*place[:2], "composition") for place in held[1:]), slack=1)
        yield Ratio((exhibit, f"wealth-income ratio | {who}", "mean"), held[0], income)
    for column in ("mean", "composition"):
        items = "regular income | urban", "wage | urban", "bonus | urban"
        regular, *parts = ((exhibit, item, column) for item in items)
        yield Sum(regular, tuple(parts))


def subsidies(scans: Scans) -> Iterator[Identity]:
    """Yield Tables 2.2 to 2.5: rents and subsidies, income and its shares in itself and in GNP.

    The rent grows by 15 percent a year. Space times subsidy needs more digits than are printed.
    """
    years = [place[1] for place in scans.column("Table 2.2", "subsidy")]
    for year, rent in zip(years, scans.column("Table 2.2", "rational_rent"), strict=True):
        current, subsidy = ("Table 2.2", year, "current_rent"), ("Table 2.2", year, "subsidy")
        yield Sum(rent, (current, subsidy))
        if year != years[-1]:
            after = ("Table 2.2", str(int(year) + 1), "rational_rent")
            yield Ratio(after, rent, scale=1.15, unrounded=True)
    parts = ["cash_salary", "welfare_funds", "price_subsidy", "housing_subsidy"]
    for _, year, _ in scans.column("Table 2.2", "total_subsidies"):
        each, workers, total = (
            ("Table 2.2", year, column)
            for column in ("subsidy_per_worker", "workers", "total_subsidies")
        )
        yield Ratio(each, total, workers, scale=1000.0, unrounded=True)
        yield Ratio(("Table 2.3", year, "housing_subsidy"), total, scale=0.001)
        income = ("Table 2.3", year, "total_income")
        yield Sum(income, tuple(("Table 2.3", year, part) for part in parts))
        for exhibit, whole in (("Table 2.4", "total_income"), ("Table 2.5", "gnp")):
            for item in dict.fromkeys((whole, "total_income", *parts)):
                amount, divisor = ("Table 2.3", year, item), ("Table 2.3", year, whole)
                yield Ratio((exhibit, year, item), amount, divisor, 100.0, unrounded=True)
            shares = tuple((exhibit, year, part) for part in parts)
            yield Sum((exhibit, year, "total_income"), shares, slack=2)


def buyers(scans: Scans) -> Iterator[Identity]:
    """Yield Table 2.6, which adds up both ways."""
    wages = list(dict.fromkeys(place[1] for place in scans.column("Table 2.6", "total")))
    columns = ["16", "32", "61", "total"]
    for wage in wages:
        *parts, total = (("Table 2.6", wage, column) for column in columns)
        yield Sum(total, tuple(parts))
    for column in columns:
        *parts, total = (("Table 2.6", wage, column) for wage in wages)
        yield Sum(total, tuple(parts))


def classes(scans: Scans) -> Iterator[Identity]:
    """Yield Box 2.1: the five classes of buyers and their shares in all observations."""
    observed = scans.column("Box 2.1", "households")
    yield Sum(("Box 2.1", "observations", ""), tuple(observed))
    for place in observed:
        yield Ratio((*place[:2], "share"), place, ("Box 2.1", "observations", ""), scale=100.0)


def estates(scans: Scans) -> Iterator[Identity]:
    """Yield the two alternatives of Table 3.1; a block has two rows of plots."""
    for column in ("alternative_1", "alternative_2"):

        def of(item: str, column: str = column) -> Place:
            return ("Table 3.1", item, column)

        plots, hectare = 60.0, 1e4
        floor, block, land = of("total built-up per plot"), of("block area"), of("total gross area")
        persons, dwellings = of("people"), of("number of dwellings per block")
        built, gross = of("gross floor area per unit"), of("area of private plots")
        yield Ratio(of("dwelling length"), built, of("dwelling width"))
        yield Ratio(of("usable share"), of("usable floor area per unit"), built, 100.0)
        yield Ratio(of("number of floors"), floor, built)
        yield Ratio(of("plot FAR"), floor, of("plot area"))
        yield Ratio(of("units per row"), of("block length"), of("plot width"))
        yield Ratio(gross, of("plot area"), scale=plots)
        yield Ratio(of("total block width"), block, of("total block length"))
        yield Ratio(of("block FAR"), floor, block, plots)
        yield Ratio(of("net density"), persons, block, hectare)
        yield Ratio(of("people per dwelling"), persons, dwellings)
        facilities = of("area for community facilities")
        yield Ratio(of("land per person for community facilities"), facilities, persons)
        areas = [gross, of("area of private garden"), of("street area"), facilities, land]
        for area in [area for area in areas if area in scans.text]:
            yield Ratio(of(f"{area[1]}, share"), area, land, 100.0)
        yield Ratio(of("gross residential FAR"), floor, land, plots)
        yield Ratio(of("gross population density"), persons, land, hectare)
        yield Ratio(of("gross dwelling density"), dwellings, land, hectare)
        yield Sum(block, (gross, of("street area")))
        yield Sum(land, (block, facilities))
        yield Sum(of("total block length"), (of("block length"), of("primary street")))
        yield Sum(of("total block width"), (of("block width"), of("secondary street")))
        shares = (of(f"{area[1]}, share") for area in (gross, of("street area"), facilities))
        yield Sum(of("total gross area, share"), tuple(shares), slack=1)


def redevelopment(scans: Scans) -> Iterator[Identity]:
    """Yield Table 3.2: sums, shares, and costs per m2 of an area that the table does not print."""
    heads = "preconstruction and resettlement", "construction", "fees, taxes and profits"
    sections: list[list[Place]] = []
    *items, total = scans.column("Table 3.2", "total_cost")
    for place in items:
        if place[1] in heads:
            sections.append([])
        sections[-1].append(place)
    for head, *parts in sections:
        yield Sum(head, tuple(parts), slack=10)  # The amounts are whole tens.
    yield Sum(total, tuple(section[0] for section in sections), slack=10)
    for column, divisor, scale in (("share", total, 100.0), ("per_m2", "floor", 1000.0)):
        for place in scans.column("Table 3.2", column):
            yield Ratio(place, (*place[:2], "total_cost"), divisor, scale)
    shares = [("Table 3.2", place[1], "share") for place in (*(s[0] for s in sections), total)]
    yield Sum(shares[-1], tuple(shares[:-1]), slack=1)


def expenditures(scans: Scans) -> Iterator[Identity]:
    """Yield the rows of Table 4.1; an average of thirty is beyond the identities."""
    for total in scans.column("Table 4.1", "total")[:-1]:
        parts = (p for p in scans.text if p[:2] == total[:2] and p != total)
        yield Sum(total, tuple(parts))


def projects(scans: Scans) -> Iterator[Identity]:
    """Yield the sums of Tables 1 and 7 of Annex 2, and the densities of Table 1.

    The two projects on new land count households a hectare, not units, and that of Changzhou Road
    has its costs to the ten thousand.
    """
    plots = {
        "pingshan": ("Annex 2 para 8", "plot_smallest", ""),
        "wujiayao": ("Annex 2 para 8", "plot_largest", ""),
        "tiyuannan": ("Annex 2 para 32", "plot_tiyuannan", ""),
        "changzhou": ("Annex 2 para 32", "plot_changzhou", ""),
    }
    for column in ("pingshan", "wujiayao", "tiyuanbei", "tiyuannan", "changzhou"):

        def of(row: str, column: str = column) -> Place:
            return ("Annex 2 Table 1", row, column)

        plot, total = of("Plot size"), of("Total households")
        if column in plots:
            yield Ratio(plot, plots[column])
        units = total if column in ("tiyuannan", "changzhou") else of("Units after")
        yield Ratio(of("Dwelling units per hectare"), units, plot)
        yield Ratio(of("Population per hectare"), of("Population after"), plot)
        if column not in ("tiyuanbei", "changzhou"):
            cost = of("Total infrastructure cost")
            yield Ratio(of("Infrastructure cost per hectare"), cost, plot)
        yield Sum(total, (of("Households returning"), of("New households")))
        if column not in ("pingshan", "wujiayao"):  # Nobody returns to them.
            yield Ratio(of("New households"), of("Units after"))
    construction = (
        of(f"Total construction cost{each}", "tiyuannan") for each in (" per hectare", "")
    )
    yield Ratio(*construction, of("Plot size", "tiyuannan"))
    for column in ("pingshan", "wujiayao", "tiyuanbei"):
        *counts, total = scans.column("Annex 2 Table 7", f"{column}_units")
        yield Sum(total, tuple(counts))
        yield Ratio(total, ("Annex 2 Table 1", "Units after", column))


def reform(scans: Scans) -> Iterator[Identity]:
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
            yield Ratio(old, of("revised rent", phases[n - 1]))
    payers = "enterprises", "local government", "Ministry of Finance"
    for phase in phases[3:]:
        rise, *others = (of(f"{payer}: wage adjustments", phase) for payer in payers)
        shares = tuple(of(f"{payer}: share", phase) for payer in payers)
        amounts = tuple(of(f"{payer}: amount", phase) for payer in payers)
        yield from (Ratio(*ends, rise) for ends in zip(shares, amounts, strict=True))
        yield from (Ratio(other, rise) for other in others)
        yield Sum(1, shares)
        yield Sum(rise, amounts)
        yield Sum(of("burden", phase), (rise, of("households: amount", phase)))
    for item in ("budgets", "subsidies ended"):  # Shared 60 to 40.
        local, ministry = (of(f"{payer}: {item}", "phase_3") for payer in payers[1:])
        yield Ratio(local, ministry, scale=1.5)


def developers(scans: Scans) -> Iterator[Identity]:
    """Yield the units sold in Table 1 of Annex 3, with paragraph 6, and the firms of Table 2."""
    for year in ("1985", "1986", "1987", "1988"):
        total, individuals, enterprises = (
            ("Annex 3 Table 1", item, year)
            for item in (
                *("residential units sold", "units sold to individuals"),
                "units sold to enterprises",
            )
        )
        yield Sum(total, (individuals, enterprises))
        if year in ("1986", "1987"):  # "Under" and "nearly" for the others.
            yield Ratio(("Annex 3 para 6", f"individuals_{year}", ""), individuals, total, 100.0)
    *firms, total = scans.column("Annex 3 Table 2", "total_construction")
    yield Sum(total, tuple(firms))


def bank(scans: Scans) -> Iterator[Identity]:
    """Yield the sums and shares of Table 1 of Annex 5."""
    for year in ("1988", "1989"):
        yield from composition(scans, "Annex 5 Table 1", f"amount_{year}", f"share_{year}", slack=2)


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


#: The other tables that have identities, with the function that yields them.
OTHERS = {
    "Tables 1.2 and 1.3": flats,
    "Table 1.4": housing_stock,
    "Tables 1.6, 1.10 and 1.11": space_classes,
    "Tables 1.8 and 5.1": incomes,
    "Table 1.13": wealth,
    "Table 2.1": rents,
    "Tables 2.2 to 2.5": subsidies,
    "Box 2.1": classes,
    "Table 2.6": buyers,
    "Table 3.1": estates,
    "Table 3.2": redevelopment,
    "Table 4.1": expenditures,
    "Tables 5.3 to 5.5": loans,
    "Annex 1": reform,
    "Annex 2 Tables 1 and 7": projects,
    "Annex 3 Tables 1 and 2": developers,
    "Annex 5 Table 1": bank,
}


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
    yield from ((name, [*identities(scans)]) for name, identities in OTHERS.items())


def proposals(scans: Scans, identities: Iterable[Identity]) -> Repair:
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
