"""Identities of a table as data: what its own arithmetic says, without any code.

``data/<slug>/identities.csv`` has a line an identity, and the columns ``table``, ``across``,
``identity``, ``only``, ``rounding`` and ``because``.

* `across` is ``columns`` where the identity holds in each row, among its columns, and ``rows``
  where it holds in each column, among its rows. Rows are named by their last key; the keys before
  it part the table into groups, each with the identity of its own.
* `identity` names the number that is computed and how: ``total = a + b - c``,
  ``cost = price * area``, ``share = 100 * part / whole``, ``total = sum(food:rent)`` for all from
  one to the other, ``balance = previous(balance) + paid_in - paid_out``. A name that is no plain
  word stands in backticks: ```grand total` = land + `building costs```.
* `only` names the rows (or columns) in which it holds, separated by ``|``; blank is all.
* `rounding` is a rule of `rounding` by its name; blank is nearest.

It is applied wherever all of its numbers are printed.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import rounding
from compendium.page.cells import Cell
from compendium.page.files import DataError
from compendium.page.layouts import Layout
from compendium.page.numerals import plain_label
from compendium.page.printed import Source
from rounding import Rule

__all__ = ["COLUMNS", "Application", "Identity", "IdentityError", "Term", "applications"]

COLUMNS = ["table", "across", "identity", "only", "rounding", "because"]
ACROSS = ("columns", "rows")
#: Rules of rounding by their names; nothing is nearest.
RULES = {
    "": rounding.NEAREST,
    "nearest": rounding.NEAREST,
    "up": rounding.UP,
    "down": rounding.DOWN,
    "half_even": rounding.HALF_EVEN,
    "half_down": rounding.HALF_DOWN,
    "either": rounding.EITHER,
    "two_steps": rounding.TWO_STEPS,
}
QUOTED = re.compile(r"`([^`]+)`")
RANGE = re.compile(r"sum\(([^():]+):([^():]+)\)")
OPERATORS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


class IdentityError(ValueError):
    """An identity that cannot be read; the message says what is wrong with it."""


@dataclass(frozen=True)
class Term:
    """A number that an identity needs: its name, and how many lines before the computed one."""

    name: str
    back: int = 0


@dataclass(frozen=True)
class Identity:
    """One line of the file, read.

    Parameters
    ----------
    target : str
        Name of the number that is computed.
    terms : tuple of Term
        The numbers that it is computed from, each once, in the order in which they stand.
    tree : ast.expr
        How.

    Examples
    --------
    >>> identity = Identity.read("total = `in kind` + 2 * cash - tax", ["in kind", "cash", "tax"])
    >>> identity.target, [term.name for term in identity.terms]
    ('total', ['in kind', 'cash', 'tax'])
    >>> identity.compute([1.0, 5.0, 3.0])
    8.0
    >>> Identity.read("total = sum(a:c)", ["a", "b", "c", "total"]).compute([1, 2, 3])
    6
    """

    target: str
    terms: tuple[Term, ...]
    tree: ast.expr

    @classmethod
    def read(cls, text: str, names: Sequence[str]) -> Identity:
        """Read an identity among named columns or rows.

        Parameters
        ----------
        text : str
            The identity.
        names : sequence of str
            All names in the order of the table, for ``sum(first:last)``.

        Raises
        ------
        IdentityError
            If it is none, or what it does is not plain arithmetic.
        """
        target, equals, formula = text.partition("=")
        if not equals or not target.strip() or not formula.strip() or "=" in formula:
            raise IdentityError(f"{text!r} must say what is computed, as in total = a + b")
        quoted: dict[str, str] = {}

        def plain(found: re.Match[str]) -> str:
            return quoted.setdefault(found[1], f"quoted_{len(quoted)}")

        formula = QUOTED.sub(plain, RANGE.sub(lambda found: _summed(found, names), formula))
        back = {word: name for name, word in quoted.items()}
        try:
            tree = ast.parse(formula.strip(), mode="eval").body
        except SyntaxError:
            spaced = next((name for name in names if " " in name and name in text), "")
            hint = f"; a name of several words stands in backticks, as in `{spaced}`"
            raise IdentityError(
                f"{text!r}: {formula.strip()!r} is no arithmetic{hint if spaced else ''}"
            ) from None
        terms = tuple(dict.fromkeys(_terms(tree, back, text)))
        if not terms:
            raise IdentityError(f"{text!r} computes nothing from the table")
        own = QUOTED.sub(r"\1", target.strip())
        if Term(own) in terms:
            raise IdentityError(f"{text!r} computes {own} from itself")
        return cls(own, terms, _Named(back).visit(tree))

    def compute(self, values: Sequence[Any]) -> Any:
        """Return the computed number, from the numbers of the terms in their order."""
        return _value(self.tree, dict(zip(self.terms, values, strict=True)))


def _summed(found: re.Match[str], names: Sequence[str]) -> str:
    """Return the sum of all names from one to another."""
    first, last = (end.strip().strip("`") for end in found.groups())
    for name in (first, last):
        if name not in names:
            raise IdentityError(f"{found[0]}: there is no {name!r}; there are {', '.join(names)}")
    start, end = names.index(first), names.index(last)
    if start > end:
        raise IdentityError(f"{found[0]}: {last!r} stands before {first!r}")
    return f"({' + '.join(f'`{name}`' for name in names[start : end + 1])})"


def _terms(tree: ast.expr, back: Mapping[str, str], text: str) -> Iterator[Term]:
    """Yield the numbers that a formula needs, and refuse what is not plain arithmetic."""
    match tree:
        case ast.Constant(value=int() | float()):
            return
        case ast.Name(id=name):
            yield Term(back.get(name, name))
        case ast.Call(func=ast.Name(id="previous"), args=[ast.Name(id=name)], keywords=[]):
            yield Term(back.get(name, name), 1)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            yield from _terms(operand, back, text)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            yield from _terms(left, back, text)
            yield from _terms(right, back, text)
        case _:
            raise IdentityError(
                f"{text!r}: {ast.unparse(tree)} is none of names, numbers, + - * /, brackets, "
                "previous(name) and sum(first:last)"
            )


class _Named(ast.NodeTransformer):
    """Puts the names of the table back into a formula."""

    def __init__(self, back: Mapping[str, str]) -> None:
        self.back = back

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(id=self.back.get(node.id, node.id))


def _value(tree: ast.expr, values: Mapping[Term, Any]) -> Any:
    match tree:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return values[Term(name)]
        case ast.Call(args=[ast.Name(id=name)]):
            return values[Term(name, 1)]
        case ast.UnaryOp(op=op, operand=operand):
            inner = _value(operand, values)
            return -inner if isinstance(op, ast.USub) else inner
        case ast.BinOp(left=left, op=op, right=right):
            return OPERATORS[type(op)](_value(left, values), _value(right, values))
    raise AssertionError(ast.dump(tree))


# In a table ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Application:
    """An identity at one place: a printed number and those that it is to be computed from.

    Parameters
    ----------
    cell : Cell
        The number that is computed.
    terms : tuple of Cell
        The numbers that it is computed from.
    identity : Identity
        How.
    text : str
        The identity as it stands in the file.
    rule : Rule
        How the source rounded.
    because : str
        Why it should hold.
    """

    cell: Cell
    terms: tuple[Cell, ...]
    identity: Identity
    text: str
    rule: Rule
    because: str


def applications(source: Source) -> list[Application]:
    """Return every place at which an identity of a source can be applied, in the order of the file.

    Parameters
    ----------
    source : Source
        Its tables and its ``identities.csv``, which need not be there.

    Raises
    ------
    DataError
        If a line names a table, column, row or rule that is not there, or no arithmetic, or can be
        applied nowhere; the message names file, row and column.
    """
    file = source.beside("identities.csv")
    if not file.path.exists():
        return []
    found: list[Application] = []
    for line, row in enumerate(file.read(COLUMNS), start=2):
        own = list(_applied(f"{file.where}, row {line}", row, source))
        if not own:
            raise DataError(
                f"{file.where}, row {line}, column identity: nowhere in the table stand all "
                f"numbers of {row['identity']!r}"
            )
        found += own
    return found


def _applied(where: str, row: Mapping[str, str], source: Source) -> Iterator[Application]:
    layout = source.layout(row["table"])
    if layout is None:
        raise DataError(
            f"{where}, column table: there is no table {row['table']!r}; there are "
            f"{', '.join(source.layouts)}"
        )
    for column, allowed in (("across", ACROSS), ("rounding", RULES)):
        if row[column] not in allowed:
            raise DataError(
                f"{where}, column {column}: {row[column]!r} is none of "
                f"{', '.join(filter(None, allowed))}"
            )
    only = [plain_label(name.strip()) for name in row["only"].split("|") if name.strip()]
    known: set[str] = set()
    for lines, names in _grids(layout, row["across"]):
        known |= {label for label, _ in lines}
        try:
            identity = Identity.read(row["identity"], names)
        except IdentityError as error:
            raise DataError(f"{where}, column identity: {error}") from None
        for name in (identity.target, *(term.name for term in identity.terms)):
            if plain_label(name) not in map(plain_label, names):
                raise DataError(
                    f"{where}, column identity: there is no {name!r} among {', '.join(names)}"
                )
        for place, (label, cells) in enumerate(lines):
            if only and label not in only:
                continue
            cell = cells.get(plain_label(identity.target))
            terms = [
                lines[place - term.back][1].get(plain_label(term.name))
                for term in identity.terms
                if place >= term.back
            ]
            whole = [term for term in terms if term is not None]
            if cell is not None and len(whole) == len(identity.terms):
                yield Application(
                    cell,
                    tuple(whole),
                    identity,
                    row["identity"],
                    RULES[row["rounding"]],
                    row["because"],
                )
    if missing := [name for name in only if name not in known]:
        raise DataError(f"{where}, column only: there is no {', '.join(missing)}")


Line = tuple[str, dict[str, Cell]]


def _grids(layout: Layout, across: str) -> Iterator[tuple[list[Line], list[str]]]:
    """Yield each part of a table in which an identity is applied line by line.

    A line has a label, and the numbers that are printed in it by their names.
    """
    columns = [name for name in layout.frame.columns if name not in layout.text_columns]
    keys = [key if isinstance(key, tuple) else (key,) for key in layout.frame.index]
    for _, group in groupby(keys, key=lambda key: key[:-1]):
        own = list(group)
        cells = {(key[-1], column): layout.cell(key, column) for key in own for column in columns}
        legible = {place: cell for place, cell in cells.items() if cell.reading is not None}
        rows = [key[-1] for key in own]
        names, labels = (columns, rows) if across == "columns" else (rows, columns)

        def at(label: str, name: str, across: str = across) -> tuple[str, str]:
            return (label, name) if across == "columns" else (name, label)

        lines = [
            (
                plain_label(label),
                {
                    plain_label(name): legible[at(label, name)]
                    for name in names
                    if at(label, name) in legible
                },
            )
            for label in labels
        ]
        yield lines, names
