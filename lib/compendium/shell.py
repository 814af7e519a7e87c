"""The notebook that code runs in, if it runs in one: a plain script need not have IPython."""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["display", "shell"]


def shell() -> Any:
    """Return IPython's shell; None where nobody has so much as imported it."""
    ipython = sys.modules.get("IPython")
    return None if ipython is None else ipython.get_ipython()


def display(html: str, plain: str) -> None:
    """Show a page's part in a notebook, and its words elsewhere, if it has any."""
    if getattr(shell(), "kernel", None) is not None:
        from IPython.display import display as show

        # The words would stand in every stored output a second time.
        show({"text/html": html}, raw=True)
    elif plain:
        print(plain)
