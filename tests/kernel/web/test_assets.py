import re
from pathlib import Path

from kernel.web import assets, fonts
from kernel.web.i18n import CATALOGUES  # noqa: F401 - the voice must load without a request

CSS = Path(assets.STATIC) / "css"


def test_every_sheet_is_named_once_in_the_order():
    named = re.findall(r'@import "([^"]+)"', (CSS / "app.css").read_text())
    present = {str(p.relative_to(CSS)) for p in CSS.rglob("*.css")} - {"app.css"}
    assert len(named) == len(set(named))
    assert set(named) == present


def test_the_sheet_has_logical_properties_only():
    physical = re.compile(
        r"(?<![-\w])(margin|padding|border|inset|scroll-margin|scroll-padding)-(left|right|top|bottom)"
        r"|(?<![-\w])(left|right|top|bottom|(min-|max-)?(width|height)):"
        r"|text-align: ?(left|right)|float: ?(left|right)"
    )
    found = {
        f"{path.name}: {line.strip()}"
        for path in CSS.rglob("*.css")
        for line in path.read_text().splitlines()
        if physical.search(line)
    }
    assert not found


def test_the_build_keeps_within_its_budget():
    assets.build()
    sent = {name: assets.DIST / assets.asset(name).rpartition("/")[2] for name in
            ("app.css", "js/app.js", "fonts/newsreader-display.woff2",
             "fonts/instrument-sans.woff2", "fonts/noto-sans-arabic.woff2")}  # fmt: skip
    assert (sent["app.css"].with_name(sent["app.css"].name + ".br")).stat().st_size < 12_000
    assert (sent["js/app.js"].with_name(sent["js/app.js"].name + ".br")).stat().st_size < 8_000
    assert sum(p.stat().st_size for n, p in sent.items() if n.startswith("fonts/")) < 105_000


def test_the_built_sheet_names_only_files_that_exist():
    assets.build()
    sheet = (assets.DIST / assets.asset("app.css").rpartition("/")[2]).read_text()
    names = set(re.findall(r"url\(([^)#]+)\)", sheet))
    assert names
    assert all((assets.DIST / name).is_file() for name in names)


def test_shrinking_a_sheet_leaves_strings_alone():
    text = '/* gone */ .a  >  b , .c { content: "a  ;  b" ; margin: 1px  2px; }\n'
    assert assets.small_css(text) == '.a > b,.c{content:"a  ;  b";margin:1px 2px}'


def test_cut_faces_keep_the_letters_they_are_for(tmp_path):
    from io import BytesIO

    from fontTools.ttLib import TTFont

    cuts = dict(fonts.subsets(assets.DIST / "fonts"))
    latin = TTFont(BytesIO(cuts["instrument-sans.woff2"])).getBestCmap()
    arabic = TTFont(BytesIO(cuts["noto-sans-arabic.woff2"])).getBestCmap()
    assert {ord(c) for c in "Entrepôt €−×Łőş"} <= set(latin)
    assert {ord(c) for c in "مرحباً٠١٢"} <= set(arabic)


def test_failure_pages_stand_ready_in_every_language():
    assets.build()
    for status in (500, 503):
        for locale, direction in (("en", "ltr"), ("zh-CN", "ltr"), ("ar", "rtl")):
            page = (assets.DIST / "errors" / f"{status}.{locale}.html").read_text()
            assert f'<html lang="{locale}" dir="{direction}">' in page
            assert "{reference}" in page
