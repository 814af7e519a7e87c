"""What an exercise brings, what an argument is marked by, and how an answer is shown."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from compendium.answers import Answer
from compendium.course.exercises import Exercise

__all__ = ["marking", "marks", "marks_told", "shown"]

#: What an exercise brings that the public notebooks solve.
PRACTICE = 1


def marks(own: Exercise) -> list[float]:
    """Return what each answer of an exercise brings: they share its marks.

    Examples
    --------
    >>> from compendium.course.exercises import Asked
    >>> asked = tuple(Asked(name, "How much?", "1", 1) for name in "abc")
    >>> marks(Exercise("toy.1", "", "", "C", "", "{puzzle}", 4, 10, answers=asked, puzzle="luck"))
    [1.33, 1.34, 1.33]
    """
    # Where there is a rubric, all marks are the rubric's.
    whole = 0 if own.rubric else own.marks if own.varies else min(PRACTICE, own.marks)
    count = len(own.answers)
    if not count:
        return []
    shares = [round(whole * number / count, 2) for number in range(count + 1)]
    return [round(end - start, 2) for start, end in itertools.pairwise(shares)]


def marks_told(own: Exercise, *, each: bool = False) -> str:
    """Return a line that says what an exercise brings.

    Parameters
    ----------
    own : Exercise
        One of a session.
    each : bool
        Whether it says so of every answer too.
    """
    by_answer = marks(own)
    total = own.marks if own.rubric else sum(by_answer)
    what = f"{total:g} {'mark' if total == 1 else 'marks'}"
    told = what if own.rubric or own.varies else f"Practice, {what}"
    if each and total == sum(by_answer):
        shares = zip(own.answers, by_answer, strict=True)
        told += f": {', '.join(f'{asked.name} {share:g}' for asked, share in shares)}"
    return f"*{told}.*"


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
