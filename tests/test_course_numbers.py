"""What is typed into slides, boards and discussions of h4, h5 and h6 is what is computed."""

import re

import numpy as np
import pandas as pd

from compendium.course.sessions import read_syllabus
from compendium.project import Project
from compendium.verdict import conclusions
from housing import conversion, interpolation, maintenance, oversight, reform, rent

PROJECT = Project()
SYLLABUS = read_syllabus(PROJECT)
SESSIONS = {own.name: own for course in SYLLABUS.courses for own in course.session}


def missing(name, *wanted):
    """Return what a session says neither on its slides nor on the board nor in discussion."""
    own = SESSIONS[name]
    sides = (text for one in own.discuss for text in one.values())
    said = re.sub(r"\s+", " ", " ".join([SYLLABUS.slides[name], own.board, *sides]))
    return [words for words in wanted if words not in said]


def test_rents_of_a_slide_are_those_of_the_formula():
    low, high, dear, bank = (
        rent.standard_rent(*given) for given in ((200, 0.03), (400, 0.10), (600, 0.03), (600, 0.10))
    )
    points = [f"{point:.2f}" for point in low[:5]]
    # Fee and tax are 1.10/0.88 of the three charges, so of the return too.
    with_its_own = high.investment_return * 1.10 / 0.88
    rest = high.total - with_its_own
    up_to = {y: 100 * 32.85 * (12 * y - 0.80) / 2190 for y in (rest, high.total)}
    assert not missing(
        "h4",
        f"{' + '.join(points)} = Y {sum(map(float, points)):.2f}",
        f"from {low.total:.2f} to {dear.total:.2f}",
        f"from {dear.total:.2f} to {bank.total:.2f}",
        f"the first has {low.total:.2f}",
        f"Y {high.investment_return:.2f} of a rent of Y {high.total:.2f}",
        f"Y {with_its_own:.2f}, or {100 * with_its_own / high.total:.0f} percent",
        f"Y {rest:.2f}, {100 * rest / high.total:.0f} percent of that rent",
        f"{up_to[rest]:.0f} percent to follow it, in place of {up_to[high.total]:.0f}",
    )


def test_who_gains_on_board_and_slides_is_who_gains_by_the_model():
    households = np.array([[0.20, 0.05, 0.05], [0.15, 0.20, 0.05], [0.05, 0.10, 0.15]])
    wages, spaces, dearer = np.array([1500, 2100, 3000]), np.array([16, 32, 61]), 41.20
    by_part, by_sum = (
        reform.gains(wages, spaces, dearer, **policy)
        for policy in (
            {"wage_rise": reform.neutral_wage_rise(households, wages, spaces, dearer)},
            {"allowance": reform.neutral_allowance(households, wages, spaces, dearer)},
        )
    )
    assert households[by_part > 0].sum() == 0.50
    changed = (by_part < 0) & (by_sum > 0)
    assert np.argwhere(changed).tolist() == [[0, 1], [1, 1]]
    assert np.isclose(households[changed].sum(), 0.25)
    assert not ((by_part > 0) & (by_sum < 0)).any()
    moved = [(households * gain.clip(0)).sum() for gain in (by_part, by_sum)]
    assert not missing(
        "h4",
        f"Y 2,100 with 32 m² now loses Y {-by_part[1, 1]:.0f}",
        f"a gain of Y {by_sum[0, 1]:.0f}",
        f"moves Y {moved[0]:.0f} a household from losers to winners, one sum for all "
        f"Y {moved[1]:.0f}",
        f"lose Y {-by_part[0, 2]:,.0f} by the percentage, {-by_part[0, 2] / 15:.0f} percent",
        f"Y {-by_sum[0, 2]:,.0f} by the sum, {-by_sum[0, 2] / 15:.0f} percent",
    )


def test_funds_of_a_slide_last_as_long_as_it_says():
    table = pd.read_csv(PROJECT.data / "world_bank" / "table_4_1.csv")
    due = table["total"].iloc[:30].astype(float).replace(6.4, 5.4).to_numpy()
    terms = {"interest": 0.10, "when": "middle"}
    deposits = np.array([0, 40, 50, 80, 54.9]) / 650
    income = maintenance.rent_income(np.array([0.55, 0, 0, 0, 0])) / 650
    one, two, three, four, five = 100 * maintenance.left_after(
        due / 100, deposit=deposits, income=income, **terms
    )
    assert maintenance.exhausted_in(due / 100, deposit=40 / 650, **terms) == 21
    assert two < 0
    dearer = maintenance.exhausted_in(due / 100, deposit=80 / 650, price_growth=0.04, **terms)
    assert not missing(
        "h4",
        f"{due[:5].sum():.1f} percent of it in the first five",
        f"{due[20:].sum():.1f} of {due.sum():.1f} in the last ten",
        f"fund 1 has {one:.1f} percent left",
        f"3 has {three:.1f}, 4 has {four:.0f}, and 5, a deposit of Y 54.9, has {five:.1f}",
        f"in the {dearer:.0f}th year",
    )


def test_prices_by_neighbours_of_a_slide_and_the_board_are_the_formula_s():
    own = interpolation.modification_factor(900, [1000, 1500], [1, 2])
    board = [
        interpolation.modification_factor(price, [1200, 900, 600], [1, 2, 2])
        for price in (1000, 1100)
    ]
    errors = pd.read_csv(PROJECT.data / "evidence" / "xuan_cross_validation.csv")
    square = errors.query("method == 'idw' and power == 2").set_index("neighbors")["leave_one_out"]
    rivals = errors.query("method != 'idw'").set_index("method")["leave_one_out"]
    assert not missing(
        "h5",
        f"$\\delta$ = 0.8 · 100 + 0.2 · 600 = {own:.0f}",
        f"At 1,000 it is {board[0]:.0f}, at 1,100 it is {board[1]:.0f}",
        f"the inverse square errs by {square[12]:.1f}, "
        f"kriging at its best by {rivals[rivals.index.str.startswith('kriging')].min():.1f}",
        f"as many as the article uses, by {square[4]:.1f}",
        f"the nearest sale alone by {rivals['nearest']:.1f}, the mean of all by "
        f"{rivals['mean']:.1f}",
    )


