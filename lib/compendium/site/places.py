"""Where each printed number stands in the notebook that accounts for it.

A number of an exhibit that the notebook shows has its own place: its cell in the shown table. Any
other stands at the notebook cell that claims it. Both are found in the stored notebook, without
running it: from its code, and from the tables that `Audit.show` wrote.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from nbformat import NotebookNode

from compendium.page.printed import Cell, Layout, Source
from compendium.project import PlainError
from compendium.verdict.ledger import VERDICTS

__all__ = [
    "Place",
    "PlaceError",
    "anchored",
    "concluded",
    "conclusion_anchor",
    "find",
    "shown_exhibit",
    "slug",
]

#: What `Audit.show` writes first: the exhibit and how many numbers it has.
SHOWN = re.compile(r"<div><b>(?P<exhibit>[^<]+?): \d+ numbers?, ")
TABLE = "<table class='printed'>"
#: A number in a shown table: the printed string, and below it what was recomputed.
NUMBER = re.compile(r"<td(?! class='text')(?P<look>[^>]*)>(?P<printed>[^<]+)(?=<small>)")
#: The mark of a verdict, before the end of the line below a number.
MARK = re.compile(rf"(?<= )([{''.join(map(re.escape, VERDICTS.values()))}])(?=</small>|, scan )")
NAMES = {mark: verdict for verdict, mark in VERDICTS.items()}
CLAIMS = ("given", "check", "unresolved")


class PlaceError(PlainError, ValueError):
    """A shown table that is not the table in the data, or a number that has no place."""


@dataclass(frozen=True)
class Place:
    """A place in a notebook's page.

    Parameters
    ----------
    cell : str
        Id of the notebook cell.
    anchor : str
        What a link names: the number's own anchor, or the cell's.
    """

    cell: str
    anchor: str


@dataclass(frozen=True)
class _Call:
    """A call of the audit: what it names is an exhibit, and perhaps some of its numbers."""

    cell: str
    exhibit: str
    names: frozenset[str]
    all_names: frozenset[str]


def slug(text: str) -> str:
    """Return a name as a part of an anchor.

    Examples
    --------
    >>> slug("Table 5.4"), slug("Annex 2 para 8")
    ('table-5-4', 'annex-2-para-8')
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def cell_anchor(cell: str) -> str:
    """Return the anchor of a notebook cell."""
    return f"cell-{cell}"


def conclusion_anchor(source: str, id: str) -> str:
    """Return the anchor of a conclusion on the page of all of them."""
    return f"{slug(source)}-{slug(id)}"


def number_anchor(exhibit: str, position: int) -> str:
    """Return the anchor of an exhibit's number, by its position from 1 in reading order."""
    return f"{slug(exhibit)}-n{position}"


def shown_exhibit(html: str) -> str:
    """Return the exhibit that an output shows, or nothing."""
    found = SHOWN.match(html)
    return found["exhibit"].replace("&amp;", "&") if found else ""


def find(notebook: NotebookNode, source: Source) -> dict[tuple[str, str, str], Place]:
    """Find the place of every printed number of a source in its notebook.

    Parameters
    ----------
    notebook : NotebookNode
        As committed, with its outputs.
    source : Source
        The printed numbers.

    Returns
    -------
    dict
        A place for each printed number, by exhibit, row and column.

    Raises
    ------
    PlaceError
        If a number has none.
    """
    calls = list(_calls(notebook, _exhibits(source)))
    shown = dict(_shown(notebook, source))
    rest = _taking_the_rest(notebook)
    found: dict[tuple[str, str, str], Place] = {}
    for exhibit, cells in by_exhibit(source).items():
        own = [call for call in calls if call.exhibit == exhibit]
        for position, cell in enumerate(cells, start=1):
            if cell.place in shown:
                place = Place(shown[cell.place], number_anchor(exhibit, position))
            else:
                claiming = _claiming(cell, own) or rest or _naming(notebook, exhibit)
                place = Place(claiming, cell_anchor(claiming))
            found[cell.place] = place
    return found


