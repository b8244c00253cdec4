"""The product information: nine questions on two pages, each line and figure from data."""

import hashlib
import io

import pytest
from pypdf import PdfReader

from insurance.contracts.disclosure import rules
from insurance.contracts.disclosure.queries import ClaimTerms
from insurance.desks.counter.policy_pages import product_information
from insurance.losses.claims.queries import NOTIFIED
from insurance.losses.claims.terms import handling_on
from insurance.money.books import rules as books
from insurance.offers.quotes.queries import NAMES, Cover, trigger_days_on
from insurance.offers.quotes.rules import goods_rows
from insurance.rating.liability import queries as liability
from insurance.rating.liability.queries import Cause, Gain, Interest, Remedy
from insurance.rating.tariff import queries as tariff
from kernel import clock as kernel_clock
from kernel.web.i18n import translate, use_locale
from kernel.web.preferences import LANGUAGES
from tests.asking import says

# What each version says, without the names of levels, which are those of the shelf. Who changes a
# sentence or a figure gives the document another version, since that is what buyers have read.
STATED = {
    "IPID-2026.4": "9ef7c894cc4374a1b1a635d30b28ccb13624439ba6a0eca50cc5e2638470531c",
}


def page_in(client, lang):
    return client.get(f"/{lang}/cover/product-information")


def paper_in(client, lang, **asked):
    return client.get(f"/{lang}/cover/product-information.pdf", **asked)


def sheets_of(pdf):
    return PdfReader(io.BytesIO(pdf)).pages


def bare(text):
    """A text without what only sets it: spaces of every kind and marks of direction."""
    return "".join(c for c in text if not c.isspace() and c not in "\u2066\u2067\u2068\u2069\u200f")


def terms():
    day = kernel_clock.today()
    handling = handling_on(day)
    claims = ClaimTerms(
        notice_days=handling.notice_days,
        answer_days=handling.answer_days,
        appeal_days=handling.appeal_days,
        is_in_working_days=True,
    )
    return rules.Terms(
        on=day,
        of=tariff.shop_tariff_on(day, insurer_key="havre-cargo"),
        claims=claims,
        levels=[cover.value for cover in Cover],
        names=NAMES,
        trigger_days=trigger_days_on(day),
    )


def part(key):
    return next(one for one in rules.questions(terms()) if one.key == key)


