"""What holds among the cells of a damaged table: sums, products and ratios, from its identities."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from compendium.page.cells import Cell as Printed
from compendium.page.identities import Application, evaluate
from rounding import NEAREST, Rule

__all__ = ["Cell", "Constraint", "Product", "Ratio", "Sum", "constraint"]

Cell = Hashable


@dataclass(frozen=True)
class Sum:
    """A total, its parts, and what is taken off; `slack` is by how many last digits they may miss.

    The total is a cell, or a number that the table does not print: 100 for shares. A running
    balance is a sum too: the balance before and what came in, less what went out.
    """

    total: Cell | float
    parts: tuple[Cell, ...]
    slack: int = 0
    less: tuple[Cell, ...] = ()

    def __post_init__(self) -> None:
        twice = [cell for cell in self.cells if self.cells.count(cell) > 1]
        if twice:
            raise ValueError(f"a sum must name a cell once, got {twice[0]!r} twice")

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell of the identity; a total that is a number passes for one that is certain."""
        return (self.total, *self.parts, *self.less)

    def sign(self, cell: Cell) -> int:
        """Return the sign of a cell where all stand on one side: -1 is that of the total."""
        return 1 if cell in self.parts else -1


@dataclass(frozen=True)
class Product:
    """A cell that is a constant times two others, rounded as printed.

    Their last digits may be off by `slack`: a half if the result was computed before they were
    rounded.
    """

    result: Cell
    factors: tuple[Cell, Cell]
    scale: float = 1.0
    rounding: Rule = NEAREST
    slack: float = 0.0

    def __post_init__(self) -> None:
        if len(set(self.cells)) != 3:
            raise ValueError(f"a product must name three different cells, got {self.cells}")

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell of the identity."""
        return (self.result, *self.factors)


@dataclass(frozen=True)
class Ratio:
    """A cell that is a constant times another over a divisor, rounded as printed.

    The divisor is a number, or the name of one that several ratios share: that of the cell where
    it is printed, or any other if it is printed nowhere. With a `slack` of a half the result was
    computed before the amount was rounded, which may be off by half its last digit.
    """

    result: Cell
    amount: Cell
    divisor: Hashable | float = 1.0
    scale: float = 1.0
    rounding: Rule = NEAREST
    slack: float = 0.0

    def __post_init__(self) -> None:
        # A total may be over itself, which is 100; a result is neither of the two.
        if self.result in (self.amount, self.divisor):
            raise ValueError(f"a ratio must have a result of its own, got {self.result!r} twice")
        if isinstance(self.divisor, float | int) and not self.divisor:
            raise ValueError(f"a ratio must have a divisor that is not zero, got {self.divisor}")

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell of the identity but the divisor."""
        return (self.result, self.amount)


Constraint = Sum | Product | Ratio


def constraint(application: Application) -> Constraint:
    """Return what an identity says of the cells at one place, each named by its place.

    Parameters
    ----------
    application : Application
        As `compendium.page.identities.applications` finds them.

    Raises
    ------
    ValueError
        If it is neither a sum with signs, nor a product of two numbers, nor a ratio.
    """
    of = dict(zip(application.identity.terms, application.terms, strict=True))
    values = {term: _Terms([(1, (cell,), ())]) for term, cell in of.items()}
    found = evaluate(application.identity.tree, values)
    terms = found.terms if isinstance(found, _Terms) else []
    result, rule, slack = application.cell.place, application.rule, application.slack
    match terms:
        case [(scale, (amount,), ())] if scale > 0:
            return Ratio(result, amount.place, 1.0, scale, rule, slack)
        case [(scale, (amount,), (divisor,))] if scale > 0:
            return Ratio(result, amount.place, divisor.place, scale, rule, slack)
        case [(scale, (one, other), ())]:
            return Product(result, (one.place, other.place), scale, rule, slack)
    constant = sum(scale for scale, over, under in terms if not over and not under)
    parts, less = (
        tuple(over[0].place for scale, over, under in terms if (scale, len(over), under) == form)
        for form in ((1, 1, ()), (-1, 1, ()))
    )
    constants = sum(not over and not under for _, over, under in terms)
    if not parts + less or len(parts + less) + constants < len(terms):
        raise ValueError(f"{application.text!r} is no sum, no product of two and no ratio")
    if constant:
        return Sum(constant, (result, *less), int(slack), parts)
    return Sum(result, parts, int(slack), less)


@dataclass(frozen=True)
class _Terms:
    """A formula multiplied out: constants, each with the cells that multiply and divide it."""

    terms: Sequence[tuple[float, tuple[Printed, ...], tuple[Printed, ...]]]

    def __add__(self, other: Any) -> _Terms:
        return _Terms([*self.terms, *_terms(other)])

    def __neg__(self) -> _Terms:
        return _Terms([(-scale, over, under) for scale, over, under in self.terms])

    def __sub__(self, other: Any) -> _Terms:
        return self + -_Terms(_terms(other))

    def __mul__(self, other: Any) -> _Terms:
        return _Terms(
            [
                (scale * factor, over + more, under + below)
                for scale, over, under in self.terms
                for factor, more, below in _terms(other)
            ]
        )

    def __truediv__(self, other: Any) -> _Terms:
        ((factor, over, under), *rest) = _terms(other)
        if rest:
            raise ValueError("a divisor must be one number, and no sum")
        return self * _Terms([(1 / factor, under, over)])

    def __radd__(self, other: float) -> _Terms:
        return _Terms(_terms(other)) + self

    def __rsub__(self, other: float) -> _Terms:
        return _Terms(_terms(other)) - self

    def __rmul__(self, other: float) -> _Terms:
        return _Terms(_terms(other)) * self

    def __rtruediv__(self, other: float) -> _Terms:
        return _Terms(_terms(other)) / self


def _terms(value: Any) -> Sequence[tuple[float, tuple[Printed, ...], tuple[Printed, ...]]]:
    return value.terms if isinstance(value, _Terms) else [(value, (), ())]
