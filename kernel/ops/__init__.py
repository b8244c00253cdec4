"""Operations: what an operator of the machinery sees."""
