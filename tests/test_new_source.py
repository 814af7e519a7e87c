"""A paper of one's own: from an empty folder to a page of what differs."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import nbformat
import pytest
from frictionless import Package
from runs import in_this_process

from compendium.page.descriptors import package
from compendium.page.notes import CAUSES
from compendium.page.printed import Source
from compendium.project import Project
from compendium.run.commands import main
from compendium.run.guess import described, guess
from compendium.run.notebooks import faults
from compendium.run.reproduce import reproduce
from compendium.verdict import ledger
from compendium.verdict.audit import Audit

ROOT = Path(__file__).parents[1]
TUTORIAL = (ROOT / "docs" / "audit.md").read_text("utf8")
BLOCKS = re.findall(r"```text\n(.*?)```", TUTORIAL, re.DOTALL)
SCHEMA = json.loads((ROOT / "lib" / "compendium" / "run" / "check.schema.json").read_text("utf8"))


def block(head: str) -> str:
    """Return what the tutorial has its reader type, by how it begins."""
    (found,) = (text for text in BLOCKS if text.startswith(head))
    return found


@pytest.fixture
def papers(tmp_path: Path) -> Project:
    """A compendium as the tutorial begins one."""
    assert main(["init", str(tmp_path / "my_papers"), "--title", "My papers"]) == 0
    project = Project(tmp_path / "my_papers")
    assert main(["new-source", "miller_1999", "--cite", "Miller (1999)"], project) == 0
    return project


@pytest.fixture
def typed(papers: Project) -> Project:
    """... with what it has its reader type, and without the notebook, which asks for a kernel."""
    folder = papers.data / "miller_1999"
    (folder / "table_1.csv").write_text(block("year,"), "utf8")
    (folder / "text.csv").write_text(block("exhibit,item"), "utf8")
    (folder / "identities.csv").write_text(block("table,across"), "utf8")
    for path in papers.notebook_files:
        path.unlink()
    assert main(["describe", "miller_1999"], papers) == 0
    return papers


def test_the_notebook_of_a_new_source_runs_and_can_be_committed(papers):
    assert reproduce(papers) == 0
    (path,) = papers.notebook_files
    assert path.name == "1_miller_1999.ipynb"
    assert faults(papers.build / "notebooks" / path.name) == []
    assert main(["accept"], papers) == 0
    assert "Miller (1999)" in nbformat.read(path, as_version=4).cells[0].source
    assert [row for row in Source("miller_1999", papers).cells] == []


def test_a_second_source_is_numbered_on_and_a_name_is_taken_once(papers, capsys):
    assert main(["new-source", "two"], papers) == 0
    assert [path.name for path in papers.notebook_files] == ["1_miller_1999.ipynb", "2_two.ipynb"]
    before = (papers.data / "datapackage.json").read_bytes()
    capsys.readouterr()
    for slug in ("two", "Two", "a-b", "1a", "../x"):
        assert main(["new-source", slug], papers) == 2
        assert "nothing was written" in (said := capsys.readouterr().err) or "SLUG must" in said
    assert (papers.data / "datapackage.json").read_bytes() == before


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path, capsys):
    (tmp_path / "thesis.tex").write_text("x", "utf8")
    assert main(["init", str(tmp_path)]) == 2
    assert "is not empty: it has thesis.tex" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_the_tutorial_has_every_cause():
    rows = re.findall(r"^  \| `(\w+)` \| (.*) \|$", TUTORIAL, re.MULTILINE)
    assert dict(rows) == CAUSES


def test_the_tutorial_gives_what_it_says(typed, capsys):
    capsys.readouterr()
    assert main(["check", "miller_1999"], typed) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.partition(", in ")[0] == block("Miller").partition(", in ")[0]


def test_without_a_notebook_no_kernel_is_waited_for(typed, monkeypatch):
    monkeypatch.setattr("compendium.run.notebooks.execute", None)
    assert main(["check"], typed) == 0


def test_a_wrong_number_differs_and_its_declaration_explains_it(typed, capsys):
    path = typed.data / "miller_1999" / "table_1.csv"
    path.write_text(path.read_text("utf8").replace("4.4", "4.9"), "utf8")
    capsys.readouterr()
    assert main(["check"], typed) == 1
    said = capsys.readouterr().out
    assert "  Table 1, 1992, total: printed 4.9, recomputed 4.35" in said
    (typed.data / "miller_1999" / "notes.csv").write_text(block("exhibit,row"), "utf8")
    assert main(["check"], typed) == 1
    # The share was computed from the right total: that it does not fit the wrong one is left.
    (_, line) = capsys.readouterr().out.splitlines()
    assert line.startswith("  Table 1, 1992, share: printed 59%, recomputed 52.04")


def test_what_is_printed_for_a_program_is_of_the_shape_that_is_documented(typed, capsys):
    path = typed.data / "miller_1999" / "table_1.csv"
    path.write_text(path.read_text("utf8").replace("4.4", "4.9"), "utf8")
    capsys.readouterr()
    assert main(["check", "--json"], typed) == 1
    found = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, SCHEMA)
    (source,) = found["sources"]
    assert [row["printed"] for row in source["differences"]] == ["4.9", "59%"]
    assert not source["well"]
    counts = source["counts"]
    assert counts["differs"] == 2
    assert sum(counts.values()) == 2 * counts["numbers"] + counts["misread"]
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_what_is_said_to_a_person_is_said_to_a_program_too(typed, capsys):
    folder = typed.data / "miller_1999"
    table = folder / "table_1.csv"
    table.write_text(table.read_text("utf8").replace("1.8,", ","), "utf8")
    (folder / "table_2.csv").write_text('year,a\n1,"1,234;2"\n2,3\n', "utf8")
    main(["describe"], typed)
    capsys.readouterr()
    main(["check"], typed)
    _, *lines = capsys.readouterr().out.splitlines()
    main(["check", "--json"], typed)
    said = json.loads(capsys.readouterr().out)
    jsonschema.validate(said, SCHEMA)
    (found,) = said["sources"]
    assert lines == [f"  {line}" for line in (*found["faults"], *found["undecided"])]
    assert [line.partition(": ")[0] for line in found["undecided"]] == [
        "data/miller_1999/table_2.csv",
        "data/miller_1999/identities.csv, row 2",
    ]
    assert found["undecided"][1].endswith("is applied 2 times, and not in 1992 (not printed: food)")


class Cells(HTMLParser):
    """The texts of a page's table cells."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def test_the_page_for_an_author_has_what_differs_with_its_evidence(typed, tmp_path, capsys):
    path = typed.data / "miller_1999" / "table_1.csv"
    path.write_text(path.read_text("utf8").replace("4.4", "4.9"), "utf8")

    def with_pages(content: dict) -> None:
        content["sources"][0]["title"] = "What rents cost"
        content["resources"][-1]["page"] = "7"

    rewritten(typed, with_pages)
    assert main(["check", "--report", str(tmp_path / "miller.html")], typed) == 1
    page = Cells()
    page.feed((tmp_path / "miller.html").read_text("utf8"))
    assert {"Miller (1999)", "Different, and not explained: 2", "4.9", "4.35"} <= set(page.found)
    assert "total = food + rent" in " ".join(page.found)
    assert any("one that it is computed from be wrong" in words for words in page.found)
    assert {"What rents cost", "Table 1, 1992, total (page 7)"} <= set(page.found)


