"""A rental project and what a rent means to its builder.

A project earns rent, pays interest and may be sold in part. The present value of its cash flows is
a linear function of the rent. Rents are money per m2 and month, everything else is money per year.
Years are counted 1, 2, ... and every payment falls at the end of its year. The module is one
account: whatever is asked of a project is read off its cash flows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from housing._arguments import (
    Floats,
    annual_rate,
    broadcast,
    number,
    numbers,
    power,
    row,
    same_labels,
    share,
    whole_number,
    with_rows,
    within_floats,
)
from housing._limits import exceeds
from housing.mortgage import annuity_factor
from housing.pricing.cashflow import discount_factors, stepped_index
from housing.pricing.linear import (
    LinearFunction,
    finite_function,
    labels_of,
    require_finite,
)

__all__ = [
    "RentalProject",
    "Sale",
    "share_to_sell",
]

MONTHS = 12
AMOUNTS = "flats, rent_index, commercial, interest, outlay and sale"


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
        put = object.__setattr__
        put(self, "year", whole_number("year", self.year))
        for name in ("flats", "commercial"):
            put(self, name, float(share(name, number(name, getattr(self, name)))))
        put(self, "proceeds", number("proceeds", self.proceeds, at_least=0))


@dataclass(frozen=True, eq=False)
class RentalProject:
    """A rental project: stock by type, occupancy by year, costs, financing, plan of sale.

    Parameters
    ----------
    rate : float
        Cost of capital, a decimal per year.
    flats : array_like
        Area of each type of flat, m2, at least 0; one number for one type. The labels of a Series
        name the types.
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
        If an argument leaves its range, or rows are not of one length or not labelled alike.

    References
    ----------
    Shan, Teng, Li and Chen (2014), Tables 1 and 2, equations (4)-(8).

    Examples
    --------
    >>> project = RentalProject(
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
    #: Names of the types of flat, if `flats` had any.
    types: pd.Index | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        put = object.__setattr__
        yearly = {name: getattr(self, name) for name in ("rent_index", "interest", "outlay")}
        same_labels(occupancy=self.occupancy, **yearly)
        put(self, "types", labels_of(self.flats))
        put(self, "rate", float(annual_rate(number("rate", self.rate), "rate")))
        put(self, "flats", row("flats", self.flats, at_least=0))
        put(self, "occupancy", row("occupancy", share("occupancy", self.occupancy)))
        put(self, "commercial", number("commercial", self.commercial))
        for name, value in yearly.items():
            given = row(name, value, at_least=0.0 if name == "rent_index" else None)
            if given.size not in (1, self.years):
                raise ValueError(f"{name} must be one a year, {self.years}, got {given.size}")
            put(self, name, np.broadcast_to(given, self.years))
        if self.sale is None:
            return
        if not isinstance(self.sale, Sale):
            raise ValueError(f"sale must be a Sale, got {self.sale!r}")
        if self.sale.year > self.years:
            raise ValueError(f"sale must fall in years 1 to {self.years}, got {self.sale.year}")

    @classmethod
    def built_first(
        cls,
        years: int,
        *,
        first: float = 1.0,
        later: float = 1.0,
        interest: float = 0.0,
        step: float = 0.0,
        every: int = 1,
        **terms: Any,
    ) -> RentalProject:
        """Return a project that is built in its first year, and earns and owes from the second on.

        Parameters
        ----------
        years : int
            How many, at least 2.
        first, later : float, optional
            Share of the stock that is let in the second year, and from the third on.
        interest : float, optional
            Money a year, from the second on.
        step, every : float and int, optional
            Rise of the rent and years from one to the next, as in `stepped_index`; the rent to be
            set is that of the second year.
        **terms
            All else that a `RentalProject` has: rate, flats, commercial, outlay and sale.

        Raises
        ------
        ValueError
            If an argument leaves its range.

        Examples
        --------
        >>> project = RentalProject.built_first(
        ...     4, first=0.4, interest=9_000, step=0.1, rate=0.05, flats=100
        ... )
        >>> project.cash_flows()["rent"].round(2).tolist(), project.interest.tolist()
        ([0.0, 480.0, 1320.0, 1452.0], [0.0, 9000.0, 9000.0, 9000.0])
        """
        count = whole_number("years", years, at_least=2)
        start, after = (
            share("first", number("first", first)),
            share("later", number("later", later)),
        )
        return cls(
            occupancy=np.r_[0.0, start, np.full(count - 2, after)],
            rent_index=stepped_index(count, step, every=every, start=2),
            interest=np.r_[0.0, np.full(count - 1, number("interest", interest))],
            **terms,
        )

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

        References
        ----------
        Computes: Shan, Teng, Li and Chen (2014), equation (4); equation (5); equation (6); equation
        (7).
        """
        let, rent, commercial = self._earned(self.occupancy, self.sale.flats if self.sale else 0.0)
        return pd.DataFrame(
            {
                "let": let,
                "rent": rent,
                "commercial": commercial,
                "interest": self.interest,
                "outlay": self.outlay,
                "sale": self._received(),
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

        References
        ----------
        Year t is discounted by t; the paper's equation (8) prints T1 + t and T2 + t for its later
        stages, which its own numbers refute.

        Computes: Shan, Teng, Li and Chen (2014), equation (8); V1(P); V2(P); V3(P).
        """
        stage = self._stage(first, last)
        factors = discount_factors(self.rate, self.years, decimals=decimals)[stage]
        flows = self.cash_flows().iloc[stage]
        mix = self.flats / (self.flats.sum() or 1.0)
        net = flows["commercial"] + flows["sale"] - flows["interest"] - flows["outlay"]
        with np.errstate(over="ignore", invalid="ignore"):
            rent = (factors * flows["rent"].to_numpy()).sum()
            money = (factors * net.to_numpy()).sum()
        return finite_function(AMOUNTS, mix * rent, money, self.types)

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

        References
        ----------
        Year t is discounted by t, as in `present_value`; the paper prints T1 + t and T2 + t.

        Computes: Shan, Teng, Li and Chen (2014), equation (11); constraints in numbers.
        """
        stage = self._stage(first, last)
        factors = discount_factors(self.rate, self.years)[stage]
        with np.errstate(over="ignore", invalid="ignore"):
            cost = float((factors * (self.interest + self.outlay)[stage]).sum())
        require_finite("interest and outlay", cost)
        return cost

    def annual_surplus(self) -> LinearFunction:
        """Return the yearly surplus with the same present value as all flows: V(P).

        Computes: Shan, Teng, Li and Chen (2014), equation (8).
        """
        return self.present_value() * (1.0 / self._annuity())

    @within_floats
    def annual_surpluses(
        self,
        *,
        rate: ArrayLike | None = None,
        occupancy: ArrayLike | None = None,
        sold: ArrayLike | None = None,
        interest: ArrayLike | None = None,
    ) -> tuple[Any, Any]:
        """Yearly surplus on many terms at once, which `annual_surplus` gives one by one.

        Parameters
        ----------
        rate : array_like, optional
            Cost of capital, a decimal per year.
        occupancy, interest : array_like, optional
            As the project has them, with the years as the last axis.
        sold : array_like, optional
            Share of the flats that is sold, from 0 to 1, at the sale of the project.

        Returns
        -------
        slope, constant : float or ndarray
            Of the surplus over a rent that is the same for all flats, money per year; in the shape
            that the terms have together, without the years. What is not given is the project's.

        Raises
        ------
        ValueError
            If an argument leaves its range, has not one number a year, or its shape does not fit
            the others; or flats are sold of a project that has no sale.

        References
        ----------
        Computes: Shan, Teng, Li and Chen (2014), equation (8).

        Examples
        --------
        >>> project = RentalProject(
        ...     rate=0.05, flats=1000, occupancy=[0.5, 1, 1], rent_index=1, interest=90_000
        ... )
        >>> slope, constant = project.annual_surpluses(rate=[0.03, 0.05, 0.07])
        >>> (-constant / slope).round(2)
        array([9.05, 9.09, 9.12])
        """
        if sold is not None and self.sale is None:
            raise ValueError(f"sold must be left out of a project without a sale, got {sold!r}")
        own = self.sale.flats if self.sale else 0.0
        at = annual_rate(self.rate if rate is None else rate, "rate")[..., None]
        part = share("sold", own if sold is None else sold)[..., None]
        let = share("occupancy", self.occupancy if occupancy is None else occupancy)
        due = numbers("interest", self.interest if interest is None else interest)
        for name, given in (("occupancy", let), ("interest", due)):
            if given.shape[-1:] != (self.years,):
                raise ValueError(f"{name} must be one a year, {self.years}, got {given.shape}")
        broadcast(rate=at, sold=part, occupancy=let, interest=due)
        _, rent, commercial = self._earned(let, part)
        # Both sums are worth at the end of the first year; at a rate from 0 no factor is above 1.
        worth = power(1.0 + at, 1.0 - np.arange(1.0, self.years + 1))
        net = commercial + self._received() - due - self.outlay
        level = (1.0 + at[..., 0]) * annuity_factor(at[..., 0], self.years, periods_per_year=1)
        shape = np.broadcast_shapes(*(given.shape[:-1] for given in (at, part, let, due)))
        slope, constant = (
            with_rows(np.broadcast_to((flow * worth).sum(axis=-1) / level, shape), None)
            for flow in (rent, net)
        )
        return slope, constant

    def annual_cost(self) -> float:
        """Return the yearly cost with the same present value as outlay and interest.

        Computes: Shan, Teng, Li and Chen (2014), equation (11).
        """
        return self.present_cost() / self._annuity()

    def _annuity(self) -> float:
        return float(annuity_factor(self.rate, self.years, periods_per_year=1))

    def _earned(self, occupancy: Floats, sold: Any) -> tuple[Floats, Floats, Floats]:
        """Return m2 let, money per unit of rent and what shops and garages earn, year by year."""
        since = np.arange(1, self.years + 1) >= (self.sale.year if self.sale else np.inf)
        shops = self.sale.commercial if self.sale else 0.0
        with np.errstate(over="ignore", invalid="ignore"):
            let = self.flats.sum() * occupancy * (1.0 - sold * since)
            rent = MONTHS * let * self.rent_index
        require_finite("flats and rent_index", rent)
        return let, rent, self.commercial * occupancy * (1.0 - shops * since)

    def _received(self) -> Floats:
        """Return what the sale brings, year by year."""
        money = np.zeros(self.years)
        if self.sale:
            money[self.sale.year - 1] = self.sale.proceeds
        return money

    def _stage(self, first: int, last: int | None) -> slice:
        start = whole_number("first", first)
        end = self.years if last is None else whole_number("last", last)
        if end < start:
            raise ValueError(f"last must not come before first: year {end} before year {start}")
        if end > self.years:
            raise ValueError(f"last must be at most {self.years}, got {end}")
        return slice(start - 1, end)


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
    Computes: Shan, Teng, Li and Chen (2014), share to sell, in words.

    Examples
    --------
    >>> share_to_sell(debt=500, flats=100, price=8, other_proceeds=260)
    0.3
    """
    owed = number("debt", debt, at_least=0)
    other = number("other_proceeds", other_proceeds, at_least=0)
    worth = number("flats", flats, above=0) * number("price", price, above=0)
    number("flats * price", worth, above=0)
    if exceeds(owed, worth + other):
        raise ValueError(
            f"debt {owed:.12g} is more than flats and other_proceeds bring, {worth + other:.12g}"
        )
    return min(max(owed - other, 0.0) / worth, 1.0)
