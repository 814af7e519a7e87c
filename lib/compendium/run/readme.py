"""The part of the README that is made from the ledger, so that it cannot go stale unseen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from compendium import ledger
from compendium.descriptors import sources
from compendium.project import PlainError, Project

__all__ = ["EMPTY", "refreshed", "verdict_table"]

#: Where the table is to stand in a README that has none yet.
EMPTY = "<!-- verdicts -->\n<!-- /verdicts -->"
BLOCK = re.compile(r"(<!-- verdicts -->\n).*?(<!-- /verdicts -->)", re.DOTALL)


def refreshed(text: str, project: Project, rows: Sequence[ledger.Row]) -> str:
    """Return a README with the verdict table that a ledger makes.

    Raises
    ------
    PlainError
        If the marks are lost between which the table stands.
    """
    if not BLOCK.search(text):
        raise PlainError(
            "README.md has lost the marks around its verdict table: "
            "a line <!-- verdicts --> before it and a line <!-- /verdicts --> after it."
        )
    table = verdict_table(project, rows)
    return BLOCK.sub(lambda found: f"{found[1]}{table}\n{found[2]}", text)


def verdict_table(project: Project, rows: Sequence[ledger.Row]) -> str:
    """Return the count of verdicts by source, each with its notebook, as a Markdown table."""
    cited = sources(project)
    counts = ledger.count(rows)
    head = ["source", "numbers", *ledger.VERDICTS, "misread"]
    lines = [f"| {' | '.join(head)} |", f"|---|{'---:|' * (len(head) - 1)}"]
    for source, own in counts.items():
        (notebook,) = (
            path for path in project.notebook_files if path.stem.partition("_")[2] == source
        )
        link = f"[{cited[source]}]({notebook.relative_to(project.root).as_posix()})"
        lines.append(_line(link, own.values()))
    whole = [sum(column) for column in zip(*(own.values() for own in counts.values()), strict=True)]
    return "\n".join([*lines, _line("all", whole)])


def _line(stub: str, numbers: Iterable[int]) -> str:
    return f"| {stub} | {' | '.join(f'{number:,}' for number in numbers)} |"
