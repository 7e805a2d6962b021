"""The closed lists of values of scenes and shots, as people in the film trade name them."""

from __future__ import annotations

from django.db import models


class IntExt(models.TextChoices):
    """Where a scene plays, as its slugline says."""

    INT = "INT", "INT"
    EXT = "EXT", "EXT"
    INT_EXT = "INT/EXT", "INT/EXT"


class CameraAngle(models.TextChoices):
    """Where the camera looks from."""

    EYE_LEVEL = "eye_level", "Eye level"
    HIGH_ANGLE = "high_angle", "High angle"
    LOW_ANGLE = "low_angle", "Low angle"
    DUTCH_ANGLE = "dutch_angle", "Dutch angle"
    BIRDS_EYE = "birds_eye", "Bird's eye"
    WORMS_EYE = "worms_eye", "Worm's eye"
    OVERHEAD = "overhead", "Overhead"
    SHOULDER_LEVEL = "shoulder_level", "Shoulder level"
    HIP_LEVEL = "hip_level", "Hip level"
    GROUND_LEVEL = "ground_level", "Ground level"


class ShotSize(models.TextChoices):
    """How much of the subject the frame holds."""

    EXTREME_WIDE = "extreme_wide", "Extreme wide"
    WIDE = "wide", "Wide"
    FULL = "full", "Full"
    MEDIUM_WIDE = "medium_wide", "Medium wide"
    MEDIUM = "medium", "Medium"
    MEDIUM_CLOSE_UP = "medium_close_up", "Medium close-up"
    CLOSE_UP = "close_up", "Close-up"
    EXTREME_CLOSE_UP = "extreme_close_up", "Extreme close-up"
    OVER_SHOULDER = "over_shoulder", "Over shoulder"
    TWO_SHOT = "two_shot", "Two shot"
    INSERT = "insert", "Insert"
    POINT_OF_VIEW = "point_of_view", "Point of view"


class CameraMovement(models.TextChoices):
    """What the camera does during the shot."""

    STATIC = "static", "Static"
    PAN = "pan", "Pan"
    TILT = "tilt", "Tilt"
    ZOOM = "zoom", "Zoom"
    DOLLY = "dolly", "Dolly"
    TRACKING = "tracking", "Tracking"
    TRUCK = "truck", "Truck"
    PEDESTAL = "pedestal", "Pedestal"
    CRANE = "crane", "Crane"
    HANDHELD = "handheld", "Handheld"
    STEADICAM = "steadicam", "Steadicam"
    ORBIT = "orbit", "Orbit"
    PUSH_IN = "push_in", "Push in"
    PULL_OUT = "pull_out", "Pull out"
    WHIP_PAN = "whip_pan", "Whip pan"


class Composition(models.TextChoices):
    """How the frame is arranged."""

    RULE_OF_THIRDS = "rule_of_thirds", "Rule of thirds"
    CENTRED = "centred", "Centred"
    SYMMETRY = "symmetry", "Symmetry"
    LEADING_LINES = "leading_lines", "Leading lines"
    FRAME_WITHIN_FRAME = "frame_within_frame", "Frame within frame"
    NEGATIVE_SPACE = "negative_space", "Negative space"
    GOLDEN_RATIO = "golden_ratio", "Golden ratio"


class ScreenDirection(models.TextChoices):
    """Which way the action moves across the screen."""

    LEFT_TO_RIGHT = "left_to_right", "Left to right"
    RIGHT_TO_LEFT = "right_to_left", "Right to left"
    TOWARD = "toward", "Toward"
    AWAY = "away", "Away"
    NEUTRAL = "neutral", "Neutral"


class LightingType(models.TextChoices):
    """The kind of light."""

    NATURAL = "natural", "Natural"
    DRAMATIC = "dramatic", "Dramatic"
    SOFT = "soft", "Soft"
    HARD = "hard", "Hard"
    BACKLIT = "backlit", "Backlit"
    SILHOUETTE = "silhouette", "Silhouette"
    HIGH_KEY = "high_key", "High key"
    LOW_KEY = "low_key", "Low key"
    PRACTICAL = "practical", "Practical"
    NEON = "neon", "Neon"
    CANDLE = "candle", "Candle"
    MOONLIGHT = "moonlight", "Moonlight"


