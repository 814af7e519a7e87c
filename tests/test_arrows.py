"""The packages depend on each other in one direction."""

from __future__ import annotations

import ast
from pathlib import Path


def test_arrows_point_one_way():
    """`housing` and `compendium` never import each other, nor a notebook; both use `rounding`."""
    lib = Path(__file__).parents[1] / "lib"
    allowed = {
        "housing": {"housing", "rounding"},
        "compendium": {"compendium", "rounding"},
        "rounding": {"rounding"},
    }
    ours = {"housing", "compendium", "rounding", "notebooks", "tests"}
    for place, permitted in allowed.items():
        for file in (lib / place).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf8"))):
                names = []
                if isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom):
                    names = [node.module or ""]
                imported = {name.partition(".")[0] for name in names} & ours
                assert imported <= permitted, f"{file.name} imports {imported - permitted}"
