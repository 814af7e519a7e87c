"""The heaviest pages on a telephone: a quarter of the processor, 1.6 Mbit/s.

The server compresses, as hosts do. Run alone, since what else runs would slow it.
"""

from __future__ import annotations

import statistics

import pytest
from conftest import SITE

#: The six with the most HTML.
HEAVIEST = sorted(SITE.rglob("*.html"), key=lambda path: -path.stat().st_size)[:6]
SLOWER = 4
LINE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
#: Seconds until the page is there, and during which it answers no touch, at most.
LOADED, BLOCKED = 6.0, 1.5
TIMES = 3
WATCH = """window.blocked = 0;
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) window.blocked += Math.max(0, duration - 50);
}).observe({ type: 'longtask', buffered: true });"""


@pytest.fixture(scope="module")
def at_least(browser, host) -> float:
    """For how long a page of two sentences is blocked: on a busy machine even that one is."""
    return visited(browser, f"{host}404.html")[1]


@pytest.mark.parametrize("path", HEAVIEST, ids=lambda path: path.stem)
def test_a_heavy_page_is_there_soon_and_answers(browser, host, path, at_least, capsys):
    name = path.relative_to(SITE).as_posix()
    seen = [visited(browser, f"{host}{name}") for _ in range(TIMES)]
    load, blocked = (statistics.median(each) for each in zip(*seen, strict=True))
    with capsys.disabled():
        print(f"\n{name}: there after {load:.1f} s, blocked for {blocked:.2f} s", end=" ")
        print(f"(a page of two sentences: {at_least:.2f} s)", end=" ")
    assert load <= LOADED
    assert blocked <= BLOCKED


def visited(browser, address: str) -> tuple[float, float]:
    """Return after how many seconds a page is there, and for how many it is blocked in all."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, device_scale_factor=2, is_mobile=True
    )
    page = context.new_page()
    page.add_init_script(WATCH)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", LINE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, wait_until="load")
    load = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    # What is still to be done as soon as there is time is done.
    page.evaluate("new Promise((done) => requestIdleCallback(() => setTimeout(done, 100)))")
    blocked = page.evaluate("window.blocked")
    context.close()
    return load / 1000, blocked / 1000
