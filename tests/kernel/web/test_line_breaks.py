"""A template may be laid out freely: its line breaks are no part of the page."""

import pytest
from jinja2 import DictLoader, Environment

from kernel.web.line_breaks import LineBreaks


def written(source, name="page.html", **values):
    env = Environment(
        loader=DictLoader({name: source}),
        autoescape=True,
        extensions=["jinja2.ext.i18n", LineBreaks],
    )
    env.install_null_translations(newstyle=True)
    return env.get_template(name).render(**values)


@pytest.mark.parametrize(
    ("source", "page"),
    [
        ("<ul>\n  <li>\n    <b>a</b>\n  </li>\n</ul>", "<ul><li><b>a</b></li></ul>"),
        ("<b>a</b>\n<i>b</i>", "<b>a</b><i>b</i>"),
        ("<p>\n  {{ x }}\n  {{ x }}\n</p>", "<p>11</p>"),
        ("<p>\n  {% if x %}\n    ({{ x }})\n  {% endif %}\n</p>", "<p>(1)</p>"),
        ("<p>\n\n  {# why #}\n  a\n</p>", "<p>a</p>"),
    ],
)
def test_a_line_break_beside_a_tag_is_nothing(source, page):
    assert written(source, x=1) == page


@pytest.mark.parametrize(
    ("source", "page"),
    [
        ("<b>a</b> <i>b</i>", "<b>a</b> <i>b</i>"),
        ('<b>a</b>{{ " " }}\n<i>b</i>', "<b>a</b> <i>b</i>"),
        ("{% if x %} · {{ x }}{% endif %}", " · 1"),
        ("<p>a long\n  sentence</p>", "<p>a long sentence</p>"),
    ],
)
def test_a_space_within_a_line_and_between_words_shows(source, page):
    assert written(source, x=1) == page


@pytest.mark.parametrize(
    ("source", "page"),
    [
        ('<a\n  class="b"\n  href="/"\n>\n  c\n</a>', '<a class="b" href="/">c</a>'),
        ("<a\n  {% if x %}hidden{% endif %}\n>b</a>", "<a hidden>b</a>"),
        ('<a title="{{ x }},\n  a > b">c</a>', '<a title="1, a > b">c</a>'),
        ("<img\n  alt=''\n/>", "<img alt='' />"),
    ],
)
def test_a_line_break_inside_a_tag_keeps_attributes_and_their_words_apart(source, page):
    assert written(source, x=1) == page


@pytest.mark.parametrize("name", ["pre", "script", "style", "textarea"])
def test_what_browsers_take_as_it_is_written_stays_so(name):
    source = f"<{name}>\n a\n <b>\n{{{{ x }}}}\n</{name}>"
    assert written(f"{source}\n<p>\n</p>", x=1) == source.replace("{{ x }}", "1") + "<p></p>"


def test_a_sentence_is_trimmed_by_jinja_alone():
    source = "<p>\n{% trans trimmed x=x %}\n  a {{ x }}\n  <b>c</b>\n{% endtrans %}\n</p>"
    assert written(source, x=1) == "<p>a 1 <b>c</b></p>"


def test_a_file_that_is_no_html_keeps_its_lines():
    assert written("a\n\n<b>\n| {{ x }} |", name="mail.txt", x=1) == "a\n\n<b>\n| 1 |"
