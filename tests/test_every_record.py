"""The records of the specification, field by field: each stands where it belongs, in the admin and in the API.

What people write is a column of the record or a list inside it; what machines write stands in a state table or in a
table of its own; what can be counted is counted and never kept.
"""

from __future__ import annotations

import pytest
from django.core.exceptions import FieldDoesNotExist

from characters.models import Character, CharacterIdentity, CharacterReference, IdentityTest, Look
from dailies.models import Annotation, Playlist, Review
from media_pipeline.models import MediaAsset, Run, Step
from projects import choices as project_choices
from projects.coherence import SETTINGS
from projects.models import (
    Alert,
    BudgetAccount,
    BudgetLedgerEntry,
    Chapter,
    DepartmentReadiness,
    Event,
    GatherItem,
    Membership,
    Project,
    QualifiedDocument,
    StoryBible,
    Tracked,
)
from prompts.models import ModelProfile, PromptTemplate
from scenes import choices
from scenes.models import (
    CompositeIteration,
    ContinuityCheck,
    GenerationGroup,
    Location,
    Prop,
    Scene,
    Shot,
    Style,
    Take,
    VerificationResult,
)
from studio.api.serializers import expandable, expansion, serializer_of
from studio.api.urls import RECORDS
from studio.editorial.tests.posting import viewset_of
from studio.verbs import VERBS

DIRECTION = (
    "camera_angle shot_size camera_movement movement_speed lens_mm aperture depth_of_field focus_target framing "
    "composition perspective eyeline screen_direction lighting_type lighting_mood key_light colour_temperature "
    "contrast palette colour_grade texture atmosphere weather time_of_day season set_dressing base_prompt text_prompt "
    "negative_prompt motion_prompt style"
)

WRITTEN = {
    Project: "title slug code logline synopsis format chapter_label genre audience language aspect_ratio resolution "
    "frame_rate quality_tier narrative_structure emotional_beats style_palette style_lut style_lenses style_texture "
    "brand_palette brand_fonts brand_logo brand_must brand_must_not default_negative_prompt seed_policy coherence "
    "may_train_identities may_learn_style may_clone_voices knowledge_base pictures.use pictures.image",
    BudgetAccount: "limit currency warning_percent",
    Membership: "project person role",
    Chapter: "project number title synopsis status target_seconds hook cliffhanger structure_positions script_text",
    GatherItem: "project kind title body structured attachment source department",
    StoryBible: "title world_rules.category world_rules.description relationships.from_name relationships.to_name "
    "relationships.kind relationships.description timeline.event timeline.when timeline.description "
    "consistency_rules.rule consistency_rules.priority locations.name locations.description locations.rules "
    "glossary.term glossary.meaning themes tone motifs generated_by",
    Character: "project name aliases role pronouns age species ethnicity height build face eyes hair skin "
    "distinguishing_marks posture personality background motivation fear arc secrets skills relationships speech_style "
    "accent catchphrases appearance_summary default_look scale_height voice_id voice_language voice_pitch voice_pace "
    "voice_sample trigger_word prompt_fragment negative_fragment generated_by",
    Look: "character name wardrobe make_up hair injuries props_worn palette when",
    CharacterReference: "character look kind angle horizontal_angle vertical_angle expression environment lighting "
    "image description prompt model seed source checks selected_for_training",
    CharacterIdentity: "character technique base_model trigger_word training_set steps rank learning_rate version "
    "default_scale notes",
    Location: "project name int_ext description rules set_dressing palette time_variants.time_of_day "
    "references.picture world camera_marks.name lighting_presets.name",
    Prop: "project name description owner scale references.picture",
    Style: "project name keywords palette references.picture lut prompt_fragment",
    Scene: "chapter number sequence heading int_ext location location_text sub_location story_day page length_eighths "
    "synopsis screenplay_text purpose dramatic_effect emotional_tone conflict stakes subtext turning_point "
    f"structure_beat pacing expected_seconds {DIRECTION} cast.character cast.look cast.blocking cast.emotion "
    "cast.business cast.entrance_exit props.prop props.name props.description props.reference props.is_hero "
    "set_elements.category set_elements.name dialogue.character dialogue.parenthetical dialogue.line dialogue.language "
    "dialogue.delivery dialogue.starts music_cue sound_effects.name sound_effects.starts sound_effects.seconds "
    "sound_effects.gain_db sound_effects.sound ambience voice_over transition_in transition_in_seconds transition_out "
    "transition_out_seconds prompt_template consistency_groups continuity_notes legal_notes references.picture",
    Shot: f"scene number sequence business description purpose {DIRECTION} expected_seconds approach "
    "continues_previous composite_plan hero_prompt first_frame_prompt last_frame_prompt triptych_prompt seed "
    "model_overrides identity_scales reference_strengths",
    PromptTemplate: "name key description category template variables.name variables.description variables.required "
    "variables.default variables.example model_hints active project",
    ModelProfile: "name capability provider endpoint tiers price price_unit typical_seconds limits parameters "
    "parameter_map supports active preference",
}
"""Record -> what people write of it: columns, and columns of the lists inside it."""

