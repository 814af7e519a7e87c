"""Phases: rents raised step by step, and who bears how much of each step."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from housing._arguments import (
    Floats,
    annual_rate,
    elementwise,
    number,
    numbers,
    only_counts,
    row,
    share,
    within_floats,
)
from housing._limits import difference
from housing.reform.redistribution import MONTHS

__all__ = [
    "BurdenShares",
    "burden_shares",
    "phased_reform",
]


class BurdenShares(NamedTuple):
    """What each party pays of a rise of rents."""

    household: Any
    enterprise: Any
    local: Any
    central: Any


@elementwise
def burden_shares(
    burden: ArrayLike,
    household_share: ArrayLike,
    enterprise_share: ArrayLike,
    central_share: ArrayLike,
) -> Any:
    """Divide a rise of rents among households, enterprises and the two levels of government.

    Households pay their share first. Enterprises take theirs of what is left, and government the
    rest, its central level in proportion to the employees that it has.

    Parameters
    ----------
    burden : array_like
        What the rise of rents comes to, money, at least 0.
    household_share : array_like
        Of the burden, from 0 to 1.
    enterprise_share : array_like
        Of what households leave, from 0 to 1.
    central_share : array_like
        Of what government pays, from 0 to 1.

    Returns
    -------
    BurdenShares
        Money of each party; they add up to the burden.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    World Bank (1991), Annex 1, para. 2 (d) and its table, phases 4 and 5.

    Computes: World Bank (1991), Annex 1, para. 2 (d).

    Examples
    --------
    >>> [round(part, 2) for part in burden_shares(24, 5 / 24, 0.33, 0.20)]
    [5.0, 6.27, 10.18, 2.55]
    """
    total = numbers("burden", burden, at_least=0)
    of_all = share("household_share", household_share)
    of_rest = share("enterprise_share", enterprise_share)
    of_government = share("central_share", central_share)
    # Each part by its own share: as a difference a small one would keep few digits.
    left = (1.0 - of_all) * total
    government = (1.0 - of_rest) * left
    return BurdenShares(
        household=of_all * total,
        enterprise=of_rest * left,
        local=(1.0 - of_government) * government,
        central=of_government * government,
    )


@within_floats
def phased_reform(
    rents: ArrayLike,
    *,
    area: float,
    unit: float,
    first_wage: float,
    growth: float,
    household_share: ArrayLike,
) -> pd.DataFrame:
    """Rents raised in yearly steps, of which wages compensate what households do not bear.

    Parameters
    ----------
    rents : array_like
        Rent before the reform and after each phase, money per m2 of rentable space and month; none
        below the one before.
    area : float
        Rentable space of all households in the programme, m2, above 0.
    unit : float
        Rented space of the average household, m2, above 0.
    first_wage : float
        Its wage in the first phase, money per month, above 0.
    growth : float
        Growth of the wage without the reform, a decimal per year: one phase a year.
    household_share : array_like
        Share of each phase's rise that households bear, from 0 to 1; one for all phases or one for
        each. A Series of them has the labels that the rents have after the first, but for one of
        either that only counts 0, 1, 2, ....

    Returns
    -------
    DataFrame
        One row a phase, with columns ``phase`` (from 1), ``original_rent`` and ``revised_rent``
        (money per m2 and month), ``wage`` (without adjustments), ``adjustment`` (added to the wage
        in this phase), ``adjustments`` (added so far), ``own_payment`` (rent of the unit less
        adjustments), all three and the wage in money per month, and ``burden``, ``household`` and
        ``compensated`` (money per year, for the whole area).

    Raises
    ------
    ValueError
        If an argument leaves its range, a rent falls, or the shares are not one a phase or have
        other labels.

    References
    ----------
    World Bank (1991), Annex 1, paras. 1-2 and its table with notes a to e.

    Computes: World Bank (1991), Annex 1, para. 2 (c); Annex 1, table, notes b to e.

    Examples
    --------
    >>> plan = phased_reform(
    ...     [0.13, 0.55, 1.00, 2.00],
    ...     area=2.0e9,
    ...     unit=40,
    ...     first_wage=400,
    ...     growth=0.10,
    ...     household_share=[1, 0.25, 0.25],
    ... )
    >>> plan[["phase", "wage", "adjustment"]].round(1)
       phase   wage  adjustment
    0      1  400.0         0.0
    1      2  440.0        13.5
    2      3  484.0        30.0
    >>> (plan["burden"] / 1e9).round(1).tolist()
    [10.1, 10.8, 24.0]
    """
    rent, steps = _steps(rents)
    borne = _borne(household_share, rents, steps)
    home = number("unit", unit, above=0)
    burden = steps * number("area", area, above=0) * MONTHS
    phase = np.arange(1, steps.size + 1)
    pace = 1.0 + float(annual_rate(number("growth", growth), "growth"))
    adjustment = (1.0 - borne) * steps * home
    adjustments = np.cumsum(adjustment)
    return pd.DataFrame(
        {
            "phase": phase,
            "original_rent": rent[:-1],
            "revised_rent": rent[1:],
            "wage": number("first_wage", first_wage, above=0) * pace ** (phase - 1),
            "adjustment": adjustment,
            "adjustments": adjustments,
            "own_payment": rent[1:] * home - adjustments,
            "burden": burden,
            "household": borne * burden,
            "compensated": (1.0 - borne) * burden,
        }
    )


def _steps(rents: ArrayLike) -> tuple[Floats, Floats]:
    """Return the rents, checked, and by how much each phase raises them."""
    rent = row("rents", rents, at_least=0)
    if rent.size < 2:
        raise ValueError(
            f"rents must be the one before the reform and one a phase, got {rent.size}"
        )
    steps = difference(rent[1:], rent[:-1])
    if (steps < 0).any():
        first = int(np.argmax(steps < 0))
        raise ValueError(
            f"rents must not fall, got {rent[first + 1]:.12g} after {rent[first]:.12g}"
        )
    return rent, steps


def _borne(household_share: ArrayLike, rents: ArrayLike, steps: Floats) -> Floats:
    """Return what households bear of each step, or of them all."""
    borne = share("household_share", household_share)
    if borne.shape not in ((), (1,), steps.shape):
        raise ValueError(
            f"household_share must be one number or {steps.size}, one a phase, "
            f"got the shape {borne.shape}"
        )
    if isinstance(rents, pd.Series) and isinstance(household_share, pd.Series):
        phases, shared = rents.index[1:], household_share.index
        if not (only_counts(rents.index) or only_counts(shared) or shared.equals(phases)):
            raise ValueError(
                "household_share must have the labels of rents after the first: align them first"
            )
    return borne
