"""No printed number is lost between a data file and what is said of it."""

from __future__ import annotations

import json

import pytest
from frictionless import Package

from compendium import DataError
from compendium.page.printed import Source
from compendium.verdict import ledger

ROWS = [["1", "10.0", "1,000"], ["2", "-", "3%"]]


def package_of(desk):
    return desk.project.data / "datapackage.json"


def change(desk, **changes):
    """Change the descriptor of table 1; None takes a property away."""
    described = json.loads(package_of(desk).read_text("utf8"))
    (resource,) = described["resources"]
    resource |= changes
    described["resources"] = [{k: v for k, v in resource.items() if v is not None}]
    package_of(desk).write_text(json.dumps(described), "utf8")


def add(desk, **resource):
    """Add a descriptor beside that of table 1, which it resembles."""
    described = json.loads(package_of(desk).read_text("utf8"))
    described["resources"].append(described["resources"][0] | resource)
    package_of(desk).write_text(json.dumps(described), "utf8")


def refused(desk, message):
    with pytest.raises(DataError, match=message):
        desk.audit()


# Files without a descriptor, descriptors without a file -----------------------------------------


@pytest.mark.parametrize(
    "name", ["table_2.csv", "annex/table_1.csv", "annex/text.csv", "TABLE_3.CSV", "table_4.tsv"]
)
def test_a_file_of_a_source_that_no_descriptor_names_is_refused(desk, name):
    desk.table(ROWS)
    (desk.project.data / "toy" / "annex").mkdir()
    desk.csv(name, [["year", "a"], ["1", "5"]])
    refused(desk, f"data/toy/{name}: no descriptor of data/datapackage.json names it")


def test_text_notes_and_an_argument_are_no_tables(desk):
    desk.table(ROWS)
    desk.text(["para 1", "x", "", "5"])
    for name in ("parts", "links", "citations", "works"):
        desk.csv(f"{name}.csv", [["part"], ["P1"]])
    assert len(Source("toy", desk.project).cells) == 4


def test_a_scan_of_the_page_is_no_table(desk):
    desk.table(ROWS)
    described = json.loads(package_of(desk).read_text("utf8"))
    scan = {"name": "toy-scan", "path": "toy/page_1.png", "source": "toy", "format": "png"}
    package_of(desk).write_text(json.dumps({"resources": [*described["resources"], scan]}), "utf8")
    assert len(Source("toy", desk.project).cells) == 3


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"id": None, "exhibit": None}, "has no id, so that its numbers would count for nothing"),
        ({"id": None}, "id must be a name, got None"),
        ({"id": ""}, "id must be a name, got ''"),
        ({"id": 1}, "id must be a name, got 1"),
        ({"exhibit": None}, "exhibit must be a name, got None"),
        ({"exhibit": ["Table 1"]}, "exhibit must be a name, got"),
        ({"source": None}, "has an id, but no source"),
        ({"source": "tyo"}, "there is no folder data/tyo for source 'tyo'"),
        ({"source": None, "id": None}, "source is None, but toy/table_1.csv lies in toy/"),
        ({"path": "text.csv", "id": None, "exhibit": None}, "there is no file data/text.csv"),
        ({"path": None}, "path must name one file, got None"),
        ({"path": ["toy/table_1.csv"]}, r"path must name one file, got \['toy/table_1.csv'\]"),
        ({"path": "../table_1.csv"}, "path must stay within data/"),
        ({"schema": None}, "schema must be an object with a list of fields"),
        ({"schema": "schema.json"}, "schema must be an object"),
        ({"counted": ["yaer"]}, "key or counted column 'yaer' is no field"),
        ({"counted": ["a"]}, "counted column 'a' holds numbers, which count anyway"),
        ({"rowUnits": ["m2"]}, "rowUnits must be a dict"),
        ({"head": 5}, "head must be a str, got 5"),
        ({"headNotation": "(sd)"}, "a head must be one number, not a range or a pair"),
        ({"headNotation": "sd"}, "headNotation: notation must be of"),
        ({"counted": 5}, "counted must be a list of names, got 5"),
        ({"dialect": {"delimiter": ";;"}}, "delimiter must be one character, got ';;'"),
        ({"dialect": {"quoteChar": "'"}}, "of a dialect only delimiter is read"),
    ],
)
def test_a_descriptor_that_could_lose_numbers_is_refused(desk, changes, message):
    desk.table(ROWS)
    change(desk, **changes)
    refused(desk, rf"data/datapackage.json, (resources\[0\] \(toy-1\)|data/toy.*)(: |, ){message}")


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ({"fields": [{"name": "year", "type": "number"}]}, "primaryKey must name the columns"),
        (
            {"fields": [{"name": "year", "type": "number"}], "primaryKey": "month"},
            "key or counted column 'month' is no field",
        ),
        ({"fields": [{"name": "year", "type": "nummber"}]}, "field year: type must be one of"),
        ({"fields": [{"name": "year"}]}, "field year: type must be one of number, .* got None"),
        ({"fields": [{"type": "number"}]}, "every field must have a name of its own"),
        (
            {"fields": [{"name": "year", "type": "number"}] * 2},
            "every field must have a name of its own",
        ),
        (
            {
                "fields": [{"name": "year", "type": "string", "notation": "range"}],
                "primaryKey": ["year"],
            },
            "key 'year' must be one number, not a range or a pair",
        ),
        (
            {
                "fields": [{"name": "year", "type": "number", "notation": "acounting"}],
                "primaryKey": ["year"],
            },
            "field year: notation must be of accounting, .* got 'acounting'",
        ),
        (
            {
                "fields": [{"name": "year", "type": "number", "groupChar": "."}],
                "primaryKey": ["year"],
            },
            "field year: groupChar and decimalChar must differ",
        ),
    ],
)
def test_a_schema_that_makes_no_sense_is_refused(desk, schema, message):
    desk.table([["1"]], fields=("year",), schema=schema)
    refused(desk, f"data/datapackage.json, .*{message}")


