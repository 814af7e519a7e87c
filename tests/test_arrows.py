"""The packages depend on each other in one direction, and what they are made of is short."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from statistics import median

LIB = Path(__file__).parents[1] / "lib"
TOOLS = LIB / "compendium"
#: What models and audit both need, and which needs none of ours.
LEAVES = ("rounding", "sensitivity")


@cache
def parsed(file: Path) -> ast.Module:
    """Return the code of a module, read once for all tests."""
    return ast.parse(file.read_text("utf8"))


@cache
def parts(file: Path) -> tuple[ast.AST, ...]:
    """Return all that the code of a module is made of."""
    return tuple(ast.walk(parsed(file)))


def test_arrows_point_one_way():
    """`housing` and `compendium` never import each other, nor a notebook; both use the leaves."""
    allowed = {
        "housing": {"housing", *LEAVES},
        "compendium": {"compendium", *LEAVES},
        **{leaf: {leaf} for leaf in LEAVES},
    }
    ours = {"housing", "compendium", *LEAVES, "notebooks", "tests"}
    for place, permitted in allowed.items():
        for file in (LIB / place).rglob("*.py"):
            for node in parts(file):
                names = []
                if isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom):
                    names = [node.module or ""]
                imported = {name.partition(".")[0] for name in names} & ours
                assert imported <= permitted, f"{file.name} imports {imported - permitted}"


#: What each part of `compendium` may import of the others: a number goes from the page to its
#: verdict, to what is run and shown of it.
COMMON = {"project", "shell"}
PARTS = {
    "project": set(),
    "shell": set(),
    "notebook": {"project"},
    # It goes to students, with NumPy and the rules alone.
    "answers": set(),
    "widgets": set(),
    "words": {"shell"},
    # The salt of its files stands in the data package.
    "figures": {"project", "page"},
    # Pages and slides set them alike.
    "formulas": set(),
    "page": COMMON | {"page"},
    "verdict": COMMON | {"page", "verdict"},
    "site": COMMON | {"figures", "formulas", "page", "verdict", "site"},
    "course": {"project", "notebook", "answers", "formulas", "course"},
    "run": COMMON | {"notebook", "answers", "page", "verdict", "course", "site", "run"},
}


def imported(file: Path) -> set[str]:
    """Return the modules of `compendium` that a file imports, as page.numerals."""
    found = set()
    for node in parts(file):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("compendium"):
            where = (node.module or "").split(".")[1:]
            found |= {".".join([*where, alias.name]) for alias in node.names}
    return found


def test_within_the_tools_a_number_goes_one_way():
    for file in TOOLS.rglob("*.py"):
        part = file.relative_to(TOOLS).parts[0].removesuffix(".py")
        if part not in ("__init__", "__main__"):
            used = {name.partition(".")[0] for name in imported(file)} - {"PlainError"}
            assert used <= PARTS[part], f"{file.name} imports {used - PARTS[part]}"


def test_no_module_of_the_tools_leads_back_to_itself():
    modules = {
        ".".join(path.relative_to(TOOLS).with_suffix("").parts): path
        for path in TOOLS.rglob("*.py")
        if path.name != "__init__.py"
    }
    leads = {
        name: {
            module
            for found in imported(path)
            for module in (found, found.rpartition(".")[0])
            if module in modules
        }
        for name, path in modules.items()
    }
    assert "page.numerals" in leads["verdict.audit"]
    while ends := {name for name, others in leads.items() if not others & leads.keys()}:
        leads = {name: others for name, others in leads.items() if name not in ends}
    assert leads == {}


def test_a_long_module_is_one_thing_and_says_so():
    """At 450 lines a reader loses the thread."""
    for file in LIB.rglob("*.py"):
        text = file.read_text("utf8")
        docstring = " ".join((ast.get_docstring(parsed(file)) or "").split())
        assert text.count("\n") <= 450 or "The module is one " in docstring, file.name


def lengths(file: Path) -> dict[str, int]:
    """Return how many lines each function has, but for its docstring, comments and blank lines."""
    written, found = file.read_text("utf8").splitlines(), {}
    for node in parts(file):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            told = ast.get_docstring(node) is not None
            begins, ends = node.body[0].lineno - 1, node.body[0].end_lineno
            own = (
                written[node.lineno - 1 : begins]
                + written[ends if told else begins : node.end_lineno]
            )
            code = [line for line in map(str.strip, own) if line and not line.startswith("#")]
            found[f"{file.name}:{node.lineno} {node.name}"] = len(code)
    return found


def test_a_function_is_read_at_a_glance():
    """None has more than 40 lines, and half of them at most 8, their heads counted."""
    found = {name: own for file in LIB.rglob("*.py") for name, own in lengths(file).items()}
    assert {name: own for name, own in found.items() if own > 40} == {}
    assert median(found.values()) <= 8
