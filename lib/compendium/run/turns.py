"""One command at a time in a checkout: what two would write at once would be neither's."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from compendium.project import PlainError, Project

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

__all__ = ["turn"]


@contextmanager
def turn(project: Project) -> Iterator[None]:
    """Hold the checkout's ``build`` for as long as a command runs.

    The system gives it back when the process ends, however it ends.

    Raises
    ------
    PlainError
        If another process holds it.
    """
    project.build.mkdir(parents=True, exist_ok=True)
    with (project.build / ".turn").open("a+b") as file:
        try:
            _take(file)
        except OSError:
            raise PlainError(
                f"Another command is running in {project.root}: wait for its end, "
                "or work in a copy of the checkout."
            ) from None
        yield


def _take(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
