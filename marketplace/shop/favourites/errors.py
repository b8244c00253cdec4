"""What can go wrong with favourites."""

from __future__ import annotations

from kernel.errors import NotFound, RuleBroken
from kernel.text import N_


class NothingToKeep(NotFound):
    """There are no such goods."""

    code = "nothing_to_keep"


class NoSuchList(NotFound):
    """The actor has no such list, or no such goods on one."""

    code = "no_such_list"


class SharedListUnknown(NoSuchList):
    """A link that leads to no list, made up or withdrawn."""

    watched = "link"


class ListNameTaken(RuleBroken):
    """Another list of the person is called that."""

    code = "list_name_taken"
    message = N_("You already have a list with this name.")


class TooManyLists(RuleBroken):
    """One person has so many lists already."""

    code = "too_many_lists"
    message = N_("You can have up to %(most)d lists. Delete one first.")


class TooManyFavourites(RuleBroken):
    """A person's lists, or a browser's cookie, hold so much already."""

    code = "too_many_favourites"
    message = N_("You can save up to %(most)d items. Remove one first.")


class BrowserFull(RuleBroken):
    """The cookie of a visitor without an account holds so much already."""

    code = "browser_full"
    message = N_("You have saved %(most)d items. Sign in to save more.")


class LetterUnknown(NotFound):
    """A link that stands in no letter about favourites."""

    code = "letter_unknown"
    watched = "link"
