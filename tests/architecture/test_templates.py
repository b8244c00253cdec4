"""Templates wear the shell, carry no styles or scripts of their own, and speak every language."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment

ROOT = Path(__file__).parents[2]
FOLDERS = [
    *(ROOT / name / "templates" for name in ("kernel", "banking", "insurance", "marketplace")),
    ROOT / "kernel" / "web" / "templates",
]
PAGES = sorted(path for folder in FOLDERS for path in folder.rglob("*.html"))

# Written for other readers than a browser with our shell.
FREE_OF_THE_SHELL = {"base.html", "macros.html", "away.html", "mail.html", "500.html", "503.html"}
# Names stay names in every language.
NAMES = {"Entrepôt", "Entrep", "ô", "t", "IBAN", "BIC", "SKU", "HS", "EUR", "GB", "PDF", "CSV"}
NAMES |= {"name", "example", "com"}  # name@example.com


def text_of(source):
    """What a reader would see that no marked sentence holds."""
    inside_trans = False
    parts = []
    tokens = list(Environment(autoescape=True, extensions=["jinja2.ext.i18n"]).lex(source))
    for index, (_, kind, value) in enumerate(tokens):
        if kind == "name" and value in {"trans", "endtrans"} and _opens(tokens, index):
            inside_trans = value == "trans"
        elif kind == "data" and not inside_trans:
            parts.append(value)
        elif kind == "variable_begin":
            parts.append("\x00")
    return "".join(parts)


def _opens(tokens, index):
    before = [kind for _, kind, _ in tokens[max(0, index - 2) : index] if kind != "whitespace"]
    return before[-1:] == ["block_begin"]


def seen_words(text):
    attributes = re.findall(r'\b(?:aria-label|placeholder|alt|title)="([^"]*)"', text)
    text = re.sub(r'\b(?:sizes|srcset|media)="[^"]*"', " ", text)
    text = re.sub(r"<!--.*?-->|<[^>]*>|aria-[a-z]+=\"[^\"]*\"", " ", text, flags=re.DOTALL)
    text = re.sub(r"&\w+;|&#\d+;", " ", " ".join([text, *attributes]))
    return set(re.findall(r"[^\W\d_]+", text)) - NAMES


def named(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_a_template_has_no_unmarked_words(path):
    assert not seen_words(text_of(path.read_text()))


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_a_template_has_no_style_or_script_of_its_own(path):
    if path.name == "mail.html":
        pytest.skip("mail programs read styles from the letter itself")
    source = text_of(path.read_text())
    assert not re.search(r"""\sstyle=["']|<style|\son\w+=["']|javascript:""", source)
    assert not re.search(r"<script(?![^>]*(src=|application/ld\+json))", source)


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_a_page_wears_the_shell(path):
    source = path.read_text()
    is_part = path.name.startswith("_") or "{% block" not in source
    if is_part or path.name in FREE_OF_THE_SHELL:
        return
    parent = re.search(r'{% extends "([^"]+)" %}', source)
    assert parent, "a page extends the shell or a layout of its package"
    assert parent[1] == "shell/base.html" or parent[1].endswith(("frame.html", "_page.html"))
