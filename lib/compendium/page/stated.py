"""What a source argues: ``conclusions.csv``, a conclusion a row, in our words."""

from __future__ import annotations

from dataclasses import dataclass

from compendium.page.files import DataError
from compendium.page.printed import Source

__all__ = ["COLUMNS", "KINDS", "UNTESTABLE", "Stated", "stated"]

COLUMNS = ["id", "place", "claim", "kind", "tested_by"]
#: What a conclusion says: that numbers give a number, that one thing is more than another, or what
#: should be done.
KINDS = ("arithmetic", "comparison", "recommendation")
#: How `tested_by` begins where no model can say it; the reason follows.
UNTESTABLE = "not testable:"


@dataclass(frozen=True)
class Stated:
    """A conclusion of a source.

    Parameters
    ----------
    id : str
        What the audit calls it.
    place : str
        Where the source draws it.
    claim : str
        What it says, in our words.
    kind : str
        One of `KINDS`.
    tested_by : str
        What is computed to test it, in words; or why nothing can, after `UNTESTABLE`.
    """

    id: str
    place: str
    claim: str
    kind: str
    tested_by: str

    @property
    def untestable(self) -> str:
        """Why no model can say it; nothing where one can."""
        if not self.tested_by.startswith(UNTESTABLE):
            return ""
        return self.tested_by.removeprefix(UNTESTABLE).strip()


def stated(source: Source) -> dict[str, Stated]:
    """Return the conclusions of a source by id, in their order; one may have no such file.

    Raises
    ------
    DataError
        If a row lacks something, its kind is none, or an id stands twice.
    """
    file = source.beside("conclusions.csv")
    found: dict[str, Stated] = {}
    if not file.path.exists():
        return found
    for line, row in enumerate(file.read(COLUMNS), start=2):
        where = f"{file.where}, row {line}"
        for column in COLUMNS:
            if not row[column].strip():
                raise DataError(f"{where}, column {column}: must not be blank")
        if row["kind"] not in KINDS:
            raise DataError(f"{where}, column kind: {row['kind']!r} is none of {', '.join(KINDS)}")
        if row["id"] in found:
            raise DataError(f"{where}, column id: {row['id']!r} stands twice")
        own = Stated(**row)
        if own.tested_by.startswith(UNTESTABLE) and not own.untestable:
            raise DataError(f"{where}, column tested_by: {UNTESTABLE!r} must be followed by why")
        found[own.id] = own
    return found
