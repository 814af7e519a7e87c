"""All that a student needs in one file: notebooks, data, this project and what it asks for."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from compendium.project import PlainError, Project

__all__ = ["pack", "requirements", "wheel"]

#: What the notebooks of a course import, and what they are opened with.
ASKED_FOR = ("jupyterlab", "matplotlib", "numpy", "pandas", "scipy")
#: The first moment that a ZIP can tell: the same files make the same archive.
MOMENT = (1980, 1, 1, 0, 0, 0)
#: Beside the notebooks, in the folder and in the archive.
README = """# {title}

1. Where your class has an environment, start JupyterLab in this folder. Where it has none, take the
   ZIP, which has `requirements.txt`; you need Python 3.11 to 3.14, the network once, some minutes
   and 700 MB: `python -m venv .venv`, then `source .venv/bin/activate` (on Windows
   `.venv\\Scripts\\activate`), `pip install -r requirements.txt`, `jupyter lab`. In a new terminal
   activate it anew, so that `jupyter` and `compendium` are found.
2. Open {first}.ipynb and run it from the top. Where a cell says `...`, write your answer and run
   the cell: `check` says whether it is right. A number has all its digits. Words stand in quotation
   marks, as the exercise writes them: capitals, blanks, hyphens and underscores do not count,
   commas and articles do. Most numbers in bold were drawn for your class.
3. `check` looks for `answers.json` in the notebook's folder, then in those above it. Keep all files
   of this folder together, under the names that they have; or set the variable
   `COMPENDIUM_ANSWERS` to the place of that file.
4. `data`, where there is one, has the tables that the notebooks load; the `.py` files make what
   their first cells import, or are the code that a project begins with.
"""


def wheel(project: Project) -> tuple[str, bytes]:
    """Return the name and the content of the project's wheel, made of the checkout.

    Without what makes courses: its puzzles have their own solutions.

    Raises
    ------
    PlainError
        If it cannot be made.
    """
    with tempfile.TemporaryDirectory() as made:
        source, out = Path(made) / "source", Path(made) / "out"
        out.mkdir()
        # In a copy: the making leaves files beside what it reads.
        shutil.copytree(
            project.root / "lib",
            source / "lib",
            ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", "course"),
        )
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(project.root / name, source / name)
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                f"from setuptools import build_meta; build_meta.build_wheel({str(out)!r})",
            ],
            cwd=source,
            env={**os.environ, "SOURCE_DATE_EPOCH": "315532800"},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise PlainError(f"the wheel cannot be made: {done.stderr.strip()[-500:]}")
        [file] = out.iterdir()
        return file.name, file.read_bytes()


def requirements(project: Project, wheel_name: str) -> str:
    """Return what a student installs: the wheel, and the lock's versions of what it needs."""
    lock = (project.root / "requirements.lock").read_text("utf8")
    pins = dict(re.findall(r"^([a-z0-9.-]+)==([^\s;]+)", lock, flags=re.MULTILINE))
    return "".join(f"{line}\n" for line in (f"./{wheel_name}", *_pinned(pins)))


def _pinned(pins: Mapping[str, str]) -> list[str]:
    return [f"{name}=={pins[name]}" for name in ASKED_FOR]


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return an archive of files: the same ones make the same archive.

    Examples
    --------
    >>> pack({"b": b"2", "a": b"1"}) == pack({"a": b"1", "b": b"2"})
    True
    """
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name])
    return made.getvalue()
