"""Rounding rules as data: how a number on a page came from the number behind it.

A printed ``13.22`` asserts an interval. Which one depends on the rule its table was rounded by:

>>> NEAREST.interval(13.22, 0.01)
(13.215, 13.225)
>>> UP.interval(13.22, 0.01)
(13.21, 13.22)

The same rules round money in a bank's books, so both the models and the audit use this module.
Rules act on the size of a number and keep its sign: half of a negative unit rounds away from zero.

What they explain elsewhere:

* `NEAREST`, halves away from zero: spreadsheets, calculators, people.
* `HALF_EVEN`: ``round`` of R and Python, NumPy, IEEE 754; halves go to the even digit.
* `HALF_DOWN`: halves towards zero, where a doubt favours who pays.
* `EITHER`: halves go either way. A program that rounds the binary number finds 2.675 below its tie
  and 1.125 on it, and a column added up by hand may have been bent to its total.
* `UP` and `DOWN`: payments that must cover a debt; programs that cut digits off, as COBOL does.
* `TWO_STEPS`: a table copied from one with a digit more; 0.1346 became 0.135, and that 0.14.
* `Rule.to_multiple` and `Rule.to_digits`: prices to the nearest 50, figures of three digits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "DOWN",
    "EITHER",
    "HALF_DOWN",
    "HALF_EVEN",
    "NEAREST",
    "RULES",
    "TWO_STEPS",
    "UP",
    "Rule",
    "rule",
]

Counts = NDArray[np.float64]

#: A count of steps this close (relatively, and never more than `SNAP_LIMIT` of a step) to a tie or
#: to a whole number is taken to be on it: the difference is float noise, not arithmetic. So is one
#: of a few units in the last place, which is more than that for counts of a million million.
SNAP = 1e-12
SNAP_LIMIT = 1e-4
#: The powers of ten that a float holds, each the float nearest to it.
LEAST_POWER = -323
POWERS = np.array([float(f"1e{power}") for power in range(LEAST_POWER, 309)])


@dataclass(frozen=True)
class Rule:
    """A rounding rule.

    Parameters
    ----------
    name : {"nearest", "half even", "half down", "either", "up", "down"}
        To the nearest step with halves away from zero, to the even step, towards zero or either
        way; to the next step away from zero, or to the next step towards zero.
    multiple : float, optional
        The step, where it is not the last printed digit: 50 for prices quoted to the nearest 50.
    digits : int, optional
        How many significant digits are kept, where it is not down to the last printed digit.
    first : int, optional
        How many digits more a first rounding by the same rule kept; 0 is no such rounding.

    Examples
    --------
    >>> NEAREST.round(0.125, 0.01), UP.round(0.121, 0.01), DOWN.round(0.129, 0.01)
    (0.13, 0.13, 0.12)
    >>> HALF_EVEN.round(0.125, 0.01), HALF_DOWN.round(0.135, 0.01), TWO_STEPS.round(0.1346, 0.01)
    (0.12, 0.13, 0.14)
    >>> NEAREST.to_multiple(50).round(19_827, 1), NEAREST.to_digits(3).round(12_345, 1)
    (19850.0, 12300.0)
    >>> EITHER.agrees(0.125, [0.11, 0.12, 0.13, 0.14], 0.01).tolist()
    [False, True, True, False]
    """

    name: str
    multiple: float | None = None
    digits: int | None = None
    first: int = 0

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or self.name not in _SAID:
            raise ValueError(f"rounding must be one of {', '.join(_SAID)}, got {self.name!r}")
        if self.multiple is not None and not self.multiple > 0:
            raise ValueError(f"multiple must be above 0, got {self.multiple}")
        if self.digits is not None and not _is_count(self.digits, 1):
            raise ValueError(f"digits must be a whole number from 1 to 15, got {self.digits}")
        if self.digits is not None and self.multiple is not None:
            raise ValueError(
                f"multiple and digits exclude each other, got {self.multiple} and {self.digits}"
            )
        if not _is_count(self.first, 0):
            raise ValueError(f"first must be a whole number from 0 to 15, got {self.first}")

    def __str__(self) -> str:
        words = [f"rounded {_SAID[self.name]}"]
        if self.multiple is not None:
            words.append(f"to a multiple of {self.multiple:g}")
        if self.digits is not None:
            words.append(f"to {self.digits} significant digit{'s' if self.digits > 1 else ''}")
        if self.first:
            more = f"{self.first} digit{'s' if self.first > 1 else ''} more"
            words.append(f"in two steps, first to {more}")
        return " ".join(words)

    def to_multiple(self, multiple: float) -> Rule:
        """Return the same rule with a step of its own."""
        return replace(self, multiple=multiple, digits=None)

    def to_digits(self, digits: int) -> Rule:
        """Return the same rule for so many significant digits, wherever the last of them stands."""
        return replace(self, digits=digits, multiple=None)

    def in_two_steps(self, first: int = 1) -> Rule:
        """Return the same rule applied twice: to so many digits more, and then to the step."""
        return replace(self, first=first)

    def steps(self, values: ArrayLike, step: ArrayLike) -> Counts:
        """Count the whole steps that each value rounds to.

        Whole numbers are exact in a float up to 2**53, so two roundings can be compared with
        ``==``, which rounded decimals cannot.

        Parameters
        ----------
        values : array_like
            The numbers to round.
        step : array_like
            The size of a step: 0.01 for two decimals. A rule's own ``multiple`` goes before it, and
            so does, for each value, the last of its significant ``digits``.

        Returns
        -------
        ndarray of float
            Whole numbers, with the sign of the values; NaN stays NaN.

        Raises
        ------
        ValueError
            If a rule that rounds either way meets a tie.
        """
        near, far = self._both_ways(values, step)
        split = near < far
        if split.any():
            tie = np.broadcast_to(np.asarray(values, dtype=float), split.shape)[split][0]
            raise ValueError(f"values must be no tie where they are {self}, got {tie:g}")
        steps: Counts = np.copysign(near, np.asarray(values, dtype=float))
        return steps

    def round(self, values: ArrayLike, step: ArrayLike) -> Any:
        """Round values to a step.

        Parameters
        ----------
        values, step : array_like
            As in `steps`; they broadcast.

        Returns
        -------
        float or ndarray
            A float where both are scalars.

        Raises
        ------
        ValueError
            If a rule that rounds either way meets a tie.
        """
        result = _scaled(self.steps(values, step), self._step(values, step))
        return float(result) if result.ndim == 0 else result

    def agrees(self, values: ArrayLike, printed: ArrayLike, step: ArrayLike) -> Any:
        """Tell whether each value rounds to the printed number, or may where a tie is free.

        Parameters
        ----------
        values : array_like
            Recomputed numbers.
        printed : array_like
            The printed ones.
        step : array_like
            The unit of the last printed digit.

        Returns
        -------
        bool or ndarray of bool
            False where either is NaN, or where the printed number is no multiple of the step.
        """
        there = np.asarray(printed, dtype=float) / self._step(values, step)
        on_grid = np.abs(there - np.rint(there)) <= np.maximum(
            1e-6, 4.0 * np.spacing(np.abs(there))
        )
        there = np.rint(there)
        near, far = self._both_ways(values, step)
        same_side = (there == 0) | (np.sign(there) == np.sign(values))
        result = on_grid & (near <= np.abs(there)) & (np.abs(there) <= far) & same_side
        return bool(result) if result.ndim == 0 else result

    def interval(self, printed: ArrayLike, step: ArrayLike) -> tuple[Any, Any]:
        """Return the lowest and highest number that could stand behind a printed one.

        Parameters
        ----------
        printed, step : array_like
            The printed number and the unit of its last digit.

        Returns
        -------
        low, high : float or ndarray
            The ends of the interval. Which of them still rounds to the printed number is left
            open: an end has no width.
        """
        width = self._step(printed, step)
        steps = np.rint(np.asarray(printed, dtype=float) / width)
        below, above = self._sides(np.abs(steps))
        near, far = np.abs(steps) - below, np.abs(steps) + above
        # Around zero the rules reach to both sides: -0.3 truncates to 0 as 0.3 does.
        low = np.where(steps < 0, -far, np.where(steps == 0, -above, near))
        low, high = (_scaled(end, width) for end in (low, np.where(steps < 0, -near, far)))
        return (float(low), float(high)) if low.ndim == 0 else (low, high)

    def count(self, low: float, high: float, step: float) -> float:
        """Count the printed numbers that all between two numbers may round to.

        Parameters
        ----------
        low, high : float
            The ends, both included.
        step : float
            The unit of the last printed digit.

        Returns
        -------
        float
            A whole number; without end where significant digits get ever smaller around zero.

        Examples
        --------
        >>> NEAREST.count(12.4, 14.6, 1), NEAREST.to_digits(2).count(98.0, 123.0, 1)
        (4.0, 5.0)
        """
        if self.digits is not None and low * high <= 0:
            return 1.0 if low == high else np.inf
        near, far = self._both_ways([low, high], step)
        # Towards zero is upwards for what is negative.
        first, last = (-far[0] if low < 0 else near[0]), (-near[1] if high < 0 else far[1])
        between = last - first
        if self.digits is not None:
            # Of each power of ten between the two, all numbers of so many digits.
            widths = self._step([low, high], step)
            powers = np.abs(np.rint(np.log10(widths[1] / widths[0])))
            between += powers * 9.0 * 10.0 ** (self.digits - 1)
        return float(between + 1.0)

    def _both_ways(self, values: ArrayLike, step: ArrayLike) -> tuple[Counts, Counts]:
        """Count the steps of each value's size, ties towards zero and away where they are free."""
        size = np.abs(np.asarray(values, dtype=float) / self._step(values, step))
        names = ("half down", "nearest") if self.name == "either" else (self.name,)
        ways = []
        for name in names:
            once = _whole(name, size * 10.0**self.first) / 10.0**self.first if self.first else size
            ways.append(_whole(name, once))
        return ways[0], ways[-1]

    def _sides(self, steps: Counts) -> tuple[Counts, Counts]:
        """Return how far, in steps, what stands behind so many reaches towards zero and away."""
        if self.name in ("up", "down"):
            below, above = (np.full(steps.shape, float(self.name == way)) for way in ("up", "down"))
        else:
            even = steps % 2 == 0
            ties = {"nearest": (True, False), "half down": (False, True), "either": (True, True)}
            own, others = ties.get(self.name, (even, even))
            # A first rounding brings some more to a tie that counts, and takes some from one that
            # does not.
            more = 0.5 * 10.0**-self.first if self.first else 0.0
            below = 0.5 + np.where(own, more, -more)
            above = 0.5 + np.where(others, more, -more)
        if self.digits is not None:
            # Below a power of ten the steps are those of the power below; zero has no digits.
            power = steps == 10.0 ** (self.digits - 1)
            below, above = np.where(power, below / 10.0, below), np.where(steps == 0, 0.0, above)
        return below, above

    def _step(self, numbers: ArrayLike, step: ArrayLike) -> Counts:
        if self.digits is not None:
            size = np.abs(np.asarray(numbers, dtype=float))
            size = np.where(np.isfinite(size) & (size > 0), size, 1.0)
            power = np.floor(np.log10(size)).astype(int) - LEAST_POWER
            # The last bit of a logarithm does not decide between 999.9 and 1000.
            power += (POWERS[power + 1] <= size).astype(int) - (POWERS[power] > size)
            steps: Counts = POWERS[np.maximum(power + 1 - self.digits, 0)]
            return steps
        width = np.asarray(step if self.multiple is None else self.multiple, dtype=float)
        if not (width > 0).all():
            raise ValueError(f"step must be above 0, got {width}")
        return width


