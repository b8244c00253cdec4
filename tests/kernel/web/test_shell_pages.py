import gzip
import re
from urllib.parse import parse_qs, unquote, urlsplit

import brotli
import pytest
from bs4 import BeautifulSoup

from kernel.errors import Forbidden, Invalid, LimitExceeded, NotFound, RuleBroken, Upstream
from kernel.web.assets import asset
from kernel.web.preferences import LANGUAGES


def soup(response):
    return BeautifulSoup(response.get_data(as_text=True), "html.parser")


@pytest.mark.parametrize(
    ("tag", "lang", "direction"),
    [(tag, lang, "rtl" if lang == "ar" else "ltr") for tag, lang in LANGUAGES.items()],
)
def test_a_page_says_its_language_and_leads_to_its_others(client, tag, lang, direction):
    page = soup(client.get(f"/{tag}/settings"))
    assert (page.html["lang"], page.html["dir"]) == (lang, direction)
    others = {link["hreflang"] for link in page.select("link[rel=alternate]")}
    assert others == {*LANGUAGES.values(), "x-default"}
    assert page.select_one("link[rel=canonical]")["href"].endswith(f"/{tag}/settings")
    assert page.select_one("a.skip")["href"] == "#main"
    assert len(page.select("h1")) == 1


def test_choosing_keeps_the_place_and_the_three_settings(client):
    token = soup(client.get("/en/settings")).select_one("[name=csrf_token]")["value"]
    answer = client.post(
        "/en/settings",
        data={
            "csrf_token": token,
            "language": "ar",
            "country": "JP",
            "currency": "KRW",
            "next": "/en/sign-in?next=/en/account",
        },
    )
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/ar/sign-in?next=/en/account"
    shown = soup(client.get("/en/settings"))
    assert shown.select_one("#f-country option[selected]")["value"] == "JP"
    assert shown.select_one("#f-currency option[selected]")["value"] == "KRW"
    assert client.get("/").headers["Location"] == "/ar/"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//elsewhere.example/",
        "/\\elsewhere.example",
        "/\t/elsewhere.example",
        "/\n/elsewhere.example",
        "https://elsewhere.example/",
        "/en/\r\nSet-Cookie: a=b",
    ],
)
def test_a_foreign_address_is_never_the_way_back(client, elsewhere):
    token = soup(client.get("/en/settings")).select_one("[name=csrf_token]")["value"]
    answer = client.post(
        "/en/settings",
        data={
            "csrf_token": token,
            "language": "en",
            "country": "DE",
            "currency": "EUR",
            "next": elsewhere,
        },
    )
    assert answer.headers["Location"] == "/en/settings"


@pytest.mark.parametrize("tag", ["en", "zh-cn", "ar"])
def test_a_page_that_is_not_there_is_missed_in_its_own_language(client, tag):
    answer = client.get(f"/{tag}/nowhere")
    assert answer.status_code == 404
    page = soup(answer)
    assert page.html["lang"].lower() == tag
    assert page.select_one(f'main a[href="/{tag}/"]')


@pytest.mark.parametrize("tag", ["en", "de", "zh-cn", "ar"])
@pytest.mark.parametrize(
    "wrong",
    [
        Forbidden(),
        NotFound(),
        RuleBroken(),
        Invalid(),
        LimitExceeded(retry_after=30),
        Upstream(),
        ZeroDivisionError(),
    ],
    ids=lambda wrong: type(wrong).__name__,
)
def test_every_no_has_its_status_its_readers_language_and_a_way_on(client, monkeypatch, wrong, tag):
    def refuse(**arguments):
        raise wrong

    monkeypatch.setitem(client.application.view_functions, "shell_pages.chooser", refuse)

    answer = client.get(
        f"/{tag}/settings", headers={"Referer": f"http://localhost/{tag}/cart/?a=1"}
    )

    page = soup(answer)
    status = getattr(wrong, "status", 500)
    ways = [a["href"] for a in page.select("main a.btn")]
    assert (answer.status_code, page.html["lang"].lower()) == (status, tag)
    assert page.h1.get_text(strip=True)
    assert ways[-1] == f"/{tag}/"
    assert status >= 500 or ways[0] == f"/{tag}/cart/?a=1"
    assert "Traceback" not in page.get_text()
    assert (answer.headers.get("Retry-After") or "none").isdigit() == (status in {429, 503})


