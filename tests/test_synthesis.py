"""The synthesis: its inputs are what is printed, its shares add up, its ratios are computed."""

from __future__ import annotations

import ast
import re
import shutil

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pandas as pd
import pytest

from compendium import figures, ledger
from compendium.printed import Source
from compendium.project import Project
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
            figures, "keep", lambda fig, name, alt: (kept.update({name: alt}), plt.close(fig))
        )
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


@pytest.mark.parametrize("change", [*CHANGES, {"name": "low"}, {"return_rate": 0.0}, {"leak": 0.9}])
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
    cost = 1.10 / 0.88 * 3150 / (12 * 0.75) * (0.02 + 0.016 + 0.03)
    assert synthesis["full"].total == pytest.approx(cost)
    household, state = rents["household"], rents["state or employer"]
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
    parts = synthesis["renting"](leak=0.0)
    assert parts.loc["Yuan on Shan's rent (our model)"].to_numpy() == pytest.approx(
        parts.loc["Shan, as printed"].to_numpy()
    )


def test_what_if_follows_rent_and_income(synthesis):
    base, dearer = synthesis["renting"](), synthesis["renting"](low_rent=2 * 10.796)
    shan = ("Shan, as printed", "household")
    assert dearer.loc[shan] == pytest.approx(2 * base.loc[shan])
    rich = synthesis["renting"](income=200_000)
    assert rich.loc["Guo and Wang: standard rent and subsidy", "state or employer"] == 0
    poor = synthesis["buying"](income=3 * 1299.0)
    assert poor.loc["Xuan: the same, mended", "household"] == 0


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
    tree = ast.parse(CELLS["contradictions"])
    rows = next(
        node.value.elts
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "QUESTIONS"
    )
    assert len(rows) >= 8
    for row in rows:
        for answer in (row.elts[2], row.elts[4]):
            assert any(isinstance(part, ast.Name) for part in ast.walk(answer))


def test_the_ratios_of_the_contradictions_are_of_their_answers(synthesis):
    table = synthesis["contradictions"]
    assert (table["ratio"] == table["b"] / table["a"]).all()
    assert not np.isclose(table["ratio"], 1.0, rtol=0.005).any()
    ratios = table.set_index("question")["ratio"]
    assert ratios.iloc[0] == pytest.approx(28.875 / 10.796)
    loans = ratios["What does 1,000 borrowed cost a month?"]
    assert loans == pytest.approx(13.21507 / 5.30727, rel=1e-5)


# The ledger as data ------------------------------------------------------------------------------


def test_the_counts_are_those_of_the_ledger(synthesis):
    assert synthesis["by_kind"].to_numpy().sum() == len(PLACES)
    counts = ledger.count(list(PLACES.values()))
    for source, own in counts.items():
        of_source = synthesis["by_kind"].loc[source].sum()
        assert {name: own[name] for name in ledger.VERDICTS} == of_source.to_dict()
        errata = (synthesis["errata"].index.get_level_values("source") == source).sum()
        assert errata == own["erratum"]
    assert synthesis["sizes"]["all"] == sum(row.verdict != "given" for row in PLACES.values())
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
    assert set(touching) == {"statement", "unknown"}
    assert (touching == "unknown").sum() == 3


@pytest.mark.parametrize(
    ("said", "computed", "step"),
    [
        ("the builder needs 12.05", lambda s: s["break_even_rent"](s["stated_sold"]), 0.01),
        ("the tenants bear 11.98", lambda s: s["bearable"], 0.01),
        ("is true is 598 (any year)", lambda s: s["break_even_price"]("cost").max(), 1),
        ("558.3 (after ten)", lambda s: s["break_even_price"]("cost").min(), 0.1),
        ("Y 8,387 a m²", lambda s: s["total"] / s["for_sale"], 1),
        ("every border up to 44,000 yuan", lambda s: s["turning"]["lowest / low"], 1000),
        (
            "pays 37 percent of the cost",
            lambda s: s["summary"]()["Shan's tenant, % of cost"],
            1,
        ),
        (
            "or 69 if the building",
            lambda s: s["summary"](return_rate=0.0)["Shan's tenant, % of cost"],
            1,
        ),
        ("5.4 percent is what Shan's loans cost", lambda s: 100 * s["RETURNS"][2], 0.1),
    ],
)
def test_a_number_in_the_prose_is_the_computed_one(synthesis, said, computed, step):
    assert said in PROSE
    digits = re.search(r"\d[\d,]*(\.\d+)?", said)[0]
    assert NEAREST.agrees(computed(synthesis), float(digits.replace(",", "")), step)


# Your city ---------------------------------------------------------------------------------------


def test_what_is_made_up_says_so():
    for path in (PROJECT.data / "examples").glob("*.csv"):
        assert (pd.read_csv(path)["origin"] == "made up").all()


def test_the_page_of_code_runs_on_another_readers_files(synthesis, tmp_path):
    for path in (PROJECT.data / "examples").glob("*.csv"):
        shutil.copy(path, tmp_path)
    mine = pd.read_csv(tmp_path / "my_city.csv").assign(weight=lambda rows: 2 * rows["weight"])
    mine.drop(columns="origin").to_csv(tmp_path / "my_city.csv", index=False)
    space = dict(synthesis)
    source = CELLS["city-read"].replace('DATA / "examples"', "OTHER")
    assert source != CELLS["city-read"]
    exec(compile(source, "city-read", "exec"), space | {"OTHER": tmp_path}, space)
    bill = space["bill"].summary
    assert bill.cost_per_month == pytest.approx(2 * synthesis["bill"].summary.cost_per_month)
    assert bill.invalid_rows == 0


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


def test_every_figure_is_named_for_the_synthesis(synthesis):
    assert set(synthesis["kept"]) == {path.stem for path in PROJECT.figures.glob("synthesis_*.svg")}
