"""What kind of set a location asks for, by the words of its name."""

from __future__ import annotations

import re

_INSIDE: tuple[tuple[str, str], ...] = (
    ("car", r"\b(car|taxi|cab|truck|van|lorry|vehicle|limousine|pickup|driver'?s seat)\b"),
    ("lamp_room", r"\b(lamp room|lantern room|lens room|gallery deck)\b"),
    ("lighthouse", r"\b(lighthouse|tower|turret)\b"),
    ("kitchen", r"\b(kitchen|galley|pantry|scullery)\b"),
    ("hospital", r"\b(hospital|clinic|ward|infirmary|surgery|er|icu|morgue|recovery room)\b"),
    ("bathroom", r"\b(bathroom|toilet|restroom|washroom|shower|lavatory)\b"),
    ("bedroom", r"\b(bedroom|bed room|motel room|hotel room|dormitory|nursery|guest room)\b"),
    ("corridor", r"\b(corridor|hallway|hall|passage|tunnel|stairwell|staircase|stairs|landing|subway|sewer)\b"),
    ("office",
        r"\b(office|study|newsroom|police station|precinct|headquarters|boardroom|meeting room|interrogation room"
     r"|bureau|reception|bank)\b"),
    ("bar", r"\b(bar|pub|tavern|saloon|nightclub|club|inn)\b"),
    ("cafe", r"\b(cafe|café|restaurant|diner|canteen|bistro|dining room|cafeteria|mess|tea house|coffee shop)\b"),
    ("library", r"\b(library|bookshop|bookstore|archive|records room)\b"),
    ("laboratory", r"\b(lab|laboratory|clean room|observatory|control room|server room)\b"),
    ("spaceship", r"\b(spaceship|spacecraft|starship|space station|capsule|airlock|cockpit)\b"),
    ("ship", r"\b(ship|boat|cabin of the|ferry|trawler|submarine|wheelhouse|engine room|below deck|bridge|hold)\b"),
    ("train", r"\b(train|carriage|compartment|metro|tram|bus|plane|aeroplane|airplane)\b"),
    ("church", r"\b(church|chapel|cathedral|temple|monastery|nave|crypt|courtroom|court)\b"),
    ("classroom", r"\b(classroom|school|lecture|auditorium)\b"),
    ("prison", r"\b(prison|jail|cell|dungeon|cage)\b"),
    ("workshop", r"\b(workshop|garage|shed|barn|studio|forge|boathouse|warehouse|factory|hangar|basement|cellar|stable"
     r"|mill|boiler room|storeroom|attic)\b"),
    ("shop", r"\b(shop|store|supermarket|market|pharmacy|bakery|mall)\b"),
    ("living",
        r"\b(living room|lounge|sitting room|parlou?r|flat|apartment|house|home|cottage|villa|cabin|lobby|salon)\b"),
)  # fmt: skip

_OUTSIDE: tuple[tuple[str, str], ...] = (
    ("rooftop", r"\b(roof|rooftop|terrace|balcony)\b"),
    ("deck", r"\b(deck|boat|ship|trawler|ferry|raft|yacht)\b"),
    ("lighthouse", r"\b(lighthouse)\b"),
    ("cliff", r"\b(cliffs?|headland|bluff|precipice)\b"),
    ("harbour", r"\b(harbou?r|pier|dock|docks|quay|jetty|wharf|marina|port)\b"),
    ("beach", r"\b(beach|shore|seaside|coast|sand|cove|bay|island)\b"),
    ("sea", r"\b(sea|ocean|lake|river|water|bank of the)\b"),
    ("forest", r"\b(forest|woods?|woodland|jungle|trees|grove|clearing|swamp)\b"),
    ("mountains", r"\b(mountains?|peak|ridge|valley|hills?|pass|summit|canyon|glacier)\b"),
    ("desert", r"\b(desert|dunes?|wasteland|badlands|steppe|mars|planet|moon surface)\b"),
    ("alley", r"\b(alley|alleyway|back street|backstreet|courtyard|passage|lane)\b"),
    ("village", r"\b(village|hamlet|farm|farmhouse|cottage|yard|barn|garden|house|home|porch|cemetery|graveyard)\b"),
    ("street", r"\b(street|avenue|boulevard|square|plaza|sidewalk|pavement|market|town|shop|cafe|station|school|hotel"
     r"|bar|building|entrance|gate|hospital|church|office|apartment|bridge|parking|car park|road|corner|crossing)\b"),
    ("city", r"\b(city|downtown|skyline|metropolis)\b"),
    ("road", r"\b(highway|motorway|roadside|track|path|country road|trail)\b"),
    ("park", r"\b(park|meadow|field|fields|orchard|vineyard|pasture|moor|camp|campsite|heath)\b"),
)  # fmt: skip

_ROADS = re.compile(r"\b(country road|coast road|dirt road|mountain road|desert road|highway)\b")


def _first(table: tuple[tuple[str, str], ...], words: str) -> str:
    for kind, pattern in table:
        if re.search(pattern, words):
            return kind
    return ""


def _last(table: tuple[tuple[str, str], ...], words: str) -> str:
    """The kind whose word stands last: the kitchen of "Lighthouse kitchen"."""
    found = [(match.start(), kind) for kind, pattern in table for match in re.finditer(pattern, words)]
    return max(found)[1] if found else ""


def place_kind(location: str, sub_location: str, *, inside: bool) -> str:
    """The kind of set: the sub-location decides before the location; "room" or "open" when no word is known."""
    table = _INSIDE if inside else _OUTSIDE
    for words in (sub_location.lower(), location.lower()):
        if not inside and _ROADS.search(words):
            return "road"
        kind = _last(table, words) if inside else _first(table, words)
        if kind:
            return kind
    return "room" if inside else "open"
