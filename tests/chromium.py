"""The one browser of a worker: the driver allows no second one beside it in a process."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from fnmatch import fnmatch
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# As docker/chromium.sh looks for it.
NAMES = ("chromium", "chromium-browser", "google-chrome")


def path_of_chromium() -> str:
    """Return the browser's path: the one CHROMIUM names, else the first that is on the path.

    Raises: FileNotFoundError.
    """
    named = os.environ.get("CHROMIUM")
    found = next(filter(None, map(shutil.which, (named,) if named else NAMES)), None)
    if found is None:
        raise FileNotFoundError(f"no browser: {named or ', '.join(NAMES)}")
    return found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real browser without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path_of_chromium(), args=FLAGS)
        yield browser
        browser.close()


def arrive(page: Page, pattern: str) -> None:
    """Wait until the browser is on a page whose path is like this: `*/account`.

    The path alone: an address that only names the page as the next one (`?next=/en/account`) is not
    that page, and a pattern for whole addresses would take it for it.
    """
    page.wait_for_url(lambda url: fnmatch(urlsplit(url).path, pattern))
