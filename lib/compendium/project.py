"""Where things are: one repository, found from the installed package, never from the cwd."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["ROOT_VARIABLE", "Project", "write_in_one_move"]

#: Set in the kernels of a run, so that they work on the checkout that the run works on.
ROOT_VARIABLE = "COMPENDIUM_ROOT"


def _root() -> Path:
    return Path(os.environ.get(ROOT_VARIABLE) or Path(__file__).resolve().parents[2])


@dataclass(frozen=True)
class Project:
    """The folders of a checkout.

    Parameters
    ----------
    root : Path, optional
        The repository; by default the one that this package was installed from.
    """

    root: Path = field(default_factory=_root)

    @property
    def data(self) -> Path:
        """Printed numbers, notes and the committed ledger."""
        return self.root / "data"

    @property
    def notebooks(self) -> Path:
        """Notebooks as committed."""
        return self.root / "notebooks"

    @property
    def figures(self) -> Path:
        """Figures as committed."""
        return self.root / "figures"

    @property
    def build(self) -> Path:
        """Everything that a run writes."""
        return self.root / "build"

    @property
    def ledger(self) -> Path:
        """The committed ledger."""
        return self.data / "ledger.csv"


def write_in_one_move(path: Path, content: str | bytes) -> None:
    """Write a file so that a reader sees the old one or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(handle, "wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
    # mkstemp gives a file to its owner alone; a result is for everyone who may read the folder.
    os.chmod(name, 0o644)
    os.replace(name, path)
