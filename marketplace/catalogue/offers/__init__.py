"""Who sells which variant at what price; prices keep their history."""
