"""The demo world: vendors, products, people and pictures as data, and rows for a catalogue of any size."""