class Weather(models.TextChoices):
    """The weather outside."""

    CLEAR = "clear", "Clear"
    CLOUDY = "cloudy", "Cloudy"
    RAINY = "rainy", "Rainy"
    STORMY = "stormy", "Stormy"
    SNOWY = "snowy", "Snowy"
    FOGGY = "foggy", "Foggy"
    WINDY = "windy", "Windy"


class TimeOfDay(models.TextChoices):
    """The time a scene plays at."""

    DAWN = "dawn", "Dawn"
    MORNING = "morning", "Morning"
    DAY = "day", "Day"
    NOON = "noon", "Noon"
    AFTERNOON = "afternoon", "Afternoon"
    GOLDEN_HOUR = "golden_hour", "Golden hour"
    EVENING = "evening", "Evening"
    DUSK = "dusk", "Dusk"
    TWILIGHT = "twilight", "Twilight"
    NIGHT = "night", "Night"
    CONTINUOUS = "continuous", "Continuous"
    LATER = "later", "Later"


class Transition(models.TextChoices):
    """How one shot or scene hands over to the next."""

    CUT = "cut", "Cut"
    FADE_IN = "fade_in", "Fade in"
    FADE_OUT = "fade_out", "Fade out"
    DISSOLVE = "dissolve", "Dissolve"
    WIPE = "wipe", "Wipe"
    MATCH_CUT = "match_cut", "Match cut"
    SMASH_CUT = "smash_cut", "Smash cut"
    JUMP_CUT = "jump_cut", "Jump cut"
    IRIS = "iris", "Iris"


class Pacing(models.TextChoices):
    """How fast a scene is told."""

    SLOW = "slow", "Slow"
    MEDIUM = "medium", "Medium"
    FAST = "fast", "Fast"


class GenerationApproach(models.TextChoices):
    """How the picture of a shot is made."""

    COMPOSITE_IMAGE_TO_VIDEO = "composite_image_to_video", "Composite image-to-video"
    TEXT_TO_VIDEO = "text_to_video", "Text-to-video"
    IMAGE_TO_VIDEO = "image_to_video", "Image-to-video"
    VIDEO_TO_VIDEO = "video_to_video", "Video-to-video"
    FIRST_LAST_FRAME = "first_last_frame", "First-last frame"
    TRIPTYCH_SPLIT_FIRST_LAST = "triptych_split_first_last", "Triptych split first-last"
    HELD_FRAME_PUSH = "held_frame_push", "Held frame push"
    HELD_FRAME_STATIC = "held_frame_static", "Held frame static"
    CHARACTER_ANIMATE_REPLACE = "character_animate_replace", "Character animate replace"
    EXTENDED = "extended", "Extended"


class SceneStatus(models.TextChoices):
    """Where a scene stands."""

    DRAFT = "draft", "Draft"
    READY_FOR_GENERATION = "ready_for_generation", "Ready for generation"
    GENERATING = "generating", "Generating"
    IN_REVIEW = "in_review", "In review"
    COMPLETED = "completed", "Completed"
    FAILED = "failed", "Failed"
    OMITTED = "omitted", "Omitted"


class ShotStatus(models.TextChoices):
    """Where a shot stands."""

    PLANNED = "planned", "Planned"
    READY = "ready", "Ready"
    COMPOSITING = "compositing", "Compositing"
    VERIFYING = "verifying", "Verifying"
    GENERATING_VIDEO = "generating_video", "Generating video"
    POST = "post", "Post"
    AWAITING_REVIEW = "awaiting_review", "Awaiting review"
    APPROVED = "approved", "Approved"
    RETAKE = "retake", "Retake"
    FAILED = "failed", "Failed"
    OMITTED = "omitted", "Omitted"


