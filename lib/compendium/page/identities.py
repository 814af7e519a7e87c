"""Identities of a table as data: what its own arithmetic says, without any code.

``data/<slug>/identities.csv`` has a line an identity, and the columns ``table``, ``across``,
``identity``, ``only``, ``rounding`` and ``because``; ``inputs`` and ``slack`` may stand
behind them.

* `across` is ``columns`` where the identity holds in each row, among its columns, and ``rows``
  where it holds in each column, among its rows. Rows are named by their last key; the keys before
  it part the table into groups, each with the identity of its own. A group that lacks one of the
  names is left aside. Rows of several keys can also be named in full: ```Costs | Subtotal```.
* `identity` names the number that is computed and how: ``total = a + b - c``,
  ``cost = price * area``, ``share = 100 * part / whole``, ``total = sum(food:rent)`` for all from
  one to the other, ``total = sum(:)`` for all before it, ``sum_printed(food:rent)`` for those that
  are printed, ``balance = previous(balance) + paid_in - paid_out``. A name in one row (or column)
  for all has it in brackets: ``share = 100 * cost / cost[total]``. A name that is no plain word
  stands in backticks: ```grand total` = land + `building costs```.
* `only` names the rows (or columns) in which it holds, separated by ``|``; blank is all.
* `rounding` is the rule of `rounding`, by its name, that the computed number was rounded by; blank
  is nearest. Where that number is an input of another line, it was rounded by the same rule.
* `inputs` is the rule that all other inputs were rounded by; blank is nearest.
* `slack` is for reading damaged tables alone, since the audit takes what the digits leave: by how
  many last digits rounding may have moved a sum, or the first number of a product or a ratio after
  the computation; blank is 0.

It is applied wherever all of its numbers are printed, the computed one is none of those that it is
computed from, and none of these is over, under, at least or at most another: that leaves a sum
open. The module is one grammar, with the
places where it applies.
"""

from __future__ import annotations

import ast
import keyword
import operator
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np

import rounding
from compendium.page.cells import Cell
from compendium.page.files import DataError
from compendium.page.layouts import Layout
from compendium.page.notations import PLAIN
from compendium.page.printed import Source
from rounding import Rule

__all__ = [
    "COLUMNS",
    "Application",
    "Gaps",
    "Identity",
    "IdentityError",
    "Term",
    "applications",
    "evaluate",
    "gaps",
    "listed_first",
]

COLUMNS = ["table", "across", "identity", "only", "rounding", "because"]
#: Columns that may stand behind the others.
OPTIONAL = ["inputs", "slack"]
ACROSS = ("columns", "rows")
#: Between the keys of a row that is named in full.
SEPARATOR = " | "
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
END = r"\s*(`[^`]+`|[^():`]*?)\s*"
RANGE = re.compile(rf"sum(_printed)?\({END}:{END}\)")
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
    """A number that an identity needs.

    It stands so many lines before the computed one, or in a line of its own; an optional one
    counts for nothing where it is not printed.
    """

    name: str
    back: int = 0
    line: str = ""
    optional: bool = False


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
    >>> Identity.read("total = sum(:)", ["a", "b", "c", "total"]).compute([1, 2, 3])
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
        own = QUOTED.sub(r"\1", target.strip())
        quoted: dict[str, str] = {}

        def plain(found: re.Match[str]) -> str:
            return quoted.setdefault(found[1], f"quoted_{len(quoted)}")

        formula = RANGE.sub(lambda found: _summed(found, names, own), formula)
        formula = QUOTED.sub(plain, formula)
        for name in names:
            if keyword.iskeyword(name) and re.search(rf"\b{name}\b", formula):
                raise IdentityError(
                    f"{text!r}: {name} is a word of Python, and stands in backticks: `{name}`"
                )
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
        if Term(own) in terms:
            raise IdentityError(f"{text!r} computes {own} from itself")
        return cls(own, terms, _Named(back).visit(tree))

    def compute(self, values: Sequence[Any]) -> Any:
        """Return the computed number, from the numbers of the terms in their order."""
        return evaluate(self.tree, dict(zip(self.terms, values, strict=True)))


def _summed(found: re.Match[str], names: Sequence[str], target: str) -> str:
    """Return the sum of all names from one to another, or to that before the target."""
    first, last = (end.strip("`") for end in found.groups()[1:])
    for name in (first, last or target):
        if name and name not in names:
            raise IdentityError(f"{found[0]}: there is no {name!r}; there are {', '.join(names)}")
    start = names.index(first) if first else 0
    stop = names.index(last) + 1 if last else names.index(target)
    if start >= stop:
        raise IdentityError(f"{found[0]}: {last or target!r} stands before {first!r}")
    form = "printed(`{}`)" if found[1] else "`{}`"
    return f"({' + '.join(form.format(name) for name in names[start:stop])})"


