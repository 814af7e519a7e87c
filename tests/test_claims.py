"""What the pages name is there: files, targets, commands, switches, extras, functions."""

from __future__ import annotations

import ast
import contextlib
import importlib
import inspect
import io
import os
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from tests.documents import DOCUMENTS, GUIDE, ROOT, Document

import compendium
import housing
import rounding
import sensitivity
from compendium import Audit
from compendium.run.commands import COMMANDS
from housing.command import main as housing_main
from housing.register import Problems

MAKEFILE = (ROOT / "Makefile").read_text("utf8")
PYPROJECT = (ROOT / "pyproject.toml").read_text("utf8")
PROJECT = tomllib.loads(PYPROJECT)["project"]
every = pytest.mark.parametrize("page", [*DOCUMENTS, *GUIDE], ids=lambda page: page.name)


# Files -------------------------------------------------------------------------------------------

KINDS = "cff|csv|html|ipynb|json|lock|md|py|sh|svg|toml|txt|yml"
FILE = re.compile(rf"[\w<>*-]*(?:/[\w.<>*-]+)+/?|[\w<>*-]+/|[\w.<>*-]+\.(?:{KINDS})")
#: What a reader has or will have, what a run writes; and two that are no files.
ELSEWHERE = re.compile(
    r"\.venv|build/|(data/|build/ledger/)?(miller_1999|<table>)|city[./]|result/|_assessed\.json"
    r"|(table_5_3|appendix_L|data/<slug>/<table>|wrong)\.csv|miller\.html|(today|reform|dearer)\.\w+"
    r"|n/a|N/A|1/6"
)


@cache
def there() -> frozenset[str]:
    """Return the paths of the checkout, but for what is hidden or made."""
    paths = {".github", ".ci/run", ".zenodo.json", *os.listdir(ROOT)} - {"__pycache__"}
    for folder in {name for name in paths if name.isidentifier()} - {"build"}:
        for at, inner, names in os.walk(ROOT / folder):
            inner[:] = [name for name in inner if name[0] != "." and name != "__pycache__"]
            inside = os.path.relpath(at, ROOT).replace(os.sep, "/")
            paths |= {inside, *(f"{inside}/{name}" for name in names)}
    return frozenset(paths)


def is_there(name: str) -> bool:
    """Tell of a path, or of a file by its name alone; packages also as they are installed."""
    own = re.escape(name).replace("<slug>", r"\w+").replace(r"\*", "[^/]*")
    before = "(lib/)?" if "/" in name else "(.*/)?"
    return any(re.fullmatch(before + own, path) for path in there())


def files(page: Document) -> Iterator[str]:
    """Give what a page names that is a file or a folder by its looks."""
    folders = {path.partition("/")[0] for path in there() if "/" in path}
    words = [word for _, text in page.blocks for word in re.findall(r"[\w./-]+", text)]
    # In a block of code much has a stroke; a folder of ours in front says what it is.
    yield from (word for word in words if "/" in word and word.partition("/")[0] in folders)
    yield from (span.split()[0] for span in page.spans if FILE.fullmatch(span.split()[0]))


@pytest.mark.parametrize("page", DOCUMENTS, ids=lambda page: page.name)
def test_every_file_and_folder_that_a_page_names_is_there(page):
    named = {name.rstrip("/") for name in files(page) if not ELSEWHERE.match(name)}
    assert [name for name in sorted(named) if not is_there(name)] == []


def test_the_readme_shows_each_folder_and_each_package_of_the_tools():
    (tree,) = (text for _, text in DOCUMENTS[0].blocks if text.startswith("notebooks/"))
    shown = set(re.findall(r"^(\S+) ", tree, re.MULTILINE))
    assert [name for name in shown - {"build/"} if not (ROOT / name).exists()] == []
    folders = {path.partition("/")[0] for path in there() if "/" in path and path[0] != "."}
    assert folders - {"lib"} <= {name.rstrip("/") for name in shown}
    tools = {path.parent.name for path in (ROOT / "lib" / "compendium").glob("*/__init__.py")}
    assert set(re.findall(r"^  (\w+)/ ", tree, re.MULTILINE)) == tools


# Targets, commands, extras -----------------------------------------------------------------------