def test_what_nothing_accounts_for_is_on_the_page_as_well(papers, tmp_path, monkeypatch):
    folder = papers.data / "miller_1999"
    (folder / "table_1.csv").write_text(block("year,"), "utf8")
    assert main(["describe"], papers) == 0
    left = "Table 1, 1991, rent: printed 2.30, accounted for by nothing"
    monkeypatch.setattr("compendium.run.check._from_notebook", lambda *_: [left])
    assert main(["check", "--report", str(tmp_path / "miller.html")], papers) == 1
    page = Cells()
    page.feed((tmp_path / "miller.html").read_text("utf8"))
    assert left in page.found


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check", "nobody"], "There is no source 'nobody'; there are miller_1999."),
        (["describe", "nobody"], "There is no source 'nobody'"),
        (["check"], "Nothing is printed in miller_1999"),
    ],
)
def test_nothing_found_is_no_success(papers, words, said, capsys):
    for path in papers.notebook_files:
        path.unlink()
    assert main(words, papers) == 2
    assert said in capsys.readouterr().err


def test_where_there_is_no_source_a_line_says_how_to_make_one(tmp_path, capsys):
    assert main(["init", str(tmp_path / "new")]) == 0
    for command in ("check", "describe"):
        assert main([command], Project(tmp_path / "new")) == 2
        assert "compendium new-source SLUG makes one" in capsys.readouterr().err


