from kernel.web.letters import render_letter


def test_a_letter_keeps_its_paragraphs_and_its_link():
    letter = render_letter("kernel/mail/welcome.txt", "en", {"name": "Lena"})
    assert letter.subject == "Welcome to Entrepôt"
    paragraphs = letter.text.split("\n\n")
    assert paragraphs[0] == "Hello Lena,"
    assert len(paragraphs) == 3
    assert paragraphs[2].startswith("Open your wallet\nhttp")
    assert letter.html.count("<p ") == 5
    assert "/en/bank/" in letter.html


def test_a_letter_speaks_the_language_of_its_reader():
    letter = render_letter("kernel/mail/welcome.txt", "ar", {"name": "ليلى"})
    assert letter.subject == "مرحبًا بك في Entrepôt"
    assert '<html lang="ar" dir="rtl">' in letter.html
    assert "/ar/bank/" in letter.text


def test_a_reader_of_a_language_not_yet_offered_gets_english_throughout():
    letter = render_letter("kernel/mail/welcome.txt", "fr", {"name": "Camille"})
    assert letter.subject == "Welcome to Entrepôt"
    assert '<html lang="en" dir="ltr">' in letter.html
    assert "/en/bank/" in letter.text


def test_names_cannot_write_html_into_a_letter():
    letter = render_letter("kernel/mail/welcome.txt", "en", {"name": "<b>Lena</b>"})
    assert "<b>" not in letter.html
    assert "&lt;b&gt;Lena" in letter.html
    assert "Hello <b>Lena</b>," in letter.text