(PHONY,) = re.findall(r"^\.PHONY:((?:.*\\\n)*.*)", MAKEFILE, re.MULTILINE)
TARGETS = set(PHONY.replace("\\", "").split())
SWITCHES = {
    name: {argument for argument, _ in command.arguments if argument.startswith("--")}
    for name, command in COMMANDS.items()
}


def made(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if found := re.match(r"make ((?:[\w=.-]+ ?)+)", line):
            yield from found[1].split()


def test_no_page_and_no_help_names_a_target_or_a_variable_that_make_does_not_know():
    heads = re.findall(r'@echo "make ([\w-]+) ', MAKEFILE)
    tails = re.findall(r': (make [\w =.-]+)"', MAKEFILE)
    told = [line for page in [*DOCUMENTS, *GUIDE] for line in page.commands]
    assert len(heads) > 10
    for word in {*heads, *made(tails), *made(told)}:
        name, variable, _ = word.partition("=")
        assert (
            re.search(rf"\$\((?:or \$\(|if \$\()?{name}\)", MAKEFILE)
            if variable
            else name in TARGETS
        ), word


def test_the_help_names_all_parts_of_test_all():
    (parts,) = re.findall(r"^test-all: test (.+)$", MAKEFILE, re.MULTILINE)
    (helped,) = re.findall(r"make test-all .*?: make (.+?)\"", MAKEFILE)
    assert helped.split(", ") == parts.split()


def test_reproduce_sh_calls_make_and_slides_are_what_their_group_brings():
    assert (ROOT / "reproduce.sh").read_text("utf8").endswith("\nexec make reproduce\n")
    (group,) = re.findall(r"^course = \[(.*?)^\]", PYPROJECT, re.MULTILINE | re.DOTALL)
    brought = set(re.findall(r'"([\w-]+)', group))
    (slides,) = re.findall(r"^SLIDES := (.+)$", MAKEFILE, re.MULTILINE)
    (told,) = re.findall(r"`pip install ([a-z][\w -]+)`", (ROOT / "docs/run.md").read_text("utf8"))
    assert set(slides.split("|")) == set(told.split()) == brought


@every
def test_every_command_of_ours_that_a_page_names_takes_its_switches(page):
    for line in page.commands:
        for name, rest in re.findall(r"(?:^|-m |/)compendium (\w[\w-]*)(.*)", line):
            assert name in COMMANDS, line
            assert set(re.findall(r"(?<!\S)--[a-z-]+", rest)) <= SWITCHES[name], line
        if re.match(r"housing \w", line):
            told = helped(*re.match(r"housing (policy \w+|\w+)", line)[1].split())
            assert set(re.findall(r" (--[\w-]+)", line)) <= told, line


@cache
def helped(*words: str) -> frozenset[str]:
    """Return the switches of a command of the library."""
    with contextlib.redirect_stdout(io.StringIO()) as said, pytest.raises(SystemExit) as ended:
        housing_main([*words, "--help"])
    assert ended.value.code == 0, words
    return frozenset(re.findall(r"--[\w-]+", said.getvalue()))


@every
def test_a_switch_that_stands_alone_is_one_of_a_command(page):
    known = set().union(*SWITCHES.values(), helped("assess"), helped("compare"))
    assert {span.split()[0] for span in page.spans if span.startswith("--")} <= known


@every
def test_every_extra_that_a_page_names_can_be_installed(page):
    words = re.findall(r"(?:\.|compendium)\[([a-z,]+)\]", page.text)
    words += re.findall(r"extras? `([a-z]+)`", page.text)
    assert {extra for word in words for extra in word.split(",")} <= {
        *PROJECT["optional-dependencies"]
    }


def test_what_the_library_brings_is_said_as_it_is():
    bare = {re.match(r"\w+", line)[0] for line in PROJECT["dependencies"]}
    told = [
        {*first.split(", "), last}
        for page in DOCUMENTS
        for first, last in re.findall(r"with (numpy(?:, \w+)*) and (\w+)", page.text)
    ]
    assert len(told) >= 2
    assert all(names == bare for names in told)


# Names of the code -------------------------------------------------------------------------------

DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
PACKAGES = (housing, rounding, sensitivity, compendium)
#: What a page calls a thing that it has made, and other people's packages.
CALLED = {"wb": Audit, "audit": Audit, "problems": Problems}
FOREIGN = ("dask.", "table.")


@cache
def modules() -> dict[str, list[str]]:
    """Return our modules by the last part of their names, as pages call them."""
    found: dict[str, list[str]] = {package.__name__: [package.__name__] for package in PACKAGES}
    for package in PACKAGES:
        for own in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            found.setdefault(own.name.rpartition(".")[2], []).append(own.name)
    return found


@cache
def sources() -> dict[str, str]:
    """Return the text of each of our modules, by its name."""
    paths = (ROOT / "lib").rglob("*.py")
    return {
        ".".join(path.relative_to(ROOT / "lib").with_suffix("").parts): path.read_text("utf8")
        for path in paths
        if "template" not in path.parts
    }


@cache
def defined(name: str) -> Any:
    """Return the class or function that a page has by its bare name, or None."""
    if not name.isidentifier():
        return None
    for package in PACKAGES:
        if name in getattr(package, "__all__", ()):
            return getattr(package, name)
    begins = re.compile(rf"^(?:class|def) {name}\b", re.MULTILINE)
    for module, text in sources().items():
        if begins.search(text):
            return getattr(importlib.import_module(module), name)
    return None


def within(thing: Any, names: list[str]) -> Any:
    """Follow names into a module or a class, fields among them; None where one is not there."""
    for name in names:
        fields = {
            **getattr(thing, "__dataclass_fields__", {}),
            **getattr(thing, "__annotations__", {}),
        }
        if hasattr(thing, name):
            thing = getattr(thing, name)
        elif inspect.ismodule(thing) and hasattr(thing, "__path__") and not name[0].isupper():
            try:
                thing = importlib.import_module(f"{thing.__name__}.{name}")
            except ModuleNotFoundError:
                return None
        else:
            return fields.get(name)
    return thing


def resolved(dotted: str) -> Any:
    """Return what a page means by a name, or None."""
    head, *rest = dotted.split(".")
    for module in modules().get(head, ()):
        if (thing := within(importlib.import_module(module), rest)) is not None:
            return thing
    thing = CALLED.get(head) or defined(head)
    return None if thing is None else within(thing, rest)


@every
def test_every_name_of_the_code_that_a_page_has_is_there(page):
    named = {span.partition("(")[0] for span in page.spans}
    named = {name for name in named if DOTTED.fullmatch(name) and not FILE.fullmatch(name)}
    assert [
        name for name in sorted(named) if resolved(name) is None and not name.startswith(FOREIGN)
    ] == []


def calls(page: Document) -> Iterator[tuple[ast.Call, Any]]:
    """Give the calls in a page's code, with what is called."""
    texts = [text for kind, text in page.blocks if kind == "python"]
    texts += [
        "\n".join(re.findall(r"^(?:>>>|\.\.\.) ?(.*)$", text, re.MULTILINE))
        for kind, text in page.blocks
        if kind == "pycon"
    ]
    texts += [span for span in page.spans if re.fullmatch(r"[\w.]+\([^:]+\)", span)]
    for text in texts:
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func)
                own = getattr(Audit, name, None) if name.isidentifier() else None
                yield node, own or resolved(name)


@every
def test_every_call_in_a_page_has_arguments_that_are_taken(page):
    for node, called in calls(page):
        if not callable(called):
            continue
        parameters = inspect.signature(called).parameters.values()
        names = {each.name for each in parameters}
        takes_any = any(each.kind is each.VAR_KEYWORD for each in parameters)
        for keyword in node.keywords:
            # What has no value in a page is a name of the function's own.
            is_own = not takes_any or ast.unparse(keyword.value) == "..."
            assert keyword.arg in names or not is_own, ast.unparse(node)


#: Of examples.
MADE_UP = {"my_papers", "share_of_rent", "age_low", "age_high"}


@cache
def words() -> frozenset[str]:
    """Return every word of the code and of the descriptions of the data."""
    texts = [*sources().values(), MAKEFILE]
    texts += [
        (ROOT / name).read_text("utf8") for name in ("pyproject.toml", "data/datapackage.json")
    ]
    return frozenset(word for text in texts for word in re.findall(r"\w+", text))


@every
def test_every_single_word_of_code_in_a_page_is_one_of_ours(page):
    named = {
        found[1] for span in page.spans if (found := re.fullmatch(r"([A-Za-z_]\w*)(=.*)?", span))
    }
    assert sorted(named - words() - MADE_UP) == []