def concluded(notebook: NotebookNode, ids: Collection[str]) -> dict[str, str]:
    """Find the notebook cell that tests each conclusion; else the one that shows them all.

    Parameters
    ----------
    notebook : NotebookNode
        As committed.
    ids : collection of str
        The conclusions.

    Raises
    ------
    PlaceError
        If no cell tests a conclusion and none shows them.
    """
    found: dict[str, str] = {}
    shown = ""
    for cell in notebook.cells:
        if cell.cell_type == "code" and "conclu" in cell.source:
            tree = ast.parse(cell.source)
            calls = {_called(node) for node in ast.walk(tree) if isinstance(node, ast.Call)}
            said = {id for node in ast.walk(tree) for id in _tested(node, tree)}
            found |= {id: cell.id for id in ids if id in said and id not in found}
            shown = cell.id if "show_conclusions" in calls else shown
    lost = [id for id in ids if id not in found and not shown]
    if lost:
        raise PlaceError(f"conclusion {lost[0]}: no cell of the notebook tests or shows it")
    return {id: found.get(id, shown) for id in ids}


def anchored(html: str, source: Source) -> str:
    """Return a shown exhibit with an anchor at each number, and names for its marks.

    Parameters
    ----------
    html : str
        What `Audit.show` wrote.
    source : Source
        The printed numbers.

    Raises
    ------
    PlaceError
        If the numbers of the table are not those of the data, in their order.
    """
    exhibit = shown_exhibit(html)
    anchors = {
        cell.place: number_anchor(exhibit, position)
        for position, cell in enumerate(by_exhibit(source)[exhibit], start=1)
    }
    # A long table is folded, below a short one that shows only what deviates.
    before, table, body = html.rpartition(TABLE)
    head, end, rows = body.partition("</tr>")
    layout = _layout_of(html, source)
    head += end
    if layout is not None and layout.head:
        head = _head_anchored(head, layout, anchors)
    rows = _each_anchored(rows, _cells_of(html, source), anchors)
    return with_scopes(before + table + head + rows)


def with_scopes(html: str) -> str:
    """Return printed tables whose heads say what they head, and whose marks have names."""
    html = html.replace("<th class='stub'>", "<th scope='row' class='stub'>")
    html = html.replace("<th>", "<th scope='col'>").replace("<th scope='col'></th>", "<td></td>")
    return MARK.sub(lambda m: f"<span role='img' aria-label='{NAMES[m[1]]}'>{m[1]}</span>", html)


def _each_anchored(
    rows: str, cells: Sequence[Cell], anchors: Mapping[tuple[str, str, str], str]
) -> str:
    count = len(NUMBER.findall(rows))
    if count != len(cells):
        raise PlaceError(f"{cells[0].exhibit}: {count} numbers are shown, {len(cells)} in the data")
    following = iter(cells)

    def with_anchor(found: re.Match[str]) -> str:
        cell = next(following)
        printed = escape(cell.stated)
        if found["printed"] != printed:
            raise PlaceError(f"{cell}: {found['printed']} is shown, {printed} in the data")
        anchor = anchors.get(cell.place)
        return f"<td{f' id={anchor}' if anchor else ''}{found['look']}>{found['printed']}"

    return NUMBER.sub(with_anchor, rows)


def _head_anchored(head: str, layout: Layout, anchors: Mapping[tuple[str, str, str], str]) -> str:
    for column in layout.heads:
        anchor = anchors[layout.head_cell(column).place]
        head = head.replace(f"<th>{escape(column)}<", f"<th scope='col' id={anchor}>{column}<", 1)
    return head


def _in_html(layout: Layout) -> Iterator[Cell]:
    """Yield the cells of a table in the order in which `Audit.show` writes them."""
    shown: tuple[str, ...] = ()
    for labels in layout.frame.index:
        keys = labels if isinstance(labels, tuple) else (labels,)
        for depth, name in enumerate(layout.keys, start=1):
            number = layout.counted_key(name, labels)
            if number and shown[:depth] != keys[:depth]:
                yield number
        shown = keys
        for column in layout.frame.columns:
            cell = layout.cell(labels, column)
            if cell.printed:
                yield cell


def _layout_of(html: str, source: Source) -> Layout | None:
    """Return the table that an output shows; None where it shows running text."""
    exhibit = shown_exhibit(html)
    layouts = [layout for layout in source.layouts.values() if layout.exhibit == exhibit]
    if not layouts:
        return None
    # An exhibit may be stored as two tables.
    count = len(NUMBER.findall(html.rpartition(TABLE)[2]))
    for layout in layouts:
        if len(list(_in_html(layout))) == count:
            return layout
    raise PlaceError(f"{exhibit}: {count} numbers are shown, which is no table of the data")


def _cells_of(html: str, source: Source) -> list[Cell]:
    """Return the numbers of an output's rows, in the order in which they are shown."""
    layout = _layout_of(html, source)
    if layout is None:
        return by_exhibit(source)[shown_exhibit(html)]
    return list(_in_html(layout))


