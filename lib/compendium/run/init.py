"""``compendium init``: an empty compendium in an empty folder."""

from __future__ import annotations

import argparse
import json
import re
from typing import Any

from compendium.project import PlainError, Project, write_all_or_none
from compendium.run import readme

__all__ = ["run", "written"]

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
    there = sorted(path.name for path in project.root.glob("*") if not path.name.startswith("."))
    if there:
        raise PlainError(
            f"{project.root} is not empty: it has {', '.join(there[:5])}. Name an empty folder, as "
            "in compendium init my_papers."
        )
    title = options.title or project.root.name.replace("_", " ")
    package: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": re.sub(r"[^a-z0-9]+", "-", project.root.name.lower()).strip("-") or "compendium",
        "title": title,
        "sources": [],
        "resources": [],
    }
    write_all_or_none(
        {
            project.data / "datapackage.json": written(package),
            project.root / "README.md": README.format(title=title, verdicts=readme.EMPTY),
            project.root / ".gitignore": "build/\n",
        }
    )
    print(f"{project.root} is a compendium. Next, in it: compendium new-source SLUG")
    return 0


def written(package: dict[str, Any]) -> str:
    """Return the description of the data as its file has it."""
    return json.dumps(package, indent=1, ensure_ascii=False) + "\n"
