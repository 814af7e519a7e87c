"""Who has what, and who gains and loses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from housing._arguments import one_of
from housing.plots._looks import (
    DARK,
    LIGHT,
    filled,
    finished,
    line,
    rows_of,
    square,
    with_unit,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from housing.register import Comparison

__all__ = ["gainers_and_losers", "lorenz"]

#: Columns of who gains and who loses, and what they are called.
_MEASURES = {
    "households": ("gainers", "losers", "households that lose and gain"),
    "money": ("gained_per_month", "lost_per_month", "lost and gained in a month"),
}


def lorenz(
    curves: pd.DataFrame | Mapping[str, pd.DataFrame],
    *,
    amount: str = "income",
    households: str = "households",
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw Lorenz curves, beside the line on which all have the same.

    Parameters
    ----------
    curves : DataFrame or mapping of str to DataFrame
        From `distribution.lorenz`, or `Histogram.lorenz`: one, or several by their labels.
    amount, households : str, optional
        What is shared, and who shares it; they stand beside the axes.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the curves: as `Axes.plot` has them.

    Returns
    -------
    Axes
        Both axes in percent.

    Raises
    ------
    ValueError
        If there is nothing to draw, or a table is no curve.

    Examples
    --------
    >>> from housing import distribution
    >>> ax = lorenz(distribution.lorenz([9_000, 24_000, 52_000]), amount="income in a year")
    >>> ax.get_ylabel()
    'share of income in a year, %'
    """
    several = isinstance(curves, Mapping)
    named = dict(curves) if isinstance(curves, Mapping) else {"": curves}
    filled("curves", named)
    for label, curve in named.items():
        if not {"households", "amount"} <= {*getattr(curve, "columns", ())}:
            said = f"curves {label!r}" if label else "curves"
            raise ValueError(f"{said} must have columns households and amount, got {curve!r:.60}")
    ax = square(ax)
    ax.plot([0, 100], [0, 100], color="black", linewidth=0.8, linestyle=":")
    for number, (label, curve) in enumerate(named.items()):
        look = line(number) | {"linewidth": 2.0}
        look |= {"label": label} if several else {}
        ax.plot(100 * curve["households"], 100 * curve["amount"], **(look | kwargs))
    ax.set_xlim(0, 100)
    ax.set_ylim(0, 100)
    ax.set_aspect("equal")
    words = f"share of {households}, from the poorest, %\ndotted: all have the same"
    legend = {"loc": "upper left"} if several else None
    return finished(ax, words, f"share of {amount}, %", legend=legend)


def gainers_and_losers(
    found: Comparison,
    policy: str | None = None,
    *,
    measure: str = "households",
    unit: str = "",
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw in which tenths of income those are who gain and who lose by a policy.

    Parameters
    ----------
    found : Comparison
        From `register.compare`.
    policy : str, optional
        One of its policies but the first; may be left out where there is one.
    measure : {"households", "money"}, optional
        How many gain and lose, or how much in a month.
    unit : str, optional
        Of what is counted, such as yuan per month; it stands behind the measure.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the bars: as `Axes.bar` has them.

    Returns
    -------
    Axes
        Of each tenth a dark bar up for those who gain, and a light, hatched one down for those who
        lose. A tick on the line stands for a number that is too small to be shown.

    Raises
    ------
    ValueError
        If there is no such policy or measure.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from housing.policy import load_policy
    >>> from housing.register import compare
    >>> import pandas as pd
    >>> city = pd.DataFrame(
    ...     {"size": 3, "income": range(20_000, 60_000, 400), "owned_area": 0, "owned_price": 0}
    ... ).assign(wish="rent")
    >>> today = load_policy()
    >>> found = compare(city, {"today": today, "reform": replace(today, average_rent=22.0)})
    >>> gainers_and_losers(found).get_ylabel()
    'households that lose and gain'
    """
    table = found.changes_by_decile
    names = [*dict.fromkeys(table.columns.get_level_values(0))]
    if policy is None and len(names) == 1:
        policy = names[0]
    if policy not in names:
        raise ValueError(f"policy must be one of {', '.join(names)}, got {policy!r}")
    one_of("measure", measure, _MEASURES)
    ax = rows_of(ax, 7)
    gain, lose, words = _MEASURES[measure]
    for column, sign, look in (
        (gain, 1, {"facecolor": DARK, "label": "gain"}),
        (lose, -1, {"facecolor": LIGHT, "hatch": "///", "label": "lose"}),
    ):
        values = table[policy, column]
        bars: dict[str, Any] = {"width": 0.7, "edgecolor": "white"} | look | kwargs
        ax.bar(values.index, sign * values.fillna(0.0), **bars)
        few = values.index[values.isna()]
        tick: dict[str, Any] = {"marker": 2 if sign > 0 else 3, "linestyle": "none"}
        ax.plot(few, np.zeros(len(few)), label="_few", color="black", **tick)
    ax.axhline(0.0, color="black", linewidth=0.8)
    ax.margins(y=0.12)
    ax.set_xticks(table.index)
    few_there = bool(table[policy][[gain, lose]].isna().to_numpy().any())
    note = "\ntick: too few to be shown" if few_there else ""
    ax.yaxis.set_major_formatter(lambda value, _: f"{abs(value):,.10g}")
    ax.set_title(f"{policy}", loc="left", fontsize="medium")
    tenths = f"tenths of the households by income before any policy, from the poorest{note}"
    sides = ("top", "right", "bottom")
    return finished(ax, tenths, with_unit(words, unit), legend={}, off=sides)
