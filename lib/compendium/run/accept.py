"""``compendium accept``: show how new results differ, and take all of them over, or none."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from compendium.notebook import read
from compendium.project import PlainError, Project, write_all_or_none
from compendium.run import comparison, metadata, outputs, pictures, readme
from compendium.run.map import exhibit_map
from compendium.run.notebooks import faults
from compendium.run.record import SCHEMA, record, schema
from compendium.run.reproduce import source
from compendium.run.screen import console, say
from compendium.verdict import ledger, what_if

__all__ = ["run"]


def run(project: Project, options: argparse.Namespace) -> int:
    """Show how ``build/`` differs from what is committed, then copy it over.

    The ledgers, the figures, the what-ifs, the notebooks' outputs and the table in the README. A
    run that failed is shown but not copied: an undeclared difference is for understanding. A
    notebook of no source reads the committed ledger, so that a changed one asks for a second run.
    """
    screen = console()
    if not any((project.build / "notebooks").glob("*.ipynb")):
        raise PlainError("Nothing is copied, for nothing was run: compendium reproduce first.")
    if not (project.build / "ledger.csv").exists():
        raise PlainError(
            "Nothing is copied: no whole run is left, or one source alone was checked since. "
            "compendium reproduce first."
        )
    old, new = ledger.read(project.ledger), ledger.read(project.build / "ledger.csv")
    refused = _refused(project, new)
    for line in (*ledger.changes(old, new), *comparison.conclusions(project)):
        say(screen, line)
    if refused:
        say(screen, "Nothing is copied: there is no whole run of these notebooks that ended well.")
        for line in refused:
            say(screen, line)
        return 1
    changed: dict[Path, bytes | None] = {}
    if old != new:
        changed[project.ledger] = (project.build / "ledger.csv").read_bytes()
    if comparison.conclusions(project):
        built = comparison.built_conclusions(project)
        changed[project.conclusions] = built.read_bytes() if built.exists() else None
    changed |= _figures(project) | _what_ifs(project) | _notebooks(project)
    changed |= _pages(project, new)
    write_all_or_none(changed)
    for path in changed:
        word = "gone:  " if changed[path] is None else "copied:"
        say(screen, f"{word}  {path.relative_to(project.root).as_posix()}")
    readers = [path.stem for path in project.notebook_files if _is_of_no_source(path, new)]
    if old != new and readers:
        say(
            screen,
            f"The ledger has changed, and {', '.join(readers)} read the old one: "
            "run compendium reproduce and compendium accept once more.",
        )
    return 0


def _refused(project: Project, rows: list[ledger.Row]) -> list[str]:
    """Say what keeps a run from being taken over."""
    found = []
    for path in project.notebook_files:
        built = project.build / "notebooks" / path.name
        if not built.exists():
            found.append(f"{path.name}: not run; compendium reproduce runs it")
            continue
        found += [f"{path.name}: {fault}" for fault in faults(built)]
        if _sources(path) != _sources(built):
            found.append(
                f"{path.name}: edited since it was run; compendium reproduce runs it again"
            )
    return found + [f"{', '.join(row.place)}: differs" for row in rows if row.verdict == "differs"]


def _sources(path: Path) -> list[tuple[str, str]]:
    """Return what a person wrote in a notebook."""
    try:
        return [(cell.cell_type, cell.source) for cell in read(path).cells]
    except PlainError:
        return []


def _figures(project: Project) -> dict[Path, bytes | None]:
    """Return the figures that are new or differ by the rule for pictures, and those that went."""
    changed: dict[Path, bytes | None] = {}
    built = {path.name: path for path in (project.build / "figures").glob("[!.]*.svg")}
    for name, path in sorted(built.items()):
        target = project.figures / name
        if not target.exists() or pictures.differences(
            target.read_text("utf8"), path.read_text("utf8")
        ):
            changed[target] = path.read_bytes()
    gone = (path for path in project.figures.glob("[!.]*.svg") if path.name not in built)
    return changed | dict.fromkeys(sorted(gone))


def _what_ifs(project: Project) -> dict[Path, bytes | None]:
    """Return the what-ifs that are new or differ by the rule for them, and those that went."""
    folder = project.build / project.what_ifs.name
    old, new = what_if.read(project.what_ifs), what_if.read(folder)
    changed: dict[Path, bytes | None] = {}
    for id in sorted({*old, *new}):
        if what_if.differences(*({id: each[id]} if id in each else {} for each in (old, new))):
            built = folder / f"{id}.json"
            changed[project.what_ifs / built.name] = built.read_bytes() if id in new else None
    return changed


def _notebooks(project: Project) -> dict[Path, bytes | None]:
    """Return the notebooks whose outputs differ by the rule for outputs."""
    pairs = [(path, project.build / "notebooks" / path.name) for path in project.notebook_files]
    return {path: built.read_bytes() for path, built in pairs if outputs.differences(path, built)}


def _pages(project: Project, rows: list[ledger.Row]) -> dict[Path, bytes | None]:
    """Return the pages and records that these results make, where they are and differ."""
    made: dict[Path, Callable[[str], str]] = {
        project.root / "README.md": lambda text: readme.refreshed(text, project, rows),
        project.root / "docs" / "map.md": lambda _: exhibit_map(project),
        project.data / "verdicts.json": lambda _: record(project, rows),
        project.data / SCHEMA: lambda _: schema(),
        project.root / ".zenodo.json": lambda _: metadata.zenodo(project),
        project.root / "ro-crate-metadata.json": lambda _: metadata.ro_crate(project),
    }
    if (project.root / "course").is_dir():
        # Here, for students have what makes no courses.
        from compendium.course import guide

        made[project.root / "docs" / "teach.md"] = lambda _: guide.page(project)
    changed: dict[Path, bytes | None] = {}
    for path, make in made.items():
        if path.exists() and (fresh := make(text := path.read_text("utf8"))) != text:
            changed[path] = fresh.encode()
    return changed


def _is_of_no_source(path: Path, rows: list[ledger.Row]) -> bool:
    """Say whether a notebook adds nothing to the ledger: what it says of it, it reads."""
    return source(path) not in {row.source for row in rows}
