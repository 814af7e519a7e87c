"""Attack every erratum by what a machine can try, and write the rows that it owns.

``data/<slug>/attacks.csv`` has five attacks an erratum (`compendium.verdict.attacks` says which).
This script writes those in two steps of rounding, of readings and of other places anew, from the
committed ledger and the identities, and leaves every row alone that a person wrote. It works on the
sources that have the file, or on those that it is given by their slugs:

    python evidence/attacks.py [SLUG ...]

`FORMULAS` has how errata are computed that no identity computes, so that their inputs can be read
otherwise too.

It says which attacks succeed: these numbers are no errata, or a person has to say why not in a row
of his own, which then answers the attack.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from compendium.page.descriptors import sources
from compendium.page.printed import Source
from compendium.project import Project, write_in_one_move
from compendium.verdict import ledger
from compendium.verdict.attacker import Attacker, Formula
from compendium.verdict.attacks import Attack, file_text, merged, read

Place = tuple[str, str, str]


def ratio(part: float, whole: float) -> float:
    """Return a number over another."""
    return part / whole


def percent(part: float, whole: float) -> float:
    """Return a number as a percentage of another."""
    return 100 * part / whole


def difference(more: float, less: float) -> float:
    """Return what a number is more than another."""
    return more - less


def growth(first: float, last: float) -> float:
    """Return the mean growth over ten years, in percent."""
    return 100 * ((last / first) ** (1 / 10) - 1)


def share_of_income(table: str, year: str, part: str, whole: str) -> tuple[Place, ...]:
    """Return the places of a share in Table 2.4 or 2.5, and of its parts in Table 2.3."""
    return (table, year, part), ("Table 2.3", year, part), ("Table 2.3", year, whole)


#: By source: what computes a number, its place and those of its inputs.
FORMULAS: dict[str, list[tuple[Callable[..., float], tuple[Place, ...]]]] = {
    "world_bank": [
        *(
            (percent, share_of_income(table, year, part, whole))
            for table, whole in (("Table 2.4", "total_income"), ("Table 2.5", "gnp"))
            for year, part in (("1984", "cash_salary"),)
        ),
        *(
            (growth, tuple(("Table 2.3", y, part) for y in ("average growth rate", "1978", "1988")))
            for part in ("cash_salary", "welfare_funds")
        ),
        (
            ratio,
            tuple(
                ("Annex 2 Table 1", row, "wujiayao")
                for row in ("Size of units before", "Constructed area before", "Units before")
            ),
        ),
        (
            ratio,
            (
                ("Annex 2 para 10", "area_per_person_pingshan", ""),
                ("Annex 2 Table 1", "Constructed area before", "pingshan"),
                ("Annex 2 para 10", "persons_pingshan", ""),
            ),
        ),
        (
            ratio,
            (
                ("Annex 2 Table 7", "Total", "tiyuanbei_size"),
                ("Annex 2 Table 1", "Constructed area after", "tiyuanbei"),
                ("Annex 2 Table 7", "Total", "tiyuanbei_units"),
            ),
        ),
        (
            difference,
            tuple(
                ("para 2.60", item, "")
                for item in ("difference", "commercial_payments", "yantai_payments")
            ),
        ),
        (
            percent,
            tuple(("Annex 3 para 4", item, "") for item in ("share", "completed", "city_total")),
        ),
    ]
}


def formulas(source: Source) -> list[Formula]:
    """Return the formulas of a source's errata that are declared here."""
    found = []
    for compute, (place, *inputs) in FORMULAS.get(source.slug, []):
        if any(note.kind == "erratum" for note in source.notes.get(place, ())):
            cells = (source.cells[own] for own in inputs)
            found.append(Formula(source.cells[place], tuple(cells), compute))
    return found


def attacker(source: Source, rows: Sequence[ledger.Row]) -> Attacker:
    """Return what attacks the errata of a source."""
    own = [row for row in rows if row.source == source.slug]
    return Attacker(source, own, formulas(source))


def refreshed(source: Source, rows: Sequence[ledger.Row]) -> list[Attack]:
    """Return the attacks of a source, a machine's made anew."""
    return merged(source, read(source), attacker(source, rows).attacks())


def main() -> None:
    """Refresh the files of the sources that have one, or that are named."""
    project = Project()
    rows = ledger.read(project.ledger)
    for slug in sys.argv[1:] or sources(project):
        source = Source(slug, project)
        file = source.beside("attacks.csv")
        if not (sys.argv[1:] or file.path.exists()):
            continue
        computed = attacker(source, rows).attacks()
        attacks = merged(source, read(source), computed)
        write_in_one_move(file.path, file_text(attacks))
        print(f"written: {file.where}, {len(attacks)} attacks")
        for found in computed.values():
            if found.agrees == "yes":
                answered = "succeeds" if found in attacks else "answered by a person"
                where = ", ".join(filter(None, found.place))
                print(f"  {where}: {found.attack}, {answered}: {found.rival}")


if __name__ == "__main__":
    main()
