"""What tips a result, and what moves it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from housing.plots._looks import (
    DARK,
    LIGHT,
    SMALL,
    filled,
    finished,
    rows_of,
    short,
    with_unit,
)
from sensitivity import Effect, Tipping

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["tipping_points", "tornado"]


def tipping_points(
    tippings: Sequence[Tipping] | Mapping[str, Tipping],
    *,
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw in which part of each input's range a claim holds, the nearest to tipping on top.

    Parameters
    ----------
    tippings : sequence of Tipping or mapping of str to Tipping
        From `sensitivity.tipping_points`, of one claim or, as a mapping from labels, of several.
        The unit of a range stands in the label.
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
    >>> box = {"price": Range(30_000, 50_000, because="an example", unit="yuan")}
    >>> ax = tipping_points(find(lambda price: 40_000 - price, {"price": 36_000}, box))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['price, yuan']
    """
    named = tippings if isinstance(tippings, Mapping) else {each.name: each for each in tippings}
    filled("tippings", named)
    # Of two as near as each other, the last bit must not tell which is on top.
    rows = sorted(named.items(), key=lambda pair: round(pair[1].distance, 9))
    ax = rows_of(ax, len(rows))
    looks: dict[str, Any] = {"color": DARK, "linewidth": 5.0, "solid_capstyle": "butt"} | kwargs
    for row, (_, own) in enumerate(rows):
        for low, high, holds in own.parts:
            look: dict[str, Any] = looks if holds else {"color": LIGHT, "linewidth": 1.5}
            ax.plot([_part(own, low), _part(own, high)], [row, row], **look)
        for at, words in _tips(own):
            ax.plot(_part(own, at), row, marker="|", color="black", markersize=13)
            ax.annotate(words, (_part(own, at), row), (0, 8), **SMALL, ha="center")
        ax.plot(_part(own, own.given), row, marker="o", markersize=7, color="black", mfc="white")
        for end, side, shift in ((own.range.low, "right", -6), (own.range.high, "left", 6)):
            at = _part(own, end)
            ax.annotate(short(end), (at, row), (shift, 0), **SMALL, ha=side, va="center")
    ax.set_yticks(range(len(rows)), [with_unit(name, own.range.unit) for name, own in rows])
    ax.set_ylim(len(rows) - 0.4, -0.7)
    ax.set_xlim(-0.16, 1.16)
    ax.set_xticks([])
    ax.tick_params(left=False)
    words = "from the low to the high end of each range\nthick: holds; ring: as given"
    return finished(ax, words, None, off=("top", "right", "bottom", "left"))


def tornado(
    effects: Sequence[Effect],
    given: float,
    *,
    unit: str = "",
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
        Of the margin. That of an input is its range's.
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
    filled("effects", effects)
    ends = [given, *(value for effect in effects for value in (effect.lowest, effect.highest))]
    if not np.isfinite(ends).all():
        raise ValueError(f"margins must be finite to be drawn, got {ends}")
    ax = rows_of(ax, len(effects))
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
            ax.annotate(short(end), (value, row), (shift, 0), **SMALL, ha=side, va="center")
    names = [with_unit(effect.name, effect.range.unit) for effect in effects]
    ax.set_yticks(range(len(effects)), names)
    ax.set_ylim(len(effects) - 0.4, -0.6)
    ax.set_xlim(min(*ends, 0.0) - 0.12 * width, max(*ends, 0.0) + 0.12 * width)
    ax.axvline(given, color="black", linewidth=0.8)
    ax.axvline(0.0, color="black", linewidth=1.2, linestyle=":")
    ax.tick_params(left=False)
    words = "hatched: to the low end of an input; full: to the high end; dotted: 0"
    return finished(ax, f"{with_unit('margin', unit)}\n{words}", None, off=("top", "right", "left"))


def _part(own: Tipping, value: float) -> float:
    """Return where in its range a value is, from 0 to 1."""
    return (value - own.range.low) / own.range.width


def _tips(own: Tipping) -> Iterator[tuple[float, str]]:
    """Yield where an input tips a claim or brings it to the border, and the words for it."""
    for crossing in own.crossings:
        if crossing.below == crossing.above:
            yield crossing.below, short(crossing.below)
        else:
            words = f"{short(crossing.below)} | {short(crossing.above)}"
            yield (crossing.below + crossing.above) / 2, words
    for end in sorted({end for stretch in own.border for end in stretch}):
        if own.range.low < end < own.range.high:
            yield end, short(end)
