-- What was paid by card for purchases since an instant, without one payment and what went back.
-- Piece of: linked_by_mail, to_place.
FROM banking.card_payments other JOIN banking.card_purchases its ON its.payment_id = other.id
WHERE other.state = 'captured' AND other.captured_at >= :since AND other.id <> :payment_id
    AND its.outcome <> 'given_up'