def _terms(tree: ast.expr, back: Mapping[str, str], text: str) -> Iterator[Term]:
    """Yield the numbers that a formula needs, and refuse what is not plain arithmetic."""
    match tree:
        case ast.Constant(value=int() | float()):
            return
        case ast.Name(id=name):
            yield Term(back.get(name, name))
        case ast.Call(func=ast.Name(id="previous"), args=[ast.Name(id=name)], keywords=[]):
            yield Term(back.get(name, name), back=1)
        case ast.Call(func=ast.Name(id="printed"), args=[ast.Name(id=name)], keywords=[]):
            yield Term(back.get(name, name), optional=True)
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Name(id=line)):
            yield Term(back.get(name, name), line=back.get(line, line))
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            yield from _terms(operand, back, text)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            yield from _terms(left, back, text)
            yield from _terms(right, back, text)
        case _:
            raise IdentityError(
                f"{text!r}: {ast.unparse(tree)} is none of names, numbers, + - * /, brackets, "
                "name[line], previous(name) and sum(first:last)"
            )


class _Named(ast.NodeTransformer):
    """Puts the names of the table back into a formula."""

    def __init__(self, back: Mapping[str, str]) -> None:
        self.back = back

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(id=self.back.get(node.id, node.id))


def evaluate(tree: ast.expr, values: Mapping[Term, Any]) -> Any:
    """Return what a formula makes of its terms, which may be anything that can be computed with."""
    match tree:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return values[Term(name)]
        case ast.Call(func=ast.Name(id="previous"), args=[ast.Name(id=name)]):
            return values[Term(name, back=1)]
        case ast.Call(args=[ast.Name(id=name)]):
            return values.get(Term(name, optional=True), 0)
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Name(id=line)):
            return values[Term(name, line=line)]
        case ast.UnaryOp(op=op, operand=operand):
            inner = evaluate(operand, values)
            return -inner if isinstance(op, ast.USub) else inner
        case ast.BinOp(left=left, op=op, right=right):
            return OPERATORS[type(op)](evaluate(left, values), evaluate(right, values))
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
        How the source rounded it.
    because : str
        Why it should hold.
    slack : float
        By how many last digits rounding may have moved it.
    inputs : tuple of Rule
        How the source rounded each of the terms.
    """

    cell: Cell
    terms: tuple[Cell, ...]
    identity: Identity
    text: str
    rule: Rule
    because: str
    slack: float
    inputs: tuple[Rule, ...]


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
    results: dict[tuple[str, str, str], Rule] = {}
    groups_of = _groups_of(source)
    for line, row in enumerate(file.read(COLUMNS, optional=OPTIONAL), start=2):
        own = list(_applied(f"{file.where}, row {line}", row, source, groups_of))
        if not own:
            raise DataError(
                f"{file.where}, row {line}, column identity: nowhere in the table stand all "
                f"numbers of {row['identity']!r}"
            )
        found += own
        for application in own:
            results.setdefault(application.cell.place, application.rule)
    # What one line computes was rounded by its rule, wherever another line computes with it.
    return [
        replace(
            application,
            inputs=tuple(
                results.get(cell.place, rule)
                for cell, rule in zip(application.terms, application.inputs, strict=True)
            ),
        )
        for application in found
    ]


def _applied(
    where: str,
    row: Mapping[str, str],
    source: Source,
    groups_of: Callable[[str, str], list[_Group]],
) -> Iterator[Application]:
    _require_table_and_words(where, row, source)
    slack = _slack(where, row.get("slack", ""))
    for place in _places(where, row, groups_of(row["table"], row["across"])):
        if place.is_whole:
            whole = tuple(at for at in place.needed.values() if at)
            yield Application(
                place.cell,
                whole,
                replace(place.identity, terms=tuple(place.needed)),
                row["identity"],
                RULES[row["rounding"]],
                row["because"],
                slack,
                (RULES[row.get("inputs", "")],) * len(whole),
            )


class _Place(NamedTuple):
    """A printed number that an identity computes, its line, and what is needed, if it is printed.

    What would stand before the first line is not there to be missed, and so no number is due.
    """

    cell: Cell
    label: str
    identity: Identity
    needed: dict[Term, Cell | None]
    is_due: bool

    @property
    def is_whole(self) -> bool:
        """Whether the identity can be applied."""
        terms = [*self.needed.values()]
        # In the line that it names, cost = share * cost[total] would be computed from itself.
        return (
            bool(terms) and self.cell not in terms and all(at and _is_two_ended(at) for at in terms)
        )


def _places(where: str, row: Mapping[str, str], groups: Sequence[_Group]) -> Iterator[_Place]:
    """Yield each printed number that a line of the file speaks of."""
    only = _only(where, row, groups)
    refused: list[str] = []
    for group in groups:
        try:
            identity = group.read(row["identity"])
        except IdentityError as error:
            refused.append(str(error))
            continue
        back = max(term.back for term in identity.terms)
        for number, line in enumerate(group.lines):
            cell = line.cells.get(group.plain(identity.target))
            if cell and (not only or any(label in only for label in line.labels)):
                needed = _needed(identity, group, number)
                yield _Place(cell, line.labels[-1], identity, needed, number >= back)
    if len(refused) == len(groups):
        raise DataError(f"{where}, column identity: {refused[0]}")


def listed_first(names: Sequence[str], most: int) -> str:
    """Return the first of several names, and how many more there are."""
    more = [f"{len(names) - most} more"] if len(names) > most else []
    return ", ".join([*names[:most], *more])


class Gaps(NamedTuple):
    """Where an identity is not applied, though the number that it computes is printed.

    `where` names file and row, `text` is the identity and `times` how often it is applied; `lines`
    has for each number the line it stands in, and what is missing there.
    """

    where: str
    text: str
    times: int
    lines: list[tuple[Cell, str]]


def gaps(source: Source) -> list[Gaps]:
    """Return which identities leave a printed number out, for what they need is not printed.

    Parameters
    ----------
    source : Source
        Its tables and its ``identities.csv``, which need not be there.

    Raises
    ------
    DataError
        As `applications` does.
    """
    file = source.beside("identities.csv")
    rows = file.read(COLUMNS, optional=OPTIONAL) if file.path.exists() else []
    computed = {application.cell.place for application in applications(source)}
    groups_of, found = _groups_of(source), []
    for line, row in enumerate(rows, start=2):
        where = f"{file.where}, row {line}"
        places = [*_places(where, row, groups_of(row["table"], row["across"]))]
        lines = [
            (place.cell, f"{place.label} (not printed: {listed_first(missing, 3)})")
            for place in places
            if place.is_due and place.cell.place not in computed
            if (missing := [term.name for term, at in place.needed.items() if not at])
        ]
        if lines:
            times = sum(place.is_whole for place in places)
            found.append(Gaps(where, row["identity"], times, lines))
    return found


def _only(where: str, row: Mapping[str, str], groups: Sequence[_Group]) -> Sequence[str]:
    """Return which lines alone an identity is for; none where it is for all."""
    known = {label for group in groups for line in group.lines for label in line.labels}
    only = _listed(row["only"], known, groups[0].plain_line)
    if missing := [name for name in only if name not in known]:
        hint = "; names are separated by |" if re.search("[;,]", row["only"]) else ""
        there = ", ".join(label for line in groups[0].lines for label in line.labels[-1:])
        raise DataError(
            f"{where}, column only: there is no {', '.join(missing)}{hint}; there are {there}"
        )
    return only


def _needed(identity: Identity, group: _Group, place: int) -> dict[Term, Cell | None]:
    """Return what an identity asks for in a line, without what may be missing and is."""
    terms = {term: group.at(place, term) for term in identity.terms}
    return {term: at for term, at in terms.items() if at or not term.optional}


def _is_two_ended(cell: Cell) -> bool:
    return bool(np.isfinite([cell.number.low, cell.number.high]).all())


def _require_table_and_words(where: str, row: Mapping[str, str], source: Source) -> None:
    """Refuse a row of identities whose table, way across or rounding is none."""
    if source.layout(row["table"]) is None:
        raise DataError(
            f"{where}, column table: there is no table {row['table']!r}; there are "
            f"{', '.join(source.layouts)}"
        )
    for column, allowed in (("across", ACROSS), ("rounding", RULES), ("inputs", RULES)):
        if row.get(column, "") not in allowed:
            raise DataError(
                f"{where}, column {column}: {row[column]!r} is none of "
                f"{', '.join(filter(None, allowed))}"
            )


def _slack(where: str, text: str) -> float:
    reading = PLAIN.read(text) if text else None
    if text and (reading is None or reading.value < 0.0):
        raise DataError(f"{where}, column slack: {text!r} is no number from 0 upwards")
    return reading.value if reading else 0.0


def _plain_row(layout: Layout, name: str) -> str:
    """Return the name of a row as text, by its last key or by all of them."""
    return SEPARATOR.join(layout.plain(tuple(name.split(SEPARATOR))))


def _listed(text: str, known: Collection[str], plain: Callable[[str], str]) -> list[str]:
    """Return the names of a list, where a row of several keys has the separator in its name too."""
    names: list[str] = []
    if not any("`" in name for name in known):
        # As an identity has them.
        text = QUOTED.sub(r"\1", text)
    rest = [name.strip() for name in text.split("|") if name.strip()]
    while rest:
        longest = range(len(rest), 1, -1)
        taken = next((n for n in longest if plain(SEPARATOR.join(rest[:n])) in known), 1)
        names.append(plain(SEPARATOR.join(rest[:taken])))
        rest = rest[taken:]
    return names


class _Line(NamedTuple):
    """A row or column: what it may be called, and the numbers that are legible in it, by name."""

    labels: tuple[str, ...]
    cells: dict[str, Cell]


class _Group(NamedTuple):
    """A part of a table in which an identity is applied line by line.

    `names` are those that stand in it, in order, `own` all that it can be asked for as computed,
    `all` those that can be computed with, and `by_label` the lines that a name can be taken from;
    `plain` and `plain_line` return what a number and a line are called, as text.
    """

    names: list[str]
    own: set[str]
    all: set[str]
    lines: list[_Line]
    by_label: dict[str, _Line]
    plain: Callable[[str], str]
    plain_line: Callable[[str], str]

    def read(self, text: str) -> Identity:
        """Read an identity, all of whose names must be there."""
        identity = Identity.read(text, self.names)
        names = [*((term.name, self.all) for term in identity.terms), (identity.target, self.own)]
        for name, there in names:
            if self.plain(name) not in there:
                raise IdentityError(f"there is no {name!r} among {', '.join(self.names)}")
        for term in identity.terms:
            if term.line and self.plain_line(term.line) not in self.by_label:
                raise IdentityError(f"there is no {term.line!r} for {term.name}[{term.line}]")
        return identity

    def at(self, place: int, term: Term) -> Cell | None:
        """Return the number of a term of what is computed in a line, if it is printed."""
        if term.line:
            line = self.by_label[self.plain_line(term.line)]
            return line.cells.get(self.plain(term.name))
        if place < term.back:
            return None
        return self.lines[place - term.back].cells.get(self.plain(term.name))


def _groups_of(source: Source) -> Callable[[str, str], list[_Group]]:
    """Return what gives the groups of a table, kept: many lines of the file are of one table."""
    return cache(lambda table, across: list(_groups(source.layouts[table], across)))


def _groups(layout: Layout, across: str) -> Iterator[_Group]:
    columns = [name for name in layout.frame.columns if name not in layout.text_columns]
    keys = [key if isinstance(key, tuple) else (key,) for key in layout.frame.index]
    # The labels in full, each key in the notation of its column: 1.000 may be a thousand.
    plain = {key: layout.plain(key) for key in keys}
    full = {SEPARATOR.join(plain[key]): key for key in keys}
    grouped = [list(part) for _, part in groupby(keys, key=lambda key: key[:-1])]
    for own in grouped:
        short = {plain[key][-1]: key for key in own}
        rows = {
            name: {
                layout.plain_column(column): cell
                for column in columns
                if (cell := layout.cell(key, column)).reading
            }
            for name, key in (full | short).items()
        }
        ways = (layout.plain_column, partial(_plain_row, layout))
        if across == "columns":
            labels = {key: name for name, key in full.items()}
            lines = [_Line((name, labels[key]), rows[name]) for name, key in short.items()]
            by_label = {name: _Line((name,), cells) for name, cells in rows.items()}
            there = {layout.plain_column(column) for column in columns}
            yield _Group(columns, there, there, lines, by_label, *ways)
        else:
            lines = [
                _Line((column,), {name: row[column] for name, row in rows.items() if column in row})
                for column in map(layout.plain_column, columns)
            ]
            mine = {*short, *(name for name, key in full.items() if key in own)}
            by_label = {label: line for line in lines for label in line.labels}
            names = [key[-1] for key in own]
            yield _Group(names, mine, {*rows}, lines, by_label, *ways[::-1])
