"""When the largest thing of a page is painted, by the browser's own clock on a slowed line.

Lighthouse reckons a phone's times from one fast opening, and from above. Here the browser itself is
slowed: a line of 1.6 Mbit/s down and 150 ms there and back, a processor at a quarter of its speed
for a phone; nothing is slowed for a desk. Every opening begins with an empty cache.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.chromium import FLAGS, path_of_chromium

TIMES = 5
_DEVICES: dict[str, dict[str, Any]] = {
    "mobile": {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2},
    "desktop": {"viewport": {"width": 1280, "height": 900}},
}
_LINE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 0.75e6 / 8,
}
_WATCH = """
    window.painted = 0;
    new PerformanceObserver(list => list.getEntries().forEach(entry => painted = entry.startTime))
        .observe({ type: "largest-contentful-paint", buffered: true });
"""


def paintings(urls: list[str], cookies: Mapping[str, str]) -> dict[tuple[str, str], float]:
    """Return the middle of several openings, by page and device. Units: seconds."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path_of_chromium(), args=FLAGS)
        return {
            (url, device): statistics.median(
                _largest_paint(browser, url, device, cookies) for _ in range(TIMES)
            )
            for url in urls
            for device in _DEVICES
        }


def _largest_paint(browser: Browser, url: str, device: str, cookies: Mapping[str, str]) -> float:
    context = browser.new_context(**_DEVICES[device])
    try:
        context.add_cookies(
            [{"name": name, "value": value, "url": url} for name, value in cookies.items()]
        )
        page = context.new_page()
        page.add_init_script(_WATCH)
        if device == "mobile":
            tools = context.new_cdp_session(page)
            tools.send("Network.enable")
            tools.send("Network.emulateNetworkConditions", _LINE)
            tools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        page.goto(url)
        page.wait_for_load_state("networkidle")
        milliseconds: float = page.evaluate("painted")
        assert milliseconds > 0, url
        return milliseconds / 1_000
    finally:
        context.close()