KNOWN = {
    Project: "state.status state.gather_locked_at state.final_film state.cover",
    BudgetAccount: "reserved spent",
    Chapter: "script_name script_format script_file lengths",
    DepartmentReadiness: "project department score threshold missing evaluated_by evaluated_at",
    QualifiedDocument: "project collection key data schema_version generated_by",
    Alert: "project severity title message source dismissed_by dismissed_at",
    BudgetLedgerEntry: "project run step kind amount currency provider model units note at",
    Character: "state.status state.master_reference usage",
    CharacterIdentity: "state.status state.progress state.weights state.weights_low_noise state.request_id state.cost",
    IdentityTest: "identity kind prompt image similarity face_distance passed at",
    Location: "usage", Prop: "usage", Style: "usage",
    Scene: "state.status state.error_message state.retry_count state.processing_seconds state.approval state.agent "
    "lengths direction dialogue.audio_takes",
    Shot: "state.status state.error_message state.retry_count state.processing_seconds state.selected_take "
    "state.decisions state.final_composite state.start_image state.end_image cast.character cast.name lines.text "
    "references.picture references.strength direction outcome",
    CompositeIteration: "shot run number layer references.kind references.picture references.description prompt "
    "picture attempts passed details created_at",
    Take: "shot number kind media thumbnail filmstrip prompt negative_prompt references identities model parameters "
    "seed frames frame_rate width height cost run checks.score qc is_system_best is_person_best is_final review_state "
    "note",
    VerificationResult: "shot kind query answer passed confidence created_at",
    ContinuityCheck: "from_shot to_shot kind severity passed notes evidence dismissed_by",
    Review: "take person guest decision reasons text",
    Annotation: "take person guest first_frame drawing text resolved_at reply_to",
    Playlist: "project name entries.take entries.position",
    GenerationGroup: "shot prompt kind comparison attempts.round attempts.score attempts.is_system_best "
    "attempts.system_reason attempts.is_person_best attempts.is_final attempts.is_favourite",
    PromptTemplate: "versions.number versions.text",
    MediaAsset: "file kind sha256 size width height duration frame_rate frame_count codec has_audio source "
    "derived_from provenance",
    Run: "pipeline subject state parent settings progress progress_words estimate committed error started_at "
    "finished_at cancel_requested_at",
}  # fmt: skip
"""Record -> what machines write or count of it, as the API shows it."""

EVERYWHERE = (Step, Event)
"""Records that are told by another face: steps by their run, events by their feed."""


def entries(table):
    return [(model, word) for model, words in table.items() for word in words.split()]


def known_to_the_api(model, word):
    name, _, inner = word.partition(".")
    fields = serializer_of(model)().fields if model is not Run else run_fields()
    if name == "state" and inner:
        return inner in fields["state"].fields
    if inner or (name in expandable(model) and name not in fields):
        if name not in expandable(model):
            return False
        found = expansion(model, name)
        return not inner or inner in found.child.fields
    return name in fields


def run_fields():
    from studio.api.actions import RunSerializer

    return RunSerializer().fields


