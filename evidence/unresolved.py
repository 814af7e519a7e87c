"""Search for the unresolved numbers once more, all of them in one way, and count what chance finds.

A number is held against all that two printed numbers make: either alone, their sum, difference,
product and quotient, times a power of ten (a unit, a percentage) and times or over twelve (a
year's). It may be read as printed or with one digit that its exhibit's misreads confuse. The terms
are the printed numbers of its row and column (with the sums of neighbouring ones: the stages of a
project), of its exhibit, of its chapter or annex, and of the whole source.

So many formulas hit any number. So each is searched for beside `DECOYS` others that have as many
digits, end in as many noughts and lie from half of it to its double: what counts is how seldom a
decoy is hit as often. Of a hundred numbers some are by luck alone, and what the source computes
*from* a number hits it too; one that is not has no simple origin in what is printed. Places that
print the number itself are no terms of it.

Writes ``data/evidence/unresolved.csv``: a row for each number and each place that terms are from.
"""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count

import numpy as np
from numpy.typing import NDArray

from compendium.page.confusions import other_readings, pairs_by_exhibit
from compendium.page.descriptors import sources
from compendium.page.numerals import Reading, significant
from compendium.page.printed import Cell, Source
from compendium.project import Project, write_in_one_move
from compendium.verdict import ledger

DECOYS = 200
#: A unit, a percentage, a year's for a month's.
POWERS = [float(f"1e{power}") for power in range(-6, 7)]
FACTORS = np.outer([1 / 12, 1.0, 12.0], POWERS).ravel()
CHAPTER = re.compile(r"(Annex \d+)|\D*(\d+)\.")
HEAD = (
    "source", "exhibit", "row", "column", "printed", "readings", "terms_from", "terms",
    "hits", "expected", "share_of_decoys",
)  # fmt: skip


