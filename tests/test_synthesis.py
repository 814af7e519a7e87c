"""The synthesis: its inputs are what is printed, its shares add up, its ratios are computed."""

from __future__ import annotations

import ast
import re

import matplotlib.pyplot as plt
import nbformat
import pandas as pd
import pytest

from compendium import figures
from compendium.page.printed import Source
from compendium.project import Project
from compendium.verdict import ledger
from housing import mortgage
from rounding import NEAREST

PROJECT = Project()
SOURCES = ["world_bank", "shan", "guo_wang", "xuan", "yuan"]
NOTEBOOK = nbformat.read(PROJECT.notebooks / "6_synthesis.ipynb", as_version=4)
CELLS = {cell.id: cell.source for cell in NOTEBOOK.cells if cell.cell_type == "code"}
PROSE = "\n".join(cell.source for cell in NOTEBOOK.cells if cell.cell_type == "markdown")
INPUTS = pd.read_csv(
    PROJECT.data / "synthesis" / "inputs.csv", dtype=str, keep_default_na=False
).set_index(["source", "key"])
PLACES = {row.place: row for row in ledger.read(PROJECT.ledger)}


@pytest.fixture(scope="module")
def synthesis():
    """The names of the notebook after its cells have run, and the figures that it kept."""
    kept = {}
    space: dict[str, object] = {"kept": kept}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            figures, "keep", lambda fig, name, alt="": (kept.update({name: alt}), plt.close(fig))
        )
        patch.chdir(PROJECT.notebooks)
        for name, source in CELLS.items():
            exec(compile(source, name, "exec"), space)
    return space


# Inputs ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", SOURCES)
def test_an_input_that_a_source_prints_is_as_on_the_page(source):
    cells = Source(source).cells
    own = INPUTS.loc[source]
    for key, entry in own[own["kind"] == "printed"].iterrows():
        assert cells[entry["exhibit"], entry["row"], entry["column"]].printed == entry["value"], key


def test_a_recovered_input_is_the_one_that_the_audit_fitted():
    for (source, key), entry in INPUTS[INPUTS["kind"] == "recovered"].iterrows():
        row = PLACES[source, entry["exhibit"], entry["row"], entry["column"]]
        assert row.verdict == "recovered", key
        assert re.search(rf"= {re.escape(entry['value'])} \(", row.note), key


def test_an_assumed_input_is_of_no_source_that_prints_numbers_and_has_no_place():
    assumed = INPUTS[INPUTS["kind"] == "assumed"]
    assert set(assumed.index.get_level_values("source")) == {"yuan"}
    assert (assumed[["exhibit", "row", "column"]] == "").all(axis=None)
    assert set(INPUTS["kind"]) == {"printed", "recovered", "assumed"}


def test_every_input_says_what_and_where_and_when_and_money_says_which():
    assert not INPUTS.index.duplicated().any()
    assert (INPUTS[["says", "unit", "year"]] != "").all(axis=None)
    assert INPUTS["year"].str.fullmatch(r"\d{4}|not stated").all()
    money = INPUTS["unit"].str.contains(r"\bY\b|yuan|USD")
    assert ((INPUTS["currency"] != "") == money).all()
    dollars = INPUTS["unit"].str.contains("USD")
    assert (INPUTS.loc[dollars, "currency"] == "US dollar").all()
    assert (INPUTS.loc[money & ~dollars, "currency"] == "yuan").all()


def test_every_input_is_used(synthesis):
    names = dict(zip(SOURCES, ("wb", "shan", "gw", "xuan", "yuan"), strict=True))
    code = "\n".join(CELLS.values())
    made = {f"{part}_{key}" for part in ("area", "burden") for key in synthesis["CLASSES"].values()}
    made |= {f"sees_{name.replace(' ', '_')}" for name in synthesis["every_department"]}
    unused = [
        f"{names[source]} {key}"
        for source, key in INPUTS.index
        if f'{names[source]}["{key}"]' not in code and f'"{key}"' not in code and key not in made
    ]
    assert unused == []


