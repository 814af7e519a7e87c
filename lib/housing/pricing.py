"""Rent setting for three parties: what tenants, builder and government each want of one rent.

A project earns rent, pays interest and may be sold in part; the present value of its cash flows is
a linear function of the rent. So are a household's cost of living and the social benefit. A
`Programme` weighs the three under constraints and finds the rent; with several types of flat it
finds one rent for each. Rents are money per m2 and month, everything else is money per year. Years
are counted 1, 2, ... and every payment falls at the end of its year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import comb
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.optimize import linprog
from scipy.stats import rankdata

from housing._arrays import Floats, annual_rate, number, numbers, share
from housing.mortgage import annuity_factor

__all__ = [
    "Constraint",
    "ExpertWeights",
    "InfeasibleError",
    "LinearFunction",
    "Programme",
    "Project",
    "RentInterval",
    "Sale",
    "Solution",
    "WeightMap",
    "blended_rate",
    "discount_factors",
    "expert_weights",
    "levelised",
    "living_cost",
    "share_to_sell",
    "simplex_grid",
    "social_benefit",
    "stepped_index",
]

MONTHS = 12
#: The parties, in the order of their weights.
PARTIES = ("tenant", "builder", "government")
#: How far from 1 the sum of weights may be: decimals do not add up to the last bit.
ROUNDING = 1e-9
#: HiGHS keeps its constraints to 1e-7; a bound that a rent misses by no more is met.
SOLVER = 1e-7
#: Corners are found from every choice of as many constraints as there are rents.
MOST_CHOICES = 1_000_000


# Money over years --------------------------------------------------------------------------------


def discount_factors(rate: float, years: int, *, decimals: int | None = None) -> Floats:
    """Present value of one unit of money at the end of each year.

    Parameters
    ----------
    rate : float
        Cost of capital, a decimal per year.
    years : int
        How many, at least 1.
    decimals : int, optional
        Round each factor to so many decimals, as tables of factors do.

    Returns
    -------
    ndarray
        One factor a year.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    Shan, Teng, Li and Chen (2014), equation (8); the paper's factors have three decimals in its
    first two stages.

    Examples
    --------
    >>> discount_factors(0.05, 3, decimals=3)
    array([0.952, 0.907, 0.864])
    """
    cost = float(annual_rate(number("rate", rate), "rate"))
    factors = (1.0 + cost) ** -np.arange(1.0, _count("years", years) + 1)
    return factors if decimals is None else np.round(factors, decimals)


def stepped_index(years: int, step: float, *, every: int = 1, start: int = 1) -> Floats:
    """Level of a price that rises by one percentage every so many years.

    Parameters
    ----------
    years : int
        How many, at least 1.
    step : float
        Rise at each step, a decimal, above -1.
    every : int, optional
        Years from one step to the next, at least 1.
    start : int, optional
        First year of the first level, at least 1; before it the level is 1 too.

    Returns
    -------
    ndarray
        One level a year; 1 in the year `start`.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    Shan, Teng, Li and Chen (2014): rents are adjusted every two years by 5 per cent.

    Examples
    --------
    >>> stepped_index(5, 0.05, every=2)
    array([1.    , 1.    , 1.05  , 1.05  , 1.1025])
    """
    first, gap = _count("start", start), _count("every", every)
    elapsed = np.maximum(np.arange(1, _count("years", years) + 1) - first, 0)
    return (1.0 + float(annual_rate(number("step", step), "step"))) ** (elapsed // gap)


def levelised(index: ArrayLike, rate: float) -> float:
    """Constant level with the same present value as a changing one.

    Parameters
    ----------
    index : array_like
        One level a year.
    rate : float
        Cost of capital, a decimal per year.

    Returns
    -------
    float
        The mean of the levels, weighted by their discount factors.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    Shan, Teng, Li and Chen (2014), the factors Z of equations (3) and (9).

    Examples
    --------
    >>> round(levelised(stepped_index(9, 0.05, every=2), 0.0536755), 5)
    1.08363
    >>> levelised([1, 1, 1], 0.08)
    1.0
    """
    level = _row("index", index)
    factors = discount_factors(rate, level.size)
    return float(level @ factors / factors.sum())


def blended_rate(loans: ArrayLike, rates: ArrayLike) -> float:
    """Interest on several loans as a share of their sum.

    Parameters
    ----------
    loans : array_like
        Principals, money, at least 0 and not all 0.
    rates : array_like
        Rate of each, a decimal per year.

    Returns
    -------
    float
        A decimal per year.

    Raises
    ------
    ValueError
        If an argument leaves its range, or there is not one rate for each loan.

    References
    ----------
    Shan, Teng, Li and Chen (2014), the composite interest rate.

    Examples
    --------
    >>> round(blended_rate([300, 700], [0.04, 0.06]), 4)
    0.054
    """
    principal = _row("loans", loans, at_least=0)
    charged = _row("rates", annual_rate(rates, "rates"))
    if principal.size != charged.size:
        raise ValueError(
            f"rates must be {principal.size}, one for each of loans, got {charged.size}"
        )
    number("the sum of loans", principal.sum(), above=0)
    return float(principal @ charged / principal.sum())


def share_to_sell(debt: float, flats: float, price: float, other_proceeds: float = 0.0) -> float:
    """Share of the flats that must be sold to pay off a debt.

    Parameters
    ----------
    debt : float
        Money, at least 0.
    flats : float
        Area of all flats, m2, above 0.
    price : float
        Money per m2, above 0.
    other_proceeds : float, optional
        What shops, garages and the like bring, money, at least 0.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    ValueError
        If an argument leaves its range, or the whole stock would not pay the debt.

    References
    ----------
    Shan, Teng, Li and Chen (2014), the period V3.

    Examples
    --------
    >>> share_to_sell(debt=500, flats=100, price=8, other_proceeds=260)
    0.3
    """
    owed = float(numbers("debt", number("debt", debt), at_least=0))
    other = float(numbers("other_proceeds", number("other_proceeds", other_proceeds), at_least=0))
    worth = number("flats", flats, above=0) * number("price", price, above=0)
    needed = max(owed - other, 0.0) / worth
    if needed > 1.0:
        raise ValueError(
            f"debt {owed:.12g} is more than flats and other_proceeds bring, {worth + other:.12g}"
        )
    return needed


# Linear functions of rent ------------------------------------------------------------------------


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
        object.__setattr__(self, "slopes", _row("slopes", self.slopes))
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


# The project -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sale:
    """A sale of part of a project at the start of a year; what is sold earns no rent from then on.

    Parameters
    ----------
    year : int
        The first year without the rent of what was sold.
    flats : float
        Share of the flats that is sold, from 0 to 1.
    commercial : float, optional
        Share of shops and garages.
    proceeds : float, optional
        Money, received at the end of that year, at least 0.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    Examples
    --------
    >>> Sale(year=7, flats=0.3).commercial
    1.0
    """

    year: int
    flats: float
    commercial: float = 1.0
    proceeds: float = 0.0

    def __post_init__(self) -> None:
        _count("year", self.year)
        share("flats", number("flats", self.flats))
        share("commercial", number("commercial", self.commercial))
        numbers("proceeds", number("proceeds", self.proceeds), at_least=0)


@dataclass(frozen=True, eq=False)
class Project:
    """A rental project: stock by type, occupancy by year, costs, financing, plan of sale.

    Parameters
    ----------
    rate : float
        Cost of capital, a decimal per year.
    flats : array_like
        Area of each type of flat, m2, at least 0; one number for one type.
    occupancy : array_like
        Share of the stock that is let, one a year, from 0 to 1.
    rent_index : array_like
        Level of the rent, one a year, at least 0; 1 where the rent is the one to be set.
    commercial : float, optional
        What shops and garages earn in a year if all are let, money.
    interest : array_like, optional
        Money, one a year or one for every year.
    outlay : array_like, optional
        Cost of construction less public funds, money, one a year or one for every year.
    sale : Sale, optional
        Nothing is sold by default.

    Raises
    ------
    ValueError
        If an argument leaves its range, or rows are not of one length.

    References
    ----------
    Shan, Teng, Li and Chen (2014), Tables 1 and 2, equations (4)-(8).

    Examples
    --------
    >>> project = Project(
    ...     rate=0.05, flats=1000, occupancy=[0.5, 1, 1], rent_index=[1, 1, 1.05], interest=90_000
    ... )
    >>> surplus = project.annual_surplus()
    >>> surplus.slopes.round(), round(surplus.constant)
    (array([10092.]), -90000)
    >>> round(surplus.root(), 2)
    8.92
    """

    rate: float
    flats: Any
    occupancy: Any
    rent_index: Any
    commercial: float = 0.0
    interest: Any = 0.0
    outlay: Any = 0.0
    sale: Sale | None = None

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "rate", float(annual_rate(number("rate", self.rate), "rate")))
        put(self, "flats", _row("flats", self.flats, at_least=0))
        put(self, "occupancy", _row("occupancy", share("occupancy", self.occupancy)))
        put(self, "commercial", number("commercial", self.commercial))
        for name, least in (("rent_index", 0.0), ("interest", None), ("outlay", None)):
            given = _row(name, getattr(self, name), at_least=least)
            if given.size not in (1, self.years):
                raise ValueError(f"{name} must be one a year, {self.years}, got {given.size}")
            put(self, name, np.broadcast_to(given, self.years))
        if self.sale and self.sale.year > self.years:
            raise ValueError(f"sale must fall in years 1 to {self.years}, got {self.sale.year}")

    @property
    def years(self) -> int:
        """How many years the project is reckoned for."""
        return int(self.occupancy.size)

    def cash_flows(self) -> pd.DataFrame:
        """Return each year's flows.

        Returns
        -------
        DataFrame
            One row a year, from 1: ``let`` (m2 of flats), ``rent`` (money per unit of rent),
            ``commercial``, ``interest``, ``outlay`` and ``sale`` (money).
        """
        flats_kept, commercial_kept = self._kept()
        let = self.flats.sum() * self.occupancy * flats_kept
        received = np.zeros(self.years)
        if self.sale:
            received[self.sale.year - 1] = self.sale.proceeds
        return pd.DataFrame(
            {
                "let": let,
                "rent": MONTHS * let * self.rent_index,
                "commercial": self.commercial * self.occupancy * commercial_kept,
                "interest": self.interest,
                "outlay": self.outlay,
                "sale": received,
            },
            index=pd.RangeIndex(1, self.years + 1, name="year"),
        )

    def present_value(
        self, first: int = 1, last: int | None = None, *, decimals: int | None = None
    ) -> LinearFunction:
        """Present value of the surplus of a stage.

        Parameters
        ----------
        first, last : int, optional
            Its years, both counted in; the whole time by default.
        decimals : int, optional
            Round the discount factors to so many decimals.

        Returns
        -------
        LinearFunction
            Of the rents of the types of flat.

        Raises
        ------
        ValueError
            If the stage ends before it begins, or leaves the years of the project.
        """
        stage = self._stage(first, last)
        factors = discount_factors(self.rate, self.years, decimals=decimals)[stage]
        flows = self.cash_flows().iloc[stage]
        mix = self.flats / (self.flats.sum() or 1.0)
        net = flows["commercial"] + flows["sale"] - flows["interest"] - flows["outlay"]
        return LinearFunction(mix * (factors @ flows["rent"]), float(factors @ net))

    def present_cost(self, first: int = 1, last: int | None = None) -> float:
        """Present value of outlay and interest in a stage: the base of the cap on surplus.

        Parameters
        ----------
        first, last : int, optional
            Its years, both counted in; the whole time by default.

        Returns
        -------
        float
            Money.

        Raises
        ------
        ValueError
            If the stage ends before it begins, or leaves the years of the project.
        """
        stage = self._stage(first, last)
        factors = discount_factors(self.rate, self.years)[stage]
        return float(factors @ (self.interest + self.outlay)[stage])

    def annual_surplus(self) -> LinearFunction:
        """Return the yearly surplus with the same present value as all flows: V(P)."""
        return self.present_value() * (1.0 / self._annuity())

    def annual_cost(self) -> float:
        """Return the yearly cost with the same present value as outlay and interest."""
        return self.present_cost() / self._annuity()

    def _annuity(self) -> float:
        return float(annuity_factor(self.rate, self.years, periods_per_year=1))

    def _kept(self) -> tuple[Floats, Floats]:
        """Return what is left unsold in each year, of flats and of shops and garages."""
        everything = np.ones(self.years)
        if self.sale is None:
            return everything, everything
        sold = np.arange(1, self.years + 1) >= self.sale.year
        return everything - self.sale.flats * sold, everything - self.sale.commercial * sold

    def _stage(self, first: int, last: int | None) -> slice:
        start = _count("first", first)
        end = self.years if last is None else _count("last", last)
        if end < start:
            raise ValueError(f"last must not come before first: year {end} before year {start}")
        if end > self.years:
            raise ValueError(f"last must be at most {self.years}, got {end}")
        return slice(start - 1, end)


def living_cost(
    area: ArrayLike,
    other_costs: float,
    *,
    rate: float,
    rent_index: ArrayLike,
    cost_index: ArrayLike,
    households: ArrayLike | None = None,
) -> LinearFunction:
    """Yearly cost of living of a tenant household, levelised over its tenancy: U(P).

    Parameters
    ----------
    area : array_like
        Area of a flat of each type, m2, above 0.
    other_costs : float
        Fees, transport, water and power in the first year, money per month.
    rate : float
        Cost of capital, a decimal per year.
    rent_index, cost_index : array_like
        Levels of rent and of other costs, one a year.
    households : array_like, optional
        Share of households in each type; they add up to 1. Equal shares by default.

    Returns
    -------
    LinearFunction
        Money per year of the average household.

    Raises
    ------
    ValueError
        If an argument leaves its range, or the shares do not fit.

    References
    ----------
    Shan, Teng, Li and Chen (2014), equation (3).

    Examples
    --------
    >>> cost = living_cost(60, 430, rate=0.05, rent_index=[1, 1, 1.05], cost_index=[1, 1.05, 1.1])
    >>> cost.slopes.round(2), round(cost.constant, 2)
    (array([731.42]), 5409.61)
    """
    size = numbers("area", np.atleast_1d(area), above=0)
    mix = np.full(size.size, 1.0 / size.size) if households is None else _shares(households)
    if mix.size != size.size:
        raise ValueError(f"households must be {size.size}, one for each of area, got {mix.size}")
    other = float(numbers("other_costs", number("other_costs", other_costs), at_least=0))
    return LinearFunction(
        MONTHS * size * mix * levelised(rent_index, rate),
        MONTHS * other * levelised(cost_index, rate),
    )


def social_benefit(
    market_rent: ArrayLike,
    flats: ArrayLike,
    surplus: LinearFunction,
    *,
    rate: float,
    market_index: ArrayLike,
    rent_index: ArrayLike | None = None,
    externality: float = 0.0,
) -> LinearFunction:
    """Consumer and producer surplus of a year, levelised, less external cost: S(P).

    Parameters
    ----------
    market_rent : array_like
        Rent of like flats on the market, for each type, at least 0.
    flats : array_like
        Area of each type of flat, m2, at least 0.
    surplus : LinearFunction
        The builder's yearly surplus, V(P).
    rate : float
        Cost of capital, a decimal per year.
    market_index : array_like
        Level of market rents, one a year.
    rent_index : array_like, optional
        Level of the rent to be set, one a year; as the market's by default.
    externality : float, optional
        External cost, money per year.

    Returns
    -------
    LinearFunction
        Money per year.

    Raises
    ------
    ValueError
        If an argument leaves its range, or the types are not as many as those of the surplus.

    References
    ----------
    Shan, Teng, Li and Chen (2014), equation (9).

    Examples
    --------
    >>> benefit = social_benefit(
    ...     20, 1000, LinearFunction(9000, -90_000), rate=0.05, market_index=[1, 1, 1]
    ... )
    >>> benefit.slopes, round(benefit.constant)
    (array([-3000.]), 150000)
    """
    area = _row("flats", flats, at_least=0)
    market = np.broadcast_to(_row("market_rent", market_rent, at_least=0), area.shape)
    ours = market_index if rent_index is None else rent_index
    gap = LinearFunction(
        -MONTHS * area * levelised(ours, rate),
        float(MONTHS * area @ market * levelised(market_index, rate)),
    )
    return gap + surplus + LinearFunction(np.zeros(area.size), -number("externality", externality))


# The programme -----------------------------------------------------------------------------------


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
        If there is no bound, a bound is NaN, or the lower one is above the upper.

    Examples
    --------
    >>> Constraint("rent", LinearFunction(1, 0), at_least=1, at_most=20).at_most
    20
    """

    name: str
    function: LinearFunction
    at_least: float = -np.inf
    at_most: float = np.inf

    def __post_init__(self) -> None:
        if np.isnan(self.at_least) or np.isnan(self.at_most):
            raise ValueError(f"{self.name}: bounds must be numbers, got nan")
        if self.at_least == -np.inf and self.at_most == np.inf:
            raise ValueError(f"{self.name}: at_least or at_most must be given")
        if self.at_least > self.at_most:
            raise ValueError(
                f"{self.name}: at_least {self.at_least:.12g} is above at_most {self.at_most:.12g}"
            )