@dataclass(frozen=True)
class Terms:
    """Numbers that others are made of, and all that two of them make.

    Parameters
    ----------
    numbers : ndarray of float
        Each once.
    """

    numbers: NDArray[np.float64]

    @cached_property
    def made(self) -> NDArray[np.float64]:
        """What one or two of them make, above zero, from the least."""
        upper = np.triu_indices(len(self.numbers))
        one, other = self.numbers[upper[0]], self.numbers[upper[1]]
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            found = np.concatenate(
                [
                    *(self.numbers, one + other, np.abs(one - other)),
                    *(one * other, one / other, other / one),
                ]
            )
        return np.sort(found[np.isfinite(found) & (found > 0.0)])

    def without(self, numbers: Sequence[float]) -> Terms:
        """Return the terms that are other numbers."""
        left = self.numbers[~np.isin(self.numbers, numbers)]
        return self if left.size == self.numbers.size else Terms(left)

    def hits(self, low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return how many formulas give a number within each interval, all factors together."""
        lows, highs = (np.multiply.outer(FACTORS, end) for end in (low, high))
        below, upto = self.made.searchsorted(lows), self.made.searchsorted(highs, "right")
        return np.asarray((upto - below).sum(axis=0))


class Desk:
    """The printed numbers of a source, by where they stand.

    Parameters
    ----------
    source : Source
        What is printed.
    rows : sequence of Row
        Its ledger.
    """

    def __init__(self, source: Source, rows: Sequence[ledger.Row]) -> None:
        self._pairs = pairs_by_exhibit(source.notes)
        read = [
            (row.verdict, cell, cell.reading)
            for row in rows
            if (cell := source.cells[row.place[1:]]).reading
        ]
        self._numbers = [
            (cell, reading.value)
            for verdict, cell, reading in read
            if verdict != "unresolved" and reading and reading.value > 0
        ]
        self.unresolved = [
            (cell, reading)
            for verdict, cell, reading in read
            if verdict == "unresolved" and reading and reading.step
        ]
        self._known: dict[str, Terms] = {}

    def readings(self, cell: Cell) -> list[str]:
        """Return what may be printed there, as it is read first."""
        others = other_readings(cell.printed, list(self._pairs.get(cell.exhibit, {})))
        return [cell.printed, *(text for text in others if text != cell.printed)]

    def scopes(self, cell: Cell) -> Iterator[tuple[str, Terms]]:
        """Yield the places that terms may be from, the nearest first."""
        beside = [(own, value) for own, value in self._numbers if own.exhibit == cell.exhibit]
        row = [value for own, value in beside if own.row == cell.row]
        column = [value for own, value in beside if own.column == cell.column != ""]
        sums = [
            value
            for line in (row, column)
            for start in range(len(line))
            for value in np.cumsum(line[start:]).tolist()
        ]
        yield "row and column", Terms(np.unique(sums))
        yield "exhibit", Terms(np.unique([value for _, value in beside]))
        if chapter := chapter_of(cell.exhibit):
            yield "chapter", self._of_chapter(chapter)
        yield "source", self._of_chapter("")

    def _of_chapter(self, chapter: str) -> Terms:
        """Return the numbers of a chapter, or of the whole source."""
        if chapter not in self._known:
            numbers = [
                value
                for cell, value in self._numbers
                if not chapter or chapter_of(cell.exhibit) == chapter
            ]
            self._known[chapter] = Terms(np.unique(numbers))
        return self._known[chapter]


def chapter_of(exhibit: str) -> str:
    """Return the chapter or annex of an exhibit; nothing where the source has none."""
    found = CHAPTER.match(exhibit)
    return (found[1] or found[2]) if found else ""


def intervals(values: Sequence[float], step: float) -> tuple[NDArray[np.float64], ...]:
    """Return the ends between which numbers round to the values."""
    middle = np.abs(np.array(values, dtype=float))
    return middle - step / 2.0, middle + step / 2.0


def searched(desk: Desk, cell: Cell, reading: Reading) -> Iterator[list[str]]:
    """Yield what each place of terms gives for a number, and for its decoys."""
    texts = desk.readings(cell)
    step = reading.step
    others = (cell.notation.read(text) for text in texts[1:])
    read = [reading.value, *(other.value for other in others if other)]
    own = intervals(read, step)
    lot = random.Random(f"decoys of {cell}")
    units = abs(round(reading.value / step))
    # As round as the number itself and with as many readings, so that the chances are the same.
    roundness = next(10**zeros for zeros in count() if units % 10 ** (zeros + 1))
    least, most = max(1, units // roundness // 2), max(3, 2 * units // roundness)
    drawn = [lot.randint(least, most) * roundness * step for _ in range(DECOYS * len(read))]
    decoys = intervals(drawn, step)
    for place, all_terms in desk.scopes(cell):
        terms = all_terms.without(read)
        if not terms.numbers.size:
            continue
        hits = int(terms.hits(*own).sum())
        luck = terms.hits(*decoys).reshape(DECOYS, len(read)).sum(axis=1)
        yield [
            *cell.place,
            cell.printed,
            " ".join(texts[1:]),
            place,
            str(terms.numbers.size),
            str(hits),
            significant(float(luck.mean()), 2),
            significant(float((luck >= hits).mean()), 2),
        ]


def rows_of(source: Source, rows: Sequence[ledger.Row]) -> list[list[str]]:
    """Return what the search finds of every unresolved number of a source."""
    desk = Desk(source, [row for row in rows if row.source == source.slug])
    return [[source.slug, *line] for own in desk.unresolved for line in searched(desk, *own)]


def written(lines: Sequence[Sequence[str]]) -> str:
    """Return the file."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([HEAD, *lines])
    return out.getvalue()


def main() -> None:
    """Search for every unresolved number of every source, and say how many stand out."""
    project = Project()
    rows = ledger.read(project.ledger)
    lines = [line for slug in sources(project) for line in rows_of(Source(slug, project), rows)]
    write_in_one_move(project.data / "evidence" / "unresolved.csv", written(lines))
    for place in dict.fromkeys(line[6] for line in lines):
        shares = np.array([float(line[-1]) for line in lines if line[6] == place])
        rare = int((shares <= 0.05).sum())
        print(
            f"terms from {place}: {len(shares)} numbers, of which {rare} are hit as only one in "
            f"twenty decoys is, and chance would do so for {0.05 * len(shares):.1f}"
        )


if __name__ == "__main__":
    main()
