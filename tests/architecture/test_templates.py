"""Templates wear the shell, carry no styles or scripts of their own, and speak every language."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).parents[2]
PACKAGES = ("kernel", "banking", "insurance", "search", "marketplace")
# Where a template's name leads: the shell's own folder, or the package's. The card network's
# stand-in has pages of its own, which are not the house's.
FOLDERS = {
    "shell": ROOT / "kernel" / "web" / "templates" / "shell",
    **{name: ROOT / name / "templates" for name in PACKAGES},
}
PAGES = sorted(path for folder in FOLDERS.values() for path in folder.rglob("*.html"))

# Letters are read by mail programs, which know styles from the letter alone.
SEEN_IN_BROWSERS = [path for path in PAGES if path.name != "mail.html"]
PYTHON = [path for name in PACKAGES for path in sorted((ROOT / name).rglob("*.py"))]
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
    text = re.sub(r"<style>.*?</style>", " ", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->|<[^>]*>|aria-[a-z]+=\"[^\"]*\"", " ", text, flags=re.DOTALL)
    text = re.sub(r"&\w+;|&#\d+;", " ", " ".join([text, *attributes]))
    return set(re.findall(r"[^\W\d_]+", text)) - NAMES


def named(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_a_template_has_no_unmarked_words(path):
    assert not seen_words(text_of(path.read_text()))


@pytest.mark.parametrize("path", SEEN_IN_BROWSERS, ids=named)
def test_a_template_has_no_style_or_script_of_its_own(path):
    source = text_of(path.read_text())
    assert not re.search(r"""\sstyle=["']|<style|\son\w+=["']|javascript:""", source)
    assert not re.search(r"<script(?![^>]*(src=|application/ld\+json))", source)


# What a button may not say alone: it tells that something happens, and not what.
_NOTHING = r'_\("(?:Confirm|Yes|No|OK|Submit|Send|Continue|Proceed|Propose)"\)'
_INSIDE = r"(?:[^()]|\((?:[^()]|\([^()]*\))*\))*?"
_SAYS_NOTHING = re.compile(
    rf"<button[^>]*>\s*{{{{ {_NOTHING} }}}}|\b(?:act|passkey|passkey_form)\({_INSIDE}{_NOTHING}"
)


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_a_button_names_its_act(path):
    assert _SAYS_NOTHING.findall(path.read_text()) == []


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ('<button class="btn">{{ _("Confirm") }}</button>', False),
        ('{{ act(url_for("a.b", ref=one.ref), _("Confirm"), kind="") }}', False),
        ('{{ act(url_for("a.b", ref=one.ref), _("Confirm withdrawal"), kind="") }}', True),
        ('<a href="{{ url_for("a.b") }}">{{ _("Send") }}</a>', True),
    ],
)
def test_a_button_that_says_nothing_is_found_out(source, says):
    assert (_SAYS_NOTHING.search(source) is None) == says


LETTERS = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("mail/*.txt"))


@pytest.mark.parametrize("path", LETTERS, ids=named)
def test_a_letter_tells_an_instant_by_its_readers_clock(path):
    # A letter is written outside a page, where no country says whose clock counts.
    for call in re.findall(r"format_(?:instant|time)\([^)]*\)", path.read_text()):
        assert re.search(r"\bzone=zone\b", call), call


# A block of one number and many: its first value decides, unless `pluralize` names another.
_COUNTED = re.compile(
    r"{%\s*trans\s+(?:trimmed\s+)?(\w+)\s*=(?:(?!endtrans).)*?{%\s*pluralize\s*%}", re.DOTALL
)


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_a_plural_is_chosen_by_a_number(path):
    # English would not notice: it asks only whether the value equals one.
    assert set(_COUNTED.findall(path.read_text())) <= {"num", "count"}


def file_of(name):
    package, _, rest = name.partition("/")
    return FOLDERS[package] / rest


def rendered_names():
    """The names that views give to `render`; an f-string stands for every file it may mean."""
    for path in PYTHON:
        for name in re.findall(r'\brender\(\s*f?"([^"]+\.html)"', path.read_text()):
            pattern = file_of(re.sub(r"\{\w+\}", "[0-9]*", name))
            found = sorted(pattern.parent.glob(pattern.name))
            assert found, f"{name} does not exist"
            yield from found


def frames_of(path):
    """The files a page stands in, up to the outermost."""
    while extended := re.search(r'{% extends "([^"]+)" %}', path.read_text()):
        name = extended[1]
        path = FOLDERS["shell"] / name if name.startswith("errors/") else file_of(name)
        yield path


RENDERED = set(rendered_names())


@pytest.mark.parametrize("path", sorted(RENDERED), ids=named)
def test_a_page_wears_the_shell_directly_or_through_a_frame(path):
    outermost = list(frames_of(path))[-1:]
    # When the house itself is down, a page without the shell's tiles speaks.
    away = path.parent == FOLDERS["shell"] / "errors" and path.name in {"500.html", "503.html"}
    assert outermost == [path.parent / "away.html" if away else FOLDERS["shell"] / "base.html"]


def test_no_template_lies_idle():
    told = "\n".join(path.read_text() for path in [*PAGES, *PYTHON])
    packages = "|".join(FOLDERS)
    named_files = {file_of(n) for n in re.findall(rf'"((?:{packages})/[^"]+\.html)"', told)}
    named_files |= {FOLDERS["shell"] / n for n in re.findall(r'"(errors/[^"]+\.html)"', told)}
    assert [named(p) for p in PAGES if p not in named_files | RENDERED] == []