# Describing --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "declared"),
    [
        (["1,234", "5.50", "-"], {"type": "number", "groupChar": ","}),
        (["1.234,5", "12,25"], {"groupChar": ".", "decimalChar": ","}),
        (["1 234", "5"], {"groupChar": " "}),
        (["1,23,456", "5"], {"type": "number", "notation": "indian"}),
        (["\N{MINUS SIGN}3", "5"], {"type": "string", "notation": "plain"}),
        (["(370)", "12"], {"type": "string", "notation": "accounting"}),
        (["1/6", "3 1/2"], {"type": "string", "notation": "fraction"}),
        (["$5", "$1,000"], {"notation": "currency"}),
        (["EUR 5", "USD 1.5"], {"notation": "currency"}),
        (["5*", "0.05***"], {"notation": "marks"}),
        (["<.001", ".04"], {"notation": "qualified"}),
        (["0.5-0.7", "1-2"], {"notation": "range"}),
        (["12.3 (4.5)", "1.0 (0.2)"], {"notation": "(sd)"}),
        (["north", "south"], {"type": "string"}),
    ],
)
def test_a_column_is_described_by_the_fewest_words_that_read_it(tmp_path, cells, declared):
    text = "\n".join(["key;x", *(f"{place};{cell}" for place, cell in enumerate(cells))])
    (tmp_path / "table_2_1.csv").write_text(text, "utf8")
    found = guess(tmp_path / "table_2_1.csv", "toy")
    assert found.resource["dialect"] == {"delimiter": ";"}
    assert (found.resource["id"], found.resource["exhibit"]) == ("2.1", "Table 2.1")
    _, entry = found.resource["schema"]["fields"]
    assert declared.items() <= entry.items()
    assert set(declared) >= set(entry) & {"notation", "decimalChar"}
    assert ("-" in found.resource["schema"]["missingValues"]) == ("-" in cells)


def test_a_key_that_is_a_range_is_a_name(tmp_path):
    (tmp_path / "table_1.csv").write_text("age,share\n0-4,0.5-0.7\n5-9,0.1-0.2\n", "utf8")
    age, share = guess(tmp_path / "table_1.csv", "toy").resource["schema"]["fields"]
    assert age == {"name": "age", "title": "age", "unit": "", "type": "string"}
    assert share["notation"] == "range"


def test_what_is_described_is_read_so_and_valid_for_other_readers(papers):
    cells = ["(370)", "1/6", "\N{MINUS SIGN}3", "<.001", "12.3 (4.5)", "1,23,456", "5-7"]
    names = [f"c{place}" for place in range(len(cells))]
    lines = [["year", *names], ["1990", *cells], ["1991", *cells]]
    text = "\n".join(";".join(line) for line in lines)
    (papers.data / "miller_1999" / "table_1.csv").write_text(text, "utf8")
    assert main(["describe"], papers) == 0
    assert Package(papers.data / "datapackage.json").validate().valid
    assert Source("miller_1999", papers).table("1").loc[1990].tolist() == [
        -370.0, 1 / 6, -3.0, 0.001, 12.3, 4.5, 123456.0, 5.0, 7.0,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "keys", "doubts"),
    [
        ("a,b,c\n1,x,3\n2,x,3\n", ["a"], 0),
        ("a,b,c\n1,x,3\n1,y,3\n", ["a", "b"], 0),
        ("a,b\n1,3\n1,3\n", ["a"], 1),
        ("a,b\nx,3\ny,4\nz,five\n", ["a"], 1),
    ],
)
def test_keys_are_the_first_columns_that_tell_rows_apart_and_a_doubt_is_told(
    tmp_path, text, keys, doubts
):
    (tmp_path / "notes_on_rents.csv").write_text(text, "utf8")
    found = guess(tmp_path / "notes_on_rents.csv", "toy")
    assert found.resource["schema"]["primaryKey"] == keys
    assert len(found.doubts) == doubts
    assert found.resource["exhibit"] == "Notes on rents"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("a,b\n", "has a head, but no row"),
        ("a,a\n1,2\n", "row 1: every column must have a name of its own"),
        ("a,\n1,2\n", "row 1: every column must have a name of its own"),
        ("Table 1\na,b\n1,2\n", "row 2: 2 cells, but 1 columns in the head; the first line is"),
        ("a,b\n1,2\n3\n", "row 3: 1 cells, but 2 columns in the head"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_its_place(papers, text, said, capsys):
    (papers.data / "miller_1999" / "table_9.csv").write_text(text, "utf8")
    assert main(["describe"], papers) == 2
    assert f"data/miller_1999/table_9.csv: {said}".replace(": row", ", row") in (
        capsys.readouterr().err
    )


def rewritten(project: Project, change: Callable[[dict], None]) -> None:
    content = package(project)
    change(content)
    (project.data / "datapackage.json").write_text(json.dumps(content), "utf8")


def test_what_a_person_wrote_stays_and_what_is_missing_is_added(typed, capsys):
    def by_hand(content: dict) -> None:
        (table,) = (r for r in content["resources"] if r.get("id") == "1")
        table["exhibit"] = "Table 1 of the appendix"
        table["schema"]["fields"][1] |= {"unit": "dollars", "type": "string"}
        del table["schema"]["primaryKey"]

    rewritten(typed, by_hand)
    path = typed.data / "miller_1999" / "table_1.csv"
    lines = path.read_text("utf8").splitlines()
    path.write_text("\n".join([f"{lines[0]},note", *(f"{line},x" for line in lines[1:])]), "utf8")
    capsys.readouterr()
    assert main(["describe"], typed) == 0
    assert "column note: words, added" in capsys.readouterr().out
    (table,) = (r for r in package(typed)["resources"] if r.get("id") == "1")
    assert table["exhibit"] == "Table 1 of the appendix"
    assert table["schema"]["fields"][1]["unit"] == "dollars"
    assert table["schema"]["fields"][1]["type"] == "string"
    assert [field["name"] for field in table["schema"]["fields"]][-1] == "note"
    assert table["schema"]["primaryKey"] == ["year"]
    assert main(["describe"], typed) == 0
    assert "Nothing new" in capsys.readouterr().out


def test_what_is_described_and_not_there_is_told(typed, capsys):
    path = typed.data / "miller_1999" / "table_1.csv"
    path.write_text(path.read_text("utf8").replace("food", "meals"), "utf8")
    (typed.data / "miller_1999" / "notes.csv").unlink()
    assert main(["describe"], typed) == 1
    said = capsys.readouterr().out
    assert "there is no column food any more" in said
    assert "data/miller_1999/notes.csv: described, and not there" in said


def test_an_optional_column_is_described_where_it_stands():
    plain, more = (described("toy", "identities", head) for head in ((), ("table", "slack")))
    assert [field["name"] for field in plain["schema"]["fields"]][-1] == "because"
    assert [field["name"] for field in more["schema"]["fields"]][-2:] == ["because", "slack"]


def test_everything_in_this_project_is_described(tmp_path, capsys):
    shutil.copytree(ROOT / "data", tmp_path / "data")
    assert main(["describe"], Project(tmp_path)) == 0
    assert capsys.readouterr().out == "Nothing new: every file is described.\n"


def test_the_package_is_valid(typed):
    report = Package(typed.data / "datapackage.json").validate()
    assert report.valid, report.flatten(["path", "rowNumber", "fieldName", "message"])


# What a newcomer ran into ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "is_doubt"),
    [
        (["[11]", "[10]"], True),
        (["1978-01-10", "1978-02-10"], False),
        (["10/12/78", "1/2/78"], True),
        (["1990a-b", "Q1"], False),
        (["north", "south"], False),
        (["[11]", "north", "south"], False),
    ],
)
def test_a_column_of_numbers_that_no_notation_reads_is_a_doubt(tmp_path, cells, is_doubt):
    text = "\n".join(["key,x", *(f"k{place},{cell}" for place, cell in enumerate(cells))])
    (tmp_path / "table_1.csv").write_text(text, "utf8")
    found = guess(tmp_path / "table_1.csv", "toy")
    assert [doubt.startswith("column x: words, so that no number") for doubt in found.doubts] == (
        [True] * is_doubt
    )


