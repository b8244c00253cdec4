"""The foundation that bank, cover, search and shop stand on; it knows no word of theirs."""

if not __debug__:
    raise SystemExit(
        "Entrepôt does not run under `python -O` or PYTHONOPTIMIZE:"
        " its assertions guard money and stay on."
    )
