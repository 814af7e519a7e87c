"""Registers in files: of every kind that is read, in parts, and on stores that fsspec knows."""

from __future__ import annotations

import re
import sys

import dask.dataframe as dd
import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_series_equal
from registers import CITY, POLICY, made_up, require_same

from housing.register import assess

# Larger than memory -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def damaged() -> pd.DataFrame:
    """A register with three bad entries, far apart."""
    frame = made_up(20_000, seed=5).round(2)
    frame.loc[7, "income"] = -3
    frame.loc[11_111, "owned_area"] = np.nan
    frame.loc[19_999, "wish"] = "lease"
    return frame


@pytest.fixture(scope="module")
def in_memory(damaged):
    return assess(damaged, POLICY)


def test_a_parquet_file_gives_what_memory_gives(tmp_path, damaged, in_memory):
    damaged.to_parquet(tmp_path / "city.parquet", row_group_size=3_000)
    found = assess(tmp_path / "city.parquet", POLICY, progress=False)
    assert found.households is None
    require_same(found, in_memory)


def test_a_csv_file_gives_what_memory_gives_even_with_words_for_numbers(tmp_path, damaged):
    words = damaged.astype({"income": object})
    words.loc[123, "income"] = "unknown"
    words.to_csv(tmp_path / "city.csv", index=False)
    found = assess(str(tmp_path / "city.csv"), POLICY, progress=False)
    require_same(found, assess(words, POLICY))
    assert found.problems.set_index("row").loc[123, "value"] == "unknown"


def test_a_dask_frame_gives_what_memory_gives_in_any_number_of_pieces(damaged, in_memory):
    for pieces in (1, 7):
        frame = dd.from_pandas(damaged, npartitions=pieces)
        require_same(assess(frame, POLICY, progress=False), in_memory)


def test_a_folder_of_files_can_be_assessed_into_another(tmp_path, damaged, in_memory):
    register_, out = tmp_path / "register", tmp_path / "out"
    register_.mkdir()
    for part, start in enumerate(range(0, len(damaged), 8_000)):
        damaged.iloc[start : start + 8_000].to_parquet(register_ / f"part-{part}.parquet")
    require_same(assess(register_, POLICY, out=out, progress=False), in_memory)
    written = pd.read_parquet(out)
    assert_series_equal(written["subsidy"], in_memory.households["subsidy"])
    assert written["reason"].tolist() == in_memory.households["reason"].tolist()


def test_progress_is_shown_where_it_is_wanted(tmp_path, damaged, capsys):
    damaged.head(100).to_parquet(tmp_path / "city.parquet")
    assess(tmp_path / "city.parquet", POLICY)
    assert "100%" in capsys.readouterr().out


def test_a_file_lacking_a_column_says_which(tmp_path, damaged):
    damaged.drop(columns="wish").to_parquet(tmp_path / "city.parquet")
    with pytest.raises(ValueError, match="missing column wish"):
        assess(tmp_path / "city.parquet", POLICY, progress=False)


def test_what_is_not_there_is_named(tmp_path):
    with pytest.raises(ValueError, match=re.escape("no register at nowhere.parquet")):
        assess(tmp_path / "nowhere.parquet", POLICY)


@pytest.mark.parametrize("left", ["._part-1.parquet", ".DS_Store", "_SUCCESS", ".hidden/x.parquet"])
def test_what_a_system_leaves_in_a_folder_is_no_part_of_the_register(tmp_path, left):
    (tmp_path / "city").mkdir()
    for part, rows in ((10, slice(100, 250)), (9, slice(0, 100))):
        CITY.iloc[rows].to_parquet(tmp_path / "city" / f"part-{part}.parquet")
    (tmp_path / "city" / left).parent.mkdir(exist_ok=True)
    (tmp_path / "city" / left).write_bytes(b"\0\5\x16\7")
    found = assess(tmp_path / "city", POLICY, out=tmp_path / "out", progress=False)
    whole = assess(CITY.head(250), POLICY)
    assert found.summary.rows == 250
    assert found.summary.cost_per_month == pytest.approx(whole.summary.cost_per_month, rel=1e-12)
    # Parts in the order in which people count.
    first = pd.read_parquet(sorted((tmp_path / "out").glob("*.parquet"))[0])
    assert first["income"].to_numpy() == pytest.approx(CITY["income"].head(100).to_numpy())


def test_a_folder_without_a_register_is_refused(tmp_path):
    (tmp_path / "city").mkdir()
    (tmp_path / "city" / ".DS_Store").write_bytes(b"\0")
    with pytest.raises(ValueError, match="households: no register in the folder city"):
        assess(tmp_path / "city", POLICY, progress=False)


def test_rows_in_memory_are_returned_and_not_written(tmp_path):
    with pytest.raises(ValueError, match="out is for a register that is read from a file"):
        assess(CITY, POLICY, out=tmp_path)


def test_without_dask_a_file_names_the_extra_and_memory_needs_none(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "dask", None)
    with pytest.raises(ImportError, match="install the extra named scale"):
        assess(tmp_path / "city.parquet", POLICY)
    assert assess(CITY, POLICY).summary.rows == len(CITY)
