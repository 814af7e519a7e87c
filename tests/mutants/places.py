"""The places of a module at which its code can be changed, and which of them are drawn by lot."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

#: What stands in place of what.
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Pow: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
NAMES = {
    "any": "all",
    "all": "any",
    "min": "max",
    "max": "min",
    "minimum": "maximum",
    "maximum": "minimum",
    "floor": "ceil",
    "ceil": "floor",
    "cumsum": "asarray",
    "logical_or": "logical_and",
    "logical_and": "logical_or",
}


@dataclass(frozen=True)
class Place:
    """A piece of a module's code and what it is changed to.

    Parameters
    ----------
    file : str
        Of the module, from the checkout's root.
    line : int
        Where the piece begins.
    within : str
        The function or class at the module's top that it stands in; else nothing.
    scope : range
        The lines of that, or of the module.
    start, end : int
        Its bytes in the file.
    new : str
        What is put there.
    before, after : str
        The lines that it stands on, and what they become.
    at_import : bool
        Whether it runs when the module is imported, and not when a function is called.
    """

    file: str
    line: int
    within: str
    scope: range
    start: int
    end: int
    new: str
    before: str
    after: str
    at_import: bool

    @property
    def name(self) -> tuple[str, str, str]:
        """What stays the same when lines move: where it is, and what stands there after."""
        return self.file, self.within, self.after

    def changed(self, text: bytes) -> bytes:
        """Return the text of the module with the change."""
        return text[: self.start] + self.new.encode() + text[self.end :]


def drawn(root: Path, files: Iterable[str], count: int, seed: str) -> list[Place]:
    """Return places drawn by lot: a place keeps its lot whatever is written beside it."""

    def lot(place: Place) -> bytes:
        return hashlib.sha256("{} {} {}: {}".format(seed, *place.name).encode()).digest()

    return sorted((place for file in files for place in places(root, file)), key=lot)[:count]


def places(root: Path, file: str) -> list[Place]:
    """Return every place of a module, in the order of its text."""
    text = (root / file).read_bytes()
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    tree, found = ast.parse(text), []
    scopes = {
        range(node.lineno, (node.end_lineno or node.lineno) + 1): node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    called = {
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for line in range(node.body[0].lineno, (node.end_lineno or node.lineno) + 1)
    }
    whole = range(1, len(starts))
    for node, other in _changes(tree):
        last = node.end_lineno or node.lineno
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[last - 1] + (node.end_col_offset or 0)
        new = ast.unparse(other)
        if not isinstance(other, ast.Name | ast.Constant | ast.Attribute):
            # In brackets, whatever stands around it.
            new = f"({new})"
        lines = "\n" * (last - node.lineno)
        scope = next((own for own in scopes if node.lineno in own), whole)
        head, tail = text[starts[node.lineno - 1] : start], text[end : starts[last]]
        before, after = (
            " ".join((head + piece + tail).decode().split())
            for piece in (text[start:end], new.encode())
        )
        within = scopes.get(scope, "")
        # What follows stays on its lines.
        new = f"{new[:-1]}{lines}{new[-1]}"
        at_import = node.lineno not in called
        found.append(
            Place(file, node.lineno, within, scope, start, end, new, before, after, at_import)
        )
    return sorted(found, key=lambda place: (place.start, place.end, place.new))


def _changes(tree: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield expressions that count, each with what is put in its place."""
    for node in _counted(tree):
        match node:
            case ast.Compare(left, [operator], [right]) if type(operator) in COMPARISONS:
                other = COMPARISONS[type(operator)]()
                yield node, ast.Compare(left, [other], [right])
            case ast.BinOp(left, operator, right) if type(operator) in OPERATORS:
                yield node, ast.BinOp(left, OPERATORS[type(operator)](), right)
            case ast.BoolOp(ast.And(), values):
                yield node, ast.BoolOp(ast.Or(), values)
            case ast.BoolOp(ast.Or(), values):
                yield node, ast.BoolOp(ast.And(), values)
            case ast.UnaryOp(ast.Not() | ast.USub(), operand):
                yield node, operand
            case ast.IfExp(test, body, orelse):
                yield node, ast.IfExp(test, orelse, body)
            case ast.Constant(bool(value)):
                yield node, ast.Constant(not value)
            case ast.Constant(int(value)):
                yield node, ast.Constant(value + 1)
            case ast.Constant(float(value)):
                yield node, ast.Constant(1.5 * value + 0.5)
            case ast.Name(name) if name in NAMES:
                yield node, ast.Name(NAMES[name])
            case ast.Attribute(value, name) if name in NAMES:
                yield node, ast.Attribute(value, NAMES[name])


def _counted(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what runs when the module is used: no annotation, no message, nothing that is sure."""
    match node:
        case ast.Raise() | ast.JoinedStr() | ast.Assert():
            return
        case ast.If(ast.Name("TYPE_CHECKING")):
            return
        case ast.Assign([ast.Name("__all__")]):
            return
        case ast.keyword("strict"):
            return
        case ast.AnnAssign(value=value):
            children = [value] if value else []
        case ast.arg():
            children = []
        case ast.FunctionDef(args=args, body=body, decorator_list=decorators):
            children = [*decorators, args, *body]
        case _:
            children = list(ast.iter_child_nodes(node))
            yield node
    for child in children:
        yield from _counted(child)
