"""The gallery of a module that draws: each function's example, run, and its picture."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import warnings
from pathlib import Path
from types import ModuleType
from typing import Any

from compendium.project import PlainError, write_in_one_move
from compendium.site.reference import home, public

__all__ = ["drawn", "write"]

HEAD = (
    "# Pictures from the library\n\nWhat each function of {{py:mod}}`{module}` draws, with the "
    "example of its documentation, run as it stands. The numbers are made up. A function draws on "
    "the axes that it is given, or on new ones, and returns them.\n"
)


def write(target: Path, module: str) -> None:
    """Write the page of the gallery, ``plots.md``, and its pictures, into staged sources.

    Parameters
    ----------
    target : Path
        The folder of the sources.
    module : str
        The module that draws.

    Raises
    ------
    PlainError
        If a function of it has no example that draws.
    """
    found = importlib.import_module(module)
    parts = [HEAD.format(module=module)]
    for name in public(found):
        function = getattr(found, name)
        if not inspect.isroutine(function):
            continue
        picture = drawn(found, name)
        write_in_one_move(target / "_static" / "plots" / f"{name}.svg", picture)
        told = (inspect.getdoc(function) or "").partition("\n")[0]
        code = "".join(example.source for example in _examples(function, name))
        parts += [
            f"## {name.replace('_', ' ').capitalize()}\n",
            f"{{py:func}}`{home(found, name, [module.partition('.')[0]])}.{name}`: {told}\n",
            "```{raw} html",
            f'<a class="figure" href="_static/plots/{name}.svg">'
            f'<img src="_static/plots/{name}.svg" alt="What the example below draws." '
            'loading="lazy"></a>',
            "```\n",
            f"```python\n{code}```\n",
        ]
    write_in_one_move(target / "plots.md", "\n".join(parts))


def drawn(module: ModuleType, name: str) -> bytes:
    """Return the picture that the example of a function draws, as SVG.

    The example binds the axes to ``ax``, or its last expression returns or uses them.

    Raises
    ------
    PlainError
        If it does not.
    """
    # Only a site with a gallery needs it.
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    from compendium.figures import rendered

    function = getattr(module, name)
    code = "".join(example.source for example in _examples(function, name))
    names: dict[str, Any] = dict(vars(importlib.import_module(function.__module__)))
    look: Any = {
        "svg.fonttype": "path",
        "svg.hashsalt": name,
        "figure.constrained_layout.use": True,
    }
    with warnings.catch_warnings(), plt.rc_context(look), mpl.rc_context({"backend": "agg"}):
        warnings.simplefilter("ignore")
        last = _run(code, names)
        axes = names.get("ax", last)
        figure = getattr(axes, "figure", None)
        if figure is None and plt.get_fignums():
            # The axes were used and not kept: they are on what pyplot has opened last.
            figure = plt.figure(plt.get_fignums()[-1])
        if figure is None:
            raise PlainError(f"{module.__name__}.{name}: its example draws nothing")
        picture = rendered(figure, {"Date": None})
        plt.close("all")
    return picture


def _examples(function: Any, name: str) -> list[doctest.Example]:
    return doctest.DocTestParser().get_examples(inspect.getdoc(function) or "", name)


def _run(code: str, names: dict[str, Any]) -> Any:
    """Run code, and return what its last expression is, if it ends in one."""
    tree = ast.parse(code)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<example>", "exec"), names)
    if isinstance(last, ast.Expr):
        return eval(compile(ast.Expression(last.value), "<example>", "eval"), names)
    return None
