"""What a session needs of a notebook: the statements that make some names, and nothing else.

A notebook is a row of statements. Of these, those are kept that bind or change a name that is asked
for, then those that bind what they use, and so on; checks, tables and pictures fall away. So a
session stands alone without a line of a notebook being written twice.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["Statement", "fixtures", "statements", "uses"]

#: Methods that change what they are called on, as an assignment would.
CHANGING = {"append", "extend", "update", "add", "insert", "setdefault", "sort", "pop", "remove"}


@dataclass(frozen=True)
class Statement:
    """A statement of a notebook.

    Parameters
    ----------
    node : ast.stmt
        Parsed.
    code : str
        Of its whole cell.
    cell : int
        Number of its cell.
    """

    node: ast.stmt
    code: str
    cell: int

    @cached_property
    def source(self) -> str:
        """The statement as it is written, with the comments inside it."""
        # Found where it is asked for: a statement in a hundred is, and to look takes a while.
        return ast.get_source_segment(self.code, self.node) or ""

    @cached_property
    def makes(self) -> frozenset[str]:
        """The names that it binds, or whose values it changes."""
        return frozenset(_bound(self.node))

    @cached_property
    def imports(self) -> dict[str, str]:
        """The line that imports each name that it imports."""
        if not isinstance(self.node, ast.Import | ast.ImportFrom):
            return {}
        place = f"from {self.node.module} " if isinstance(self.node, ast.ImportFrom) else ""
        return {
            each.asname or each.name: f"{place}import {ast.unparse(each)}"
            for each in self.node.names
        }

    @cached_property
    def uses(self) -> frozenset[str]:
        """The names that it reads, in a function's body as well."""
        return frozenset(_needed([self.node]))


def statements(notebook: NotebookNode) -> list[Statement]:
    """Return the statements of a notebook in their order, those of solutions aside."""
    found = []
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type != "code" or "solution" in cell.metadata.get("tags", []):
            continue
        found += [Statement(node, cell.source, number) for node in ast.parse(cell.source).body]
    return found


@cache
def uses(source: str) -> frozenset[str]:
    """Return the names that code reads before it binds them: what it needs from elsewhere.

    It is kept: each student's notebook asks it of the same solutions.

    Examples
    --------
    >>> sorted(uses("rent = area * price; print(rent)"))
    ['area', 'price']
    """
    return frozenset(_needed(ast.parse(source).body) - set(dir(builtins)))


def fixtures(row: Sequence[Statement], names: Iterable[str]) -> str:
    """Return the module that makes some names of a notebook.

    Parameters
    ----------
    row : sequence of Statement
        Of the notebook.
    names : iterable of str
        What is to be imported from the module.

    Returns
    -------
    str
        Its source: the statements that are needed, in their order; empty for no names.

    Raises
    ------
    ValueError
        If the notebook does not make a name.
    """
    asked = set(names)
    missing = asked.difference(*(own.makes for own in row))
    if missing:
        raise ValueError(f"names must be made by the notebook, which has no {sorted(missing)}")
    kept: set[int] = set()
    needed, before = asked, -1
    # What is kept uses more names, whose statements are kept as well, until nothing is new.
    while len(kept) > before:
        before = len(kept)
        kept = {number for number, own in enumerate(row) if own.makes & needed}
        needed = asked.union(*(row[number].uses for number in kept))
    return "".join(f"{_kept(row[number], needed)}\n" for number in sorted(kept))


def _kept(own: Statement, needed: Iterable[str]) -> str:
    """Return a statement, of one that imports the names that are needed."""
    lines = [line for name, line in own.imports.items() if name.partition(".")[0] in needed]
    return "\n".join(lines) or own.source


def _bound(node: ast.AST) -> Iterator[str]:
    """Yield the names that a statement binds or changes at its own level."""
    match node:
        case ast.FunctionDef() | ast.ClassDef():
            yield node.name
        case ast.Import() | ast.ImportFrom():
            for alias in node.names:
                yield (alias.asname or alias.name).partition(".")[0]
        case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            # Their names end with them.
            return
        case ast.Name(ctx=ast.Store()):
            yield node.id
        case ast.ExceptHandler(name=str(name)):
            yield name
            for inner in node.body:
                yield from _bound(inner)
        case ast.Attribute(ctx=ast.Store()) | ast.Subscript(ctx=ast.Store()):
            yield from _base(node)
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=method) as func)) if (
            method in CHANGING
        ):
            yield from _base(func)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _bound(child)


def _base(node: ast.expr) -> Iterator[str]:
    """Yield the name at the root of an attribute or an element."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


def _needed(nodes: Iterable[ast.stmt]) -> set[str]:
    """Return the names that statements, one after the other, read before they bind them."""
    needed: set[str] = set()
    made: set[str] = set()
    for node in nodes:
        blocks = [] if isinstance(node, _OWN) else list(_blocks(node))
        inside = {id(own) for block in blocks for own in block}
        head = [child for child in ast.iter_child_nodes(node) if id(child) not in inside]
        needed |= _read(head if blocks else [node]) - made
        made.update(name for part in (head if blocks else [node]) for name in _bound(part))
        for block in blocks:
            needed |= _needed(block) - made
        made.update(_bound(node))
    return needed


#: Statements whose body is a scope of its own.
_OWN = (ast.FunctionDef, ast.ClassDef)


def _blocks(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    """Yield the blocks of a statement that has any: of a loop, a condition, a ``with``."""
    for name in ("body", "orelse", "finalbody"):
        if block := getattr(node, name, None):
            yield block


def _read(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the names that are read, those that a function or a comprehension binds aside."""
    found: set[str] = set()
    for node in nodes:
        own: set[str] = set()
        match node:
            case ast.Name(ctx=ast.Load() | ast.Del()):
                found.add(node.id)
                continue
            case ast.AugAssign(target=ast.Name(id=name)):
                found.add(name)
            case ast.FunctionDef() | ast.Lambda():
                own = {each.arg for each in ast.walk(node.args) if isinstance(each, ast.arg)}
                body = node.body if isinstance(node.body, list) else [node.body]
                own |= {name for each in body for name in _bound(each)}
                # Defaults are read where the function is made: its arguments hide none of them.
                found |= _read([*node.args.defaults, *filter(None, node.args.kw_defaults)])
            case ast.ExceptHandler(name=str(name)):
                own = {name}
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                own = {name for each in node.generators for name in _bound(each.target)}
        found |= _read(ast.iter_child_nodes(node)) - own
    return found
