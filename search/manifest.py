"""How search joins the house."""

from kernel.manifest import Manifest

MANIFEST = Manifest(
    name="search",
    modules=("search.errors",),
    cli={"search": "search.commands:search"},
)