@pytest.mark.parametrize(
    ("stem", "exhibit"),
    [("appendix_L", "Appendix L"), ("table_A_1", "Table A.1"), ("tiers", "Tiers")],
)
def test_an_exhibit_keeps_the_capitals_of_its_file(tmp_path, stem, exhibit):
    (tmp_path / f"{stem}.csv").write_text("a,b\nx,1\n", "utf8")
    assert guess(tmp_path / f"{stem}.csv", "toy").resource["exhibit"] == exhibit


def test_numbers_that_were_taken_for_words_are_numbers_once_they_can_be_read(typed, capsys):
    path = typed.data / "miller_1999" / "table_2.csv"
    path.write_text("name,years\na,[11]\nb,[12]\n", "utf8")
    for _ in range(2):
        assert main(["describe"], typed) == 1
        assert "to decide: column years: words" in capsys.readouterr().out
    path.write_text('name,years\na,11\nb,"1,200"\n', "utf8")
    assert main(["describe"], typed) == 0
    assert "column years: numbers; it was described as words" in capsys.readouterr().out
    assert Source("miller_1999", typed).table("2")["years"].tolist() == [11, 1200]


def test_words_that_a_person_has_looked_at_stay_words(typed, capsys):
    path = typed.data / "miller_1999" / "table_2.csv"
    path.write_text("name,years\na,[11]\nb,[12]\n", "utf8")
    assert main(["describe"], typed) == 1

    def look(content: dict) -> None:
        content["resources"][-1]["schema"]["fields"][1]["title"] = "Footnotes"

    rewritten(typed, look)
    assert main(["describe"], typed) == 0
    path.write_text("name,years\na,11\nb,12\n", "utf8")
    capsys.readouterr()
    assert main(["describe"], typed) == 0
    assert "column years is declared as words, so that none of its" in capsys.readouterr().out


