"""A printed number in its place, and what it says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

import numpy as np

from compendium.page.files import DataError
from compendium.page.notations import PLAIN, Notation, Reading
from compendium.page.numerals import Number, last_digit, parse, slack_digit
from rounding import NEAREST, Rule

__all__ = ["NOISE", "Cell", "by_place", "near", "place_name"]

#: What a computed number may miss an exact one by, relatively: the noise of floats.
NOISE = 1e-12


@dataclass(frozen=True)
class Cell:
    """One printed number: where it stands and what stands there."""

    exhibit: str
    row: str
    column: str
    printed: str
    unit: str = ""
    qualifier: str = ""
    notation: Notation = field(default=PLAIN, repr=False)

    @property
    def place(self) -> tuple[str, str, str]:
        """What tells it from every other number of its source."""
        return self.exhibit, self.row, self.column

    def __str__(self) -> str:
        return place_name(self.place)

    @property
    def stated(self) -> str:
        """The number with its qualifier, in words unless the page has it as a sign."""
        own = self.reading.qualifier if self.reading else ""
        return self.printed if own else f"{self.qualifier} {self.printed}".strip()

    @cached_property
    def reading(self) -> Reading | None:
        """What the digits say; None of a word, and of a number that is illegible."""
        return self.notation.read(self.printed)

    @property
    def number(self) -> Number:
        """The number with the interval that its digits, and the words before it, assert."""
        return self.rounded(NEAREST)

    def rounded(self, rounding: Rule) -> Number:
        """Return the number with the interval that it asserts if it was rounded by a rule.

        Raises
        ------
        ValueError
            If nothing is printed there, or nothing legible.
        """
        if not self.printed:
            raise ValueError(f"{self}: nothing is printed there, so it is no number")
        try:
            return Number(self.printed, rounding, self.notation, self.qualifier)
        except ValueError as error:
            raise ValueError(f"{self}: {error}") from None

    @cached_property
    def step(self) -> float:
        """The unit of the last digit that the page vouches for; of an exact number, mere noise."""
        unit_of = slack_digit if self.qualifier == "about" else last_digit
        value = parse(self.printed, self.notation)
        return unit_of(self.printed, self.notation) or NOISE * (abs(value) or 1.0)

    def admits(self, value: float | str, rounding: Rule) -> bool:
        """Tell whether a value could have been printed so.

        Plain numbers must be reached by the rule; "about" vouches for the digits before its round
        zeros; "over", "under", "at least" and "at most" are inequalities. Words must be equal.
        What is not finite could be printed nowhere, and nothing above zero as -0.0.
        """
        if isinstance(value, str):
            return value == self.printed
        if self.reading is None or not np.isfinite(value):
            return False
        stated = self.reading.value
        if stated == 0.0 and np.signbit(stated) and value > 0.0:
            return False
        noise = NOISE * max(abs(stated), abs(value))
        match self.qualifier:
            case "over":
                return value > stated + noise
            case "under":
                return value < stated - noise
            case "at least":
                return value >= stated - noise
            case "at most":
                return value <= stated + noise
        return bool(rounding.agrees(value, stated, self.step))


def place_name(place: Iterable[str]) -> str:
    """Return a place as messages name it.

    Examples
    --------
    >>> place_name(("Table 5.4", "", "rate"))
    'Table 5.4, rate'
    """
    return ", ".join(filter(None, place))


def near(name: object, there: Sequence[object], most: int = 12) -> str:
    """Return what there is, those first that look like a name; of many the first alone.

    Examples
    --------
    >>> near("log incom", ["constant", "log income"])
    "'log income', 'constant'"
    """
    told = [*map(repr, there)]
    alike = get_close_matches(repr(name), told, most)
    told = list(dict.fromkeys([*alike, *told]))
    more = f" and {len(told) - most} more" if len(told) > most else ""
    return ", ".join(told[:most]) + more


def by_place(cells: Iterable[Cell], where: str) -> dict[tuple[str, str, str], Cell]:
    """Return cells by their places, of which no two may be one."""
    found: dict[tuple[str, str, str], Cell] = {}
    for cell in cells:
        if found.setdefault(cell.place, cell) is not cell:
            raise DataError(f"{where}: two printed numbers have one place: {cell}")
    return found
