"""Land use: the report's table, a drawing counted square by square, the sun, and the limits."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from housing import land
from housing.land import HECTARE, Estate, row_house_estate, sunlight_spacing, walk_up_estate
from rounding import NEAREST

reproducible = settings(deadline=None, derandomize=True)

#: World Bank (1991), Table 3.1, alternatives 1 and 2.
ROW_HOUSES = {
    "width": 5.0,
    "depth": np.array([12.0, 14.0]),
    "floors": np.array([3.0, 4.0]),
    "front_setback": 2.0,
    "back_setback": 6.0,
    "plots_per_row": 30.0,
    "rows": 2.0,
    "primary_street": 16.0,
    "secondary_street": 8.0,
    "dwellings_per_plot": np.array([4.0, 5.0]),
    "persons_per_dwelling": 3.0,
    "facilities_per_person": 2.5,
}
ONE = {name: float(np.ravel(value)[0]) for name, value in ROW_HOUSES.items()}
SLABS = {
    "length": 50.0,
    "depth": 10.0,
    "floors": 6.0,
    "spacing": 30.0,
    "end_gap": 10.0,
    "slabs_per_row": 3.0,
    "rows": 4.0,
    "primary_street": 20.0,
    "secondary_street": 10.0,
    "dwellings_per_slab": 54.0,
    "persons_per_dwelling": 3.0,
    "facilities_per_person": 2.5,
}
PATTERNS = {row_house_estate: ONE, walk_up_estate: SLABS}


# The report --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "step", "printed"),
    [
        ("plot_area", 1, [100, 110]),
        ("plot_floor_area", 1, [180, 280]),
        ("plot_ratio", 0.01, [1.80, 2.55]),
        ("block_length", 1, [166, 166]),
        ("block_width", 1, [48, 52]),
        ("private_area", 1, [6000, 6600]),
        ("garden_area", 1, [2400, 2400]),
        ("street_area", 1, [1968, 2032]),
        ("block_area", 1, [7968, 8632]),
        ("block_ratio", 0.01, [1.36, 1.95]),
        ("dwellings", 1, [240, 300]),
        ("people", 1, [720, 900]),
        ("facilities_area", 1, [1800, 2250]),
        ("gross_area", 1, [9768, 10882]),
        ("gross_ratio", 0.01, [1.11, 1.54]),
        ("net_density", 1, [904, 1043]),
        ("gross_density", 1, [737, 827]),
        ("dwelling_density", 1, [246, 276]),
    ],
)
def test_table_3_1(field, step, printed):
    result = getattr(row_house_estate(**ROW_HOUSES), field)
    assert_array_equal(NEAREST.round(result, step), printed)


def test_every_field_of_an_estate_is_held_against_the_table():
    parametrized = test_table_3_1.pytestmark[0].args[1]
    assert [name for name, *_ in parametrized] != []
    assert {name for name, *_ in parametrized} == set(Estate._fields)


def test_table_3_1_usable_floor_a_head():
    estate = row_house_estate(**ROW_HOUSES)
    space = land.floor_per_person(estate.gross_ratio, estate.gross_density, usable_share=0.75)
    assert_allclose(space, [11.25, 14.0], rtol=1e-14)


def test_paragraphs_3_8_and_3_9():
    assert land.residential_density(HECTARE / 50, 0.40) == pytest.approx(500, rel=1e-14)
    assert NEAREST.round(land.land_per_unit(120), 10) == 80


def test_walk_ups_that_keep_an_hour_of_sun_stay_below_one_however_high():
    """Paragraph 3.9 and footnote 13: dimensions of the report, a storey of 2.8 m, slabs of 50 m."""
    storeys = np.arange(1, 41)
    estate = walk_up_estate(
        50,
        8.5,
        storeys,
        spacing=sunlight_spacing(2.8 * storeys, 39.1),
        end_gap=10,
        slabs_per_row=3,
        rows=3,
        primary_street=16,
        secondary_street=8,
        dwellings_per_slab=50 * 8.5 * storeys / 49.9,
        persons_per_dwelling=3,
        facilities_per_person=2.5,
    )
    assert (np.diff(estate.gross_ratio) > 0).all()
    assert estate.gross_ratio.max() < 1.0
    assert 0.7 < estate.gross_ratio[3] < estate.gross_ratio[6] < 0.82


# A second derivation: the plan drawn in squares of 1 m and counted -------------------------------


def drawn(plot, per_row, rows, primary, secondary):
    """Count what stands on each m2 of a block; a plot is a matrix of letters, front first."""
    row = np.tile(plot, (1, per_row))
    block = np.vstack([row if n % 2 == 0 else row[::-1] for n in range(rows)])
    block = np.pad(block, ((0, secondary), (0, primary)), constant_values="s")
    return {kind: int((block == kind).sum()) for kind in "hgys"}


def test_a_block_of_row_houses_counted_square_by_square():
    plot = np.vstack([np.full((depth, 5), kind) for kind, depth in (("y", 2), ("h", 12), ("g", 6))])
    squares = drawn(plot, per_row=30, rows=2, primary=16, secondary=8)
    estate = row_house_estate(**ONE)
    assert estate.block_area == sum(squares.values())
    assert estate.street_area == squares["s"]
    assert estate.garden_area == squares["g"] + squares["y"]
    assert estate.block_ratio == 3 * squares["h"] / sum(squares.values())


def test_a_block_of_slabs_counted_square_by_square():
    plot = np.full((10 + 30, 50 + 10), "g")
    plot[:10, :50] = "h"
    squares = drawn(plot, per_row=3, rows=4, primary=20, secondary=10)
    estate = walk_up_estate(**SLABS)
    assert estate.block_area == sum(squares.values())
    assert estate.street_area == squares["s"]
    assert estate.garden_area == squares["g"]
    assert estate.block_ratio == 6 * squares["h"] / sum(squares.values())
    assert estate.gross_area == estate.block_area + 2.5 * 12 * 54 * 3


# Identities --------------------------------------------------------------------------------------

sizes = st.floats(0.5, 100)
widths = st.floats(0, 50)


@st.composite
def row_house_estates(draw):
    """Draw an estate with at least 10 m2 of house for a dwelling: what is denser is refused."""
    width, depth = draw(sizes), draw(sizes)
    return {
        "width": width,
        "depth": depth,
        "floors": draw(st.integers(1, 30)),
        "front_setback": draw(widths),
        "back_setback": draw(widths),
        "plots_per_row": draw(st.integers(1, 50)),
        "rows": draw(st.integers(1, 6)),
        "primary_street": draw(widths),
        "secondary_street": draw(widths),
        "dwellings_per_plot": draw(st.integers(0, min(60, int(width * depth / 10)))),
        "persons_per_dwelling": draw(st.floats(0, 6)),
        "facilities_per_person": draw(st.floats(0, 10)),
    }


@reproducible
@given(row_house_estates())
def test_areas_add_up_and_ratios_fall_as_the_land_widens(dimensions):
    estate = row_house_estate(**dimensions)
    # A product of sums against a sum of products: a few roundings of the largest.
    close = {"rel": 1e-12, "abs": 1e-12 * estate.gross_area}
    assert estate.private_area + estate.street_area == pytest.approx(estate.block_area, **close)
    assert estate.block_area + estate.facilities_area == pytest.approx(estate.gross_area, **close)
    assert dimensions["floors"] * (1 + 1e-12) >= estate.plot_ratio
    assert estate.plot_ratio * (1 + 1e-12) >= estate.block_ratio >= estate.gross_ratio
    assert estate.net_density >= estate.gross_density
    plots = dimensions["plots_per_row"] * dimensions["rows"]
    floor = estate.plot_floor_area * plots
    assert land.floor_area_ratio(floor, estate.gross_area) == pytest.approx(estate.gross_ratio)


@reproducible
@given(row_house_estates(), st.floats(0.5, 10))
def test_a_plan_at_another_scale_keeps_its_ratios(dimensions, scale):
    metres = ("width", "depth", "front_setback", "back_setback", "primary_street")
    scaled = {name: scale * dimensions[name] for name in (*metres, "secondary_street")}
    scaled["facilities_per_person"] = scale**2 * dimensions["facilities_per_person"]
    before, after = row_house_estate(**dimensions), row_house_estate(**{**dimensions, **scaled})
    for field in ("plot_ratio", "block_ratio", "gross_ratio"):
        assert getattr(after, field) == pytest.approx(getattr(before, field), rel=1e-12)
    assert after.gross_density == pytest.approx(before.gross_density / scale**2, rel=1e-12)


@reproducible
@given(row_house_estates())
def test_slabs_without_gaps_are_row_houses_with_one_setback(dimensions):
    both = {
        name: dimensions[name]
        for name in ("depth", "floors", "rows", "primary_street", "secondary_street")
    }
    both |= {name: dimensions[name] for name in ("persons_per_dwelling", "facilities_per_person")}
    slabs = walk_up_estate(
        length=dimensions["width"],
        spacing=dimensions["front_setback"] + dimensions["back_setback"],
        end_gap=0,
        slabs_per_row=dimensions["plots_per_row"],
        dwellings_per_slab=dimensions["dwellings_per_plot"],
        **both,
    )
    assert slabs == row_house_estate(**dimensions)


@reproducible
@given(st.floats(0.01, 50), st.floats(0.01, 50))
def test_savings_undo_each_other(before, after):
    there, back = land.land_saving(before, after), land.land_saving(after, before)
    assert (1 - there) * (1 - back) == pytest.approx(1, rel=1e-12)
    assert land.land_per_floor_area(after) == pytest.approx(
        (1 - there) * land.land_per_floor_area(before), rel=1e-9, abs=1e-12 / before
    )


@reproducible
@given(st.floats(0, 1e6), st.floats(0.1, 1e6))
def test_land_and_density_are_each_other_s_inverse(count, room):
    area = max(count, 1.0) * room  # at least 0.1 m2 for each
    per_ha = land.density(count, area)
    assert per_ha * area == pytest.approx(count * HECTARE, rel=1e-14)
    if count > 1:
        assert land.land_per_unit(per_ha) == pytest.approx(area / count, rel=1e-14)


def test_without_streets_setbacks_and_facilities_every_ratio_is_the_number_of_storeys():
    bare = {**ONE, "front_setback": 0, "back_setback": 0, "primary_street": 0}
    estate = row_house_estate(**{**bare, "secondary_street": 0, "facilities_per_person": 0})
    assert (estate.plot_ratio, estate.block_ratio, estate.gross_ratio) == (3, 3, 3)
    assert estate.street_area == estate.garden_area == estate.facilities_area == 0


def test_an_empty_estate_has_floor_and_no_people():
    estate = row_house_estate(**{**ONE, "dwellings_per_plot": 0})
    assert estate.gross_density == estate.dwelling_density == estate.people == 0
    assert estate.gross_ratio == estate.block_ratio > 0


# The sun -----------------------------------------------------------------------------------------


def direction_of_the_sun(latitude, declination, hour_angle):
    """East, north and up: the sun's place on the celestial sphere, turned to the horizon."""
    lat, dec, angle = np.radians([latitude, declination, hour_angle])
    equatorial = np.array([-np.sin(angle) * np.cos(dec), np.cos(angle) * np.cos(dec), np.sin(dec)])
    tilt = np.array([[1, 0, 0], [0, -np.sin(lat), np.cos(lat)], [0, np.cos(lat), np.sin(lat)]])
    return tilt @ equatorial


