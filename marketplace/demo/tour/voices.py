"""What the story's shoppers say of what reached them, and what two shops answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from bs4 import Tag
from PIL import Image

from marketplace.demo.seed.seed import PICTURES
from marketplace.demo.tour.abreast import abreast
from marketplace.demo.tour.tour import LAMP_VENDOR, Shopper, sign_in
from marketplace.demo.tour.visitor import Visitor

Say = Callable[[str], None]

_WRITE = 'a[href*="/account/reviews/lines/"]'


@cache
def voices() -> Mapping[str, Any]:
    """Return the words: of shoppers by e-mail address and goods, and of shops."""
    path = Path(__file__).parent / "data" / "reviews.json"
    words: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return words


def review_everything(base_url: str, bought: Sequence[tuple[Shopper, str]], say: Say) -> None:
    """Let shoppers review what arrived of their orders, each in their language, and shops answer.

    Shape: bought pairs a shopper with an order. What is reviewed or answered already is left out,
    so that a tour that was broken off goes on.
    """
    abreast(bought, lambda one, told: _review(base_url, *one, told), say)
    abreast(
        voices()["answers"],
        lambda one, told: _answer(Visitor(base_url, one["lang"]), one, told),
        say,
    )


def _review(base_url: str, shopper: Shopper, group_ref: str, say: Say) -> None:
    words = voices()["shoppers"][shopper.email]
    visitor = Visitor(base_url, words["lang"])
    sign_in(visitor, shopper.email)
    for address, review in _waiting(visitor, group_ref, words["said"]):
        visitor.open(address)
        write(visitor, address, review)
        say(f"   {shopper.name} gives {review['stars']} of 5 stars: “{review['title']}”")


def _waiting(
    visitor: Visitor, group_ref: str, said: Mapping[str, dict[str, Any]]
) -> list[tuple[str, dict[str, Any]]]:
    """Return the address of each form for a review, with what is said there."""
    page = visitor.open(f"/orders/{group_ref}")
    return [
        (_local(link), said["lamp" if LAMP_VENDOR in parcel.get_text() else "teapot"])
        for parcel in page.select("article.parcel")
        for link in parcel.select(_WRITE)
    ]


def awaited(visitor: Visitor, group_ref: str) -> list[str]:
    """Return the address of each form for a review of what came with an order."""
    page = visitor.open(f"/orders/{group_ref}")
    return [_local(link) for link in page.select(_WRITE)]


def write(visitor: Visitor, address: str, said: Mapping[str, Any]) -> None:
    """Fill the form of a review; photographs go first, so that each can be described."""
    form, photos = f'form[action$="{address}"]', said.get("photos", ())
    words = {name: text for name, text in said.items() if name != "photos"}
    for photo in photos:
        visitor.send(form, {**words, "photos": _taken(photo)}, press="add_photos")
    fields = visitor.page.select(f'{form} [name^="alt-"]')
    shown = zip(fields, photos, strict=True)
    visitor.send(form, words | {str(field["name"]): photo["shows"] for field, photo in shown})


def _taken(photo: Mapping[str, Any]) -> BytesIO:
    """Return a part of one of our pictures as the file that somebody's telephone would send."""
    taken = BytesIO()
    with Image.open(PICTURES / f"{photo['of']}.webp") as picture:
        picture.convert("RGB").crop(photo["box"]).save(taken, "JPEG", quality=90)
    taken.seek(0)
    taken.name = f"{photo['of'].partition('--')[0]}.jpg"
    return taken


def _answer(visitor: Visitor, answer: Mapping[str, str], say: Say) -> None:
    sign_in(visitor, answer["email"])
    for shown in visitor.open("/desk/reviews/").select(".review"):
        link = shown.select_one("a.go")
        if answer["author"] in shown.get_text() and link and not shown.select(".tag"):
            visitor.open(_local(link))
            visitor.send('form[action*="/desk/reviews/"]', {"words": answer["words"]})
            say(f"   {answer['email']} answers {answer['author']}")


def _local(link: Tag) -> str:
    return re.sub(r"^/[^/]+", "", str(link["href"]))
