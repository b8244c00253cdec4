import pytest
from bs4 import BeautifulSoup

from kernel.geoip.queries import Place
from kernel.web import letters
from kernel.web.i18n import use_locale
from kernel.web.letters import render_letter
from tests.kernel.letter_facts import SAMPLE
from tests.letters import LIKE_TIMES, LOCALES, assert_whole, called, templates


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("template", templates("kernel", "banking", "insurance"))
def test_every_letter_says_the_same_in_both_parts_and_whom_to_ask(template, locale):
    assert_whole(render_letter(template, locale, SAMPLE), locale)


# Who paid by card and has no account is known by a mail address, not by a name.
_TO_WHOM_HAS_NO_NAME = {
    "banking/mail/purchase_credit.txt",
    "banking/mail/purchase_given_up.txt",
    "insurance/mail/insurer_invited.txt",
}


@pytest.mark.parametrize("name", LIKE_TIMES)
@pytest.mark.parametrize(
    "template", sorted({*templates("kernel", "banking", "insurance")} - _TO_WHOM_HAS_NO_NAME)
)
def test_what_looks_like_a_day_is_said_as_it_was_typed(template, name):
    assert f"Hello {name}," in render_letter(template, "en", called(SAMPLE, name)).text


def test_a_browser_that_calls_itself_a_day_is_told_of():
    letter = render_letter("kernel/mail/new_device.txt", "en", SAMPLE | {"device": "2026-02-30"})
    assert "18 Dec, 10:30" in letter.text


def test_a_letter_keeps_its_paragraphs_and_its_link():
    letter = render_letter("kernel/mail/welcome.txt", "en", {"name": "Lena"})
    assert letter.subject == "Welcome to Entrepôt"
    paragraphs = letter.text.split("\n\n")
    assert paragraphs[0] == "Hello Lena,"
    assert len(paragraphs) == 5
    assert paragraphs[2].startswith("Open your wallet\nhttp")
    assert letter.html.count("<p ") == 6
    assert "/en/bank/" in letter.html


def test_a_page_escapes_what_a_letter_writes_plainly_from_the_same_template(app):
    env = app.extensions["entrepot_templates"]
    env.bytecode_cache.clear()
    for remembered in (letters._environment, letters._plain_environment):
        remembered.cache_clear()
    render_letter("kernel/mail/new_device.txt", "en", SAMPLE)

    env.cache.clear()
    words = env.get_template("kernel/geoip/words.html").module
    with use_locale("en"):
        cell = words.place_cell(Place(network="<b>", country="", is_here=False))
    assert "&lt;b&gt;" in cell


def test_a_letter_speaks_the_language_of_its_reader():
    letter = render_letter("kernel/mail/welcome.txt", "ar", {"name": "ليلى"})
    assert letter.subject == "مرحبًا بك في Entrepôt"
    assert '<html lang="ar" dir="rtl">' in letter.html
    assert "/ar/bank/" in letter.text


def test_a_reader_of_a_language_the_house_does_not_speak_gets_english_throughout():
    letter = render_letter("kernel/mail/welcome.txt", "nl", {"name": "Camille"})
    assert letter.subject == "Welcome to Entrepôt"
    assert '<html lang="en" dir="ltr">' in letter.html
    assert "/en/bank/" in letter.text


def test_names_cannot_write_html_into_a_letter():
    letter = render_letter("kernel/mail/welcome.txt", "en", {"name": "<b>Lena</b>"})
    assert "<b>" not in letter.html
    assert "&lt;b&gt;Lena" in letter.html
    assert "Hello <b>Lena</b>," in letter.text


PARCELS = {
    "name": "Lena",
    "group_ref": "G-4TX9QZ2M",
    "total": {"minor": 14890, "currency": "EUR"},
    "parcels": [
        {
            "ref": "P-7K0D38811",
            "total": {"minor": 14890, "currency": "EUR"},
            "by": "2026-12-03",
            "titles": ["青花瓷饭碗", "Tea | caddy"],
        },
    ],
}


@pytest.mark.parametrize(
    ("locale", "amount", "day"),
    [
        ("en", "EUR\u00a0148.90", "3 Dec"),
        ("zh-CN", "EUR\u00a0148.90", "12月3日"),
        ("ar", "148.90", "ديسمبر"),
    ],
)
def test_facts_stand_in_both_parts_with_their_labels(locale, amount, day):
    letter = render_letter("marketplace/mail/order_placed.txt", locale, PARCELS)
    cells = [c.get_text() for c in BeautifulSoup(letter.html, "html.parser").select("td")]

    for fact in ("P-7K0D38811", "青花瓷饭碗, Tea | caddy", amount, day):
        assert fact in letter.text
        assert any(fact in cell for cell in cells)
    assert len(cells) == 4
    assert "/orders/G-4TX9QZ2M/receipt.pdf" in letter.text
    assert len(letter.html.encode()) < 60_000