def test_the_library_has_guo_and_wangs_table_as_the_inputs_do(synthesis):
    policy = synthesis["policy"].load_policy()
    for entry in policy.classes:
        key = synthesis["CLASSES"][entry.name]
        assert entry.areas[2] == synthesis["gw"][f"area_{key}"]
        assert 100 * entry.burden_ratio == pytest.approx(synthesis["gw"][f"burden_{key}"])


# Readings ----------------------------------------------------------------------------------------

CHANGES = [
    {},
    {"income": 20_000},
    {"income": 90_000, "area": 45.0},
]


@pytest.mark.parametrize(
    "change",
    [*CHANGES, {"name": "low"}, {"return_rate": 0.0}, {"share_leaking": 0.9}, {"low_rent": 30.0}],
)
def test_the_shares_of_a_rent_add_up(synthesis, change):
    parts = synthesis["renting"](**change)
    # Sums of four shares near one: a few units in the last place.
    assert parts.sum(axis=1).to_numpy() == pytest.approx(1.0, abs=1e-14)
    assert (parts[["household", "state or employer", "leaks"]] >= 0).all(axis=None)


@pytest.mark.parametrize(
    "change",
    [{}, {"income": 9_000.0}, {"area": 40.0}, {"loan": {"annual_rate": 0.0, "years": 20}}],
)
def test_the_shares_of_a_price_add_up(synthesis, change):
    parts = synthesis["buying"](**change)
    assert parts.sum(axis=1).to_numpy() == pytest.approx(1.0, abs=1e-14)


def test_the_readings_are_what_the_figure_shows(synthesis):
    rents, prices = synthesis["rents"], synthesis["prices"]
    cost = 1.10 / 0.88 * 3150 / 12 * (0.02 + 0.016 + 0.03)  # per m2 built
    assert synthesis["full"].total == pytest.approx(cost)
    household, state = rents["household"], rents["state or employer"]
    assert synthesis["to_let"] == pytest.approx(60 * cost / 0.75)
    assert household["Shan, as printed"] == pytest.approx(10.796 / cost)
    standard = "Guo and Wang: standard rent and subsidy"
    assert household[standard] + state[standard] == pytest.approx(0.9 * 20.54 / cost)
    assert 60 * cost * state[standard] == pytest.approx(
        60 * 0.9 * 20.54 - 0.30 * 43_110.57 / 12, rel=1e-9
    )
    phase_5 = "World Bank: wages make up for it"
    assert household[phase_5] == pytest.approx(1 - 103.5 / 160)
    assert prices.loc["Xuan: 557, the price found right", "household"] == 557 / 1279
    as_written = prices.loc["Xuan: residual income, as written", "household"] * 1279
    assert NEAREST.agrees(as_written, 232, 1)  # Table 5


def test_without_a_leak_the_model_of_yuan_is_shans_reading(synthesis):
    parts = synthesis["renting"](share_leaking=0.0)
    assert parts.loc["Yuan on Shan's rent (our model)"].to_numpy() == pytest.approx(
        parts.loc["Shan, as printed"].to_numpy()
    )


def test_the_sentences_are_one_click_from_the_first_cell():
    way = "#In-six-sentences,-with-their-numbers"
    assert f"({way})" in NOTEBOOK.cells[0].source
    assert way[1:].replace("-", " ") in [cell.source.lstrip("# ") for cell in NOTEBOOK.cells]


def test_a_rent_above_the_cost_is_a_surplus_and_leaks_nothing(synthesis):
    yuan, shan = "Yuan on Shan's rent (our model)", "Shan, as printed"
    cost = synthesis["full"].total
    for above in (0.999, 1.0, 1.5):
        parts = synthesis["renting"](low_rent=above * cost, share_leaking=0.5)
        assert parts.loc[yuan, "leaks"] == pytest.approx(0.5 * max(1 - above, 0))
        # The owner gets what household and state pay beyond the cost; at the cost there is no jump.
        rest = 1 - parts.loc[shan, ["household", "state or employer"]].sum()
        assert parts.loc[shan, "owner"] == pytest.approx(rest)
        assert parts.loc[yuan, "owner"] == pytest.approx(rest, abs=1e-3)
        assert rest < 0