@pytest.mark.parametrize(("model", "word"), entries(WRITTEN), ids=lambda value: getattr(value, "__name__", value))
def test_what_people_write_stands_on_the_record_its_form_and_in_the_api(model, word):
    name, _, inner = word.partition(".")
    field = model._meta.get_field(name)
    if inner:
        field.related_model._meta.get_field(inner)
    assert known_to_the_api(model, word)
    assert model in VERBS
    viewset = viewset_of(model)
    form = viewset._update_handler.get_form_class()
    if inner:
        formset = form.formsets[name].form if name in getattr(form, "formsets", {}) else None
        assert formset is not None, f"{word} stands in no list of the form."
        assert inner in formset.base_fields, word
    else:
        shown = {*form.base_fields, *viewset.fixed, *viewset.machine_made}
        assert name in shown, f"{word} stands on no form."


@pytest.mark.parametrize(("model", "word"), entries(KNOWN), ids=lambda value: getattr(value, "__name__", value))
def test_what_machines_know_is_told_by_the_api_and_stands_on_no_form(model, word):
    assert known_to_the_api(model, word), f"{model.__name__}.{word} is not in the API."
    name = word.partition(".")[0]
    try:
        column = model in VERBS and model._meta.get_field(name).concrete
    except FieldDoesNotExist:
        return
    if column:
        form = viewset_of(model)._update_handler.get_form_class()
        assert name not in form.base_fields or name in viewset_of(model).machine_made


def test_every_record_says_when_it_was_made_and_by_whom():
    for model in WRITTEN:
        assert issubclass(model, Tracked) or model is BudgetAccount, model


def test_every_record_has_an_address_in_the_api():
    models = {model for model, _ in RECORDS.values()} | {Run}
    assert {*WRITTEN, *KNOWN} <= models


LISTS = {
    project_choices.Format: "feature short series microdrama advert music_video other",
    project_choices.ChapterLabel: "chapter episode act reel spot",
    project_choices.AspectRatio: "16:9 9:16 1:1 4:5 2.39:1 1.85:1",
    project_choices.Resolution: "720p 1080p 1440p 2160p",
    project_choices.FrameRate: "23.976 24 25 29.97 30 48 50 60",
    project_choices.QualityTier: "draft standard cinematic",
    project_choices.Role: "owner producer director writer artist editor reviewer viewer",
    project_choices.SeedPolicy: "shared per_scene random",
    project_choices.RuleCategory: "physics magic technology society history",
    project_choices.RulePriority: "critical high medium low",
    project_choices.Severity: "info warning error",
    choices.Pacing: "slow medium fast",
    choices.Season: "spring summer autumn winter",
    choices.Weather: "clear cloudy rainy stormy snowy foggy windy",
    choices.Atmosphere: "haze smoke dust rain",
    choices.CompositeLayer: "location characters props correction",
    choices.ContinuitySeverity: "critical warning info",
}
"""Closed list of the specification -> its values, one by one."""


@pytest.mark.parametrize("offered", LISTS, ids=lambda value: value.__name__)
def test_a_closed_list_offers_what_the_specification_lists(offered):
    wanted = set(LISTS[offered].split())
    assert wanted <= set(offered.values), (wanted - set(offered.values), offered.values)


COUNTS = {
    choices.CameraAngle: 10, choices.ShotSize: 12, choices.CameraMovement: 15, choices.Composition: 7,
    choices.ScreenDirection: 5, choices.LightingType: 12, choices.TimeOfDay: 12, choices.Transition: 9,
    choices.GenerationApproach: 10, Character.StoryRole: 9, CharacterReference.Kind: 7, CharacterReference.Angle: 9,
    project_choices.GatherKind: 11, project_choices.NarrativeStructure: 9, project_choices.ProjectStatus: 7,
    ModelProfile.Capability: 13,
}  # fmt: skip
"""Closed list -> how many values the specification gives."""


@pytest.mark.parametrize("offered", COUNTS, ids=lambda value: value.__qualname__)
def test_a_closed_list_has_as_many_values_as_the_specification(offered):
    assert len(offered.values) == COUNTS[offered], offered.values


def test_the_coherence_settings_have_the_defaults_of_the_specification():
    assert {key for key, setting in SETTINGS.items() if setting.default} == {
        "seed_control", "identity_references", "enhanced_planning", "qc_scoring", "post_processing", "parallel_clips",
    }  # fmt: skip
    assert not any(SETTINGS[key].default for key in ("lora", "structure_control", "face_distance"))
