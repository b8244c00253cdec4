-- What a review `r` says, with its answer `a` and the shop `n` it is about.
-- Piece of: top, and every statement of told.py and queries.py that reads reviews.
r.id, r.ref, r.line_id, r.author_id, r.author_name, r.country, r.locale, r.stars, r.title,
r.words, r.translated, r.state, r.written_at, r.changed_at, r.photo_count, a.words AS answer,
a.locale AS answer_locale, a.translated AS answer_translated, a.answered_at, n.name AS shop,
n.name_latin AS shop_latin, n.organisation_id
