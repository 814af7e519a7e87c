"""What the pages count and measure is so, and a number of theirs that nothing holds is found."""

from __future__ import annotations

import ast
import csv
import inspect
import re
import tomllib
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
import yaml
from tests.documents import DOCUMENTS, GUIDE, HISTORY, ROOT, SPAN, Document

from compendium import figures
from compendium.page import printed, readings
from compendium.page.descriptors import package, sources
from compendium.page.identities import RULES
from compendium.page.notations import FORMS
from compendium.page.notes import CAUSES
from compendium.page.numerals import parse, slack_digit
from compendium.project import Project
from compendium.run import metadata, notebooks, outputs, pictures
from compendium.verdict import attacks, bounds, fitted, ledger, search, what_if
from housing.policy import load_policy
from housing.register import _cells, _delimited, _rows, _side_by_side, borders, compare, problems
from sensitivity import _box

PROJECT = Project()
DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]
CITED = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf8"))
ROWS = ledger.read(PROJECT.ledger)
PAGES = {page.name: " ".join(page.prose.split()) for page in DOCUMENTS}
OTHERS = {
    name: " ".join((ROOT / name).read_text("utf8").split())
    for name in ("Makefile", "CITATION.cff", "pyproject.toml")
}
TEXTS = PAGES | OTHERS
WORDS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
)
PARTS = {"hundred": 100.0, "half": 0.5, "thousandth": 1e-3, "whole": 1.0}


def value(word: str) -> float:
    """Return a number that a page has in digits or in words."""
    low = word.lower()
    return (
        float(WORDS.index(low)) if low in WORDS else PARTS.get(low) or float(low.replace(",", ""))
    )


@cache
def constant(path: str, name: str) -> Any:
    """Return a constant of a program that is run apart, and not imported here."""
    for node in ast.parse((ROOT / path).read_text("utf8")).body:
        if isinstance(node, ast.Assign):
            (target,) = node.targets
            pairs = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = [*zip(target.elts, node.value.elts, strict=True)]
            for one, what in pairs:
                if ast.unparse(one) == name:
                    return eval(compile(ast.Expression(what), path, "eval"), {})
    raise AssertionError(f"{path} has no {name}")


def found(path: str, pattern: str) -> float:
    """Return the number that a program has at a place of its own."""
    (number,) = set(re.findall(pattern, (ROOT / path).read_text("utf8")))
    return value(number)


def own_sources() -> int:
    """Return how many sources stand before the synthesis; later ones are a reader's."""
    names = [path.stem for path in PROJECT.notebook_files]
    before = names[: names.index("6_synthesis")]
    assert [name.partition("_")[2] for name in before] == [*sources(PROJECT)][: len(before)]
    return len(before)


def notch() -> tuple[float, ...]:
    """Return persons, loss, border, and from where nothing is lost, of a notch of the example."""
    told = borders(load_policy())
    (row,) = told[
        (told["border"] == "low") & (told["size"] == 3) & (told["wish"] == "rent")
    ].to_dict("records")
    return row["size"], row["loss"], row["income"], row["without_loss_from"]


def most_digits() -> int:
    """Return how many digits the longest recomputed number of the ledger has."""
    numbers = (re.sub(r"e.*|[-.]", "", row.recomputed).strip("0") for row in ROWS)
    return max(map(len, numbers))


def credit(page: str) -> tuple[float, ...]:
    """Return the unresolved number of a compendium, and what its note gives in its place."""
    (row,) = (
        row
        for row in ledger.read(Project(ROOT / "other_papers" / page).ledger)
        if row.verdict == "unresolved"
    )
    (ours,) = re.findall(r"which is ([\d.]+\d)", row.note)
    return float(row.printed), float(ours)


SUBSIDY, TRIAL = "tests/benchmarks/bench_subsidy.py", "evidence/unresolved.py"

