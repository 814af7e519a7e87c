"""What programs and archives read: the record of verdicts, the crate, the deposit."""

from __future__ import annotations

import json

import pytest
import yaml
from jsonschema import Draft202012Validator

from compendium.notebook import read
from compendium.page.printed import Source
from compendium.project import Project
from compendium.run import metadata, record
from compendium.site.places import find
from compendium.verdict import ledger

PROJECT = Project()
ROWS = ledger.read(PROJECT.ledger)
FILES = {
    "data/verdicts.json": lambda: record.record(PROJECT, ROWS),
    "data/verdicts.schema.json": record.schema,
    ".zenodo.json": lambda: metadata.zenodo(PROJECT),
    "ro-crate-metadata.json": lambda: metadata.ro_crate(PROJECT),
}


def committed(name: str):
    return json.loads((PROJECT.root / name).read_text("utf8"))


@pytest.mark.parametrize("name", FILES)
def test_a_record_is_fresh(name):
    """`make accept` writes it."""
    assert (PROJECT.root / name).read_text("utf8") == FILES[name]()


def test_the_record_has_the_ledger_in_the_shape_that_its_schema_describes():
    path = PROJECT.root / "lib" / "compendium" / "run" / record.SCHEMA
    validator = Draft202012Validator(json.loads(path.read_text("utf8")))
    said = committed("data/verdicts.json")
    numbers = said["numbers"]
    assert said["version"] == record.VERSION
    # One of each verdict, and with every field: the schema is slow.
    few = {(number["verdict"], *sorted(number)): number for number in numbers}
    assert not list(validator.iter_errors({**said, "numbers": [*few.values()]}))
    assert list(validator.iter_errors({**said, "numbers": [{**numbers[0], "verdict": "so-so"}]}))
    assert [ledger_row(number) for number in numbers] == ROWS
    assert len({number["id"] for number in numbers}) == len(ROWS)


def ledger_row(number) -> ledger.Row:
    """Return the row of the ledger that a record has."""
    fields = {name: "" for name in ("column", "misread_as", "recomputed", "unit", "note")}
    told = {name: value for name, value in number.items() if name != "id"}
    return ledger.Row(**{**fields, **told, "doubt": "|".join(number.get("doubt", []))})


def test_a_number_that_the_site_shows_has_its_address_for_a_name():
    ids = {
        (row.source, *row.place[1:]): number["id"]
        for row, number in zip(ROWS, committed("data/verdicts.json")["numbers"], strict=True)
    }
    (path,) = (file for file in PROJECT.notebook_files if file.stem.endswith("_shan"))
    places = find(read(path), Source("shan", PROJECT))
    own = {place: at for place, at in places.items() if not at.anchor.startswith("cell")}
    assert own
    for place, at in own.items():
        assert ids["shan", *place] == f"shan/{at.anchor}"


def test_the_crate_names_what_is_there_and_defines_what_it_names():
    graph = committed("ro-crate-metadata.json")["@graph"]
    defined = {entity["@id"]: entity for entity in graph}
    assert len(defined) == len(graph)
    root = defined["./"]
    parts = {part["@id"] for part in root["hasPart"]}
    assert {f"notebooks/{path.name}" for path in PROJECT.notebook_files} <= parts
    for id in parts:
        assert (PROJECT.root / id).exists(), id
        assert id.endswith("/") == (defined[id]["@type"] == "Dataset")
    for entity in graph:
        for name in ("license", "author", "publisher", "citation", "hasPart", "about"):
            named = entity.get(name, [])
            for link in [named] if isinstance(named, dict) else named:
                if isinstance(link, dict):
                    assert link["@id"] in defined, (entity["@id"], name)


def test_the_deposit_says_what_the_citation_says():
    cited = yaml.safe_load((PROJECT.root / "CITATION.cff").read_text("utf8"))
    deposit = committed(".zenodo.json")
    assert (deposit["title"], deposit["version"]) == (cited["title"], cited["version"])
    dois = {work["doi"] for work in cited["references"] if "doi" in work}
    assert {work["identifier"] for work in deposit["related_identifiers"]} == dois
