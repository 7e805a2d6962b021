"""The records of a production answer questions about it, say how sure they are, and nothing of any other."""

from __future__ import annotations

from math import log

import pytest

from characters.models import Character
from media_pipeline import storage
from media_pipeline.assets import MediaAsset
from media_pipeline.providers.base import ImageRequest, KnowledgeRequest
from media_pipeline.providers.errors import Refused
from media_pipeline.providers.knowledge.likeness import likeness, prints_of
from media_pipeline.providers.knowledge.local import LocalKnowledge
from media_pipeline.providers.knowledge.model import NotAvailable, Passage
from media_pipeline.providers.knowledge.provider import KnowledgeProvider, knowledge_of
from media_pipeline.providers.knowledge.records import LONGEST, passages_of
from media_pipeline.providers.knowledge.words import search, words_of
from media_pipeline.runs.work import Work
from projects.actions import create_project, write_bible
from scenes.actions import create_location, create_prop, create_style
from scenes.models import Scene

from .conftest import picture


def passages(*texts):
    return [Passage(source=f"scene:{n}", text=text) for n, text in enumerate(texts, start=1)]


def test_a_question_finds_the_scene_that_holds_its_words(story):
    found = LocalKnowledge(story.pk).query("Who trims the wick of the lantern?")
    best = found.passages[0]
    assert best.passage.title == "Scene 1 INT. LAMP ROOM - NIGHT"
    assert best.matched == ("trims", "wick", "lantern")
    assert found.confidence == 1.0


def test_the_whole_world_of_a_story_answers_but_not_what_a_model_was_told_or_nobody_looked_at(story):
    write_bible(
        story, tone="salt", generated_by="rules",
        parts={
            "world_rules": [{"category": "magic", "description": "Fog listens."}],
            "relationships": [{"from_name": "Ada", "to_name": "Ilse", "kind": "sister"}],
            "timeline": [{"event": "The wreck", "when": "ten years before"}],
            "consistency_rules": [{"rule": "The lamp never goes out.", "priority": "high"}],
            "locations": [{"name": "Reef", "description": "Black rocks."}],
            "glossary": [{"term": "Shine", "meaning": "The light's reach."}],
        },
    )  # fmt: skip
    ada = Character.objects.get()
    for number, described in enumerate(("A woman in a yellow coat.", "Asked for: Ada, back. Not measured.", "")):
        asset = MediaAsset.objects.create(project=story, kind="image", sha256=f"{number:064}", size=1, source="derived")
        ada.references.create(image=asset, kind="view", angle="back", description=described, prompt="xylophone")
    create_location(story, name="Pier", rules="Nobody fishes after dark.")
    create_prop(story, name="Lantern", description="Brass, dented.", owner=ada)
    create_style(story, name="Storm", keywords=["low sun"], prompt_fragment="xylophone")
    told = {passage.source.partition(":")[0]: [] for passage in passages_of(story.pk)}
    for passage in passages_of(story.pk):
        told[passage.source.partition(":")[0]].append(passage.text)
    assert told["reference"] == ["A woman in a yellow coat."]
    assert told["bible"] == [
        "Magic: Fog listens.", "Ada and Ilse: sister.", "The wreck: ten years before",
        "The lamp never goes out. (high)", "Reef Black rocks.", "Shine: The light's reach.", "salt",
    ]  # fmt: skip
    assert told["location"] == ["Pier\n\nRules: Nobody fishes after dark."]
    assert told["prop"] == ["Lantern\n\nBrass, dented.\n\nBelongs to: Ada"]
    assert told["style"] == ["Storm\n\nlow sun"]
    assert "xylophone" not in str(told)


def test_words_are_compared_by_stem_and_without_accents(story):
    Character.objects.create(project=story, name="Renée", description="Sells cafés and ropes.")
    assert LocalKnowledge(story.pk).query("fisher boat trimming").passages
    assert LocalKnowledge(story.pk).query("renee cafe").passages[0].passage.title == "Renée"