@pytest.mark.parametrize(
    ("came_from", "wait", "said"),
    [
        ("http://elsewhere.example/en/cart/", 21600, "You can try again from Wed"),
        ("http://localhost/en/settings", 30, "in 30 seconds"),
    ],
)
def test_a_no_leads_back_to_pages_of_ours_alone_and_a_long_wait_has_a_time(
    client, monkeypatch, clock, came_from, wait, said
):
    clock("2026-11-25T09:00")

    def refuse(**arguments):
        raise LimitExceeded(retry_after=wait)

    monkeypatch.setitem(client.application.view_functions, "shell_pages.chooser", refuse)

    page = soup(client.get("/en/settings", headers={"Referer": came_from}))

    assert [a["href"] for a in page.select("main a.btn")] == ["/en/"]
    assert said in " ".join(page.main.get_text(" ").split())


def test_an_unknown_language_is_missed_in_english(client):
    answer = client.get("/xx/settings")
    assert answer.status_code == 404
    assert soup(answer).html["lang"] == "en"


def test_the_front_door_reads_the_browser_once(client):
    answer = client.get("/", headers={"Accept-Language": "nl;q=0.9,zh-TW;q=0.8"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/zh-cn/")
    assert "Accept-Language" in answer.headers["Vary"]


def test_static_files_are_compressed_and_kept_for_ever(client):
    address = soup(client.get("/en/settings")).select_one("link[rel=stylesheet]")["href"]
    with client.get(address, headers={"Accept-Encoding": "br, gzip"}) as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Encoding"] == "br"
        assert answer.mimetype == "text/css"
        assert "immutable" in answer.headers["Cache-Control"]
    with client.get(address, headers={"Accept-Encoding": "identity"}) as plain:
        assert "Content-Encoding" not in plain.headers
        assert plain.get_data(as_text=True).startswith("@layer reset")


@pytest.mark.parametrize(
    ("encoding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)]
)
def test_pages_are_compressed_for_whoever_reads_it(client, encoding, unpack):
    plain = client.get("/en/settings")
    packed = client.get("/en/settings", headers={"Accept-Encoding": f"{encoding}, deflate"})

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == encoding
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 3
    assert BeautifulSoup(unpack(packed.data), "html.parser").h1 == soup(plain).h1


@pytest.mark.parametrize(
    ("lang", "more"), [("en", []), ("ja", []), ("ar", ["fonts/noto-sans-arabic.woff2"])]
)
def test_a_page_asks_for_its_faces_beside_its_sheets(client, lang, more):
    head = soup(client.get(f"/{lang}/settings")).head

    faces = ["fonts/instrument-sans.woff2", "fonts/newsreader-display.woff2", *more]
    asked = head.select("link[rel=preload][as=font][crossorigin]")
    assert [link["href"] for link in asked] == [asset(face) for face in faces]


def test_what_any_cache_may_keep_carries_nobody_s_cookie(client):
    with client.session_transaction() as kept:
        kept["country"], kept.permanent = "JP", True

    with client.get(asset("img/mark.svg")) as file:
        assert "Set-Cookie" not in file.headers
        assert file.headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" in client.get("/en/settings").headers


def test_what_is_small_or_a_picture_is_sent_as_it_is(client):
    for address in ("/healthz", "/settings", "/favicon.ico"):
        answer = client.get(address, headers={"Accept-Encoding": "br, gzip"})
        assert "Content-Encoding" not in answer.headers


def test_a_token_wears_another_mask_in_each_answer_and_passes(client):
    pages = [soup(client.get("/en/settings")) for _ in range(2)]
    tokens = [page.select_one("[name=csrf_token]")["value"] for page in pages]
    form = {"language": "en", "country": "JP", "currency": "KRW"}

    assert tokens[0] != tokens[1]
    for token in tokens:
        assert client.post("/en/settings", data=form | {"csrf_token": token}).status_code == 303
    for wrong in ("", "AAAA", "é", tokens[0][:-4], tokens[0][::-1]):
        answer = client.post("/en/settings", data=form | {"csrf_token": wrong})
        assert answer.status_code == 403


def test_a_refused_form_says_what_is_wrong_twice_and_keeps_what_was_typed(client):
    token = soup(client.get("/en/sign-in")).select_one("[name=csrf_token]")["value"]
    answer = client.post(
        "/en/sign-in", data={"csrf_token": token, "email": "lena@", "password": ""}
    )
    assert answer.status_code == 422
    page = soup(answer)
    assert page.title.string.startswith("Error:")
    links = [link["href"] for link in page.select(".wrong a")]
    assert links == ["#f-email", "#f-password"]
    email = page.select_one("#f-email")
    assert email["value"] == "lena@"
    assert email["aria-invalid"] == "true"
    assert page.find(id=email["aria-describedby"]).get_text(strip=True)


def test_every_component_is_shown_without_style_or_script_of_its_own(client):
    text = client.get("/en/dev/ui").get_data(as_text=True)
    assert not re.search(r"\sstyle=|<style|\son\w+=", text)
    page = BeautifulSoup(text, "html.parser")
    for kind in (
        "stair",
        "hop",
        "rails",
        "score",
        "pick",
        "data-table",
        "balances",
        "moves",
        "slip",
        "card",
        "item",
        "stars",
        "star-bars",
        "review",
        "rate",
        "talk",
        "threads",
        "seek",
    ):
        assert page.select_one(f".{kind}"), kind
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))
    for label in page.select("label[for]"):
        assert page.find(id=label["for"])


def ways_back(client, address, country):
    page = soup(client.get(address, headers={"Accept-Language": country}))
    found = [link["href"] for link in page.select("a[href*='/settings?next=']")]
    assert len(found) == 2  # in the header and in the footer
    return [parse_qs(urlsplit(link).query)["next"][0] for link in found], page


def test_what_is_written_once_for_everybody_leads_each_one_back_to_her_own_page(client):
    for address in ("/en/sign-in?next=/en/account", '/en/settings?x=%22%3E<b>&y="', "/ar/sign-in"):
        back, page = ways_back(client, address, "fr-FR")
        assert {unquote(one).rstrip("?") for one in back} == {unquote(address)}
        assert not page.select("b")


def test_what_is_written_once_for_everybody_shows_each_one_her_own_country(client):
    for country, name in (("fr-FR", "France"), ("ja-JP", "Japan"), ("fr-FR", "France")):
        _, page = ways_back(client, "/en/sign-in", country)
        assert name in page.select_one("a.langs").get_text()


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("/en/sign-in/", "/en/sign-in"),
        ("/ar/sign-in/?next=%2Far%2Fcart", "/ar/sign-in?next=%2Far%2Fcart"),
        ("/en/sign-in/?_external=1&_scheme=ftp", "/en/sign-in?_external=1&_scheme=ftp"),
    ],
)
def test_a_slash_too_many_leads_to_the_page_that_was_meant(client, asked, meant):
    answer = client.get(asked)
    assert (answer.status_code, answer.location) == (302, meant)


