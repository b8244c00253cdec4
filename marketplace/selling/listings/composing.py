"""Forms about goods while they are written: drafts, what differs meanwhile, what is looked up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request, url_for
from werkzeug.datastructures import FileStorage, MultiDict

from kernel.actor import Actor
from kernel.errors import Invalid
from kernel.text import N_, Message
from kernel.web import Reader, form_state, keep_typed, without_turns
from kernel.web.formats import ZONES, format_time
from kernel.web.i18n import translate
from marketplace.borders.duties import queries as duties
from marketplace.borders.duties.queries import Proposal
from marketplace.catalogue.products import drafts
from marketplace.catalogue.products.drafts import DraftView, Saved
from marketplace.catalogue.products.queries import AttributeView
from marketplace.catalogue.vendors import queries as vendors
from marketplace.catalogue.vendors.queries import VendorView
from marketplace.selling.listings import beginning, editor, landed
from marketplace.selling.listings.beginning import Plan
from marketplace.selling.listings.editor import Editor, Section
from marketplace.selling.listings.forms import HEAVIEST_G
from marketplace.selling.listings.hazards import answers, battery_of, danger_follows, read_hazards
from marketplace.selling.listings.landed import Door, Goods
from marketplace.selling.listings.safety import who_answers
from marketplace.selling.listings.uploads import Kept, read_uploads, typed_lines

SAID = N_("Draft saved at %(time)s")
# What a form carries for the machine; none of it was typed.
_NOT_TYPED = {"csrf_token", "draft", "draft_version", "words_version", "pick", "ask", "table"}
_LONGEST = 8_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewForm:
    """The form for new goods.

    Shape: ref and version name its draft; typed is what stands in it, from a refused form or from
    its draft; asked are the properties of goods on the chosen shelf, options what versions may
    differ by, plan the versions that ticked values make; theirs maps a field to what somebody else
    saved there meanwhile; proposals answer words for a customs code; doors are empty until they
    are asked for.
    """

    vendor: VendorView
    ref: str
    draft: DraftView | None
    typed: MultiDict[str, str]
    shelves: Sequence[tuple[str, str]]
    asked: Sequence[AttributeView]
    options: Mapping[str, AttributeView]
    plan: Plan
    sections: tuple[Section, ...]
    kept: tuple[Kept, ...]
    theirs: Mapping[str, str]
    proposals: Sequence[Proposal]
    doors: tuple[Door, ...]

    @property
    def version(self) -> int:
        """What the next saving names."""
        return self.draft.version if self.draft else 0


def form_for(
    actor: Actor,
    ref: str,
    *,
    typed: MultiDict[str, str],
    files: MultiDict[str, FileStorage],
    locale: str,
    offered: tuple[str, ...],
) -> NewForm:
    """Return the form for new goods of the actor's shop. Raises: NotAVendor."""
    vendor = vendors.vendor_of(actor)
    ref = next(filter(drafts.is_ref, (ref, typed.get("draft", ""))), "") or drafts.new_ref()
    draft = drafts.draft(vendor_id=vendor.id, ref=ref)
    if draft is not None and not typed:
        typed = _multi(draft)
        keep_typed(typed.to_dict())
    pictures, asked = read_uploads(typed, files).kept, beginning.asked_on(typed.get("category", ""))
    plan = beginning.plan_of(typed)
    return NewForm(
        vendor=vendor,
        ref=ref,
        draft=draft,
        typed=typed,
        shelves=editor.shelves(locale),
        asked=asked,
        options=editor.options_of(()),
        plan=plan,
        kept=pictures,
        theirs=differing(draft),
        sections=beginning.sections(
            typed,
            asked=asked,
            plan=plan,
            kept=pictures,
            offered=offered,
            language=vendor.language,
        ),
        proposals=duties.classify(words=typed.get("hs_words", "")[:200]),
        doors=_doors(typed, vendor) if "doors" in typed else (),
    )


def continue_words(page: Editor) -> None:
    """Let the editor show words that were not published, unless a form just came back."""
    if page.draft is not None and request.method == "GET":
        keep_typed({name: given[0] for name, given in page.draft.fields.items() if given})


def around(page: Editor) -> dict[str, object]:
    """Return what the editor's page shows beside the listing: what just came back with a form."""
    form = request.form
    return {
        "vendor": page.vendor,
        "lines": page.lines,
        "first": page.first,
        "kept": read_uploads(form, request.files).kept,
        "typed": {line.name: line for line in typed_lines(form, "hung")},
        "proposals": duties.classify(words=form.get("hs_words", "")[:200]),
        "theirs": differing_words(page),
        "zone": zone_of(page.vendor),
    } | carriage()


