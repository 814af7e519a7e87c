"""Puzzles that are made anew for every seed: a misprint, a rounding rule, a fit that may be luck.

A seed is a word, a student's name for one. The same seed makes the same puzzle on every machine.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rounding import DOWN, HALF_EVEN, NEAREST, TWO_STEPS, UP, Rule

__all__ = ["PUZZLES", "Luck", "Misprint", "Rounded", "luck", "misprint", "rounded"]

ROWS = ("East", "South", "West", "North", "Old town", "New town", "Harbour")
COLUMNS = ("1985", "1986", "1987", "1988", "1989", "1990")
TOTAL = "Total"
#: So many numbers stand beside the one that candidates are tried on.
OTHERS = 19
#: One table in so many has no misprint, so that finding none is an answer too.
NONE = 6


@dataclass(frozen=True)
class Misprint:
    """A table of homes built by district and year, in which one digit may be wrong.

    Each cell stands in two sums, so that two relations tell which one it is.

    Parameters
    ----------
    printed : ndarray of int
        The table with its totals, as it is handed out.
    row, column : str
        Of the wrong cell; both ``none`` where there is none.
    right : int
        What the cell should say; 0 where there is none.
    """

    printed: NDArray[np.int64]
    row: str
    column: str
    right: int

    @property
    def excess(self) -> list[int]:
        """By how much the wrong cell's row and column exceed their printed totals; 0 for none.

        Two sums that do not need each other, which say the same of one digit.
        """
        if self.row == "none":
            return [0, 0]
        row, column = (*ROWS, TOTAL).index(self.row), (*COLUMNS, TOTAL).index(self.column)
        across, down = self.printed[row], self.printed[:, column]
        return [int(each[:-1].sum() - each[-1]) for each in (across, down)]

    @property
    def text(self) -> str:
        """The table in Markdown."""
        rows = [
            (name, *(f"{number:,}" for number in numbers))
            for name, numbers in zip((*ROWS, TOTAL), self.printed.tolist(), strict=True)
        ]
        return _table(("homes built", *COLUMNS, TOTAL), rows)

    @property
    def code(self) -> str:
        """The table in Python, a list for each row, which ends with its total."""
        rows = zip((*ROWS, TOTAL), self.printed.tolist(), strict=True)
        lines = "".join(f'    "{name}": {numbers},\n' for name, numbers in rows)
        head = f"# Homes built, by row; columns {', '.join((*COLUMNS, TOTAL))}"
        return f"{head}\ntable = {{\n{lines}}}"


def misprint(seed: str) -> Misprint:
    """Make a table in which at most one digit is wrong.

    Parameters
    ----------
    seed : str
        Whose table it is.

    Returns
    -------
    Misprint
        The table, and what is wrong in it.

    Examples
    --------
    >>> made = misprint("a student")
    >>> made.printed.shape, made.text == misprint("a student").text
    ((8, 7), True)
    """
    lot = random.Random(f"misprint {seed}")
    cells = np.array([[lot.randrange(120, 2900) for _ in COLUMNS] for _ in ROWS])
    rows = np.hstack([cells, cells.sum(axis=1, keepdims=True)])
    table = np.vstack([rows, rows.sum(axis=0)])
    if not lot.randrange(NONE):
        return Misprint(table, "none", "none", 0)
    row, column = lot.randrange(len(ROWS) + 1), lot.randrange(len(COLUMNS) + 1)
    right = int(table[row, column])
    table[row, column] = _with_another_digit(right, lot)
    return Misprint(table, (*ROWS, TOTAL)[row], (*COLUMNS, TOTAL)[column], right)


def _with_another_digit(number: int, lot: random.Random) -> int:
    """Return a number of which one digit is another; it has as many digits."""
    digits = list(str(number))
    place = lot.randrange(len(digits))
    others = [digit for digit in "0123456789"[not place :] if digit != digits[place]]
    digits[place] = lot.choice(others)
    return int("".join(digits))


#: What the hidden rule may be, in the words of an answer.
RULES: Mapping[str, Rule] = {
    "nearest": NEAREST,
    "up": UP,
    "down": DOWN,
    "half even": HALF_EVEN,
    "two steps": TWO_STEPS,
}


@dataclass(frozen=True)
class Rounded:
    """Costs a home, of which only one rule of rounding explains every row.

    Parameters
    ----------
    costs, homes : ndarray of int
        The dividends and the divisors.
    printed : ndarray of float
        The quotients, rounded to two digits.
    rule : str
        The rule: a name of `RULES`.
    """

    costs: NDArray[np.int64]
    homes: NDArray[np.int64]
    printed: NDArray[np.float64]
    rule: str

    @property
    def text(self) -> str:
        """The table in Markdown."""
        rows = [
            (f"{cost:,}", f"{homes}", f"{each:.2f}")
            for cost, homes, each in zip(self.costs, self.homes, self.printed, strict=True)
        ]
        return _table(("cost, thousands", "homes", "cost of a home, thousands"), rows)

    @property
    def code(self) -> str:
        """The rows in Python: cost, homes, and the cost of a home as it is printed."""
        rows = zip(self.costs, self.homes, self.printed, strict=True)
        lines = "".join(f"    ({cost}, {homes}, {each:.2f}),\n" for cost, homes, each in rows)
        return f"# Cost, homes, cost of a home\nrows = [\n{lines}]"

    @property
    def explained(self) -> dict[str, int]:
        """How many rows each rule explains."""
        quotients = self.costs / self.homes
        return {
            name: int(rule.agrees(quotients, self.printed, 0.01).sum())
            for name, rule in RULES.items()
        }


def rounded(seed: str, rows: int = 24) -> Rounded:
    """Make a column that one rule of rounding explains and no other.

    Parameters
    ----------
    seed : str
        Whose table it is.
    rows : int, optional
        How many.

    Returns
    -------
    Rounded
        Every other rule fails in two rows at least.

    Examples
    --------
    >>> made = rounded("a student")
    >>> [name for name, count in made.explained.items() if count == 24] == [made.rule]
    True
    """
    lot = random.Random(f"rounded {seed}")
    name = lot.choice(list(RULES))
    while True:
        # Of eighths and sixteenths some are ties, and of fortieths some nearly so.
        homes = np.array([lot.choice((8, 16, 40, 80, 200, 37)) for _ in range(rows)])
        costs = np.array([lot.randrange(900, 9900) for _ in range(rows)])
        made = Rounded(costs, homes, RULES[name].round(costs / homes, 0.01), name)
        if all(count <= rows - 2 for other, count in made.explained.items() if other != name):
            return made


@dataclass(frozen=True)
class Luck:
    """Candidates for one number, how wide what each allows is, and how many hit it.

    Two yardsticks for luck: a number drawn by lot, and other numbers in the number's place.

    Parameters
    ----------
    low, high : float
        Where the number could have been, anywhere with the same chance.
    ends : tuple of tuple of float
        What each candidate allows: from, to; no two have anything to do with each other.
    target : float
        The number.
    others : tuple of float
        Other numbers that stand beside it, and that no candidate was made for.
    """

    low: float
    high: float
    ends: tuple[tuple[float, float], ...]
    target: float
    others: tuple[float, ...] = ()

    @property
    def text(self) -> str:
        """The candidates in Markdown, and the number."""
        rows = [(f"{n}", f"{one:g}", f"{to:g}") for n, (one, to) in enumerate(self.ends, start=1)]
        return (
            f"The number is {self.target:g}; it could have been anywhere from {self.low:g} to "
            f"{self.high:g}.\n\n{_table(('candidate', 'allows from', 'to'), rows)}\n\n"
            f"Beside it stand {', '.join(f'{other:g}' for other in self.others)}."
        )

    @property
    def code(self) -> str:
        """The same in Python: what each candidate allows, the number, those beside it."""
        lines = "".join(f"    ({low:g}, {high:g}),\n" for low, high in self.ends)
        others = ", ".join(f"{other:g}" for other in self.others)
        return (
            f"# What each candidate allows: from, to\ncandidates = [\n{lines}]\n"
            f"number, lowest, highest = {self.target:g}, {self.low:g}, {self.high:g}\n"
            f"others = [{others}]"
        )

    @property
    def hits(self) -> int:
        """How many candidates allow the number."""
        return self._hits_of(self.target)

    def _hits_of(self, number: float) -> int:
        return sum(low <= number <= high for low, high in self.ends)

    @property
    def as_good(self) -> int:
        """With how many of the others in its place there are as many hits or more."""
        return sum(self._hits_of(other) >= self.hits for other in self.others)

    @property
    def chances(self) -> NDArray[np.float64]:
        """The chance of each candidate to allow a number drawn by lot."""
        low, high = np.array(self.ends).T
        return np.asarray((high - low) / (self.high - self.low))

    @property
    def expected(self) -> float:
        """The hits that chance would give, on average."""
        return float(self.chances.sum())

    @property
    def spread(self) -> NDArray[np.float64]:
        """The chance of 0 hits, of 1, of 2 ..., were each candidate's own draw."""
        spread = np.array([1.0])
        for chance in self.chances:
            spread = np.convolve(spread, [1 - chance, chance])
        return spread

    @property
    def tail(self) -> float:
        """The chance of so many hits or more, were each candidate's own draw."""
        return float(self.spread[self.hits :].sum())

    @property
    def tail_in_one_draw(self) -> float:
        """The chance of so many hits or more, were there one draw for all candidates."""
        edges = np.unique([self.low, self.high, *np.ravel(self.ends)])
        middles = (edges[1:] + edges[:-1]) / 2
        good = [self._hits_of(middle) >= self.hits for middle in middles]
        return float(np.diff(edges)[good].sum() / (self.high - self.low))

    @property
    def expected_of_whole(self) -> float:
        """The hits that chance would give, on average, were only whole numbers drawn."""
        low, high = np.array(self.ends).T
        return float((high - low + 1).sum() / (self.high - self.low + 1))


