"""Linear functions of rents, in which a letting's account and a party's interest are both put."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from housing._arrays import number, numbers, row

__all__ = ["LinearFunction"]


@dataclass(frozen=True, eq=False)
class LinearFunction:
    """A linear function of the rents of one or several types of flat.

    Parameters
    ----------
    slopes : array_like
        Change per unit of each rent.
    constant : float
        Value at rents of 0.

    Raises
    ------
    ValueError
        If a slope or the constant is no number.

    Examples
    --------
    >>> surplus = LinearFunction(870, -9400)
    >>> surplus.at(11)
    170.0
    >>> (2 * surplus + surplus).root()
    10.804597701149426
    """

    slopes: Any
    constant: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "slopes", row("slopes", self.slopes))
        object.__setattr__(self, "constant", number("constant", self.constant))

    def at(self, rents: ArrayLike) -> Any:
        """Return the value at one vector of rents, or at many.

        Types are the last axis; a function of one rent takes an array of any shape without it.
        """
        given = numbers("rents", rents)
        if self.slopes.size == 1 and (given.ndim == 0 or given.shape[-1] != 1):
            given = given[..., None]
        if given.shape[-1] != self.slopes.size:
            raise ValueError(
                f"rents must be {self.slopes.size} in the last axis, got {given.shape}"
            )
        value = given @ self.slopes + self.constant
        return float(value) if np.ndim(value) == 0 else value

    def __str__(self) -> str:
        """Return the formula: 871.72 P - 9411.32; several rents are P1, P2, ..."""
        many = self.slopes.size > 1
        terms = [
            f"{slope:+.8g} P{place if many else ''}"
            for place, slope in enumerate(self.slopes, start=1)
        ]
        terms += [f"{self.constant:+.8g}"] if self.constant else []
        return " ".join(f"{term[0]} {term[1:]}" for term in terms).removeprefix("+ ")

    def root(self) -> float:
        """Return the one rent at which the value is 0."""
        if self.slopes.size != 1 or self.slopes[0] == 0:
            raise ValueError(f"slopes must be one number that is not 0, got {self.slopes}")
        return float(-self.constant / self.slopes[0])

    def __add__(self, other: LinearFunction) -> LinearFunction:
        """Add another function of the same rents."""
        if other.slopes.size != self.slopes.size:
            raise ValueError(
                f"slopes must be as many as {self.slopes.size}, got {other.slopes.size}"
            )
        return LinearFunction(self.slopes + other.slopes, self.constant + other.constant)

    def __mul__(self, factor: float) -> LinearFunction:
        """Multiply by a number."""
        return LinearFunction(self.slopes * factor, self.constant * factor)

    __rmul__ = __mul__