@pytest.mark.parametrize("asked", ["/en/nowhere/", "/xx/sign-in/", "/en/sign-in/x/"])
def test_a_slash_too_many_leads_nowhere_where_nobody_is(client, asked):
    assert client.get(asked).status_code == 404


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize(
    "asked",
    [
        "//example.com/en/sign-in/",
        "//en/sign-in/",
        "/en/sign-in//",
        "/%2Fexample.com/en/sign-in/",
        "/en/%2F%2Fexample.com/",
        "/en/sign-in%2F/",
        "/en/sign-in/%0d%0aLocation:%20https://example.com/",
        "/en/sign-in/?x=%0d%0aLocation:%20https://example.com",
        "/en/sign-in/?\xff",
        "/en/p/%00/",
    ],
)
def test_more_slashes_lead_to_nobody_elses_pages(client, asked, method):
    answer = getattr(client, method)(asked)
    assert answer.status_code in {302, 308, 404}
    assert "\n" not in answer.headers.get("Location", "")
    where = urlsplit(answer.headers.get("Location", "/en/"))
    assert (where.netloc or "localhost", where.path[:4]) == ("localhost", "/en/")


def test_only_looking_is_led_on_from_a_slash_too_many(client):
    with client.session_transaction() as kept:
        kept["csrf"] = "test-token"
    answer = client.post("/en/sign-in/", data={"csrf_token": "test-token"})
    assert (answer.status_code, "Location" in answer.headers) == (404, False)