def test_a_key_may_be_named_without_a_list(desk):
    fields = [{"name": name, "type": "integer"} for name in ("year", "a")]
    desk.table([["1", "5"]], fields=("year", "a"), schema={"fields": fields, "primaryKey": "year"})
    assert desk.audit().table("1").index.names == ["year"]


def test_two_tables_have_two_ids_and_two_places_for_every_number(desk):
    desk.table(ROWS)
    add(desk, name="toy-2")
    refused(desk, r"resources\[1\] \(toy-2\): id '1' is that of data/toy/table_1.csv too")
    change_id = {"name": "toy-2", "id": "1 again"}
    desk.table(ROWS)
    add(desk, **change_id)
    refused(desk, "data/toy: two printed numbers have one place: Table 1, 1, a")
    desk.table(ROWS)
    add(desk, **change_id, exhibit="Table 1 again")
    assert len(Source("toy", desk.project).cells) == 6


@pytest.mark.parametrize("name", ["table_2.csv", "text.csv", "notes.csv"])
def test_a_file_that_is_described_and_not_there_is_refused(desk, name):
    desk.table(ROWS)
    add(desk, path=f"toy/{name}", id="2")
    refused(desk, rf"resources\[1\] \(toy-1\): there is no file data/toy/{name}")
    (desk.project.data / "toy" / name).mkdir()
    refused(desk, rf"resources\[1\] \(toy-1\): there is no file data/toy/{name}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"resources": [}', "line 1, column 16: no JSON: Expecting value"),
        ('{"resources": [],\n "sources": [,]}', "line 2, column 14: no JSON"),
        ("", "is empty"),
        ("[]", "must be an object"),
        ('{"sources": []}', "must have a list of resources"),
        ('{"resources": [5]}', r"resources\[0\]: must be an object, got 5"),
        ('{"resources": [], "resources": []}', "'resources' stands twice in one object"),
        ('{"resources": [{"id": "1", "id": "2"}]}', "'id' stands twice in one object"),
    ],
)
def test_a_package_that_cannot_be_read_is_refused(desk, text, message):
    package_of(desk).write_text(text, "utf8")
    refused(desk, f"data/datapackage.json(, |: ){message}")


def test_a_package_that_is_not_there_is_refused(desk):
    package_of(desk).unlink()
    refused(desk, "data/datapackage.json: cannot be read: No such file")


# Files that hold less than they seem to ----------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"year,a,b\n", "has a head, but no row"),
        (b"year,a,b\n1,2\n", "row 2, column b: ragged row of 2 for 3 columns"),
        (b"year,a,b\n1,2,3\n\n2,5,6\n", "row 3, column year: ragged row of 0"),
        (b"year,a,b\n1,2,3,4\n", "row 2, column after b: ragged row of 4"),
        (b'year,a,b\n1,2,"3\n2,5,6\n', "line 3: unexpected end of data"),
        (b'year,a,b\n1,2,"3"0\n', "line 2: ',' expected after '\"'"),
        (b"year,a,b\n1,2,3\n2,5,\xe96\n", "row 3: byte 0xe9 is not utf8"),
        ("year,a,b\n1,2,3\n".encode("utf-16"), "row 1: byte 0xff is not utf8"),
        (b"year;a;b\n1;2;3\n", 'row 1: ";" stands between the cells; declare it as "dialect"'),
        (b"year\ta\tb\n1\t2\t3\n", "row 1: .* stands between the cells; declare it"),
        (b"year|a|b\n1|2|3\n", r'row 1: "\|" stands between the cells'),
    ],
)
def test_a_table_that_is_not_whole_is_refused(desk, content, message):
    desk.table(ROWS)
    (desk.project.data / "toy" / "table_1.csv").write_bytes(content)
    refused(desk, f"data/toy/table_1.csv(, |: ){message}")


