"""Pictures of what the models return: what tips a result and what moves it, who has and who gains.

Each function draws on the axes that it is given, or on new ones, and returns them; what else it is
given goes to Matplotlib. Colours can be told apart by the colour-blind and in grey, and a second
sign says what they say. Nothing that other pictures share is set or changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sensitivity import Effect, Tipping

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from housing.register import Comparison

__all__ = ["gainers_and_losers", "lorenz", "tipping_points", "tornado"]

#: Of Okabe and Ito, one dark and one light in grey.
DARK, LIGHT = "#0072B2", "#E69F00"
#: Inches of a row, and of what is above and below all rows, where a figure is made.
ROW, FRAME = 0.45, 1.1


def tipping_points(
    tippings: Sequence[Tipping] | Mapping[str, Tipping],
    *,
    units: Mapping[str, str] | None = None,
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw in which part of each input's range a claim holds, the nearest to tipping on top.

    Parameters
    ----------
    tippings : sequence of Tipping or mapping of str to Tipping
        From `sensitivity.tipping_points`, of one claim or, as a mapping from labels, of several.
    units : mapping of str to str, optional
        Unit of an input by its name; it stands behind the values.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the thick lines, where the claim holds: as `Axes.plot` has them.

    Returns
    -------
    Axes
        Of each range a line: thick where the claim holds, thin and light where not; a ring where
        the input is, the values at its ends, and at each crossing its value.

    Raises
    ------
    ValueError
        If there is nothing to draw.

    Examples
    --------
    >>> from sensitivity import Range, tipping_points as find
    >>> box = {"price": Range(30_000, 50_000, because="an example")}
    >>> ax = tipping_points(
    ...     find(lambda price: 40_000 - price, {"price": 36_000}, box), units={"price": "yuan"}
    ... )
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['price, yuan']
    """
    named = tippings if isinstance(tippings, Mapping) else {each.name: each for each in tippings}
    if not named:
        raise ValueError("tippings must hold one at least, got none")
    units = units or {}
    # Of two as near as each other, the last bit must not tell which is on top.
    rows = sorted(named.items(), key=lambda pair: round(pair[1].distance, 9))
    ax = _axes(ax, len(rows))
    looks: dict[str, Any] = {"color": DARK, "linewidth": 5.0, "solid_capstyle": "butt"} | kwargs
    for row, (_, own) in enumerate(rows):
        for low, high, holds in own.parts:
            look: dict[str, Any] = looks if holds else {"color": LIGHT, "linewidth": 1.5}
            ax.plot([_part(own, low), _part(own, high)], [row, row], **look)
        for at, words in _tips(own):
            ax.plot(_part(own, at), row, marker="|", color="black", markersize=13)
            ax.annotate(words, (_part(own, at), row), (0, 8), **_SMALL, ha="center")
        ax.plot(_part(own, own.given), row, marker="o", markersize=7, color="black", mfc="white")
        for end, side, shift in ((own.range.low, "right", -6), (own.range.high, "left", 6)):
            at = _part(own, end)
            ax.annotate(_number(end), (at, row), (shift, 0), **_SMALL, ha=side, va="center")
    ax.set_yticks(range(len(rows)), [_label(name, own, units) for name, own in rows])
    ax.set_ylim(len(rows) - 0.4, -0.7)
    ax.set_xlim(-0.16, 1.16)
    ax.set_xticks([])
    ax.set_xlabel("from the low to the high end of each range\nthick: holds; ring: as given")
    for side in ("top", "right", "bottom", "left"):
        ax.spines[side].set_visible(False)
    ax.tick_params(left=False)
    return ax


