"""Registers on a cluster of this machine: workers that are lost, runs that go on, other stores.

``make test-cluster``. The totals are to the cent what one process comes to.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pandas as pd
import pytest
from distributed import Client, LocalCluster
from pandas.testing import assert_frame_equal, assert_series_equal
from registers import POLICY, RICHER, made_up, require_same

from housing.register import Assessment, assess, compare, marginal

PARTS, ROWS = 24, 4_000
CITY = made_up(PARTS * ROWS, seed=8)
EXPECTED = assess(CITY, POLICY)
#: Bad entries far apart, and ids that stand in two parts.
MESSY = CITY.round(2).assign(household=range(PARTS * ROWS))
MESSY.loc[[7, 50_000], "income"] = -1
MESSY.loc[[8, 90_000], "household"] = 0


@pytest.fixture
def client(tmp_path) -> Iterator[Client]:
    options = {"processes": True, "dashboard_address": None, "local_directory": tmp_path / "dask"}
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, **options) as cluster,
        Client(cluster) as client,
    ):
        yield client


@pytest.fixture
def city(tmp_path) -> Path:
    return written(MESSY, tmp_path / "city")


def written(frame: pd.DataFrame, folder: Path) -> Path:
    folder.mkdir()
    for part in range(PARTS):
        rows = frame.iloc[part * ROWS : (part + 1) * ROWS]
        rows.to_parquet(folder / f"{part}.parquet")
    return folder


def require_to_the_cent(found: Assessment, expected: Assessment) -> None:
    require_same(found, expected)
    assert round(found.summary.cost_per_month, 2) == round(expected.summary.cost_per_month, 2)


def slowly(*, until: Path) -> None:
    """Have this worker write each part as slowly as a busy store, and tell its process."""
    from housing.register._parts import Folder

    write = Folder._write

    def late(self: Folder, name: str, data: bytes) -> None:
        half = f"{self.path}/{name}.{os.getpid()}.unfinished"
        Path(half).write_bytes(data[: len(data) // 2])
        until.with_name(f"{os.getpid()}.writes").touch()
        time.sleep(0.2)
        os.remove(half)
        write(self, name, data)

    Folder._write = late  # type: ignore[method-assign]


def test_a_cluster_comes_to_what_one_process_does(client, city, tmp_path, capsys):
    found = assess(city, POLICY, id="household", out=tmp_path / "out")
    require_to_the_cent(found, assess(MESSY, POLICY, id="household"))
    assert len(pd.read_parquet(tmp_path / "out")) == PARTS * ROWS
    assert "100%" in capsys.readouterr().out  # the bar of the cluster


def test_a_worker_that_is_killed_while_it_writes_costs_nothing(client, city, tmp_path):
    client.run(slowly, until=tmp_path / "x")
    out = tmp_path / "out"
    victim = next(iter(client.run(os.getpid).values()))
    killer = subprocess.Popen(
        [sys.executable, "-c", KILLER, str(tmp_path / f"{victim}.writes"), str(victim)]
    )
    found = assess(city, POLICY, id="household", out=out, progress=False)
    assert killer.wait(30) == 0
    assert victim not in client.run(os.getpid).values()
    require_to_the_cent(found, assess(MESSY, POLICY, id="household"))
    assert len(pd.read_parquet(out)) == PARTS * ROWS
    assert not [*out.glob("*.unfinished")]


#: A process of its own, which ends another once that one is half-way through a part.
KILLER = f"""
import os, sys, time
from pathlib import Path
end = time.monotonic() + 30
while not Path(sys.argv[1]).exists():
    if time.monotonic() > end: sys.exit(1)
    time.sleep(0.01)
os.kill(int(sys.argv[2]), {int(signal.SIGKILL)})
"""

#: A run in a process of its own, which is ended in the midst of it.
RUN = """
import sys
from housing.register import assess
from housing.policy import load_policy
assess(sys.argv[1], load_policy(), id="household", out=sys.argv[2], progress=False)
"""


def test_a_run_whose_process_is_killed_goes_on_where_it_stopped(city, tmp_path):
    out = tmp_path / "out"
    process = subprocess.Popen([sys.executable, "-c", RUN, str(city), str(out)])
    end = time.monotonic() + 60
    while len([*out.glob("*.parquet")]) < 3 and time.monotonic() < end:
        time.sleep(0.005)
    process.kill()
    process.wait()
    done = {path: path.stat().st_mtime_ns for path in out.glob("*.parquet")}
    assert 3 <= len(done) < PARTS
    with LocalCluster(n_workers=2, dashboard_address=None) as cluster, Client(cluster):
        found = assess(city, POLICY, id="household", out=out, resume=True, progress=False)
    require_to_the_cent(found, assess(MESSY, POLICY, id="household"))
    assert {path: path.stat().st_mtime_ns for path in done} == done


def test_a_store_that_is_reached_by_url_alone_holds_register_and_result(tmp_path):
    """fsspec's memory, which workers share as threads: it renames by copying, as stores do."""
    store = fsspec.filesystem("memory")
    for path in written(CITY, tmp_path / "city").iterdir():
        store.put_file(str(path), f"/city/{path.name}")
    options = {"processes": False, "dashboard_address": None}
    with LocalCluster(n_workers=2, threads_per_worker=1, **options) as cluster, Client(cluster):
        found = assess("memory://city", POLICY, out="memory://out", progress=False)
        again = assess("memory://city", POLICY, out="memory://out", resume=True, progress=False)
    require_to_the_cent(found, EXPECTED)
    require_to_the_cent(again, EXPECTED)
    assert len(store.glob("/out/*.parquet")) == PARTS
    assert not store.glob("/out/*unfinished*")


def test_policies_side_by_side_and_what_earning_leaves_are_the_same_on_a_cluster(client, city):
    policies = {"today": POLICY, "richer": RICHER}
    asked = {"id": "household", "poverty_line": 12_000, "progress": False}
    found, expected = compare(city, policies, **asked), compare(MESSY, policies, **asked)
    for name, table in expected.tables().items():
        assert_frame_equal(found.tables()[name], table, rtol=1e-9)
    assert_series_equal(found.decile_borders, expected.decile_borders)
    found, expected = (
        marginal(each, POLICY, id="household", progress=False) for each in (city, MESSY)
    )
    assert found.losing_by_more == pytest.approx(expected.losing_by_more, rel=1e-12)
    assert_frame_equal(found.by_class, expected.by_class, rtol=1e-9)
