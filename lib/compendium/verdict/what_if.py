"""What-ifs as files, and as a reader meets them where no slider moves.

A run writes them, `accept` commits them, pages of the site read them; `grid` computes them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from compendium.page.numerals import significant
from compendium.project import write_in_one_move
from compendium.shell import display
from compendium.verdict.grid import Answer, Slider, WhatIf

__all__ = ["differences", "read", "show", "write"]

#: Bytes of a file, at most: a page carries it.
MOST = 30_000
NAME = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")


def write(folder: Path, source: str, id: str, found: WhatIf) -> None:
    """Write a what-if into a folder, under its name.

    Raises
    ------
    ValueError
        If the name is none of the source's, or the file would be larger than a page may carry.
    """
    if not NAME.fullmatch(id) or not id.startswith(f"{source}_"):
        raise ValueError(f"id must be lower-case words that begin with {source}_, got {id!r}")
    content = {"source": source, **found.content}
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"
    if len(text.encode()) > MOST:
        raise ValueError(f"{id}: {len(text.encode()):,} bytes, at most {MOST:,}: take fewer values")
    write_in_one_move(folder / f"{id}.json", text)


def read(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the what-ifs of a folder, by name."""
    return {
        path.stem: json.loads(path.read_text("utf8")) for path in sorted(folder.glob("[!.]*.json"))
    }


def differences(
    old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]
) -> list[str]:
    """Say in what two sets of what-ifs differ, a line each.

    A number may be one off in its last decimal: another processor may have rounded a tie otherwise.

    Examples
    --------
    >>> one = {"title": "Due?", "answers": [{"label": "due", "values": [100, None]}]}
    >>> other = {"title": "Due?", "answers": [{"label": "due", "values": [103, None]}]}
    >>> differences({"toy_due": one}, {"toy_due": other, "toy_new": one})
    ['toy_due: due: 1 of 2 answers, the first 100 and 103', 'toy_new: is new']
    """
    lines = []
    for id in sorted({*old, *new}):
        if id not in new or id not in old:
            lines.append(f"{id}: {'is new' if id in new else 'is gone'}")
            continue
        lines += [f"{id}: {what}" for what in _parting(old[id], new[id])]
    return lines


def _parting(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    def words(content: Mapping[str, Any]) -> dict[str, Any]:
        answers = [{**answer, "values": len(answer["values"])} for answer in content["answers"]]
        return {**content, "answers": answers}

    if words(old) != words(new):
        yield "other words, values or answers"
        return
    for one, other in zip(old["answers"], new["answers"], strict=True):
        apart = [
            (a, b)
            for a, b in zip(one["values"], other["values"], strict=True)
            if a != b and (a is None or b is None or "words" in one or abs(a - b) > 1)
        ]
        if apart:
            first = " and ".join(map(str, apart[0]))
            yield f"{one['label']}: {len(apart)} of {len(one['values'])} answers, the first {first}"


def show(id: str, found: WhatIf) -> None:
    """Show a what-if where no slider moves: its answers at the start, and at each slider's ends.

    A page of the site puts the sliders in the place of this table.
    """
    rows = _ends(found)
    heads = [*map(_with_unit, found.sliders), *map(_with_unit, found.answers)]
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    lines = [
        "  ".join(text.rjust(width) for text, width in zip(row, widths, strict=True))
        for row in (heads, *rows)
    ]
    told = _tested(found)
    plain = "\n".join([found.title, *lines, *told])
    table = "".join(
        f"<tr>{''.join(f'<{tag}>{escape(text)}</{tag}>' for text in row)}</tr>"
        for tag, row in (("th", heads), *(("td", row) for row in rows))
    )
    below = "".join(f"<br><small>{escape(line)}</small>" for line in (found.note, *told) if line)
    html = (
        f'<div class="what-if" data-what-if="{id}"><b>{escape(found.title)}</b>'
        f"<table class='printed'>{table}</table>{below}</div>"
    )
    display(html, plain)


def _ends(found: WhatIf) -> list[list[str]]:
    """Return the start, and each slider at its ends with the others as they start."""
    start = [slider.start for slider in found.sliders]
    places = [start]
    for at, slider in enumerate(found.sliders):
        for end in (slider.values[0], slider.values[-1]):
            places.append([*start[:at], end, *start[at + 1 :]])
    return [[*map(str, place), *found.at(*place)] for place in dict.fromkeys(map(tuple, places))]


def _with_unit(each: Slider | Answer) -> str:
    return f"{each.label}, {each.unit}" if each.unit else each.label


def _tested(found: WhatIf) -> list[str]:
    """Say how far interpolated answers are from the function."""
    told = [
        f"{answer.label} by {significant(error, 2)} {answer.unit}".rstrip()
        for answer, error in zip(found.answers, found.errors, strict=True)
        if error
    ]
    return [f"Between the values computed, off by at most: {', '.join(told)}."] if told else []
