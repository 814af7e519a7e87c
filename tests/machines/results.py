"""What a run wrote beside what is committed: ledger, figures, and the notebooks."""

from __future__ import annotations

from compendium import ledger, outputs
from compendium.pictures import differences
from compendium.project import Project


def of_ledger(project: Project) -> list[str]:
    """Say in what the ledger of a run differs from the committed one, as text."""
    built = project.build / "ledger.csv"
    if built.exists() and built.read_text("utf8") == project.ledger.read_text("utf8"):
        return []
    found = ledger.changes(ledger.read(project.ledger), ledger.read(built))
    return found or ["the same rows in another order or spelling"]


def of_figures(project: Project) -> list[str]:
    """Say in what the figures of a run differ from the committed ones, by the rule for pictures."""
    committed, built = (
        {path.name: path.read_text("utf8") for path in folder.glob("*.svg")}
        for folder in (project.figures, project.build / "figures")
    )
    found = [f"{name}: drawn or committed alone" for name in sorted(committed.keys() ^ built)]
    for name in sorted(committed.keys() & built):
        found += [f"{name}: {what}" for what in differences(committed[name], built[name])]
    return found


def of_outputs(project: Project) -> list[str]:
    """Say in what the notebooks of a run differ from the stored ones."""
    found = []
    for path in sorted(project.notebooks.glob("*.ipynb")):
        built = project.build / "notebooks" / path.name
        if built.exists():
            found += [f"{path.stem}: {what}" for what in outputs.differences(path, built)]
        else:
            found.append(f"{path.stem}: not run")
    return found