def test_keys_that_tell_no_rows_apart_stay_a_doubt(typed, capsys):
    (typed.data / "miller_1999" / "table_2.csv").write_text("a,b\nx,1\nx,1\n", "utf8")
    for _ in range(2):
        assert main(["describe"], typed) == 1
        assert "no columns tell the rows apart" in capsys.readouterr().out


@pytest.mark.parametrize(
    "rows",
    [
        "month,mean\nMay,12.3 (4.5)\nMay,10.1 (3.2)\n",
        "city,r,s\nA,1.5,2.5\nB,2.0,3.0\nA,1.6,2.7\n",
        "city,r,s\nA,10,20\nB,20,30\nA,12,31\n",
    ],
)
def test_measured_numbers_are_no_key(tmp_path, rows):
    (tmp_path / "table_2.csv").write_text(rows, "utf8")
    found = guess(tmp_path / "table_2.csv", "toy")
    key, *others = found.resource["schema"]["fields"]
    assert found.resource["schema"]["primaryKey"] == [key["name"]]
    assert all("groupChar" in entry for entry in others)
    (doubt,) = found.doubts
    assert re.match(r"no columns tell the rows apart: row \d repeats (A|May) of row 2", doubt)


@pytest.mark.parametrize(
    ("rows", "keys"),
    [
        ("city,year,r\nA,1990,1\nA,1991,2\nB,1990,3\n", 2),
        ("city,storey,r\nA,1,1.5\nA,2,2.5\nB,1,3.5\nB,2,1.5\n", 2),
        ("city,age,r\nA,0-4,1.5\nA,5-9,2.5\nB,0-4,3.5\nB,5-9,1.5\n", 2),
        ('policy,wage,r\na,"1,500",1.5\na,"2,100",2\nb,"1,500",3.5\nb,"2,100",1.5\n', 2),
        ("line,from,to\nA,1.5,2\nA,2.5,3\n", 1),
    ],
)
def test_whole_numbers_that_name_rows_are_a_key(tmp_path, rows, keys):
    (tmp_path / "table_2.csv").write_text(rows, "utf8")
    found = guess(tmp_path / "table_2.csv", "toy")
    assert len(found.resource["schema"]["primaryKey"]) == keys


def test_keys_are_guessed_again_when_the_file_changes(typed, capsys):
    def keys() -> list[str]:
        return package(typed)["resources"][-1]["schema"]["primaryKey"]

    path = typed.data / "miller_1999" / "table_2.csv"
    path.write_text("city,year,r\nA,1990,1.5\nA,1991,2.0\n", "utf8")
    assert main(["describe"], typed) == 0
    assert keys() == ["city", "year"]
    path.write_text("city,year,r\nA,1990,1.5\nB,1991,2.0\n", "utf8")
    assert main(["describe"], typed) == 0
    assert keys() == ["city"]
    assert "primaryKey ['city']; it was ['city', 'year']" in capsys.readouterr().out
    path.write_text("city,year,r\nA,1990,1.5\nA,1991,2.0\n", "utf8")
    assert main(["describe"], typed) == 0
    assert keys() == ["city", "year"]

    def by_hand(content: dict) -> None:
        content["resources"][-1]["schema"] |= {"primaryKey": ["city", "r"]}

    rewritten(typed, by_hand)
    path.write_text("city,year,r\nA,1990,1.5\nA,1990,2.0\n", "utf8")
    assert main(["describe"], typed) == 1
    assert "row 3 repeats A" in capsys.readouterr().out
    rewritten(typed, lambda c: c["resources"][-1]["schema"]["fields"][2].update(unit="dollars"))
    assert main(["describe"], typed) == 0
    assert keys() == ["city", "r"]


def test_a_name_printed_once_for_several_rows_is_to_be_filled_down(typed, capsys):
    path = typed.data / "miller_1999" / "table_2.csv"
    path.write_text("region,city,r\nNorth,A,1\n,B,2\n,All,3\n", "utf8")
    assert main(["describe"], typed) == 1
    said = "to decide: column region: is blank in rows 3, 4: fill it down"
    assert said in capsys.readouterr().out
    assert main(["check"], typed) == 0
    assert said in capsys.readouterr().out
    path.write_text("region,city,r\nNorth,A,1\nNorth,B,2\nNorth,All,3\n", "utf8")
    assert main(["describe"], typed) == 0


