"""Which shape stands for which kind of goods: our own shelves by key, others by their words."""

from __future__ import annotations

import re
from collections.abc import Sequence

FALLBACK = "tiles"
# A shelf of another tree is read from its last word back: `coffee cups` are cups.
_WORDS = {
    "teapot": "teapot teapots",
    "kettle": "kettle kettles",
    "coffeepot": "makers percolator espresso machines machine appliances appliance",
    "cup": "mug mugs cup cups drinkware glassware tumblers beverages drinks",
    "bowl": "bowl bowls tableware serveware mixing dinnerware",
    "plate": "plate plates dishes platters",
    "pot": "pot pots pan pans cookware bakeware kitchenware kitchen",
    "vase": "vase vases decor decoration ceramics pottery sculptures home",
    "jar": "jar jars honey jams jam sauces sauce spices spice preserves condiments pickles baby",
    "bottle": "bottle bottles oil oils vinegars wine wines spirits beer juice water shampoo",
    "tin": "tin tins caddy biscuits cookies snacks snack tobacco",
    "packet": "tea teas coffee coffees matcha rice pasta flour grains grain dates nuts seeds seed"
    " food foods grocery pantry sugar pet cat dog fruit dried fertilizer",
    "candle": "candle candles fragrance incense",
    "lamp": "lamp lamps lighting light lights bulbs",
    "mill": "mill mills grinders utensils gadgets",
    "perfume": "perfume perfumes cologne cosmetics beauty",
    "cream": "cream creams skin skincare care lotion hair makeup health medicine vitamins",
    "soap": "soap soaps bath bathroom hygiene cleaning laundry",
    "shirt": "shirt shirts tops top t tee sweaters sweater jacket jackets coats outerwear apparel"
    " clothing fashion men boys uniforms suits sleepwear underwear sportswear",
    "dress": "dress dresses skirts skirt women girls lingerie swimwear costumes",
    "hat": "hat hats cap caps beanies headwear",
    "scarf": "scarf scarves shawl shawls ties",
    "textile": "textile textiles linen linens fabric fabrics towels towel blankets blanket bedding"
    " curtains rugs rug carpets quilts yarn knitting sewing craft crafts",
    "cushion": "cushion cushions throws pillow pillows mattress mattresses",
    "belt": "belt belts straps",
    "glasses": "glasses sunglasses eyewear spectacles optical",
    "umbrella": "umbrella umbrellas parasols raincoats",
    "wallet": "wallet wallets purses purse cardholders",
    "bag": "bag bags handbag handbags totes tote leather",
    "backpack": "backpack backpacks rucksack school",
    "suitcase": "suitcase suitcases luggage travel",
    "ring": "ring rings jewelry jewellery gemstones",
    "necklace": "necklace necklaces beads pendants",
    "bangle": "bracelet bracelets bangle bangles",
    "earrings": "earring earrings studs hoops",
    "watch": "watch watches wearables smartwatches",
    "shoe": "shoe shoes footwear boots sneakers sandals slippers",
    "gloves": "gloves glove mittens",
    "socks": "sock socks hosiery tights",
    "chair": "chair chairs furniture stool stools sofa sofas tables table desks office beds",
    "clock": "clock clocks timers",
    "frame": "frame frames mirror mirrors art posters prints paintings wall",
    "basket": "basket baskets storage hampers organisers organizers",
    "plant": "plant plants garden gardening flowers flower planters lawn patio",
    "knife": "knife knives boards board cutting",
    "cutlery": "cutlery flatware spoons forks chopsticks",
    "book": "book books notebook notebooks stationery paper journals diaries magazines media",
    "pen": "pen pens pencils writing ink markers",
    "brush": "brush brushes painting drawing artists",
    "headphones": "headphones headphone earphones earbuds headsets",
    "speaker": "speaker speakers audio hifi sound radios video televisions",
    "phone": "phone phones smartphones mobile tablets electronics",
    "charger": "charger chargers cable cables adapters batteries power electrical wiring",
    "keyboard": "keyboard keyboards mice computer computers computing laptops networking software",
    "camera": "camera cameras photography photo lenses",
    "toy": "toy toys vehicles cars car automotive trains",
    "game": "game games puzzles chess hobbies",
    "guitar": "guitar guitars instruments string ukuleles violins music musical",
    "drum": "drum drums percussion",
    "mat": "mat mats yoga fitness exercise gym",
    "ball": "ball balls sport sports football soccer tennis basketball",
    "lantern": "lantern lanterns camping outdoor hiking outdoors",
    "cycle": "cycle cycling bicycle bicycles bike bikes motorcycles",
    "tool": "tool tools hardware workshop industrial building diy machinery screws",
    "parcel": "gift gifts box boxes packaging packing shipping party collectibles",
}
_SHAPES = {word: shape for shape, words in _WORDS.items() for word in words.split()}
_OWN = {
    "tea-bowls-cups": "cup",
    "plates-bowls": "bowl",
    "pots-pans": "pot",
    "knives-boards": "knife",
    "kitchen-tools": "mill",
    "lunch-bottles": "bottle",
    "cushions-throws": "textile",
    "travel-accessories": "bag",
    "keyboards-mice": "keyboard",
    "honey-jams": "jar",
    "chocolate": "tin",
    "balls-boards": "ball",
    "table-linen": "textile",
    "coffee-makers": "coffeepot",
    "matcha": "tin",
    "tea-coffee": "teapot",
    "food": "packet",
    "skin-care": "cream",
}
_WORD = re.compile(r"[a-z]+")
# Shelves hold more than one thing. These words, ending the head of a title, say which it is.
_NOUNS = {
    "earrings": "earrings",
    "bangle": "bangle",
    "bracelet": "bangle",
    "necklace": "necklace",
    "socks": "socks",
    "gloves": "gloves",
    "cap": "hat",
    "scarf": "scarf",
    "blanket": "textile",
    "throw": "textile",
    "quilt": "textile",
    "cushion": "cushion",
    "plates": "plate",
    "bowls": "bowl",
    "bowl": "bowl",
    "cups": "cup",
    "cup": "cup",
    "tumblers": "cup",
    "mug": "cup",
    "teapot": "teapot",
    "basket": "basket",
    "spoon": "cutlery",
    "chopsticks": "cutlery",
    "soap": "soap",
    "knife": "knife",
    "board": "knife",
    "tray": "plate",
    "lantern": "lantern",
    "lamp": "lamp",
    "notebook": "book",
    "belt": "belt",
    "backpack": "backpack",
    "sachets": "packet",
    "shortbread": "tin",
}
_HEAD = re.compile(r"[,(]| (?:with|for|in|from|of|to) ")


def noun_shape(title: str) -> str | None:
    """Return the shape that an English title names by itself: `Wool camp blanket, 190 cm`."""
    head = _WORD.findall(_HEAD.split(title.lower(), maxsplit=1)[0])
    return _NOUNS.get(head[-1]) if head else None


def shape_of(kinds: Sequence[tuple[str, str]]) -> str:
    """Return the shape of a shelf. Shape: kinds are key and English name, the narrowest first."""
    for key, name in kinds:
        if key in _OWN:
            return _OWN[key]
        for word in [*reversed(_WORD.findall(key.lower())), *reversed(_WORD.findall(name.lower()))]:
            if word in _SHAPES:
                return _SHAPES[word]
    return FALLBACK
