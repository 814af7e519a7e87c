"""Registers in files: of every kind that is read, in parts, and on stores that fsspec knows."""

from __future__ import annotations

import gzip
import io
import json
import re
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import dask.dataframe as dd
import fsspec
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
from pandas.testing import assert_frame_equal, assert_series_equal
from registers import CITY, POLICY, RICHER, made_up, require_same

from housing.register import _delimited as delimited
from housing.register import _files, assess

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


# CSV ----------------------------------------------------------------------------------------------

HEAD = "size,income,owned_area,owned_price,wish"
CSV = f"{HEAD}\n3,24000,15,0,rent\n2,30000,0,0,rent\n4,52000,0,0,buy\n"
THREE = pd.read_csv(io.StringIO(CSV))
COST = 952.05  # of the three, a month


def write(path: Path, text: str = CSV, encoding: str = "utf8") -> Path:
    path.parent.mkdir(exist_ok=True)
    data = text.encode(encoding)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def cost(*args, **kwargs) -> float:
    found = assess(*args, progress=False, **kwargs)
    assert found.problems.total == 0
    return round(found.summary.cost_per_month, 2)


@pytest.mark.parametrize(
    ("name", "encoding", "said"),
    [
        ("city.csv", "utf-8-sig", None),
        ("city.CSV", "utf8", None),
        ("city.csv.gz", "utf8", None),
        ("city.csv.gz", "utf-8-sig", "utf8"),
        ("city.csv", "utf-16", None),
        ("city.csv", "utf-16-le", "utf-16-le"),
        ("city.csv.gz", "utf-16", "utf-16"),
        ("city.csv", "utf-32", None),
        ("city.csv", "gb18030", "gb18030"),
        ("city.csv", "gbk", "GBK"),
    ],
)
def test_csv_of_many_encodings_is_read(tmp_path, name, encoding, said):
    text = CSV.replace("income", "收入").replace("\n", "\r\n")
    path = write(tmp_path / name, text, encoding)
    assert cost(path, POLICY, columns={"收入": "income"}, encoding=said) == COST


@pytest.mark.parametrize(
    ("old", "new", "encoding", "line"),
    [
        ("wish", "愿望", "gb18030", ""),
        ("4,52000,0,0,buy", "4,52000,0,0,买", "gb18030", ", line 4"),
        ("wish", "souhaité", "latin-1", ""),
    ],
)
def test_another_encoding_is_refused_with_file_line_and_the_way_out(
    tmp_path, old, new, encoding, line
):
    path = write(tmp_path / "city.csv", CSV.replace(old, new), encoding)
    said = rf"city.csv{line} is not UTF-8, byte 0x..: name its encoding, such as encoding='gb18030'"
    with pytest.raises(ValueError, match=said):
        assess(path, POLICY, progress=False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "city.csv is empty: a head of columns must stand first"),
        ("\n\n", "city.csv is empty"),
        (CSV.replace("\n", "\r"), "city.csv has rows that end in a carriage return alone"),
        (CSV + "1,2\n", "city.csv, line 5: 2 entries where there are 5 columns"),
        (CSV + "3,24,000,15,0,rent\n", "city.csv, line 5: 6 entries where there are 5 columns"),
        (CSV.replace("rent", '"rent', 1), "line 2: a quote opens an entry that nothing closes"),
        (
            CSV.replace(",", ";"),
            "has semicolons between its columns: delimiter=';' reads them. With pandas: pd.",
        ),
        (CSV.replace(",", "\t"), "city.csv has tabs between its columns: delimiter="),
        (CSV.replace("income", "size"), "city.csv: missing column income"),
        (CSV.replace(",wish", ",wish,size"), "city.csv: column size stands twice in households"),
        (CSV.replace("income", "in\0come"), "city.csv is no text, or of an encoding that it does"),
    ],
)
def test_what_is_no_table_is_refused_with_file_and_line(tmp_path, text, said):
    with pytest.raises(ValueError, match=said):
        assess(write(tmp_path / "city.csv", text), POLICY, progress=False)


def test_an_uneven_row_is_told_in_any_encoding(tmp_path):
    path = write(tmp_path / "city.csv", CSV.replace("buy", "买") + "1,2\n", "gb18030")
    with pytest.raises(ValueError, match="line 5: 2 entries where there are 5 columns"):
        assess(path, POLICY, encoding="gb18030", progress=False)