class Solution(NamedTuple):
    """The rents that a programme chooses, what they mean to each party, and what holds them."""

    rents: Floats
    value: float
    living_cost: float
    surplus: float
    social_benefit: float
    binding: tuple[str, ...]


class RentInterval(NamedTuple):
    """The rents that one-rent constraints allow, and the constraints that end them."""

    low: float
    high: float
    low_by: str
    high_by: str


class WeightMap(NamedTuple):
    """The optimum for each vector of weights: one row a vector."""

    weights: Floats
    rents: Floats
    value: Floats
    corner: Any


@dataclass(frozen=True, eq=False)
class Programme:
    """A weighted programme over the interests of tenant, builder and government.

    Parameters
    ----------
    tenant : LinearFunction
        Cost of living U(P), to be kept low.
    builder : LinearFunction
        Surplus V(P), to be raised.
    government : LinearFunction
        Social benefit S(P), to be raised.
    constraints : sequence of Constraint
        On the same rents; together they must keep every rent between two ends.

    Raises
    ------
    ValueError
        If there is no constraint, or the functions have not the same rents.

    References
    ----------
    Shan, Teng, Li and Chen (2014), equations (1)-(13).

    Examples
    --------
    >>> rent = LinearFunction(1, 0)
    >>> programme = Programme(
    ...     tenant=LinearFunction(780, 6200),
    ...     builder=LinearFunction(870, -9400),
    ...     government=LinearFunction(-460, 18_000),
    ...     constraints=[
    ...         Constraint("balance", LinearFunction(870, -9400), at_least=0),
    ...         Constraint("rent", rent, at_least=1, at_most=20),
    ...     ],
    ... )
    >>> best = programme.solve([0.6, 0.1, 0.3])
    >>> best.rents.round(3), best.binding
    (array([10.805]), ('balance, at least 0',))
    """

    tenant: LinearFunction
    builder: LinearFunction
    government: LinearFunction
    constraints: Sequence[Constraint]

    def __post_init__(self) -> None:
        object.__setattr__(self, "constraints", tuple(self.constraints))
        if not self.constraints:
            raise ValueError("constraints is empty: rents need ends")
        for function in (self.builder, self.government, *(c.function for c in self.constraints)):
            if function.slopes.size != self.types:
                raise ValueError(
                    f"all functions must have the {self.types} rents of tenant, "
                    f"got one of {function.slopes.size}"
                )

    @property
    def types(self) -> int:
        """How many rents are to be set."""
        return int(self.tenant.slopes.size)

    def objective(self, weights: ArrayLike) -> LinearFunction:
        """Weighted sum of what the parties want, to be raised.

        Parameters
        ----------
        weights : array_like
            Of tenant, builder and government; at least 0, adding up to 1.

        Returns
        -------
        LinearFunction
            Equation (13).

        Raises
        ------
        ValueError
            If the weights leave their range or do not add up to 1.
        """
        of_tenant, of_builder, of_government = _weights(weights)[0]
        return (
            -float(of_tenant) * self.tenant
            + float(of_builder) * self.builder
            + float(of_government) * self.government
        )

    def payoffs(self, rents: ArrayLike) -> Floats:
        """Return what rents are worth to each party, in the sense in which each wants more.

        Parameters
        ----------
        rents : array_like
            Types in the last axis.

        Returns
        -------
        ndarray
            Tenant (the cost of living with a minus), builder and government in the last axis.
        """
        parts = (-1.0 * self.tenant, self.builder, self.government)
        return np.stack([np.asarray(part.at(rents)) for part in parts], axis=-1)

    def solve(self, weights: ArrayLike) -> Solution:
        """Find the best rents by linear programming (HiGHS).

        Parameters
        ----------
        weights : array_like
            Of tenant, builder and government; at least 0, adding up to 1.

        Returns
        -------
        Solution
            The rents, the weighted value, the three objectives, and the constraints that bind.

        Raises
        ------
        InfeasibleError
            If no rent meets all constraints; it names those that exclude each other.
        ValueError
            If the weights leave their range or do not add up to 1, or the constraints leave a rent
            without an end.
        """
        goal = self.objective(weights)
        self._require_ends()
        matrix, limits, _ = self._rows
        found = _linprog(-goal.slopes, matrix, limits)
        return self._solution(goal, np.asarray(found.x, dtype=float))

    def closed_form(self, weights: ArrayLike) -> Solution:
        """Find the best one rent without a solver: the end to which the objective rises.

        Parameters
        ----------
        weights : array_like
            Of tenant, builder and government; at least 0, adding up to 1.

        Returns
        -------
        Solution
            As `solve` gives it; the lower end if the objective is level.

        Raises
        ------
        InfeasibleError
            If no rent meets all constraints.
        ValueError
            If there are several rents, or the weights leave their range.
        """
        goal, ends = self.objective(weights), self.rent_interval()
        return self._solution(goal, np.array([ends.high if goal.slopes[0] > 0 else ends.low]))

    def rent_interval(self) -> RentInterval:
        """Return the lowest and the highest rent that the constraints allow, and what sets them.

        Returns
        -------
        RentInterval
            For a programme of one rent.

        Raises
        ------
        InfeasibleError
            If no rent meets all constraints.
        ValueError
            If there are several rents.
        """
        if self.types != 1:
            raise ValueError(f"an interval needs one rent, got {self.types}")
        self._require_ends()
        matrix, limits, names = self._rows
        upper = matrix[:, 0] > 0
        lows = np.where(upper, -np.inf, -limits)
        highs = np.where(upper, limits, np.inf)
        low, high = int(lows.argmax()), int(highs.argmin())
        return RentInterval(float(lows[low]), float(highs[high]), names[low], names[high])

    @cached_property
    def corners(self) -> Floats:
        """The corners of the feasible set, one row each; an optimum is always at one of them.

        Raises
        ------
        InfeasibleError
            If no rent meets all constraints.
        ValueError
            If the constraints leave a rent without an end, or are too many to go through.
        """
        self._require_ends()
        matrix, limits, _ = self._rows
        choices = comb(len(limits), self.types)
        if choices > MOST_CHOICES:
            raise ValueError(
                f"corners need at most {MOST_CHOICES:,} choices of constraints, got {choices:,}"
            )
        picks = np.array(list(combinations(range(len(limits)), self.types)))
        chosen = matrix[picks]
        regular = np.abs(np.linalg.det(chosen)) > 1e-12  # rows have length 1
        points = np.linalg.solve(chosen[regular], limits[picks[regular]][..., None])[..., 0]
        slack = limits - points @ matrix.T
        inside = (slack >= -1e-9 * (1.0 + np.abs(limits))).all(axis=1)
        _, first = np.unique(points[inside].round(9), axis=0, return_index=True)
        return points[inside][first]

    def evaluate(self, weights: ArrayLike) -> WeightMap:
        """Find the best rents for many vectors of weights at once, at the corners alone.

        Parameters
        ----------
        weights : array_like
            One row a vector: tenant, builder, government; at least 0, adding up to 1.

        Returns
        -------
        WeightMap
            Where two corners are equally good, the first.

        Raises
        ------
        InfeasibleError
            If no rent meets all constraints.
        ValueError
            If weights leave their range or do not add up to 1.
        """
        return self._evaluate(_weights(weights))

    def weight_map(self, divisions: int) -> WeightMap:
        """Map the whole simplex of weights.

        Parameters
        ----------
        divisions : int
            Steps from 0 to 1 along each edge; 446 make 100,128 vectors.

        Returns
        -------
        WeightMap
            One row for each vector of `simplex_grid`.

        Raises
        ------
        InfeasibleError
            If no rent meets all constraints.
        """
        return self._evaluate(simplex_grid(divisions))

    def normalised(self) -> Programme:
        """Return the programme with each objective scaled to run from 0 to 1 over feasible rents.

        Returns
        -------
        Programme
            The tenant's cost runs from 0, at its best corner, to 1. An objective that the rents
            do not move becomes 0.

        Raises
        ------
        InfeasibleError
            If no rent meets all constraints.
        """

        def scaled(function: LinearFunction) -> LinearFunction:
            values = function.at(self.corners)
            low, span = values.min(), values.max() - values.min()
            shifted = function + LinearFunction(np.zeros(self.types), -low)
            return shifted * (1.0 / span if span > 0 else 0.0)

        tenant, builder, government = map(scaled, self._parties)
        return Programme(tenant, builder, government, self.constraints)

    def efficient_corners(self) -> Floats:
        """Return the corners at which no party can gain unless another loses.

        A corner is efficient if and only if some weights, all above 0, make it the best one.

        Returns
        -------
        ndarray
            One row a corner.

        Raises
        ------
        InfeasibleError
            If no rent meets all constraints.
        """
        worth = self.normalised().payoffs(self.corners)
        return self.corners[[_is_best_for_some(worth, place) for place in range(len(worth))]]

    def _evaluate(self, weights: Floats) -> WeightMap:
        worth = weights @ self.payoffs(self.corners).T
        corner = worth.argmax(axis=1)
        value = worth[np.arange(len(worth)), corner]
        return WeightMap(weights, self.corners.take(corner, axis=0), value, corner)

    @property
    def _parties(self) -> tuple[LinearFunction, LinearFunction, LinearFunction]:
        return self.tenant, self.builder, self.government

    @cached_property
    def _rows(self) -> tuple[Floats, Floats, list[str]]:
        """Return the constraints as ``matrix @ rents <= limits``, rows of length 1, with names.

        A row of length 1 measures in rent how far it is missed.
        """
        rows: list[Floats] = []
        limits: list[float] = []
        names: list[str] = []
        for constraint, word, bound in self._bounds():
            slopes, sign = constraint.function.slopes, -1.0 if word == "at least" else 1.0
            length = float(np.linalg.norm(slopes))
            if length == 0:
                raise ValueError(f"{constraint.name} does not depend on any rent")
            rows.append(sign * slopes / length)
            limits.append(sign * (bound - constraint.function.constant) / length)
            names.append(f"{constraint.name}, {word} {bound:g}")
        return np.array(rows), np.array(limits), names

    def _bounds(self) -> list[tuple[Constraint, str, float]]:
        """Return the bounds that are set, two for a constraint that has both."""
        both = (("at least", "at_least"), ("at most", "at_most"))
        return [
            (constraint, word, getattr(constraint, name))
            for constraint in self.constraints
            for word, name in both
            if np.isfinite(getattr(constraint, name))
        ]

    @cached_property
    def _ends(self) -> bool:
        """Tell whether every rent has both ends, or say why there is no rent at all."""
        matrix, limits, _ = self._rows
        if _linprog(np.zeros(self.types), matrix, limits).status == 2:
            raise self._conflict()
        units = np.eye(self.types)
        return all(
            _linprog(sign * unit, matrix, limits).status == 0 for unit in units for sign in (1, -1)
        )

    def _require_ends(self) -> None:
        if not self._ends:
            raise ValueError("constraints must give every rent a lowest and a highest value")

    def _conflict(self) -> InfeasibleError:
        """Return the fewest constraints that exclude each other, and by how much."""
        matrix, limits, names = self._rows
        kept = list(range(len(limits)))
        for row in list(kept):
            rest = [other for other in kept if other != row]
            if rest and _linprog(np.zeros(self.types), matrix[rest], limits[rest]).status == 2:
                kept = rest
        # The least that rents must miss these rows by: each row may be exceeded by a slack.
        slacks = np.hstack([matrix[kept], -np.eye(len(kept))])
        bounds = [(None, None)] * self.types + [(0, None)] * len(kept)
        cost = np.r_[np.zeros(self.types), np.ones(len(kept))]
        least = linprog(cost, A_ub=slacks, b_ub=limits[kept], bounds=bounds, method="highs")
        functions = [self._bounds()[row][0].function for row in kept]
        return InfeasibleError([names[row] for row in kept], functions, float(least.fun))

    def _solution(self, goal: LinearFunction, rents: Floats) -> Solution:
        matrix, limits, names = self._rows
        room = limits - matrix @ rents
        near = SOLVER * (1.0 + np.abs(limits))
        binding = [name for name, left, most in zip(names, room, near, strict=True) if left <= most]
        cost, surplus, benefit = (party.at(rents) for party in self._parties)
        return Solution(rents, goal.at(rents), cost, surplus, benefit, tuple(binding))


