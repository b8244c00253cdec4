"""What is sold: categories, products, their texts, variants and pictures."""
