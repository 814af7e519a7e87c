"""What a reader sees of the audit: a line a check, a table as on the page, a count of verdicts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from html import escape
from math import log10
from typing import Any

from compendium.page.numerals import fixed, significant
from compendium.page.printed import Cell, Layout, Note
from compendium.shell import display
from compendium.verdict import conclusions
from compendium.verdict.conclusions import Conclusion
from compendium.verdict.judge import Claim
from compendium.verdict.ledger import VERDICTS, Row, count

__all__ = [
    "print_claims",
    "print_conclusion",
    "show_conclusions",
    "show_count",
    "show_exhibit",
    "show_exhibits",
    "show_notes",
    "show_style",
]

COUNTED = ("numbers", *VERDICTS, "misread")
#: Exhibits that are no tables of the source, though they are stored as such.
ASIDE = re.compile(r"Box|Figure")

#: Tables of more rows are folded: what deviates stays in sight.
FOLD = 16
#: Tints that stand on light and dark pages alike; the marks say the same without colour.
TINTS = {
    "consistent": "rgba(0, 114, 178, .14)",
    "recovered": "rgba(86, 180, 233, .20)",
    "erratum": "rgba(213, 94, 0, .28)",
    "unresolved": "rgba(230, 159, 0, .28)",
    "differs": "rgba(204, 0, 0, .45)",
}
#: A conclusion that stands needs no tint; the others have that of a number as doubtful.
CONCLUSION_TINTS = {
    "stands on a premise": "consistent",
    "not decided by the digits": "unresolved",
    "falls": "erratum",
    "untested": "differs",
}
#: One for a whole page: it stands in the output of the cell that opens the account.
STYLE = """<style>
.printed {border-collapse: collapse; margin: .4em 0}
.printed caption {text-align: left; font-weight: bold; padding: .3em 0}
.printed th, .printed td {text-align: right !important; padding: .15em .7em; vertical-align: top}
.printed th {font-weight: normal; border-bottom: 1px solid currentColor}
.printed th.stub, .printed td.text {text-align: left !important; border: 0}
.printed small {display: block; opacity: .75; font-size: 85%; white-space: nowrap}
.printed td.text small {white-space: normal}
""" + "".join(f".printed td.{verdict} {{background: {tint}}}\n" for verdict, tint in TINTS.items())
STYLE += "</style>"


def show_style() -> None:
    """Put the look of the tables into a page; silent outside a notebook."""
    display(STYLE, "")


def print_claims(claims: Sequence[Claim], told: Sequence[str] = ()) -> None:
    """Print a line for a call, and a line for each number that is not simply right.

    Unresolved numbers beyond a table's fold are only counted: the table marks each of them.
    """
    counts = Counter(claim.verdict for claim in claims if not claim.difference)
    parts = [f"{counts[verdict]} {verdict}" for verdict in VERDICTS if counts[verdict]]
    differing = sum(bool(claim.difference) for claim in claims)
    parts += [f"{differing} DIFFER"] if differing else []
    print("; ".join([f"{claims[0].cell.exhibit}: {', '.join(parts)}", *told]))
    for claim in claims:
        where = ", ".join(part for part in claim.cell.place[1:] if part)
        if claim.difference:
            print(f"  {where}: {claim.difference}")
        elif claim.verdict == "erratum" or (
            claim.verdict == "unresolved" and counts["unresolved"] <= FOLD
        ):
            ours = "" if claim.value is None else f", recomputed {_ours(claim.value, claim.cell)}"
            print(f"  {where}: printed {claim.cell.printed}{ours}: {claim.verdict}")


def print_conclusion(found: Conclusion | str) -> None:
    """Print the verdict on a conclusion in a line; what tips it stands in the table of all."""
    if isinstance(found, str):
        print(found)
        return
    parts = [f"{found.id}: {found.verdict}", f"margin {found.margin} {found.unit}".rstrip()]
    parts += [f"on {', '.join(found.premises)}"] if found.premises else []
    parts += [f"holds in {found.share_shown} of the box"] if found.share_shown else []
    print("; ".join(parts))


def show_conclusions(found: Sequence[Conclusion]) -> None:
    """Show each conclusion with its verdict and what tips it; its call has the box, and why."""
    counts = Counter(each.verdict for each in found)
    said = [f"{counts[name]} {name}" for name in (*conclusions.VERDICTS, "untested")]
    plain = ", ".join(words for words in said if not words.startswith("0 "))
    head = _row("th", ["", "conclusion", "verdict", "margin", "what tips it", "share of the box"])
    table = _long_table(head, map(_conclusion_row, found))
    points = max((tipping.points for each in found for tipping in each.tipping), default=0)
    searched = f"<small>Boxes were searched with each input at up to {points} values.</small>"
    display(f"<div><b>{escape(plain)}</b>{table}{searched if points else ''}</div>", plain)


def _conclusion_row(found: Conclusion) -> str:
    own = found.stated
    mark = conclusions.VERDICTS.get(found.verdict, ("!", ""))[0]
    alone = [each for each in found.tipping if each.crossings or each.border]
    others = [each.name for each in found.tipping if each not in alone]
    # Pairs are what it hangs on where no input tips it alone: they stand here, and not twice.
    premises = [] if found.pairs else found.premises
    on = f"<small>{escape(', '.join(premises))}</small>" if premises else ""
    tips = [*map(str, alone), *(f"together: {pair}" for pair in found.pairs)]
    tips += [f"none found: {', '.join(others)}"] if others else []
    if not found.tipping:
        tips = found.remarks
    tint = CONCLUSION_TINTS.get(found.verdict, "")
    return (
        f"<tr><th class='stub'>{escape(own.id)}</th>"
        f"<td class='text'>{escape(own.claim)}<small>{escape(own.place)}; {own.kind}</small></td>"
        f"<td class='text {tint}'>{mark} {found.verdict}{on}</td>"
        f"<td>{escape(f'{found.margin} {found.unit}'.strip())}</td>"
        f"<td class='text'>{'<br>'.join(map(escape, tips))}</td><td>{found.share_shown}</td></tr>"
    )


def show_count(counts: Mapping[str, Mapping[str, int]]) -> None:
    """Show how many numbers each source prints, and how they fared."""
    rows = [[source, *map(str, own.values())] for source, own in counts.items()]
    head = ["source", *COUNTED]
    plain = "\n".join(
        "  ".join(text.rjust(max(len(name), 11)) for text, name in zip(row, head, strict=True))
        for row in [head, *rows]
    )
    display(_count_table("source", counts), plain)


def show_exhibits(rows: Sequence[Row], layouts: Collection[str]) -> None:
    """Show the same table by table, and in a line below them of the running text together.

    Of what is stored as a table, boxes and figures count as part of the text.
    """
    counts = count(rows, by="exhibit")
    tables = {
        name: own for name, own in counts.items() if name in layouts and not ASIDE.match(name)
    }
    text = [own for name, own in counts.items() if name not in tables]
    together = {name: sum(own[name] for own in text) for name in COUNTED}
    plain = f"{len(tables)} tables, {len(text)} exhibits of running text, {len(rows)} numbers"
    shown = tables | {f"running text, {len(text)} exhibits": together} if text else tables
    display(_count_table("exhibit", shown), plain)


def _count_table(stub: str, counts: Mapping[str, Mapping[str, int]]) -> str:
    marked = [f"{VERDICTS.get(name, '')} {name}".strip() for name in COUNTED]
    heads = "".join(f"<th>{escape(name)}</th>" for name in marked)
    body = (
        f"<tr><th class='stub'>{escape(name)}"
        + "".join(f"<td>{number or ''}" for number in own.values())
        for name, own in counts.items()
    )
    return _long_table(f"<tr><th class='stub'>{stub}{heads}", body)


def show_exhibit(
    layout: Layout | None,
    cells: Sequence[Cell],
    claims: Mapping[tuple[str, str, str], Claim],
    notes: Mapping[tuple[str, str, str], Sequence[Note]],
) -> None:
    """Show a table, or the numbers of a piece of running text, with what was recomputed."""
    cells = list(layout.cells.values()) if layout else cells
    exhibit = cells[0].exhibit
    counts = Counter(
        ("differs" if claim.difference else claim.verdict)
        for cell in cells
        if (claim := claims.get(cell.place))
    )
    marks = VERDICTS | {"differs": "!"}
    said = ", ".join(f"{counts[v]} {mark} {v}" for v, mark in marks.items() if counts[v])
    caption = f"{exhibit}: {len(cells)} numbers, {said}"
    rows = _table_rows(layout, claims, notes) if layout else _text_rows(cells, claims, notes)
    head, body = rows[0], rows[1:]
    table = _html_table(head, [html for html, _ in body])
    if len(body) > FOLD:
        deviating = [html for html, deviates in body if deviates]
        # Where most rows deviate, showing them twice helps nobody.
        shown = _html_table(head, deviating) if 0 < len(deviating) <= FOLD else ""
        table = f"{shown}<details><summary>all {len(body)} rows</summary>{table}</details>"
    display(f"<div><b>{escape(caption)}</b>{table}</div>", caption)


def show_notes(notes: Mapping[tuple[str, str, str], Sequence[Note]]) -> None:
    """Show each erratum and unresolved number with its evidence, and count misreads and doubts.

    An erratum has its cause beside it, and below its evidence the conclusion that falls with it.
    Numbers of one exhibit with one evidence share a row. What decided a misread, or why a digit
    is doubtful, stands in ``notes.csv`` and in the ledger.
    """
    parts, plain = [], []
    heads = {
        "erratum": ["number", "printed", "ours", "cause", "evidence"],
        "unresolved": ["number", "printed", "candidate", "evidence"],
        "misread": ["numbers"],
        "doubtful": ["numbers"],
    }
    for kind, titles in heads.items():
        own = [note for declared in notes.values() for note in declared if note.kind == kind]
        if not own:
            continue
        rows: dict[tuple[str, ...], list[Note]] = {}
        for note in own:
            rows.setdefault((note.cell[0], *_told(note)), []).append(note)
        head = _row("th", ["", *titles])
        body = [
            f"<tr><th class='stub'>{escape(exhibit)}</th>{_listed(together)}"
            + "".join(f"<td class='text'>{text}</td>" for text in texts)
            + "</tr>"
            for (exhibit, *texts), together in rows.items()
        ]
        parts.append(
            f"<details{' open' if kind == 'erratum' else ''}><summary><b>{kind}: {len(own)}</b>"
            f"</summary>{_long_table(head, body)}</details>"
        )
        plain.append(f"{kind}: {len(own)}")
    display("".join(parts), ", ".join(plain))


def _told(note: Note) -> tuple[str, ...]:
    """Return what is said of a declaration beside its numbers; of the scan's faults nothing."""
    match note.kind:
        case "erratum":
            touches = f"<br><b>no longer holds:</b> {escape(note.touches)}" if note.touches else ""
            return escape(note.cause), escape(note.because) + touches
        case "unresolved":
            return (escape(note.because),)
    return ()