@pytest.mark.parametrize(
    ("name", "encoding", "sign", "said"),
    [
        ("city.csv", "utf8", ";", ";"),
        ("city.csv", "utf-16", "|", "|"),
        ("city.csv.gz", "gb18030", "\t", "\t"),
        ("city.TSV", "utf8", "\t", None),
        ("city.tsv.gz", "utf8", "\t", None),
        ("city.tsv", "utf8", ",", ","),
    ],
)
def test_columns_may_be_set_off_by_other_signs(tmp_path, name, encoding, sign, said):
    text = CSV.replace(",", sign).replace(
        f"24000{sign}", f"{'24000' if sign == ',' else '24,000'}{sign}"
    )
    text = text.replace("income", '"收入"')
    path = write(tmp_path / name, text, encoding)
    more = {"encoding": None if encoding == "utf-16" else encoding, "delimiter": said}
    assert cost(path, POLICY, columns={"收入": "income"}, **more) == COST
    broken = write(tmp_path / f"b{name}", text + f"1{sign}2\n", encoding)
    with pytest.raises(ValueError, match="line 5: 2 entries where there are 5 columns"):
        assess(broken, POLICY, columns={"收入": "income"}, progress=False, **more)


@pytest.mark.parametrize(
    ("name", "sign", "said"),
    [
        ("a.csv", "; ", "delimiter must be one of ',', ';', '\\t', '|', got '; '"),
        ("a.pq", ";", "delimiter is for CSV files"),
    ],
)
def test_a_delimiter_that_is_none_is_refused(tmp_path, name, sign, said):
    THREE.to_parquet(tmp_path / "a.pq")
    write(tmp_path / "a.csv")
    with pytest.raises(ValueError, match=re.escape(said)):
        assess(tmp_path / name, POLICY, delimiter=sign)


def test_files_of_two_encodings_are_refused_with_which(tmp_path):
    write(tmp_path / "a.csv", CSV.replace("rent", "租"), "gb18030")
    write(tmp_path / "b.csv", CSV.replace("rent", "租"), "utf8")
    said = r"b.csv, line 2 is not GB18030, byte 0x..\. It may be UTF-8"
    with pytest.raises(ValueError, match=said):
        assess(tmp_path, POLICY, encoding="gb18030", progress=False)


def test_a_title_above_the_names_of_columns_is_pointed_at(tmp_path):
    path = write(tmp_path / "a.csv", "Register of 2026,,,,\n" + CSV)
    for columns in (None, {"yearly": "income"}):
        with pytest.raises(ValueError, match="must stand in the first row; other names are mapped"):
            assess(path, POLICY, columns=columns, progress=False)


@pytest.mark.parametrize(
    ("name", "encoding"), [("a.csv", "klingon"), ("a.csv", 3), ("a.pq", "utf8")]
)
def test_an_encoding_that_is_none_is_refused(tmp_path, name, encoding):
    THREE.to_parquet(tmp_path / "a.pq")
    write(tmp_path / "a.csv")
    with pytest.raises(
        ValueError, match=r"encoding (must be one that Python knows|is for CSV files)"
    ):
        assess(tmp_path / name, POLICY, encoding=encoding)


def test_a_head_alone_is_a_register_of_nobody(tmp_path):
    for encoding in ("utf8", "utf-16"):
        path = write(tmp_path / "city.csv", HEAD + "\n", encoding)
        assert assess(path, POLICY, progress=False).summary.rows == 0


def test_entries_may_have_line_breaks_and_quotes_wherever_a_file_is_cut(tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "BLOCK", 400)
    notes = ["a\nb", 'c, "d"\n\n', "", 'e " f', "\n", "x"]
    frame = CITY.head(200).round(2)
    frame.insert(0, "note", [notes[row % 6] for row in range(200)])
    frame.to_csv(tmp_path / "city.csv", index=False)
    found = assess(tmp_path / "city.csv", POLICY, out=tmp_path / "out", progress=False)
    require_same(found, assess(frame, POLICY))
    assert len([*(tmp_path / "out").iterdir()]) > 15
    written = pd.read_parquet(tmp_path / "out")
    assert written["note"].fillna("").tolist() == frame["note"].tolist()


