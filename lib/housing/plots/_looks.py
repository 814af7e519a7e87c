"""What all pictures share: colours that can be told apart, axes to draw on, and short numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Sized
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from housing._arguments import Floats, numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

#: Of Okabe and Ito, one dark and one light in grey.
DARK, LIGHT = "#0072B2", "#E69F00"
#: Theirs in an order in which neighbours differ in grey as well.
COLOURS = (DARK, LIGHT, "#222222", "#56B4E9", "#D55E00", "#CC79A7", "#009E73")
#: A second sign beside the colour, of lines and of areas.
DASHES = ("-", "--", "-.", ":")
HATCHES = ("", "//", "..", "xx", "\\\\", "++", "--", "||", "oo", "**", "/.", "-\\", "|.", "x-")
#: A sign at each point, where points are few.
MARKERS = "os^DvP"
#: Of large areas, in an order in which neighbours differ in grey as well.
AREAS = ("#56B4E9", LIGHT, "#767676", DARK, "#F0E442", "#CC79A7", "#009E73")
#: Inches of a row, and of what is above and below all rows, where a figure is made.
ROW, FRAME = 0.45, 1.1
#: Of words beside a mark.
SMALL: dict[str, Any] = {"textcoords": "offset points", "fontsize": "small"}
#: Of words that lines would run through.
CLEAR: dict[str, Any] = SMALL | {"bbox": {"facecolor": "white", "edgecolor": "none", "pad": 1.0}}
#: One curve, or several by their labels.
Curves = pd.DataFrame | pd.Series | Mapping[str, pd.Series]


def line(number: int) -> dict[str, Any]:
    """Return how the line of that number looks among several: its colour and its dashes."""
    return {"color": COLOURS[number % len(COLOURS)], "linestyle": DASHES[number % len(DASHES)]}


def named_line(
    ax: Axes, number: int, label: str, x: ArrayLike, y: ArrayLike, /, **kwargs: Any
) -> Line2D:
    """Draw the line of that number among several, with its name."""
    (drawn,) = ax.plot(x, y, **(line(number) | {"linewidth": 2.0, "label": label} | kwargs))
    return drawn


def curves_of(name: str, values: Any) -> pd.DataFrame:
    """Return curves as columns over their index: one Series, or several by their labels."""
    frame = values.to_frame() if isinstance(values, pd.Series) else pd.DataFrame(values)
    if frame.empty:
        raise ValueError(f"{name} must hold one curve at least, got none")
    if not pd.api.types.is_numeric_dtype(frame.index):
        raise ValueError(f"{name} must have numbers as index, got {[*frame.index[:3]]}")
    return frame


def curves(
    ax: Axes, frame: pd.DataFrame, *, scale: float = 1.0, marked: bool = False, **kwargs: Any
) -> None:
    """Draw columns over their index; where there are several, with their names."""
    for number, (label, column) in enumerate(frame.items()):
        look: dict[str, Any] = line(number) | {"linewidth": 2.0}
        look |= {"label": str(label)} if len(frame.columns) > 1 else {}
        look |= {"marker": MARKERS[number % len(MARKERS)], "markersize": 7} if marked else {}
        own = column.dropna()
        ax.plot(own.index, scale * own, **(look | kwargs))
    if len(frame.columns) > 1:
        ax.legend(frameon=False)


def levels(ax: Axes, named: Mapping[str, float] | pd.Series) -> None:
    """Draw levels across, each with its name at the right-hand end."""
    for number, (label, value) in enumerate(named.items()):
        ax.axhline(value, color="black", linewidth=1.2, linestyle=DASHES[3 - number % 3])
        ax.annotate(
            str(label),
            (1.0, value),
            (4, 0),
            xycoords=ax.get_yaxis_transform(),
            va="center",
            **SMALL,
        )


def area(number: int) -> dict[str, Any]:
    """Return how the area of that number looks among several: its colour and its hatch."""
    # A round later each colour has another hatch.
    hatch = HATCHES[(number + number // len(HATCHES)) % len(HATCHES)]
    return {"facecolor": AREAS[number % len(AREAS)], "hatch": hatch, "edgecolor": "white"}


def axes_of(ax: Axes | None, width: float = 8.0, height: float = 4.5) -> Axes:
    """Return the axes to draw on: those given, or new ones of a figure of that size in inches."""
    if ax is not None:
        return ax
    # Matplotlib is asked for where something is drawn, not where `housing` is imported.
    import matplotlib.pyplot as plt

    _, made = plt.subplots(figsize=(width, height), layout="constrained")
    return made


def rows_of(ax: Axes | None, rows: int) -> Axes:
    """Return the axes to draw on: new ones are as high as their rows."""
    return axes_of(ax, height=FRAME + ROW * rows)


def square(ax: Axes | None) -> Axes:
    """Return the axes to draw on: new ones are as high as wide."""
    return axes_of(ax, 5.0, 5.0)


def with_unit(words: str, unit: str) -> str:
    """Return words with their unit behind them, if there is one."""
    return f"{words}, {unit}" if unit else words


def named_ticks(
    index: pd.Index, values: Sequence[float], words: str
) -> tuple[list[float], list[str]]:
    """Return those of the values that an axis reaches, as ticks with their names."""
    there = [value for value in values if index.min() <= value * 1.001 <= index.max() * 1.002]
    return there, [words.format(value) for value in there]


def filled(name: str, values: Sized) -> None:
    """Refuse what holds nothing to draw."""
    if not len(values):
        raise ValueError(f"{name} must hold one at least, got none")


def rising(name: str, values: ArrayLike) -> Floats:
    """Return an axis: two or more numbers that rise."""
    axis = numbers(name, values)
    if axis.ndim != 1 or axis.size < 2 or not (np.diff(axis) > 0).all():
        raise ValueError(f"{name} must be a row of two or more rising numbers, got {axis}")
    return axis


def shaped(name: str, values: ArrayLike, shape: tuple[int, ...], of: str = "") -> Floats:
    """Return numbers, if they have the shape of the axes or of another argument."""
    given = np.asarray(values, dtype=float)
    if given.shape != shape:
        said = f"of {of}, {shape}" if of else str(shape)
        raise ValueError(f"{name} must have the shape {said}, got {given.shape}")
    return given


def finished(
    ax: Axes,
    x: str | None,
    y: str | None,
    *,
    legend: Mapping[str, Any] | None = None,
    grid: bool = True,
    off: Sequence[str] = ("top", "right"),
) -> Axes:
    """Name the axes, place a legend if there is one, and take away what is not needed."""
    if x is not None:
        ax.set_xlabel(x)
    if y is not None:
        ax.set_ylabel(y)
    if legend is not None:
        ax.legend(**({"frameon": False} | dict(legend)))
    if not grid:
        ax.grid(visible=False)
    without(ax, *off)
    return ax


def without(ax: Axes, *sides: str) -> None:
    """Take away sides of the frame."""
    for side in sides:
        ax.spines[side].set_visible(False)


def short(value: float) -> str:
    """Return a number to three digits, or with all before the point, in groups of three."""
    digits = max(3, len(f"{abs(value):.0f}"))
    return f"{float(f'{value:.{digits}g}'):,.{digits}g}"
