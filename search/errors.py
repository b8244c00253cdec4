"""What can go wrong with the index, in words for the page and for the operator."""

from __future__ import annotations

from kernel.errors import Conflict, Upstream
from kernel.text import N_


class SearchUnavailable(Upstream):
    """There is no usable index right now; callers list products from the database instead."""

    code = "search_unavailable"
    message = N_("We're setting up search. Until then you'll see a simple list of products.")


class RebuildRunning(Conflict):
    """Another process is building a new index."""

    code = "search_rebuild_running"
    message = N_("The search index is already being rebuilt.")


class RebuildIncomplete(Conflict):
    """The new index holds too few products to replace the old one, which keeps serving."""

    code = "search_rebuild_incomplete"
    message = N_("The new search index has %(found)d of %(expected)d products and wasn't used.")


class IndexBusy(Upstream):
    """Another process held the index for longer than a writer waits."""

    code = "search_index_busy"
    message = N_("The search index is busy. We'll try the change again.")
