"""Whether the packages at work are those of the lock."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, version

from compendium.project import Project

__all__ = ["unlocked"]

PIN = re.compile(r"^([a-zA-Z0-9._-]+)==([^\s;]+)", re.MULTILINE)


def unlocked(project: Project) -> str:
    """Say which package has another version than ``requirements.lock`` names.

    Parameters
    ----------
    project : Project
        The checkout.

    Returns
    -------
    str
        The first one and how many more there are; empty where all that is installed is as locked.
    """
    lock = project.root / "requirements.lock"
    if not lock.is_file():
        return "there is no requirements.lock"
    others = []
    for name, pinned in PIN.findall(lock.read_text("utf8")):
        try:
            installed = version(name)
        except PackageNotFoundError:
            # Of another system, or of an extra that is not asked for.
            continue
        if installed != pinned:
            others.append(f"{name} is {installed} and in the lock {pinned}")
    if not others:
        return ""
    return others[0] + (f", and {len(others) - 1} more differ" if len(others) > 1 else "")
