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