def simplex_grid(divisions: int) -> Floats:
    """Vectors of three weights in even steps over the whole simplex.

    Parameters
    ----------
    divisions : int
        Steps from 0 to 1, at least 1.

    Returns
    -------
    ndarray
        One row a vector, ``(divisions + 1) * (divisions + 2) / 2`` of them.

    Raises
    ------
    ValueError
        If there are no divisions.

    Examples
    --------
    >>> simplex_grid(2)
    array([[0. , 0. , 1. ],
           [0. , 0.5, 0.5],
           [0. , 1. , 0. ],
           [0.5, 0. , 0.5],
           [0.5, 0.5, 0. ],
           [1. , 0. , 0. ]])
    """
    steps = _count("divisions", divisions)
    lengths = np.arange(steps + 1, 0, -1)
    first = np.repeat(np.arange(steps + 1), lengths)
    second = np.arange(first.size) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return np.stack([first, second, steps - first - second], axis=1) / steps


# Weights by experts ------------------------------------------------------------------------------


class ExpertWeights(NamedTuple):
    """Weights from a table of scores, and how far the experts agree."""

    weights: pd.Series
    concordance: float
    spread: pd.Series
    without: pd.DataFrame
    influence: pd.Series


def expert_weights(scores: Any) -> ExpertWeights:
    """Weights by expert scoring: mean, agreement, and what each expert moves.

    Parameters
    ----------
    scores : DataFrame or array_like
        One row an expert, one column a criterion; at least 0. Each expert's scores are divided by
        their sum, so that all experts count alike.

    Returns
    -------
    ExpertWeights
        ``weights``: the mean of the experts' shares. ``concordance``: Kendall's W of their
        rankings, from 0 (none) to 1 (all rank alike), with the correction for ties; NaN where every
        expert scores all criteria alike. ``spread``: standard deviation of each criterion's share.
        ``without``: the weights if one expert is left out, one row each. ``influence``: the most
        that leaving him out moves a weight.

    Raises
    ------
    ValueError
        If there are fewer than two experts or criteria, a score is negative, or an expert gives
        nothing but 0.

    References
    ----------
    Shan, Teng, Li and Chen (2014), "The setting of weights". M. G. Kendall and B. Babington Smith
    (1939), The problem of m rankings, Annals of Mathematical Statistics 10, 275-287.

    Examples
    --------
    >>> scores = pd.DataFrame({"tenant": [6, 5, 7], "builder": [1, 2, 1], "government": [3, 3, 2]})
    >>> result = expert_weights(scores)
    >>> result.weights.round(2).to_dict()
    {'tenant': 0.6, 'builder': 0.13, 'government': 0.27}
    >>> result.concordance
    1.0
    """
    table = pd.DataFrame(scores)
    given = numbers("scores", table.to_numpy(), at_least=0)
    experts, criteria = given.shape
    if experts < 2 or criteria < 2:
        raise ValueError(f"scores must have two experts and two criteria, got {given.shape}")
    sums = given.sum(axis=1)
    if (sums == 0).any():
        raise ValueError(f"scores of an expert must not all be 0, row {int(np.argmin(sums))}")
    parts = given / sums[:, None]
    weights = parts.mean(axis=0)
    without = (parts.sum(axis=0) - parts) / (experts - 1)
    return ExpertWeights(
        pd.Series(weights, index=table.columns),
        _concordance(given),
        pd.Series(parts.std(axis=0, ddof=1), index=table.columns),
        pd.DataFrame(without, index=table.index, columns=table.columns),
        pd.Series(np.abs(without - weights).max(axis=1), index=table.index),
    )