@pytest.mark.parametrize(
    ("argument", "value", "allowed"),
    [
        ("area", 0, "from 1 to inf"),
        ("low_rent", -1, "from 0 to inf"),
        ("return_rate", -0.036, "from 0 to 1"),
        ("share_leaking", 1.5, "from 0 to 1"),
    ],
)
def test_an_input_of_the_what_if_that_is_none_is_refused_by_name(
    synthesis, argument, value, allowed
):
    with pytest.raises(ValueError, match=f"^{argument} must be {allowed}, got {value}$"):
        synthesis["renting"](**{argument: value})


def test_the_what_if_says_which_readings_leave_a_surplus(synthesis, capsys):
    cell = next(source for source in CELLS.values() if source.startswith("rented = renting"))
    for rent, surplus in (
        (1.0, []),
        (30.0, ["Shan, as printed", "Yuan on Shan's rent (our model)"]),
    ):
        space = {"income": 90_000, "area": 60, "class_name": "low", "return_rate": 0.03}
        exec(cell, synthesis | space | {"low_rent": rent, "share_leaking": 0.15})
        said = capsys.readouterr().out.partition("negative, a surplus of the owner: ")[2].strip()
        assert said.split("; ") == (surplus or [""])


def test_what_if_follows_rent_and_income(synthesis):
    base, dearer = synthesis["renting"](), synthesis["renting"](low_rent=2 * 10.796)
    shan = ("Shan, as printed", "household")
    assert dearer.loc[shan] == pytest.approx(2 * base.loc[shan])
    rich = synthesis["renting"](income=200_000)
    assert rich.loc["Guo and Wang: standard rent and subsidy", "state or employer"] == 0
    poor = synthesis["buying"](income=3 * 1299.0)
    assert poor.loc["Xuan: the same, mended", "household"] == 0


def test_the_area_that_is_assured_follows_the_household(synthesis):
    assured = synthesis["assured_area"]
    assert [assured("lower middle", persons) for persons in (1, 2, 3)] == [30, 40, 60]
    # A couple is assured less than three: the subsidy on its smaller flat is worth another share.
    row = ("Guo and Wang: standard price and subsidy", "state or employer")
    three, two = (synthesis["buying"](3_600.0, persons=persons).loc[row] for persons in (3, 2))
    standard, loan = 0.9 * 1279, mortgage.payment_factor(0.049, 30) / 1000
    for share, area in ((three, 60), (two, 40)):
        helped = 0.8 * area * standard * loan - 0.3 * 3_600 / 12
        assert share == pytest.approx(helped / loan / area / 1279)


def test_a_sale_of_flats_makes_the_rent_that_is_needed_higher(synthesis):
    needed = synthesis["sales"]["rent needed"]
    assert needed.is_monotonic_increasing


def test_the_banks_rents_are_charged_on_floor_to_let(synthesis):
    # Paragraph 5.27: "45 m2 of rentable space (or 60 m2 of construction space)".
    cells = Source("world_bank").exhibit("para 5.27")
    assert synthesis["WB_LET"] == float(cells["rentable"].printed)
    assert synthesis["wb"]["area"] == float(cells["constructed"].printed)
    burden = synthesis["ratios"].loc["five-point rent, low", "rent, % of income"]
    assert burden == pytest.approx(100 * 1.84 * 45 * 12 / 4500)


