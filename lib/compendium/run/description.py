"""``data/datapackage.json`` as the commands open it, to add to it, and write it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from compendium.page.descriptors import PACKAGE, package
from compendium.page.files import DataError
from compendium.project import Project

__all__ = ["opened", "written"]


def opened(project: Project) -> dict[str, Any]:
    """Return the description of the data, once it is one that can be added to.

    Raises
    ------
    DataError
        If something in it is of another kind than a command takes it for, a source stands twice or
        has no folder; the message says where.
    """
    content = package(project)
    for name in ("sources", "resources"):
        _require(content, name, list, PACKAGE)
    names = [source.get("name") for source in content["sources"] if isinstance(source, dict)]
    for position, source in enumerate(content["sources"]):
        where = f"{PACKAGE}, sources[{position}]"
        _require({"each": source}, "each", dict, where)
        _require(source, "name", str, where)
        if names.count(source["name"]) > 1:
            raise DataError(f"{where}: {source['name']!r} stands twice")
        if source["name"] not in _folders(project):
            raise DataError(f"{where}: there is no folder data/{source['name']}")
    for position, resource in enumerate(content["resources"]):
        where = f"{PACKAGE}, resources[{position}]"
        _require({"each": resource}, "each", dict, where)
        _require(resource, "path", str, where)
        if "schema" in resource:
            _require(resource, "schema", dict, where)
            _require(resource["schema"], "fields", list, f"{where}, schema")
            for entry in resource["schema"]["fields"]:
                _require({"field": entry}, "field", dict, f"{where}, schema")
                _require(entry, "name", str, f"{where}, schema, fields")
    return content


def _folders(project: Project) -> list[str]:
    return [path.name for path in project.data.iterdir() if path.is_dir()]


def _require(holder: Mapping[str, Any], name: str, kind: type, where: str) -> None:
    if not isinstance(holder.get(name), kind):
        said = {"list": "a list", "dict": "an object", "str": "a string"}[kind.__name__]
        raise DataError(f"{where}: {name} must be {said}, got {holder.get(name)!r}")


def written(package: Mapping[str, Any]) -> str:
    """Return the description of the data as its file has it."""
    return json.dumps(package, indent=1, ensure_ascii=False) + "\n"
