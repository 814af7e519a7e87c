"""What all pictures share: colours that can be told apart, axes to draw on, and short numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "COLOURS",
    "DARK",
    "HATCHES",
    "LIGHT",
    "SMALL",
    "axes_of",
    "line",
    "rows_of",
    "short",
    "square",
    "without",
]

#: Of Okabe and Ito, one dark and one light in grey.
DARK, LIGHT = "#0072B2", "#E69F00"
#: Theirs in an order in which neighbours differ in grey as well.
COLOURS = (DARK, LIGHT, "#222222", "#56B4E9", "#D55E00", "#CC79A7", "#009E73")
#: A second sign beside the colour, of lines and of areas.
DASHES = ("-", "--", "-.", ":")
HATCHES = ("", "///", "...", "xxx", "---", "ooo")
#: Inches of a row, and of what is above and below all rows, where a figure is made.
ROW, FRAME = 0.45, 1.1
#: Of words beside a mark.
SMALL: dict[str, Any] = {"textcoords": "offset points", "fontsize": "small"}


def line(number: int) -> dict[str, Any]:
    """Return how the line of that number looks among several: its colour and its dashes."""
    return {"color": COLOURS[number % len(COLOURS)], "linestyle": DASHES[number % len(DASHES)]}


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


def without(ax: Axes, *sides: str) -> None:
    """Take away sides of the frame."""
    for side in sides:
        ax.spines[side].set_visible(False)


def short(value: float) -> str:
    """Return a number to three digits, or with all before the point, in groups of three."""
    digits = max(3, len(f"{abs(value):.0f}"))
    return f"{float(f'{value:.{digits}g}'):,.{digits}g}"
