"""What an argument is marked by."""

from __future__ import annotations

from compendium.course.exercises import Exercise

__all__ = ["marking"]


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