def tornado(
    effects: Sequence[Effect],
    given: float,
    *,
    unit: str = "",
    units: Mapping[str, str] | None = None,
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw what each input alone does to a margin over its range, the largest effect on top.

    Parameters
    ----------
    effects : sequence of Effect
        From `sensitivity.tornado`.
    given : float
        The margin at what is given, from which the bars go.
    unit : str, optional
        Of the margin.
    units : mapping of str to str, optional
        Unit of an input by its name.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the bars: as `Axes.barh` has them.

    Returns
    -------
    Axes
        Of each input a dark bar to the margin at its high end and a light, hatched one to that at
        its low end, each with the input's value; a line through both where the margin goes beyond.

    Raises
    ------
    ValueError
        If there is nothing to draw, or a margin is infinite.

    Examples
    --------
    >>> from sensitivity import Range, tornado as effects_of
    >>> box = {"price": Range(30_000, 50_000, because="an example")}
    >>> effects = effects_of(lambda price: 40_000 - price, {"price": 36_000}, box)
    >>> ax = tornado(effects, 4_000, unit="yuan")
    >>> ax.get_xlabel().splitlines()[0]
    'margin, yuan'
    """
    if not effects:
        raise ValueError("effects must hold one at least, got none")
    ends = [given, *(value for effect in effects for value in (effect.lowest, effect.highest))]
    if not np.isfinite(ends).all():
        raise ValueError(f"margins must be finite to be drawn, got {ends}")
    units = units or {}
    ax = _axes(ax, len(effects))
    width = max(*ends, 0.0) - min(*ends, 0.0)
    for row, effect in enumerate(effects):
        bars = (given, effect.at_low, effect.at_high)
        if effect.lowest < min(bars) or effect.highest > max(bars):
            ax.plot([effect.lowest, effect.highest], [row, row], color="black", linewidth=1.0)
        for value, end, look in (
            (effect.at_low, effect.range.low, {"facecolor": LIGHT, "hatch": "///"}),
            (effect.at_high, effect.range.high, {"facecolor": DARK}),
        ):
            bar: dict[str, Any] = (
                {"height": 0.55, "edgecolor": "white", "left": given} | look | kwargs
            )
            ax.barh(row, value - given, **bar)
            left = value < given or (value == given and end == effect.range.low)
            shift, side = (-4, "right") if left else (4, "left")
            ax.annotate(_number(end), (value, row), (shift, 0), **_SMALL, ha=side, va="center")
    names = [
        f"{effect.name}, {units[effect.name]}" if effect.name in units else effect.name
        for effect in effects
    ]
    ax.set_yticks(range(len(effects)), names)
    ax.set_ylim(len(effects) - 0.4, -0.6)
    ax.set_xlim(min(*ends, 0.0) - 0.12 * width, max(*ends, 0.0) + 0.12 * width)
    ax.axvline(given, color="black", linewidth=0.8)
    ax.axvline(0.0, color="black", linewidth=1.2, linestyle=":")
    words = "hatched: to the low end of an input; full: to the high end; dotted: 0"
    ax.set_xlabel(f"margin{', ' if unit else ''}{unit}\n{words}")
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.tick_params(left=False)
    return ax


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
    if not named:
        raise ValueError("curves must hold one at least, got none")
    for label, curve in named.items():
        if not {"households", "amount"} <= {*getattr(curve, "columns", ())}:
            said = f"curves {label!r}" if label else "curves"
            raise ValueError(f"{said} must have columns households and amount, got {curve!r:.60}")
    ax = _square(ax)
    ax.plot([0, 100], [0, 100], color="black", linewidth=0.8, linestyle=":")
    for number, (label, curve) in enumerate(named.items()):
        look: dict[str, Any] = {
            "color": (DARK, LIGHT, "black")[number % 3],
            "linestyle": ("-", "--", "-.", ":")[number % 4],
            "linewidth": 2.0,
        }
        look |= {"label": label} if several else {}
        ax.plot(100 * curve["households"], 100 * curve["amount"], **(look | kwargs))
    ax.set_xlim(0, 100)
    ax.set_ylim(0, 100)
    ax.set_aspect("equal")
    ax.set_xlabel(f"share of {households}, from the poorest, %\ndotted: all have the same")
    ax.set_ylabel(f"share of {amount}, %")
    if several:
        ax.legend(frameon=False, loc="upper left")
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    return ax


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
    if measure not in _MEASURES:
        raise ValueError(f"measure must be one of {', '.join(_MEASURES)}, got {measure!r}")
    ax = _axes(ax, 7)
    gain, lose, words = _MEASURES[measure]
    for column, sign, look in (
        (gain, 1, {"facecolor": DARK, "label": "gain"}),
        (lose, -1, {"facecolor": LIGHT, "hatch": "///", "label": "lose"}),
    ):
        values = table[policy, column]
        bars: dict[str, Any] = {"width": 0.7, "edgecolor": "white"} | look | kwargs
        ax.bar(values.index, sign * values.fillna(0.0), **bars)
        few = values.index[values.isna()]
        style: dict[str, Any] = {
            "color": "black",
            "marker": 2 if sign > 0 else 3,
            "linestyle": "none",
        }
        ax.plot(few, np.zeros(len(few)), label="_few", **style)
    ax.axhline(0.0, color="black", linewidth=0.8)
    ax.margins(y=0.12)
    ax.set_xticks(table.index)
    few_there = bool(table[policy][[gain, lose]].isna().to_numpy().any())
    note = "\ntick: too few to be shown" if few_there else ""
    ax.set_xlabel(f"tenths of the households by income before any policy, from the poorest{note}")
    ax.set_ylabel(words + (f", {unit}" if unit else ""))
    ax.yaxis.set_major_formatter(lambda value, _: f"{abs(value):,.10g}")
    ax.set_title(f"{policy}", loc="left", fontsize="medium")
    ax.legend(frameon=False)
    for side in ("top", "right", "bottom"):
        ax.spines[side].set_visible(False)
    return ax


#: Columns of who gains and who loses, and what they are called.
_MEASURES = {
    "households": ("gainers", "losers", "households that lose and gain"),
    "money": ("gained_per_month", "lost_per_month", "lost and gained in a month"),
}
#: Of words beside a mark.
_SMALL: dict[str, Any] = {"textcoords": "offset points", "fontsize": "small"}


def _axes(ax: Axes | None, rows: int) -> Axes:
    """Return the axes to draw on: new ones are as high as their rows."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    _, made = plt.subplots(figsize=(8.0, FRAME + ROW * rows), layout="constrained")
    return made


def _square(ax: Axes | None) -> Axes:
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    _, made = plt.subplots(figsize=(5.0, 5.0), layout="constrained")
    return made


def _part(own: Tipping, value: float) -> float:
    """Return where in its range a value is, from 0 to 1."""
    return (value - own.range.low) / own.range.width


def _tips(own: Tipping) -> Iterator[tuple[float, str]]:
    """Yield where an input tips a claim or brings it to the border, and the words for it."""
    for crossing in own.crossings:
        if crossing.below == crossing.above:
            yield crossing.below, _number(crossing.below)
        else:
            words = f"{_number(crossing.below)} | {_number(crossing.above)}"
            yield (crossing.below + crossing.above) / 2, words
    for end in sorted({end for stretch in own.border for end in stretch}):
        if own.range.low < end < own.range.high:
            yield end, _number(end)


def _label(name: str, own: Tipping, units: Mapping[str, str]) -> str:
    return f"{name}, {units[own.name]}" if own.name in units else name


def _number(value: float) -> str:
    """Return a number to three digits, or with all before the point, in groups of three."""
    digits = max(3, len(f"{abs(value):.0f}"))
    return f"{float(f'{value:.{digits}g}'):,.{digits}g}"
