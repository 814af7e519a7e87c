"""One look for every figure, and one way to keep it: shown in the notebook, saved as SVG."""

from __future__ import annotations

import io
import math
import re
import tomllib
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import PIL.Image
from IPython import get_ipython
from IPython.display import Image, display
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.rcsetup import cycler
from numpy.typing import ArrayLike, NDArray

from compendium.page.descriptors import package
from compendium.project import Project, write_in_one_move

__all__ = ["COLOURS", "keep", "lean", "rendered", "steady", "style"]

#: Okabe and Ito's palette: told apart by readers who do not see red and green alike.
COLOURS = {
    "blue": "#0072B2",
    "vermilion": "#D55E00",
    "green": "#009E73",
    "purple": "#CC79A7",
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "black": "#222222",
    "grey": "#767676",
}
#: Between the tags of a table, where it is no part of a text.
SPACE = re.compile(r">\s+<")
#: What the figures show, for those who cannot see them.
WORDS = "alt.toml"
NAME = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
#: Inches: the width of a notebook's text column.
WIDTH = 8.0
#: Dots to the inch of a stored picture.
DPI = 72
#: Colours of a stored picture at most.
INKS = 64
#: From which part of a picture a colour is that of an area, and how far one must be from others
#: to be kept: on the scale of 255 for each of red, green and blue.
AREA, SAME, EDGE = 0.003, 6.0, 48.0
#: Binary digits that count in a height: forty are twelve decimal ones.
BITS = 40


#: Letters as outlines: the same bytes on every machine.
SVG: dict[str, Any] = {"svg.fonttype": "path"}
STYLE: dict[str, Any] = {
    "figure.figsize": (WIDTH, WIDTH * 0.56),
    "figure.dpi": 100,
    "figure.constrained_layout.use": True,
    "font.family": "DejaVu Sans",
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": cycler(color=list(COLOURS.values())),
    "axes.grid": True,
    "grid.alpha": 0.25,
    "legend.frameon": False,
    "lines.linewidth": 2.0,
}


def style() -> None:
    """Draw every figure from here on in the compendium's style, and show every table leanly."""
    plt.style.use(STYLE)
    notebook = get_ipython()
    if notebook is not None:
        formatters = notebook.display_formatter.formatters
        formatters["text/html"].for_type(pd.DataFrame, lean)
        # A page shows the table itself; in plain words it would be stored a second time.
        formatters["text/plain"].for_type(pd.DataFrame, _size)


def lean(table: pd.DataFrame) -> str:
    """Return a table as pandas writes it for a page, less style, space and end tags of each.

    Parameters
    ----------
    table : DataFrame
        What a cell shows.

    Returns
    -------
    str
        HTML of half the length, with the same cells.

    Examples
    --------
    >>> lean(pd.DataFrame({"rent, Y": [1.28]}, ["Yantai"]))[:53]
    '<div><table border="1" class="dataframe"><thead><tr s'
    """
    html = str(table._repr_html_())  # type: ignore[operator]
    html = SPACE.sub("><", re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)).strip()
    # As for an exhibit: HTML asks for no end of a cell or a row.
    return re.sub("(?<!<th>)</t[dhr]>", "", html)


def _size(table: pd.DataFrame, printer: Any, cycle: bool) -> None:
    rows, columns = table.shape
    printer.text(f"{rows} rows of {columns} columns")


def steady(heights: ArrayLike) -> NDArray[np.float64]:
    """Return heights whose last bits decide nothing, to draw contours of.

    Where a level runs through a node of the grid, the last bit of the height there would tell on
    which side the node is, how many pieces the line has, and may be another on another processor.

    Parameters
    ----------
    heights : array_like
        What the contours are drawn of; NaN stays NaN.

    Returns
    -------
    ndarray of float
        The same, to forty binary digits of the largest.

    Examples
    --------
    >>> low, high = steady([[0.1 + 0.2, 1.0], [0.3, 1.0]]).T[0]
    >>> 0.1 + 0.2 == 0.3, bool(low == high)
    (False, True)
    """
    values = np.asarray(heights, dtype=float)
    largest = np.max(np.abs(values), initial=0.0, where=np.isfinite(values))
    step = math.ldexp(1.0, math.frexp(largest)[1] - BITS)
    return np.asarray(np.rint(values / step) * step)