#: A page, a sentence of it with its numbers in brackets, and where these come from.
COUNTS: list[tuple[str, str, Callable[[], tuple[float, ...]]]] = [
    ("README.md", r"Every number that (\w+) sources", lambda: (own_sources(),)),
    (
        "README.md",
        r"sessions of (\d+) minutes",
        lambda: (found("course/sessions.toml", r"\nminutes = (\d+)"),),
    ),
    ("README.md", r"(\d+) sales in Baltimore", lambda: (sales(),)),
    ("docs/availability.md", r"(\d+) sales in Baltimore", lambda: (sales(),)),
    ("docs/availability.md", r"from the (\w+) sources", lambda: (own_sources(),)),
    ("docs/availability.md", r"printed by the (\w+) sources", lambda: (own_sources(),)),
    ("docs/extras.md", r"beyond the (\w+) sources", lambda: (own_sources(),)),
    ("docs/index.md", r"of 1991 and (\w+) articles since", lambda: (own_sources() - 1,)),
    ("CITATION.cff", r"reproduction of (\w+) sources", lambda: (own_sources(),)),
    ("CITATION.cff", r"printed by (\w+) sources", lambda: (own_sources(),)),
    ("CITATION.cff", r"beside the (\w+) sources", lambda: (own_sources(),)),
    ("pyproject.toml", r"of (\w+) sources on", lambda: (own_sources(),)),
    ("CONTRIBUTING.md", r"beside it (\d+) decoys", lambda: (constant(TRIAL, "DECOYS"),)),
    ("CONTRIBUTING.md", r"(\w+) ways are tried", lambda: (len(attacks.ATTACKS),)),
    (
        "docs/errata.md",
        r"those of (\w+) attacks that could be tried",
        lambda: (len(attacks.ATTACKS),),
    ),
    (
        "docs/audit.md",
        r"Python (3\.\d+) or later",
        lambda: (float(DECLARED["requires-python"].removeprefix(">=")),),
    ),
    ("docs/audit.md", r"one of (\w+) causes", lambda: (len(CAUSES),)),
    (
        "CONTRIBUTING.md",
        r"moves \(by a (\w+), a (\w+) and the (\w+) of itself\)",
        lambda: tuple(sorted({abs(nudge) for nudge in fitted.NUDGES})),
    ),
    ("CONTRIBUTING.md", r"in (\d+) steps, halved", lambda: (search.STEPS,)),
    (
        "CONTRIBUTING.md",
        r"Up to (\w+) inputs: a grid; up to (\w+): all corners",
        lambda: (max(bounds.LEVELS), bounds.FEW),
    ),
    ("docs/audit.md", r"up to (\w+) rounded inputs every corner", lambda: (bounds.FEW,)),
    ("CONTRIBUTING.md", r"border, within (\S+) of the size", lambda: (_box.BORDER,)),
    ("CONTRIBUTING.md", r"looked for at (\d+) values", lambda: (_box.POINTS,)),
    ("CONTRIBUTING.md", r"corners and ([\d,]+) points that fill", lambda: (_box.SAMPLE,)),
    ("CONTRIBUTING.md", r"A file has at most (\d+) KB", lambda: (what_if.MOST / 1000,)),
    (
        "CONTRIBUTING.md",
        r"within ([\d.]+) points \(factors and angles of a transform within ([\d.]+)\)",
        lambda: (pictures.APART, pictures.TURN),
    ),
    ("CONTRIBUTING.md", r"within (\d+) of 255; definitions", lambda: (pictures.LEVELS,)),
    (
        "CONTRIBUTING.md",
        r"palette of (\d+) colours: one size, and each level of each pixel within (\d+) of 255",
        lambda: (figures.INKS, outputs.SHADES),
    ),
    ("CONTRIBUTING.md", r"a cluster of (\w+) workers", lambda: (workers(),)),
    ("docs/audit.md", r"(\w+) compendia made by this page", lambda: (len(compendia()),)),
    ("docs/audit.md", r": (\w+) consumer credit", lambda: (compendia()["consumer_credit"],)),
    (
        "other_papers/consumer_credit/README.md",
        r"what (\w+) regulations print",
        lambda: (compendia()["consumer_credit"],),
    ),
    (
        "other_papers/consumer_credit/README.md",
        r"([\d.]+), is ([\d.]+) by its own rates",
        lambda: credit("consumer_credit"),
    ),
    ("docs/ledger.md", r"the file has (\w+)\.", lambda: (most_digits(),)),
    (
        "docs/ledger.md",
        r"shown to (\w+) digits more",
        lambda: (found("lib/compendium/site/template/_static/ledger.js", r"length \+ (\d);"),),
    ),
    ("docs/registers.md", r"(\d+) MB at a time", lambda: (_delimited.BLOCK / 2**20,)),
    ("docs/registers.md", r"numbers beyond (\S+), and", lambda: (problems.LARGEST,)),
    ("docs/registers.md", r"in parts the first ([\d,]+) are listed", lambda: (_rows.LISTED,)),
    (
        "docs/registers.md",
        r"more than (\d+) percent of ([\d,]+) households or more",
        lambda: (100 * problems.ONE_CLASS, problems.MANY),
    ),
    ("docs/registers.md", r"one row in a (\w+) is left out, a", lambda: (1 / problems.LOUD,)),
    ("docs/registers.md", r"one row in a (\w+) was left out, or", lambda: (1 / problems.LOUD,)),
    (
        "docs/registers.md",
        r"counts of one to (\w+) are \*under (\d)\*",
        lambda: (_cells.FEW - 1, _cells.FEW),
    ),
    ("docs/registers.md", r"counts fewer than (\w+) rows", lambda: (_cells.FEW,)),
    ("docs/registers.md", r"what the (\w+) largest losers", lambda: (_side_by_side.LOSERS,)),
    (
        "docs/registers.md",
        r"against the line: at (\d), which is assumed",
        lambda: (inspect.signature(compare).parameters["equivalence"].default,),
    ),
    (
        "docs/registers.md",
        r"of (\w+) that rents loses (\d+) a year when its income passes ([\d,]+), "
        r"and has as much again from ([\d,]+)\.",
        notch,
    ),
    (
        "docs/registers.md",
        r"at most ([\d.]+) times the processor time",
        lambda: (1 / constant(SUBSIDY, "OF_TYPED_READ"),),
    ),
    (
        "docs/run.md",
        r"of (\w+) students each",
        lambda: (len(constant("tests/grading/__main__.py", "STUDENTS")),),
    ),
    (
        "docs/run.md",
        r"of (\d+) characters or more",
        lambda: (constant("lib/compendium/run/course.py", "SHORTEST"),),
    ),
    (
        "Makefile",
        r"for (\w+) students",
        lambda: (len(constant("tests/grading/__main__.py", "STUDENTS")),),
    ),
    ("docs/run.md", r"of (\d+) million households", lambda: (households(),)),
    ("Makefile", r"register of (\d+) million households", lambda: (households(),)),
    (
        "docs/run.md",
        r"the (\w+) heaviest",
        lambda: (found("tests/site/check_phone.py", r"\)\[:(\d)\]"),),
    ),
    (
        "docs/registers.md",
        r"city of ([\d,]+) households",
        lambda: (constant("docs/made_up_city.py", "HOUSEHOLDS"),),
    ),
    (
        "CONTRIBUTING.md",
        r"look alike \((\d) for what it often does\), who types slips \((\d):",
        lambda: (readings.USUAL, readings.SLIP),
    ),
    ("README.md", r"flat of ([\d,]+) yuan", lambda: (given("price") * given("area"),)),
    (
        "README.md",
        r"At its terms, (\d+) percent over (\d+) years",
        lambda: (given("rate"), given("years")),
    ),
    ("docs/index.md", r"a flat of (\d+) m²", lambda: (given("area"),)),
    ("docs/run.md", r"A cell may run (\w+) minutes", lambda: (notebooks.LIMIT / 60,)),
]


