"""Builds the static files at set-up, from our sources and Python packages alone.

Stylesheets and scripts, one for every page and others for some; subset fonts, drawings. Every name
carries its content's hash, every text is compressed.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import brotli

from kernel.locking import alone, write_whole
from kernel.web.prerender import failure_pages

STATIC = Path(__file__).parent / "static"
DIST = STATIC / "dist"
# Every page's; then those of the front page, tracking, the bank, desks, certificates, approvals,
# talk, reviews, photographs, a product, results, comparing, checkout, signing in, and last print.
SHEETS = (
    "app.css",
    "home.css",
    "tracking.css",
    "bank.css",
    "desk.css",
    "cover.css",
    "approving.css",
    "talk.css",
    "reviews.css",
    "photos.css",
    "goods.css",
    "results.css",
    "compare.css",
    "checkout.css",
    "door.css",
    "print.css",
)
_MANIFEST = "manifest.json"
_TEXT = {".css", ".js", ".svg", ".json", ".webmanifest"}


def asset(name: str) -> str:
    """Return the address of a static file, like /static/app.3f2a91c0.css."""
    return f"/static/{_manifest()[name]}"


@cache
def _manifest() -> dict[str, str]:
    if not (DIST / _MANIFEST).exists():
        build()
    names: dict[str, str] = json.loads((DIST / _MANIFEST).read_text(encoding="utf-8"))
    return names


def build() -> None:
    """Bring the static files up to date; nothing is done when no source changed.

    Nothing is written then either: the image of a container cannot be written to.
    """
    stamp, stamp_file = _stamp(), DIST / "stamp"
    if _holds(stamp_file, stamp):
        return
    with alone(DIST / ".lock"):
        if _holds(stamp_file, stamp):
            return
        names = dict(_files())
        (DIST / _MANIFEST).write_text(json.dumps(names, indent=1, sort_keys=True))
        failure_pages(DIST / "errors", stylesheet=f"/static/{names['app.css']}")
        _sweep(set(names.values()))
        stamp_file.write_text(stamp)
        _manifest.cache_clear()


def _holds(file: Path, told: str) -> bool:
    return file.exists() and file.read_text() == told


def _stamp() -> str:
    """Return a digest of everything the build reads."""
    here = Path(__file__).parent
    sources = [
        *here.glob("*.py"),
        *(here / "templates").rglob("*.html"),
        *(here.parents[1] / "translations").rglob("*.po"),
    ]
    sources += [p for p in STATIC.rglob("*") if p.is_file() and DIST not in p.parents]
    digest = hashlib.sha256()
    for path in sorted(sources):
        digest.update(str(path.relative_to(here.parents[1])).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files() -> Iterator[tuple[str, str]]:
    """Write every file under its hashed name; yield plain and hashed name."""
    from kernel.web import fonts  # noqa: PLC0415 - a type foundry, of no use to a server of pages

    names: dict[str, str] = {}
    for name, content in fonts.subsets(DIST / "fonts"):
        names[f"fonts/{name}"] = _write(name, content)
    for path in sorted((STATIC / "img").iterdir()):
        names[f"img/{path.name}"] = _write(path.name, path.read_bytes())
    modules = sorted((STATIC / "js").glob("*.js"))
    names["js/app.js"] = _write("app.js", _script(modules))
    for path in sorted((STATIC / "js/pages").glob("*.js")):
        names[f"js/{path.name}"] = _write(path.name, small_script(path).encode())
    for sheet in SHEETS:
        names[sheet] = _write(sheet, _stylesheet(sheet, names))
    names["states.css"] = _write("states.css", _states(names))
    yield from names.items()


def _write(name: str, content: bytes) -> str:
    stem, dot, kind = name.rpartition(".")
    hashed = f"{stem}.{hashlib.sha256(content).hexdigest()[:8]}{dot}{kind}"
    path = DIST / hashed
    if not path.exists():
        if path.suffix in _TEXT:
            (DIST / f"{hashed}.br").write_bytes(_packed(content))
            (DIST / f"{hashed}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
        write_whole(path, content)  # last: where it stands its smaller kinds stand as well
    return hashed


def _packed(content: bytes) -> bytes:
    """Return the smallest of what brotli makes of a file, taken for text, a font or neither."""
    kinds = (brotli.MODE_GENERIC, brotli.MODE_TEXT, brotli.MODE_FONT)
    packed: list[bytes] = [brotli.compress(content, mode=kind, quality=11) for kind in kinds]
    return min(packed, key=len)


def _sweep(wanted: set[str]) -> None:
    """Remove what an earlier build left, except the files that open pages may still ask for."""
    plain = {path.name for path in DIST.iterdir() if path.is_file()}
    old = sorted(
        (n for n in plain if n.removesuffix(".br").removesuffix(".gz") not in wanted),
        key=lambda n: (DIST / n).stat().st_mtime,
    )
    keep = {_MANIFEST, "stamp", ".lock", *old[-60:]}
    for name in old:
        if name not in keep:
            (DIST / name).unlink()


def _stylesheet(sheet: str, names: dict[str, str]) -> bytes:
    folder = STATIC / "css"
    text = re.sub(
        r'@import "([^"]+)";',
        lambda rule: (folder / rule[1]).read_text(encoding="utf-8"),
        (folder / sheet).read_text(encoding="utf-8"),
    )
    text += _positions() if sheet == "app.css" else ""
    text = re.sub(r"url\(\.\./([^)]+)\)", lambda address: f"url({names[address[1]]})", text)
    return _one_block_per_run(small_css(text)).encode()


def _states(names: dict[str, str]) -> bytes:
    """Return the sheets again, with classes for what only a hand causes: `.is-hover`, `.is-focus`.

    The page that shows every component in every state puts them on; no other page loads it. The
    last sheet, that of print, knows no hand.
    """
    sheets = [(DIST / names[sheet]).read_text(encoding="utf-8") for sheet in SHEETS[:-1]]
    text = re.sub(r":(?:hover|active)", lambda state: f".is-{state[0][1:]}", "".join(sheets))
    return re.sub(r":focus(?:-visible|-within)?\b", ".is-focus", text).encode()


def _positions() -> str:
    """Return classes for values that pages compute: the policy forbids style attributes.

    `.v37` is a share of 37 %, `.v37 .y52` a place on a map or, in a score, columns from and to.
    """
    rules = [f".{axis}{n}{{--{axis}:{n}}}" for axis in "vy" for n in range(101)]
    return "@layer utilities{" + "".join(rules) + "}"


_STRING = re.compile(r'("(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\')')


def small_css(text: str) -> str:
    """Return the sheet without comments and needless space; strings stay as they are."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    parts = _STRING.split(text)
    for index in range(0, len(parts), 2):
        part = re.sub(r"\s+", " ", parts[index])
        part = re.sub(r" ?([{};,]|>(?!=)) ?", r"\1", part)
        # Goes without saying, to every browser that knows light-dark().
        part = re.sub(r"(?<=[{};,])&(?: (?=[.#\[+*:a-z])|(?=>))", "", part)
        part = re.sub(r"(?<=width) ([<>]=?) ", r"\1", part).replace("@media (", "@media(")
        parts[index] = re.sub(r"(?<=[\w)]): ", ":", part).replace(";}", "}")
    return "".join(parts).strip()