def test_the_confidence_is_the_share_of_the_questions_words_weighed_by_rarity():
    found = search(passages("the red lamp", "the red boat", "the red dog"), "red lamp unicorn", 5)
    red, lamp, unicorn = log(1 + 3 / 3), log(1 + 3 / 1), log(1 + 3 / 1)
    assert found[0].passage.source == "scene:1"
    assert found[0].confidence == pytest.approx((red + lamp) / (red + lamp + unicorn), abs=1e-4)
    assert found[1].confidence == pytest.approx(red / (red + lamp + unicorn), abs=1e-4)


def test_a_question_about_something_unknown_is_never_answered_with_certainty(story):
    found = LocalKnowledge(story.pk).query("Does Ada pilot a submarine?")
    assert 0 < found.confidence < 0.5


def test_where_nothing_is_found_the_confidence_is_not_measured(story):
    found = LocalKnowledge(story.pk).query("submarine torpedo")
    assert (found.confidence, found.passages) == (None, ())
    assert found.measured.startswith("not measured")


def test_nothing_is_heard_of_another_production(story, other):
    assert LocalKnowledge(story.pk).query("camel dunes desert").passages == ()
    assert LocalKnowledge(other.pk).query("camel").passages[0].passage.source.startswith("scene:")
    shared = LocalKnowledge(story.pk).query("keeper lantern").passages
    assert "camel" not in " ".join(one.passage.text for one in shared)


def test_characters_and_shots_are_known_and_prompts_are_not(story):
    knowledge = LocalKnowledge(story.pk)
    assert knowledge.query("scar on the hand").passages[0].passage.title == "Ada"
    assert knowledge.query("gull").passages[0].passage.title == "Scene 2, shot 1"
    assert knowledge.query("xylophone").passages == ()


def test_an_edit_is_known_at_once(story):
    Scene.objects.filter(number="2").update(screenplay_text="A zeppelin moors at the quay.")
    knowledge = LocalKnowledge(story.pk)
    assert knowledge.query("zeppelin").confidence == 1.0
    assert knowledge.query("coils").passages == ()


@pytest.mark.parametrize(
    "question", ['"', "NEAR(a b)", "wick AND OR NOT", "title:wick*", "') DROP TABLE", "^wick -lamp"]
)
def test_a_question_is_words_and_never_a_query_language(story, question):
    LocalKnowledge(story.pk).query(question)


def test_a_question_in_chinese_finds_its_characters():
    found = search(passages("灯塔的光照亮海面。", "渔船停在港口。"), "灯塔", 5)
    assert [one.passage.source for one in found] == ["scene:1"]
    assert found[0].confidence == 1.0


def test_a_question_of_common_words_alone_is_still_asked():
    assert words_of("Who is it?") == ["who", "is", "it"]
    assert words_of("?!") == []


def test_a_long_scene_is_several_passages_and_loses_no_word(story):
    text = "\n\n".join(f"Paragraph {n} " + "rope " * 60 for n in range(20)) + "\n\n" + "x" * 3000
    Scene.objects.filter(number="2").update(heading="", screenplay_text=text)
    pieces = [one.text for one in passages_of(story.pk) if one.source == f"scene:{Scene.objects.get(number='2').pk}"]
    assert len(pieces) > 5
    assert max(len(piece) for piece in pieces) <= LONGEST
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_the_context_is_whole_passages_under_their_titles_as_long_as_they_fit(story):
    knowledge = LocalKnowledge(story.pk)
    block = knowledge.context("keeper lantern rope")
    assert "[Scene 1 INT. LAMP ROOM - NIGHT]\nINT. LAMP ROOM" in block
    short = knowledge.context("keeper lantern rope", letters=150)
    assert len(short) <= 150
    assert block.startswith(short)
    assert knowledge.context("submarine") == ""