def carriage() -> dict[str, object]:
    """Return what is asked of batteries, dangers and safety in the Union, and what follows."""
    return {
        "answers": answers(),
        "danger": danger_follows(),
        "battery_of": battery_of,
        "who_answers": who_answers,
    }


def differing(draft: DraftView | None) -> dict[str, str]:
    """Return what stands in a draft where a refused form says something else."""
    state = form_state()
    if draft is None or state.problem is None:
        return {}
    return {
        name: given[0]
        for name, given in draft.fields.items()
        if given and given[0] != state.values.get(name, given[0])
    }


def differing_words(page: Editor) -> dict[str, str]:
    """Return what a draft, or what is published, says otherwise than a refused form of words."""
    state = form_state()
    if state.problem is None or "title" not in state.values:
        return {}
    if page.draft is not None:
        return differing(page.draft)
    own, published = page.vendor.language, dict[str, str]()
    for code, (title, body) in page.first.texts.items():
        tail = "" if code == own else f"_{code}"
        published |= {f"title{tail}": title, f"description{tail}": body}
    return {
        name: words
        for name, words in published.items()
        if name in state.values and _plain(state.values[name]) != _plain(words)
    }


def _plain(words: str) -> str:
    """Return a text as it compares: browsers end its lines in their own way."""
    return "\n".join(words.split())


def draft_fields(
    form: MultiDict[str, str], files: MultiDict[str, FileStorage]
) -> dict[str, list[str]]:
    """Return a form as a draft keeps it: what was typed, and the pictures that arrived.

    Lists show it beside other goods, so no name turns the direction of what follows.
    """
    fields = {
        name: [without_turns(value)[:_LONGEST] for value in form.getlist(name)]
        for name in form
        if name not in _NOT_TYPED and not name.startswith("kept")
    }
    pictures = read_uploads(form, files).kept
    if pictures:
        fields["kept"] = [one.picture.path for one in pictures]
        fields["kept_alt"] = [one.alt for one in pictures]
        fields["kept_place"] = [str(at) for at, _ in enumerate(pictures, 1)]
    return fields


def zone_of(vendor: VendorView) -> str | None:
    """Return the time zone a shop lives in, None where that is not known."""
    return ZONES.get(vendor.country)


def told(saved: Saved, vendor: VendorView) -> dict[str, object]:
    """Return what a script needs: the version to name next time, and the words to show."""
    time = format_time(saved.at, zone=zone_of(vendor))
    words = translate(Message(SAID, {"time": time}))
    return {"version": saved.version, "said": words}


def picked(form: MultiDict[str, str]) -> dict[str, str]:
    """Return the customs code that was chosen among those found, if one was."""
    code = form.get("pick", "")
    return {"hs_code": code, "hs_words": ""} if code.isdigit() else {}


def is_new(ref: str) -> bool:
    """Whether a draft is one of goods that are not listed yet."""
    return drafts.is_ref(ref)


def address(ref: str) -> str:
    """Return where a draft is written on."""
    if is_new(ref):
        return url_for("listings.new", draft=ref)
    beside = request.form.get("beside") or None
    return url_for("listings.edit", ref=ref, beside=beside, _anchor="words")


def _multi(draft: DraftView) -> MultiDict[str, str]:
    return MultiDict([(name, one) for name, given in draft.fields.items() for one in given])


def _doors(form: MultiDict[str, str], vendor: VendorView) -> tuple[Door, ...]:
    """Return the price at three doors as typed so far, nothing while what decides is unclear."""
    reader = Reader(form)
    price = reader.money("price", vendor.currency)
    weight_g = reader.integer("weight_g", low=1, high=HEAVIEST_G)
    hazards = read_hazards(reader)
    try:
        reader.done()
    except Invalid:
        return ()
    goods = Goods(
        offer_id=0,
        version=0,
        price=price,
        own_prices={},
        weight_g=weight_g,
        hs_code="".join(sign for sign in form.get("hs_code", "") if sign.isdigit()),
        origin_country=form.get("origin_country", ""),
        lead_time_days=vendor.lead_time_days,
        hazards=hazards,
        is_named=bool(form.get("responsible_name")),
    )
    return landed.at_doors(goods, vendor, landed.chosen((), vendor))
