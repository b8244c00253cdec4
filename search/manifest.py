"""How search joins the house."""

from kernel.manifest import Manifest

MANIFEST = Manifest(
    name="search",
    package="search",
    modules=("search.errors", "search.jobs"),
    cli={"search": "search.commands:search"},
)
