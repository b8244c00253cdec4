"""PDFs through Typst, in every script the house speaks, tagged and with real text."""

from __future__ import annotations

import importlib
import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

_FONT_PACKAGES = ("fontpkg_noto_sans", "fontpkg_noto_sans_arabic")


@cache
def font_folders() -> list[str]:
    """Return the folders of the font packages, so that no document needs the machine's own."""
    found = set()
    for package in _FONT_PACKAGES:
        root = Path(str(importlib.import_module(package).__file__)).parent
        found |= {str(path.parent) for path in root.rglob("*.[ot]tf")}
    return sorted(found)


def render_pdf(template: Path, data: dict[str, Any], *, locale: str) -> bytes:
    """Return the PDF of a Typst template.

    Shape: the template reads `json("data.json")`, which holds `data` with `locale` and `dir` added;
    amounts arrive as formatted strings.
    """
    import typst  # noqa: PLC0415 - 40 MB that only the documents queue needs

    payload = data | {"locale": locale, "dir": "rtl" if locale == "ar" else "ltr"}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "main.typ").write_text(template.read_text(encoding="utf-8"), encoding="utf-8")
        (root / "data.json").write_text(json.dumps(payload, ensure_ascii=False), encoding="utf-8")
        pdf: bytes = typst.compile(
            str(root / "main.typ"), root=str(root), font_paths=font_folders()
        )
    return pdf
