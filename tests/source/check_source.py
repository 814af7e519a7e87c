"""A source costs its own files and nothing else: a sixth one in a copy of this checkout, tested.

``make test-source``. It brings a table, a number of the text, an identity, an equation, a module of
the library with a function, and a notebook; no file that is there is edited by hand. Then all tests
that hang on which sources there are pass in the copy.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from compendium.project import ROOT_VARIABLE, Project
from compendium.run.reproduce import source
from compendium.verdict import ledger

ROOT = Path(__file__).parents[2]
#: What is no part of a checkout, or would take long to copy and is not asked for.
LEFT = {".venv", ".git", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}
LEFT |= {f"build/{name}" for name in ("home", "site", "machines", "docs", "oldest", "newest")}
#: Tests whose answers hang on the sources that there are.
TESTS = (
    "arrays",
    "arrows",
    "claims",
    "completeness",
    "counts",
    "equations",
    "fuzz",
    "import",
    "map",
    "notebooks",
    "packaging",
    "ranges",
    "readme",
    "results",
    "site",
    "synthesis",
    "systems",
    "what_if",
    "workflows",
)
FILES = {
    "table_1.csv": "year,food,rent,total\n1990,1.5,2.25,3.8\n1991,1.6,2.30,3.9\n",
    "text.csv": "exhibit,item,qualifier,printed,unit,page\npara 1,doubled,,4.5,yuan,1\n",
    "identities.csv": "table,across,identity,only,rounding,because\n"
    "1,columns,total = food + rent,,,\n",
    "equations.csv": "equation,place,says,not_computed\nequation (1),section 1,twice = 2 × rent,\n",
}
MODULE = '''"""Twice a rent, as a made-up source has it."""

from __future__ import annotations

from numpy.typing import ArrayLike

from housing._arguments import Floats, elementwise, numbers

__all__ = ["twice"]


@elementwise
def twice(rent: ArrayLike) -> Floats:
    """Twice a rent.

    Parameters
    ----------
    rent : array_like
        Money, at least 0.

    Returns
    -------
    float or ndarray
        Money.

    Raises
    ------
    ValueError
        If `rent` is negative or not finite.

    References
    ----------
    Keller (2003).

    Computes: Keller (2003), equation (1).

    Examples
    --------
    >>> twice(2.25)
    4.5
    """
    return 2.0 * numbers("rent", rent, at_least=0.0)
'''


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this checkout and of its last run."""
    root = tmp_path_factory.mktemp("six") / "checkout"
    shutil.copytree(ROOT, root, ignore=left)
    return root


def left(folder: str, names: list[str]) -> set[str]:
    """Return what of a folder is not copied."""
    where = Path(folder).relative_to(ROOT)
    return {name for name in names if (where / name).as_posix() in LEFT or name == "__pycache__"}


def run(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a module of Python on the copy, with the copy's own library."""
    environment = {
        **os.environ,
        ROOT_VARIABLE: str(root),
        "PYTHONPATH": os.pathsep.join([str(root / "lib"), str(root / "tests" / "fuzz")]),
    }
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf8",
        check=False,
    )


def with_formula(path: Path) -> None:
    """Write into the new notebook what its source computes."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].source = (
        "from compendium import Audit\nfrom housing import toys\n\n"
        'audit = Audit("keller_2003")\nprinted = audit.table("1")'
    )
    cell = new_code_cell('audit.check("para 1", doubled=toys.twice(printed.loc[1990, "rent"]))')
    cell.id = "twice"
    notebook.cells.insert(3, cell)
    nbformat.write(notebook, path)


def test_a_sixth_source_costs_its_own_files(copy):
    words = ["--cite", "Keller (2003)", "--title", "Keller (2003), *What rents cost*, made up"]
    assert run(copy, "compendium", "new-source", "keller_2003", *words).returncode == 0
    for name, text in FILES.items():
        (copy / "data" / "keller_2003" / name).write_text(text, "utf8")
    (copy / "lib" / "housing" / "toys.py").write_text(MODULE, "utf8")
    project = Project(copy)
    with_formula(project.notebook_files[-1])
    assert run(copy, "compendium", "describe").returncode == 0
    checked = run(copy, "compendium", "check", "keller_2003")
    assert checked.stdout.startswith("Keller (2003): 7 numbers, 4 given, 3 exact"), checked
    # The other notebooks have run: what is new is put beside what they left.
    parts = [project.build / "ledger" / f"{source(path)}.csv" for path in project.notebook_files]
    ledger.write(project.build / "ledger.csv", ledger.merge(parts))
    accepted = run(copy, "compendium", "accept")
    assert accepted.returncode == 0, accepted
    files = [f"tests/test_{name}.py" for name in TESTS]
    tested = run(copy, "pytest", "-q", "-p", "no:cacheprovider", *files, "lib/housing/toys.py")
    assert tested.returncode == 0, tested.stdout