def test_every_proposed_price_lies_in_the_range_that_the_sentence_names(synthesis):
    share = synthesis["prices"]
    offered = share["household"] + share["state or employer"]
    assert offered.idxmax() == "Guo and Wang: standard price and subsidy"
    # One base: 90 percent of the price around the estate, as their rent is of the rent there.
    assert offered.max() == pytest.approx(0.9)
    xuan = offered[offered.index.str.startswith("Xuan")].drop("Xuan: as written, this estate's own")
    # Table 5 prints 232 for 232.2.
    assert xuan.min() >= (synthesis["printed_60"] - 0.5) / 1279
    assert xuan.max() == pytest.approx(557 / 1279)


def test_printed_and_mended_are_those_of_the_ledger(synthesis):
    def ours(*place):
        return float(PLACES[place].recomputed)

    rent = synthesis["break_even_rent"]
    assert NEAREST.agrees(rent(synthesis["implied_sold"]), 10.796, 0.001)
    assert rent(synthesis["stated_sold"]) > synthesis["bearable"] > rent(0.0)
    slope = synthesis["estate"](synthesis["stated_sold"]).present_value(7, 10).slopes[0]
    # The ledger has ten significant digits.
    assert slope == pytest.approx(ours("shan", "Objective function", "v3_slope", ""), rel=1e-9)
    assert synthesis["compensated"].sum() == pytest.approx(
        ours("world_bank", "Annex 1 para 3", "wage_adjustments", "")
    )
    assert synthesis["net_benefit"](557.0).max() == pytest.approx(
        ours("xuan", "Abstract", "net_benefit", ""), rel=1e-9
    )
    assert (synthesis["break_even_price"]("cost", synthesis["years_sold"]) > 557).all()
    printed = Source("world_bank").table("3.2").loc["grand total", "per_m2"]
    assert NEAREST.agrees(synthesis["total"] / synthesis["every_floor"], printed, 0.01)


def test_the_modification_lies_between_its_ends_whatever_the_distances(synthesis):
    factor = synthesis["interpolation"].modification_factor
    low, high = synthesis["ends"]
    for distances in ([0.1, 9.0], [9.0, 0.1], [1.0, 1.0]):
        assert low <= factor(synthesis["own_market"], synthesis["others"], distances) <= high


# Contradictions ----------------------------------------------------------------------------------


def test_no_answer_of_the_contradictions_is_typed():
    tree = ast.parse(CELLS["contradictions-table"])
    rows = next(
        node.value.elts
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "QUESTIONS"
    )
    assert len(rows) >= 7
    for row in rows:
        for answer in row.elts[1:3]:
            assert any(isinstance(part, ast.Name) for part in ast.walk(answer.elts[1]))


def test_the_ratios_of_the_contradictions_are_of_their_answers(synthesis):
    table = synthesis["contradictions"]
    assert (table["ratio"] == table["b"] / table["a"]).all()
    # Answers that are the same percentage contradict nobody: each must be another to its reader.
    assert ((table["ratio"] - 1.0).abs() > 0.005).all()
    ratios = table.set_index("question")["ratio"]
    assert ratios.iloc[0] == pytest.approx(21.65625 / 10.796)


# The ledger as data ------------------------------------------------------------------------------


def test_the_counts_are_those_of_the_ledger(synthesis):
    rows = [row for row in PLACES.values() if row.source in SOURCES]
    counts = ledger.count(rows)
    assert synthesis["by_kind"].to_numpy().sum() == sum(own["numbers"] for own in counts.values())
    for source, own in counts.items():
        of_source = synthesis["by_kind"].loc[source].sum()
        assert {name: own[name] for name in ledger.VERDICTS} == of_source.to_dict()
        errata = (synthesis["errata"].index.get_level_values("source") == source).sum()
        assert errata == own["erratum"]
    assert synthesis["sizes"]["all"] == sum(row.verdict != "given" for row in rows)
    assert synthesis["by_cause"]["all"].sum() == len(synthesis["errata"])


