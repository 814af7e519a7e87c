"""Running apart from what a person has set for their own work."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from compendium.project import ROOT_VARIABLE, Project

__all__ = ["apart"]

#: Folders in which Jupyter, IPython and Matplotlib look for settings and leave files.
FOLDERS = (
    "IPYTHONDIR",
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_DATA_DIR",
    "JUPYTER_RUNTIME_DIR",
    "MPLCONFIGDIR",
)
#: Settings that would change what a cell shows; the first tells of a notebook that a person sees.
SETTINGS = ("JPY_SESSION_NAME", "MATPLOTLIBRC", "MPLBACKEND", "PYTHONSTARTUP", "PYTHONWARNINGS")


@contextmanager
def apart(project: Project) -> Iterator[None]:
    """Let the processes that are started here see the checkout and nobody's own settings.

    What they would leave in a person's home, which need not exist or be theirs to write to, goes
    to ``build/home``.
    """
    before = dict(os.environ)
    for name in SETTINGS:
        os.environ.pop(name, None)
    for name in FOLDERS:
        folder = project.build / "home" / name.lower()
        folder.mkdir(parents=True, exist_ok=True)
        os.environ[name] = str(folder)
    os.environ[ROOT_VARIABLE] = str(project.root)
    # The order of a set of strings is each process's own without it.
    os.environ["PYTHONHASHSEED"] = "0"
    # The debugger in an old kernel would say at length what it cannot do.
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
