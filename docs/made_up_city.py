"""Write a made-up city's register as a CSV file, with the mess that real ones have.

    python docs/made_up_city.py city.csv

20,000 households, the same each time: no number is any city's. Names of columns are the bureau's
own; a third of the incomes have thousands set off, words are in any case and with blanks around
them, prices are blank where no home is owned. Six rows in a thousand are wrong: entries that no
household can have, households that stand there twice or without a number.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd

HOUSEHOLDS = 20_000
SEED = 20261130
DISTRICTS = ["North", "East", "South", "West", "Old Town", "Harbour"]


def city(households: int = HOUSEHOLDS, seed: int = SEED) -> pd.DataFrame:
    """Return the register, every column as words: what a CSV file has."""
    random = np.random.default_rng(seed)
    size = random.choice([1, 2, 3, 4, 5, 6], households, p=[0.2, 0.27, 0.28, 0.14, 0.08, 0.03])
    district = random.choice(len(DISTRICTS), households)
    # Richer by the water, and with the square root of the persons; in tens of yuan.
    median = 26_000 * np.sqrt(size) * np.linspace(0.85, 1.25, len(DISTRICTS))[district]
    income = np.round(random.lognormal(np.log(median), 0.6), -1).astype(int)
    owns = random.random(households) < 0.55
    area = np.where(owns, random.integers(8, 90, households), 0)
    price = np.where(owns, random.integers(20, 70, households) * 100, 0)
    wish = random.choice(["rent", "buy", "none"], households, p=[0.5, 0.2, 0.3])
    frame = pd.DataFrame(
        {
            "household no": [f"H{number:07d}" for number in range(households)],
            "district": np.array(DISTRICTS, dtype=object)[district],
            "persons": size.astype(str),
            "yearly income": income.astype(str),
            "home m2": area.astype(str),
            "price per m2": np.where(owns, price.astype(str), ""),
            "wishes to": wish,
        }
    )
    return _in_a_mess(frame, random)


def _in_a_mess(frame: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Return the register as several hands have filled it in."""
    count = len(frame)
    thirds = random.random(count) < 1 / 3
    frame.loc[thirds, "yearly income"] = [
        f"{int(entry):,}" for entry in frame.loc[thirds, "yearly income"]
    ]
    for form in (str.title, str.upper, " {} ".format):
        some = random.random(count) < 0.1
        frame.loc[some, "wishes to"] = [form(word) for word in frame.loc[some, "wishes to"]]
    padded = random.random(count) < 0.05
    frame.loc[padded, "district"] = frame.loc[padded, "district"] + " "
    wrong = {
        "yearly income": ["unknown", "-1", "", "2025-03-01", "12,50"],
        "persons": ["0", "2.5", ""],
        "home m2": ["-9", "?"],
        "wishes to": ["perhaps", ""],
        "household no": [""],
    }
    places = iter(random.permutation(count))
    for column, entries in wrong.items():
        for entry in entries:
            for _ in range(count // 13_000):
                frame.loc[next(places), column] = entry
    again = frame.iloc[[next(places) for _ in range(count // 200)]]
    return pd.concat([frame, again], ignore_index=True)


if __name__ == "__main__":
    city().to_csv(sys.argv[1], index=False, encoding="utf-8-sig")