@cache
def given(key: str) -> float:
    """Return what the synthesis reads from the World Bank's page."""
    with (PROJECT.data / "synthesis" / "inputs.csv").open(encoding="utf8", newline="") as file:
        (row,) = (
            row
            for row in csv.DictReader(file)
            if (row["source"], row["key"]) == ("world_bank", key)
        )
    return value(row["value"])


def sales() -> float:
    return found("tests/test_evidence_xuan.py", r"PRICES\.shape == \((\d+),\)")


def workers() -> float:
    return found("tests/cluster/check_cluster.py", r"n_workers=(\d)")


def households() -> float:
    return found("Makefile", r"\nHOUSEHOLDS := ([\d_]+)") / 1e6


def compendia() -> dict[str, int]:
    """Return how many sources each compendium of other papers has."""
    folders = (path.parents[1] for path in (ROOT / "other_papers").glob("*/data/datapackage.json"))
    return {folder.name: len(sources(Project(folder))) for folder in folders}


@pytest.mark.parametrize(("page", "pattern", "counted"), COUNTS, ids=[name for name, *_ in COUNTS])
def test_a_count_is_what_is_counted(page, pattern, counted):
    (match,) = re.finditer(pattern, TEXTS[page])
    assert tuple(map(value, match.groups())) == pytest.approx(counted(), rel=1e-12)


