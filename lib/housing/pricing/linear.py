"""Linear functions of rents, in which a letting's account and a party's interest are both put."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from housing._arguments import Floats, number, numbers, row

__all__ = ["LinearFunction", "linear"]


@dataclass(frozen=True, eq=False)
class LinearFunction:
    """A linear function of the rents of one or several types of flat.

    Parameters
    ----------
    slopes : array_like
        Change per unit of each rent. The labels of a Series name the rents.
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
    #: Names of the rents, if the slopes had any.
    labels: pd.Index | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "labels", labels_of(self.slopes))
        object.__setattr__(self, "slopes", row("slopes", self.slopes))
        object.__setattr__(self, "constant", number("constant", self.constant))

    def at(self, rents: ArrayLike) -> Any:
        """Return the value at one vector of rents, or at many.

        Parameters
        ----------
        rents : array_like
            Types are the last axis; a function of one rent takes an array of any shape without it.

        Returns
        -------
        float, ndarray, Series or DataFrame
            A Series for the rows of a DataFrame of several rents; else in the kind of the rents.

        Raises
        ------
        ValueError
            If there are not as many rents as slopes, they are labelled otherwise than the slopes,
            or the value is larger than a float can be.
        """
        given = numbers("rents", rents)
        if self.slopes.size == 1 and given.shape[-1:] != (1,):
            given = given[..., None]
        elif given.shape[-1:] != self.slopes.shape:
            raise ValueError(
                f"rents must be {self.slopes.size} in the last axis, got {given.shape}"
            )
        elif self.slopes.size > 1:
            self.require_labels("rents", labels_of(rents))
        with np.errstate(over="ignore", invalid="ignore"):
            # Not ``@``, whose order of adding up hangs on the processor.
            value = (given * self.slopes).sum(axis=-1) + self.constant
        require_finite("rents", value)
        return _like(rents, value)

    def require_labels(self, name: str, labels: pd.Index | None) -> None:
        """Refuse rents that are labelled otherwise than those of this function.

        Raises
        ------
        ValueError
            If both have labels and they differ, be it in their order.
        """
        if self.labels is not None and labels is not None and not self.labels.equals(labels):
            raise ValueError(
                f"{name} must have the labels of slopes, {list(self.labels)}, got {list(labels)}"
            )

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
        """Return the one rent at which the value is 0.

        Raises
        ------
        ValueError
            If there are several rents, or the rent does not count or so little that no float is
            the root.
        """
        if self.slopes.size != 1 or self.slopes[0] == 0:
            raise ValueError(f"slopes must be one number that is not 0, got {self.slopes}")
        root = 0.0 - self.constant / float(self.slopes[0])
        if not np.isfinite(root):
            raise ValueError(f"slopes must be large enough for a finite root, got {self.slopes}")
        return root

    def __add__(self, other: LinearFunction) -> LinearFunction:
        """Add another function of the same rents."""
        if not isinstance(other, LinearFunction):
            return NotImplemented
        if other.slopes.size != self.slopes.size:
            raise ValueError(
                f"slopes must be as many as {self.slopes.size}, got {other.slopes.size}"
            )
        self.require_labels("slopes of both functions", other.labels)
        labels = other.labels if self.labels is None else self.labels
        with np.errstate(over="ignore"):
            slopes = self.slopes + other.slopes
        return finite_function("both functions", slopes, self.constant + other.constant, labels)

    def __mul__(self, factor: float) -> LinearFunction:
        """Multiply by a number."""
        times = number("factor", factor)
        with np.errstate(over="ignore"):
            slopes = self.slopes * times
        return finite_function("factor", slopes, self.constant * times, self.labels)

    __rmul__ = __mul__


def labels_of(rents: Any) -> pd.Index | None:
    """Return the names of rents: the index of a Series, the columns of a DataFrame.

    What pandas counts where nobody named them is none.
    """
    if not isinstance(rents, pd.Series | pd.DataFrame):
        return None
    labels = rents.columns if isinstance(rents, pd.DataFrame) else rents.index
    return None if isinstance(labels, pd.RangeIndex) else labels


def finite_function(
    names: str, slopes: Floats, constant: float, labels: pd.Index | None = None
) -> LinearFunction:
    """Return the function that named arguments give, or say that they are too large for one.

    Raises
    ------
    ValueError
        If a slope or the constant is larger than a float can be.
    """
    require_finite(names, slopes)
    require_finite(names, constant)
    return LinearFunction(slopes if labels is None else pd.Series(slopes, index=labels), constant)


def require_finite(names: str, values: Any) -> None:
    """Refuse arguments from which numbers come that are larger than a float can be."""
    if not np.isfinite(values).all():
        raise ValueError(f"{names} must be small enough for finite results, got {values}")


def _like(rents: Any, value: Any) -> Any:
    """Return values in the kind of the rents that they belong to."""
    if np.ndim(value) == 0:
        return float(value)
    if isinstance(rents, pd.DataFrame) and value.shape == rents.shape:
        return pd.DataFrame(value, index=rents.index, columns=rents.columns)
    if isinstance(rents, pd.Series | pd.DataFrame):
        return pd.Series(value, index=rents.index)
    return value


def linear(name: str, value: Any) -> LinearFunction:
    """Return an argument that must be a linear function.

    Raises
    ------
    ValueError
        If it is none; the message names the argument.
    """
    if not isinstance(value, LinearFunction):
        raise ValueError(f"{name} must be a LinearFunction, got {value!r}")
    return value
