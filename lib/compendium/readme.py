"""The part of the README that is made from the ledger, so that it cannot go stale unseen."""

from __future__ import annotations

import re
from collections.abc import Iterable

from compendium import ledger
from compendium.descriptors import package
from compendium.project import Project, write_in_one_move

__all__ = ["refresh", "refreshed", "verdict_table"]

BLOCK = re.compile(r"(<!-- verdicts -->\n).*?(<!-- /verdicts -->)", re.DOTALL)


def refresh(project: Project) -> None:
    """Write the README with a fresh verdict table."""
    path = project.root / "README.md"
    write_in_one_move(path, refreshed(path.read_text("utf8"), project))


def refreshed(text: str, project: Project) -> str:
    """Return a README with the verdict table that the committed ledger makes."""
    if not BLOCK.search(text):
        raise ValueError("README.md has lost the marks around its verdict table")
    table = verdict_table(project)
    return BLOCK.sub(lambda found: f"{found[1]}{table}\n{found[2]}", text)


def verdict_table(project: Project) -> str:
    """Return the count of verdicts by source, each with its notebook, as a Markdown table."""
    cited = {source["name"]: source["cite"] for source in package(project)["sources"]}
    counts = ledger.count(ledger.read(project.ledger))
    head = ["source", "numbers", *ledger.VERDICTS, "misread"]
    lines = [f"| {' | '.join(head)} |", f"|---|{'---:|' * (len(head) - 1)}"]
    for source, own in counts.items():
        (notebook,) = project.notebooks.glob(f"*_{source}.ipynb")
        link = f"[{cited[source]}]({notebook.relative_to(project.root).as_posix()})"
        lines.append(_line(link, own.values()))
    whole = [sum(column) for column in zip(*(own.values() for own in counts.values()), strict=True)]
    return "\n".join([*lines, _line("all", whole)])


def _line(stub: str, numbers: Iterable[int]) -> str:
    return f"| {stub} | {' | '.join(f'{number:,}' for number in numbers)} |"