COMPONENTS = sorted((FOLDERS["shell"] / "components").glob("*.html"))


def names_in(tree):
    return {node.name for node in tree.find_all(nodes.Name)}


def components_used_by(path, parse):
    """The macros of the house that a template asks for, and then calls."""
    tree = parse(path.read_text())
    asked = {
        (name, name) if isinstance(name, str) else name
        for node in tree.find_all(nodes.FromImport)
        if node.template.value.startswith("shell/components/")
        for name in node.names
    }
    return {macro for macro, called in asked if called in names_in(tree)}


def test_every_component_serves_a_page_and_not_only_the_page_that_shows_them():
    parse = Environment(autoescape=True, extensions=["jinja2.ext.i18n", "jinja2.ext.do"]).parse
    macros = [m for path in COMPONENTS for m in parse(path.read_text()).find_all(nodes.Macro)]
    calls = {macro.name: names_in(macro) for macro in macros}
    shows = {FOLDERS["shell"] / "dev", FOLDERS["shell"] / "components"}
    pages = [path for path in PAGES if path.parent not in shows and path.name != "_specimens.html"]
    served = set().union(*(components_used_by(path, parse) for path in pages))
    while further := set().union(*(calls[name] for name in served)) & calls.keys() - served:
        served |= further
    assert calls.keys() - served == set()


LAID_OUT = [*PAGES, *sorted((ROOT / "banking").rglob("standin/templates/*.html"))]
WIDTH, STEP = 120, 2
# What browsers begin on a line of its own, and what only stands in such.
_BLOCKS = """
    address article aside blockquote body caption dd details dialog div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 head header hr html legend li link main meta nav ol option
    p pre script section style summary table tbody td tfoot th thead title tr ul
"""
_BLOCK = re.compile(rf"<(?:{'|'.join(_BLOCKS.split())})(?![\w-])")
_COMMENT = re.compile(r"{#.*?#}", re.DOTALL)


def untidy(source):
    """Yield what makes a template hard to read, and the number of its line."""
    # An example in a comment is laid out as its sentence wants.
    code = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), source)
    lines = zip(source.split("\n"), code.split("\n"), strict=True)
    depth = 0
    for number, (line, kept) in enumerate(lines, 1):
        if len(line) > WIDTH:
            yield number, "long"
        if len(_BLOCK.findall(kept)) > 1:
            yield number, "crowded"
        if kept.strip() and kept == line:
            before, depth = depth, len(line) - len(line.lstrip())
            if depth % STEP or depth > before + STEP:
                yield number, "astray"


@pytest.mark.parametrize("path", LAID_OUT, ids=named)
def test_a_template_has_one_element_a_line_nested_by_its_indentation(path):
    assert list(untidy(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("source", "faults"),
    [
        ("<ul>\n  <li>\n    <b>a</b> <i>b</i>\n  </li>\n</ul>", []),
        ("<div><a href='/'>one block and what runs in it</a></div>", []),
        ("<a\n  class='b'\n  href='/'\n>\n  c\n</a>", []),
        ("{# <ul><li> and\n   on #}\n<p>a</p>", []),
        ("<ul><li>a</li>\n</ul>", [(1, "crowded")]),
        ("<p>a</p><p>b</p>", [(1, "crowded")]),
        ("<ul>\n <li>a</li>\n</ul>", [(2, "astray")]),
        ("<ul>\n      <li>a</li>\n</ul>", [(2, "astray")]),
        (f"<p>{'a' * 120}</p>", [(1, "long")]),
    ],
)
def test_a_template_that_is_hard_to_read_is_found_out(source, faults):
    assert list(untidy(source)) == faults


# The end of one sentence and the beginning of the next, with a space of no language between them or
# with a line break, which is nothing.
_END = r'[.!?](?:"\) \}\}|\s*\{% endtrans %\})'
_BEGIN = r"(?:\s*\{% if [^%]*%\})?\s*(?:\{\{ _\(|\{% trans|\{\{ ngettext)"
BARE_SPACE = re.compile(
    _END
    + r"(?:\s*\{% (?:endif|elif[^%]*|else) %\})*(?:\s*\{% if [^%]*%\})?"
    + r'(?:[ ]|\s*\{\{ " " \}\})'
    + _BEGIN
)
BARE_BREAK = re.compile(_END + r"(?:\s*\{% endif %\})*" + _BEGIN)


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_sentences_stand_apart_as_their_language_has_it(path):
    source = path.read_text(encoding="utf-8")
    found = BARE_SPACE.findall(source) + BARE_BREAK.findall(source)
    assert found == [], "use sentence_gap()"


@pytest.mark.parametrize(
    "source",
    [
        '{{ _("One.") }} {{ _("Two.") }}',
        '{{ _("One.") }}{{ " " }}\n{% trans trimmed %}Two.{% endtrans %}',
        '{% if a %}{{ _("One.") }}{% endif %} {{ _("Two.") }}',
        '{{ _("One.") }}\n{{ _("Two.") }}',
        '{% trans trimmed %}\n  One.\n{% endtrans %}\n{% if a %}\n  {{ _("Two.") }}\n{% endif %}',
    ],
)
def test_sentences_that_run_together_are_found_out(source):
    assert BARE_SPACE.search(source) or BARE_BREAK.search(source)
