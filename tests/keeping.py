"""What a run leaves to the next one in `var`: files that follow from sources and nothing else.

A folder is named by the sum of what makes its files; other sources begin with an empty one.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path

import jinja2

ROOT = Path(__file__).resolve().parents[1]


def sum_of(sources: Iterable[Path], *versions: str) -> str:
    """Return a sum over what some files hold, and over the versions of what they use."""
    sums = hashlib.sha256("\n".join(versions).encode())
    for source in sorted(sources):
        sums.update(source.read_bytes())
    return sums.hexdigest()[:32]


def kept_folder(name: str, sources: Iterable[Path], *versions: str) -> Path:
    """Return the folder of what some sources make, and drop what older ones have made.

    Shape: versions are those of the libraries that have a part in it.
    """
    of_all = ROOT / "var" / name
    folder = of_all / sum_of(sources, *versions)
    if not folder.exists():
        shutil.rmtree(of_all, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def share_compiled_templates(var: Path) -> None:
    """Let a house whose data lie in `var` find the templates that another run has compiled.

    Each is named by its source; the folder by what compiles them.
    """
    web = ROOT / "kernel" / "web"
    compilers = [web / "rendering.py", web / "line_breaks.py"]
    (var / "templates").symlink_to(kept_folder("test-templates", compilers, jinja2.__version__))
