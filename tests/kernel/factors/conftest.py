"""Makes `soft_key` importable beside the tests of second factors."""