@pytest.mark.parametrize("latitude", [0.0, 23.1, 39.1, 60.0])
@pytest.mark.parametrize("hours", [0.0, 1.0, 2.5, 4.0])
def test_the_shadow_of_a_slab_by_tracing_rays(latitude, hours):
    spacing = sunlight_spacing(10, latitude, hours=hours)
    ends = [direction_of_the_sun(latitude, -23.44, sign * 7.5 * hours) for sign in (-1, 1)]
    reached = [10 * -north / up for _, north, up in ends]
    assert_allclose(reached, spacing, rtol=1e-12)
    # Within the hours the sun stands higher over the slab's edge, so the window keeps it.
    for angle in np.linspace(-7.5 * hours, 7.5 * hours, 21):
        _, north, up = direction_of_the_sun(latitude, -23.44, angle)
        assert 10 * -north / up <= spacing * (1 + 1e-12)


def test_at_noon_the_sun_stands_at_latitude_plus_declination_from_the_zenith():
    latitudes = np.linspace(0, 66, 67)
    expected = np.tan(np.radians(latitudes + 23.44))
    assert_allclose(sunlight_spacing(1, latitudes, hours=0), expected, rtol=1e-12)


def test_equinox_at_the_equator_needs_no_distance():
    assert sunlight_spacing(30, 0, declination=0) == 0


