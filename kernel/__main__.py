"""`python -m kernel`: the same as the command `entrepot`."""

from kernel.cli import main

main()