def luck(seed: str, candidates: int = 12) -> Luck:
    """Make candidates for a number, of which some allow it.

    Parameters
    ----------
    seed : str
        Whose they are.
    candidates : int, optional
        How many.

    Returns
    -------
    Luck
        With two hits at least, and a mean and a chance that round to thousandths without doubt.

    Examples
    --------
    >>> made = luck("a student")
    >>> made.hits >= 2, 0 < made.tail < 1
    (True, True)
    """
    lot = random.Random(f"luck {seed}")
    while True:
        starts = [lot.randrange(100, 880) for _ in range(candidates)]
        ends = tuple((float(at), float(at + lot.randrange(4, 120))) for at in starts)
        made = Luck(100.0, 1000.0, ends, float(lot.randrange(120, 980)))
        if made.hits >= 2 and all(map(_is_plain, (made.expected, made.tail))):
            others = tuple(float(lot.randrange(100, 1000)) for _ in range(OTHERS))
            return replace(made, others=others)


def _is_plain(value: float) -> bool:
    """Whether a number rounds to thousandths without doubt, and is nobody's obvious guess."""
    return abs(1000 * value % 1 - 0.5) > 0.15 and abs(2 * value - round(2 * value)) > 0.01


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


#: By the name that an exercise gives.
PUZZLES: Mapping[str, Callable[[str], Misprint | Rounded | Luck]] = {
    "misprint": misprint,
    "rounded": rounded,
    "luck": luck,
}
