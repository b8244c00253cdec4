"""What a shop wrote in one language is kept in the others, until it writes otherwise or itself."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from kernel import db as house_db
from kernel.actor import SYSTEM
from kernel.config import Settings
from kernel.db import counting_queries, reading
from kernel.jobs import drain
from marketplace.catalogue.products import service as catalogue
from marketplace.catalogue.translating import gateway, queries, service
from marketplace.catalogue.translating.errors import TranslatorDown
from marketplace.catalogue.translating.events import GoodsTranslated
from marketplace.catalogue.translating.measures import MEASURES
from marketplace.catalogue.translating.queries import Kind
from marketplace.catalogue.translating.stand_in import Fault
from tests.marketplace.makers import make_offer, make_rates, make_vendor

CHINESE = "提梁白瓷大茶壶 700 毫升"
KNOWN = "Teapot: with overhead handle, white porcelain, large, 700 ml"


@pytest.fixture(autouse=True)
def _rates(db):
    make_rates(JPY="160")


@pytest.fixture
def made(db):
    return make_offer(titles={"zh-CN": CHINESE})


def backfilled():
    return service.backfill(actor=SYSTEM)


def rows(made, where="true"):
    with reading() as current:
        return current.execute(
            text(
                "SELECT * FROM marketplace.translation WHERE kind <> 'story'"
                f" AND subject_id = :id AND {where} ORDER BY kind, locale"
            ),
            {"id": made.product_id},
        ).all()


def title_of(made, locale="en"):
    with reading():
        said = queries.of_product(made.product_id).get(locale, {})
    return said[Kind.TITLE].words if Kind.TITLE in said else None


def heard(outbox, kind=GoodsTranslated):
    return [event for event in outbox() if isinstance(event, kind)]


def test_a_new_product_is_said_in_the_eight_other_languages_by_its_job(made):
    drain()

    assert title_of(made) == KNOWN
    kept = rows(made)
    assert {row.locale for row in kept} == {"en", "es", "fr", "de", "ja", "ko", "pt-BR", "ar"}
    assert {(row.source_locale, row.refusal) for row in kept} == {("zh-CN", "")}
    assert all(row.engine.startswith("words ") and row.made_at for row in kept)


def test_twice_is_once(made, outbox):
    assert backfilled().said == 8
    assert backfilled() == service.Filled(0, 0, 0)
    assert len(heard(outbox)) == 1


def test_a_translation_is_over_the_moment_its_original_changes(made):
    backfilled()

    catalogue.change_texts(
        product_id=made.product_id,
        vendor_id=made.vendor.id,
        texts={"zh-CN": ("白瓷小碗", "另外一段。")},
        actor=SYSTEM,
    )
    assert title_of(made) is None  # before any job ran

    drain()
    assert title_of(made) == "Bowl: white porcelain, small"


def test_what_the_shop_writes_itself_takes_the_place_of_a_translation(made):
    backfilled()

    catalogue.change_texts(
        product_id=made.product_id,
        vendor_id=made.vendor.id,
        texts={"fr": ("Grande théière", "Une théière.")},
        actor=SYSTEM,
    )
    drain()

    assert rows(made, "locale = 'fr'") == []
    assert title_of(made, "de") is not None


def test_a_region_of_a_language_is_that_language(db):
    made = make_offer(titles={"pt-PT": "Bule grande de porcelana"})

    backfilled()

    assert rows(made, "locale = 'pt-BR'") == []
    assert title_of(made) == "Teapot: large, porcelain"


def test_half_a_title_does_not_stand_before_the_shops_own_english(db):
    half = "青瓷妙趣盖碗 140 毫升"
    alone, beside = (
        make_offer(titles={"zh-CN": half}),
        make_offer(titles={"zh-CN": half, "en": "Celadon gaiwan"}),
    )

    backfilled()

    assert title_of(alone, "fr") == "Gaiwan\u00a0: céladon, 妙趣, 140 ml"
    assert title_of(beside, "fr") is None


def test_half_a_title_goes_once_there_is_english(db):
    made = make_offer(titles={"zh-CN": "青瓷妙趣盖碗 140 毫升"})
    backfilled()

    catalogue.change_texts(
        product_id=made.product_id,
        vendor_id=made.vendor.id,
        texts={"en": ("Celadon gaiwan, 140 ml", "A gaiwan.")},
        actor=SYSTEM,
    )
    drain()

    assert title_of(made, "fr") is None


def test_a_service_says_descriptions_and_stories_too(made, standing):
    shop = make_vendor(language="de", story={"de": "Wir töpfern seit 1998."})
    backfilled()

    assert {row.kind for row in rows(made, "refusal = ''")} == {"title", "description"}
    with reading():
        story = queries.story_of(shop.id, "en")
    assert (story.words, story.source_locale) == ("The stand-in says this in English. 1998", "de")


@pytest.mark.parametrize(
    ("fault", "refusal"),
    [
        (Fault.HTML, "markup"),
        (Fault.TOO_LONG, "too_long"),
        (Fault.OTHER_NUMBERS, "other_numbers"),
        (Fault.OTHER_LANGUAGE, "other_language"),
        (Fault.HIDDEN_SIGNS, "hidden_signs"),
        (Fault.EMPTY, "empty"),
    ],
)
def test_what_a_service_spoils_is_kept_as_refused_and_shown_by_nothing(
    made, standing, fault, refusal
):
    standing.faults[fault] = 100

    done = backfilled()

    assert done.said == 0
    assert {row.refusal for row in rows(made)} <= {refusal, "other_numbers"}
    assert {row.words for row in rows(made)} == {""}
    with reading():
        assert queries.of_product(made.product_id) == {}


def test_what_was_refused_is_not_asked_for_again_until_it_changes(made, standing):
    standing.faults[Fault.HTML] = 100
    backfilled()
    standing.faults.clear()
    asked = len(standing.asked)

    backfilled()
    assert len(standing.asked) == asked


def test_a_service_that_is_down_leaves_all_as_it_was_and_is_asked_again(made, standing):
    standing.faults[Fault.BROKEN] = 1

    with pytest.raises(TranslatorDown):
        backfilled()
    assert rows(made) == []

    assert backfilled().said == 16


def test_another_translator_says_it_anew(made, standing, monkeypatch):
    with monkeypatch.context() as packaged:
        packaged.setattr(gateway, "settings", Settings)
        assert backfilled().said == 8

    assert backfilled().said == 16
    assert {row.engine for row in rows(made)} == {"libretranslate"}


def test_nobody_outside_is_asked_within_a_transaction(made, standing, monkeypatch):
    asked = []

    def noting(self, *what):
        asked.append(house_db._work.get())
        return calling(self, *what)

    calling = gateway.LibreTranslate._call
    monkeypatch.setattr(gateway.LibreTranslate, "_call", noting)

    backfilled()
    drain()

    assert len(asked) > 8
    assert set(asked) == {None}


def test_where_nobody_translates_nothing_is_kept(made, nobody, outbox):
    service.keep(said=[_said(made.product_id)], engine="words of yesterday", actor=SYSTEM)
    assert rows(made) != []

    assert backfilled() == service.Filled(0, 0, 1)
    assert rows(made) == []


def _said(product_id):
    return service.Said("title", product_id, "en", "zh-CN", "0" * 32, "Teapot", (), "")


def test_a_job_that_finds_nothing_to_say_writes_nothing(db, outbox):
    titles = dict.fromkeys(("en", "zh-CN", "es", "fr", "de", "ja", "ko", "pt-BR", "ar"), "Anlan 3")
    made = make_offer(titles=titles)
    drain()

    assert rows(made) == []
    assert heard(outbox) == []


def test_a_thousand_titles_are_said_set_by_set(db):
    for _ in range(3):
        make_offer(titles={"zh-CN": CHINESE})

    with counting_queries() as counted:
        done = backfilled()

    assert done.said == 24
    # By stretch: what is over, what is missing, keeping it, telling of it, nothing more missing.
    assert len(counted) < 24


def test_a_product_that_went_meanwhile_keeps_none(made):
    backfilled()
    catalogue.take_down(product_id=made.product_id, actor=SYSTEM)

    drain()

    assert rows(made) == []


def test_figures_tell_what_is_said_and_what_is_refused(made):
    make_offer(titles={"zh-CN": "荷叶笔舔小碟"})
    backfilled()

    with reading():
        figures = dict(MEASURES[0].read())
    assert figures == {
        ("title", "said"): 8,
        ("title", "refused"): 8,
        ("description", "said"): 0,
        ("description", "refused"): 0,
        ("story", "said"): 0,
        ("story", "refused"): 0,
    }
