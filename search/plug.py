"""How search joins the house."""

from kernel.plug import Plug

PLUG = Plug(
    name="search",
    package="search",
    modules=("search.errors", "search.jobs"),
    cli={"search": "search.commands:search"},
)