@pytest.mark.parametrize(
    ("exhibit", "kind"),
    [
        ("Table 5.4", "tables"),
        ("Annex 1 Table", "tables"),
        ("Annex 2 Table 5", "tables"),
        ("Table 2.1 notes", "notes"),
        ("Annex 1 Table notes", "notes"),
        ("Footnote 8", "notes"),
        ("Box 5.1", "boxes and figures"),
        ("Equations", "equations"),
        ("para 5.17", "text"),
    ],
)
def test_an_exhibit_is_of_one_kind(synthesis, exhibit, kind):
    assert synthesis["kind_of"](exhibit) == kind


def test_errata_that_touch_a_conclusion_are_not_slips_of_a_clerk(synthesis):
    errata = synthesis["errata"]
    touching = errata.loc[errata["touches"] != "", "cause"]
    # A percentage of the wrong base is an error of thought.
    assert set(touching) == {"statement", "unknown", "base"}


def test_what_the_sentences_about_rents_and_prices_rest_on(synthesis):
    assert synthesis["YUAN_PER_DOLLAR"] == pytest.approx(6.3593, abs=1e-4)
    rent = synthesis["break_even_rent"]
    assert rent(synthesis["implied_sold"], commercial=0.0) > synthesis["bearable"]
    # Without fee, tax and return the building costs what wear and upkeep are: 3.6 percent a year.
    assert synthesis["wear"] == pytest.approx(0.036 * 3150 / 12)
    assert synthesis["wear"] < 10.796 < synthesis["at_nothing"].total
    shan, xuan = synthesis["YUAN_A_YEAR"], synthesis["xuan_in_yuan"]
    assert shan / xuan == pytest.approx(43_110.57 / (3 * 1811 * 6.35924), rel=1e-5)
    building = synthesis["building"]
    assert building["city"] > 0.5 > building["estate"]
    # The rate of what comes out, without repetitions.
    assert synthesis["reached"] / synthesis["own_work"] == pytest.approx(
        synthesis["right"][~synthesis["copied"]].mean()
    )


def sentences():
    """What the notebook says in words: its markdown, and the fixed parts of sentences in code."""
    for cell in NOTEBOOK.cells:
        if cell.cell_type == "markdown":
            yield cell.id, cell.source
            continue
        for call in ast.walk(ast.parse(cell.source)):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "Markdown":
                told = (part for part in ast.walk(call) if isinstance(part, ast.JoinedStr))
                fixed = (part for one in told for part in ast.iter_child_nodes(one))
                words = (part.value for part in fixed if isinstance(part, ast.Constant))
                yield cell.id, " # ".join(words)


#: What is no result: years and tenths of incomes, paragraphs, what the formula of the rent says.
STATED = {"1988", "1991", "2011", "2013", "2014", "2016", "2020", "5.27", "3.2", "3.68", "1", "100"}
STATED |= {"1.10", "0.12", "12", "0.02", "0.8", "10", "464", "360"}


