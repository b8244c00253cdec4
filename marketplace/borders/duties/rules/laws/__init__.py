"""Laws that ask more than one limit: a module for each territory, found by its code."""
