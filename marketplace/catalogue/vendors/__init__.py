"""Who sells: the shop a company keeps here, its legal face and its whereabouts."""
