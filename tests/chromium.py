"""The one browser of a worker: the driver allows no second one beside it in a process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from fnmatch import fnmatch
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_FLAGS = [
    "--no-sandbox", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real browser without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        path = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
        browser = driver.chromium.launch(executable_path=path, args=_FLAGS)
        yield browser
        browser.close()


def arrive(page: Page, pattern: str) -> None:
    """Wait until the browser is on a page whose path is like this: `*/account`.

    The path alone: an address that only names the page as the next one (`?next=/en/account`) is not
    that page, and a pattern for whole addresses would take it for it.
    """
    page.wait_for_url(lambda url: fnmatch(urlsplit(url).path, pattern))