class TakeKind(models.TextChoices):
    """What a take holds."""

    KEYFRAME = "keyframe", "Keyframe"
    COMPOSITE = "composite", "Composite"
    PREVIZ = "previz", "Previz"
    VIDEO = "video", "Video"
    AUDIO = "audio", "Audio"


class ReviewState(models.TextChoices):
    """What reviewers said of a take."""

    PENDING = "pending", "Pending"
    NEEDS_REVIEW = "needs_review", "Needs review"
    APPROVED = "approved", "Approved"
    RETAKE = "retake", "Retake"


class MovementSpeed(models.TextChoices):
    """How fast the camera moves."""

    VERY_SLOW = "very_slow", "Very slow"
    SLOW = "slow", "Slow"
    MEDIUM = "medium", "Medium"
    FAST = "fast", "Fast"
    VERY_FAST = "very_fast", "Very fast"


class DepthOfField(models.TextChoices):
    """How much of the depth is sharp."""

    SHALLOW = "shallow", "Shallow"
    MEDIUM = "medium", "Medium"
    DEEP = "deep", "Deep"


class Perspective(models.TextChoices):
    """Whose view the picture is."""

    OBJECTIVE = "objective", "Objective"
    SUBJECTIVE = "subjective", "Subjective"
    POINT_OF_VIEW = "point_of_view", "A person's own eyes"
    VOYEUR = "voyeur", "Watching unseen"


class KeyLight(models.TextChoices):
    """Where the key light stands, seen from the camera."""

    FRONT = "front", "Front"
    LEFT = "left", "Left"
    RIGHT = "right", "Right"
    THREE_QUARTER_LEFT = "three_quarter_left", "Three-quarter left"
    THREE_QUARTER_RIGHT = "three_quarter_right", "Three-quarter right"
    BACK = "back", "Back"
    TOP = "top", "Top"
    BELOW = "below", "Below"


class Contrast(models.TextChoices):
    """How far light and dark are apart."""

    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"


class Atmosphere(models.TextChoices):
    """What hangs in the air."""

    HAZE = "haze", "Haze"
    SMOKE = "smoke", "Smoke"
    DUST = "dust", "Dust"
    RAIN = "rain", "Rain"


class Season(models.TextChoices):
    """The season a scene plays in."""

    SPRING = "spring", "Spring"
    SUMMER = "summer", "Summer"
    AUTUMN = "autumn", "Autumn"
    WINTER = "winter", "Winter"


class SetCategory(models.TextChoices):
    """The categories of a script breakdown, but for cast and props, which have lists of their own."""

    EXTRAS = "extras", "Extras"
    STUNTS = "stunts", "Stunts"
    VEHICLES = "vehicles", "Vehicles"
    SPECIAL_EFFECTS = "special_effects", "Special effects"
    VISUAL_EFFECTS = "visual_effects", "Visual effects"
    WARDROBE = "wardrobe", "Wardrobe"
    MAKE_UP = "make_up", "Make-up and hair"
    ANIMALS = "animals", "Animals"
    ANIMAL_WRANGLER = "animal_wrangler", "Animal wrangler"
    MUSIC = "music", "Music"
    SOUND = "sound", "Sound"
    SET_DRESSING = "set_dressing", "Set dressing"
    GREENERY = "greenery", "Greenery"
    SPECIAL_EQUIPMENT = "special_equipment", "Special equipment"
    SECURITY = "security", "Security"
    ADDITIONAL_LABOUR = "additional_labour", "Additional labour"
    MECHANICAL_EFFECTS = "mechanical_effects", "Mechanical effects"
    MISCELLANEOUS = "miscellaneous", "Miscellaneous"


