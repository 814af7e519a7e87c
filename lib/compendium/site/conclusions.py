"""The page of conclusions: what every source argues, and how far it holds, with the way there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from compendium.project import Project
from compendium.site import places
from compendium.site.pages import Page
from compendium.verdict import conclusions
from compendium.verdict.conclusions import VERDICTS, Row

__all__ = ["table"]

DOWNLOAD = (
    "<p>Each row leads to its test in the notebook, and the notebook leads back. The table for a "
    "spreadsheet, with the lowest margin that was found in each box: "
    '<a href="downloads/data/conclusions_ledger.csv">conclusions_ledger.csv</a>.</p>'
)
HEADS = ("conclusion", "what it says", "verdict", "margin", "what tips it", "where it holds")


def table(project: Project, pages: Sequence[Page]) -> str:
    """Return what the verdicts mean and how many have each, the filters, and a row a conclusion."""
    rows = conclusions.read(project.conclusions)
    if not rows:
        return "No source has any yet: they stand in its `conclusions.csv`."
    by_slug = {page.slug: page for page in pages}
    counts = Counter(row.verdict for row in rows)
    meanings = [
        f"| {mark} {name} | {counts[name]} | {meaning} |"
        for name, (mark, meaning) in VERDICTS.items()
    ]
    heads = "".join(f'<th scope="col">{head}</th>' for head in HEADS)
    body = [_row(row, by_slug[row.source]) for row in rows]
    return "\n".join(
        [
            "| verdict | conclusions | what it means |",
            "|---|---:|---|",
            *meanings,
            "",
            "```{raw} html",
            _filters(rows, by_slug),
            '<div class="scroll"><table id="conclusions" class="stack errata">',
            f"<thead><tr>{heads}</tr></thead><tbody>",
            *body,
            "</tbody></table></div>",
            DOWNLOAD,
            "```",
        ]
    )


def _filters(rows: Sequence[Row], by_slug: Mapping[str, Page]) -> str:
    """Return the form: a choice for each thing that rows are told apart by, and the count."""
    choices = {
        "source": [(slug, by_slug[slug].short) for slug in dict.fromkeys(r.source for r in rows)],
        "verdict": [(name, f"{mark} {name}") for name, (mark, _) in VERDICTS.items()],
        "kind": [(kind, kind) for kind in dict.fromkeys(row.kind for row in rows)],
    }
    selects = "".join(_select(name, options) for name, options in choices.items())
    return (
        '<form id="filters" class="filters" role="search" aria-label="Filter the conclusions">'
        f'{selects}<button type="reset">Show all</button></form>'
        '<p id="count" role="status" aria-live="polite"></p>'
    )


def _select(name: str, options: Iterable[tuple[str, str]]) -> str:
    chosen = "".join(
        f'<option value="{escape(value)}">{escape(words)}</option>' for value, words in options
    )
    return (
        f'<label>{name.capitalize()} <select name="{name}"><option value="">all</option>'
        f"{chosen}</select></label>"
    )


def _row(row: Row, page: Page) -> str:
    """Return a conclusion as a row of the table: it leads to where the notebook tests it."""
    mark = VERDICTS[row.verdict][0]
    at = page.href(page.conclusions[row.id])
    premises = f"<small>on {_lines([row.premises])}</small>" if row.premises else ""
    tips = row.tips.split("; ") if row.tips else [row.note]
    box = f"<br>of the box: {_lines(row.box.split('; '))}" if row.box else ""
    share = f"{escape(row.share)}{box}" if row.share else ""
    return (
        f'<tr id="{places.conclusion_anchor(row.source, row.id)}" data-source="{row.source}" '
        f'data-verdict="{row.verdict}" data-kind="{row.kind}">'
        f'<th scope="row"><a href="{at}">{escape(page.short)}, {escape(row.id)}'
        f"</a><small>{escape(row.place)}</small></th>"
        f"<td>{escape(row.claim)}<small>{row.kind}</small></td>"
        f'<td><span aria-hidden="true">{mark}</span> {row.verdict}{premises}</td>'
        f"<td>{escape(f'{row.margin} {row.unit}'.strip())}</td>"
        f"<td>{_lines(tips)}</td><td>{share}</td></tr>"
    )


def _lines(words: Iterable[str]) -> str:
    """Return what is told of inputs, a line each; a reader needs no name of an argument."""
    return "<br>".join(escape(each.replace("_", " ")) for each in words)
