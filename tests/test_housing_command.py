"""The command `housing`, from file to report: what it prints, writes, refuses and does not tell."""

from __future__ import annotations

import base64
import json
import re
import runpy
import shlex
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from tests.registers import CITY, POLICY, RICHER

from housing import report
from housing.command import main
from housing.policy import EXAMPLE, load_policy
from housing.register import assess, compare

DOCS = Path(__file__).parents[1] / "docs"
MADE_UP = runpy.run_path(str(DOCS / "made_up_city.py"))["city"]
CITY = CITY.head(600).assign(
    household=[f"H{row:05d}" for row in range(600)],
    district=["north"] * 300 + ["<south>"] * 298 + ["west"] * 2,
)


@pytest.fixture
def city(tmp_path, monkeypatch):
    """A folder with a register of 600 households, two of them wrong, and two policies."""
    monkeypatch.chdir(tmp_path)
    wrong = CITY.rename(columns={"size": "persons", "income": "yearly income"}).astype(object)
    wrong.loc[4, "persons"] = "none"
    wrong.loc[8, "yearly income"] = -1
    wrong.to_csv("city.csv", index=False)
    Path("today.toml").write_text(EXAMPLE, "utf-8")
    Path("reform.toml").write_text(
        EXAMPLE.replace("average_rent = 20.0", "average_rent = 24.0").replace(
            "burden_ratio = 0.20", "burden_ratio = 0.30"
        ),
        "utf-8",
    )
    return tmp_path


NAMES = ["--column", "persons=size", "--column", "yearly income=income", "--id", "household"]
BOTH = ["--policy", "today=today.toml", "--policy", "reform.toml", "--by", "district"]
SAID = ["--json", "--report", "report.html", "--problems", "wrong.csv"]


class Page(HTMLParser):
    """Demands that each tag that is opened is closed, and keeps where the page would look."""

    def __init__(self, page):
        super().__init__()
        self.open, self.sources = [], []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.sources += [value for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "img"):
            self.open.append(tag)
        if tag == "img":
            assert dict(attrs)["alt"]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_a_register_is_assessed_written_and_reported(city, capsys):
    status = main(
        ["assess", "city.csv", *NAMES, "--policy", "today.toml", "--out", "result", *SAID]
    )
    told, beside = capsys.readouterr()
    said = json.loads(told)
    assert status == 0
    assert (said["version"], said["rows"], said["invalid_rows"]) == (1, 600, "under 5")
    expected = assess(CITY.drop([4, 8]), load_policy()).summary
    assert said["totals"][0]["cost_per_month"] == pytest.approx(expected.cost_per_month, rel=1e-9)
    assert [line["class"] for line in said["by_class"]] == [*expected.by_class.index]
    assert said["problems"] == [
        {"column": "persons", "message": "must be a whole number from 1 on", "entries": None},
        {"column": "yearly income", "message": "must be a number from 0 on", "entries": None},
    ]
    assert beside == "housing: wrong.csv holds personal data\n"
    listed = pd.read_csv("wrong.csv")
    assert listed["row"].tolist() == [4, 8]
    assert (listed["personal data"] == "yes").all()
    assert json.loads(Path("result/_assessed.json").read_text("utf-8"))["finished"]
    page = Path("report.html").read_text("utf-8")
    assert all(source.startswith("data:image/svg+xml;base64,") for source in Page(page).sources)
    assert not re.search("H0[0-9]{4}", page + told)


def test_policies_are_compared_with_pictures(city, capsys):
    status = main(["compare", "city.csv", *NAMES, *BOTH, "--poverty-line", "9000", *SAID[:3]])
    said = json.loads(capsys.readouterr().out)
    assert status == 0
    expected = compare(
        CITY.drop([4, 8]),
        {"today": load_policy("today.toml"), "reform": load_policy("reform.toml")},
        by="district",
        poverty_line=9_000,
    )
    for name, table in report.Report(expected).tables.items():
        assert len(said[name]) == len(table)
    cost = {line["policy"]: line["cost_per_month"] for line in said["totals"]}
    assert cost == pytest.approx(expected.totals["cost_per_month"].to_dict(), rel=1e-9)
    lost = [line["reform"]["lost_per_month"] for line in said["changes_by_decile"]]
    np.testing.assert_allclose(
        np.array(lost, float), expected.changes_by_decile["reform", "lost_per_month"]
    )
    west = next(line for line in said["by_group"] if line["district"] == "west")
    assert west["all"]["households"] is None
    assert said["note"].startswith("Cells that one to four rows of the register")
    page = Path("report.html").read_text("utf-8")
    assert len(Page(page).sources) == 2
    assert "&lt;south&gt;" in page
    assert "<south>" not in page
    assert not re.search("H0[0-9]{4}", page)


