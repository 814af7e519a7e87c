"""On which terms a home can be paid for, and what a loan asks for over the years."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from housing._arguments import Floats, annual_rate, numbers, one_of, same_labels
from housing.plots._looks import axes_of, filled, finished, named_line, shaped, with_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.contour import ContourSet

__all__ = ["affordable_terms", "instruments"]

#: What part of the axis is too near to its end for a line with its number.
NEAR = 0.1
#: What part of an axis is too near to its end for the middle of a number.
EDGE = 0.05
#: What can be drawn of a loan, and what it is called.
MEASURES = ("payment", "balance", "burden")


def affordable_terms(
    years: ArrayLike,
    rates: ArrayLike,
    needed: ArrayLike,
    incomes: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    unit: str = "",
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw which households can pay for a home, over the term and the rate of the loan.

    Parameters
    ----------
    years, rates : array_like
        Term and yearly rate, a decimal: the axes of the map.
    needed : array_like
        Monthly income that the home needs, from `affordability.required_income`: one row a rate,
        one column a term.
    incomes : array_like
        Monthly incomes of groups of households.
    weights : array_like, optional
        How many households each group has, at least 0; all the same if not given, as tenths are.
    unit : str, optional
        Of the incomes.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the areas: as `Axes.contourf` has them.

    Returns
    -------
    Axes
        An area for each share of the households that can pay, light where none can, with the
        percent on a bar, and lines of equal income needed.

    Raises
    ------
    ValueError
        If shapes do not match, a rate is no decimal, there is no income above 0, or no household.

    Examples
    --------
    >>> import numpy as np
    >>> from housing.affordability import required_income
    >>> years, rates = np.linspace(5, 30, 51), np.linspace(0.01, 0.12, 45)
    >>> needed = required_income(400_000, rates[:, None], years, loan_to_value=0.7)
    >>> incomes = [4_000, 6_000, 8_000, 11_000, 15_000]
    >>> ax = affordable_terms(years, rates, needed, incomes, unit="yuan")
    >>> ax.get_xlabel(), ax.get_title(loc="left")
    ('term, years', 'lines: monthly income needed, yuan')
    """
    across, up = numbers("years", years, above=0), 100 * annual_rate(rates, "rates")
    heights = numbers("needed", needed, above=0)
    shaped("needed", heights, (up.size, across.size))
    same_labels(incomes=incomes, weights=weights)
    steps = numbers("incomes", incomes, above=0)
    counts = numbers("weights", np.ones(steps.shape) if weights is None else weights, at_least=0)
    shaped("weights", counts, steps.shape, "incomes")
    numbers("sum of weights", counts.sum(), above=0)
    ax = axes_of(ax)
    # The richest can pay where less than their income is needed: each income is an edge.
    edges = np.unique([0.0, *steps.ravel(), max(heights.max(), steps.max()) * 2])
    able = [100 * float(np.average(steps > low, weights=counts)) for low in edges[:-1]]
    look: dict[str, Any] = {"colors": [_shade(share) for share in able]} | kwargs
    ax.contourf(across, up, heights, levels=edges, **look)
    lines = ax.contour(
        across, up, heights, levels=_levels(across, heights), colors="black", linewidths=0.8
    )
    _number(ax, lines, across, up)
    _bar(ax, able)
    ax.set_title(with_unit("lines: monthly income needed", unit), loc="left")
    return finished(ax, "term, years", "interest, % a year", grid=False, off=())


