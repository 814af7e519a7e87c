"""Where things are: one checkout, found from the working folder or named by a variable."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["ROOT_VARIABLE", "PlainError", "Project", "write_all_or_none", "write_in_one_move"]

#: Set in the kernels of a run, so that they work on the checkout that the run works on.
ROOT_VARIABLE = "COMPENDIUM_ROOT"
#: What makes a folder a checkout: the description of its data.
PACKAGE = Path("data", "datapackage.json")


class PlainError(Exception):
    """An error whose message is all that a person needs: what is wrong, and what to do."""


def _root() -> Path:
    """Return the checkout that is named, or else the one that the working folder is in."""
    named = os.environ.get(ROOT_VARIABLE)
    here = Path.cwd()
    places = [Path(named)] if named else [here, *here.parents]
    for place in places:
        if (place / PACKAGE).is_file():
            return place.resolve()
    where = f"{ROOT_VARIABLE} is {named}, which has" if named else f"{here} and what it is in have"
    raise PlainError(
        f"{where} no {PACKAGE.as_posix()}: run this in a checkout of the compendium, "
        f"or set {ROOT_VARIABLE} to its folder."
    )


@dataclass(frozen=True)
class Project:
    """The folders of a checkout.

    Parameters
    ----------
    root : Path, optional
        Its folder; by default the one that the variable ``COMPENDIUM_ROOT`` names, else the
        nearest one upwards from the working folder that has a ``data/datapackage.json``.

    Raises
    ------
    PlainError
        If no root is given and there is none.
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
    def notebook_files(self) -> list[Path]:
        """The notebooks in the order of their names; hidden files, as some systems leave, aside.

        Raises
        ------
        PlainError
            If two are named for one source, of which the numbers would then count twice.
        """
        found = sorted(
            path for path in self.notebooks.glob("*.ipynb") if not path.name.startswith(".")
        )
        own: dict[str, Path] = {}
        for path in found:
            name = path.stem.partition("_")[2]
            if name and own.setdefault(name, path) != path:
                raise PlainError(
                    f"{own[name].name} and {path.name} are both of {name}: a source has one "
                    "notebook. Take one out of the folder, or give it another name."
                )
        return found

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

    @property
    def conclusions(self) -> Path:
        """The committed ledger of conclusions; a project without conclusions has none."""
        return self.data / "conclusions_ledger.csv"

    @property
    def what_ifs(self) -> Path:
        """What-ifs as committed, a file each."""
        return self.data / "what_if"


def write_in_one_move(path: Path, content: str | bytes) -> None:
    """Write a file so that a reader sees the old one or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        # mkstemp gives a file to its owner alone; a result is for everyone who may read the folder.
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def write_all_or_none(contents: Mapping[Path, str | bytes | None]) -> None:
    """Write several files, or remove those whose content is None: all of them or, on error, none.

    Parameters
    ----------
    contents : mapping of Path to str, bytes or None
        What each file is to hold.
    """
    before = {path: path.read_bytes() if path.is_file() else None for path in contents}
    done: list[Path] = []
    try:
        for path, content in contents.items():
            _put(path, content)
            done.append(path)
    except BaseException:
        for path in done:
            _put(path, before[path])
        raise


def _put(path: Path, content: str | bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
    else:
        write_in_one_move(path, content)
