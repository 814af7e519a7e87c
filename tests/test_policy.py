"""A policy is data: what is not one is refused, with where and why."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from housing.policy import EXAMPLE, IncomeClass, Policy, PriceIncomeTest, load_policy
from housing.subsidy import area_standard

#: The example's last lines, without the mark that keeps them from counting.
BY_RATIO = re.sub(r"(?m)^# (?=\[price_income\]|home_area|rent_at_least|buy_above)", "", EXAMPLE)


def saved(tmp_path, text: str):
    path = tmp_path / "city.toml"
    path.write_text(text, encoding="utf8")
    return path


def test_the_example_saved_and_read_again_is_the_example(tmp_path):
    assert load_policy(saved(tmp_path, EXAMPLE)) == load_policy()


def test_a_number_changed_in_the_file_is_changed_in_the_policy(tmp_path):
    changed = load_policy(
        saved(tmp_path, EXAMPLE.replace("average_rent = 20.0", "average_rent = 30"))
    )
    assert changed == replace(load_policy(), average_rent=30)
    assert changed.standard_rent == pytest.approx(27)


def test_the_thresholds_of_the_example_can_be_switched_on(tmp_path):
    policy = load_policy(saved(tmp_path, BY_RATIO))
    assert policy.price_income == PriceIncomeTest(home_area=60, rent_at_least=9, buy_above=6)


def test_further_persons_add_what_the_class_says():
    one = IncomeClass("all", (10, 20), 0.2, extra_person_area=7)
    policy = Policy("city", (one,), 20, 6_000, 0.05)
    assert area_standard([1, 2, 3, 5], "all", policy).tolist() == [10, 20, 27, 41]


def test_a_limit_belongs_to_the_class_below_it():
    policy = load_policy()
    incomes = np.array([0, 16_000, 16_000.01, 60_000, 60_001, np.inf])
    assert policy.class_of(incomes).tolist() == [0, 0, 1, 4, 5, 5]


def test_without_limits_no_class_is_told_from_income():
    policy = Policy("city", (IncomeClass("all", (10,), 0.2),), 20, 6_000, 0.05)
    assert policy.income_limits is None
    with pytest.raises(ValueError, match="no income_limit: name the class"):
        policy.class_of(np.array([1.0]))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("burden_ratio = 0.15", "burden_ratio = 15", "class 'difficult': burden_ratio must be at"),
        ("burden_ratio = 0.15", "burden_ratio = -0.1", "at least 0 and at most 1, got -0.1"),
        ("burden_ratio = 0.15", 'burden_ratio = "15%"', "burden_ratio must be a number"),
        ("burden_ratio = 0.15", "burden = 0.15", "class 'difficult': unknown key burden; keys: "),
        ("burden_ratio = 0.15\n", "", "class 'difficult': missing key burden_ratio"),
        ("areas = [15, 25, 40, 50]", "areas = [15, 25]", "areas for equally many sizes, got [2, 4"),
        ("areas = [15, 25, 40, 50]", "areas = []", "class 'difficult': areas is empty"),
        ("areas = [15, 25, 40, 50]", "areas = [15, 0, 40, 50]", "areas must be above 0, got 0"),
        ("income_limit = 22000", "income_limit = 2200", "income_limit must rise from class to cl"),
        ("income_limit = 22000\n", "", "must rise from class to class or be absent"),
        (
            "income_limit = 22000",
            "income_limit = -1",
            "class 'difficult': income_limit must be abo",
        ),
        ("may_buy = true", 'may_buy = "yes"', "class 'lower middle': may_buy must be true or fal"),
        ('"difficult"', '"lowest"', "classes must be one or more of different names"),
        ('"difficult"', '"LOWEST"', "got 'LOWEST' and 'lowest'"),
        ('"difficult"', '"ｌｏｗ "', "got 'ｌｏｗ ' and 'low'"),
        (
            "[15, 25, 40, 50]",
            "[15, 25, 40, 30]",
            "not fall with more persons, got 30 for 4 after 40",
        ),
        ('"difficult"', '"Market"', "name must be a word other than 'market'"),
        ('"difficult"', '"market"', "name must be a word other than 'market'"),
        ("standard_share = 0.90", "standard_share = 90", "standard_share must be at least 0 and a"),
        ("down_payment = 0.20", "down_payment = 1.2", "down_payment must be at least 0 and at mo"),
        ("annual_rate = 0.06", "annual_rate = 6", "annual_rate must be above -1 and at most 1, go"),
        ("average_rent = 20.0", "average_rent = -20", "average_rent must be at least 0, got -20"),
        ("average_rent = 20.0", "average_rent = nan", "average_rent must be finite"),
        ("average_price = 6000.0", "", "policy: missing key average_price"),
        ("years = 30 ", "years = 0 ", "years must be above 0, got 0"),
        ("years = 30 ", "years = 360 ", "toml: years must be at most 100, got 360. Terms are in"),
        ("public_housing_sold = false", "public_housing_sold = 1", "must be true or false, got 1"),
        ("average_rent = 20.0", "average_rent 20.0", "city.toml: "),
        ("average_rent = 20.0", "average_rent = true", "average_rent must be a number"),
        ("years = 30", "years = false", "years must be a number"),
        ("home_area = 60", "home_area = 0", "price_income: home_area must be above 0, got 0"),
        ("buy_above = 6", "buy_above = 10", "price_income: buy_above must be at most rent_at_leas"),
        ("buy_above = 6", "below = 6", "price_income: unknown key below"),
    ],
)
def test_what_is_no_policy_is_refused_with_file_and_place(tmp_path, old, new, message):
    assert old in BY_RATIO
    with pytest.raises(ValueError, match=re.escape(message)) as refused:
        load_policy(saved(tmp_path, BY_RATIO.replace(old, new, 1)))
    assert str(refused.value).startswith("city.toml: ")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_at_the_start_of_a_file_is_no_part_of_it(tmp_path, encoding):
    path = tmp_path / "city.toml"
    path.write_text(EXAMPLE, encoding)
    assert load_policy(path) == load_policy()


@pytest.mark.parametrize(("name", "line"), [("低收入", 1), ("x", 2)])
def test_another_encoding_is_refused_with_its_place(tmp_path, name, line):
    path = tmp_path / "city.toml"
    path.write_text(f'name = "{name}"\n# 收入\n', "gb18030")
    with pytest.raises(ValueError, match=rf"city.toml: line {line} is not UTF-8, byte 0x..: TOML"):
        load_policy(path)


def test_classes_that_are_no_tables_are_refused(tmp_path):
    without = EXAMPLE[: EXAMPLE.index("[[classes]]")]
    with pytest.raises(ValueError, match=re.escape("start each with [[classes]]")):
        load_policy(saved(tmp_path, without + 'classes = ["low"]\n'))
    with pytest.raises(ValueError, match="classes must be one or more"):
        load_policy(saved(tmp_path, without + "classes = []\n"))


@pytest.mark.parametrize("limit", [np.inf, np.float32("inf"), np.float16("inf")], ids=repr)
def test_a_last_class_without_an_upper_end_leaves_its_limit_out(limit):
    said = "class 'low': income_limit must be finite, got inf. Leave it out for a last class"
    with pytest.raises(ValueError, match=re.escape(said)):
        IncomeClass("low", [25], 0.2, income_limit=limit)
    assert IncomeClass("low", [25], 0.2).income_limit is None


@pytest.mark.parametrize(
    ("share", "kept"), [(0.33 + 0.56 + 0.11, 1), (-1e-12, 0), (Decimal("0.9"), 0.9), (1, 1)]
)
def test_a_share_that_is_off_an_end_by_noise_is_kept_as_that_end(share, kept):
    policy = replace(load_policy(), standard_share=share, down_payment=share)
    assert (policy.standard_share, policy.down_payment) == (kept, kept)
