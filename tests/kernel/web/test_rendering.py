"""What every process that writes pages shares with the others."""

import pytest
from markupsafe import Markup


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