# Every number in digits ---------------------------------------------------------------------------

#: By hand, with the version and the machine that they are of: the only times there are.
MEASURED = {
    "README.md": "What it takes",
    "docs/registers.md": "Time and memory",
    "course/guide/2_set_up.md": "Set up",
}
#: No counts: names, licences, the Pythons (which `test_workflows` holds), how rates are given.
EVERYWHERE = (
    r"Python 3\.\d+ to 3\.\d+|CC BY 4\.0|CC0 1\.0|UTF-\d+|10 for ten percent|\(Dubin 1992\)|1978"
)
#: What examples and sources say, what the commands end with (their tests hold that), and the
#: results of the made-up city (`test_housing_command` runs it).
STATED = {
    "README.md": [
        r"in 1990\?",
        r"a loan of 360 years",
        r"13\.215 to 13\.225 if .* above 13\.21 and at most 13\.22 if",
    ],
    "CONTRIBUTING.md": [
        r"U\+2212",
        r"1\.1 and 1\.10 are two days",
        r"3 read as 8 makes the 8s",
        r"Shan's 871\.72",
        r"\*About\* .* 0\.405",  # below
        r"(above|below) 0",
    ],
    "docs/audit.md": [
        r"between 13\.15 and 13\.25",
        r"is Table 5\.3",
        r'50 for "half"',
        r"\(370\) is minus 370 .* Frictionless has it",
        r"such as \[11\]",
        r"printed 18 is taken for 17\.5 to 18\.5",
        r"(ends with|the exit is) 1",
        r"If the page had 4\.9 where 4\.4",
        r"3\.8 for 3\.9 .* 1\.6 may be 1\.55",
        r"a mean that no 28 whole numbers have",
        r"59% in 1992 .* may be 4\.35",
        r"above 0",
    ],
    "docs/extras.md": [r"a margin counts as 0"],
    "docs/index.md": [r"In 1990"],
    "docs/registers.md": [
        r"part 10 after part 9",
        r"is 3\.5, and is 35",
        r"where is 0 is 0",
        r"Of the [\d,]+ rows .* renters of the lowest class",
        r"ends with 0; with 1 where .*; with 2",
    ],
    "docs/run.md": [r"end with 0 where .*; 1 where .*; 2 where .*; 130 where .*; 141 where"],
}


def uncounted(page: Document) -> str:
    """Return a page's prose without what is made, measured or counted, and without its code."""
    text = re.sub(r"<!-- (\w+) -->.*?<!-- /\1 -->", "", page.prose, flags=re.DOTALL)
    if page.name in MEASURED:
        text = text.replace(measured(page), "")
    text = " ".join(re.sub(r"^(#+ )?\d+\. ", "", text, flags=re.MULTILINE).split())
    for name, pattern, _ in COUNTS:
        text = re.sub(pattern, "", text) if name == page.name else text
    text = re.sub(r"\]\([^)]*\)|\$[^$]+\$", "", SPAN.sub("", text))
    return re.sub(EVERYWHERE, "", " ".join(text.split()))


