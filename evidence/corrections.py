"""Put all corrections of a source into its tables together, and run its identities again.

A set of corrections is one hypothesis: each of them may mend its own identity and break another.
Every identity of ``identities.csv`` that has an erratum among its numbers is computed with `ours`
in place of each of them, and held against the number that it computes, `ours` too if that is one.

Writes ``data/evidence/corrections.csv``: a row an identity, with what stands and what is computed,
and whether they agree.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace

from compendium.page.cells import Cell
from compendium.page.descriptors import sources
from compendium.page.identities import applications
from compendium.page.printed import Source
from compendium.project import Project, write_in_one_move
from compendium.verdict.judge import Judge, shown

COLUMNS = ["source", "exhibit", "row", "column", "identity", "corrected", "computed", "agrees"]


def corrections(source: Source) -> dict[tuple[str, str, str], str]:
    """Return the numbers that are to stand in place of a source's errata."""
    return {
        place: note.ours
        for place, notes in source.notes.items()
        for note in notes
        if note.kind == "erratum"
    }


def outcomes(source: Source) -> Iterator[dict[str, str]]:
    """Yield what comes of every identity that a correction touches."""
    ours = corrections(source)
    judge = Judge(source.slug, {})

    def mended(cell: Cell) -> Cell:
        return replace(cell, printed=ours[cell.place]) if cell.place in ours else cell

    for application in applications(source):
        if not {application.cell.place, *(term.place for term in application.terms)} & {*ours}:
            continue
        cell = mended(application.cell)
        claim = judge.computed(
            replace(application, cell=cell, terms=tuple(map(mended, application.terms)))
        )
        yield {
            "source": source.slug,
            "exhibit": cell.exhibit,
            "row": cell.row,
            "column": cell.column,
            "identity": application.text,
            "corrected": cell.printed,
            "computed": shown(claim.value),
            "agrees": "no" if claim.difference else "yes",
        }


def main() -> None:
    """Run the identities of every source that has some, and write what comes out."""
    project = Project()
    rows = [row for slug in sources(project) for row in outcomes(Source(slug, project))]
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_in_one_move(project.data / "evidence" / "corrections.csv", out.getvalue())
    apart = [row for row in rows if row["agrees"] == "no"]
    print(f"corrections.csv: {len(rows)} identities with corrected numbers, {len(apart)} disagree")
    for row in apart:
        print(f"  {row['exhibit']}, {row['row']}, {row['column']}: {row['computed']}")


if __name__ == "__main__":
    main()