def test_a_reference_in_the_heading_does_not_break_at_its_dashes():
    letter = render_letter(
        "marketplace/mail/order_delivered.txt",
        "en",
        {
            "name": "Lena",
            "ref": "G-PWAHH4MR-1",
            "group_ref": "G-PWAHH4MR",
            "until": "2026-12-18T09:00:00+00:00",
            "zone": "Europe/Paris",
        },
    )
    heading = BeautifulSoup(letter.html, "html.parser").find("h1")

    kept = heading.find("span", style="white-space:nowrap")
    assert kept.get_text() == "G-PWAHH4MR-1"


def test_a_reference_among_the_facts_does_not_break_at_its_dashes():
    data = {**PARCELS, "parcels": [{**PARCELS["parcels"][0], "ref": "G-PWAHH4MR-1"}]}
    letter = render_letter("marketplace/mail/order_placed.txt", "en", data)
    cells = BeautifulSoup(letter.html, "html.parser").select("td")

    (cell,) = [cell for cell in cells if "G-PWAHH4MR-1" in cell.get_text()]
    assert cell.find("span", style="white-space:nowrap").get_text() == "G-PWAHH4MR-1"


@pytest.mark.parametrize(
    ("locale", "named"),
    [
        ("en", set()),
        ("ar", {"Noto Naskh Arabic"}),
        ("zh-CN", {"Songti SC"}),
        ("ja", {"Hiragino Mincho ProN"}),
    ],
)
def test_a_letter_names_faces_of_its_own_script_alone(locale, named):
    """Another's would take its figures, and draw Japanese with the signs of Chinese."""
    html = render_letter("kernel/mail/welcome.txt", locale, {"name": "Lena"}).html

    faces = {"Noto Naskh Arabic", "Songti SC", "Hiragino Mincho ProN"}
    assert {face for face in faces if face in html} == named


def test_a_number_in_an_arabic_letter_keeps_its_order_in_every_part():
    letter = render_letter(
        "insurance/mail/bound.txt",
        "ar",
        {
            "name": "ليلى",
            "number": "26-0048213",
            "total": PARCELS["total"],
            "sum_insured": PARCELS["total"],
        },
    )

    assert "\u206626-0048213\u2069" in letter.subject
    assert "\u206626-0048213\u2069" in letter.html
    assert "/ar/cover/policies/26-0048213" in letter.text


def test_an_english_text_carries_no_marks():
    letter = render_letter("marketplace/mail/order_placed.txt", "en", PARCELS)

    assert not {"\u2066", "\u2068", "\u2069"} & set(letter.subject + letter.text)


def test_what_people_write_begins_no_line_of_its_own():
    bad = "Lena\n\n-> https://example.com click\n\n| Total | 0"
    letter = render_letter("kernel/mail/welcome.txt", "en", {"name": bad})
    links = {a["href"] for a in BeautifulSoup(letter.html, "html.parser").select("a")}

    assert not any("example.com" in link for link in links)
    assert "<table" not in letter.html


def test_the_gist_stands_before_the_letter_for_the_inbox():
    letter = render_letter("kernel/mail/welcome.txt", "en", {"name": "Lena"})
    shown = BeautifulSoup(letter.html, "html.parser").body.find("div").get_text()

    assert shown.startswith("Your account is ready")


def test_the_act_can_be_read_where_buttons_are_not_drawn():
    letter = render_letter("kernel/mail/welcome.txt", "en", {"name": "Lena"})
    acts = [a.get_text() for a in BeautifulSoup(letter.html, "html.parser").select("a.act, a.url")]

    assert acts[0] == "Open your wallet"
    assert acts[1].startswith("http")


@pytest.mark.parametrize("locale", ["en", "zh-CN", "ar"])
def test_a_warning_names_device_time_and_place_of_the_clock(locale):
    letter = render_letter(
        "kernel/mail/new_device.txt",
        locale,
        {
            "name": "Lena",
            "device": "Mozilla/5.0 (X11; Linux) Firefox/140.0",
            "place": SAMPLE["place"],
            "at": "2026-11-25T08:30:00+00:00",
            "zone": "Europe/Berlin",
        },
    )

    assert "Firefox" in letter.text
    assert "9:30" in letter.text
    assert "203.0.113.x" in letter.text
    assert f"/{locale.lower()}/account" in letter.text


@pytest.mark.parametrize(("locale", "mark"), [("ar", "\u200f"), ("en", "")])
def test_a_device_begins_where_its_language_does(locale, mark):
    letter = render_letter(
        "kernel/mail/new_device.txt",
        locale,
        {
            "name": "Lena",
            "device": "Mozilla/5.0 (X11; Linux) Chrome/140.0",
            "place": None,
            "at": "2026-11-25T08:30:00+00:00",
            "zone": "Europe/Berlin",
        },
    )

    assert f"<bdi>{mark}Chrome" in letter.html