@pytest.mark.parametrize(
    ("rows", "is_doubt"),
    [
        ("x,m\nincome,0.411***\n,(0.033)\nsize,0.2\n,(0.1)\n", True),
        ("x,m,n\nincome,0.411,1\nincome se,(0.033),\nt,12.45,3\n", True),
        ("x,m,n\ns.e.,(0.033),(0.1)\nother,12.45,3\n", True),
        ("x,m,n\ngain,12,(7)\nloss,(370),5\n", False),
        ("x,m\nloss,(370)\ngain,12\n", False),
    ],
)
def test_standard_errors_are_not_made_negative_unasked(tmp_path, rows, is_doubt):
    (tmp_path / "table_2.csv").write_text(rows, "utf8")
    found = guess(tmp_path / "table_2.csv", "toy")
    doubts = found.doubts_of("m")
    assert [("accounting" in doubt, "(se)" in doubt) for doubt in doubts] == [(True, True)] * (
        is_doubt
    )
    assert ("notation" in found.resource["schema"]["fields"][1]) != is_doubt


@pytest.mark.parametrize(
    ("cells", "culprit"),
    [
        (["20 a", "30b)", "5[1]", "7¹"], "row 3: '30b)' is not a printed number; notation"),
        (["2.5", "3.0 (est.)"], "row 3: '3.0 (est.)' is not a printed number"),
        (["0.411*** (0.033)", "-0.05 (0.01)", "3*(0.1"], "'3*(0.1' is not a printed number"),
        (["thousand", "1.5", "2.0"], "if row 2 is a second line of the head, make one head"),
    ],
)
def test_the_cell_that_keeps_a_column_from_being_numbers_is_named(typed, cells, culprit, capsys):
    text = "\n".join(["key,x", *(f"k{place},{cell}" for place, cell in enumerate(cells))])
    (typed.data / "miller_1999" / "table_2.csv").write_text(text, "utf8")
    assert main(["describe"], typed) == 1
    assert culprit in capsys.readouterr().out
    assert main(["check"], typed) == 0
    assert "column x: words, so that no number in it counts" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        ("k;r;s\nA;1,234;2,500\n", ["r", "s"]),
        ("k;r;s\nA;1,234;2.50\n", []),
        ("k;r;s\nA;1,234;2,5\n", ["r"]),
        ("k;r;s\nA;1.234;2,5\n", ["r"]),
        ("k;r;s\nA;1.234;2.5\n", []),
        ('k,r,s\nA,"1,234","2,500"\n', []),
        ('k,r,s\nA,1.5,"12,34"\n', ["s"]),
        ("k;r;s\nA;1,234,500;0,125\n", ["r"]),
    ],
)
def test_a_comma_that_may_be_of_thousands_or_of_decimals_is_to_decide(tmp_path, text, doubts):
    (tmp_path / "table_1.csv").write_text(text, "utf8")
    found = guess(tmp_path / "table_1.csv", "toy").doubts
    assert [doubt.split(":")[0].removeprefix("column ") for doubt in found] == doubts
    assert all("groupChar" in doubt and "decimalChar" in doubt for doubt in found)


def test_a_column_that_is_read_no_more_is_described_again(typed, capsys):
    path = typed.data / "miller_1999" / "table_2.csv"
    path.write_text("name,x\na,1.5\nb,2.0\n", "utf8")
    assert main(["describe"], typed) == 0
    path.write_text("name,x\na,1.5*\nb,n.a.\n", "utf8")
    capsys.readouterr()
    assert main(["describe"], typed) == 0
    said = capsys.readouterr().out
    assert "'n.a.' in column x is read as not printed" in said
    assert "x: numbers, notation \"marks\"; not printed: 'n.a.'; it was x: numbers, which" in said
    rewritten(typed, lambda c: c["resources"][-1]["schema"]["fields"][1].update(unit="dollars"))
    path.write_text("name,x\na,$1.5\nb,2\n", "utf8")
    assert main(["describe"], typed) == 1
    assert "to decide: column x: '$1.5' is not a printed number" in capsys.readouterr().out


def test_what_is_read_as_not_printed_is_told(typed, capsys):
    (typed.data / "miller_1999" / "table_2.csv").write_text("k,r\nA,1.5\nB,–\nC,..\n", "utf8")
    assert main(["describe"], typed) == 0
    assert "r: numbers; not printed: '–', '..'" in capsys.readouterr().out


def test_a_table_of_words_alone_is_not_called_missing(papers, capsys):
    (papers.data / "miller_1999" / "table_1.csv").write_text("k,r\nA,x\nB,y\n", "utf8")
    for path in papers.notebook_files:
        path.unlink()
    assert main(["describe"], papers) == 0
    assert main(["check"], papers) == 2
    assert "All columns of data/miller_1999/table_1.csv are words" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["table_2.CSV", "table_2.tsv", "part/table_2.csv"])
def test_every_file_that_may_hold_numbers_is_described(typed, name):
    path = typed.data / "miller_1999" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("year\tx\n1990\t1\n", "utf8")
    assert main(["describe"], typed) == 0
    assert Source("miller_1999", typed).table("2").loc[1990, "x"] == 1


