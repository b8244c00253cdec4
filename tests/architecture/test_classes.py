"""Classes are called in whole words, are drawn by a sheet, and are worn on a page."""

import ast
import re
from itertools import chain
from pathlib import Path

import pytest
from jinja2 import Environment

from tests.architecture.test_templates import SEEN_IN_BROWSERS, named

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "kernel" / "web" / "static"
# Beside templates, these put classes on elements.
PYTHON = [ROOT / "kernel" / "web" / f"{name}.py" for name in ("route", "icons", "formats")]
SCRIPTS = sorted((STATIC / "js").rglob("*.js"))
DRAWINGS = sorted((STATIC / "icons").glob("*.svg"))
# No sheet draws them: tests find by them what has no other name.
HOOKS = {"code", "continue-bank"}
# What ends with a number that a page computes.
COMPUTED = re.compile(r"[rvy]\d+")

# Shorter than four letters are the scale, which stands on every page in many places ...
SCALE = """
    btn btn-2 btn-3 f2 f3 f4 f6 g3 gap2 gap5 gap6 h4 ltr mb0 mb4 mt1 mt2 mt3 mt4 mt5 mt6 mt7 mut pt6
    r1 r2 r3 r4 row s380 s392 s400 s540 sm t1 t2 t3 v20 xs
"""
# ... and words that are no longer in English.
WORDS = """
    ask bad bar big buy day dot duo end go hop key now off ok out own pin sum tag top way
    who why
"""
SHORTEST = 4

_ASIDE = re.compile(r"""/\*.*?\*/|url\([^)]*\)|"[^"]*"|@import[^;]*;""", re.DOTALL)
_DRAWN = re.compile(r"\.([A-Za-z][\w-]*)")
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_ATTRIBUTE = re.compile(rf'(?<![\w-])class="((?:[^"{{]|{_JINJA.pattern}|\{{)*)"', re.DOTALL)
_CLASS_NAME = re.compile(r'(?:className: |classList\.toggle\()"([^"]*)"')
# A string in an expression; what is compared with it or asked for by it stands before it.
_STRING = re.compile(r"""(= |get\(|choice\()?(["'])([a-z\d -]*)\2""")
_MANY = re.compile(r"[a-z][a-z\d -]*")


def drawn_by(sheet):
    """The classes that a style sheet knows."""
    return set(_DRAWN.findall(_ASIDE.sub(" ", sheet)))


def worn_in(template):
    """The classes that a template names where it puts them on, those that end in a number apart."""
    worn = set()
    for attribute in _ATTRIBUTE.findall(_COMMENT.sub("", template)):
        for expression in _JINJA.findall(attribute):
            for asked, _, words in _STRING.findall(expression):
                worn.update([] if asked else words.split())
        apart = re.sub(r"""(?=\{\{ ["'] |\{%)""", " ", attribute)
        worn.update(name for name in _JINJA.sub("\0", apart).split() if "\0" not in name)
    return worn


def handed_on_in(template):
    """What a template may hand to a macro to put on: its strings that no translator sees."""
    tokens = [
        (kind, value)
        for _, kind, value in Environment(autoescape=True, extensions=["jinja2.ext.i18n"]).lex(
            template
        )
        if kind != "whitespace"
    ]
    for n, (kind, value) in enumerate(tokens):
        if (
            kind == "string"
            and _MANY.fullmatch(value[1:-1])
            and ("name", "_") not in tokens[n - 2 : n]
        ):
            yield from value[1:-1].split()


def strings_of(module):
    """The words of a module's short strings."""
    for node in ast.walk(ast.parse(module)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            marked = re.findall(r'class="([^"]*)"', node.value) or [node.value.strip()]
            yield from chain(*(words.split() for words in marked if _MANY.fullmatch(words)))


def read(paths):
    return [path.read_text(encoding="utf-8") for path in paths]


DRAWN = set().union(*map(drawn_by, read((STATIC / "css").rglob("*.css"))))
BY_SCRIPTS = set(" ".join(chain(*map(_CLASS_NAME.findall, read(SCRIPTS)))).split())
WORN = set().union(BY_SCRIPTS, *map(worn_in, read([*SEEN_IN_BROWSERS, *DRAWINGS])))


@pytest.mark.parametrize("path", SEEN_IN_BROWSERS, ids=named)
def test_what_a_template_puts_on_is_drawn_by_a_sheet(path):
    assert worn_in(path.read_text(encoding="utf-8")) - DRAWN - HOOKS == set()


def test_what_a_script_puts_on_is_drawn_by_a_sheet():
    assert BY_SCRIPTS <= DRAWN


def test_what_a_sheet_draws_is_worn():
    handed_on = chain(*map(handed_on_in, read(SEEN_IN_BROWSERS)), *map(strings_of, read(PYTHON)))
    idle = DRAWN - WORN - set(handed_on)
    assert {name for name in idle if not COMPUTED.fullmatch(name)} == set()


def test_a_hook_is_worn_and_drawn_by_no_sheet():
    assert HOOKS <= WORN
    assert HOOKS.isdisjoint(DRAWN)


def test_a_class_is_called_in_a_whole_word():
    short = {name for name in DRAWN | WORN if len(re.sub(r"[^a-z]", "", name)) < SHORTEST}
    assert short == {*SCALE.split(), *WORDS.split()}


@pytest.mark.parametrize(
    ("template", "worn"),
    [
        ('<p class="sm mut">', {"sm", "mut"}),
        ('<i class="here v{{ way }}">', {"here"}),
        ("<p class=\"hop{{ ' domestic' if here }} mt2\">", {"hop", "domestic", "mt2"}),
        ('<p class="tag {{ kind if kind != "wait" }}">', {"tag"}),
        ("<p class=\"{{ 'one' if a else 'two' }}\">", {"one", "two"}),
        ('<p class="rails{% if few %} {{ "duo" }}{% endif %}">', {"rails", "duo"}),
        ('{# <p class="lost"> #}<p data-class="none">', set()),
    ],
)
def test_what_a_template_puts_on_is_seen(template, worn):
    assert worn_in(template) == worn


def test_what_a_sheet_draws_is_seen():
    sheet = '@import "a.css";\n.b > p.c:not(.d) { width: 1.5em; e: url(f.g) ".h" } /* .i */'
    assert drawn_by(sheet) == {"b", "c", "d"}
