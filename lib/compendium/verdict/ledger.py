"""The ledger: one row a printed number, with its verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from compendium.page.files import read_csv, write_csv

__all__ = ["VERDICTS", "Row", "changes", "count", "gone", "merge", "read", "write"]

#: The six verdicts, in the order in which every table shows them, with the mark of each.
VERDICTS = {
    "given": "·",
    "exact": "✓",
    "consistent": "≈",
    "recovered": "◆",
    "erratum": "✗",
    "unresolved": "?",
}


@dataclass(frozen=True)
class Row:
    """One printed number.

    Parameters
    ----------
    source : str
        Slug of the source.
    exhibit, row, column : str
        Its place.
    printed : str
        The string on the page.
    misread_as : str
        What our text of the page reads, where it differs.
    doubt : str
        What else may stand on the page, with | in between, where nothing decides between the
        readings of the scan. The verdict is that of the printed number.
    recomputed : str
        Our number to ten significant digits; empty where the number is given.
    unit : str
        Its unit.
    verdict : str
        One of the six.
    note : str
        The convention, the cause or the evidence.
    """

    source: str
    exhibit: str
    row: str
    column: str
    printed: str
    misread_as: str
    doubt: str
    recomputed: str
    unit: str
    verdict: str
    note: str

    @property
    def place(self) -> tuple[str, str, str, str]:
        """What tells it from every other printed number."""
        return self.source, self.exhibit, self.row, self.column


COLUMNS = [field.name for field in fields(Row)]


def write(path: Path, rows: Iterable[Row]) -> None:
    """Write a ledger."""
    write_csv(path, COLUMNS, map(astuple, rows))


def read(path: Path) -> list[Row]:
    """Read a ledger; one that does not exist has no rows, a damaged one is refused."""
    if not path.exists():
        return []
    return [Row(**row) for row in read_csv(path, COLUMNS)]


def merge(parts: Iterable[Path]) -> list[Row]:
    """Return the rows of several ledgers, one after the other."""
    return [row for part in parts for row in read(part)]


def count(rows: Sequence[Row], by: str = "source") -> dict[str, dict[str, int]]:
    """Count, for each source or exhibit, its printed numbers, each verdict and the misreads."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(getattr(row, by), []).append(row)
    table = {}
    for name, own in groups.items():
        verdicts = Counter(row.verdict for row in own)
        table[name] = {
            "numbers": len(own),
            **{verdict: verdicts[verdict] for verdict in VERDICTS},
            "misread": sum(bool(row.misread_as) for row in own),
        }
    return table


def changes(old: Sequence[Row], new: Sequence[Row]) -> list[str]:
    """Say in words how a ledger differs from an older one: what is gone last.

    A line a number; one for a new exhibit, and for an exhibit or a source of which all is gone.
    """
    before, after = {row.place: row for row in old}, {row.place: row for row in new}
    known = {(row.source, row.exhibit) for row in old}
    fresh = Counter((r.source, r.exhibit) for r in new if (r.source, r.exhibit) not in known)
    lines = [f"new:     {', '.join(exhibit)}: {_numbers(size)}" for exhibit, size in fresh.items()]
    for place, row in after.items():
        if place not in before and (row.source, row.exhibit) in known:
            lines.append(f"new:     {_where(row)}: {row.printed} {row.verdict}")
        elif place in before and row != before[place]:
            differing = [
                f"{name} {getattr(before[place], name)!r} -> {getattr(row, name)!r}"
                for name in COLUMNS
                if getattr(before[place], name) != getattr(row, name)
            ]
            lines.append(f"changed: {_where(row)}: {', '.join(differing)}")
    # A notebook that broke has lost all of its numbers: what broke it is not to stand behind them.
    return lines + gone(old, new)


def gone(old: Sequence[Row], new: Sequence[Row]) -> list[str]:
    """Say which numbers are gone: a line each, and one for several where none is left beside them.

    That is where all numbers of an exhibit are gone, or of a source.
    """
    sources, exhibits, left = ({row.place[:depth] for row in new} for depth in (1, 2, 4))
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in old:
        if row.place in left:
            continue
        depth = 1 if row.place[:1] not in sources else 2 if row.place[:2] not in exhibits else 4
        groups.setdefault(row.place[:depth], []).append(row)
    return [
        f"gone:    {', '.join(place)}: {_numbers(len(own))}"
        if len(own) > 1
        else f"gone:    {_where(own[0])}"
        for place, own in groups.items()
    ]


def _numbers(size: int) -> str:
    return "1 number" if size == 1 else f"{size} numbers"


def _where(row: Row) -> str:
    return ", ".join(part for part in row.place if part)
