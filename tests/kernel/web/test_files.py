"""Files of others are kept apart: no page of ours is near whatever is in them."""

from __future__ import annotations

import pytest

from kernel.web.files import attached, looked_at, safe_name

HOSTILE = b"\xff\xd8\xff<script>alert(document.cookie)</script>"


@pytest.fixture
def at_a_page(app):
    with app.test_request_context("/en/"):
        yield


@pytest.mark.parametrize("answer", ["attached", "looked at"])
def test_a_file_opens_in_no_origin_of_ours(at_a_page, answer):
    sent = (
        attached(HOSTILE, name="x.pdf", kind="application/pdf")
        if answer == "attached"
        else looked_at(HOSTILE, kind="image/jpeg")
    )

    policy = sent.headers["Content-Security-Policy"].split("; ")
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert not any("allow-" in part or part.startswith("script-src") for part in policy)
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert sent.headers.get("Content-Disposition", "").startswith("attachment") == (
        answer == "attached"
    )
    assert sent.mimetype in {"application/pdf", "image/jpeg"}


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("T-1.pdf", "T-1.pdf"),
        ("../../etc/passwd", "etc-passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ('a"; filename="evil.exe', "a- filename-evil.exe"),
        ("line\r\nSet-Cookie: x", "line-Set-Cookie- x"),
        ("Tee \u202egnp.exe", "Tee -gnp.exe"),
        ("茶.csv", "茶.csv"),
        ("", "file"),
        ("...", "file"),
        ("x" * 500 + ".csv", "x" * 96 + ".csv"),
    ],
)
def test_a_name_is_one_that_every_system_takes(at_a_page, name, safe):
    assert safe_name(name) == safe
    told = attached(b"", name=name, kind="text/csv").headers["Content-Disposition"]
    assert "\n" not in told
    assert told.count("filename=") == 1


def test_a_long_table_is_sent_while_it_is_read(app, at_a_page):
    sent = attached(iter(["a\r\n", "b\r\n"]), name="movements.csv", kind="text/csv")

    assert sent.is_streamed
    assert sent.get_data() == b"a\r\nb\r\n"
