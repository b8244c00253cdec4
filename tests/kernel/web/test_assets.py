import gzip
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from kernel.web import assets, fonts

CSS = Path(assets.STATIC) / "css"


def test_every_component_is_in_the_house_sheet_or_in_those_of_some_pages():
    named = {
        sheet: re.findall(r'@import "([^"]+)"', (CSS / sheet).read_text())
        for sheet in assets.SHEETS
    }
    present = {str(p.relative_to(CSS)) for p in CSS.rglob("*.css")} - set(assets.SHEETS)
    house = set(named["app.css"])
    for sheet, names in named.items():
        assert len(names) == len(set(names))
        assert sheet == "app.css" or house.isdisjoint(names)
    assert set().union(*named.values()) == present


def test_what_a_hand_causes_is_shown_of_every_sheet():
    def built(name):
        return (assets.DIST / assets.asset(name).rpartition("/")[2]).read_text()

    caused = sum(len(re.findall(":hover", built(sheet))) for sheet in assets.SHEETS)
    assert built("reviews.css").count(":hover")
    assert built("states.css").count(".is-hover") == caused


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


def sent(name):
    """How many bytes a browser that reads Brotli receives."""
    built = assets.DIST / assets.asset(name).rpartition("/")[2]
    return built.with_name(f"{built.name}.br").stat().st_size


def test_the_build_keeps_within_its_budget():
    assets.build()
    assert sent("app.css") <= 12 * 1024  # the printer's sheet is fetched when all else is there
    assert sent("app.css") + sent("print.css") + sent("desk.css") <= 14 * 1024
    assert sent("js/app.js") <= 8 * 1024
    assert sent("js/verify.js") <= 2 * 1024
    assert sent("js/opened.js") <= 1024
    head, text, arabic = (
        (assets.DIST / assets.asset(f"fonts/{name}.woff2").rpartition("/")[2]).stat().st_size
        for name in ("newsreader-display", "instrument-sans", "noto-sans-arabic")
    )
    assert head + text <= 30 * 1024
    assert head + text + arabic <= 70 * 1024


