"""What can go wrong with listings."""

from __future__ import annotations

from kernel.errors import Conflict, NotFound, RuleBroken
from kernel.text import N_


class NoSuchProduct(NotFound):
    """There is no such product, or it is not for this actor's eyes."""

    code = "no_such_product"
    message = N_("We don't have this product (any more).")


class NoSuchCategory(NotFound):
    """There is no such shelf."""

    code = "no_such_category"
    message = N_("There's no such category.")


class OtherOptions(RuleBroken):
    """The versions that are there differ by other options."""

    code = "other_options"
    message = N_(
        "All versions of a product differ by the same options. Choose values only for the options"
        " these versions have."
    )


class TooManyVersions(RuleBroken):
    """Goods come in a limited number of versions."""

    code = "too_many_versions"
    message = N_("A product can have at most %(most)d versions.")


class NoSuchRevision(NotFound):
    """There is no such change of this listing, or it holds no words."""

    code = "no_such_revision"


class WordsChangedMeanwhile(Conflict):
    """Somebody else published other words since the form was opened."""

    code = "words_changed_meanwhile"
    message = N_(
        "Someone else saved a different text. Both are below: nothing is lost until you save."
    )


class DraftChangedMeanwhile(Conflict):
    """Somebody else saved the draft since the form was opened."""

    code = "draft_changed_meanwhile"
    message = N_(
        "Someone else saved a different text. Both are below: nothing is lost until you save."
    )


class TooManyDrafts(RuleBroken):
    """A shop keeps a limited number of drafts."""

    code = "too_many_drafts"
    message = N_("A shop can have at most %(most)d drafts. Delete one first.")
