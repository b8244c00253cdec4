"""Rules changed on purpose: a change that no test of their room notices is a test that is missing.

`make mutants` changes one place of one function at a time and runs what reaches that function.
Only tests without a database count: a rule is proved by plain values, in milliseconds.
"""
