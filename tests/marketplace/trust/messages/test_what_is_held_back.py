"""What leads out of the house is held back in every writing, and what belongs to goods is not."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from marketplace.trust.messages.rules import (
    LONGEST,
    Kind,
    Side,
    answered_after,
    fragments,
    listed,
    told_as,
)

HELD = [
    (Kind.EMAIL, "Write to anna.k@gmail.com please"),
    (Kind.EMAIL, "a n n a @ g m a i l . c o m"),
    (Kind.EMAIL, "a.n.n.a@gmail.com"),
    (Kind.EMAIL, "anna (at) gmail (dot) com"),
    (Kind.EMAIL, "anna at gmail dot com"),
    (Kind.EMAIL, "Schreib an anna[at]web.de"),
    (Kind.EMAIL, "anna at web punkt de"),
    (Kind.EMAIL, "anna @ gmail . com"),
    (Kind.EMAIL, "écris à anna arobase orange point fr"),
    (Kind.EMAIL, "escríbeme: anna arroba correo punto es"),
    (Kind.EMAIL, "escreva para anna arroba correio ponto com"),
    (Kind.EMAIL, "anna＠ｇｍａｉｌ．ｃｏｍ"),
    (Kind.EMAIL, "アンナ アットマーク yahoo ドット co.jp"),
    (Kind.EMAIL, "abc골뱅이naver.com"),
    (Kind.EMAIL, "anna艾特qq.com"),
    (Kind.EMAIL, "an\u200bna@gm\u00adail.com"),
    (Kind.TELEPHONE, "+33 6 12 34 56 78"),
    (Kind.TELEPHONE, "06 12 34 56 78"),
    (Kind.TELEPHONE, "Ruf an: 0171/1234567"),
    (Kind.TELEPHONE, "0 6 1 2 3 4 5 6 7 8"),
    (Kind.TELEPHONE, "0.6.1.2.3.4.5.6.7.8"),
    (Kind.TELEPHONE, "０９０－１２３４－５６７８"),
    (Kind.TELEPHONE, "０９０ー１２３４ー５６７８"),
    (Kind.TELEPHONE, "٠٥٠ ١٢٣ ٤٥٦٧"),
    (Kind.TELEPHONE, "رقمي ١٥٠ ١٢٣ ٤٥٦٧"),
    (Kind.TELEPHONE, "010-1234-5678"),
    (Kind.TELEPHONE, "手机 138 1234 5678"),
    (Kind.TELEPHONE, "13812345678"),
    (Kind.TELEPHONE, "一三八一二三四五六七八"),
    (Kind.TELEPHONE, "공일공일이삼사오육칠팔"),
    (Kind.TELEPHONE, "(11) 91234-5678"),
    (Kind.TELEPHONE, "zero six one two three four five six seven eight"),
    (Kind.TELEPHONE, "null sechs eins zwei drei vier fünf sechs"),
    (Kind.TELEPHONE, "call me: 555 0123"),
    (Kind.LINK, "https://bit.ly/x"),
    (Kind.LINK, "www.shop-x.com"),
    (Kind.LINK, "see myshop.com/tea"),
    (Kind.LINK, "my shop dot com"),
    (Kind.LINK, "m y s h o p . c o m"),
    (Kind.BANK, "DE89 3704 0044 0532 0130 00"),
    (Kind.BANK, "FR1420041010050500013M02606"),
    (Kind.BANK, "4242 4242 4242 4242"),
    (Kind.CHANNEL, "Find me on WhatsApp"),
    (Kind.CHANNEL, "加我微信"),
    (Kind.CHANNEL, "카톡 주세요"),
    (Kind.CHANNEL, "راسلني على واتساب"),
    (Kind.CHANNEL, "ラインIDを送ります"),
    (Kind.CHANNEL, "tem chave pix?"),
    (Kind.CHANNEL, "I can pay by PayPal"),
]
LEFT = [
    "Is it 30 x 20 x 15 cm?",
    "Does it hold 350 ml, or 12.5 oz?",
    "Will it be here on 2026-11-26 at 14:00?",
    "Le 26/11/2026, de 14:00 à 18:00 ?",
    "It costs 1,250.00 EUR here and 1.250,50 there.",
    "EAN 4006381333931?",
    "1850 W at 220-240 V",
    "Customs code 6911.10.00 please",
    "The parcel is LX123456789DE",
    "Sizes 36 37 38 39 40 41",
    "One, two or three cups? Four if possible.",
    "Is it safe at home? The dot on the lid is red.",
    "Il y a un point rouge sur le couvercle",
    "Telefon für die Küche: 3 Stück",
    "¿Es azul o verde? ¿Cuántas tazas?",
    "Serve para 2 ou 3 pessoas?",
    "三个杯子，还是二十四个？",
    "取っ手は何センチですか？ティーポットの重さは800グラムです。",
    "이 주전자는 오래 사용할 수 있나요?",
    "هل يتسع الإبريق لأربعة أكواب، ٣٥٠ مل؟",
    "Made between 1850 and 1900.",
    "I want to put it at home. The lid is red.",
    "but at this point it is fine",
    "Il y a un point de colle sous le pied, au point de contact.",
    "El punto es que no cierra; el punto de venta no lo cambia.",
    "Qual é o ponto de venda? O ponto é que não fecha.",
    "Der Punkt der Glasur ist am Rand.",
    "Look at me, I am at work. It is cold.",
]


@pytest.mark.parametrize(("kind", "words"), HELD, ids=[words for _, words in HELD])
def test_a_way_out_of_the_house_is_found_however_it_is_written(kind, words):
    assert kind in {fragment.kind for fragment in fragments(words)}


@pytest.mark.parametrize("words", LEFT)
def test_words_about_goods_are_left_alone(words):
    assert fragments(words) == []


ORDER = ("G-7K2M9QXA-1", "00340434161094021501", "+33 6 12 34 56 78", "69002", "18 rue Mercière")


@pytest.mark.parametrize(
    "words",
    [
        "Parcel 00340434161094021501 has not moved.",
        "The carrier may call +33 6 12 34 56 78.",
        "It goes to 18 rue Mercière, 69002 Lyon, order G-7K2M9QXA-1.",
    ],
)
def test_an_orders_own_numbers_may_be_said_in_its_thread_and_nowhere_else(words):
    assert fragments(words, known=ORDER) == []
    assert fragments("00340434161094021501") != []


def test_another_number_is_held_back_in_an_orders_thread_too():
    assert fragments("Call +33 6 98 76 54 32 instead.", known=ORDER)[0].kind is Kind.TELEPHONE


def test_the_houses_own_address_is_no_way_out():
    here = "https://entrepot.example.com/en/p/P-1/teapot"

    assert fragments(here) != []
    assert fragments(here, known=("https://entrepot.example.com",)) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("tel ０６ １２ ３４ ５６ ７８", "06 12 34 56 78"),
        ("anna (at) gmail (dot) com", "anna@gmail.com"),
        ("https://bit.ly/x, or www.bit.ly!", "https://bit.ly/x, www.bit.ly"),
        ("a@b.com c@d.com e@f.com g@h.com", "a@b.com, c@d.com, e@f.com"),
    ],
)
def test_what_was_found_is_told_once_as_it_was_read(words, told):
    assert listed(fragments(words)) == told


@pytest.mark.parametrize("sign", ["a", "1 ", "a.", "a-", "一", ".", "a1", "a@", "0-", "ab.cd."])
def test_the_longest_text_of_one_sign_is_read_at_once(sign):
    began = time.process_time()
    fragments((sign * LONGEST)[:LONGEST])

    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (1, timedelta(hours=1)),
        (3600, timedelta(hours=1)),
        (3601, timedelta(hours=2)),
        (48 * 3600, timedelta(hours=48)),
        (48 * 3600 + 1, timedelta(days=3)),
    ],
)
def test_a_time_to_answer_is_never_told_shorter_than_it_is(seconds, told):
    assert told_as(seconds) == told


def test_only_an_answer_to_somebody_who_waits_counts_as_one():
    now = datetime(2026, 11, 26, 12, tzinfo=UTC)

    assert answered_after(waits_since=None, now=now) is None
    assert answered_after(waits_since=now - timedelta(minutes=5), now=now) == 300
    assert answered_after(waits_since=now + timedelta(minutes=5), now=now) == 0


def test_what_one_side_writes_the_other_reads():
    assert (Side.BUYER.other, Side.VENDOR.other) == (Side.VENDOR, Side.BUYER)
