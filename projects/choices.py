"""The closed lists of values of a production."""

from __future__ import annotations

from django.db import models


class Format(models.TextChoices):
    """What kind of production it is."""

    FEATURE = "feature", "Feature"
    SHORT = "short", "Short"
    SERIES = "series", "Series"
    MICRODRAMA = "microdrama", "Microdrama"
    ADVERT = "advert", "Advert"
    MUSIC_VIDEO = "music_video", "Music video"
    OTHER = "other", "Other"


class ChapterLabel(models.TextChoices):
    """What a production calls its numbered parts."""

    CHAPTER = "chapter", "Chapter"
    EPISODE = "episode", "Episode"
    ACT = "act", "Act"
    REEL = "reel", "Reel"
    SPOT = "spot", "Spot"


class AspectRatio(models.TextChoices):
    """Width to height of the picture."""

    WIDE = "16:9", "16:9"
    VERTICAL = "9:16", "9:16"
    SQUARE = "1:1", "1:1"
    PORTRAIT = "4:5", "4:5"
    SCOPE = "2.39:1", "2.39:1"
    FLAT = "1.85:1", "1.85:1"


class Resolution(models.TextChoices):
    """Lines of a 16:9 picture."""

    HD720 = "720p", "720p"
    HD1080 = "1080p", "1080p"
    QHD1440 = "1440p", "1440p"
    UHD2160 = "2160p", "2160p"


class FrameRate(models.TextChoices):
    """Frames per second, as people write it; media_pipeline.media.timing has the exact values."""

    FPS_23_976 = "23.976", "23.976"
    FPS_24 = "24", "24"
    FPS_25 = "25", "25"
    FPS_29_97 = "29.97", "29.97"
    FPS_30 = "30", "30"
    FPS_48 = "48", "48"
    FPS_50 = "50", "50"
    FPS_60 = "60", "60"


class QualityTier(models.TextChoices):
    """How much care and money a picture is given."""

    DRAFT = "draft", "Draft"
    STANDARD = "standard", "Standard"
    CINEMATIC = "cinematic", "Cinematic"


class SeedPolicy(models.TextChoices):
    """Where the seeds of a production's shots come from."""

    SHARED = "shared", "Shared by all shots"
    PER_SCENE = "per_scene", "One per scene"
    RANDOM = "random", "Random per shot"


class ProjectStatus(models.TextChoices):
    """Where a production stands."""

    GATHERING = "gathering", "Gathering"
    QUALIFYING = "qualifying", "Qualifying"
    PRE_PRODUCTION = "pre_production", "Pre-production"
    GENERATING = "generating", "Generating"
    IN_REVIEW = "in_review", "In review"
    COMPLETED = "completed", "Completed"
    ARCHIVED = "archived", "Archived"


class Role(models.TextChoices):
    """What a person is in a production."""

    OWNER = "owner", "Owner"
    PRODUCER = "producer", "Producer"
    DIRECTOR = "director", "Director"
    WRITER = "writer", "Writer"
    ARTIST = "artist", "Artist"
    EDITOR = "editor", "Editor"
    REVIEWER = "reviewer", "Reviewer"
    VIEWER = "viewer", "Viewer"


class ChapterStatus(models.TextChoices):
    """Where a chapter stands."""

    DRAFT = "draft", "Draft"
    IN_PRODUCTION = "in_production", "In production"
    COMPLETED = "completed", "Completed"


class Severity(models.TextChoices):
    """How much an alert matters."""

    INFO = "info", "Info"
    WARNING = "warning", "Warning"
    ERROR = "error", "Error"


class NarrativeStructure(models.TextChoices):
    """The shape the story follows."""

    NONE = "none", "None"
    THREE_ACT = "three_act", "Three acts"
    HEROS_JOURNEY = "heros_journey", "Hero's journey"
    BEAT_SHEET = "beat_sheet", "Beat sheet"
    STORY_CIRCLE = "story_circle", "Story circle"
    AIDA = "aida", "AIDA (attention, interest, desire, action)"
    PAS = "pas", "PAS (problem, agitation, solution)"
    BAB = "bab", "BAB (before, after, bridge)"
    TWO_PEAK = "two_peak", "Two-peak microdrama"


class GatherKind(models.TextChoices):
    """What a gather item is material for."""

    CHARACTER = "character", "Character"
    SCENE = "scene", "Scene"
    LOCATION = "location", "Location"
    PROP = "prop", "Prop"
    NOTE = "note", "Note"
    WORLD_RULE = "world_rule", "World rule"
    VISUAL_REFERENCE = "visual_reference", "Visual reference"
    MUSIC_REFERENCE = "music_reference", "Music reference"
    DOCUMENT = "document", "Document"
    USER_INPUT = "user_input", "User input"
    MACHINE_EXPANSION = "machine_expansion", "Machine expansion"


class GatherSource(models.TextChoices):
    """Who brought a gather item."""

    PERSON = "person", "Person"
    IMPORT = "import", "Import"
    API = "api", "API"
    MACHINE = "machine", "Machine"


class Evaluator(models.TextChoices):
    """Who judged."""

    RULES = "rules", "Rules"
    MODEL = "model", "Model"


class RuleCategory(models.TextChoices):
    """What part of the story world a rule is about."""

    PHYSICS = "physics", "Physics"
    MAGIC = "magic", "Magic"
    TECHNOLOGY = "technology", "Technology"
    SOCIETY = "society", "Society"
    HISTORY = "history", "History"


class RulePriority(models.TextChoices):
    """How much it matters that a consistency rule holds."""

    CRITICAL = "critical", "Critical"
    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"


class PictureUse(models.TextChoices):
    """What a picture of a production's guides shows."""

    STYLE = "style", "Style reference"
    PRODUCT = "product", "Product shot"


class CorrectionKind(models.TextChoices):
    """What a correction over many records did."""

    RENAMED = "renamed", "Renamed a character"
    CHARACTERS = "characters", "Merged two characters"
    LOCATIONS = "locations", "Merged two locations"


class DeliveryStatus(models.TextChoices):
    """Where the delivery of an event to a webhook stands."""

    WAITING = "waiting", "Waiting"
    DELIVERED = "delivered", "Delivered"
    FAILED = "failed", "Given up"
