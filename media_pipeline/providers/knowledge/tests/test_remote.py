"""A knowledge service over HTTP: what it is asked, what is believed of its answers, and how it fails."""

from __future__ import annotations

import base64
import json

import pytest

from media_pipeline.providers.base import KnowledgeRequest
from media_pipeline.providers.errors import Ambiguous, Refused, Transient
from media_pipeline.providers.knowledge.model import NotAvailable, Passage
from media_pipeline.providers.knowledge.provider import KnowledgeProvider, knowledge_of
from media_pipeline.providers.knowledge.remote import RemoteKnowledge
from media_pipeline.providers.llm.tests.chat_server import KEY, ChatServer, Reply, fails
from media_pipeline.runs.work import Work

FOUND = {
    "confidence": 0.83,
    "measured": "vector distance",
    "passages": [
        {"passage": {"source": "scene:1", "title": "Lamp room", "text": "Ada trims the wick."}, "confidence": 0.83}
    ],
}


@pytest.fixture
def service(settings):
    server = ChatServer()
    settings.KNOWLEDGE_URL, settings.KNOWLEDGE_API_KEY = server.base, KEY
    yield server
    server.close()


def says(answer):
    return Reply(json.dumps(answer).encode())


def work(tmp_path, **profile):
    return Work(
        workdir=tmp_path, project_id=7, tell=lambda share: None, stop=lambda: False,
        profile={"price": "0", "timeout_seconds": 0.5} | profile,
    )  # fmt: skip


def test_a_question_names_its_production_and_carries_the_key(service, tmp_path):
    service.replies = [says(FOUND)]
    result = KnowledgeProvider().submit(KnowledgeRequest(question="Who trims it?", limit=3), "", work(tmp_path))
    assert service.paths == ["POST /v1/query"]
    assert service.keys == [f"Bearer {KEY}"]
    assert service.asked == [{"project": "7", "question": "Who trims it?", "limit": 3}]
    assert result.text == "[Lamp room]\nAda trims the wick."
    assert (result.data["kind"], result.data["confidence"]) == ("remote", 0.83)


def test_a_picture_goes_with_the_question(service, tmp_path):
    (tmp_path / "frame.png").write_bytes(b"picture bytes")
    service.replies = [says(FOUND)]
    RemoteKnowledge(7).query("Is this Ada?", image=tmp_path / "frame.png")
    assert base64.b64decode(service.asked[0]["image"]) == b"picture bytes"


def test_every_verb_has_its_address(service):
    service.replies = [
        says({"count": 1}), says({"text": "x" * 90}), says({"embeddings": [[0.1], [0.2]]}),
        says({"ok": True, "note": "up"}),
    ]  # fmt: skip
    knowledge = knowledge_of(7)
    assert knowledge.store((Passage(source="note:1", text="Ada is left-handed."),)).count == 1
    assert knowledge.context("Ada", letters=40) == "x" * 40
    assert knowledge.embeddings(("a", "b")) == [[0.1], [0.2]]
    assert (knowledge.health().ok, service.paths[-1]) == (True, "GET /v1/health")
    assert service.paths[:3] == ["POST /v1/store", "POST /v1/context", "POST /v1/embeddings"]
    assert service.asked[0]["passages"] == [{"source": "note:1", "title": "", "text": "Ada is left-handed."}]


def test_vectors_that_do_not_match_the_texts_are_not_used(service):
    service.replies = [says({"embeddings": [[0.1]]})]
    with pytest.raises(NotAvailable, match="1 vectors for 2 texts"):
        RemoteKnowledge(7).embeddings(("a", "b"))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({**FOUND, "confidence": 1.7}, "confidence"),
        ({**FOUND, "confidence": "sure"}, "confidence"),
        ({"passages": "all of them"}, "passages"),
        ({"passages": [FOUND["passages"][0]] * 51}, "passages"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_an_answer_of_another_shape_is_not_believed(service, answer, words):
    service.replies = [says(answer)]
    with pytest.raises(Refused, match=words):
        RemoteKnowledge(7).query("Ada?")


@pytest.mark.parametrize(
    ("reply", "profile", "error"),
    [
        (fails(401, f"Bad key {KEY}"), {}, Refused),
        (fails(429, "Later."), {}, Transient),
        (fails(503, "Down."), {}, Transient),
        (Reply(b"", drop=True), {}, Transient),
        (Reply(b"", hold=True), {}, Transient),
        (fails(503, "Down."), {"price": "0.01"}, Ambiguous),
        (Reply(b"", drop=True), {"price": None}, Ambiguous),
        (Reply(b"", 302, {"Location": "http://169.254.169.254/"}), {}, Refused),
        (Reply(b"<html>", 200, {"Content-Type": "text/html"}), {}, Refused),
    ],
)
def test_a_question_that_costs_nothing_may_be_asked_again_and_no_other(service, tmp_path, reply, profile, error):
    service.replies = [reply]
    with pytest.raises(error) as raised:
        KnowledgeProvider().submit(KnowledgeRequest(question="Ada?"), "", work(tmp_path, **profile))
    assert KEY not in str(raised.value)


def test_a_service_that_is_down_says_so_when_asked_how_it_is(service):
    service.replies = [fails(500, f"broken, key {KEY}")]
    health = RemoteKnowledge(7).health()
    assert not health.ok
    assert "500: broken, key (key)" in health.note


def test_the_key_is_not_sent_over_plain_http_to_another_machine(settings, tmp_path):
    settings.KNOWLEDGE_URL = "http://knowledge.example.com"
    with pytest.raises(Refused, match="plain http"):
        KnowledgeProvider().check(KnowledgeRequest(question="Ada?"), {})
