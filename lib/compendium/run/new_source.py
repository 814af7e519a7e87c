"""``compendium new-source SLUG``: the files that a source begins with."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from compendium.page.identities import COLUMNS as IDENTITY_COLUMNS
from compendium.page.notes import NOTE_COLUMNS
from compendium.page.printed import TEXT_COLUMNS
from compendium.project import PlainError, Project, write_all_or_none
from compendium.run import guess
from compendium.run.description import opened, written

__all__ = ["run"]

SLUG = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
CELLS = (
    (
        "markdown",
        """# {cite}: what its numbers say

Who wrote it, where it stands, and what it argues, in a paragraph. What you will find here.

1. [The numbers](#The-numbers)
2. [What did not reproduce](#What-did-not-reproduce)
3. [The account](#The-account)""",
    ),
    ("code", 'from compendium import Audit\n\naudit = Audit("{slug}")'),
    (
        "markdown",
        """## The numbers

1. Type each printed table into a file of its own, `data/{slug}/table_1.csv`: the head as the
   first line, every cell as it stands on the page. Numbers in the text go to
   `data/{slug}/text.csv`, one a line.
2. `compendium describe {slug}` writes what the files are into `data/datapackage.json`: look at
   what it guessed, and add units and pages.
3. Sums, products, ratios and balances of a table go to `data/{slug}/identities.csv`, one a line.
   What needs a formula is checked in a cell here, above the next one:
   `audit.check("1", values)`.
4. `compendium check {slug}` says what differs. What the source has wrong goes to
   `data/{slug}/notes.csv`, with its evidence.""",
    ),
    (
        "code",
        "# What no cell above has claimed: computed where an identity says how, else given.\n"
        "audit.identities()",
    ),
    ("markdown", "## What did not reproduce"),
    ("code", "audit.show_notes()\naudit.show_exhibits()"),
    ("markdown", "## The account"),
    ("code", "audit.close()"),
)


def run(project: Project, options: argparse.Namespace) -> int:
    """Write them, unless the source is there."""
    slug = options.slug
    if not SLUG.fullmatch(slug):
        raise PlainError(f"SLUG must be small letters, digits and single underscores, got {slug!r}")
    described = opened(project)
    notebooks = [path.stem for path in project.notebook_files]
    known = [source["name"] for source in described["sources"]]
    taken = slug in known or (project.data / slug).exists()
    if taken or any(name.partition("_")[2] == slug for name in notebooks):
        raise PlainError(f"There is a source {slug!r} already: nothing was written.")
    cite = options.cite or slug.replace("_", " ").capitalize()
    described["sources"].append({"name": slug, "title": options.title or cite, "cite": cite})
    described["resources"].extend(
        guess.described(slug, name) for name in ("text", "notes", "identities")
    )
    numbers = [int(found[0]) for name in notebooks if (found := re.match(r"\d+", name))]
    path = project.notebooks / f"{max(numbers, default=0) + 1}_{slug}.ipynb"
    folder = project.data / slug
    write_all_or_none(
        {
            project.data / "datapackage.json": written(described),
            folder / "text.csv": ",".join(TEXT_COLUMNS) + "\n",
            folder / "notes.csv": ",".join(NOTE_COLUMNS) + "\n",
            folder / "identities.csv": ",".join(IDENTITY_COLUMNS) + "\n",
            path: nbformat.writes(_notebook(slug, cite)) + "\n",
        }
    )
    print(
        f"data/{slug}/ and notebooks/{path.name} are there. Next: type a table into "
        f"data/{slug}/table_1.csv, then compendium describe {slug}"
    )
    return 0


def _notebook(slug: str, cite: str) -> nbformat.NotebookNode:
    """Return a notebook that runs from the first day, and says what to do next."""
    made: dict[str, Callable[[str], nbformat.NotebookNode]] = {
        "markdown": new_markdown_cell,
        "code": new_code_cell,
    }
    cells = [made[kind](text.format(slug=slug, cite=cite)) for kind, text in CELLS]
    for number, cell in enumerate(cells, start=1):
        # A name by place: of a random one every copy would be another.
        cell.id = f"{slug.replace('_', '-')[:50]}-{number}"
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    notebook: nbformat.NotebookNode = new_notebook(cells=cells, metadata=metadata)
    return notebook
