"""Identities of a table as constraints: sums with signs, products, ratios, and what is neither."""

from __future__ import annotations

import re

import pytest
from conftest import NUMBER

from compendium.page.constraints import Product, Ratio, Sum, constraint
from compendium.page.identities import COLUMNS, applications
from compendium.page.printed import Source

NAMES = ("paid_in", "paid_out", "balance", "price")


def at(name, row="2"):
    return ("Table 1", row, name)


@pytest.fixture
def read(desk):
    words = [{"name": "month", "type": "string"}, *({"name": n, **NUMBER} for n in NAMES)]
    schema = {"fields": words, "primaryKey": ["month"]}
    desk.table(
        [["1", "5", "2", "9", "3"], ["2", "7", "1", "15", "3"]], ("month", *NAMES), schema=schema
    )

    def of(identity, slack=""):
        row = ["1", "columns", identity, "2", "", "", slack]
        desk.csv("identities.csv", [[*COLUMNS, "slack"], row])
        (application,) = applications(Source("toy", desk.project))
        return constraint(application)

    return of


IN, OUT, BALANCE, PRICE = map(at, NAMES)


@pytest.mark.parametrize(
    ("identity", "slack", "found"),
    [
        ("balance = paid_in - paid_out", "2", Sum(BALANCE, (IN,), 2, (OUT,))),
        ("balance = -(paid_out - paid_in)", "", Sum(BALANCE, (IN,), 0, (OUT,))),
        (
            "balance = previous(balance) + paid_in - paid_out",
            "",
            Sum(BALANCE, (at("balance", "1"), IN), 0, (OUT,)),
        ),
        ("balance = 100 - paid_in + paid_out", "", Sum(100, (BALANCE, IN), 0, (OUT,))),
        ("balance = -paid_in", "", Sum(BALANCE, (), 0, (IN,))),
        ("balance = paid_in", "", Ratio(BALANCE, IN)),
        (
            "balance = 1.15 * previous(balance)",
            "0.5",
            Ratio(BALANCE, at("balance", "1"), 1, 1.15, slack=0.5),
        ),
        ("balance = 100 * paid_in / paid_out", "", Ratio(BALANCE, IN, OUT, 100)),
        ("balance = paid_in / price[`1`]", "", Ratio(BALANCE, IN, at("price", "1"))),
        ("balance = 12 * price * paid_in", "", Product(BALANCE, (PRICE, IN), 12)),
    ],
)
def test_an_identity_becomes_a_constraint(read, identity, slack, found):
    assert read(identity, slack) == found


@pytest.mark.parametrize(
    ("identity", "said"),
    [
        ("balance = (paid_in + paid_out) / 2", "is no sum, no product of two and no ratio"),
        ("balance = price * paid_in * paid_out", "is no sum, no product of two and no ratio"),
        ("balance = price * paid_in - paid_out", "is no sum, no product of two and no ratio"),
        ("balance = 10 / price", "is no sum, no product of two and no ratio"),
        ("balance = paid_in / (price + paid_out)", "a divisor must be one number, and no sum"),
        ("balance = paid_in + paid_in", "a sum must name a cell once"),
        ("balance = price * price", "a product must name three different cells"),
    ],
)
def test_what_is_neither_is_refused(read, identity, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        read(identity)
