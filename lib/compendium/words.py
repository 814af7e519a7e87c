"""Tables of words, as a notebook shows them: in full, left-aligned, folded where they are long."""

from __future__ import annotations

import re
from html import escape

import pandas as pd

from compendium.shell import display

__all__ = ["in_words"]


def in_words(frame: pd.DataFrame, folded: str = "", *, index: bool = False) -> None:
    """Show a table of words in full, its lines left-aligned.

    Parameters
    ----------
    frame : DataFrame
        The table.
    folded : str, optional
        A title; if given, the table is folded under it.
    index : bool, optional
        Whether to show the labels of the rows.

    Examples
    --------
    >>> in_words(pd.DataFrame({"says": ["a sentence"]}), folded="all that it says")
    all that it says
    """
    with pd.option_context("display.max_colwidth", None):
        table = frame.to_html(index=index, border=0, justify="left")
    table = re.sub(r"\n *", "", table)
    # A notebook would set all cells to the right, and its words in the middle of their rows.
    table = re.sub(r"<(t[dh])>", r'<\1 style="text-align: left; vertical-align: top">', table)
    if folded:
        summary = f"<summary><b>{escape(folded)}</b></summary>"
        table = f"<details>{summary}{table}</details>"
    display(table, folded or f"{len(frame)} rows")