def test_a_regraded_reference_is_found_and_unrelated_pictures_are_less_alike(story, references, regraded):
    found = LocalKnowledge(story.pk).query("lantern", image=regraded)
    assert found.pictures[0].media == references[0].sha256
    assert found.pictures[0].likeness > 0.7
    assert all(one.likeness < 0.6 for one in found.pictures[1:])
    assert found.confidence == min(1.0, found.pictures[0].likeness)
    assert "not identity" in found.measured


def test_a_stranger_of_a_picture_lowers_the_confidence(story, references, tmp_path):
    found = LocalKnowledge(story.pk).query("lantern", image=picture(tmp_path / "other.png", 9))
    assert found.confidence < 0.6


def test_without_a_reference_a_picture_is_not_measured(story, regraded):
    found = LocalKnowledge(story.pk).query("lantern", image=regraded)
    assert found.passages
    assert (found.confidence, found.measured) == (None, "not measured: there is no reference picture to compare with")


def test_a_picture_is_not_its_own_reference_nor_is_that_of_another_production(story, other, references, tmp_path):
    path = storage.local_path(story.pk, references[1].sha256)
    found = LocalKnowledge(story.pk).query("lantern", image=path)
    assert references[1].sha256 not in [one.media for one in found.pictures]
    assert LocalKnowledge(other.pk).query("camel", image=path).pictures == ()


def test_likeness_is_one_for_the_same_picture_and_none_by_chance():
    assert likeness((0, 5), (0, 5)) == 1.0
    assert likeness((0, 0), (2**32 - 1, 0)) == 0.0
    assert likeness((0, 0), (0, 2**16 - 1)) == 0.5


def test_what_is_no_picture_is_refused_in_words(tmp_path):
    (tmp_path / "page").write_text("<html>")
    with pytest.raises(Refused, match="cannot be read as a picture"):
        prints_of(tmp_path / "page")


def test_the_records_need_no_storing_and_have_no_embeddings(story):
    knowledge = LocalKnowledge(story.pk)
    assert knowledge.store(()).count == 0
    assert "searched as they are" in knowledge.store(()).note
    with pytest.raises(NotAvailable, match="KNOWLEDGE_URL"):
        knowledge.embeddings(("a",))


def test_the_records_say_how_much_there_is_to_search(story):
    assert LocalKnowledge(story.pk).health().ok
    assert LocalKnowledge(story.pk).health().note == "Search over 4 passages of the production's own records."
    assert not LocalKnowledge(10**6).health().ok


def test_a_production_without_a_word_knows_nothing(db):
    assert LocalKnowledge(create_project(title="Blank", code="BLNK").pk).query("anything").confidence is None


def work(project, tmp_path):
    return Work(workdir=tmp_path, project_id=project.pk, tell=lambda share: None, stop=lambda: False)


def test_the_provider_answers_about_the_production_of_the_call(story, other, references, tmp_path):
    provider = KnowledgeProvider()
    result = provider.submit(KnowledgeRequest(question="Who trims the wick?"), "", work(story, tmp_path))
    assert "Ada trims the wick" in result.text
    assert (result.data["kind"], result.data["confidence"]) == ("local", 1.0)
    assert provider.submit(KnowledgeRequest(question="wick"), "", work(other, tmp_path)).text == ""
    shown = KnowledgeRequest(question="lantern", image=references[0].sha256)
    assert len(provider.submit(shown, "", work(story, tmp_path)).data["pictures"]) <= 2


def test_the_provider_works_here_until_a_service_is_named(settings, story):
    assert KnowledgeProvider().local
    assert isinstance(knowledge_of(story.pk), LocalKnowledge)
    settings.KNOWLEDGE_URL = "https://knowledge.example.com"
    assert not KnowledgeProvider().local
    assert not isinstance(knowledge_of(story.pk), LocalKnowledge)


def test_the_knowledge_base_draws_nothing(story, tmp_path):
    with pytest.raises(Refused, match="answers questions"):
        KnowledgeProvider().check(ImageRequest(prompt="a boat", width=64, height=64), {})
