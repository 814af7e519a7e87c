"""What an argument is marked by, and how an answer is shown to whoever marks."""

from __future__ import annotations

from typing import Any

import numpy as np

from compendium.answers import Answer
from compendium.course.exercises import Exercise

__all__ = ["marking", "shown"]


def marking(own: Exercise) -> str:
    """Return a rubric with marked answers to measure by, for whoever marks.

    Parameters
    ----------
    own : Exercise
        With a rubric.

    Returns
    -------
    str
        Markdown: the rubric with the marks of each specimen, and under it the specimens.
    """
    named = [f"answer {number}" for number, _ in enumerate(own.specimens, start=1)]
    rows = [["marks", "for", *named], ["---:", "---", *["---:"] * len(named)]]
    for number, line in enumerate(own.rubric):
        given = [specimen["marks"][number] for specimen in own.specimens]
        rows.append([str(line["marks"]), line["for"], *map(str, given)])
    parts = ["**Rubric**", "\n".join(f"| {' | '.join(row)} |" for row in rows)]
    for name, specimen in zip(named, own.specimens, strict=True):
        quoted = specimen["answer"].strip().replace("\n", "\n> ")
        total = f"{sum(specimen['marks'])} of {own.marks}"
        parts += [f"**{name.capitalize()}**\n\n> {quoted}", f"*{total}*: {specimen['why']}"]
    return "\n\n".join(parts)


def shown(answer: Answer, value: Any) -> str:
    """Return what is given for an answer, with the digits that count.

    Parameters
    ----------
    answer : Answer
        What is asked for.
    value : float, sequence of float or str
        The right one, or a wrong one.

    Examples
    --------
    >>> asked = Answer("toy.1", [0.5, 1234.5678], step=0.01)
    >>> shown(asked, asked.value), shown(Answer("toy.2", "yes"), "no")
    ('0.50, 1,234.57', 'no')
    """
    if answer.step is None:
        return str(value)
    digits = max(0, -int(np.floor(np.log10(answer.step) + 1e-9)))
    rounded = np.atleast_1d(answer.rule.round(np.asarray(value, dtype=float), answer.step))
    return ", ".join(f"{number:,.{digits}f}" for number in rounded)
