-- One counter for all cards: a card that left and came back is newer than its own tombstone.
CREATE SEQUENCE IF NOT EXISTS marketplace.card_version;
