"""`InverseDistance` against scikit-learn, the bare search of its tree, and GDAL's gdal_grid.

gdal_grid is timed where it is installed, on the grid of targets that it can make.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
from comparison import Comparison, best_of, median_of
from scipy.spatial import cKDTree
from sklearn.neighbors import KNeighborsRegressor

from housing.interpolation import InverseDistance

KNOWN, TARGETS, NEIGHBORS = 100_000, 1_000_000, 12
SEARCHED = 65_536
#: What the library has to keep.
AS_FAST_AS_SKLEARN, FASTER_WITH_ALL, OF_BARE_SEARCH = 2.0, 3.0, 1 / 1.25
EXTRA_MEGABYTES = 100.0
#: Weighted means of the same numbers, added up in another order: some units in the last place.
AGREEMENT = 1e-12
#: Ten times the targets take ten times as long, noise of the clock aside.
LINEAR = 1 / 1.35


def problem() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(2020)
    points = random.uniform(0, 50, (KNOWN, 2))
    values = 5_000 + 1_500 * np.sin(points[:, 0] / 5) + random.normal(0, 300, KNOWN)
    return points, values, random.uniform(0, 50, (TARGETS, 2))


def inverse_square(distances: np.ndarray) -> np.ndarray:
    return 1.0 / np.square(distances)


def bare_search(tree: cKDTree, targets: np.ndarray, workers: int) -> None:
    """Find the same neighbours, in the same pieces, and do nothing with them."""
    for start in range(0, len(targets), SEARCHED):
        tree.query(targets[start : start + SEARCHED], k=NEIGHBORS, workers=workers)


def extra_megabytes(function: Callable[[], np.ndarray]) -> float:
    """Return the highest use of memory on top of the result itself."""
    tracemalloc.start()
    result = function()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return (peak - result.nbytes) / 1e6


def gdal_grid(points: np.ndarray, values: np.ndarray, side: int) -> float:
    """Return the seconds that gdal_grid takes for a square grid of targets."""
    with tempfile.TemporaryDirectory() as folder:
        known = Path(folder) / "known.csv"
        rows = "\n".join(f"{x},{y},{z}" for (x, y), z in zip(points, values, strict=True))
        known.write_text(f"x,y,z\n{rows}\n", "utf8")
        known.with_suffix(".vrt").write_text(
            '<OGRVRTDataSource><OGRVRTLayer name="known"><SrcDataSource>'
            f"{known}</SrcDataSource><GeometryType>wkbPoint</GeometryType>"
            '<GeometryField encoding="PointFromColumns" x="x" y="y" z="z"/>'
            "</OGRVRTLayer></OGRVRTDataSource>",
            "utf8",
        )
        method = f"invdistnn:power=2.0:radius=1.0:max_points={NEIGHBORS}"
        extent = ["-txe", "0", "50", "-tye", "0", "50", "-outsize", str(side), str(side)]
        command = ["gdal_grid", "-q", "-a", method, *extent, "-ot", "Float64", "-l", "known"]
        files = [str(known.with_suffix(".vrt")), str(Path(folder) / "grid.tif")]
        (taken,) = best_of(1, lambda: subprocess.run([*command, *files], check=True))
        return taken.wall


def comparisons() -> Iterator[Comparison]:
    points, values, targets = problem()
    theirs = KNeighborsRegressor(NEIGHBORS, weights=inverse_square, algorithm="kd_tree")
    theirs.fit(points, values)
    one, all_ = (
        InverseDistance(neighbors=NEIGHBORS, workers=workers).fit(points, values)
        for workers in (1, -1)
    )
    some = targets[: TARGETS // 10]
    own, peer, bare, own_all, bare_all, tenth = median_of(
        5,
        lambda: one.predict(targets),
        lambda: theirs.predict(targets),
        lambda: bare_search(one.tree_, targets, 1),
        lambda: all_.predict(targets),
        lambda: bare_search(all_.tree_, targets, -1),
        lambda: one.predict(some),
    )
    row = partial(Comparison, "InverseDistance.predict")
    size = f"{TARGETS:,} targets"
    yield row(
        f"{size}, 1 worker",
        own.processor,
        "scikit-learn",
        peer.processor,
        AS_FAST_AS_SKLEARN,
        apart=np.max(np.abs(one.predict(some) / theirs.predict(some) - 1)),
        most_apart=AGREEMENT,
        megabytes=extra_megabytes(lambda: one.predict(targets)),
        most_megabytes=EXTRA_MEGABYTES,
    )
    yield row(f"{size}, all workers", own_all.wall, "scikit-learn", peer.wall, FASTER_WITH_ALL)
    for name, times, search in (("1 worker", own, bare), ("all workers", own_all, bare_all)):
        both = times.processor, "its search alone", search.processor
        yield row(f"{size}, {name}", *both, OF_BARE_SEARCH)
    yield row(f"{size}, 1 worker", own.processor, "10 times a tenth", 10 * tenth.processor, LINEAR)
    if shutil.which("gdal_grid"):
        yield row(f"{size}, 1 worker", own.wall, "gdal_grid", gdal_grid(points, values, 1_000), 1)