def said_to(question, who):
    """The sentences of code that somebody is told, with those for everybody."""
    sides = [side for side in question.sides if side.title.msgid == rules.FOR[who]]
    lines = [line for side in sides for group in side.groups for line in group.lines]
    return [line.msgid for line in (*lines, *question.lines)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_product_information_is_two_pages_in_every_language(client, lang):
    paper = paper_in(client, lang)

    assert paper.mimetype == "application/pdf"
    sheets = sheets_of(paper.data)
    assert len(sheets) == 2
    assert {tuple(round(float(side)) for side in sheet.mediabox[2:]) for sheet in sheets} == {
        (595, 842)
    }


@pytest.mark.parametrize("lang", ["en", "zh-cn", "ja", "ko", "de", "fr", "es", "pt-br"])
def test_paper_and_page_say_the_same_lines(client, lang):
    paper = bare("".join(sheet.extract_text() for sheet in sheets_of(paper_in(client, lang).data)))
    page = bare(page_in(client, lang).text.replace("&#39;", "'"))

    with use_locale(LANGUAGES[lang]):
        lines = [
            bare(translate(line))
            for one in product_information("DE").questions
            for line in (one.heading, *one.lines, *(x for s in one.sides for x in lines_of(s)))
        ]
    assert [line for line in lines if line not in page] == []
    # Accents of a printed text may stand behind their letters, so only plain letters are compared.
    printed = {line for line in lines if letters(line) not in letters(paper)}
    assert printed == set()


def lines_of(side):
    return [line for group in side.groups for line in group.lines]


def letters(text):
    return "".join(c for c in text if c.isalnum())


def test_the_paper_is_one_file_that_marks_nobody(client):
    first, second = paper_in(client, "en"), paper_in(client, "en")

    assert first.data == second.data
    assert first.headers["ETag"] == f'"{hashlib.sha256(first.data).hexdigest()}"'
    known = paper_in(client, "en", headers={"If-None-Match": first.headers["ETag"]})
    assert known.status_code == 304
    assert "Set-Cookie" not in first.headers


def test_the_page_leads_to_the_paper(client):
    assert "/de/cover/product-information.pdf" in page_in(client, "de").text


def test_its_figures_are_those_of_tariff_and_handling(client):
    """A new tariff or new days need a new version of the document, which says other figures."""
    day = kernel_clock.today()
    of, handling, days = (
        tariff.shop_tariff_on(day, insurer_key="havre-cargo"),
        handling_on(day),
        trigger_days_on(day),
    )
    most = of.authority.parcel

    said = page_in(client, "en").text

    for key, values in [
        ("%(share)s%% of the premium before tax", {"share": int(of.commission_pct)}),
        ("you bear %(share)s%% of the", {"share": int(of.fragile_deductible_pct)}),
        ("No cover above %(most)s euro", {"most": f"{int(most['otherwise']):,}"}),
        ("or above %(sought)s euro", {"sought": f"{int(most['G4']):,}"}),
        ("%(first)s to %(last)s days late", {"first": days[0], "last": days[-1]}),
        ("Report damage within %(days)s days", {"days": handling.notice_days["damage"]}),
        ("Report theft within %(days)s days", {"days": handling.notice_days["theft"]}),
        ("Report missing items within %(days)s days", {"days": handling.notice_days["missing"]}),
        ("Stolen within %(days)s days", {"days": handling.notice_days["theft"]}),
        ("that cover goes on for %(days)s days", {"days": handling.notice_days["theft"]}),
        ("answer within %(days)s working days", {"days": handling.answer_days}),
        ("appeal once within %(days)s days", {"days": handling.appeal_days}),
        ("until %(days)s days after you bought it", {"days": of.withdrawal_days}),
    ]:
        assert says(said, key, **values), key


@pytest.mark.parametrize("who", rules.FOR)
def test_every_cause_it_names_can_be_claimed_and_every_tick_it_names_can_be_ticked(who):
    gains = {}
    for cover in Cover:
        gains |= liability.gains(level=cover, interest=who, on=kernel_clock.today())

    said = said_to(part("insured"), who)

    named = {(cause, gain) for (cause, gain), words in rules.GAIN.items() if words in said}
    assert named == set(gains.items())
    assert {cause for cause, _ in named} <= {*NOTIFIED, Cause.LOST}
    late = [line for line in part("insured").lines if "first" in line.data]
    offered = {day for table in terms().of.delay_pct.values() for day in table}
    assert bool(late) == bool({str(day) for day in terms().trigger_days} & offered)


@pytest.mark.parametrize("who", rules.FOR)
def test_what_a_level_leaves_out_is_what_a_wider_one_has(who):
    widest = liability.gains(level=Cover.PLUS, interest=who, on=kernel_clock.today())
    narrow = liability.gains(level=Cover.STD, interest=who, on=kernel_clock.today())

    said = said_to(part("not-insured"), who)

    assert all(rules.LEFT_OUT[cause] in said for cause in widest if cause not in narrow)
    assert not [c for c in rules.LEFT_OUT if c not in widest and rules.LEFT_OUT[c] in said]


def test_a_line_stands_there_only_while_data_make_it_true(monkeypatch):
    owed = {Cause.LOST: Remedy.NONE, Cause.DAMAGE: Remedy.NONE}
    real = liability.remedy
    monkeypatch.setattr(
        liability,
        "remedy",
        lambda *, cause, interest, on: owed.get(cause, real(cause=cause, interest=interest, on=on)),
    )

    said = said_to(part("type"), Interest.CONSUMER)

    nothing, refund, goes_back = (
        next(words for remedies, words in rules.OWED if remedies.get(cause) is remedy)
        for cause, remedy in [
            (Cause.LOST, Remedy.NONE),
            (Cause.LOST, Remedy.REFUND),
            (Cause.DAMAGE, Remedy.RETURN),
        ]
    )
    assert nothing in said
    assert not {refund, goes_back} & {*said}
    groups = [group for side in part("not-insured").sides for group in side.groups]
    assert not [group for group in groups if group.title.msgid not in NAMES.values()]


@pytest.mark.parametrize("who", rules.FOR)
def test_there_are_words_for_all_that_a_level_can_add(who):
    for remedy in Remedy:
        for cause in {*Cause} - {Cause.DELAY}:
            gain = {Remedy.NONE: Gain.PAYS, Remedy.RETURN: Gain.KEEPS}.get(remedy)
            if (
                gain
                and liability.remedy(cause=cause, interest=who, on=kernel_clock.today()) is remedy
            ):
                assert (cause, gain) in rules.GAIN


def test_what_it_calls_excluded_is_what_is_excluded():
    """Who changes a class of goods reads the lines that name it."""
    rows = goods_rows()

    def of(goods):
        return {row.hs for row in rows if row.goods == goods}

    assert of("G0") == {"01", "24", "36", "4907", "7106", "7108", "7110", "7118", "93"}
    assert of("G4") == {"7113", "7116", "847130", "8517", "9101", "9102"}
    assert {"69", "70"} < of("G5"), "ceramics and glass"
    spoils = {row.hs for row in rows if row.is_perishable}
    assert spoils == {"02", "03", "04", "0603", "07", "08"}


def test_other_words_or_figures_are_another_version(clock):
    clock("2026-12-07T09:00")
    information = product_information("DE")
    lines = [
        str(line)
        for one in information.questions
        for line in (one.heading, *one.lines, *(x for s in one.sides for x in lines_of(s)))
    ]

    stated = hashlib.sha256("\n".join(lines).encode()).hexdigest()

    assert {information.version: stated} == STATED, "raise PRODUCT_INFORMATION_VERSION"


def test_page_and_paper_name_the_insurer_of_their_readers_country(client, clock):
    clock("2026-07-06T09:00")

    def named(country):
        with client.session_transaction() as kept:
            kept["country"] = country
        printed = "".join(sheet.extract_text() for sheet in sheets_of(paper_in(client, "en").data))
        return page_in(client, "en").text, printed

    for words in named("SG"):
        assert "Lys Overseas Insurance NV" in words
        assert "Havre" not in words.split("<footer")[0]
    for words in named("DE"):
        assert "Havre Cargo Insurance NV" in words
        assert "Lys" not in words.split("<footer")[0]
    assert "HC-2026" in named("DE")[1]


def test_where_levels_go_by_several_insurers_each_has_its_document(clock, monkeypatch):
    clock("2026-07-06T09:00")
    known = {"country": "any", "product": "any", "valid_until": None}
    table = tuple(
        books.Rule(level=level, insurer=key, valid_from=books.insurers()[0].valid_from, **known)
        for level, key in (("PLUS", "lys-overseas"), ("any", "havre-cargo"))
    )
    monkeypatch.setattr(books, "selling_rules", lambda: table)

    first, second = product_information("DE"), product_information("DE", "lys-overseas")

    assert (first.insurer_key, [one.key for one in first.others]) == (
        "havre-cargo",
        ["lys-overseas"],
    )
    assert (second.insurer_key, second.seat, second.licence) == (
        "lys-overseas",
        "Ghent",
        "LO-2026",
    )
    assert product_information("DE", "nobody").insurer_key == "havre-cargo"
