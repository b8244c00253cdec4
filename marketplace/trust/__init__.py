"""Trust: what people say of goods and to each other, and what the house does about it."""