@pytest.mark.parametrize("name", ["._table_1.csv", ".ipynb_checkpoints/table_1-checkpoint.csv"])
def test_what_a_system_or_an_editor_leaves_beside_a_table_is_no_table(typed, name):
    path = typed.data / "miller_1999" / name
    path.parent.mkdir(exist_ok=True)
    before = len(Source("miller_1999", typed).cells)
    path.write_bytes(b"\0\5\x16\7")
    assert main(["describe"], typed) == 0
    assert len(Source("miller_1999", typed).cells) == before


def test_a_file_is_described_in_the_encoding_that_is_declared(typed, capsys):
    path = typed.data / "miller_1999" / "table_2.csv"
    path.write_text("place,x\nKöln,1\n", "latin1")
    assert main(["describe"], typed) == 2
    said = capsys.readouterr().err
    assert "declare its encoding: add to the resources" in said
    resource = json.loads(re.search(r"\{.*\}", said)[0])
    assert resource["encoding"] == "cp1252"
    rewritten(typed, lambda content: content["resources"].append(resource))
    assert main(["describe"], typed) == 0
    assert Source("miller_1999", typed).table("2").loc["Köln", "x"] == 1


def test_a_semicolon_between_the_cells_of_the_text_is_declared(typed):
    path = typed.data / "miller_1999" / "text.csv"
    path.write_text(path.read_text("utf8").replace(",", ";"), "utf8")
    assert main(["describe"], typed) == 0
    assert ("para 3", "growth", "") in Source("miller_1999", typed).cells


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"sources": 3, "resources": []}, "sources must be a list, got 3"),
        ({"sources": []}, "resources must be a list, got None"),
        ({"sources": [{"name": "nobody"}], "resources": []}, "there is no folder data/nobody"),
        ({"sources": [{"name": "../x"}], "resources": []}, "there is no folder data/../x"),
        ({"sources": [{"name": "miller_1999"}] * 2, "resources": []}, "'miller_1999' stands twice"),
        ({"sources": [], "resources": [3]}, "resources[0]: each must be an object, got 3"),
        ({"sources": [], "resources": [{"path": ["x"]}]}, "resources[0]: path must be a string"),
        ({"sources": [], "resources": [{"path": "x", "schema": 3}]}, "schema must be an object"),
        (
            {"sources": [], "resources": [{"path": "x", "schema": {"fields": [3]}}]},
            "resources[0], schema: field must be an object, got 3",
        ),
    ],
)
def test_a_description_of_another_kind_is_left_as_it_is(papers, content, said, capsys):
    path = papers.data / "datapackage.json"
    path.write_text(json.dumps(content), "utf8")
    before = path.read_bytes()
    for words in (["describe"], ["check"], ["new-source", "two"]):
        assert main(words, papers) == 2
        assert said in capsys.readouterr().err
    assert path.read_bytes() == before
    assert not (papers.data / "two").exists()


# What may be there already, and where nothing can be written --------------------------------------


def test_what_git_is_told_already_is_kept(tmp_path):
    (tmp_path / ".gitignore").write_text("*.aux", "utf8")
    for _ in range(2):
        assert main(["init", str(tmp_path), "--title", "a\n b"]) in (0, 2)
    assert (tmp_path / ".gitignore").read_text("utf8") == "*.aux\nbuild/\n"
    assert (tmp_path / "README.md").read_text("utf8").startswith("# a b\n")