#: Rows of registers as they are, of which each is read the same beside good rows and bad ones.
MESSY = {
    "thousands": '3,"24,000",15,0,rent',
    "blanks": "3, 24000 ,15 ,0, Rent ",
    "case": "3,24000,15,0,RENT",
    "no home": "3,24000,0,,rent",
    "no home, blank": "3,24000,0,  ,rent",
    "a home without price": "3,24000,15,,rent",
    "plus": "+3,24000,15,0,rent",
    "power": "3,2.4e4,15.,.5,rent",
    "long": "3,24000.000000000001,0.1000000000000000055511151231257827,0,rent",
    "negative": "3,-24000,15,0,rent",
    "zero": "-0,0,-0,0,none",
    "nan": "3,nan,15,0,rent",
    "NA": "3,NA,15,0,NA",
    "inf": "3,inf,15,0,rent",
    "huge": "3,1e400,15,0,rent",
    "tiny": "3,24000,1e-400,0,rent",
    "underscore": "3,24_000,15,0,rent",
    "hexadecimal": "0x3,24000,15,0,rent",
    "comma for a point": '3,"24,5",15,0,rent',
    "date": "3,2020-01-01,15,0,rent",
    "true": "3,true,15,0,rent",
    "full width": "３,24000,15,0,rent",
    "half a person": "2.5,24000,15,0,rent",
    "empty": ",,,,",
    "line break": '3,24000,15,0,"re\nnt"',
    "blank line": "",
}


@pytest.mark.parametrize("row", MESSY.values(), ids=MESSY)
@pytest.mark.filterwarnings("ignore:.* rows .* are left out")
def test_rows_are_the_same_read_as_numbers_and_as_words(tmp_path, row):
    """A word in the last row has the part read as words; in memory everything is one."""
    one = assess(write(tmp_path / "one.csv", CSV + row + "\n"), POLICY, progress=False)
    words = assess(
        write(tmp_path / "words.csv", f"{CSV}{row}\nx,x,x,x,x\n"), POLICY, progress=False
    )
    last = len(row) > 0
    assert words.summary.rows == one.summary.rows + 1 == 4 + last
    assert words.summary.cost_per_month == one.summary.cost_per_month
    listed = words.problems[words.problems["row"] < 3 + last]
    assert_frame_equal(listed, one.problems[[*listed]], check_dtype=False)
    text = io.StringIO(CSV + row + "\n")
    whole = pd.read_csv(text, dtype=str, keep_default_na=False, na_values=[""])
    require_same(one, assess(whole, POLICY))


def test_parts_read_as_words_are_written_as_the_others(tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "BLOCK", 4_000)
    frame = CITY.head(400).round(2).astype({"income": object})
    frame["household"] = [f"{row:018d}" for row in range(400)]
    frame.loc[7, "income"] = "unknown"
    frame.to_csv(tmp_path / "city.csv", index=False)
    assess(tmp_path / "city.csv", POLICY, out=tmp_path / "out", id="household", progress=False)
    parts = [pq.read_schema(path) for path in sorted((tmp_path / "out").glob("*.parquet"))]
    assert len(parts) > 3
    assert {tuple(zip(part.names, part.types, strict=True)) for part in parts} == {
        tuple(zip(parts[0].names, parts[0].types, strict=True))
    }
    written = pd.read_parquet(tmp_path / "out")
    assert written["household"].tolist() == frame["household"].tolist()
    assert written["income"].isna().tolist() == (frame["income"] == "unknown").tolist()


# Folders ------------------------------------------------------------------------------------------


def test_a_folder_or_a_pattern_of_csv_files_is_one_register(tmp_path):
    for name in ("part-10.csv", "part-9.csv.gz", "part-1.csv", ".hidden.csv", "_notes.txt"):
        write(tmp_path / "city" / name)
    assert cost(tmp_path / "city", POLICY) == round(3 * COST, 2) - 0.01
    assert cost(f"{tmp_path}/city/part-1*.csv", POLICY) == 1904.09


def test_folders_that_are_named_for_a_column_are_one(tmp_path):
    for district in ("north", "south"):
        folder = tmp_path / "city" / f"district={district}"
        folder.mkdir(parents=True)
        THREE.to_parquet(folder / "part.parquet")
    assess(tmp_path / "city", POLICY, out=tmp_path / "out", progress=False)
    assert pd.read_parquet(tmp_path / "out")["district"].tolist() == ["north"] * 3 + ["south"] * 3


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
@pytest.mark.parametrize("column", ["weight", "class"])
@pytest.mark.parametrize("first", [True, False])
def test_a_column_that_counts_is_in_every_file_or_in_none(tmp_path, ending, column, first):
    for place, name in enumerate("ab"):
        frame = THREE.assign(**{column: "low" if column == "class" else 1.0}, other=1)
        if place == first:
            frame = THREE
        path = tmp_path / f"{name}{ending}"
        frame.to_csv(path, index=False) if ending == ".csv" else frame.to_parquet(path)
    has, lacks = "ab" if first else "ba"
    said = f"column {column} is in {has}{ending} and not in {lacks}{ending}"
    with pytest.raises(ValueError, match=said):
        assess(tmp_path, POLICY, progress=False)


