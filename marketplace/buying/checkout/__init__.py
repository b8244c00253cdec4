"""From a cart to a paid order: address, delivery, cover, one review, one payment."""
