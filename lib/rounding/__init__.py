"""Rounding rules as data: how a number on a page came from the number behind it.

A printed ``13.22`` asserts an interval. Which one depends on the rule its table was rounded by:

>>> NEAREST.interval(13.22, 0.01)
(13.215, 13.225)
>>> UP.interval(13.22, 0.01)
(13.21, 13.22)

The same rules round money in a bank's books, so both the models and the audit use this module.
Rules act on the size of a number and keep its sign: half of a negative unit rounds away from zero.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["DOWN", "NEAREST", "UP", "Rule", "rule"]

#: A count of steps this close (relatively, and never more than `SNAP_LIMIT` of a step) to a tie or
#: to a whole number is taken to be on it: the difference is float noise, not arithmetic. So is one
#: of a few units in the last place, which is more than that for counts of a million million.
SNAP = 1e-12
SNAP_LIMIT = 1e-4


@dataclass(frozen=True)
class Rule:
    """A rounding rule.

    Parameters
    ----------
    name : {"nearest", "up", "down"}
        To the nearest step with halves away from zero, to the next step away from zero, or to the
        next step towards zero.
    multiple : float, optional
        The step, where it is not the last printed digit: 50 for prices quoted to the nearest 50.

    Examples
    --------
    >>> NEAREST.round(0.125, 0.01), UP.round(0.121, 0.01), DOWN.round(0.129, 0.01)
    (0.13, 0.13, 0.12)
    >>> NEAREST.to_multiple(50).round(19_827, 1)
    19850.0
    """

    name: str
    multiple: float | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or self.name not in _WHOLE:
            raise ValueError(f"rounding must be one of {', '.join(_WHOLE)}, got {self.name!r}")
        if self.multiple is not None and not self.multiple > 0:
            raise ValueError(f"multiple must be above 0, got {self.multiple}")

    def __str__(self) -> str:
        to = "" if self.multiple is None else f" to a multiple of {self.multiple:g}"
        return f"rounded {'to nearest' if self.name == 'nearest' else self.name}{to}"

    def to_multiple(self, multiple: float) -> Rule:
        """Return the same rule with a step of its own."""
        return replace(self, multiple=multiple)

    def steps(self, values: ArrayLike, step: ArrayLike) -> NDArray[np.float64]:
        """Count the whole steps that each value rounds to.

        Whole numbers are exact in a float up to 2**53, so two roundings can be compared with
        ``==``, which rounded decimals cannot.

        Parameters
        ----------
        values : array_like
            The numbers to round.
        step : array_like
            The size of a step: 0.01 for two decimals. A rule's own ``multiple`` goes before it.

        Returns
        -------
        ndarray of float
            Whole numbers, with the sign of the values; NaN stays NaN.
        """
        quotient = np.asarray(values, dtype=float) / self._step(step)
        size = np.abs(quotient)
        slack = np.minimum(SNAP * np.maximum(size, 1.0), SNAP_LIMIT)
        # An infinite size has no spacing; a term without end stays without end.
        slack = np.fmax(slack, 4.0 * np.spacing(size))
        whole: NDArray[np.float64] = _WHOLE[self.name](size, slack)
        return np.copysign(whole, quotient)

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
        """
        result = self._scaled(self.steps(values, step), step)
        return float(result) if result.ndim == 0 else result

    def agrees(self, values: ArrayLike, printed: ArrayLike, step: ArrayLike) -> Any:
        """Tell whether each value rounds to the printed number.

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
        there = np.asarray(printed, dtype=float) / self._step(step)
        on_grid = np.abs(there - np.rint(there)) <= np.maximum(
            1e-6, 4.0 * np.spacing(np.abs(there))
        )
        result = (self.steps(values, step) == np.rint(there)) & on_grid
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
        steps = np.rint(np.asarray(printed, dtype=float) / self._step(step))
        below, above = _REACH[self.name]
        near, far = np.abs(steps) - below, np.abs(steps) + above
        # Around zero the rules reach to both sides: -0.3 truncates to 0 as 0.3 does.
        low = np.where(steps < 0, -far, np.where(steps == 0, -above, near))
        low, high = (self._scaled(end, step) for end in (low, np.where(steps < 0, -near, far)))
        return (float(low), float(high)) if low.ndim == 0 else (low, high)

    def _scaled(self, steps: NDArray[np.float64], step: ArrayLike) -> NDArray[np.float64]:
        """Turn a count of steps into the number: 35 / 100 is 0.35, 35 * 0.01 a bit more."""
        width = self._step(step)
        per_unit = np.maximum(np.rint(1.0 / width), 1.0)
        divides = np.isclose(per_unit * width, 1.0, rtol=1e-12, atol=0.0)
        return np.where(divides, steps / per_unit, steps * width)

    def _step(self, step: ArrayLike) -> NDArray[np.float64]:
        width = np.asarray(step if self.multiple is None else self.multiple, dtype=float)
        if not (width > 0).all():
            raise ValueError(f"step must be above 0, got {width}")
        return width


_WHOLE: dict[str, Any] = {
    "nearest": lambda size, slack: np.floor(size + 0.5 + slack),
    "up": lambda size, slack: np.ceil(size - slack),
    "down": lambda size, slack: np.floor(size + slack),
}
#: How far, in steps, the numbers behind a printed one reach towards zero and away from it.
_REACH = {"nearest": (0.5, 0.5), "up": (1.0, 0.0), "down": (0.0, 1.0)}

NEAREST = Rule("nearest")
UP = Rule("up")
DOWN = Rule("down")


def rule(rounding: str | Rule) -> Rule:
    """Return the rule of that name; a rule is returned as it is.

    Examples
    --------
    >>> rule("up") is UP
    True
    """
    if isinstance(rounding, Rule):
        return rounding
    return {"nearest": NEAREST, "up": UP, "down": DOWN}.get(str(rounding)) or Rule(rounding)
