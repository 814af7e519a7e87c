"""The talk of a session: its slides, what is said of each, and in how many minutes.

``course/decks/SESSION.md`` holds a session's own slides. The notes of each, and each question of
its discussion in ``sessions.toml``, begin with the minutes that it takes: ``4 min.``, ``½ min.``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from compendium.project import Project

__all__ = ["OPENING", "Slide", "slides_in", "slides_of", "timed", "without_minutes"]

#: Minutes for the title and what one can after it, which no file has.
OPENING = 1
#: A slide with its heading, and what is to be said of it.
SLIDE = re.compile(r"^## (.+)\n((?:(?!## ).*\n?)*)", flags=re.MULTILINE)
NOTES = re.compile(r":::\{revealjs-notes\}\n(.*?)\n:::", flags=re.DOTALL)
MINUTES = re.compile(r"(?=[\d½])(\d*)(½?) min\.\s+")


@dataclass(frozen=True)
class Slide:
    """A slide of the session's own.

    Parameters
    ----------
    heading : str
        Its words.
    notes : str
        What is said of it, without its minutes.
    minutes : float
        That it takes; 0 where its notes do not begin with them.
    """

    heading: str
    notes: str
    minutes: float


def timed(text: str) -> tuple[float, str]:
    """Return the minutes that a text begins with, and the rest of it; 0 where there are none.

    Examples
    --------
    >>> timed("4 min. Ask for the unit."), timed("½ min. Ask."), timed("Ask.")
    ((4.0, 'Ask for the unit.'), (0.5, 'Ask.'), (0.0, 'Ask.'))
    """
    if not (found := MINUTES.match(text)):
        return 0.0, text
    return float(found[1] or 0) + 0.5 * bool(found[2]), text[found.end() :]


def slides_of(project: Project, session: str) -> str:
    """Return a session's own slides in Markdown; none where it has no file of them."""
    place = project.root / "course" / "decks" / f"{session}.md"
    return place.read_text("utf8") if place.is_file() else ""


def slides_in(text: str) -> Iterator[Slide]:
    """Yield the slides of a text in Markdown."""
    for heading, body in SLIDE.findall(text):
        minutes, notes = timed("\n\n".join(note.strip() for note in NOTES.findall(body)))
        yield Slide(heading, notes, minutes)


def without_minutes(text: str) -> str:
    r"""Return slides in Markdown without the minutes that their notes begin with.

    Examples
    --------
    >>> without_minutes(":::{revealjs-notes}\n4 min. Ask.\n:::")
    ':::{revealjs-notes}\nAsk.\n:::'
    """
    return re.sub(rf"(?<=:::{{revealjs-notes}}\n){MINUTES.pattern}", "", text)