_EDGE = re.compile(_STRING.pattern + "|[{};]")


def _one_block_per_run(text: str) -> str:
    """Return the sheet with neighbouring blocks of one layer as one: each file opens its own."""
    runs: list[tuple[str, str]] = []
    for head, body in _outermost(text):
        if runs and body and runs[-1][0] == head and head.startswith("@layer "):
            runs[-1] = (head, runs[-1][1] + body)
        else:
            runs.append((head, body))
    return "".join(f"{head}{{{body}}}" if body else f"{head};" for head, body in runs)


def _outermost(text: str) -> Iterator[tuple[str, str]]:
    """Yield what stands outermost: head and body of a block, or a statement without a body."""
    start = opened = depth = 0
    for edge in _EDGE.finditer(text):
        sign = edge[0]
        depth += (sign == "{") - (sign == "}")
        if sign == "{" and depth == 1:
            opened = edge.start()
        elif sign == "}" and depth == 0:
            yield text[start:opened].strip(), text[opened + 1 : edge.start()]
            start = edge.end()
        elif sign == ";" and depth == 0:
            yield text[start : edge.start()].strip(), ""
            start = edge.end()


def _script(modules: list[Path]) -> bytes:
    """Return the modules as one: what is shared (`_name.js`) first, each other in its own scope."""
    shared = [small_script(path) for path in modules if path.name.startswith("_")]
    own = [small_script(path) for path in modules if not path.name.startswith("_")]
    return "\n".join([*shared, *("{\n" + text + "\n}" for text in own)]).encode()


def small_script(path: Path) -> str:
    """Return a module without comments and indentation."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def best_encoding(accepts: Callable[[str], bool], name: str) -> tuple[str, str | None]:
    """Return the stored file that serves a name best, and its content encoding."""
    for suffix, encoding in ((".br", "br"), (".gz", "gzip")):
        if accepts(encoding) and (DIST / (name + suffix)).is_file():
            return name + suffix, encoding
    return name, None


def clean() -> None:
    """Remove everything that was built."""
    shutil.rmtree(DIST, ignore_errors=True)
    _manifest.cache_clear()