def test_a_column_that_does_not_count_may_be_in_one_file_alone(tmp_path):
    THREE.assign(other=1).to_parquet(tmp_path / "a.parquet")
    THREE.to_parquet(tmp_path / "b.parquet")
    assert cost(tmp_path, POLICY) == 1904.09


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_the_file_that_lacks_a_column_is_named(tmp_path, ending):
    for name, frame in (("a", THREE), ("b", THREE.drop(columns="wish"))):
        path = tmp_path / f"{name}{ending}"
        frame.to_csv(path, index=False) if ending == ".csv" else frame.to_parquet(path)
    with pytest.raises(ValueError, match=f"b{ending}: missing column wish; there are size"):
        assess(tmp_path, POLICY, progress=False)


# Kinds of file ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.txt", "a.json", "a.xls", "a.csv.zip", "register"])
@pytest.mark.parametrize("inside", [False, True])
def test_a_file_that_is_not_read_is_refused_with_what_is(tmp_path, name, inside):
    path = write(tmp_path / "city" / name)
    said = (
        rf"{name} is a .*; what is read: Parquet \(.parquet\), CSV \(.csv, .csv.gz, .tsv\), Excel"
    )
    with pytest.raises(ValueError, match=said):
        assess(path.parent if inside else path, POLICY, progress=False)


def test_parquet_is_known_without_its_ending(tmp_path):
    THREE.to_parquet(tmp_path / "register")
    assert cost(tmp_path / "register", POLICY) == COST


def test_decimals_and_long_whole_numbers_of_parquet_keep_their_digits(tmp_path):
    income = pa.array([Decimal("24000.00"), None, Decimal("52000.00")], pa.decimal128(12, 2))
    ids = pa.array([2**60, 2**60 + 1, None])
    table = pa.Table.from_pandas(THREE).set_column(1, "income", income).append_column("id", ids)
    pq.write_table(table, tmp_path / "city.parquet")
    with pytest.warns(UserWarning, match="2 of 3 rows"):
        found = assess(tmp_path / "city.parquet", POLICY, id="id", progress=False)
    assert found.problems[["row", "column"]].to_numpy().tolist() == [[1, "income"], [2, "id"]]


def test_a_geopackage_is_read_by_its_one_layer(tmp_path):
    for layer in ("city", "estates"):
        pyogrio.write_dataframe(THREE, tmp_path / "city.gpkg", layer=layer, driver="GPKG")
        if layer == "city":
            assert cost(tmp_path / "city.gpkg", POLICY) == COST
    with pytest.raises(
        ValueError, match=r"city.gpkg cannot be read: it must have one layer, got ci"
    ):
        assess(tmp_path / "city.gpkg", POLICY, progress=False)


def test_excel_is_read_by_its_one_sheet_with_entries(tmp_path):
    path = tmp_path / "city.xlsx"
    with pd.ExcelWriter(path) as book:
        pd.DataFrame().to_excel(book, sheet_name="empty")
        THREE.assign(owned_price=["0", None, ""]).to_excel(book, sheet_name="city", index=False)
    assert cost(path, POLICY, out=tmp_path / "out") == COST
    head = pd.DataFrame([[*THREE, None, None], *THREE.assign(a=1, b=2).to_numpy()])
    head.to_excel(path, index=False, header=False)
    assert cost(path, POLICY, out=tmp_path / "again") == COST
    head.replace("size", "income").to_excel(path, index=False, header=False)
    with pytest.raises(ValueError, match=r"missing column size|column income stands twice"):
        assess(path, POLICY, progress=False)
    with pd.ExcelWriter(path) as book:
        for sheet in ("one", "two"):
            THREE.assign(income=date(2020, 1, 1)).to_excel(book, sheet_name=sheet, index=False)
    with pytest.raises(ValueError, match=r"city.xlsx cannot be read: it must have one"):
        assess(path, POLICY, progress=False)