def _listed(notes: Sequence[Note]) -> str:
    """Return three cells, of one line a number: where it stands, what is printed, what is ours.

    What is the scan's is only counted: each exhibit shows it beside its number.
    """
    if notes[0].is_of_the_scan:
        return f"<td>{len(notes)}</td>"
    columns = (
        [" | ".join(filter(None, note.cell[1:])).replace("_", " ") for note in notes],
        [note.printed for note in notes],
        [note.ours for note in notes],
    )
    names, *numbers = ("<br>".join(map(escape, column)) for column in columns)
    return f"<td class='text'>{names}</td>" + "".join(f"<td>{lines}</td>" for lines in numbers)


def _html_table(head: str, body: Iterable[str]) -> str:
    """Return a table, without the end tags that HTML does not ask for.

    That of a row stays, and that of an empty head: by them the site knows where the head ends, and
    that nothing is headed.
    """
    table = f"<table class='printed'>{head}{''.join(body)}</table>"
    return re.sub("(?<!<th>)</t[dh]>", "", table)


def _long_table(head: str, body: Iterable[str]) -> str:
    """Return a table of hundreds of rows, without the ends of its rows either."""
    return _html_table(head, body).replace("</tr>", "")


def _table_rows(
    layout: Layout,
    claims: Mapping[tuple[str, str, str], Claim],
    notes: Mapping[tuple[str, str, str], Sequence[Note]],
) -> list[Any]:
    titles = [*layout.keys, *layout.frame.columns]
    rows: list[Any] = [_row("th", [escape(title.replace("_", " ")) for title in titles])]
    shown: tuple[str, ...] = ()
    for labels in layout.frame.index:
        keys = labels if isinstance(labels, tuple) else (labels,)
        html, deviates = "<tr>", False
        for depth, (name, text) in enumerate(zip(layout.keys, keys, strict=True)):
            repeated = shown[: depth + 1] == keys[: depth + 1]
            number = layout.counted_key(name, labels)
            if repeated or number is None:
                html += f"<th class='stub'>{'' if repeated else escape(text)}</th>"
            else:
                html += _cell(number, claims.get(number.place), notes)
        shown = keys
        for column in layout.frame.columns:
            cell = layout.cell(labels, column)
            claim = claims.get(cell.place)
            deviates |= bool(cell.printed) and _deviates(cell, claim, notes)
            html += _cell(cell, claim, notes) if cell.printed else "<td></td>"
        rows.append((f"{html}</tr>", deviates))
    return rows


