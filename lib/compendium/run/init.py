"""``compendium init``: an empty compendium in an empty folder."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

from compendium.project import PlainError, Project, write_all_or_none
from compendium.run import readme
from compendium.run.description import written

__all__ = ["run"]

README = """# {title}

Every printed number of the sources below, held against its recomputation.

```sh
compendium reproduce    # run the notebooks, and hold the numbers against the page
compendium check        # the same for one source, or for all, and what differs
```

{verdicts}
"""


def run(project: Project, options: argparse.Namespace) -> int:
    """Write the files, unless there is anything that they could overwrite."""
    if project.root.exists() and not project.root.is_dir():
        raise PlainError(f"{project.root} is a file: name an empty folder, or one to be made.")
    there = sorted(path.name for path in project.root.glob("*") if not path.name.startswith("."))
    if there:
        raise PlainError(
            f"{project.root} is not empty: it has {', '.join(there[:5])}. Name an empty folder, as "
            "in compendium init my_papers."
        )
    # A title is one line, whatever a shell made of it.
    title = " ".join((options.title or project.root.name.replace("_", " ")).split())
    package: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": re.sub(r"[^a-z0-9]+", "-", project.root.name.lower()).strip("-") or "compendium",
        "title": title,
        "sources": [],
        "resources": [],
    }
    ignored = project.root / ".gitignore"
    write_all_or_none(
        {
            project.data / "datapackage.json": written(package),
            project.root / "README.md": README.format(title=title, verdicts=readme.EMPTY),
            ignored: _with_build(ignored),
        }
    )
    print(f"{project.root} is a compendium. Next, in it: compendium new-source SLUG")
    return 0


def _with_build(ignored: Path) -> str:
    """Return what git is to leave alone: what it is told already, and what a run writes."""
    lines = ignored.read_text("utf8").splitlines() if ignored.exists() else []
    return "\n".join([*lines, *(["build/"] if "build/" not in lines else [])]) + "\n"