@pytest.mark.parametrize(("name", "package"), [("a.xlsx", "openpyxl"), ("a.gpkg", "pyogrio")])
def test_without_its_reader_a_file_names_it_and_the_extra(tmp_path, monkeypatch, name, package):
    monkeypatch.setitem(sys.modules, package, None)
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(ImportError, match=f"{name} needs {package} .* the extra named files"):
        assess(tmp_path / name, POLICY, progress=False)


# Stores -------------------------------------------------------------------------------------------


@pytest.fixture
def store():
    """A store of this process that fsspec reaches by URL alone."""
    memory = fsspec.filesystem("memory")
    yield memory
    for path in memory.ls("/", detail=False):
        memory.rm(path, recursive=True)


# An older Dask does not write that the classes were given.
@pytest.mark.filterwarnings("ignore:class is left aside")
def test_urls_are_read_and_written_as_fsspec_does(tmp_path, store, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store.pipe("/city/a.csv", CSV.encode())
    store.pipe("/city/b.csv.gz", gzip.compress(CSV.encode()))
    assert cost("memory://city", POLICY, out="memory://out") == 1904.09
    assert store.exists("/out/_assessed.json")
    assert [*tmp_path.iterdir()] == []
    assert cost("memory://out", RICHER) == cost("memory://city", RICHER)
    assert cost(write(tmp_path / "a.csv").as_uri(), POLICY, out=(tmp_path / "out").as_uri()) == COST
    assert (tmp_path / "out" / "_assessed.json").exists()


@pytest.mark.parametrize(
    "url",
    [
        *("memory://nowhere/a.csv", "file:///nowhere/a.csv", "nowhere://a.csv", ""),
        "zip://a.csv::file:///nowhere.zip",
    ],
)
def test_a_url_at_which_nothing_is_and_one_of_no_store_are_refused(url):
    with pytest.raises(
        ValueError, match=r"households: (no register at|(nowhere|zip)://a.csv.* is no path)"
    ):
        assess(url, POLICY, progress=False)


# Damage -------------------------------------------------------------------------------------------


def damage(path: Path, where: slice) -> None:
    data = bytearray(path.read_bytes())
    data[where] = bytes(byte ^ 0xFF for byte in data[where])
    path.write_bytes(data)


@pytest.mark.parametrize("name", ["b.parquet", "b.csv.gz"])
@pytest.mark.parametrize("where", [slice(60, 900), slice(-60, None)], ids=["inside", "end"])
def test_a_damaged_file_is_named_and_the_others_are_not_lost(tmp_path, name, where):
    folder, out = tmp_path / "city", tmp_path / "out"
    folder.mkdir()

    def keep(path: Path) -> None:
        frame = CITY.head(500)
        frame.to_parquet(path) if path.suffix == ".parquet" else frame.to_csv(path, index=False)

    for other in ("a", "c"):
        keep(folder / (other + name[1:]))
    keep(folder / name)
    damage(folder / name, where)
    with pytest.raises(
        ValueError, match=rf"households: {name} cannot be read: .*The other 2 parts"
    ):
        assess(folder, POLICY, out=out, progress=False)
    assert len(pd.concat(map(pd.read_parquet, out.glob("*.parquet")))) == 1000
    assert json.loads((out / "_assessed.json").read_text("utf8"))["finished"] is False
    keep(folder / name)
    found = assess(folder, POLICY, out=out, resume=True, progress=False)
    assert found.summary.rows == len(pd.read_parquet(out)) == 1500
    require_same(found, assess(folder, POLICY, progress=False))


@pytest.mark.parametrize("where", ["HEADS", "READERS"])
@pytest.mark.parametrize("error", [MemoryError("no room"), ImportError("no such package")])
def test_what_is_no_fault_of_a_file_is_not_laid_to_it(tmp_path, monkeypatch, where, error):
    CITY.head(10).to_parquet(tmp_path / "city.parquet")

    def fail(*_):
        raise error

    monkeypatch.setitem(getattr(_files, where), "parquet", fail)
    with pytest.raises(type(error), match=str(error)):
        assess(tmp_path / "city.parquet", POLICY, progress=False)


def test_each_damaged_file_is_named_once(tmp_path):
    for name in "ab":
        made_up(500).to_parquet(tmp_path / f"{name}.parquet", row_group_size=100)
        damage(tmp_path / f"{name}.parquet", slice(60, -8_000))
    with pytest.raises(
        ValueError, match=r"a\.parquet cannot be read.*; b\.parquet cannot"
    ) as refused:
        assess(tmp_path, POLICY, progress=False)
    assert str(refused.value).count("b.parquet") == 1
