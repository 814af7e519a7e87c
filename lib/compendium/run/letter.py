"""A page for the author of a source: what differs, what we take for wrong, what we cannot find."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from compendium.page.cells import place_name
from compendium.page.descriptors import package
from compendium.page.printed import TEXT_COLUMNS, Source
from compendium.project import Project
from compendium.verdict.conclusions import Row as Conclusion
from compendium.verdict.ledger import Row, count

__all__ = ["Checked", "letter"]

STYLE = """body {font: 16px/1.5 sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em}
table {border-collapse: collapse; margin: 1em 0; width: 100%; table-layout: fixed}
th, td {text-align: left; vertical-align: top; padding: .3em .8em; border-bottom: 1px solid #999}
th:nth-child(2), th:nth-child(3), td.number {text-align: right; overflow-wrap: anywhere}
th:nth-child(1) {width: 28%}
th:nth-child(5) {width: 36%}"""


#: How the ledger says how a search was made, which is for its readers and not for an author.
SEARCHED = re.compile(r" \(\d+ points? of their box tried(, not all corners)?[^()]*\)")
ADMITS = re.compile(r", which admits (no end of|[\d,]+) printed values?")


#: What differs is told at the number that is computed, which need not be the wrong one.
ANY_OF_THEM = "A number that is computed may be right, and one that it is computed from be wrong."


@dataclass(frozen=True)
class Checked:
    """What came of a source: its rows of the ledgers, and what keeps it from being well."""

    source: str
    cite: str
    seconds: float
    rows: list[Row] = field(repr=False)
    faults: list[str]
    conclusions: list[Conclusion] = field(default_factory=list, repr=False)
    undecided: list[str] = field(default_factory=list, repr=False)

    @property
    def is_well(self) -> bool:
        """Whether nothing differs and nothing failed."""
        return not self.faults

    @property
    def counts(self) -> dict[str, int]:
        """How many numbers it prints, and how they fared."""
        found = count(self.rows).get(self.source, {"numbers": 0, "misread": 0})
        differ = sum(row.verdict == "differs" for row in self.rows)
        return found | ({"differs": differ} if differ else {})


def letter(project: Project, found: Sequence[Checked]) -> str:
    """Return the page, in HTML that stands alone.

    Parameters
    ----------
    project : Project
        The checkout.
    found : sequence of Checked
        What came of each source.
    """
    parts = [part for one in found for part in _source(project, one)]
    title = ", ".join(one.cite for one in found)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}: '
        f"numbers that do not come out</title>\n<style>{STYLE}</style></head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def _source(project: Project, one: Checked) -> Iterable[str]:
    yield from _head(project, one)
    derived = [row for row in one.rows if row.verdict != "given"]
    right = [row for row in derived if row.verdict in ("exact", "consistent", "recovered")]
    if one.rows or one.is_well:
        yield (
            f"<p>{len(one.rows):,} printed numbers were read. {len(derived):,} of them can be "
            f"computed from others or were looked for, and {len(right):,} come out as printed, or "
            "within what the rounding of the other numbers leaves.</p>"
        )
    else:
        yield "<p>The account was not closed, so that this page says nothing of its numbers.</p>"
    # A source that cannot be read has no row, and says why below.
    source = Source(one.source, project) if one.rows else None
    declared = source.notes if source else {}
    pages = _pages(project, source) if source else {}
    ours = {
        place: note.ours
        for place, notes in declared.items()
        for note in notes
        if note.kind == "erratum"
    }
    for heading, verdict, more in (
        ("Different, and not explained", "differs", f"<p>{ANY_OF_THEM}</p>"),
        ("Not what the source's own numbers give", "erratum", ""),
        ("Open: what it is computed from is not stated", "unresolved", ""),
    ):
        rows = [row for row in one.rows if row.verdict == verdict]
        if rows:
            yield f"<h2>{heading}: {len(rows)}</h2>{more}"
            yield _table(rows, ours, pages)
    fallen = [row for row in one.conclusions if row.verdict == "falls"]
    if fallen:
        yield f"<h2>Conclusions that do not hold on the source's own numbers: {len(fallen)}</h2>"
        yield _fallen(fallen)
    shown = [f"{place_name(row.place[1:])}: " for row in one.rows if row.verdict == "differs"]
    other = [fault for fault in one.faults if not fault.startswith(tuple(shown))]
    if other:
        yield "<h2>What kept the account from being closed</h2>"
        yield f"<ul>{''.join(f'<li>{escape(fault)}</li>' for fault in other)}</ul>"


def _head(project: Project, one: Checked) -> Iterable[str]:
    """Say which source it is; where no description can be read, by its name alone."""
    yield f"<h1>{escape(one.cite)}</h1>"
    listed = package(project)["sources"] if one.rows else []
    title = next((each.get("title", "") for each in listed if each["name"] == one.source), "")
    if title and title != one.cite:
        yield f"<p>{escape(title)}</p>"


def _pages(project: Project, source: Source) -> dict[tuple[str, ...], str]:
    """Return the page of each table, by exhibit, and of each number of the text, by place."""
    pages: dict[tuple[str, ...], str] = {
        (resource["exhibit"],): str(resource.get("page", ""))
        for resource in package(project)["resources"]
        if resource.get("source") == source.slug and "exhibit" in resource
    }
    file = source.beside("text.csv")
    if file.path.exists():
        for row in file.read(TEXT_COLUMNS, optional=["notation"]):
            pages[row["exhibit"], row["item"], ""] = row["page"]
    return pages


def _plain(note: str) -> str:
    """Return evidence of the ledger in the words of a reader who has not read its documentation.

    Examples
    --------
    >>> _plain("a = b / c; inputs as printed leave 1.95 to 2.15 (9 points of their box tried), "
    ...        "which admits 3 printed values")
    'a = b / c; inputs as printed leave 1.95 to 2.15: 3 printed values fit'
    """

    def admitted(found: re.Match[str]) -> str:
        said = {"0": "no printed value fits", "1": "one printed value fits"}
        return f": {said.get(found[1], f'{found[1]} printed values fit')}"

    def searched(found: re.Match[str]) -> str:
        return ", as far as was tried" if found[1] else ""

    return ADMITS.sub(admitted, SEARCHED.sub(searched, note))


def _table(
    rows: Sequence[Row],
    ours: Mapping[tuple[str, str, str], str],
    pages: Mapping[tuple[str, ...], str],
) -> str:
    def where(row: Row) -> str:
        place = row.place[1:]
        page = pages.get(place) or pages.get(place[:1]) or ""
        said = f"page {page}" if page[:1].isdigit() else page
        return place_name(place) + (f" ({said})" if page else "")

    body = "".join(
        f"<tr><td>{escape(where(row))}</td>"
        f'<td class="number">{escape(row.printed)}</td>'
        f'<td class="number">{escape(ours.get(row.place[1:]) or row.recomputed)}</td>'
        f"<td>{escape(row.unit)}</td><td>{escape(_plain(row.note))}</td></tr>"
        for row in rows
    )
    heads = "".join(f"<th>{name}</th>" for name in ("where", "printed", "ours", "unit", "evidence"))
    return f"<table><tr>{heads}</tr>{body}</table>"


def _fallen(rows: Sequence[Conclusion]) -> str:
    body = "".join(
        f"<tr><td>{escape(row.place)}</td>"
        f'<td class="number">{escape(row.margin)}</td><td class="number">{escape(row.unit)}</td>'
        f"<td>{escape(row.tips)}</td><td>{escape(row.claim)}</td></tr>"
        for row in rows
    )
    names = ("where", "margin", "unit", "would hold", "conclusion")
    heads = "".join(f"<th>{name}</th>" for name in names)
    return f"<table><tr>{heads}</tr>{body}</table>"
