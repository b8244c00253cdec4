"""The versions goods come in: options times values, each with its article number and weight."""
