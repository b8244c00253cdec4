"""Control: the operator's proof that every cent is where it has to be."""
