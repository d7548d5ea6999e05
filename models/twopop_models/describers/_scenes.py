"""Which ImageNet classes speak for which scene. A class that stands in no list says nothing of the scene."""

from __future__ import annotations

ANIMALS = range(398)
"""The first 398 ImageNet classes are animals."""

SCENES: dict[str, tuple[str, ...]] = {
    "nature": (
        *("cliff", "geyser", "mountain", "valley", "volcano", "lakeshore", "promontory", "greenhouse", "hay"),
        *("rapeseed", "daisy", "yellow lady's slipper", "corn", "acorn", "rose hip", "horse chestnut seed"),
        *("coral fungus", "agaric", "gyromitra", "stinkhorn mushroom", "earth star fungus", "bolete"),
        *("hen of the woods mushroom", "fruiting spike of a cereal plant", "mushroom", "split-rail fence", "tent"),
    ),
    "water": (
        *("beach", "sandbar", "coral reef", "breakwater", "pier", "dock", "boathouse", "catamaran", "kayak"),
        *("schooner", "yawl (boat)", "trimaran", "ocean liner", "container ship", "lifeboat", "motorboat"),
        *("fireboat", "submarine", "pirate ship", "shipwreck", "scuba diver", "snorkel", "paddle", "gondola"),
        *("dam", "lighthouse", "fountain"),
    ),
    "city": (
        *("taxicab", "traffic light", "traffic or street sign", "parking meter", "tram", "trolleybus"),
        *("rickshaw vehicle", "manhole cover", "palace", "church", "mosque", "monastery", "castle", "dome"),
        *("bell tower", "triumphal arch", "obelisk", "viaduct", "suspension bridge", "through arch bridge"),
        *("bakery", "barbershop", "bookstore", "butcher shop", "candy store", "grocery store", "restaurant"),
        *("shoe store", "tobacco shop", "toy store", "movie theater", "turnstile", "vending machine"),
        *("payphone", "mailbox", "construction crane", "library", "gas pump", "stupa", "tile roof"),
    ),
    "vehicle": (
        *("ambulance", "station wagon", "convertible", "fire truck", "garbage truck", "go-kart", "jeep"),
        *("limousine", "minibus", "minivan", "ford model t", "moped", "motor scooter", "mountain bike"),
        *("moving van", "pickup truck", "police van", "race car", "recreational vehicle", "school bus"),
        *("sports car", "tow truck", "tractor", "semi-trailer truck", "tricycle", "unicycle", "tandem bicycle"),
        *("steam locomotive", "electric locomotive", "high-speed train", "freight car", "railroad car"),
        *("airliner", "airship", "airplane wing", "military aircraft", "balloon", "snowmobile", "snowplow"),
        *("car mirror", "car wheel", "disc brake", "radiator grille", "odometer", "crash helmet", "golf cart"),
        *("horse-drawn vehicle", "bullock cart", "amphibious vehicle", "dog sled"),
    ),
    "sport": (
        *(
            "balance beam",
            "barbell",
            "bobsleigh",
            "baseball",
            "basketball",
            "croquet ball",
            "dumbbell",
            "football helmet",
        ),
        *("golf ball", "gymnastic horizontal bar", "hockey puck", "parachute", "parallel bars", "ping-pong ball"),
        *("pool table", "punching bag", "racket", "rugby ball", "scoreboard", "ski", "soccer ball"),
        *("tennis ball", "volleyball ball", "baseball player", "swimming cap", "knee pad"),
    ),
    "technology": (
        *("computer keyboard", "desktop computer", "hand-held computer", "hard disk drive", "laptop computer"),
        *("modem", "monitor", "computer mouse", "notebook computer", "oscilloscope", "mobile phone", "iPod"),
        *("CRT monitor", "television", "website", "radio telescope", "space shuttle", "planetarium", "joystick"),
        *("drilling rig", "projector", "printer", "photocopier", "solar thermal collector", "digital clock"),
    ),
    "food": (
        *("guacamole", "consomme", "hot pot", "trifle", "ice cream", "popsicle", "baguette", "bagel", "pretzel"),
        *("cheeseburger", "hot dog", "mashed potatoes", "cabbage", "broccoli", "cauliflower", "zucchini"),
        *("spaghetti squash", "acorn squash", "butternut squash", "cucumber", "artichoke", "bell pepper"),
        *("Granny Smith apple", "strawberry", "orange", "lemon", "fig", "pineapple", "banana", "jackfruit"),
        *("pomegranate", "carbonara", "chocolate syrup", "dough", "meatloaf", "pizza", "pot pie", "burrito"),
        *("red wine", "espresso", "tea cup", "eggnog", "plate", "dining table", "menu", "wok", "frying pan"),
        *("coffee mug", "coffeepot", "espresso machine", "wine bottle", "beer glass", "goblet", "teapot"),
    ),
    "home": (
        *("bathtub", "bookcase", "china cabinet", "couch", "cradle", "infant bed", "four-poster bed"),
        *("desk", "folding chair", "lampshade", "medicine cabinet", "microwave oven", "patio", "pillow", "quilt"),
        *("refrigerator", "rocking chair", "shower curtain", "sliding door", "stove", "table lamp", "wardrobe"),
        *("window shade", "window screen", "washing machine", "wall clock", "vase", "teddy bear"),
    ),
    "conflict": (
        *("assault rifle", "cannon", "holster", "military uniform", "missile", "rifle", "revolver", "tank"),
        *("bulletproof vest", "cuirass", "breastplate", "shield", "aircraft carrier", "half-track", "guillotine"),
        *("gas mask or respirator", "hatchet", "prison"),
    ),
    "stage": (
        *("accordion", "acoustic guitar", "banjo", "bassoon", "cello", "cornet trumpet", "drum", "drumstick"),
        *("electric guitar", "flute", "French horn", "gong", "grand piano", "harmonica", "harp", "maraca"),
        *("marimba xylophone", "microphone", "music speaker", "oboe", "ocarina", "pan flute", "pipe organ"),
        *("saxophone", "spotlight", "stage", "front curtain", "trombone", "upright piano", "violin"),
    ),
}
"""Scene word -> names of ImageNet classes. ``animal`` is the range above."""

HEARD: dict[str, str] = {
    "acoustic guitar": "acoustic-guitar",
    "cello": "cello",
    "cornet trumpet": "trumpet",
    "drum": "drums",
    "electric guitar": "electric-guitar",
    "flute": "flute",
    "French horn": "horn",
    "grand piano": "piano",
    "harp": "harp",
    "marimba xylophone": "marimba",
    "pipe organ": "organ",
    "saxophone": "saxophone",
    "trombone": "brass",
    "upright piano": "piano",
    "violin": "violin",
}
"""Instruments that are seen are heard."""

_SCENE_OF = {name: scene for scene, names in SCENES.items() for name in names}


def scene_of(number: int, name: str) -> str:
    """The scene that a class speaks for, "" for none."""
    return "animal" if number in ANIMALS else _SCENE_OF.get(name, "")
