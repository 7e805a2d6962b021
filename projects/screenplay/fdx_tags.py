"""The breakdown tags of a Final Draft file: from a run's tag number to a category and a name."""

from __future__ import annotations

from xml.etree.ElementTree import Element as XmlElement

from projects.screenplay.model import BreakdownTag

CATEGORIES = {
    "01fc9642": "Cast Members",
    "028a4e2b": "Background Actors",
    "0377dbe6": "Stunts",
    "04721a56": "Vehicles",
    "05c556eb": "Props",
    "47b02ff1": "Camera",
    "069e18b8": "Special Effects",
    "0726fa85": "Wardrobe",
    "63c140da": "Script Day",
    "08ae1eef": "Makeup/Hair",
    "09cb0d1c": "Animals",
    "0ae40617": "Animal Wrangler",
    "0b0b44c9": "Music",
    "0ce7d308": "Sound",
    "0debb71b": "Set Dressing",
    "0e7a8fc5": "Greenery",
    "c86eae40": "Art Department",
    "849f1ebf": "Unit",
    "0ff5cda4": "Special Equipment",
    "109d0eaa": "Security",
    "1179a4b1": "Additional Labor",
    "12ab0932": "Visual Effects",
    "135cc9d1": "Mechanical Effects",
    "15b6f4fd": "Notes",
    "148267ae": "Miscellaneous",
    "ce04f547": "Miscellaneous",
    "8e5e75c2": "Synopsis",
    "70877d87": "Sequence",
    "c5e89e4d": "Location",
    "216f33fd": "Comments",
}
"""Final Draft's own categories by the first eight digits of their ids, which are the same in every file."""

_UNKNOWN = "Miscellaneous"


class TagIndex:
    """Looks up what a tag number of the script stands for."""

    def __init__(self, root: XmlElement) -> None:
        names = {
            category.get("Id", ""): category.get("Name", "")
            for category in root.iterfind("TagData/TagCategories/TagCategory")
        }
        self.definitions: dict[str, tuple[str, str]] = {}
        for definition in root.iterfind("TagData/TagDefinitions/TagDefinition"):
            category = definition.get("CatId", "")
            name = CATEGORIES.get(category.lower()[:8]) or names.get(category) or _UNKNOWN
            self.definitions[definition.get("Id", "")] = (name, definition.get("Label", "").strip())
        self.tags: dict[str, list[str]] = {}
        for tag in root.iterfind("TagData/Tags/Tag"):
            ids = [tag.get("DefId", "")] + [(child.text or "").strip() for child in tag.iterfind("DefId")]
            self.tags.setdefault(tag.get("Number", ""), []).extend(found for found in ids if found)

    def find(self, number: str, words: str, line: int) -> list[BreakdownTag]:
        """Return what a run tagged `number` stands for; a definition without a label is named by its words."""
        found = [self.definitions[key] for key in self.tags.get(number, []) if key in self.definitions]
        return [BreakdownTag(category, label or " ".join(words.split()), line) for category, label in found]