@pytest.mark.parametrize(
    ("content", "declared"),
    [
        ("\N{ZERO WIDTH NO-BREAK SPACE}year,a,b\n1,2,3\n", {}),
        ("year,a,b\n1,2,3\n\n", {}),
        ("year,a,b\r\n1,2,3\r\n\r\n  \r\n", {}),
        ("year;a;b\n1;2;3\n", {"dialect": {"delimiter": ";"}}),
        ("year;a;b\n1;2;3\n", {"dialect": {"csv": {"delimiter": ";"}}}),
        ("year\ta\tb\n1\t2\t3", {"dialect": {"delimiter": "\t"}}),
    ],
)
def test_what_other_programs_write_is_read(desk, content, declared):
    desk.table(ROWS)
    change(desk, **declared)
    (desk.project.data / "toy" / "table_1.csv").write_bytes(content.encode())
    assert desk.audit().table("1").to_numpy().tolist() == [[2.0, 3.0]]


def test_letters_stored_otherwise_are_read_as_declared(desk):
    schema = {
        "fields": [{"name": "city", "type": "string"}, {"name": "a", "type": "number"}],
        "primaryKey": ["city"],
    }
    desk.table([["Beijing", "5"]], fields=("city", "a"), schema=schema, encoding="latin-1")
    path = desk.project.data / "toy" / "table_1.csv"
    path.write_bytes("city,a\nÜrümqi,5\n".encode("latin-1"))
    assert desk.audit().table("1").index.tolist() == ["Ürümqi"]
    change(desk, encoding="latin-11")
    refused(desk, "data/toy/table_1.csv: there is no encoding 'latin-11'")


def test_text_and_notes_are_read_as_they_are_declared(desk):
    desk.table(ROWS)
    desk.text(["para 1", "x", "", "5"])
    path = desk.project.data / "toy" / "text.csv"
    path.write_text(path.read_text("utf8").replace(",", ";"), "utf8")
    refused(desk, 'data/toy/text.csv, row 1: ";" stands between the cells')
    names = ("exhibit", "item", "qualifier", "printed", "unit", "page")
    text = {
        "name": "toy-text",
        "path": "toy/text.csv",
        "source": "toy",
        "dialect": {"delimiter": ";"},
        "schema": {"fields": [{"name": name, "type": "string"} for name in names]},
    }
    described = json.loads(package_of(desk).read_text("utf8"))
    described["resources"].append(text)
    package_of(desk).write_text(json.dumps(described), "utf8")
    assert desk.audit().number("para 1", "x") == 5.0


def test_a_damaged_ledger_is_refused(tmp_path):
    path = tmp_path / "ledger.csv"
    path.write_text(f"{','.join(ledger.COLUMNS)}\ntoy,Table 1\n", "utf8")
    with pytest.raises(DataError, match=r"/ledger.csv, row 2, column row: ragged row of 2"):
        ledger.read(path)
    path.write_text("source,exhibit\n", "utf8")
    with pytest.raises(DataError, match=r"/ledger.csv, row 1: missing column row, column"):
        ledger.read(path)


# Other readers of the package --------------------------------------------------------------------


def test_a_package_of_every_notation_is_valid_for_frictionless(desk):
    """Words, where other readers' numbers cannot hold the form: better than a wrong number."""
    columns = {
        "accounting": "(370)",
        "currency": "EUR 5",
        "scientific": "1.2×10⁻⁵",
        "fraction": "3 1/2",
        "marks": "5a",
        "qualified": "<.001",
        "range": "0.5-0.7",
        "(sd)": "12.3 (4.5)",
        "plain": "\N{MINUS SIGN}3",
    }
    words = [
        {"name": f"c{k}", "type": "string", "notation": word} for k, word in enumerate(columns)
    ]
    fields = [
        {"name": "month", "type": "string"},
        {"name": "group", "type": "number", "groupChar": " "},
        {"name": "decimal", "type": "number", "groupChar": ".", "decimalChar": ","},
        {"name": "indian", "type": "number", "groupChar": ",", "notation": "indian"},
        *words,
    ]
    row = ["1 234", "1.234,5", "1,23,456", *columns.values()]
    desk.table(
        [["Jan", *row], ["Feb", *row], ["Jan", *row]],
        fields=[field["name"] for field in fields],
        schema={"fields": fields},
        keys=["month"],
        repeated=["Jan"],
    )
    report = Package(package_of(desk)).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])
    source = Source("toy", desk.project)
    assert len(source.cells) == 3 * (len(row) + 2)
    january = source.table("1").loc["Jan #2"]
    assert january.tolist() == [
        1234.0, 1234.5, 123456.0, -370.0, 5.0, 1.2e-5, 3.5, 5.0, 0.001, 0.5, 0.7, 12.3, 4.5, -3.0,
    ]  # fmt: skip
