"""What rents must keep to: bounds on linear functions of them, and what is said if none can."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from housing._arguments import number
from housing._limits import exceeds
from housing.pricing.linear import LinearFunction, linear

__all__ = ["Constraint", "InfeasibleError"]


class InfeasibleError(ValueError):
    """No rent meets all constraints.

    Attributes
    ----------
    conflict : tuple of str
        The fewest constraints that exclude each other: without any one of them the rest agree.
    gap : float
        How far the rents would have to miss them, at least, in money per m2 and month.
    """

    def __init__(
        self, conflict: Sequence[str], functions: Sequence[LinearFunction], gap: float
    ) -> None:
        self.conflict, self.gap = tuple(conflict), gap
        # A bound on a rent itself says all; one on a function is read with its formula.
        said = [
            f"{name} ({what})" if what.constant else name
            for name, what in zip(conflict, functions, strict=True)
        ]
        super().__init__(
            f"no rent meets all constraints: {' and '.join(said)} exclude each other, "
            f"by {gap:.4g} of rent"
        )


@dataclass(frozen=True, eq=False)
class Constraint:
    """Bounds on a linear function of the rents.

    Parameters
    ----------
    name : str
        What the messages call it.
    function : LinearFunction
        What is bounded.
    at_least, at_most : float, optional
        The bounds; at least one of them.

    Raises
    ------
    ValueError
        If there is no bound, a bound is no finite number, the lower one is above the upper, or
        the function is none.

    References
    ----------
    Computes: Shan, Teng, Li and Chen (2014), equation (11); equation (12); constraints in numbers.

    Examples
    --------
    >>> Constraint("rent", LinearFunction(1, 0), at_least=1, at_most=20).at_most
    20.0
    """

    name: str
    function: LinearFunction
    at_least: float = -np.inf
    at_most: float = np.inf

    def __post_init__(self) -> None:
        linear("function", self.function)
        for name, absent in (("at_least", -np.inf), ("at_most", np.inf)):
            given = getattr(self, name)
            if isinstance(given, float | np.floating) and np.isnan(given):
                raise ValueError(f"{self.name}: bounds must be numbers, got nan for {name}")
            if not (isinstance(given, float | np.floating) and given == absent):
                object.__setattr__(self, name, number(f"{self.name}: {name}", given))
        if self.at_least == -np.inf and self.at_most == np.inf:
            raise ValueError(f"{self.name}: at_least or at_most must be given")
        if exceeds(self.at_least, self.at_most):
            raise ValueError(
                f"{self.name}: at_least {self.at_least:.12g} is above at_most {self.at_most:.12g}"
            )
