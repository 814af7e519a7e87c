"""The part of the README that is made from the ledger, so that it cannot go stale unseen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from compendium.page.descriptors import package, sources
from compendium.project import PlainError, Project
from compendium.verdict import ledger

__all__ = ["EMPTY", "refreshed", "source_list", "verdict_table"]

#: Where the table is to stand in a README that has none yet.
EMPTY = "<!-- verdicts -->\n<!-- /verdicts -->"


def refreshed(text: str, project: Project, rows: Sequence[ledger.Row]) -> str:
    """Return a README with the table of verdicts and the list of sources that the data make.

    Each stands between two marks. A README need not have a list of sources.

    Raises
    ------
    PlainError
        If the marks are lost between which the table stands.
    """
    made = {"verdicts": verdict_table(project, rows), "sources": source_list(project)}
    for name, block in made.items():
        marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        if name == "verdicts" and not marks.search(text):
            raise PlainError(
                "README.md has lost the marks around its verdict table: "
                "a line <!-- verdicts --> before it and a line <!-- /verdicts --> after it."
            )
        if found := marks.search(text):
            text = f"{text[: found.start()]}{found[1]}{block}\n{found[2]}{text[found.end() :]}"
    return text


def source_list(project: Project) -> str:
    """Return the whole reference of every source, a line each."""
    return "\n".join(f"* {source['title']}" for source in package(project)["sources"])


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
        link = f"[{cited.get(source, source)}]({notebook.relative_to(project.root).as_posix()})"
        lines.append(_line(link, own.values()))
    whole = [sum(column) for column in zip(*(own.values() for own in counts.values()), strict=True)]
    return "\n".join([*lines, _line("all", whole)])


def _line(stub: str, numbers: Iterable[int]) -> str:
    return f"| {stub} | {' | '.join(f'{number:,}' for number in numbers)} |"