def test_a_sale_of_a_slide_brings_what_the_three_accounts_say():
    years = np.arange(5, 11)
    home = {"area": 120, "price_year": 5, "rent_years": years + 1}
    even, left = {}, {}
    for way in ("cost", "credited", "benefit"):
        for rate in (0.0, 0.049):
            terms = {**home, "rent_is": way, "discount_rate": rate}
            even[way, rate] = conversion.break_even_price(years, 2264.42, 56_862, **terms)
            left[way, rate] = conversion.cost_benefit(464, years, 2264.42, 56_862, **terms).net
            assert (even[way, rate] > 174).all()
    at_557 = conversion.cost_benefit(557, years, 2264.42, 56_862, **home, rent_is="cost").net
    assert (left["cost", 0.0] < 0).all()
    assert (left["benefit", 0.0] > 0).all()
    assert (left["credited", 0.0] > 0).tolist() == [False] + 5 * [True]
    assert (left["benefit", 0.049] > 0).tolist() == [False] + 5 * [True]
    assert max(left["cost", 0.049].max(), left["credited", 0.049].max()) < 0
    after_five = {way: f"{even[way, 0.0][0]:.0f}" for way in ("cost", "credited", "benefit")}
    assert not missing(
        "h5",
        f"from {even['cost', 0.0][0]:.0f} for a sale after five years to "
        f"{even['cost', 0.0][-1]:.0f} after ten",
        f"by {-at_557[-1]:.0f} dollars for the whole home, after five by {-at_557[0]:,.0f}",
        f"it is {-left['credited', 0.0][0]:,.0f} dollars short for a sale after five years",
        f"with {left['benefit', 0.0][0]:,.0f} dollars to spare after five",
        f"it is {-left['benefit', 0.049][0]:.0f} short",
        f"is {after_five['cost']} with rents and deposit below, {after_five['credited']} without "
        f"them, and {after_five['benefit']} with the rents above",
        f"counts a dollar of year ten as {100 / 1.049**10:.0f} cents",
    )


def test_shares_that_do_not_qualify_are_the_model_s_on_slides_board_and_in_discussion():
    moves = {"rise_rate": 0.05, "return_rate": 0.08}
    seen = [oversight.visible_share([0.30, 0.25, 0.30, 0.40][:many]) for many in (1, 2, 3, 4)]
    floors = [100 * oversight.inclusion_error_floor(**moves, visible=part) for part in seen]

    def left(part, every, **more):
        """Share left by audits, in percent."""
        checked = {"audit_interval": every, "detection": 0.9, "visible": part}
        return 100 * oversight.inclusion_error(**moves, **checked, **more)

    own, three, four = (left(seen[at], 1) for at in (0, 2, 3))
    assert round(three - four) == 6
    assert not missing(
        "h6",
        f"no audits leave 0.05/0.13, {100 * 0.05 / 0.13:.0f} percent",
        f"0.035/0.115, {floors[0]:.0f} percent",
        f"every year, leaves {own:.1f} percent; all four, every ten years, "
        f"{left(seen[3], 10):.1f}, and every year {four:.1f}",
        "the floors, {:.1f}, {:.1f}, {:.1f} and {:.1f}".format(*floors),
        f"from {left(seen[3], 2):.1f} to {left(seen[3], 2, transition=1):.1f}",
        f"{three:.0f} flats in a hundred",
        f"with the banks' data it is {four:.0f}, by the housing department alone {own:.0f}",
        f"and {100 - four:.0f} of them qualify",
        f"{100 * (1 - np.exp(-2 * 0.08)):.0f} in a hundred within two years",
    )


def test_what_the_flat_costs_in_discussion_is_the_cost_rent_on_shan_s_income():
    a_month = 43_110.57 / 12
    asked = rent.standard_rent(3_150, 0.03, usable_share=1).total
    assert not missing(
        "h6",
        f"The World Bank's, {asked:.2f} yuan",
        f"{60 * asked - 0.2 * a_month:.0f} yuan a month would keep",
        f"{60 * asked:,.0f} yuan a month, {100 * 60 * asked / a_month:.0f} percent of its income",
        f"{100 * (asked / 20.54 - 1):.0f} percent more than on the market",
        f"{60 * 10.796:.0f} yuan, {100 * 60 * 10.796 / a_month:.0f} percent",
    )


def test_errata_and_conclusions_of_the_last_slide_are_those_on_file():
    five = ["world_bank", "shan", "guo_wang", "xuan", "yuan"]
    notes = [
        pd.read_csv(place, dtype=str, keep_default_na=False).query("kind == 'erratum'")
        for slug in five
        if (place := PROJECT.data / slug / "notes.csv").exists()
    ]
    touching = [own.loc[own["touches"] != "", "touches"] for own in notes]
    falling = [
        row
        for row in conclusions.read(PROJECT.conclusions)
        if row.source in five and row.verdict == "falls"
    ]
    by_digits = len(falling) - sum(own.nunique() for own in touching)
    assert not missing(
        "h6",
        f"of {sum(map(len, notes))} errata {sum(map(len, touching))} touch a conclusion",
        f"of the {len(falling)} conclusions that fall {by_digits} stand on right digits",
    )
