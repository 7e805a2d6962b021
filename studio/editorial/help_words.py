"""What words of the trade mean, for the fields whose own help does not say it."""

from __future__ import annotations

from django.db.models import Model

HELP = {
    "camera_angle": "From how high, and how tilted, the camera looks.",
    "shot_size": "How much of the subject the frame holds.",
    "camera_movement": "What the camera itself does during the shot.",
    "lens_mm": "24 sees wide, 50 sees as the eye does, 85 and more flatter a face.",
    "depth_of_field": "Shallow: only the subject is sharp. Deep: everything is.",
    "framing": "What stands where in the frame, and what is cut off.",
    "composition": "The rule by which the picture is laid out.",
    "screen_direction": "Which way things move across the screen; it stays the same from shot to shot.",
    "key_light": "Where the strongest light comes from, seen from the camera.",
    "colour_temperature": "Candle 1900, tungsten 3200, daylight 5600, overcast 6500.",
    "contrast": "How far the shadows are from the highlights.",
    "colour_grade": "The look the colours are given afterwards, in words or the name of a LUT.",
    "lighting_mood": "In a few words, such as: cold, one warm window.",
    "atmosphere": "What hangs in the air and catches the light.",
    "set_dressing": "What stands in the place besides the props that are handled.",
    "negative_prompt": "What must not be seen. Not every model listens to it.",
    "motion_prompt": "What moves, and how, once the picture becomes a clip.",
    "int_ext": "Whether it plays inside, outside or both.",
    "sub_location": "The part of the place, such as BRIDGE of a ship.",
    "emotional_tone": "One or two words, such as: wary hope.",
    "stakes": "What is lost if it goes wrong.",
    "subtext": "What is meant and not said.",
    "turning_point": "What is different when the scene is over.",
    "structure_beat": "Where the scene stands in the production's narrative structure.",
    "pacing": "Sets how long the planned shots are.",
    "music_cue": "What is heard and where it begins and ends.",
    "ambience": "The sound of the place when nobody speaks.",
    "legal_notes": "Names, brands, music and likenesses that need clearing.",
    "continuity_notes": "What has to match the scenes before and after.",
    "consistency_groups": "What has to look the same here as in other scenes.",
    "approach": "How the clip is made out of pictures.",
    "hero_prompt": "The shot's strongest moment, as one picture.",
    "identity_scales": "How strongly each identity holds, 0 to 1, one to a line: ADA: 0.5.",
    "seed": "The same seed and the same request make the same picture. Empty: by the production's policy.",
    "trigger_word": "The made-up word a trained identity listens to.",
    "prompt_fragment": "How pictures are asked for this, in a model's words.",
    "negative_fragment": "What must not be seen wherever this appears.",
}
"""Field -> a sentence, wherever a field of this name stands without help of its own."""


def help_with(model: type[Model], name: str) -> str:
    """The sentence for a field of a record; empty where the record's own help stands."""
    own = str(getattr(model._meta.get_field(name), "help_text", ""))
    return "" if own else HELP.get(name, "")