def _scaled(steps: Counts, width: Counts) -> Counts:
    """Turn a count of steps into the number: 35 / 100 is 0.35, 35 * 0.01 a bit more."""
    per_unit = np.maximum(np.rint(1.0 / width), 1.0)
    divides = np.abs(per_unit * width - 1.0) <= 1e-12
    return np.where(divides, steps / per_unit, steps * width)


def _whole(name: str, size: Counts) -> Counts:
    """Round sizes to whole numbers; noise is no arithmetic."""
    slack = np.minimum(SNAP * np.maximum(size, 1.0), SNAP_LIMIT)
    # An infinite size has no spacing; a term without end stays without end.
    slack = np.fmax(slack, 4.0 * np.spacing(size))
    whole: Counts
    match name:
        case "up":
            whole = np.ceil(size - slack)
        case "down":
            whole = np.floor(size + slack)
        case "half down":
            whole = np.maximum(np.ceil(size - 0.5 - slack), 0.0)
        case "half even":
            below, above = _whole("half down", size), _whole("nearest", size)
            # Of two neighbours one is even; where there is no tie, both are the same.
            whole = np.where(below / 2.0 == np.floor(below / 2.0), below, above)
        case _:
            whole = np.floor(size + 0.5 + slack)
    return whole


def _is_count(number: object, least: int) -> bool:
    """Tell whether a number counts digits that a float can hold."""
    return isinstance(number, int) and least <= number <= 15


_SAID = {
    "nearest": "to nearest",
    "half even": "to nearest, halves to even",
    "half down": "to nearest, halves towards zero",
    "either": "to nearest, halves either way",
    "up": "up",
    "down": "down",
}

NEAREST, HALF_EVEN, HALF_DOWN, EITHER, UP, DOWN = map(Rule, _SAID)
TWO_STEPS = NEAREST.in_two_steps()
#: Every rule of the above, the usual one first.
RULES = (NEAREST, HALF_EVEN, HALF_DOWN, EITHER, UP, DOWN, TWO_STEPS)


def rule(rounding: str | Rule) -> Rule:
    """Return the rule of that name; a rule is returned as it is.

    Examples
    --------
    >>> rule("up") is UP, rule("half even") is HALF_EVEN
    (True, True)
    """
    if isinstance(rounding, Rule):
        return rounding
    made = Rule(rounding)
    return next((known for known in RULES if known == made), made)
