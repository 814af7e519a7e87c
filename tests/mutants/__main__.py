"""Change the code in places drawn by lot, and see whether a test notices.

``python tests/mutants [HOW_MANY]`` runs the tests once to see which of them run which line, and
keeps that in ``build/mutants``. Then each change is made, in a process that begins with all that
is slow to import, and the tests that run its line decide: the most special first, until one fails.
What no test notices is printed; the status is 1 where more than one in twenty is left, or one that
`EXPLAINED` does not account for.

The pictures of `housing.plots` are left out: they are looked at. So is what an error says.
"""

from __future__ import annotations

import os
import sys
import time
from functools import partial
from pathlib import Path

from children import OURS, import_all, noticed, statuses
from explained import EXPLAINED
from places import Place, drawn
from reached import reached

COUNT, SEED = 300, "mutants"
#: Where the lot is drawn.
CHANGED = ("lib/housing", "lib/rounding", "lib/sensitivity", "lib/compendium/verdict")
LEFT_OUT = ("lib/housing/plots", "lib/compendium/verdict/report.py")
#: Tests that run notebooks or commands, draw, or hold what is committed: too slow for each change,
#: or about something else.
NOT_ASKED = (
    *("accepting", "answers", "argument", "arrows", "checks", "commands"),
    *("corrections", "course", "course_audit", "courses", "damage", "equations", "evidence"),
    *("evidence_shan", "evidence_xuan", "figures", "fixtures", "fuzz", "guide", "import", "map"),
    *("misreads", "mutants", "new_source", "notebooks", "other_papers", "outputs"),
    *("packaging", "peers", "pictures", "plots", "plots_conversion", "plots_land"),
    *("plots_oversight", "plots_parts", "plots_prices", "plots_programmes", "plots_rents"),
    *("plots_shares", "plots_subsidies", "printed", "puzzles", "readme", "records", "results"),
    *("running", "set_up", "site", "sliders", "synthesis", "systems", "what_if", "wishes"),
    *("workflows", "wrong_digits"),
)
#: What is slow to import, and not changed.
IMPORTED = (
    *("dask.dataframe", "fsspec", "hypothesis.extra.numpy", "matplotlib.pyplot", "mpmath"),
    *("nbformat", "numpy_financial", "pandas", "pyarrow.parquet", "rich.console"),
    *("scipy.optimize", "scipy.spatial", "scipy.stats", "yaml"),
)
#: So many seconds of tests are asked at most, which may take so many before it is noticed.
MOST, PATIENCE = 20, 60
LEAST_NOTICED = 0.95


def main() -> int:
    """Draw, change and ask; tell what no test notices."""
    root = Path(__file__).resolve().parents[2]
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    processes = len(os.sched_getaffinity(0))
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    import_all([*IMPORTED, *OURS, *modules(root)])
    began = time.monotonic()
    not_asked = {f"test_{name}.py" for name in NOT_ASKED}
    files = [f"tests/{path.name}" for path in sorted(root.glob("tests/test_*.py"))]
    asked = [*CHANGED, *(file for file in files if Path(file).name not in not_asked)]
    known = reached(root, CHANGED, asked, root / "build" / "mutants", processes)
    print(f"{len(known.seconds)} tests in {time.monotonic() - began:.0f} s", flush=True)

    began = time.monotonic()
    places = drawn(root, changed_files(root), count, SEED)
    tasks = [partial(noticed, root, place, known.at(place, MOST)) for place in places]
    survivors = []
    for done, (number, status) in enumerate(statuses(tasks, processes, PATIENCE), 1):
        if done % 10 == 0:
            print(f"{done} of {len(places)}", flush=True)
        if status == 0:
            survivors.append(places[number])
            told = EXPLAINED.get(places[number].name, "NOT EXPLAINED")
            print(f"{shown(places[number])}\n    {told}", flush=True)
    seconds = time.monotonic() - began
    print(f"{len(places)} changes in {seconds:.0f} s, {len(survivors)} not noticed")
    unexplained = [place for place in survivors if place.name not in EXPLAINED]
    return int(bool(unexplained) or len(survivors) > (1 - LEAST_NOTICED) * len(places))


def changed_files(root: Path) -> list[str]:
    """Return the files in which places are drawn."""
    paths = [path for folder in CHANGED for path in sorted((root / folder).rglob("*.py"))]
    files = [path.relative_to(root).as_posix() for path in paths]
    return [file for file in files if not file.startswith(LEFT_OUT)]


def modules(root: Path) -> list[str]:
    """Return the names of the modules that are changed, and of what their tests begin with."""
    names = [file[len("lib/") : -len(".py")].replace("/", ".") for file in changed_files(root)]
    return ["compendium.run.commands", *(name.removesuffix(".__init__") for name in names)]


def shown(place: Place) -> str:
    """Return a change as its lines before and after."""
    return f"{place.file}:{place.line} {place.within}\n  - {place.before}\n  + {place.after}"


if __name__ == "__main__":
    sys.exit(main())