class StructureBeat(models.TextChoices):
    """What a scene does for the structure of the story."""

    HOOK = "hook", "Hook"
    SETUP = "setup", "Set-up"
    INCITING_INCIDENT = "inciting_incident", "Inciting incident"
    FIRST_TURN = "first_turn", "First turning point"
    RISING_ACTION = "rising_action", "Rising action"
    MIDPOINT = "midpoint", "Midpoint"
    CRISIS = "crisis", "Crisis"
    SECOND_TURN = "second_turn", "Second turning point"
    CLIMAX = "climax", "Climax"
    RESOLUTION = "resolution", "Resolution"
    CLIFFHANGER = "cliffhanger", "Cliffhanger"
    BUTTON = "button", "Button"


class SameLook(models.TextChoices):
    """What has to look the same in a consistency group."""

    CHARACTER = "character", "Character"
    WARDROBE = "wardrobe", "Wardrobe"
    LOCATION = "location", "Location"
    LIGHT = "light", "Light"
    WEATHER = "weather", "Weather"
    PROP = "prop", "Prop"
    PALETTE = "palette", "Palette"


class ReferenceKind(models.TextChoices):
    """What a reference image shows."""

    CHARACTER = "character", "Character"
    LOCATION = "location", "Location"
    PROP = "prop", "Prop"
    STYLE = "style", "Style"
    FRAME = "frame", "Frame"


class ApprovalState(models.TextChoices):
    """What the people responsible said of a scene as it is written."""

    OPEN = "open", "Open"
    WAITING = "waiting", "Waits for approval"
    APPROVED = "approved", "Approved"
    SENT_BACK = "sent_back", "Sent back"


class CompositeLayer(models.TextChoices):
    """What one step of a composite adds."""

    LOCATION = "location", "Location"
    CHARACTERS = "characters", "Characters"
    PROPS = "props", "Props"
    CORRECTION = "correction", "Correction"


class VerificationKind(models.TextChoices):
    """How a picture was checked."""

    KNOWLEDGE_QUERY = "knowledge_query", "Knowledge query"
    VISION_MODEL = "vision_model", "Vision model"
    ARTIFACT_GATE = "artifact_gate", "Artifact gate"
    SEMANTIC_GATE = "semantic_gate", "Semantic gate"


class ContinuityKind(models.TextChoices):
    """What may not fit between two shots."""

    LIGHTING_JUMP = "lighting_jump", "Lighting jump"
    COSTUME_CHANGE = "costume_change", "Costume change"
    SPATIAL_MISMATCH = "spatial_mismatch", "Spatial mismatch"
    PALETTE = "palette", "Palette"
    SCREEN_DIRECTION = "screen_direction", "Screen direction"
    LAST_FRAME_MATCH = "last_frame_match", "Last-frame match"
    TIME_OF_DAY = "time_of_day", "Time of day"
    WEATHER = "weather", "Weather"
    PROP = "prop", "Prop"


class ContinuitySeverity(models.TextChoices):
    """How much a break of continuity matters."""

    CRITICAL = "critical", "Critical"
    WARNING = "warning", "Warning"
    INFO = "info", "Info"


USUAL_SEVERITY = {
    ContinuityKind.LIGHTING_JUMP: ContinuitySeverity.CRITICAL,
    ContinuityKind.COSTUME_CHANGE: ContinuitySeverity.WARNING,
    ContinuityKind.SPATIAL_MISMATCH: ContinuitySeverity.INFO,
}
"""How much a kind matters where the check itself does not say; all others are warnings."""


class AttemptsKind(models.TextChoices):
    """What a group of attempts makes."""

    HERO_FRAME = "hero_frame", "Hero frame"
    VIDEO = "video", "Video"


class Comparison(models.TextChoices):
    """What differs between the attempts of a round."""

    NONE = "none", "Only the seed"
    SETTINGS = "settings", "Settings"
    PROMPTS = "prompts", "Prompts"


class TakeFlag(models.TextChoices):
    """Marks of a take; at most one take of a shot carries each."""

    SYSTEM_BEST = "system_best", "System's best"
    PERSON_BEST = "person_best", "Person's best"
    FINAL = "final", "Final"
