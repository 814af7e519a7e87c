"""What archives read: ``.zenodo.json`` and ``ro-crate-metadata.json``.

Both are made of ``CITATION.cff``, and the second of ``data/datapackage.json`` and the notebooks
too, so that nothing is said twice by hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from compendium.project import Project

__all__ = ["ro_crate", "zenodo"]

JSON = dict[str, Any]
LICENCES = {
    "MIT": "https://spdx.org/licenses/MIT",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}
CODE, TEXT, NUMBERS = LICENCES
#: Folders as wholes: name, description, licence.
FOLDERS = {
    "lib/": ("Library", "The models, rounding rules, and the tools that hold numbers", CODE),
    "tests/": ("Tests", "What make test runs", CODE),
    "figures/": ("Figures", "Every figure of the notebooks as SVG", TEXT),
    "docs/": ("Documentation", "Pages of the site", TEXT),
    "course/": ("Course", "Exercises, sessions and slides", TEXT),
    "evidence/": ("Searches", "What make evidence runs; results are in data/evidence", CODE),
    "other_papers/": ("Other papers", "Numbers of other fields, held by the same tools", NUMBERS),
    "data/what_if/": ("What-ifs", "Answers on grids, which the sliders of the site move", NUMBERS),
}
#: Files that no table describes, likewise.
RECORDS = {
    "data/datapackage.json": "Every table with the kind and unit of each column",
    "data/verdicts.json": "Every printed number with its verdict, an object a number",
    "data/verdicts.schema.json": "The shape of that, as a JSON schema",
}
KINDS = {".csv": "text/csv", ".json": "application/json"}


def zenodo(project: Project) -> str:
    """Return the deposit's description, of the citation."""
    cited = _cited(project)
    works = [work["doi"] for work in cited["references"] if "doi" in work]
    return _written(
        {
            "title": cited["title"],
            "description": cited["abstract"],
            "version": cited["version"],
            "publication_date": str(cited["date-released"]),
            "upload_type": "software",
            "access_right": "open",
            "license": cited["license"],
            "notes": "Code: MIT. Text and figures: CC BY 4.0. Transcribed numbers: CC0 1.0.",
            "language": "eng",
            "creators": [{"name": _name(author)} for author in cited["authors"]],
            "keywords": cited["keywords"],
            "related_identifiers": [
                {"identifier": doi, "relation": "references", "scheme": "doi"} for doi in works
            ],
        }
    )


def ro_crate(project: Project) -> str:
    """Return the crate's description: what is here, of whom, under which licence."""
    cited = _cited(project)
    package = json.loads((project.data / "datapackage.json").read_text("utf8"))
    files = [*_notebooks(project), *_tables(package), *_records(project)]
    parts = [*files, *_folders(project)]
    authors = [_agent(author, n) for n, author in enumerate(cited["authors"], start=1)]
    works = [_work(work) for work in cited["references"]]
    root: JSON = {
        "@id": "./",
        "@type": "Dataset",
        "name": cited["title"],
        "description": cited["abstract"],
        "version": cited["version"],
        "datePublished": str(cited["date-released"]),
        "keywords": ", ".join(cited["keywords"]),
        "license": _links(LICENCES.values()),
        "author": _links(author["@id"] for author in authors),
        "publisher": {"@id": authors[0]["@id"]},
        "citation": _links(work["@id"] for work in works),
        "hasPart": _links(part["@id"] for part in parts),
    }
    licences: list[JSON] = [
        {"@id": link, "@type": "CreativeWork", "name": name, "identifier": name}
        for name, link in LICENCES.items()
    ]
    descriptor: JSON = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    return _written(
        {
            "@context": "https://w3id.org/ro/crate/1.1/context",
            "@graph": [descriptor, root, *authors, *licences, *works, *parts],
        }
    )


def _cited(project: Project) -> JSON:
    # Here: who only reproduces has no need of it.
    import yaml

    cited: JSON = yaml.safe_load((project.root / "CITATION.cff").read_text("utf8"))
    return cited


def _notebooks(project: Project) -> Iterator[JSON]:
    for path in project.notebook_files:
        yield {
            "@id": f"notebooks/{path.name}",
            "@type": ["File", "SoftwareSourceCode"],
            "name": path.stem.partition("_")[2].replace("_", " "),
            "description": "A notebook, stored executed",
            "encodingFormat": "application/x-ipynb+json",
            "programmingLanguage": "Python",
            "license": _links([LICENCES[CODE], LICENCES[TEXT]]),
        }


def _tables(package: Mapping[str, Any]) -> Iterator[JSON]:
    for resource in package["resources"]:
        description = resource.get("description") or _description(resource)
        yield _file(
            f"data/{resource['path']}", resource.get("title") or resource["name"], description
        )


def _description(resource: Mapping[str, Any]) -> str:
    """Say what a table is that says nothing more of itself."""
    if "exhibit" in resource:
        return "Numbers as they are printed"
    return "Of this project: declared, computed or made up"


def _records(project: Project) -> Iterator[JSON]:
    for id, description in RECORDS.items():
        if (project.root / id).is_file():
            yield _file(id, PurePosixPath(id).name, description)


def _file(id: str, name: str, description: str) -> JSON:
    return {
        "@id": id,
        "@type": "File",
        "name": name,
        "description": description,
        "encodingFormat": KINDS[PurePosixPath(id).suffix],
        "license": {"@id": LICENCES[NUMBERS]},
    }


def _folders(project: Project) -> Iterator[JSON]:
    for id, (name, description, licence) in FOLDERS.items():
        if (project.root / id).is_dir():
            yield {
                "@id": id,
                "@type": "Dataset",
                "name": name,
                "description": description,
                "license": {"@id": LICENCES[licence]},
            }


def _agent(author: Mapping[str, str], number: int) -> JSON:
    kind = "Organization" if "name" in author else "Person"
    return {"@id": f"#author-{number}", "@type": kind, "name": _name(author)}


def _work(work: Mapping[str, Any]) -> JSON:
    link = f"https://doi.org/{work['doi']}" if "doi" in work else f"#{_key(work)}"
    return {
        "@id": link,
        "@type": "ScholarlyArticle" if work["type"] == "article" else "CreativeWork",
        "name": work["title"],
        "author": "; ".join(_name(author) for author in work["authors"]),
        **({"datePublished": str(work["year"])} if "year" in work else {}),
    }


def _key(work: Mapping[str, Any]) -> str:
    return "-".join(word for word in work["title"].lower().split() if word.isalpha())


def _name(author: Mapping[str, str]) -> str:
    return author.get("name") or f"{author['family-names']}, {author['given-names']}"


def _links(ids: Iterable[str]) -> JSON | list[JSON]:
    """Refer to entities; one stands alone, as the crate's form wants it."""
    links: list[JSON] = [{"@id": id} for id in ids]
    return links[0] if len(links) == 1 else links


def _written(content: JSON) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"
