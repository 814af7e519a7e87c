"""What pages of the site are made of: the ledger as data, errata, counts, equations."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from compendium.page import equations as _equations
from compendium.page.descriptors import PACKAGE
from compendium.page.files import DataError
from compendium.page.notes import CAUSES
from compendium.page.printed import Note
from compendium.project import PlainError, Project
from compendium.site.pages import Page, ledger_link
from compendium.site.settings import settings
from compendium.verdict import ledger

__all__ = [
    "equations",
    "errata",
    "exhibit_map",
    "facts",
    "folded",
    "ledger_data",
    "sources",
    "verdicts",
]

#: A figure in the map, as a checkout has it.
FIGURE_LINK = re.compile(r"\[([^]]+)\]\(\.\./figures/(\w+)\.svg\)")


def exhibit_map(project: Project) -> str:
    """Return the map of ``docs/map.md`` with links that lead to pages, a table a source, folded."""
    text = (project.root / "docs" / "map.md").read_text("utf8")
    text = FIGURE_LINK.sub(r'<a href="figures.html#\2">\1</a>', text).rstrip()
    before, *table = text.split("\n| ")
    head, _, rule = table[0].partition("\n")
    groups: dict[str, list[str]] = {}
    for row in table[1:]:
        groups.setdefault(row.partition(",")[0], []).append(f"| {row}")
    parts = [before]
    for source, rows in groups.items():
        parts += [f"## {source}\n", *folded(f"{len(rows)} sections", [f"| {head}", rule, *rows])]
    return "\n".join(parts)


def folded(summary: str, lines: Sequence[str], *, opened: bool = False) -> list[str]:
    """Return lines of Markdown that a page folds under a line of their own."""
    start = f"<details{' open' if opened else ''}><summary>{escape(summary)}</summary>"
    return [*_raw(start), "", *lines, "", *_raw("</details>"), ""]


def _raw(html: str) -> list[str]:
    return ["```{raw} html", html, "```"]


def facts(project: Project) -> dict[str, str]:
    """Return the numbers that pages quote, by name.

    The title; counts of the ledger; and for each of the findings of the site's `settings` the
    printed string under its name, and the recomputed number if it has one, to the digits of the
    page, under its name and ``_ours``.

    Raises
    ------
    DataError
        If a finding is no number of the ledger.
    """
    told = settings(project)
    rows = {row.place: row for row in ledger.read(project.ledger)}
    counts = ledger.count(list(rows.values()))
    whole = {name: sum(own[name] for own in counts.values()) for name in _columns()}
    whole["derived"] = whole["numbers"] - whole["given"]
    whole["right"] = whole["exact"] + whole["consistent"] + whole["recovered"]
    found = {name: f"{number:,}" for name, number in whole.items()}
    found["title"] = told.title
    found["share"] = f"{100 * whole['right'] / (whole['derived'] or 1):.0f}"
    for name, place in told.findings.items():
        row = rows.get(place)
        if row is None:
            raise DataError(
                f"{PACKAGE}, site, findings, {name}: the ledger has no number at {', '.join(place)}"
            )
        decimals = len(row.printed.partition(".")[2])
        found[name] = row.printed
        if row.recomputed:
            found[f"{name}_ours"] = f"{float(row.recomputed):,.{decimals}f}"
    return found


def _columns() -> list[str]:
    return ["numbers", *ledger.VERDICTS, "misread"]


# The ledger ----------------------------------------------------------------------------------


def ledger_data(project: Project, pages: Sequence[Page]) -> str:
    """Return the ledger as a script, which a page can read without a server.

    Words that many rows share are stored once, and a row names them by number.
    """
    by_slug = {page.slug: page for page in pages}
    rows = ledger.read(project.ledger)
    _require_places(rows, by_slug)
    sources = list(dict.fromkeys(row.source for row in rows))
    verdicts = list(ledger.VERDICTS)
    shared: dict[str, dict[Any, int]] = {"exhibits": {}, "units": {}, "notes": {}, "pages": {}}

    def number(table: str, value: Any) -> int:
        return shared[table].setdefault(value, len(shared[table]))

    packed = [
        [
            number("exhibits", (sources.index(row.source), row.exhibit)),
            row.row,
            row.column,
            row.printed,
            row.misread_as,
            row.doubt,
            row.recomputed,
            number("units", row.unit),
            verdicts.index(row.verdict),
            number("notes", row.note),
            *_way(by_slug[row.source], row, number),
        ]
        for row in rows
    ]
    data = {
        "sources": [[slug, by_slug[slug].short] for slug in sources],
        "verdicts": list(ledger.VERDICTS.items()),
        **{name: list(values) for name, values in shared.items()},
        "rows": packed,
    }
    return f"window.LEDGER = {json.dumps(data, ensure_ascii=False, separators=(',', ':'))};\n"


def _way(page: Page, row: ledger.Row, number: Callable[[str, Any], int]) -> tuple[int, str]:
    """Return the page of a printed number, and its anchor there."""
    place = page.places[row.place[1:]]
    name, _, anchor = page.href(place.cell, place.anchor).partition("#")
    return number("pages", name), anchor


def _require_places(rows: Sequence[ledger.Row], pages: Mapping[str, Page]) -> None:
    """Refuse a ledger that is older than what it is about."""
    for row in rows:
        if row.source not in pages or row.place[1:] not in pages[row.source].places:
            raise PlainError(
                f"data/ledger.csv has {', '.join(filter(None, row.place))}, which no notebook has "
                "any more: compendium reproduce and compendium accept first."
            )


def sources(project: Project, pages: Sequence[Page]) -> str:
    """Return a row a source, with its counts and links to its notebook and its ledger rows."""
    counts = ledger.count(ledger.read(project.ledger))
    heads = ["numbers", *(f"{mark} {name}" for name, mark in ledger.VERDICTS.items()), "misread"]
    lines = [f"| source | {' | '.join(heads)} |", f"|---|{'---:|' * len(heads)}"]
    for page in pages:
        if page.slug in counts:
            own = [_filtered(page.slug, *pair) for pair in counts[page.slug].items()]
            lines.append(f"| [{page.short}]({page.path.name}) | {' | '.join(own)} |")
    return "\n".join(lines)


def _filtered(source: str, name: str, number: int) -> str:
    """Return a count as a link to the rows of the ledger that it counts."""
    query = {"numbers": "", "misread": "&misread=1"}.get(name, f"&verdict={name}")
    link = f'<a href="../ledger.html?source={source}{query.replace("&", "&amp;")}">{number:,}</a>'
    return link if number else "0"


def verdicts(project: Project) -> str:
    """Return the count of each verdict as links to its rows of the ledger, for the home page."""
    found = facts(project)
    tiles = [
        f'<li><a href="ledger.html?verdict={name}"><b>{found[name]}</b> '
        f'<span><span aria-hidden="true">{mark}</span> {name}</span></a></li>'
        for name, mark in ledger.VERDICTS.items()
    ]
    return f'```{{raw}} html\n<ul class="tiles">{"".join(tiles)}</ul>\n```'


# Errata --------------------------------------------------------------------------------------


def errata(pages: Sequence[Page]) -> str:
    """Return the errata of all sources, those that touch a conclusion first."""
    own = {page.slug: _errata_of(page) for page in pages}
    if not any(own.values()):
        return "None is declared."
    parts = [_causes([note for notes in own.values() for note in notes])]
    for heading, touch in (
        ("Errata that touch a conclusion", True),
        ("Errata that touch none", False),
    ):
        chosen = [
            (page, [note for note in own[page.slug] if bool(note.touches) == touch])
            for page in pages
        ]
        if any(notes for _, notes in chosen):
            parts.append(f"## {heading}\n")
        for page, notes in chosen:
            if notes:
                table = _errata_table(page, notes).split("\n")
                parts += [f"### {page.short}: {_plural(len(notes))}\n"]
                parts += folded("Number by number", table, opened=touch)
    return "\n".join(parts)


def _errata_of(page: Page) -> list[Note]:
    declared = page.source.notes.values() if page.source else ()
    return [note for notes in declared for note in notes if note.kind == "erratum"]


def _causes(notes: Sequence[Note]) -> str:
    """Return how many errata each cause has, and what its word means."""
    counts = Counter(note.cause for note in notes)
    rows = [f"| {cause} | {number} | {CAUSES[cause]} |" for cause, number in counts.most_common()]
    return "\n".join(["| cause | errata | what it means |", "|---|---:|---|", *rows, ""])


def _plural(number: int) -> str:
    return f"{number} errata" if number > 1 else "1 erratum"


def _errata_table(page: Page, notes: Sequence[Note]) -> str:
    """Return a table of errata; those of an exhibit with one evidence share a row."""
    groups: dict[tuple[str, ...], list[Note]] = {}
    for note in notes:
        key = (note.cell[0], note.because, note.cause, note.touches)
        groups.setdefault(key, []).append(note)
    heads = ("exhibit", "printed, and ours", "what happened")
    head = "".join(f'<th scope="col">{words}</th>' for words in heads)
    rows = [_errata_row(page, together) for together in groups.values()]
    table = f'<table class="stack errata"><thead><tr>{head}</tr></thead><tbody>'
    return "\n".join(["```{raw} html", table, *rows, "</tbody></table>", "```", ""])


def _errata_row(page: Page, notes: Sequence[Note]) -> str:
    first = notes[0]
    numbers = "".join(f"<li>{_erratum(page, note)}</li>" for note in notes)
    told = [f'<span class="cause">{escape(first.cause)}</span>', escape(first.because)]
    told += [f"<b>With ours falls:</b> {escape(first.touches)}"] if first.touches else []
    return (
        f'<tr><th scope="row">{ledger_link(page.slug, first.cell[0])}</th>'
        f"<td><ul>{numbers}</ul></td><td>{'<br>'.join(told)}</td></tr>"
    )


def _erratum(page: Page, note: Note) -> str:
    where = ", ".join(filter(None, note.cell[1:])).replace(" | ", ", ").replace("_", " ")
    place = page.places[note.cell]
    return (
        f'<a href="{page.href(place.cell, place.anchor)}">{escape(where)}</a>: '
        f"printed <b>{escape(note.printed)}</b>, ours <b>{escape(note.ours)}</b>"
    )


# Equations ---------------------------------------------------------------------------------------


def equations(project: Project, pages: Sequence[Page]) -> str:
    """Return the equations of each source, with the functions that compute them."""
    rows = _equations.table(project)
    lines = []
    for page in pages:
        if own := [row for row in rows if row.source == page.slug]:
            head = ["| equation | what it says | computed by |", "|---|---|---|"]
            lines.append(f"## {page.short}\n")
            lines += folded(f"{len(own)} equations", [*head, *map(_equation, own)])
    return "\n".join(lines)


def _equation(row: _equations.Equation) -> str:
    """Return an equation as a row: its functions lead to the reference."""
    named = ", ".join(f"{{py:obj}}`~{name}`" for name in row.functions)
    place = f"{row.equation} ({row.place})" if row.place else row.equation
    return f"| {place} | {row.says.replace('|', '&#124;')} | {named or row.not_computed} |"