@pytest.mark.parametrize("name", ["file", "file/new", "x" * 300])
def test_where_no_folder_can_be_made_a_line_says_so(tmp_path, name, capsys):
    (tmp_path / "file").write_text("mine", "utf8")
    assert main(["init", str(tmp_path / name)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert (tmp_path / "file").read_text("utf8") == "mine"


@pytest.mark.parametrize("name", ["", ".", "data/ledger.csv"])
def test_a_page_for_an_author_takes_no_other_file_s_place(typed, name, monkeypatch, capsys):
    monkeypatch.chdir(typed.root)
    (typed.data / "ledger.csv").write_text("mine", "utf8")
    assert main(["check", "--report", name], typed) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert (typed.data / "ledger.csv").read_text("utf8") == "mine"
    for _ in range(2):
        assert main(["check", "--report", "page.html"], typed) == 0


def test_a_source_that_cannot_be_read_still_has_a_page(typed, tmp_path, capsys):
    (typed.data / "miller_1999" / "table_9.csv").write_text("a,b\n1,2\n", "utf8")
    assert main(["check", "--report", str(tmp_path / "page.html")], typed) == 1
    page = (tmp_path / "page.html").read_text("utf8")
    assert "no descriptor of data/datapackage.json names it" in page
    assert "printed numbers were read" not in page


def test_a_source_is_checked_once_however_often_it_is_named(typed, capsys):
    capsys.readouterr()
    assert main(["check", "miller_1999", "miller_1999"], typed) == 0
    assert capsys.readouterr().out.count("Miller") == 1


def test_forms_that_other_readers_do_not_know_are_words_to_them(typed, capsys):
    folder = typed.data / "miller_1999"
    (folder / "table_2.csv").write_text("name,f,p\na,19/30,<.05\nb,1/2,.04\n", "utf8")
    text = (folder / "text.csv").read_text("utf8").splitlines()
    extra = ["para 4,rate,,1 1/2%,percent,5,fraction"]
    lines = [f"{text[0]},notation", *(f"{line}," for line in text[1:]), *extra]
    (folder / "text.csv").write_text("\n".join(lines) + "\n", "utf8")
    capsys.readouterr()
    assert main(["describe"], typed) == 0
    said = capsys.readouterr().out
    assert 'f: numbers, notation "fraction"' in said
    assert "column printed: words with a notation each" in said
    report = Package(typed.data / "datapackage.json").validate()
    assert report.valid, report.flatten(["path", "rowNumber", "fieldName", "message"])
    printed = {cell.printed for cell in Source("miller_1999", typed).cells.values()}
    assert {"19/30", "<.05", "1 1/2%", "8"} <= printed


def test_a_name_of_several_words_without_backticks_is_explained(typed, capsys):
    folder = typed.data / "miller_1999"
    (folder / "table_2.csv").write_text("name,net rent,tax,total rent\na,1,2,3\n", "utf8")
    assert main(["describe"], typed) == 0
    for identity, said in (
        ("total rent = net rent + tax", "stands in backticks, as in `net rent`"),
        ("`total rent` = `net rent` + tax", ""),
    ):
        head = "table,across,identity,only,rounding,because"
        (folder / "identities.csv").write_text(f"{head}\n2,columns,{identity},,,\n", "utf8")
        capsys.readouterr()
        assert main(["check"], typed) == int(bool(said))
        assert said in capsys.readouterr().out


def test_a_sign_before_a_number_is_said_once(typed, capsys):
    path = typed.data / "miller_1999" / "table_2.csv"
    path.write_text("name,a,b\nx,1.0,<2\n", "utf8")
    assert main(["describe"], typed) == 0
    identities = typed.data / "miller_1999" / "identities.csv"
    identities.write_text(
        "table,across,identity,only,rounding,because\n2,columns,b = 3 * a,,,\n", "utf8"
    )
    capsys.readouterr()
    assert main(["check"], typed) == 1
    assert "b: printed <2, recomputed 3" in capsys.readouterr().out


def test_what_a_notebook_says_of_tables_holds_whatever_they_are_called(typed, capsys):
    audit = Audit("miller_1999", typed)
    audit.identities()
    rewritten(typed, lambda content: content["resources"][-1].update(exhibit="Appendix L"))
    audit = Audit("miller_1999", typed)
    audit.identities()
    capsys.readouterr()
    audit.show_exhibits()
    assert "1 tables, 1 exhibits of running text, 13 numbers" in capsys.readouterr().out


def test_the_code_of_the_tutorial_runs_and_all_of_it_agrees(typed, capsys):
    (typed.data / "miller_1999" / "conclusions.csv").write_text(block("id,place"), "utf8")
    audit = Audit("miller_1999", typed)
    blocks = re.findall(r"```python\n(.*?)```", TUTORIAL, re.DOTALL)
    assert len(blocks) == 3
    names = {"audit": audit}
    for text in blocks:
        exec(text, names)
    audit.identities()
    said = capsys.readouterr().out
    assert "para 3: 1 exact" in said
    assert "1: stands on a premise; margin 0.145 to 0.155; on income" in said
    assert "1 stands on a premise, 1 not testable" in said
    assert "Table 1: 3 consistent" in said


def test_a_source_without_a_notebook_is_reproduced_by_its_identities(typed, monkeypatch, capsys):
    monkeypatch.setattr("compendium.run.reproduce.execute", in_this_process)
    assert main(["new-source", "two"], typed) == 0
    assert reproduce(typed) == 0
    rows = ledger.read(typed.build / "ledger.csv")
    assert {row.source for row in rows} == {"miller_1999"}
    assert [row.verdict for row in rows].count("exact") == 5
    table = typed.data / "miller_1999" / "table_1.csv"
    table.write_text(table.read_text("utf8").replace("3.8", "4.8"), "utf8")
    assert reproduce(typed) == 1
    assert "Table 1, 1990, total: printed 4.8, recomputed 3.75" in capsys.readouterr().out