@pytest.mark.parametrize(("latitude", "hours"), [(70, 1), (39.1, 12), (0, 13)])
def test_sun_that_is_not_there_is_refused(latitude, hours):
    with pytest.raises(ValueError, match=f"hours must leave the sun above the horizon.*{hours}"):
        sunlight_spacing(10, latitude, hours=hours)


# Arguments ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", PATTERNS, ids=lambda model: model.__name__)
def test_patterns_broadcast_and_shapes_must_match(model):
    arguments = {**PATTERNS[model], "floors": [[3], [4]], "primary_street": [10, 16, 20]}
    assert {field.shape for field in model(**arguments)} == {(2, 3)}
    with pytest.raises(ValueError, match=r"shapes do not match: .*floors.*primary_street"):
        model(**{**arguments, "floors": [3, 4]})


@pytest.mark.parametrize(
    ("name", "bad", "said"),
    [
        ("residential_share", 40, "Shares are decimals"),
        ("residential_share", 0, "above 0"),
    ],
)
def test_a_percentage_is_refused_with_a_hint(name, bad, said):
    arguments = {"gross_density": 200.0, "residential_share": 0.4, name: bad}
    with pytest.raises(ValueError, match=re.escape(said)):
        land.residential_density(**arguments)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (lambda: land.floor_area_ratio(34_000, 1.2), "floor_area / land_area must be at most 50"),
        (lambda: land.floor_area_ratio([1, 900], [1, 2]), "got 450 at position 1. Areas are in m2"),
        (lambda: land.density(900, 1.2), "count per hectare must be at most 100000, got 7500000"),
        (
            lambda: walk_up_estate(**SLABS | {"floors": [6, 600]}),
            "floors: floor_area / land_area must be at most 50, got 125 at position 1",
        ),
        (
            lambda: walk_up_estate(**SLABS | {"dwellings_per_slab": 1e9}),
            "dwellings_per_slab and persons_per_dwelling: count per hectare must be at most",
        ),
        (
            lambda: walk_up_estate(
                **SLABS | {"dwellings_per_slab": 1e9, "persons_per_dwelling": 0}
            ),
            "dwellings_per_slab: count per hectare must be at most",
        ),
    ],
)
def test_land_in_hectares_is_met_with_a_hint(found, said):
    with pytest.raises(ValueError, match=said):
        found()