def test_the_sheet_asks_for_a_face_where_it_has_the_letter():
    sheet = (assets.STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
    asked = {}
    for rule in re.findall(r"@font-face \{[^}]*unicode-range[^}]*\}", sheet):
        if "local(" in rule:  # stands in for a face
            continue
        name, ranges = re.search(r"fonts/([\w-]+\.woff2)", rule), re.search("range: (.*);", rule)
        asked[name[1]] = {
            code
            for first, last in re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", ranges[1])
            for code in range(int(first, 16), int(last or first, 16) + 1)
        }
    assert asked.keys() == {face.name for face in fonts.FACES}
    for face in fonts.FACES:
        assert set(face.letters) - {0x20} <= asked[face.name], face.name


def test_kerning_keeps_what_is_seen_and_gives_accents_their_letters_share():
    cut = TTFont(BytesIO(dict(fonts.subsets(assets.DIST / "fonts"))["newsreader-display.woff2"]))
    (lookup,) = (found for found in cut["GPOS"].table.LookupList.Lookup if found.SubTable)
    (table,) = lookup.SubTable
    glyphs = cut.getBestCmap()

    def moved(left, right):
        left, right = glyphs[ord(left)], glyphs[ord(right)]
        row = table.Class1Record[table.ClassDef1.classDefs.get(left, 0)]
        value = row.Class2Record[table.ClassDef2.classDefs.get(right, 0)].Value1
        return value.XAdvance if value else 0

    assert moved("A", "V") < -20
    assert moved("À", "V") == moved("A", "V")
    assert moved("n", "n") == moved("1", "1") == 0


@pytest.mark.parametrize("path", sorted((assets.STATIC / "js").glob("*.js")), ids=lambda p: p.name)
def test_a_module_of_script_is_small(path):
    assert len(gzip.compress(assets.small_script(path).encode(), 9)) <= 1536


def test_shared_modules_stand_before_those_that_use_them():
    script = assets._script(sorted((assets.STATIC / "js").glob("*.js"))).decode()
    own = script.index("{\nwake(")
    assert max(script.index("const wake"), script.index("const combobox")) < own
    assert script.count("const wake ") == 1


def test_what_is_built_already_is_only_read_so_that_an_image_may_be_closed():
    assets.build()
    lock = assets.DIST / ".lock"
    lock.unlink(missing_ok=True)
    assets.build()
    assert not lock.exists()


def test_the_built_sheet_names_only_files_that_exist():
    assets.build()
    sheet = (assets.DIST / assets.asset("app.css").rpartition("/")[2]).read_text()
    names = set(re.findall(r"url\(([^)#]+)\)", sheet))
    assert names
    assert all((assets.DIST / name).is_file() for name in names)


def test_neighbouring_blocks_of_a_layer_become_one_and_keep_their_order():
    first, second, rest = '.x{c:"}{"}', "@media (w){.y{d:e}}", "@layer b{.z{f:g}}@layer a{.q{h:i}}"

    joined = assets._one_block_per_run(f"@layer a,b;@layer a{{{first}}}@layer a{{{second}}}{rest}")

    assert joined == f"@layer a,b;@layer a{{{first}{second}}}{rest}"


def test_shrinking_a_sheet_leaves_strings_alone():
    text = '/* gone */ .a  >  b , .c { content: "a  ;  b" ; margin: 1px  2px; }\n'
    assert assets.small_css(text) == '.a>b,.c{content:"a  ;  b";margin:1px 2px}'


def test_the_sign_of_a_rule_itself_is_left_out_where_it_goes_without_saying():
    nested = ".a { & .b, & i { margin: 0 } & > .c { &.d { margin: 0 } &:hover { margin: 0 } } }"
    assert assets.small_css(nested) == ".a{.b,i{margin:0}>.c{&.d{margin:0}&:hover{margin:0}}}"


def test_cut_faces_keep_the_letters_they_are_for():
    cuts = dict(fonts.subsets(assets.DIST / "fonts"))
    latin = TTFont(BytesIO(cuts["instrument-sans.woff2"])).getBestCmap()
    more = TTFont(BytesIO(cuts["instrument-more.woff2"])).getBestCmap()
    arabic = TTFont(BytesIO(cuts["noto-sans-arabic.woff2"])).getBestCmap()
    assert {ord(c) for c in "Entrepôt €−×œß«»„“¿ã"} <= set(latin)
    assert {ord(c) for c in "Łőşț"} <= set(more)
    assert not set(more) & set(latin)
    assert {ord(c) for c in "مرحباً٠١٢"} <= set(arabic)


def test_failure_pages_stand_ready_in_every_language():
    assets.build()
    for status in (500, 503):
        for locale, direction in (("en", "ltr"), ("zh-CN", "ltr"), ("ar", "rtl")):
            page = (assets.DIST / "errors" / f"{status}.{locale}.html").read_text()
            assert f'<html lang="{locale}" dir="{direction}">' in page
            assert "{reference}" in page


def rules_about(words: re.Pattern[str], css: str) -> Iterator[tuple[str, str]]:
    """Yield each declaration, and its selectors, inside of selectors that match."""
    around: list[str] = []
    for part in re.findall(r"[^{};]*[{};]", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)):
        words_of_it = " ".join(part[:-1].split())
        if part[-1] == "{":
            around.append(words_of_it)
            continue
        if words_of_it and any(words.search(selector) for selector in around):
            yield " ".join(around), words_of_it
        if part[-1] == "}":
            around.pop()


# What languages and directions may say: faces, sizes, spaces and places of letters, never colours.
# Pages' colours are looked at in English and Arabic, and large letters as if they were small.
_MAY_DIFFER = {
    "--lead",
    "--sans",
    "--serif",
    "--t3",
    "--to",
    "align-items",
    "background-position",
    "font-size",
    "font-weight",
    "hyphens",
    "justify-self",
    "letter-spacing",
    "line-height",
    "mask",
    "max-inline-size",
    "overflow-wrap",
    "rotate",
    "scale",
    "text-align",
    "text-transform",
    "text-wrap",
    "translate",
    "word-break",
}


def test_a_language_changes_letters_and_places_and_no_colours():
    said = {
        (declaration.partition(":")[0], selectors)
        for path in CSS.rglob("*.css")
        for selectors, declaration in rules_about(
            re.compile(r":lang\(|:dir\(|\[(?:lang|dir)\b"), path.read_text(encoding="utf-8")
        )
    }
    assert len(said) > 30
    assert {name: where for name, where in said if name not in _MAY_DIFFER} == {}


def test_a_colour_of_a_language_is_found_out():
    sheet = "@layer base { a { b:lang(ja) { font-size: 1px; & i { color: red } } } p { top: 0 } }"
    found = [declaration for _, declaration in rules_about(re.compile(":lang"), sheet)]
    assert found == ["font-size: 1px", "color: red"]
