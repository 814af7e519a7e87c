"""Reading a notebook, or saying what keeps a file from being one."""

from __future__ import annotations

import textwrap
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from compendium.project import PlainError

__all__ = ["read", "runs"]


def read(path: Path) -> NotebookNode:
    """Read a notebook.

    Parameters
    ----------
    path : Path
        Its file.

    Returns
    -------
    NotebookNode
        In the fourth version of the format.

    Raises
    ------
    PlainError
        If the file is no notebook; the message names it and what it is.
    """
    try:
        text = path.read_text("utf8")
    except OSError as error:
        raise PlainError(f"{path.name} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise PlainError(f"{path.name} is not in UTF-8: byte {error.start} of it") from None
    try:
        notebook: NotebookNode = nbformat.reads(text, as_version=4)
        nbformat.validate(notebook)
    except Exception as error:
        # Of many kinds: the format's own, and those of objects that lack what it looks for.
        raise PlainError(f"{path.name} is no notebook: {_fault(text, error)}") from None
    return notebook


def runs(cell: NotebookNode) -> bool:
    """Tell whether a cell runs, and so is one of those that Jupyter numbers.

    Examples
    --------
    >>> [runs(NotebookNode(cell_type=kind, source="x")) for kind in ("code", "markdown")]
    [True, False]
    """
    return bool(cell.cell_type == "code" and cell.source.strip())


def _fault(text: str, error: Exception) -> str:
    """Say what is wrong with a file that should be a notebook."""
    if not text.strip():
        return "it is empty"
    if text.startswith("\ufeff"):
        return "it begins with a byte order mark; save it as UTF-8 without one"
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith(("<<<<<<<", ">>>>>>>")):
            return f"line {number} marks a conflict of two versions; choose one"
    return textwrap.shorten(str(error).partition("\n")[0], 200)