def keep(figure: Figure, name: str, alt: str = "", project: Project | None = None) -> None:
    """Show a figure, with words for those who cannot see it, and write its SVG.

    Parameters
    ----------
    figure : Figure
        Drawn in the compendium's `style`.
    name : str
        Name of the file under ``build/figures``, in lower case, without ending.
    alt : str, optional
        What the figure shows, in a sentence or two; goes into the page and into the file. By
        default what ``figures/alt.toml`` says under the name.
    project : Project, optional
        The checkout to write to.

    Raises
    ------
    ValueError
        If the name is no plain name, or the words are missing.
    """
    if not NAME.fullmatch(name):
        raise ValueError(f"name must be lower-case words joined by underscores, got {name!r}")
    project = project or Project()
    alt = alt or _words(project).get(name, "")
    if len(alt) < 20:
        place = f"figures/{WORDS}, {name}" if not alt else "alt"
        raise ValueError(f"{place} must say what the figure shows, got {alt!r}")
    # The picture first: its letters are the wider ones, and the places that it finds are kept.
    # Finding them again would take as long as drawing.
    picture = _indexed(_painted(figure))
    figure.set_layout_engine("none")
    with plt.style.context(SVG | {"svg.hashsalt": _salt(project)}):
        vector = rendered(figure, {"Date": None, "Description": alt})
    folder = project.build / "figures"
    write_in_one_move(folder / f"{name}.svg", vector)
    # An open figure would be shown a second time, without its words, at the end of the cell.
    plt.close(figure)
    display(Image(picture, alt=alt))


def _words(project: Project) -> dict[str, str]:
    """Return what each figure shows, by its name, as far as the file of words says it."""
    path = project.figures / WORDS
    try:
        return tomllib.loads(path.read_text("utf8")) if path.exists() else {}
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"figures/{WORDS} cannot be read: {error}") from None


def _salt(project: Project) -> str:
    """Return what the names within an SVG are made with: one word for all runs of a compendium.

    Another word would change the bytes of every figure, so that it outlives the package's name.
    """
    content = package(project)
    return str(content.get("salt") or content.get("name") or "compendium")


def _painted(figure: Figure) -> PIL.Image.Image:
    """Return a figure in pixels, drawn once: `Figure.savefig` draws twice, to find its places."""
    canvas = FigureCanvasAgg(figure)
    before, figure.dpi = figure.dpi, DPI
    canvas.draw()  # type: ignore[no-untyped-call]
    figure.dpi = before
    pixels = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    return PIL.Image.fromarray(pixels).convert("RGB")


def rendered(figure: Figure, metadata: dict[str, Any]) -> bytes:
    """Return a figure as SVG, drawn once: `Figure.savefig` draws twice, to find its places.

    Parameters
    ----------
    figure : Figure
        The figure; its ground becomes white.
    metadata : dict
        What the file says of itself, as `Figure.savefig` takes it.
    """
    buffer = io.BytesIO()
    figure.set_facecolor("white")
    FigureCanvasSVG(figure).print_svg(buffer, metadata=metadata)  # type: ignore[no-untyped-call]
    return buffer.getvalue()


def _indexed(picture: PIL.Image.Image) -> bytes:
    """Return a PNG with a palette: a third of the bytes, and no difference that an eye sees."""
    colours = _inks(picture)
    palette = PIL.Image.new("P", (1, 1))
    # A palette has 256 places; those beyond the colours repeat the first.
    palette.putpalette([part for colour in colours for part in colour] + [255] * 3)
    buffer = io.BytesIO()
    picture.quantize(palette=palette, dither=PIL.Image.Dither.NONE).save(
        buffer, "png", optimize=True
    )
    return buffer.getvalue()


def _inks(picture: PIL.Image.Image) -> list[tuple[int, ...]]:
    """Return the colours of a picture: of areas all, of edges and letters what tells them apart."""
    found = picture.getcolors(picture.width * picture.height) or []
    inks: list[tuple[int, ...]] = []
    # By their colour where they are as frequent, so that two runs give one palette.
    for count, colour in sorted(found, reverse=True):
        shade = tuple(np.atleast_1d(np.asarray(colour, dtype=int)).tolist())
        apart = SAME if count > AREA * picture.width * picture.height else EDGE
        if all(math.dist(shade, ink) > apart for ink in inks):
            inks.append(shade)
        if len(inks) == INKS:
            break
    return inks
