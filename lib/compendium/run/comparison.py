"""What a run wrote beside what is committed: ledger, figures, and the notebooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from compendium.page.cells import place_name
from compendium.project import Project
from compendium.run import outputs, pictures
from compendium.verdict import conclusions as _conclusions
from compendium.verdict import ledger, what_if

__all__ = [
    "conclusions",
    "figures",
    "ledgers",
    "notebooks",
    "overturned",
    "told",
    "verdicts",
    "what_ifs",
]

Place = tuple[str, str, str, str]

#: Differences of one kind that are told; the others are counted.
TOLD = 5


def ledgers(project: Project) -> list[str]:
    """Say in what the ledger of a run differs from the committed one, as text."""
    built = project.build / "ledger.csv"
    old, new = ledger.read(project.ledger), ledger.read(built)
    if old == new:
        return []
    return ledger.changes(old, new) or ["the same rows in another order"]


def verdicts(project: Project) -> list[str]:
    """Say which numbers of a run have another verdict than in the committed ledger, or none."""
    before, after = map(ledger.read, (project.ledger, project.build / "ledger.csv"))
    old, new = ({row.place: (row.printed, row.verdict) for row in rows} for rows in (before, after))
    changed = [
        f"{place_name(place)}: {_verdict(old, place)}, now {_verdict(new, place)}"
        for place in new
        if old.get(place) != new[place]
    ]
    return changed + ledger.gone(before, after)


def conclusions(project: Project) -> list[str]:
    """Say in what the conclusions of a run differ from the committed ones, as text."""
    old, new = map(_conclusions.read, (project.conclusions, built_conclusions(project)))
    return _conclusions.changes(old, new)


def overturned(project: Project) -> list[str]:
    """Say which committed conclusions have another verdict in a run, or none any more."""
    old, new = map(_conclusions.read, (project.conclusions, built_conclusions(project)))
    return _conclusions.verdict_changes(old, new)


def built_conclusions(project: Project) -> Path:
    """Return where a run writes its ledger of conclusions."""
    return project.build / project.conclusions.name


def figures(project: Project) -> list[str]:
    """Say in what the figures of a run differ from the committed ones, by the rule for pictures."""
    committed, built = (
        {path.name: path.read_text("utf8") for path in folder.glob("[!.]*.svg")}
        for folder in (project.figures, project.build / "figures")
    )
    found = [f"{name}: drawn or committed alone" for name in sorted(committed.keys() ^ built)]
    for name in sorted(committed.keys() & built):
        found += [f"{name}: {what}" for what in pictures.differences(committed[name], built[name])]
    return found


def what_ifs(project: Project) -> list[str]:
    """Say in what the what-ifs of a run differ from the committed ones."""
    built = project.build / project.what_ifs.name
    return what_if.differences(*map(what_if.read, (project.what_ifs, built)))


def notebooks(project: Project) -> list[str]:
    """Say in what the notebooks of a run differ from the stored ones."""
    found = []
    for path in project.notebook_files:
        built = project.build / "notebooks" / path.name
        if built.exists():
            found += [f"{path.stem}: {what}" for what in outputs.differences(path, built)]
        else:
            found.append(f"{path.stem}: not run")
    return found


def told(found: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the lines that say what differs, the first few of each kind.

    Examples
    --------
    >>> told({"ledger": ["a", "b", "c", "d", "e", "f", "g"], "figures": []})[-2:]
    ['ledger: e', 'ledger: and 2 more']
    """
    lines = []
    for kind, what in found.items():
        lines += [f"{kind}: {words}" for words in what[:TOLD]]
        if len(what) > TOLD:
            lines.append(f"{kind}: and {len(what) - TOLD} more")
    return lines


def _verdict(rows: Mapping[Place, tuple[str, str]], place: Place) -> str:
    """Return how a number is printed and judged."""
    return " ".join(rows[place]) if place in rows else "not there"
