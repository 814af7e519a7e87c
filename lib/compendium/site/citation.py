"""How to cite: CITATION.cff as text and as BibTeX."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from compendium.site.places import slug

__all__ = ["bibtex", "citations", "text"]

#: BibTeX's word for each field of a reference.
FIELDS = {
    "journal": "journal",
    "volume": "volume",
    "issue": "number",
    "version": "version",
    "doi": "doi",
    "notes": "note",
}
#: BibTeX's word for each type of work; any other is "misc".
KINDS = {"article": "article", "book": "book", "report": "techreport", "software": "software"}


def citations(path: Path) -> str:
    """Return the compendium and the sources, each as text and as BibTeX."""
    described = yaml.safe_load(path.read_text("utf8"))
    parts = [
        "## The compendium\n",
        _entry(described),
        "## The sources, and other works that are used\n",
    ]
    return "\n".join(parts + [_entry(reference) for reference in described["references"]])


def _entry(work: Mapping[str, Any]) -> str:
    return f"{text(work)}\n\n```bibtex\n{bibtex(work)}\n```\n"


def text(work: Mapping[str, Any]) -> str:
    """Return a work as a line of a list of references, in Markdown.

    Examples
    --------
    >>> text({"title": "Rents", "type": "report", "year": 1990, "authors": [{"name": "A bank"}]})
    'A bank (1990). *Rents*.'
    """
    title = f"*{work['title']}*" + (f", version {work['version']}" if "version" in work else "")
    journal = " ".join(filter(None, (work.get("journal"), _number(work)))) + _span(work)
    place = [work["institution"]["name"]] if "institution" in work else []
    link = [f"doi:{work['doi']}"] if "doi" in work else []
    said = [title, journal, *place, *link, work.get("notes", "").rstrip(".")]
    return f"{_people(work, '; ')} ({_year(work)}). {'. '.join(filter(None, said))}."


def bibtex(work: Mapping[str, Any]) -> str:
    """Return a work as a BibTeX entry."""
    entries = {"author": _people(work, " and ", whole=True), "title": f"{{{work['title']}}}"}
    if _year(work).isdigit():
        entries["year"] = _year(work)
    entries |= {name: str(work[field]) for field, name in FIELDS.items() if field in work}
    if "start" in work:
        entries["pages"] = f"{work['start']}--{work['end']}"
    if "institution" in work:
        entries["institution"] = work["institution"]["name"]
    first = work["authors"][0]
    key = slug(f"{first.get('family-names') or first['name']} {_year(work)}")
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in entries.items())
    return f"@{KINDS.get(work['type'], 'misc')}{{{key},\n{body}}}"


def _people(work: Mapping[str, Any], between: str, *, whole: bool = False) -> str:
    """Return the authors; a body's name is kept whole by a second pair of braces."""
    return between.join(_person(person, whole=whole) for person in work["authors"])


def _person(person: Mapping[str, str], *, whole: bool) -> str:
    if "family-names" in person:
        return f"{person['family-names']}, {person['given-names']}"
    return f"{{{person['name']}}}" if whole else person["name"]


def _year(work: Mapping[str, Any]) -> str:
    released = work.get("date-released")
    return str(work.get("year") or (str(released)[:4] if released else "undated"))


def _number(work: Mapping[str, Any]) -> str:
    issue = f"({work['issue']})" if "issue" in work else ""
    return f"{work.get('volume', '')}{issue}"


def _span(work: Mapping[str, Any]) -> str:
    return f", {work['start']}-{work['end']}" if "start" in work else ""
