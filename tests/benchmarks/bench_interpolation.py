"""Time `InverseDistance` against the bare search of its tree, scikit-learn and GDAL's gdal_grid.

100,000 known points, a million targets, 12 neighbours. scikit-learn comes with the extra
"evidence"; gdal_grid is timed where it is installed, on the grid of targets that it can make.
"""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
import tempfile
import tracemalloc
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
from scipy.spatial import cKDTree
from sklearn.neighbors import KNeighborsRegressor

from housing.interpolation import InverseDistance

KNOWN, TARGETS, NEIGHBORS = 100_000, 1_000_000, 12
SEARCHED = 65_536
#: What the library has to keep.
FASTER_THAN_SKLEARN, OVER_BARE_SEARCH, EXTRA_MEGABYTES = 2.0, 1.25, 100.0
#: Weighted means of the same numbers, added up in another order: some units in the last place.
AGREEMENT = 1e-12
#: Ten times the targets may take this many times ten times as long, noise of the clock included.
LINEARITY = 1.35


def seconds(function: Callable[[], object]) -> float:
    start = perf_counter()
    function()
    return perf_counter() - start


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


def peak_megabytes(function: Callable[[], object], result: int) -> float:
    """Return the highest use of memory on top of the result itself, in bytes over a million."""
    tracemalloc.start()
    function()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return (peak - result) / 1e6


def gdal_grid(points: np.ndarray, values: np.ndarray, side: int) -> float | None:
    """Return the seconds that gdal_grid takes for a square grid of targets, if it is installed."""
    program = shutil.which("gdal_grid")
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        known = Path(folder) / "known.csv"
        rows = "\n".join(f"{x},{y},{z}" for (x, y), z in zip(points, values, strict=True))
        known.write_text(f"x,y,z\n{rows}\n")
        known.with_suffix(".vrt").write_text(
            '<OGRVRTDataSource><OGRVRTLayer name="known"><SrcDataSource>'
            f"{known}</SrcDataSource><GeometryType>wkbPoint</GeometryType>"
            '<GeometryField encoding="PointFromColumns" x="x" y="y" z="z"/>'
            "</OGRVRTLayer></OGRVRTDataSource>"
        )
        method = f"invdistnn:power=2.0:radius=1.0:max_points={NEIGHBORS}"
        extent = ["-txe", "0", "50", "-tye", "0", "50", "-outsize", str(side), str(side)]
        command = [program, "-q", "-a", method, *extent, "-ot", "Float64", "-l", "known"]
        files = [str(known.with_suffix(".vrt")), str(Path(folder) / "grid.tif")]
        return seconds(lambda: subprocess.run([*command, *files], check=True))


def main() -> int:
    points, values, targets = problem()
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "scikit-learn"))
    print(f"InverseDistance, Python {platform.python_version()}, {packages}")
    print(f"{KNOWN:,} known points, {TARGETS:,} targets, {NEIGHBORS} neighbours")
    theirs = KNeighborsRegressor(NEIGHBORS, weights=inverse_square, algorithm="kd_tree")
    theirs.fit(points, values)
    one, all_ = (
        InverseDistance(neighbors=NEIGHBORS, workers=workers).fit(points, values)
        for workers in (1, -1)
    )
    # One run of each in turn, so that a busy machine slows them alike.
    turns = [
        (
            seconds(lambda: theirs.predict(targets)),
            seconds(lambda: one.predict(targets)),
            seconds(lambda: bare_search(one.tree_, targets, 1)),
            seconds(lambda: all_.predict(targets)),
            seconds(lambda: bare_search(all_.tree_, targets, -1)),
            seconds(lambda: one.predict(targets[: TARGETS // 10])),
        )
        for _ in range(3)
    ]
    peer, own, bare, own_all, bare_all, tenth = (median(t) for t in zip(*turns, strict=True))
    apart = np.max(np.abs(one.predict(targets) / theirs.predict(targets) - 1))
    memory = peak_megabytes(lambda: one.predict(targets), targets[:, 0].nbytes)
    print(f"  {'':<22} {'seconds':>8} {'scikit-learn over it':>21} {'it over bare search':>20}")
    for name, took, search in (("one worker", own, bare), ("all cores", own_all, bare_all)):
        print(f"  {name:<22} {took:>8.2f} {peer / took:>21.2f} {took / search:>20.2f}")
    print(f"  {'scikit-learn':<22} {peer:>8.2f}")
    grid = gdal_grid(points, values, 1_000)
    told = "not installed" if grid is None else f"{grid:8.2f} {grid / own:>21.2f} times one worker"
    print(f"  {'gdal_grid':<22} {told}")
    print(f"  all the targets take {own / tenth:.1f} times a tenth of them")
    print(f"  extra memory at most {memory:.0f} MB; apart from scikit-learn by {apart:.1e}")
    held = [
        ("scikit-learn over all cores", peer / own_all >= FASTER_THAN_SKLEARN),
        ("one worker over the bare search", own / bare <= OVER_BARE_SEARCH),
        ("all cores over the bare search", own_all / bare_all <= OVER_BARE_SEARCH),
        ("extra memory", memory <= EXTRA_MEGABYTES),
        ("agreement with scikit-learn", apart <= AGREEMENT),
        ("time linear in targets", own / tenth <= 10 * LINEARITY),
    ]
    for name, holds in held:
        if not holds:
            print(f"not held: {name}", file=sys.stderr)
    return 0 if all(holds for _, holds in held) else 1


if __name__ == "__main__":
    sys.exit(main())
