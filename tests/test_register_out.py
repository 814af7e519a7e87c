"""The rows of a register on disk: nothing overwritten, nothing half done, and gone on with."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path

import dask
import dask.dataframe as dd
import fsspec
import pandas as pd
import pytest
from registers import CITY, POLICY, RICHER, require_same

from housing.register import _files as files
from housing.register import assess


@pytest.fixture
def city(tmp_path) -> Path:
    """A register of four files."""
    folder = tmp_path / "city"
    folder.mkdir()
    for part in range(4):
        CITY.iloc[part * 200 : part * 200 + 200].to_parquet(folder / f"{part}.parquet")
    return folder


@pytest.fixture
def out(tmp_path) -> Path:
    return tmp_path / "out"


def run(city, out, policy=POLICY, **kwargs):
    return assess(city, policy, out=out, progress=False, **kwargs)


def manifest(out: Path) -> dict:
    return json.loads((out / "_assessed.json").read_text("utf8"))


def test_a_run_says_what_it_is_of_and_what_it_has_written(city, out):
    found = run(city, out)
    said = manifest(out)
    assert said["finished"] is True
    assert said["policy"]["classes"][0]["name"] == POLICY.class_names[0]
    assert set(said) >= {"version", "columns", "id", "personal_data", "problems"}
    assert said["rows"] == found.summary.rows == 800
    assert sum(part["rows"] for part in said["parts"]) == 800
    for part in said["parts"]:
        data = (out / part["name"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == part["sha256"]
    assert {path.name for path in out.iterdir()} == {
        "_assessed.json",
        *(part["name"] for part in said["parts"]),
    }


def test_the_manifest_has_no_ids_and_no_count_of_a_few(city, out):
    frame = pd.read_parquet(city).assign(household=[f"id-{n}" for n in range(800)])
    frame.loc[3, "income"], frame.loc[4, "household"] = -1, "id-3"
    frame.loc[5:9, "wish"] = "lease"
    run(dd.from_pandas(frame, npartitions=3), out, id="household")
    said = manifest(out)
    assert "id-" not in (out / "_assessed.json").read_text("utf8")
    assert [*said["problems"].values()] == ["under 5", 5, "under 5"]
    assert said["invalid_rows"] == 7


def test_a_second_run_into_the_same_folder_is_refused_unless_it_may_overwrite(city, out):
    run(city, out)
    for path in sorted(city.iterdir())[1:]:
        path.unlink()
    with pytest.raises(ValueError, match=r"out must be empty: out has 5 files.*overwrite=True"):
        run(city, out)
    assert len(pd.read_parquet(out)) == 800
    run(city, out, overwrite=True)
    assert len(pd.read_parquet(out)) == 200


def test_what_no_assessment_wrote_is_not_removed(city, out):
    out.mkdir()
    (out / "thesis.txt").write_text("of years", "utf8")
    for more in ({}, {"overwrite": True}, {"resume": True}):
        with pytest.raises(ValueError, match=r"out has thesis.txt, which no assessment wrote"):
            run(city, out, **more)
    assert (out / "thesis.txt").exists()


@pytest.mark.parametrize("place", ["city", "city/out", ".", "city/../city", "link"])
@pytest.mark.parametrize("more", [{}, {"overwrite": True}], ids=str)
def test_the_register_itself_is_never_written_over(city, place, more):
    (city.parent / "link").symlink_to(city)
    with pytest.raises(ValueError, match="out must be another folder than the register's"):
        run(city, city.parent / place, **more)
    assert assess(city, POLICY, progress=False).summary.rows == 800


@pytest.mark.parametrize("place", [3, ["out"], b"out", True, ""], ids=str)
def test_out_that_is_no_path_is_refused(city, place):
    with pytest.raises(ValueError, match="out must be the path or URL of a folder, got"):
        run(city, place)


def test_columns_of_one_name_are_not_written_and_the_other_files_are(city, out):
    write = next(city.iterdir()).with_name("twice.csv").write_text
    write(
        "size,income,note,note,owned_area,owned_price,wish,weight\n3,24000,a,b,15,0,rent,1\n",
        "utf8",
    )
    assert assess(city, POLICY, progress=False).summary.rows == 801
    with pytest.raises(ValueError, match=r"twice.csv: column note stands twice, .* The other"):
        run(city, out)


def test_out_that_is_a_file_is_refused(city, out):
    out.write_text("", "utf8")
    with pytest.raises(ValueError, match="out must be a folder, and out is a file"):
        run(city, out)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            {"overwrite": True, "resume": True, "out": "x"},
            "overwrite and resume exclude each other",
        ),
        ({"overwrite": True}, "overwrite is for a folder: name it as out"),
        ({"resume": True}, "resume is for a folder: name it as out"),
    ],
    ids=str,
)
def test_arguments_that_mean_nothing_together_are_refused(city, more, said):
    with pytest.raises(ValueError, match=said):
        assess(city, POLICY, progress=False, **more)


@pytest.mark.parametrize("name", ["out", "overwrite", "resume", "encoding"])
def test_rows_in_memory_are_returned_and_not_written(tmp_path, name):
    given = {"out": tmp_path, "encoding": "utf8"}.get(name, True)
    with pytest.raises(ValueError, match=f"{name} is for a register that is read from a file"):
        assess(CITY, POLICY, **{name: given})


# Runs that were broken off ------------------------------------------------------------------------


def broken_off(city, out, monkeypatch) -> None:
    """Assess until a third part is read and stops everything, as the end of a process does."""

    def stop(self, wanted=None):
        seen.append(self)
        if len(seen) == 3:
            raise KeyboardInterrupt
        return read(self, wanted)

    seen, read = [], files.Part.read
    with monkeypatch.context() as patch, dask.config.set(scheduler="sync"):
        patch.setattr(files.Part, "read", stop)
        with pytest.raises(KeyboardInterrupt):
            run(city, out)


def test_a_run_that_was_broken_off_is_seen_and_goes_on_where_it_stopped(city, out, monkeypatch):
    broken_off(city, out, monkeypatch)
    assert manifest(out)["finished"] is False
    done = {path: path.stat().st_mtime_ns for path in out.glob("*.parquet")}
    assert len(done) == 2
    (out / "part-000003.parquet.0a1b2c3d.unfinished").write_bytes(b"half")
    with pytest.raises(ValueError, match="resume=True goes on where it stopped"):
        run(city, out)
    found = run(city, out, resume=True)
    require_same(found, assess(CITY.head(800), POLICY))
    assert len(pd.read_parquet(out)) == 800
    assert manifest(out)["finished"] is True
    assert {path: path.stat().st_mtime_ns for path in done} == done
    assert not [*out.glob("*.unfinished")]


def test_a_run_that_goes_on_lists_the_problems_that_an_unbroken_one_does(city, out, tmp_path):
    """What it takes over may list fewer of them than it is asked for, and then is gone through."""
    for path in city.iterdir():
        pd.read_parquet(path).assign(income=-1).to_parquet(path)

    def problems(folder, most, **more):
        with pytest.warns(UserWarning, match="800 of 800 rows"):
            return run(city, folder, most_problems=most, **more).problems

    whole = problems(tmp_path / "whole", None)
    assert problems(out, 150).cut
    cut = {path: path.stat().st_mtime_ns for path in out.glob("*.parquet")}
    again = problems(out, 150, resume=True)
    assert {path: path.stat().st_mtime_ns for path in cut} == cut
    found = problems(out, None, resume=True)
    assert (len(again), again.total) == (150, 800)
    pd.testing.assert_frame_equal(pd.DataFrame(found), pd.DataFrame(whole))
    assert (len(found), found.cut) == (800, False)


def test_a_part_is_there_whole_or_not_at_all(city, out, monkeypatch):
    def full(source, target):
        if target.endswith(".parquet"):
            raise OSError(28, "No space left on device")
        replace_(source, target)

    replace_ = os.replace
    # One part at a time, so that none is still being written once the store is as it was.
    with monkeypatch.context() as patch, dask.config.set(scheduler="synchronous"):
        patch.setattr(os, "replace", full)
        with pytest.raises(OSError, match="No space left"):
            run(city, out)
    assert not [*out.glob("*.parquet")]
    assert run(city, out, resume=True).summary.rows == 800


def test_a_part_that_was_damaged_is_named_and_written_again(city, out):
    first = run(city, out)
    path = out / "part-000001.parquet"
    whole = path.read_bytes()
    path.write_bytes(whole[:-100])
    with pytest.warns(UserWarning, match="resume: part-000001.parquet was damaged, and was"):
        found = run(city, out, resume=True)
    require_same(found, first)
    assert path.read_bytes() == whole


def test_a_part_of_a_broken_run_is_held_against_its_own_checksums(city, out, monkeypatch):
    broken_off(city, out, monkeypatch)
    done = sorted(out.glob("*.parquet"))
    data = bytearray(done[0].read_bytes())
    data[200:300] = bytes(100)
    done[0].write_bytes(data)
    with pytest.warns(UserWarning, match=f"resume: {done[0].name} was damaged, and was written"):
        require_same(run(city, out, resume=True), assess(CITY.head(800), POLICY))
    assert len(pd.read_parquet(out)) == 800


def test_rows_that_changed_since_are_assessed_again(city, out):
    run(city, out)
    rich = pd.read_parquet(city / "1.parquet").assign(income=1e6)
    rich.to_parquet(city / "1.parquet")
    found = run(city, out, resume=True)
    require_same(found, assess(city, POLICY, progress=False))
    assert (pd.read_parquet(out)["income"] == 1e6).sum() == 200


def test_rows_that_are_gone_from_the_register_are_not_left_beside_the_others(city, out):
    run(city, out)
    (city / "3.parquet").unlink()
    with pytest.raises(ValueError, match=r"out has part-000003.parquet, of rows that .* no longer"):
        run(city, out, resume=True)


def test_a_run_of_other_rules_is_not_gone_on_with(city, out):
    run(city, out)
    cases = [
        ({"policy": RICHER}, "policy"),
        ({"policy": replace(POLICY, annual_rate=0.05)}, "policy"),
        ({"columns": {"income": "income"}}, "columns"),
        ({"id": "income"}, "id"),
    ]
    for more, name in cases:
        with pytest.raises(ValueError, match=f"resume: the run in out is of another {name}"):
            run(city, out, resume=True, **more)
    (out / "_assessed.json").write_text("{", "utf8")
    with pytest.raises(ValueError, match=r"out/_assessed.json is damaged: it is no JSON"):
        run(city, out, resume=True)
    (out / "_assessed.json").unlink()
    with pytest.raises(ValueError, match=r"there is no _assessed.json in out to go on from"):
        run(city, out, resume=True)


def test_problems_and_repeated_ids_are_the_same_when_gone_on_with(city, out, monkeypatch):
    frame = pd.read_parquet(city).round(2).assign(household=range(800))
    frame.loc[[3, 250], "income"] = [-1, float("nan")]
    frame.loc[[4, 790], "household"] = 0
    frame["income"] = frame["income"].astype(object)
    frame.loc[500, "income"] = "unknown"
    parts = dd.from_pandas(frame.astype({"income": str}), npartitions=4)
    first = run(parts, out, id="household")
    (out / "part-000002.parquet").unlink()
    with pytest.warns(UserWarning, match="resume: part-000002.parquet is gone, and was written"):
        require_same(run(parts, out, id="household", resume=True), first)
    assert first.problems["row"].tolist() == [3, 4, 250, 500, 790]


def test_a_folder_on_another_store_has_the_same_rules():
    store = fsspec.filesystem("memory")
    store.pipe("/register/a.csv", CITY.head(3).to_csv(index=False).encode())
    try:
        for place in ("register", "register/x", ""):
            with pytest.raises(ValueError, match="out must be another folder than the register's"):
                run("memory://register", f"memory://{place}", overwrite=True)
        run("memory://register/a.csv", "memory://out")
        with pytest.raises(ValueError, match="out must be empty: out has 2 files"):
            run("memory://register/a.csv", "memory://out")
        assert run("memory://register/a.csv", "memory://out", resume=True).summary.rows == 3
        assert not [path for path in store.find("/out") if "unfinished" in path]
    finally:
        for folder in ("/register", "/out"):
            store.rm(folder, recursive=True)
