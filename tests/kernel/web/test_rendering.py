"""What every process that writes pages shares with the others."""

import hashlib
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from kernel.web import rendering


def test_a_template_is_compiled_once_for_all_processes(app):
    env = app.extensions["entrepot_templates"]
    source, path, _fresh = env.loader.get_source(env, "shell/base.html")
    env.cache.clear()
    env.get_template("shell/base.html")

    bucket = env.bytecode_cache.get_bucket(env, "base.html", path, source)
    assert bucket.code is not None


class Told:
    """Something that knows how it is written in HTML."""

    def __html__(self):
        return "<i>&amp;</i>"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("<b> & 'x'", "&lt;b&gt; &amp; &#39;x&#39;"),
        (Markup("<b>"), "<b>"),
        (7, "7"),
        (True, "True"),
        (1.5, "1.5"),
        (Told(), "<i>&amp;</i>"),
    ],
)
def test_everything_is_escaped_once_but_what_is_escaped_already(app, value, written):
    env = app.extensions["entrepot_templates"]
    assert env.from_string("{{ value }}{{ value }}").render(value=value) == written * 2


@pytest.mark.parametrize(
    ("template", "written"),
    [
        ("{{ thing.real }}", "7"),
        ("{{ thing.real.real.numerator }}", "7"),
        ("{{ pair.key.key }}", "deep"),
        ("{{ pair.keys() | list }}", "[&#39;key&#39;]"),
        (
            "{% for one in rows if one.key is defined %}{{ loop.index }}{{ one.key }}{% endfor %}",
            "1a2b",
        ),
        ("{% set kept = namespace(of=1) %}{% set kept.of = 2 %}{{ kept.of }}", "2"),
        ("{{ 'none' if pair.nothing is not defined }}", "none"),
        ("{% macro m() %}<{{ caller() }}>{% endmacro %}{% call m() %}a&b{% endcall %}", "<a&b>"),
    ],
)
def test_attributes_and_items_are_found_and_calls_made_as_jinja_does(app, template, written):
    env = app.extensions["entrepot_templates"]
    facts = {"thing": 7, "pair": {"key": {"key": "deep"}}, "rows": [{"key": "a"}, {}, {"key": "b"}]}
    assert env.from_string(template).render(facts) == written


def test_what_is_nowhere_is_told(app):
    env = app.extensions["entrepot_templates"]
    with pytest.raises(UndefinedError, match="has no attribute 'none'"):
        env.from_string("{{ thing.none }}").render(thing=7)


def test_another_compiler_does_not_meet_what_this_one_wrote(app):
    env = app.extensions["entrepot_templates"]
    source = Path(rendering.__file__).read_bytes()
    assert env.bytecode_cache.directory.endswith(hashlib.sha256(source).hexdigest()[:16])
