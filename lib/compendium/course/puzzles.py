"""Puzzles that are made anew for every seed: misprints, rounding rules, fits that may be luck.

A seed is a word, a student's name for one. The same seed makes the same puzzle on every machine.
The module is one drawer of puzzles, each with its parts beside it: it goes whole to where marks are
given.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rounding import DOWN, HALF_EVEN, NEAREST, TWO_STEPS, UP, Rule

__all__ = [
    "PUZZLES",
    "Carried",
    "Luck",
    "Misprint",
    "Rounded",
    "carried",
    "luck",
    "misprint",
    "rounded",
]

ROWS = ("East", "South", "West", "North", "Old town", "New town", "Harbour")
COLUMNS = ("1985", "1986", "1987", "1988", "1989", "1990")
TOTAL = "Total"
#: So many numbers stand beside the one that candidates are tried on.
OTHERS = 19
#: One table in so many has no misprint, so that finding none is an answer too.
NONE = 6
#: So long is a loan followed.
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September"),
)


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


@dataclass(frozen=True)
class Carried:
    """A loan month by month: one wrong balance was carried on, another one only printed wrong.

    Interest is 1 percent of the balance before, to the nearest cent.

    Parameters
    ----------
    loan, payment : int
        What is lent, and what is paid each month: cents.
    slip : int
        The month whose balance was reckoned wrong, counted from 0.
    slipped : int
        By how much, cents.
    misprint : int
        The month whose balance was printed wrong.
    misprinted : int
        What is printed there, cents.
    """

    loan: int
    payment: int
    slip: int
    slipped: int
    misprint: int
    misprinted: int

    def owed(self, slipped: int) -> list[int]:
        """Return what is owed at first and after each month, for a slip of so many cents."""
        owed = [self.loan]
        for month in range(len(MONTHS)):
            here = slipped if month == self.slip else 0
            owed.append(owed[-1] + _one_percent(owed[-1]) - self.payment + here)
        return owed

    @property
    def printed(self) -> NDArray[np.float64]:
        """Payment, interest, principal and balance of each month, dollars."""
        owed = self.owed(self.slipped)
        interest = [_one_percent(before) for before in owed[:-1]]
        rows = [
            (self.payment, own, self.payment - own, after)
            for own, after in zip(interest, owed[1:], strict=True)
        ]
        cents = np.array(rows)
        cents[self.misprint, -1] = self.misprinted
        return cents / 100

    @property
    def text(self) -> str:
        """The loan, and the rows as they are saved."""
        rows = zip(MONTHS, self.printed, strict=True)
        lines = [",".join([month, *map(_of_file, row)]) for month, row in rows]
        head = "month,payment,interest,principal,balance"
        table = "\n".join(["```text", head, *lines, "```"])
        return f"The loan is one of {self.loan / 100:,.0f} dollars.\n\n{table}"

    @property
    def code(self) -> str:
        """The loan and the rows in Python."""
        rows = zip(MONTHS, self.printed.tolist(), strict=True)
        lines = "".join(f'    "{month}": {row},\n' for month, row in rows)
        return (
            f"loan = {self.loan / 100}\n# By month: payment, interest, principal, balance\n"
            f"rows = {{\n{lines}}}"
        )

    @property
    def month_of_slip(self) -> str:
        """The name of the slip's month."""
        return MONTHS[self.slip]

    @property
    def month_of_misprint(self) -> str:
        """The name of the misprint's month."""
        return MONTHS[self.misprint]

    @property
    def right(self) -> float:
        """What should be printed at the misprint, given all that stands before it: dollars."""
        return self.owed(self.slipped)[self.misprint + 1] / 100

    @property
    def right_at_slip(self) -> float:
        """What the balance of the slip should be, dollars."""
        return self.owed(0)[self.slip + 1] / 100

    @property
    def left(self) -> float:
        """What is owed in the end, as printed: dollars."""
        return self.owed(self.slipped)[-1] / 100

    @property
    def left_without(self) -> float:
        """The same without the slip."""
        return self.owed(0)[-1] / 100

    @property
    def fail(self) -> int:
        """How many numbers from the second month on are not what the printed ones before make."""
        payment, interest, principal, balance = np.rint(100 * self.printed).astype(int).T
        made = [
            (_one_percent(balance[:-1]), interest[1:]),
            ((payment - interest)[1:], principal[1:]),
            (balance[:-1] - principal[1:], balance[1:]),
        ]
        return int(sum((own != printed).sum() for own, printed in made))


def carried(seed: str) -> Carried:
    """Make a loan of which two balances are wrong, each in its own way.

    Parameters
    ----------
    seed : str
        Whose loan it is.

    Returns
    -------
    Carried
        No interest lies half way between two cents, and no wrong balance stands beside another.

    Examples
    --------
    >>> made = carried("a student")
    >>> len(made.printed), abs(made.slip - made.misprint) > 1, made.fail
    (9, True, 4)
    """
    lot = random.Random(f"carried {seed}")
    while True:
        payment = 1000 * lot.randrange(18, 32)
        slip, misprint = lot.sample(range(1, len(MONTHS) - 1), 2)
        slipped = 1000 * lot.choice((-3, -2, -1, 1, 2, 3))
        made = Carried(10 * payment, payment, slip, slipped, misprint, 0)
        # One digit of the tens of dollars or above: enough for the next month's interest to tell.
        tens, rest = divmod(made.owed(slipped)[misprint + 1], 1000)
        made = replace(made, misprinted=1000 * _with_another_digit(tens, lot) + rest)
        reckoned = [*made.owed(0), *made.owed(slipped), made.misprinted]
        if abs(slip - misprint) > 1 and all(owed % 100 != 50 for owed in reckoned):
            return made


def _one_percent(cents: Any) -> Any:
    """Return 1 percent to the nearest cent."""
    return (cents + 50) // 100


def _of_file(dollars: float) -> str:
    """Return a number as a cell of a file: one with a comma stands in quotation marks."""
    return f'"{dollars:,.2f}"' if dollars >= 1000 else f"{dollars:.2f}"


def _is_plain(value: float) -> bool:
    """Whether a number rounds to thousandths without doubt, and is nobody's obvious guess."""
    return abs(1000 * value % 1 - 0.5) > 0.15 and abs(2 * value - round(2 * value)) > 0.01


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


#: By the name that an exercise gives.
PUZZLES: Mapping[str, Callable[[str], Misprint | Rounded | Luck | Carried]] = {
    "misprint": misprint,
    "rounded": rounded,
    "luck": luck,
    "carried": carried,
}