def _concordance(scores: Floats) -> float:
    """Return Kendall's W with the correction for ties."""
    experts, criteria = scores.shape
    ranks = rankdata(scores, axis=1)
    deviations = ranks.sum(axis=0) - experts * (criteria + 1) / 2
    ties = sum(
        float((counts**3 - counts).sum())
        for counts in (np.unique(row, return_counts=True)[1] for row in ranks)
    )
    most = experts**2 * (criteria**3 - criteria) - experts * ties
    return float(12 * (deviations**2).sum() / most) if most > 0 else float("nan")


# Checks ------------------------------------------------------------------------------------------


def _linprog(cost: Floats, matrix: Floats, limits: Floats) -> Any:
    return linprog(cost, A_ub=matrix, b_ub=limits, bounds=(None, None), method="highs")


def _is_best_for_some(worth: Floats, place: int) -> bool:
    """Tell whether weights above 0 exist for which no row of `worth` beats this one."""
    parties = worth.shape[1]
    beats = np.hstack([worth - worth[place], np.zeros((len(worth), 1))])
    above = np.hstack([-np.eye(parties), np.ones((parties, 1))])
    found = linprog(
        np.r_[np.zeros(parties), -1.0],
        A_ub=np.vstack([beats, above]),
        b_ub=np.zeros(len(worth) + parties),
        A_eq=np.r_[np.ones(parties), 0.0][None],
        b_eq=[1.0],
        bounds=(0, None),
        method="highs",
    )
    return found.status == 0 and bool(found.x[-1] > SOLVER)


