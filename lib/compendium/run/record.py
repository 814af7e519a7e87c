"""The verdicts for a program: ``data/verdicts.json``, an object a number, beside the ledger."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from importlib import resources

from compendium.page.notes import READINGS
from compendium.page.printed import Source
from compendium.project import Project
from compendium.site.places import by_exhibit, number_anchor
from compendium.verdict.ledger import Row

__all__ = ["SCHEMA", "VERSION", "record", "schema"]

#: Of the shape that `SCHEMA`, beside this file, describes.
VERSION = 1
SCHEMA = "verdicts.schema.json"


def record(project: Project, rows: Sequence[Row]) -> str:
    """Return the record of verdicts.

    A number's ``id`` is its source, and its exhibit with the number's place in it: the anchor that
    a page of the site gives the number, where it shows the table. What is blank is left out.

    Parameters
    ----------
    project : Project
        The checkout.
    rows : sequence of Row
        Its ledger.

    Returns
    -------
    str
        JSON, a line a number.
    """
    ids = {
        (slug, *cell.place): f"{slug}/{number_anchor(exhibit, position)}"
        for slug in dict.fromkeys(row.source for row in rows)
        for exhibit, cells in by_exhibit(Source(slug, project)).items()
        for position, cell in enumerate(cells, start=1)
    }
    head = json.dumps({"version": VERSION, "schema": SCHEMA})
    lines = ",\n".join(_line({"id": ids[row.place], **_told(row)}) for row in rows)
    return f'{head[:-1]}, "numbers": [\n{lines}\n]}}\n'


def schema() -> str:
    """Return what describes the record, to be laid beside it."""
    return resources.files("compendium.run").joinpath(SCHEMA).read_text("utf8")


def _told(row: Row) -> dict[str, str | list[str]]:
    told: Iterator[tuple[str, str | list[str]]] = (
        (name, value.split(READINGS) if name == "doubt" else value)
        for name, value in asdict(row).items()
        if value
    )
    return dict(told)


def _line(number: Mapping[str, object]) -> str:
    return json.dumps(number, ensure_ascii=False)