def measured(page: Document) -> str:
    """Return the section of a page that has its measurements."""
    _, section = f"\n{page.prose}".split(f"\n## {MEASURED[page.name]}\n")
    return section.partition("\n## ")[0]


prose = pytest.mark.parametrize(
    "page", [page for page in DOCUMENTS if page.name != HISTORY], ids=lambda page: page.name
)


@prose
def test_a_number_in_digits_is_counted_or_measured_or_none_of_ours(page):
    text = uncounted(page)
    for pattern in STATED.get(page.name, ()):
        text, times = re.subn(pattern, "", text)
        assert times, f"{page.name} does not say {pattern}"
    left = re.finditer(r"(?<!\w)\d[\d.,]*", text)
    assert [text[max(0, each.start() - 60) : each.end() + 30] for each in left] == []


#: What a reader takes, and not a command.
READING = {
    "README.md": ["Ten minutes"],
    "docs/audit.md": [
        *("an hour", "five minutes", "one minute", "twenty minutes", "ten minutes", "one minute"),
    ],
}


@prose
def test_no_other_place_says_how_long_a_command_takes(page):
    text = uncounted(page).replace("Audit a paper in an hour", "")
    said = re.findall(
        r"\b(?:an?|one) (?:minute|hour)\b|\bone second\b|\b\w+ (?:seconds|minutes|hours)\b", text
    )
    assert said == READING.get(page.name, [])


@pytest.mark.parametrize(
    "page", [page for page in [*DOCUMENTS, *GUIDE] if page.name in MEASURED], ids=lambda p: p.name
)
def test_what_is_measured_is_of_this_version_and_says_on_what(page):
    """With a new version, measure again, or find that nothing has changed and say so."""
    (version,) = re.findall(
        r"(?:Measured for|taken with) version (\d+\.\d+), .*on two (?:cores|processors)",
        measured(page),
    )
    assert DECLARED["version"].startswith(f"{version}.")


# What else is said twice --------------------------------------------------------------------------


def test_about_is_as_wide_as_the_rules_say():
    examples = re.findall(r"([\d.,]+\d) is ([\d.,]+\d) to ([\d.,]+\d)", PAGES["CONTRIBUTING.md"])
    examples += re.findall(r"(100) is (90) to (110) and", PAGES["CONTRIBUTING.md"])
    assert len(examples) >= 4
    for number, low, high in examples:
        half = slack_digit(number) / 2
        assert (parse(low), parse(high)) == pytest.approx(
            (parse(number) - half, parse(number) + half)
        )


def test_the_pages_have_each_verdict_form_and_rule():
    _, table = (
        (ROOT / "README.md").read_text("utf8").split("| verdict | a number is |\n|---|---|\n")
    )
    verdicts = re.findall(r"^\| (\w+) \|", table.partition("\n\n")[0], re.MULTILINE)
    assert verdicts == [*ledger.VERDICTS]
    (forms,) = re.findall(r"`notation`, one or more of (.+?), and a name", PAGES["CONTRIBUTING.md"])
    assert tuple(re.findall(r"`(\w+)`", forms)) == FORMS
    (rules,) = re.findall(r"`rounding` is (`nearest` unless .+?)\.", PAGES["docs/audit.md"])
    assert {*re.findall(r"`(\w+)`", rules)} == {*RULES} - {""}
    (said,) = re.findall(r"if the page has one \((.+?)\)", PAGES["docs/audit.md"])
    assert tuple(re.findall(r"`([^`]+)`", said)) == printed.QUALIFIERS[1:]


