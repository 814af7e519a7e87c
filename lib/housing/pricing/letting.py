"""A rental project and what a rent means to its builder.

A project earns rent, pays interest and may be sold in part. The present value of its cash flows is
a linear function of the rent. Rents are money per m2 and month, everything else is money per year.
Years are counted 1, 2, ... and every payment falls at the end of its year.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from housing._arguments import (
    Floats,
    annual_rate,
    number,
    row,
    same_labels,
    share,
    whole_number,
)
from housing._limits import exceeds
from housing.mortgage import annuity_factor
from housing.pricing.cashflow import discount_factors
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
        flats_kept, commercial_kept = self._kept()
        received = np.zeros(self.years)
        if self.sale:
            received[self.sale.year - 1] = self.sale.proceeds
        with np.errstate(over="ignore", invalid="ignore"):
            let = self.flats.sum() * self.occupancy * flats_kept
            rent = MONTHS * let * self.rent_index
        require_finite("flats and rent_index", rent)
        return pd.DataFrame(
            {
                "let": let,
                "rent": rent,
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

    def annual_cost(self) -> float:
        """Return the yearly cost with the same present value as outlay and interest.

        Computes: Shan, Teng, Li and Chen (2014), equation (11).
        """
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