def _number(ax: Axes, lines: ContourSet, across: Floats, up: Floats) -> None:
    """Write incomes on their lines: in the middle, where Matplotlib would at the edge."""
    look: dict[str, Any] = {"fmt": "{:,.0f}".format, "fontsize": "small"}
    pieces = [max(every, key=len, default=None) for every in lines.allsegs]
    low, span = np.array([across.min(), up.min()]), np.array([np.ptp(across), np.ptp(up)])
    cut = set()
    for text in ax.clabel(lines, inline=False, **look):
        off = (np.array(text.get_position()) - low) / span
        if (np.minimum(off, 1.0 - off) < EDGE).any():
            cut.add(text.get_text())
        text.remove()
    kept = [level for level in lines.levels if look["fmt"](level) not in cut]
    if kept:
        ax.clabel(lines, kept, **look)
    middles = [
        tuple(piece[len(piece) // 2])
        for level, piece in zip(lines.levels, pieces, strict=True)
        if level not in kept and piece is not None
    ]
    if middles:
        # All levels are named: of some alone, Matplotlib before 3.9 finds the wrong one.
        ax.clabel(lines, manual=middles, **look)


def _levels(across: NDArray[np.float64], heights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return round incomes whose lines keep off the shortest terms, where no name has room."""
    from matplotlib.ticker import MaxNLocator

    near = np.searchsorted(across, across.min() + NEAR * np.ptp(across))
    low, high = heights.min(), heights[len(heights) // 2, min(near, across.size - 1)]
    found = MaxNLocator(6).tick_values(low, high)
    return np.asarray([level for level in found if low < level <= high])


def _shade(share: float) -> Any:
    """Return the colour for a share in percent: white for none, darker for more."""
    import matplotlib as mpl

    return "white" if share <= 0 else mpl.colormaps["YlGnBu"](0.15 + 0.8 * share / 100)


def _bar(ax: Axes, shares: list[float]) -> None:
    """Say which shade is which share."""
    from matplotlib.patches import Patch

    shown = sorted({round(share) for share in shares})
    some = shown if len(shown) <= 6 else [shown[0], *shown[1::2]]
    handles = [Patch(facecolor=_shade(s), edgecolor="black", label=f"{s}") for s in some]
    ax.legend(
        handles=handles, title="households\nthat can pay, %",
        loc="upper left", bbox_to_anchor=(1.0, 1.0),
        frameon=False, fontsize="small", title_fontsize="small",
    )  # fmt: skip


def instruments(
    loans: Mapping[str, pd.DataFrame],
    measure: str = "payment",
    *,
    income: ArrayLike | None = None,
    prices: ArrayLike | None = None,
    unit: str = "",
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw what loans of several kinds ask for, or leave owed, month by month.

    Parameters
    ----------
    loans : mapping of str to DataFrame
        Schedules by label, from `mortgage` or `instruments`: with ``period``, ``payment`` and
        ``balance`` by the month.
    measure : {"payment", "balance", "burden"}, optional
        A payment or a balance in money, or the payment in percent of the income.
    income : array_like, optional
        Of a month, for the burden: one number, or one each month of the longest loan.
    prices : array_like, optional
        Index by which money is divided, 1 on the first day: one each month of the longest loan.
    unit : str, optional
        Of the money.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the lines: as `Axes.plot` has them.

    Returns
    -------
    Axes
        A line a loan, over years.

    Raises
    ------
    ValueError
        If there is no loan or no such measure, a table is no schedule, the burden has no income, or
        an index is too short.

    Examples
    --------
    >>> from housing import instruments as of
    >>> from housing import mortgage
    >>> ax = instruments(
    ...     {
    ...         "level": mortgage.schedule(100_000, 0.06, 20),
    ...         "graduated": of.graduated(100_000, 0.06, 20, growth=0.04, rising_years=10),
    ...     },
    ...     "burden",
    ...     income=3_000,
    ... )
    >>> ax.get_ylabel(), [f"{curve.get_ydata()[0]:.1f}" for curve in ax.lines]
    ('payment, % of income', ['23.9', '18.6'])
    """
    one_of("measure", measure, MEASURES)
    filled("loans", loans)
    if measure == "burden" and income is None:
        raise ValueError("income must be given for the burden, got none")
    ax = axes_of(ax)
    for place, (label, plan) in enumerate(loans.items()):
        if not {"period", "payment", "balance"} <= {*getattr(plan, "columns", ())}:
            raise ValueError(
                f"loans {label!r} must have a period, a payment and a balance, got {plan!r:.60}"
            )
        values = plan["balance" if measure == "balance" else "payment"].to_numpy(dtype=float)
        if measure == "burden":
            values = 100 * values / _first("income", income, len(values))
        elif prices is not None:
            values = values / _first("prices", prices, len(values))
        named_line(ax, place, label, plan["period"] / 12, values, **kwargs)
    ax.set_ylim(bottom=0.0)
    of_money = ", ".join(
        filter(None, (unit, "at the prices of the first day" * (prices is not None)))
    )
    words = {"payment": "monthly payment", "balance": "balance"}.get(measure, "")
    words = with_unit(words, of_money) if words else "payment, % of income"
    return finished(ax, "years", words, legend={})


def _first(name: str, values: Any, months: int) -> Any:
    """Return one number, or the first months of many."""
    given = numbers(name, values, above=0)
    if given.ndim and given.size < months:
        raise ValueError(f"{name} must have one each month of {months}, got {given.size}")
    return given[:months] if given.ndim else given
