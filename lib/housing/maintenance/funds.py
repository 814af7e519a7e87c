"""Funds: the years that works fall in, and how long a fund pays for them.

A schedule is one number a year, in today's prices: those of its first year.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from housing._arguments import (
    Floats,
    annual_rate,
    by_name,
    elementwise,
    number,
    numbers,
    one_of,
    row,
    whole_number,
    within_floats,
)
from housing._limits import ROUNDING, difference

__all__ = [
    "exhausted_in",
    "expenditure_schedule",
    "fund",
    "left_after",
    "required_deposit",
]

#: How much of a year has passed when income and payments fall.
PASSED = {"start": 0.0, "middle": 0.5, "end": 1.0}


@within_floats
def expenditure_schedule(
    repairs: ArrayLike, works: Mapping[str, Sequence[float | None]]
) -> pd.DataFrame:
    """Maintenance expenditure year by year: repairs and works that return in cycles.

    Parameters
    ----------
    repairs : array_like
        Repairs of each year, at least 0. The labels of a Series are its years, such as 2026 to
        2055; without labels they are counted from 1.
    works : mapping of str to (cost, first, every)
        Cost of each kind of work, the year in which it is first done, one of those of the repairs,
        and after how many years it is done again; None for once. A Series or a dict with these
        three labels will do as well.

    Returns
    -------
    DataFrame
        One row a year, with columns ``repairs``, each work and ``total``.

    Raises
    ------
    ValueError
        If a number leaves its range, a year or a cycle is no whole number, labels are no years
        that follow one another, or a work is no triple or is named ``repairs`` or ``total``.

    References
    ----------
    Computes: World Bank (1991), Table 4.1.

    Examples
    --------
    >>> repairs = [0.12] * 5 + [0.40]
    >>> expenditure_schedule(repairs, {"redecoration": (1.80, 6, 5)})["total"].tolist()
    [0.12, 0.12, 0.12, 0.12, 0.12, 2.2]
    """
    costs = {"repairs": row("repairs", repairs, at_least=0)}
    year = _years("repairs", repairs, len(costs["repairs"]))
    for name, work in by_name("works", works).items():
        cost, first, every = _work(name, work)
        if name in ("repairs", "total"):
            raise ValueError(f"works must have names of their own, got {name!r}")
        start = whole_number(f"works: first year of {name}", first)
        if not year[0] <= start <= year[-1]:
            raise ValueError(
                f"works: first year of {name} must be from {year[0]} to {year[-1]}, got {start}"
            )
        since = year - float(start)
        cycle = len(year) if every is None else whole_number(f"works: cycle of {name}", every)
        due = (since >= 0) & (since % float(cycle) == 0)
        costs[name] = number(f"works: cost of {name}", cost, at_least=0) * due
    frame = pd.DataFrame(costs, index=pd.Index(year, name="year"))
    return frame.assign(total=frame.sum(axis=1))


def _years(name: str, values: Any, count: int) -> NDArray[np.int64]:
    """Return the years of a row: the labels of a Series that has any, or as many from 1."""
    labels = values.index if isinstance(values, pd.Series) else None
    if labels is None or labels.equals(pd.RangeIndex(count)):
        return np.arange(1, count + 1)
    # Those of a table that was read may be words.
    years = pd.to_numeric(labels.to_series().astype(str), errors="coerce").to_numpy(dtype=float)
    if not ((years == np.rint(years)).all() and (np.diff(years) == 1).all()):
        raise ValueError(
            f"{name} must be labelled by years that follow one another, got {[*labels[:3]]}"
        )
    return years.astype(np.int64)


def _work(name: Any, work: Any) -> tuple[Any, Any, Any]:
    """Return what a work costs, when it is first done and after how many years again."""
    parts = ("cost", "first", "every")
    if isinstance(work, Mapping | pd.Series) and set(work.keys()) == set(parts):
        return work["cost"], work["first"], work["every"]
    by_place = isinstance(work, list | tuple) or (isinstance(work, np.ndarray) and work.ndim == 1)
    if not by_place or len(work) != len(parts):
        raise ValueError(f"works must give (cost, first, every) for {name!r}, got {work!r}")
    cost, first, every = work
    return cost, first, every


@within_floats
def fund(
    expenditure: ArrayLike,
    *,
    deposit: float = 0.0,
    income: float = 0.0,
    interest: float = 0.0,
    price_growth: float = 0.0,
    income_growth: float = 0.0,
    management: float = 0.0,
    when: str = "end",
) -> pd.DataFrame:
    """Account of one maintenance fund, year by year.

    The deposit is there from the beginning. Each year the fund earns interest, takes in its income
    and pays what is due: expenditure and management, at the prices of the year.

    Parameters
    ----------
    expenditure : array_like
        Cost of each year in today's prices, at least 0. The labels of a Series are its years;
        without labels they are counted from 1.
    deposit : float, optional
        What is paid in at the beginning, at least 0.
    income : float, optional
        What is paid in in the first year, at least 0.
    interest : float, optional
        On the fund, a decimal per year, above -1 and at most 1.
    price_growth, income_growth : float, optional
        Of costs and of the income, decimals per year: in the t-th year both have grown t - 1 times.
    management : float, optional
        Cost of each year beside `expenditure`, in today's prices, at least 0.
    when : {"end", "middle", "start"}, optional
        When in each year income and payments fall.

    Returns
    -------
    DataFrame
        One row a year, with columns ``income``, ``expenditure``, ``interest`` and
        ``balance`` at the year's end, negative once the fund has run out: it then borrows at the
        rate of interest.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    World Bank (1991), paras. 4.32-4.33 and Table 4.2: the funds, not their assumptions.

    Computes: World Bank (1991), Table 4.2.

    Examples
    --------
    >>> account = fund([10, 10, 10], deposit=20, income=4, interest=0.10)
    >>> account["interest"].round(2).tolist(), account["balance"].round(2).tolist()
    ([2.0, 1.6, 1.16], [16.0, 11.6, 6.76])
    """
    terms = {
        "deposit": deposit,
        "income": income,
        "interest": interest,
        "price_growth": price_growth,
        "income_growth": income_growth,
        "management": management,
    }
    checked = {name: number(name, value) for name, value in terms.items()}
    own = _Fund(expenditure, **checked, when=when)
    inflow, outflow = (np.array(flow) for flow in zip(*own.flows(), strict=True))
    balance = np.array([after for after, _ in own.balances()])
    opening = np.concatenate([[float(own.deposit)], balance[:-1]])
    earns = (1.0 + own.interest) ** (1.0 - own.passed) - 1.0
    return pd.DataFrame(
        {
            "income": inflow,
            "expenditure": outflow,
            "interest": own.interest * opening + earns * (inflow - outflow),
            "balance": balance,
        },
        index=pd.Index(own.years, name="year"),
    )


@elementwise(finite=False, but="expenditure")
def exhausted_in(
    expenditure: ArrayLike,
    *,
    deposit: ArrayLike = 0.0,
    income: ArrayLike = 0.0,
    interest: ArrayLike = 0.0,
    price_growth: ArrayLike = 0.0,
    income_growth: ArrayLike = 0.0,
    management: ArrayLike = 0.0,
    when: str = "end",
) -> Any:
    """First year whose costs a fund cannot pay.

    Parameters
    ----------
    expenditure : array_like
        As in `fund`: one schedule for all cases.
    deposit, income, interest, price_growth, income_growth, management : array_like, optional
        As in `fund`, one or many; they broadcast.
    when : {"end", "middle", "start"}, optional
        As in `fund`.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Year, as `fund` has them; ``inf`` where the fund pays for the whole schedule.

    Raises
    ------
    ValueError
        If an argument leaves its range, or shapes do not match.

    References
    ----------
    World Bank (1991), Table 4.2: "exhausted in the 21st year".

    Computes: World Bank (1991), Table 4.2.

    Examples
    --------
    >>> exhausted_in([10] * 30, deposit=50, income=5)
    11.0
    >>> exhausted_in([10] * 30, deposit=50, income=[5, 10]).tolist()
    [11.0, inf]
    """
    own = _Fund(
        expenditure, deposit, income, interest, price_growth, income_growth, management, when
    )
    year = np.array(np.inf)
    for current, (_, short) in zip(own.years, own.balances(), strict=True):
        year = np.where(short & np.isinf(year), float(current), year)
    return year


@elementwise(but="expenditure")
def left_after(
    expenditure: ArrayLike,
    *,
    deposit: ArrayLike = 0.0,
    income: ArrayLike = 0.0,
    interest: ArrayLike = 0.0,
    price_growth: ArrayLike = 0.0,
    income_growth: ArrayLike = 0.0,
    management: ArrayLike = 0.0,
    when: str = "end",
) -> Any:
    """Balance of a fund when its schedule is over, in today's prices.

    Parameters
    ----------
    expenditure, deposit, income, interest, price_growth, income_growth, management : array_like
        As in `exhausted_in`.
    when : {"end", "middle", "start"}, optional
        As in `fund`.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Divided by the growth of prices over the whole schedule, so that it compares with a
        refurbishment costed today; negative for a fund that ends in debt.

    Raises
    ------
    ValueError
        If an argument leaves its range, or shapes do not match.

    References
    ----------
    World Bank (1991), Table 4.2: "sufficient funds available for future refurbishment".

    Computes: World Bank (1991), Table 4.2.

    Examples
    --------
    >>> left_after([10] * 30, income=12)
    60.0
    """
    own = _Fund(
        expenditure, deposit, income, interest, price_growth, income_growth, management, when
    )
    *_, (balance, _) = own.balances()
    return balance / np.power(1.0 + own.price_growth, len(own.costs))


@elementwise(but="expenditure")
def required_deposit(
    expenditure: ArrayLike,
    *,
    income: ArrayLike = 0.0,
    interest: ArrayLike = 0.0,
    price_growth: ArrayLike = 0.0,
    income_growth: ArrayLike = 0.0,
    management: ArrayLike = 0.0,
    when: str = "end",
) -> Any:
    """Least deposit with which a fund pays for the whole schedule.

    The largest, over the years, of the present value of what is due until then less that of the
    income until then: a fund may fail in a dear year and have plenty later.

    Parameters
    ----------
    expenditure, income, interest, price_growth, income_growth, management : array_like
        As in `exhausted_in`.
    when : {"end", "middle", "start"}, optional
        As in `fund`.

    Returns
    -------
    float, ndarray, Series or DataFrame
        At least 0.

    Raises
    ------
    ValueError
        If an argument leaves its range, or shapes do not match.

    References
    ----------
    World Bank (1991), para. 4.34: which deposits are to be raised.

    Computes: World Bank (1991), para. 4.34.

    Examples
    --------
    >>> required_deposit([10] * 10, income=4)
    60.0
    >>> round(required_deposit([10] * 30, interest=0.10), 2)  # 10 times the annuity factor
    94.27
    """
    own = _Fund(expenditure, 0.0, income, interest, price_growth, income_growth, management, when)
    due = had = most = np.zeros(())
    for year, (inflow, outflow) in enumerate(own.flows()):
        # At the start of year 1 nothing is discounted; at its end, once.
        growth = np.power(1.0 + own.interest, year + own.passed)
        due, had = due + outflow / growth, had + inflow / growth
        most = np.maximum(most, difference(due, had))
    return most


class _Fund:
    """A schedule and the terms of the fund that is to pay for it, checked: one case or many."""

    def __init__(
        self,
        expenditure: ArrayLike,
        deposit: Any,
        income: Any,
        interest: Any,
        price_growth: Any,
        income_growth: Any,
        management: Any,
        when: str,
    ) -> None:
        self.costs = row("expenditure", expenditure, at_least=0)
        self.years = _years("expenditure", expenditure, len(self.costs))
        self.deposit = numbers("deposit", deposit, at_least=0)
        self.income = numbers("income", income, at_least=0)
        self.interest = annual_rate(interest, "interest")
        self.price_growth = annual_rate(price_growth, "price_growth")
        self.income_growth = annual_rate(income_growth, "income_growth")
        self.management = numbers("management", management, at_least=0)
        self.passed = PASSED[one_of("when", when, ("end", "middle", "start"))]

    def flows(self) -> Iterator[tuple[Floats, Floats]]:
        """Yield what each year brings in and takes out, at its own prices."""
        inflow, prices = self.income, np.ones(())
        for cost in self.costs:
            yield inflow, (cost + self.management) * prices
            inflow = inflow * (1.0 + self.income_growth)
            prices = prices * (1.0 + self.price_growth)

    def balances(self) -> Iterator[tuple[Floats, Any]]:
        """Yield the balance at the end of each year, and whether its payments overdrew it."""
        growth = 1.0 + self.interest
        grows_first, grows_last = growth**self.passed, growth ** (1.0 - self.passed)
        balance = turnover = self.deposit
        for inflow, outflow in self.flows():
            balance = balance * grows_first + inflow - outflow
            turnover = turnover * grows_first + inflow + outflow
            # Noise beside the money that has passed through: just enough is enough.
            balance = np.where(np.abs(balance) < ROUNDING * turnover, 0.0, balance)
            short = balance < 0
            balance, turnover = balance * grows_last, turnover * grows_last
            yield balance, short