def _text_rows(
    cells: Sequence[Cell],
    claims: Mapping[tuple[str, str, str], Claim],
    notes: Mapping[tuple[str, str, str], Sequence[Note]],
) -> list[Any]:
    rows: list[Any] = [_row("th", ["", "printed, recomputed", "unit", ""])]
    for cell in cells:
        claim = claims.get(cell.place)
        said = escape(claim.note) if claim and claim.verdict != "given" else ""
        because = f"<td class='text'><small>{said}</small>" if said else "<td>"
        html = (
            f"<tr><th class='stub'>{escape(cell.row.replace('_', ' '))}</th>"
            f"{_cell(cell, claim, notes)}<td class='text'>{escape(cell.unit)}</td>"
            f"{because}</td></tr>"
        )
        rows.append((html, _deviates(cell, claim, notes)))
    return rows


def _row(tag: str, texts: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{text}</{tag}>' for text in texts)}</tr>"


def _deviates(
    cell: Cell,
    claim: Claim | None,
    notes: Mapping[tuple[str, str, str], Sequence[Note]],
) -> bool:
    if claim is None or claim.difference:
        return True
    return claim.verdict in ("erratum", "unresolved") or cell.place in notes


def _cell(
    cell: Cell,
    claim: Claim | None,
    notes: Mapping[tuple[str, str, str], Sequence[Note]],
) -> str:
    printed = escape(cell.stated)
    verdict = "differs" if claim is None or claim.difference else claim.verdict
    tint = f" class='{verdict}'" if verdict in TINTS else ""
    # What is right needs no words, and the table of notes has the evidence for what is not.
    said = "accounted for by nothing" if claim is None else claim.difference
    title = f' title="{escape(said, quote=True)}"' if said else ""
    value = None if claim is None else claim.value
    ours = "" if value is None else _ours(value, cell)
    scan = "".join(
        f", {'scan' if note.kind == 'misread' else 'or'} {escape(note.scan.replace('|', ' or '))}"
        for note in notes.get(cell.place, ())
        if note.is_of_the_scan
    )
    below = f"<small>{ours} {VERDICTS.get(verdict, '!')}{scan}</small>"
    return f"<td{tint}{title}>{printed}{below}</td>"


def _ours(value: float | str, cell: Cell) -> str:
    """Return a recomputed number with two digits more than the page has."""
    if isinstance(value, str):
        return value
    if cell.reading is None or not cell.reading.step:
        return significant(value, 4)
    decimals = max(0, round(-log10(cell.reading.step)))
    grouping = "," if "," in cell.printed or abs(value) >= 10_000 else ""
    return fixed(value, decimals + 2, grouping)
