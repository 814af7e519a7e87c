"""What-if cells: sliders in JupyterLab, and everywhere else the answer alone.

The sliders of a page of the site are others: `Audit.what_if` makes them, from `verdict.grid`.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np

__all__ = ["sliders"]

#: A Jupyter server sets it for the kernels of notebooks that a person has open; a run has it not.
SESSION = "JPY_SESSION_NAME"
#: Steps of a slider whose step is not given.
STEPS = 100


def sliders(function: Callable[..., Any], /, **ranges: tuple[float, ...]) -> Any:
    """Answer a what-if question; in JupyterLab, with a slider for each input named.

    In a run, on a page, and where the extra ``widgets`` is not installed, it is no more than
    ``function()``: the same output, whoever runs the cell.

    Parameters
    ----------
    function : callable
        Each of its inputs has a value of its own, from which it starts. What it returns is shown,
        and what it prints or displays.
    **ranges : tuple of float
        Of inputs, by their names: the lowest and the highest value, and the step; without one, a
        hundredth of the way. Of two whole numbers and a whole start only whole numbers are had. A
        start beyond the ends moves the end.

    Returns
    -------
    object
        What the function returns; None where there are sliders, which show it themselves.

    Raises
    ------
    ValueError
        If the function has no such input, it has no number to start from, or the ends are none.

    Examples
    --------
    >>> rate, years = 0.05, 20
    >>> def owed(rate=rate, years=years):
    ...     return round(100 * (1 + rate) ** years)
    >>> sliders(owed, rate=(0.0, 0.1, 0.005), years=(5, 30))
    265
    """
    starts = {name: entry.default for name, entry in inspect.signature(function).parameters.items()}
    controls = {name: _ends(name, ends, starts) for name, ends in ranges.items()}
    if not (os.environ.get(SESSION) and find_spec("ipywidgets")):
        return function()
    import ipywidgets
    from IPython.display import display

    fixed = {name: ipywidgets.fixed(start) for name, start in starts.items() if name not in ranges}
    moving = {}
    for name, (low, high, step) in controls.items():
        whole = all(isinstance(value, int) for value in (low, high, step))
        kind = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
        moving[name] = kind(
            value=starts[name],
            min=low,
            max=high,
            step=step,
            description=name.replace("_", " "),
            # An answer may take a second: it waits until the hand lets go.
            continuous_update=False,
            readout_format="d" if whole else ".4g",
            style={"description_width": "14em"},
            layout={"width": "36em"},
        )
    display(ipywidgets.interactive(function, **moving, **fixed))
    return None


def _ends(name: str, ends: tuple[float, ...], starts: dict[str, Any]) -> tuple[float, ...]:
    """Return the ends of a slider and its step."""
    if name not in starts:
        raise ValueError(f"{name} is no input of the function: it has {', '.join(starts)}")
    start: Any = starts[name]
    if isinstance(start, bool) or not isinstance(start, int | float | np.number):
        raise ValueError(f"{name} must start from a number, got {start!r}")
    if len(ends) not in (2, 3) or not ends[0] < ends[1] or not all(step > 0 for step in ends[2:]):
        raise ValueError(f"{name} must have a lower end, a higher end and a step, got {ends!r}")
    low, high = min(ends[0], start), max(ends[1], start)
    whole = all(isinstance(value, int) for value in (low, high, start))
    step = 1 if whole else (high - low) / STEPS
    return low, high, *(ends[2:] or (step,))