def _shown(notebook: NotebookNode, source: Source) -> Iterator[tuple[tuple[str, str, str], str]]:
    """Yield each number that a notebook shows, with the cell that shows it."""
    for cell in notebook.cells:
        for html in shown_in(cell):
            layout = _layout_of(html, source)
            for number in layout.cells.values() if layout else _cells_of(html, source):
                yield number.place, cell.id


def _exhibits(source: Source) -> dict[str, str]:
    """Return the exhibit for each name that the audit has for it."""
    return {name: layout.exhibit for name, layout in source.layouts.items()} | {
        exhibit: exhibit for exhibit in by_exhibit(source)
    }


def by_exhibit(source: Source) -> dict[str, list[Cell]]:
    """Return the numbers of each exhibit, in reading order."""
    groups: dict[str, list[Cell]] = {}
    for cell in source.cells.values():
        groups.setdefault(cell.exhibit, []).append(cell)
    return groups


def shown_in(cell: NotebookNode) -> Iterator[str]:
    """Yield what `Audit.show` wrote into the outputs of a cell."""
    for output in cell.get("outputs", []):
        html = output.get("data", {}).get("text/html", "")
        if shown_exhibit(html):
            yield html


def _calls(notebook: NotebookNode, exhibits: Mapping[str, str]) -> Iterator[_Call]:
    """Yield what each cell claims, in the order of the notebook."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            tree = ast.parse(cell.source)
            claims: list[Any] = list(filter(_is_claim, ast.walk(tree)))
            everything = frozenset(_words(tree) if claims else ())
            for node in claims:
                for name in _exhibits_of(node.args[0], tree, exhibits):
                    yield _Call(cell.id, exhibits[name], frozenset(_words(node)), everything)


def _is_claim(node: Any) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLAIMS
        and bool(node.args)
    )


def _called(node: ast.Call) -> str:
    """Return the name of the method that is called; nothing where it is none."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def _tested(node: ast.AST, tree: ast.AST) -> set[str]:
    """Return the conclusion that a call tests, or all that its cell can mean where a loop runs."""
    if not isinstance(node, ast.Call) or _called(node) != "conclude" or not node.args:
        return set()
    if isinstance(node.args[0], ast.Constant):
        return {str(node.args[0].value)}
    constants = (each.value for each in ast.walk(tree) if isinstance(each, ast.Constant))
    return {value for value in constants if isinstance(value, str)}


def _exhibits_of(named: ast.AST, tree: ast.AST, exhibits: Mapping[str, str]) -> list[str]:
    """Return the exhibit that a call names, or all that its cell can mean where a loop runs."""
    if isinstance(named, ast.Constant):
        return [name for name in exhibits if name == named.value]
    said = frozenset(_words(tree))
    patterns = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    return [
        name
        for name in exhibits
        if name in said or any(_fills(name, pattern, said) for pattern in patterns)
    ]


def _fills(name: str, pattern: ast.JoinedStr, said: Collection[str]) -> bool:
    """Tell whether a name is an f-string filled with constants of its cell."""
    regex = "".join(
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else "(.+)"
        for part in pattern.values
    )
    found = re.fullmatch(regex, name)
    return bool(found and found.groups() and set(found.groups()) <= set(said))


def _words(tree: ast.AST) -> Iterator[str]:
    """Yield the constants and the argument names of a piece of code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            yield str(node.value)
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg


def _claiming(cell: Cell, calls: Sequence[_Call]) -> str:
    """Return the notebook cell whose call names a number most closely; nothing if none does."""
    labels = {cell.row, cell.column, *cell.row.split(" | ")} - {""}
    closest: list[Callable[[_Call], bool]] = [
        lambda call: cell.row in call.names,
        lambda call: cell.column != "" and cell.column in call.names,
        lambda call: bool(labels & call.all_names),
        lambda call: True,
    ]
    return next((call.cell for fits in closest for call in calls if fits(call)), "")


def _taking_the_rest(notebook: NotebookNode) -> str:
    """Return the notebook cell that claims what no other does; nothing if there is none."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and ".identities()" in cell.source:
            return str(cell.id)
    return ""


def _naming(notebook: NotebookNode, exhibit: str) -> str:
    """Return the first notebook cell that names an exhibit at all."""
    for cell in notebook.cells:
        printed = "".join(output.get("text", "") for output in cell.get("outputs", []))
        if cell.cell_type == "code" and exhibit in cell.source + printed:
            return str(cell.id)
    raise PlaceError(f"{exhibit}: no cell of the notebook names it")