def test_no_sentence_has_a_result_typed_in():
    inputs = {
        value.strip("%").replace(",", "").rstrip("0").rstrip(".") for value in INPUTS["value"]
    }
    for name, text in sentences():
        if name in ("exercises", "rates-meaning") or name.startswith("city"):
            continue
        plain = re.sub(r"\$[^$]*\$|`[^`]*`|\]\([^)]*\)|^#.*$|^\d\. ", "", text, flags=re.M)
        for digits in re.findall(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?", plain):
            number = digits.replace(",", "")
            bare = number.rstrip("0").rstrip(".") if "." in number or number in inputs else number
            assert {number, bare, number.rstrip("0")} & (inputs | STATED), (name, digits)


# Your city ---------------------------------------------------------------------------------------


def test_what_is_made_up_says_so():
    for path in (PROJECT.data / "examples").glob("*.csv"):
        assert (pd.read_csv(path)["origin"] == "made up").all()


PAGE = "\n".join(CELLS[name] for name in ("city-read", "city-households", "city-figure"))


@pytest.fixture
def page(tmp_path, monkeypatch, capsys):
    """Run the page of code alone, as pasted into a folder with a reader's own two files."""
    files = {path.name: pd.read_csv(path) for path in (PROJECT.data / "examples").glob("*.csv")}
    monkeypatch.chdir(tmp_path)
    here = PAGE.replace('Path("../data/examples")', "Path()")
    assert here != PAGE

    def run(**changes):
        for name, file in files.items():
            change = changes.get(name.removesuffix(".csv"), lambda rows: rows)
            change(file.drop(columns="origin")).to_csv(name, index=False)
        space: dict[str, object] = {}
        exec(compile(here, "page", "exec"), space)
        plt.close(space["draw_city"]())
        return space, capsys.readouterr().out

    return run


def test_the_page_of_code_stands_alone(synthesis, page):
    space, said = page(my_city=lambda rows: rows.assign(weight=2 * rows["weight"]))
    assert "left out" not in said
    assert "compendium" not in PAGE
    cost = space["bill"].summary.cost_per_month
    assert cost == pytest.approx(2 * synthesis["bill"].summary.cost_per_month)


def test_the_page_of_code_takes_estates_anywhere(synthesis, page):
    space, _ = page(
        my_city_estates=lambda rows: rows.assign(x_km=rows["x_km"] + 500, y_km=rows["y_km"] - 90)
    )
    assert space["estates"]["price"].to_numpy() == pytest.approx(
        synthesis["estates"]["price"].to_numpy()
    )
    where = space["draw_city"]().axes[0]
    assert where.get_xlim()[0] < 500 + synthesis["estates"]["x_km"].min()
    plt.close("all")


@pytest.mark.parametrize(
    ("column", "entry"),
    [("income", "abc"), ("income", ""), ("income", "-1"), ("size", "0"), ("wish", "own")],
)
def test_the_page_of_code_lists_a_wrong_household_and_works_on(page, column, entry):
    def spoil(rows):
        rows = rows.astype(str)
        rows.loc[4, column] = entry
        return rows

    with pytest.warns(UserWarning, match=rf"1 of 8 rows \(12.5%\) are left out .*{column} must be"):
        space, said = page(my_city=spoil)
    assert re.search(rf"households, left out: row 4, {column}", said)
    assert len(space["groups"]) == 7
    assert space["groups"]["price, years"].notna().all()


@pytest.mark.parametrize(
    ("column", "entry"),
    [
        ("market_price", "n.v."),
        ("market_price", "-1"),
        ("building_cost", ""),
        ("building_cost", "-5"),
        ("x_km", ""),
        ("y_km", "north"),
    ],
)
def test_the_page_of_code_lists_a_wrong_estate_and_works_on(page, column, entry):
    def spoil(rows):
        rows = rows.astype({column: "object"})
        rows.loc[2, column] = entry
        return rows

    space, said = page(my_city_estates=spoil)
    assert f"estates, left out: row 2, {column}" in said
    assert len(space["estates"]) == 9


def test_the_page_of_code_says_where_no_estate_is_public(page):
    _, said = page(my_city_estates=lambda rows: rows.assign(kind="market"))
    assert "no estate is of the kind 'public'" in said


def test_a_price_that_is_blank_is_found_and_the_others_are_kept(synthesis):
    estates = synthesis["estates"]
    assert estates["price"].notna().all()
    sold = estates["market_price"].notna()
    assert (estates.loc[sold, "price"] == estates.loc[sold, "market_price"]).all()
    assert (
        estates.loc[~sold, "price"]
        .between(estates["market_price"].min(), estates["market_price"].max())
        .all()
    )


def test_the_words_for_the_figure_have_its_bars(synthesis):
    words = synthesis["kept"]["synthesis_who_pays"]
    for table in (synthesis["rents"], synthesis["prices"]):
        assert all(f"({name})" in words for name in table.index)
    assert "51 (Guo and Wang: standard price and subsidy); the state pays 39 by" in words


def test_every_figure_is_named_for_the_synthesis(synthesis):
    assert set(synthesis["kept"]) == {path.stem for path in PROJECT.figures.glob("synthesis_*.svg")}
