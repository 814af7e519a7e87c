"""Prove that the results are the committed ones on other processors: a row a setting.

``python tests/machines`` runs every notebook once under each, in a copy of what a run needs under
``build/machines``. A row first shows that its setting took effect, and says *not tested* where it
did not. The status is 1 where anything differs.
"""

from __future__ import annotations

import sys

from numpy._core import _multiarray_umath
from rows import COMPARED, LINE, row
from settings import all_settings, plain, probe

from compendium.project import Project


def main() -> int:
    project, before = Project(), probe(plain())
    print(LINE.format("", "took", *COMPARED).rstrip(), flush=True)
    rows = []
    for setting in all_settings(_multiarray_umath.__cpu_dispatch__):
        rows.append(row(setting, before, project))
        print(rows[-1], flush=True)
    lines = [line for each in rows for line in each.told()]
    if lines:
        print("", *lines, sep="\n")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