def _count(name: str, value: Any) -> int:
    """Return a whole number of at least 1."""
    given = number(name, value)
    if given < 1 or given != int(given):
        raise ValueError(f"{name} must be a whole number of at least 1, got {given:.12g}")
    return int(given)


def _row(name: str, value: Any, *, at_least: float | None = None) -> Floats:
    """Return a row of numbers; one number is a row of one."""
    row = np.atleast_1d(numbers(name, value, at_least=at_least))
    if row.ndim != 1:
        raise ValueError(f"{name} must be a row of numbers, got the shape {row.shape}")
    return row


def _shares(households: ArrayLike) -> Floats:
    mix = _row("households", share("households", households))
    if abs(mix.sum() - 1.0) > ROUNDING:
        raise ValueError(f"households must add up to 1, got {mix.sum():.12g}")
    return mix


def _weights(weights: ArrayLike) -> Floats:
    """Return one row or many rows of three weights, checked."""
    table = np.atleast_2d(
        numbers("weights", weights, at_least=0, hint=". Weights are decimals: for 60% give 0.60")
    )
    if table.ndim != 2 or table.shape[1] != len(PARTIES):
        raise ValueError(f"weights must be three, of {', '.join(PARTIES)}, got {table.shape}")
    sums = table.sum(axis=1)
    off = np.abs(sums - 1.0) > ROUNDING
    if off.any():
        first = int(np.argmax(off))
        where = f" in row {first}" if np.ndim(weights) > 1 else ""
        said = " + ".join(f"{weight:.12g}" for weight in table[first])
        raise ValueError(f"weights must add up to 1, got {said} = {sums[first]:.12g}{where}")
    return table