def test_the_machines_that_are_imitated_are_those_that_are_named():
    (named,) = re.findall(r"OpenBLAS for (.+?), NumPy", PAGES["CONTRIBUTING.md"])
    text = (ROOT / "tests/machines/settings.py").read_text("utf8")
    tried = set(re.findall(r'kernels\("(\w+)"\)', text))
    tried |= set(re.findall(r'"(\w+)"', re.search(r"map\(kernels, \((.+?)\)\)", text)[1]))
    assert set(re.split(r", | and ", named)) == tried


def test_every_source_is_cited_and_licences_are_the_same_everywhere():
    works = " ".join(work["title"] for work in CITED["references"])
    for source in package(PROJECT)["sources"][: own_sources()]:
        assert re.search(r"\*(.+?)\*", source["title"])[1] in works
    assert DECLARED["license"].split(" AND ") == [*metadata.LICENCES]
    # A list would leave the choice to whoever takes it.
    assert CITED["license"] == metadata.CODE
    for page in ("README.md", "docs/cite.md", "docs/availability.md", "LICENSE"):
        text = (ROOT / page).read_text("utf8")
        assert all(name in text for name in ("MIT ", "CC BY 4.0", "CC0")), page


def test_the_guide_was_tried_with_the_nbgrader_of_the_course():
    (pinned,) = re.findall(
        r"^nbgrader==(\S+)", (ROOT / "requirements-course.txt").read_text("utf8"), re.MULTILINE
    )
    told = [number for page in GUIDE for number in re.findall(r"nbgrader (\d[\d.]*\d)", page.prose)]
    assert told
    assert set(told) == {pinned}


def test_every_column_has_a_kind_and_a_unit_as_is_said_of_the_data():
    for resource in package(PROJECT)["resources"]:
        for field in resource["schema"]["fields"]:
            assert "type" in field
            counts = field["type"] in ("number", "integer") and "rowUnits" not in resource
            assert "unit" in field or not counts, (resource["path"], field["name"])


def test_what_is_drawn_by_lot_has_a_seed_beside_it():
    paths = [path for name in ("lib", "evidence", "docs") for path in (ROOT / name).rglob("*.py")]
    texts = [path.read_text("utf8") for path in [*paths, *PROJECT.notebook_files]]
    drawn = [
        call for text in texts for call in re.findall(r"(?:default_rng|Random)\(([^\n]*)", text)
    ]
    assert len(drawn) > 10
    assert [call for call in drawn if call.startswith(")")] == []
    assert not any(
        re.search(r"np\.random\.(?!default_rng|Generator|SeedSequence)", text) for text in texts
    )


def synthesis() -> str:
    return " ".join((PROJECT.notebooks / "6_synthesis.ipynb").read_text("utf8").split())


def test_the_synthesis_says_of_misreads_what_the_ledger_has():
    assert "Most lie in the World Bank's annexes, whose scan reads 3, 5 and 6 as 8" in synthesis()
    misread = [row for row in ROWS if row.misread_as]
    annexes = [row for row in misread if row.source == "world_bank" and "Annex" in row.exhibit]
    assert len(annexes) > len(misread) / 2
    pairs = Counter(
        a + b
        for row in annexes
        if len(row.printed) == len(row.misread_as)
        for a, b in zip(row.printed, row.misread_as, strict=True)
    )
    assert all(pairs[f"{digit}8"] > 10 for digit in "356")


def test_what_the_synthesis_says_in_words_is_counted():
    text = synthesis()
    assert "**Table 3.2** of the World Bank comes out to the last digit" in text
    table = {row.verdict for row in ROWS if row.place[:2] == ("world_bank", "Table 3.2")}
    assert table == {"given", "exact", "consistent"}
    (told,) = re.findall(r"as Yuan's, has no rate .*?\(its (\w+) numbers count", text)
    assert value(told) == sum(row.source == "yuan" for row in ROWS)
    (told,) = re.findall(r"## In (\w+) sentences", text)
    begun = re.findall(r'"(\d)\. \*\*', text.partition("sentences, with their numbers")[2])
    # In the cell, and then in what it shows.
    assert "".join(begun).split("1")[1] == "".join(map(str, range(2, int(value(told)) + 1)))