def test_a_file_is_written_over_where_that_is_asked_for(city, capsys):
    Path("both.html").write_text("ours", "utf-8")
    asked = ["compare", "city.csv", *NAMES, *BOTH, "--report", "both.html"]
    assert main(asked) == 2
    assert capsys.readouterr().err == (
        "housing: --report: both.html is there; --overwrite replaces it\n"
    )
    assert Path("both.html").read_text("utf-8") == "ours"
    assert main([*asked, "--overwrite"]) == 0
    told = capsys.readouterr().out
    assert "Totals" in told
    # What the page shows need not be asked for.
    assert "By class, tenth and group" not in told
    asked = ["assess", "city.csv", *NAMES, "--out", "rows"]
    assert [main(asked), main([*asked, "--overwrite"])] == [0, 0]
    assert Path("both.html").read_text("utf-8").startswith("<!doctype html>")


def test_a_page_is_the_same_twice():
    policies = {"today": POLICY, "reform": RICHER}
    found = compare(CITY, policies)
    page = report.Report(found).page(title="city", policies=policies)
    assert report.Report(found).page(title="city", policies=policies) == page


def test_the_example_is_a_policy_and_a_check_tells_its_borders(city, capsys):
    assert main(["policy", "example"]) == 0
    example = capsys.readouterr().out
    assert example == EXAMPLE
    assert main(["policy", "check", "today.toml", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["valid"]
    assert {
        "border": "low",
        "income": 47000.0,
        "size": 3,
        "wish": "rent",
        "loss": 130.0,
        "without_loss_from": 47130.0,
    } in said["losses"]
    assert main(["policy", "check", "today.toml"]) == 0
    assert "47130" in capsys.readouterr().out


def test_a_wrong_policy_is_the_answer_of_a_check(city, capsys):
    Path("wrong.toml").write_text(EXAMPLE.replace("= 0.06", "= 6"), "utf-8")
    assert main(["policy", "check", "wrong.toml"]) == 1
    told, said = capsys.readouterr()
    assert told == ""
    assert said.startswith("housing: wrong.toml: annual_rate must be")
    assert said.count("\n") == 1
    assert main(["policy", "check", "wrong.toml", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["valid"] is False


def test_more_than_one_row_in_a_hundred_left_out_is_a_status_of_its_own(city, capsys):
    rows = pd.read_csv("city.csv", dtype=str)
    rows.loc[:9, "wish"] = "perhaps"
    rows.to_csv("city.csv", index=False)
    assert main(["assess", "city.csv", *NAMES]) == 1
    told, said = capsys.readouterr()
    assert "600 rows, of which 10 are left out" in told
    assert said.startswith("housing: 10 of 600 rows (1.7%) are left out of every total. wish must")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["assess", "none.csv"], "households: no register at none.csv"),
        (["assess", "city.csv"], "missing column size, income; there are persons"),
        (["assess", "city.csv", "--column", "persons"], "--column must be THEIRS=OURS"),
        (["assess", "city.csv", *NAMES, "--policy", "none.toml"], "none.toml: No such file"),
        (
            ["assess", "city.csv", *NAMES, "--resume"],
            "housing: --resume is for a folder: name it by --out",
        ),
        (
            ["assess", "city.csv", *NAMES, "--report", "no/a.html"],
            "--report: there is no folder no",
        ),
        (["compare", "city.csv", *NAMES, *BOTH[:2]], "--policy must be given twice or more"),
        (["compare", "city.csv", *NAMES, *BOTH[:2] * 2], "there are two of the name today"),
        (["compare", "city.csv", *NAMES, *BOTH, "--unit", "x"], "--unit must be 'household' or"),
        (
            ["compare", "city.csv", *NAMES, *BOTH, "--unit", "person"],
            "is measured with --poverty-line",
        ),
        (["assess", "semicolons.csv", *NAMES], "--delimiter semicolon reads them"),
        (["assess", "gbk.csv", *NAMES], "name its encoding, such as --encoding 'gb18030'"),
        (
            ["assess", "city.csv", *NAMES, "--out", "full"],
            "--overwrite removes them, --resume goes",
        ),
        (["policy", "check", "none.toml"], "none.toml: No such file"),
    ],
)
def test_what_is_not_done_is_said_in_one_line(city, capsys, asked, said):
    text = Path("city.csv").read_text("utf-8")
    Path("semicolons.csv").write_text(text.replace(",", ";"), "utf-8")
    Path("gbk.csv").write_text(text.replace("rent", "租"), "gbk")
    Path("full").mkdir()
    Path("full/_assessed.json").write_text("{}", "utf-8")
    assert main(asked) == 2
    told, error = capsys.readouterr()
    assert told == ""
    assert error.startswith("housing: ")
    assert said in error
    assert error.count("\n") == 1


def test_the_made_up_city_is_read_but_for_what_is_wrong_in_it():
    city = MADE_UP(13_000)
    assert city.equals(MADE_UP(13_000))
    columns = {
        "persons": "size",
        "yearly income": "income",
        "home m2": "owned_area",
        "price per m2": "owned_price",
        "wishes to": "wish",
    }
    found = assess(city, columns=columns, id="household no")
    counts = found.problems.counts.groupby("column").sum()
    assert counts.drop("price per m2", errors="ignore").to_dict() == {
        "household no": 66,  # one without, and 65 that stand there twice
        "home m2": 2,
        "persons": 3,
        "wishes to": 2,
        "yearly income": 5,
    }
    assert found.summary.recipients > 500


def test_the_lines_of_the_page_on_registers_do_what_it_says(tmp_path, monkeypatch, capsys):
    page = (DOCS / "registers.md").read_text("utf-8")
    lines = page.split("```bash\n")[1].split("```")[0].replace("\\\n", " ").splitlines()
    assert len(page.split("```bash\n")[1].split("```")[0].splitlines()) <= 20
    monkeypatch.chdir(tmp_path)
    said = []
    for line in lines:
        command, _, target = line.partition(" > ")
        words = shlex.split(command)
        if words[0] == "python":
            MADE_UP().to_csv(words[-1], index=False, encoding="utf-8-sig")
        elif words[0] == "sed":
            old, new = words[1].split("/")[1:3]
            assert old in EXAMPLE
            Path(target).write_text(Path(words[2]).read_text("utf-8").replace(old, new), "utf-8")
        else:
            assert words[0] == "housing"
            assert main(words[1:]) == 0
            said.append(capsys.readouterr().out)
            if target:
                Path(target).write_text(said[-1], "utf-8")
    assert {"result", "today.html", "reform.html"} <= {path.name for path in tmp_path.iterdir()}
    (told,) = re.findall(r"^Of the .*\n.*lowest class\.$", page, re.MULTILINE)
    numbers = re.findall(r"\d[\d,]*\d", told)
    assert len(numbers) == 11
    # How many stand there twice no command says: it says which rows are no household's first.
    assert numbers.pop(2) == str(MADE_UP()["household no"].duplicated().sum())
    assert set(numbers) <= set(re.findall(r"[\d,]+", "".join(said)))
    losers = re.findall(
        r"^(\d+) .* ([\d,]+) +[\d,]+ *$", said[-1].partition("decile ")[2], re.MULTILINE
    )
    assert [tenth for tenth, count in losers if count != "0"] == ["2", "3", "4"]
    assert re.search(r"^reform class +lowest +100 ", said[-1], re.MULTILINE)
    assert re.search(r"wish +rent +100 ", said[-1])


def test_a_cell_of_few_households_is_in_no_report_of_an_assessment():
    few = assess(CITY.head(30), POLICY)
    shown = report.Report(few)
    assert "tables" not in repr(shown)
    by_class = shown.tables["by_class"]
    rows = few.households["class"].value_counts()
    for name in rows.index[(rows > 0) & (rows < 5)]:
        assert by_class.loc[name].isna().all()
    assert rows.between(1, 4).any()
    assert shown.json()["note"].startswith("Cells that one to four rows of the register")


def test_a_total_of_few_households_is_in_no_report_either():
    """Three of nine get 410 a month each: that is kept in memory, and told to nobody."""
    some = pd.DataFrame({"size": 3, "income": [24_000] * 3 + [90_000] * 6, "owned_area": 0})
    some = some.assign(owned_price=0, wish="rent")
    few = assess(some, POLICY)
    assert (few.summary.recipients, few.summary.by_class.loc["lowest", "recipients"]) == (3, 3)
    shown = report.Report(few)
    totals = shown.tables["totals"].iloc[0]
    assert totals["households"] == 9
    assert totals.drop("households").dropna().to_dict() == {"poor_after": 0}
    assert "1230" not in shown.text().replace(",", "")
    found = compare(some, {"today": POLICY, "same": POLICY}, poverty_line=9_000)
    assert found.totals.isna().all(axis=None)
    assert found.poverty["poor"].isna().tolist() == [True, False, False]
    assert found.note


def test_what_is_no_result_is_named():
    with pytest.raises(ValueError, match="found must be what assess or compare returns, got None"):
        report.Report(None)


def test_a_page_says_what_is_compared_and_marks_what_differs(city):
    asked = ["compare", "city.csv", *NAMES, *BOTH, "--poverty-line", "9000", "--unit", "person"]
    assert main([*asked, "--report", "report.html", "--quiet"]) == 0
    rows = re.findall(r"<th>(.*?)</th>\s*<td>(.*?)</td>\s*<td>(.*?)</td>", _page())
    terms = {name: (one, other) for name, one, other in rows}
    assert terms["average rent"] == ("20", "24 *")
    assert terms["average price"] == ("6,000", "6,000")
    assert {"annual rate", "down payment", "years", "standard share"} <= {*terms}
    said = "the persons of households whose income a year, divided by the size to the power of 1,"
    assert f"{said} is below the line of 9,000" in _page()
    assert "Amounts are money per year" in _page()
    assert "–" in _page().split("By class: today")[1].split("</table>")[0]


@pytest.mark.parametrize("letters", [1, 8, 30])
def test_a_picture_has_room_for_the_names_and_for_its_bars(letters):
    classes = [replace(POLICY.classes[0], name="W" * letters), *POLICY.classes[1:]]
    ax = Figure(figsize=report.SIZE).subplots()
    table = assess(CITY, replace(POLICY, classes=classes)).summary.by_class
    report._cost_by_class(table, ax)
    room, names = ax.get_position(), [label.get_text() for label in ax.get_yticklabels()]
    # A letter of the widest kind takes 12 points, half of it for a narrow one.
    longest = max(map(report._width, names)) * 6.0 / (72 * report.SIZE[0])
    assert longest < room.x0 < longest + 0.05
    assert room.x1 <= 1.0
    assert 0.0 < room.y0 < 0.2 < 0.9 < room.y1 <= 1.0


def test_a_picture_has_its_words_as_text_of_any_letters():
    classes = [replace(POLICY.classes[0], name="最低收入" * 5), *POLICY.classes[1:]]
    policy = replace(POLICY, classes=classes)
    page = report.Report(assess(CITY, policy)).page(title="city", policies={"今": policy})
    (picture,) = re.findall(r"svg\+xml;base64,([^\"]*)", page)
    drawn = base64.b64decode(picture).decode()
    (name,) = re.findall(r"<text[^>]*>([最低收入…]+)</text>", drawn)
    assert name.endswith("…")
    assert "sans-serif" in drawn


def test_all_problems_are_written_with_where_they_stand_and_as_they_are(city):
    """In two files of other order, one with a line break in an entry and a blank line."""
    rows = pd.read_csv("city.csv", dtype=str)
    rows.loc[10, "district"] = "a\nb"
    rows["yearly income"] = "1,23"  # of 600 in a file, more than are listed elsewhere
    Path("city").mkdir()
    rows.to_csv("city/a.csv", index=False, sep=";")
    rows.loc[12, "wish"] = "Perhaps "
    text = (
        rows[rows.columns[::-1]]
        .assign(household="Z" + rows["household"])
        .to_csv(index=False, sep=";")
    )
    Path("city/b.csv").write_text(text.replace("\n", "\n\n", 1), "utf-8")
    asked = ["assess", "city", *NAMES, "--delimiter", "semicolon", "--problems", "wrong.csv"]
    assert main(asked) == 1
    listed = pd.read_csv("wrong.csv", dtype=str)
    assert len(listed) > 1_200
    assert set(listed.loc[listed["column"] == "yearly income", "value"]) == {"1,23"}
    wish = listed[listed["column"] == "wish"].iloc[0]
    assert wish[["row", "file", "id", "value"]].tolist() == ["612", "b.csv", "ZH00012", "Perhaps "]
    lines = Path("city/b.csv").read_text("utf-8").split("\n")
    assert "ZH00012" in lines[int(wish["line"]) - 1]


def _page() -> str:
    return Path("report.html").read_text("utf-8")
