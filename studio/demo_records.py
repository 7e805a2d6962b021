"""The records of the demo production beside its film: what people would have written, gathered, checked and chosen.

Everything goes through the verbs of the records, once: a second demo finds it there. `write_story` comes before the
film is made; `write_work` after it, because it shows what the film's own frames are used for.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction

from characters import actions as characters
from characters.models import Character
from media_pipeline.models import MediaAsset
from projects import actions as projects
from projects.models import Project, ProjectPicture, StoryBible
from prompts.actions import override_template
from prompts.models import PromptTemplate
from scenes import actions as scenes
from scenes.merging import merge_locations
from scenes.models import Location, Scene, Take
from studio.demo_material import write_down

RULES = (
    ("physics", "The sea comes back all at once, as a wall, and only when it is told the time."),
    ("technology", "Clocks are made of what the sea leaves behind. A clock of salt opens what a key cannot."),
    ("history", "The water left in the year Mira's grandmother was born."),
)
PEOPLE: dict[str, dict[str, Any]] = {
    "MIRA": {
        "pronouns": "she/her", "age": "12", "build": "thin, strong shoulders", "hair": "black, cut with a knife",
        "eyes": "grey", "personality": "Stubborn, watches before she speaks.",
        "motivation": "To hear the sea her grandmother told her of.", "fear": "That it comes back without her.",
        "appearance_summary": "a barefoot girl of 12 with short black hair and a coil of red rope",
        "speech_style": "Short sentences, no questions she knows the answer to.", "scale_height": Decimal("0.82"),
    },
    "TOMAS": {
        "pronouns": "he/him", "age": "70", "hair": "white, salt in the beard", "eyes": "pale blue",
        "personality": "Gentle, precise, given up long ago.",
        "background": "Made the last clock that ever rang a tide.",
        "motivation": "To put right the hour he stopped.", "arc": "From keeping time to letting it go.",
        "appearance_summary": "an old clockmaker with salt in his white beard and a leather apron",
    },
}  # fmt: skip
LOOKS = {"MIRA": ("Rope and bare feet", "A faded blue shirt, trousers tied with red rope."),
         "TOMAS": ("Leather apron", "A leather apron over a grey shirt, brass loupe on a cord.")}  # fmt: skip


@transaction.atomic
def write_story(project: Project, person: Any) -> bool:
    """What is written before anything is filmed; False where it stands there already."""
    if StoryBible.objects.filter(project=project).exists():
        return False
    _write_production(project, person)
    _write_bible(project, person)
    _write_people(project, person)
    _write_places(project, person)
    _write_scenes(project, person)
    template = PromptTemplate.objects.filter(project=None).order_by("key").first()
    if template is not None:
        override_template(template, project, by=person)
    if settings.OUTGOING_WEBHOOK_HOSTS and "*" not in settings.OUTGOING_WEBHOOK_HOSTS[0]:
        address = f"https://{settings.OUTGOING_WEBHOOK_HOSTS[0]}/rushes"
        webhook, _ = projects.create_webhook(project, name="Tracker", url=address, events=["take.*"], by=person)
        projects.try_webhook(webhook, by=person)
    return True


def _write_production(project: Project, person: Any) -> None:
    projects.change_project(
        project, by=person, genre="Fable", style_texture="35 mm grain, salt haze",
        logline="A girl and a clockmaker carry the last ticking clock across a sea that left.",
        synopsis="When a clock of salt is found in a dry well, Mira brings it to Tomas, who knows what it opens.",
        style_palette=["#E8E2D4", "#B33A2B", "#3C5A73"],
    )  # fmt: skip
    projects.write_chapter(
        project, 1, by=person, synopsis="From the well to the open sea.", hook="A plain without a horizon, and a tick.",
        cliffhanger="The ship floats.", target_seconds=180,
    )  # fmt: skip
    draft = projects.create_project(title="The Salt Clock, abandoned draft", owner=person)
    projects.delete_project(draft)  # its names are retired, as those of every production that is gone
    write_down(project, person)
    projects.write_document(
        project, "visual guidelines", "light", {"rule": "Low sun, long shadows; night is blue, never black."}
    )
    projects.raise_alert(
        project.pk, title="The red rope has no reference picture", severity="warning", source="demo:rope",
        message="It is in five scenes. Choose a picture of it before the frames are rendered in full quality.",
    )  # fmt: skip


def _write_bible(project: Project, person: Any) -> None:
    projects.write_bible(
        project, by=person, title="The Salt Clock: story bible", tone="Quiet, dry, then all at once wet",
        themes=["time", "trust"], motifs=["red rope", "one low note"],
        parts={
            "world_rules": [{"category": kind, "description": words} for kind, words in RULES],
            "relationships": [
                {"from_name": "MIRA", "to_name": "TOMAS", "kind": "finds her teacher",
                 "description": "She trusts him before he trusts himself."},
            ],
            "timeline": [
                {"event": "The sea leaves", "when": "Sixty years before", "description": "Nobody rang the hour."},
                {"event": "The clock is found", "when": "Day 1", "description": "It stands in the dry well."},
            ],
            "consistency_rules": [{"rule": "The rope is red in every light.", "priority": "critical"}],
            "locations": [{"name": "Salt flats", "description": "Dry until the last scene.", "rules": "No plants."}],
            "glossary": [{"term": "Salt clock", "meaning": "A lock that opens at one hour only."}],
        },
    )  # fmt: skip


def _write_people(project: Project, person: Any) -> None:
    for name, fields in PEOPLE.items():
        character = Character.objects.filter(project=project, name=name).first()
        character = character or characters.create_character(project, name=name, by=person)
        characters.change_character(character, by=person, **fields)
        look, wardrobe = LOOKS[name]
        characters.write_look(character, look, by=person, wardrobe=wardrobe)


def _write_places(project: Project, person: Any) -> None:
    mira = Character.objects.get(project=project, name="MIRA")
    scenes.create_prop(
        project, name="Salt clock", description="Brass, as tall as Mira; one gear is of salt.", by=person
    )
    scenes.create_prop(project, name="Red rope", owner=mira, scale="eight metres, thumb thick", by=person)
    scenes.create_style(
        project, name="Salt and brass", is_project_style=True, keywords=["bleached", "low sun"], by=person,
        palette=["#E8E2D4", "#B98A3B"], prompt_fragment="bleached colours, low sun, long shadows",
    )  # fmt: skip
    flats = Location.objects.filter(project=project).order_by("pk").first() or scenes.create_location(
        project, name="SALT FLATS", by=person
    )
    scenes.change_place(
        flats, by=person, description="A white plain without end, a skin of water on it at dawn.",
        time_variants=[{"time_of_day": "dawn", "description": "A mirror."},
                       {"time_of_day": "dusk", "description": "Rust red, dry."}],
        camera_marks=[{"name": "Sledge track", "lens_mm": 35}],
        lighting_presets=[{"name": "Low sun", "lighting_type": "natural", "colour_temperature": 3800}],
    )  # fmt: skip
    double = scenes.create_location(project, name="THE FLATS", description="From an early treatment.", by=person)
    merge_locations(flats, double, by=person)


def _write_scenes(project: Project, person: Any) -> None:
    found = list(Scene.objects.filter(chapter__project=project).select_related("chapter").order_by("sequence"))
    if not found:
        return
    scenes.create_consistency_group(
        project, name="The rope around the waist", same="wardrobe", scenes=found[:3], by=person,
        description="Tied on the left side, one turn, from the dusk on.",
    )  # fmt: skip
    rope = project.props.get(name="Red rope")
    scenes.change_scene(
        found[0], by=person, purpose="A world without time, and the one thing that keeps it.",
        emotional_tone="Awe, then unease", music_cue="The low note, once.", weather="clear", story_day="Day 1",
        props=[{"prop": rope, "description": "Coiled over her shoulder.", "is_hero": True}],
        set_elements=[{"category": "special_effects", "name": "Skin of water", "description": "Two centimetres."}],
        sound_effects=[{"name": "Tick", "starts": "0.500", "seconds": "0.200"}],
    )  # fmt: skip


@transaction.atomic
def write_work(project: Project, person: Any) -> bool:
    """What comes of a film that was rendered: references, tests, hero frames, checks; False without takes or twice."""
    takes = list(Take.objects.filter(shot__scene__chapter__project=project).select_related("shot__scene", "keyframe"))
    if len(takes) < 2 or project.generation_groups.exists():
        return False
    first, second = takes[0], next((take for take in takes if take.shot_id != takes[0].shot_id), takes[1])
    picture: MediaAsset = first.keyframe
    _write_references(project, person, picture)
    _write_checks(first, second, picture, person)
    group = scenes.start_attempts(project, kind="hero_frame", by=person, shot=first.shot, comparison="prompts")
    low, high = scenes.add_round(
        group, [{"prompt": first.prompt, "seed": 1}, {"prompt": f"{first.prompt} Low sun.", "changed": "the light"}]
    )
    scenes.record_attempt(low, picture=picture, score=Decimal(71))
    scenes.record_attempt(high, picture=picture, score=Decimal(84))
    scenes.choose_attempt(high, "person_best", by=person)
    sound = first.sound or second.sound
    line = next(iter(first.shot.scene.dialogue.all()), None)
    if sound is not None and line is not None:
        scenes.record_line_audio(line, sound=sound, spoken=line.line, voice="animatic")
    return True


def _write_references(project: Project, person: Any, picture: MediaAsset) -> None:
    mira = Character.objects.get(project=project, name="MIRA")
    characters.add_reference(mira, picture.pk, "master", by=person, angle="front", description="Mira on the flats.")
    identity = characters.create_identity(mira, "reference_set", by=person, notes="Until a LoRA is worth its price.")
    characters.record_identity_test(
        identity, kind="portrait", prompt="Mira, portrait, low sun", image=picture, similarity=Decimal(88), passed=True
    )
    row = [{"picture": picture, "description": "From the first take."}]
    place = Location.objects.filter(project=project).order_by("pk").first()
    for record in (place, project.props.first(), project.styles.first()):
        if record is not None:
            scenes.change_place(record, by=person, references=row)
    scene = Scene.objects.filter(chapter__project=project).order_by("sequence").first()
    if scene is not None:
        scenes.change_scene(scene, by=person, references=row)
    ProjectPicture.objects.create(project=project, image=picture, caption="The light we want", sort_order=1)


def _write_checks(first: Take, second: Take, picture: MediaAsset, person: Any) -> None:
    shot = first.shot
    scenes.choose_references(shot, [{"kind": "frame", "picture": picture, "name": "First take"}], by=person)
    scenes.record_iteration(
        shot, 1, run_id=None, layer="location", prompt="The salt flats at dawn, nobody there.", picture=picture,
        passed=True, attempts=1, references=[{"kind": "location", "picture": picture, "description": "Salt flats"}],
    )  # fmt: skip
    scenes.record_verification(
        shot, kind="vision_model", query="Is there a horizon?", answer="None to be seen.", passed=True, picture=picture
    )
    check = scenes.record_continuity(
        shot, second.shot, kind="palette", passed=False, notes="The second is warmer by 600 K."
    )
    scenes.dismiss_continuity(check, "The sun has come up meanwhile.", by=person)
    scenes.record_take_checks(first, [
        {"name": "flicker", "kind": "artifacts", "score": Decimal(96), "threshold": Decimal(80), "passed": True,
         "measured_by": "demo"},
    ])  # fmt: skip
