"""PDFs: tagged, in every script, the same bytes for the same data, kept once."""

import hashlib
import io
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from kernel import documents
from kernel.actor import SYSTEM
from kernel.db import reading, transaction

AT = datetime(2026, 11, 25, 8, tzinfo=UTC)
NAMES = {
    "zh-CN": "青花瓷手绘饭碗",
    "ja": "東山区祇園町直美ハイツ",
    "ko": "서울특별시 종로구",
    "ar": "البضائع",
    "fr": "Œuvre façonnée à Nîmes",
    "de": "Straße 5, Köln",
    "pt-BR": "São João, açúcar",
    "es": "Peñón ¿sí?",
    "en": "Tea caddy",
}


def frame(tmp_path, monkeypatch):
    """Write a template below a root of its own, inside the house's frame."""
    house = documents._ROOT / "kernel/templates/documents"
    (tmp_path / "kernel/templates").mkdir(parents=True)
    (tmp_path / "kernel/templates/documents").symlink_to(house)
    static = tmp_path / "kernel/web/static/img"
    static.parent.mkdir(parents=True)
    static.symlink_to(documents._ROOT / "kernel/web/static/img")
    (tmp_path / "test.typ").write_text(
        '#import "/kernel/templates/documents/house.typ": *\n'
        '#show: document-frame.with("Paper", "House")\n#d.words\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(documents, "_ROOT", tmp_path)


@pytest.fixture
def render(tmp_path, monkeypatch):
    frame(tmp_path, monkeypatch)
    return lambda words, locale="en": documents.render_pdf(
        "test.typ",
        {"words": words},
        locale=locale,
        direction="rtl" if locale == "ar" else "ltr",
        at=AT,
    )


def words_of(pdf):
    return " ".join(PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())


@pytest.mark.parametrize(("locale", "name"), NAMES.items())
def test_every_language_is_written_in_letters_that_can_be_read_back(render, locale, name):
    assert words_of(render(name, locale)) == name


def test_a_document_has_a_title_a_language_an_author_and_tags(render):
    reader = PdfReader(io.BytesIO(render("中文", "zh-CN")))
    root = reader.trailer["/Root"]

    assert (reader.metadata.title, reader.metadata.author) == ("Paper", "House")
    assert root["/Lang"] == "zh-CN"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "/StructTreeRoot" in root
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()
    assert b"pdfaid:part" in root["/Metadata"].get_object().get_data()


def test_every_typeface_is_embedded_and_cut_to_its_letters(render):
    pdf = render("Tea 青花瓷 شاي")
    fonts = PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"]["/Font"].values()
    faces = [font.get_object()["/DescendantFonts"][0].get_object() for font in fonts]

    assert len(faces) == 3
    for face in faces:
        told = face["/FontDescriptor"].get_object()
        assert "/FontFile2" in told or "/FontFile3" in told
        assert told["/FontName"][7] == "+", "the sign of a subset"
    assert len(pdf) < 40_000


def test_the_same_data_make_the_same_bytes(render):
    assert render("Tea 青花瓷") == render("Tea 青花瓷")
    assert render("Tea 青花瓷") != render("Tea 青花")


def test_shared_signs_are_drawn_as_the_language_draws_them(render):
    chinese, japanese = render("直", "zh-CN"), render("直", "ja")

    assert b"NotoSansSC" in chinese
    assert b"NotoSansJP" in japanese


def test_a_sign_that_no_typeface_holds_is_marked_instead_of_stopping_the_paper(render):
    assert words_of(render("Tea \U0001f375 caddy\x07")) == "Tea � caddy�"


def test_signs_that_are_taken_for_granted_stand_in_the_typefaces():
    invisible = {0x0A, 0xAD, *range(0x2010, 0x2016), *range(0x2066, 0x206A)}
    granted = {code for code in range(0x10000) if not documents._RARE.match(chr(code))}

    assert len(granted) > 30_000
    assert granted - documents._signs() - invisible == set()


def test_signs_of_markup_stay_signs(render):
    assert words_of(render("#panic() *bold* [a] $x$")) == "#panic() *bold* [a] $x$"


def test_a_reference_keeps_its_order_in_arabic(render):
    text = f"رقم {documents.left_to_right('26-0048213')} شهادة"

    assert "26-0048213" in words_of(render(text, "ar"))


def test_a_document_is_kept_once_and_under_its_hash(db):
    for text in (b"first", b"second"):
        with transaction(name="test", actor=SYSTEM):
            documents.keep(subject="s", edition="1", locale="ar", content=text)

    with reading():
        (found,) = documents.kept(subject="s", edition="1")
        assert documents.content(subject="s", edition="1", locale="ar") == b"first"
        assert documents.content(subject="s", edition="1", locale="en") is None
        assert documents.kept(subject="s", edition="2") == []
    assert (found.locale, found.size) == ("ar", 5)
    assert found.sha256 == hashlib.sha256(b"first").hexdigest()
