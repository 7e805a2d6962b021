"""What the language model's provider sends, what it makes of answers, and how every failure is sorted."""

from __future__ import annotations

import base64
import io
import logging
from decimal import Decimal

import pytest
from PIL import Image

from media_pipeline.providers.base import ImageRequest, TextRequest, VisionRequest
from media_pipeline.providers.errors import Ambiguous, Refused, Transient
from media_pipeline.providers.llm.provider import LlmProvider

from .chat_server import KEY, Reply, fails, says

QUESTION = TextRequest(system="You are terse.", prompt="Name the light.", template="light/2", max_tokens=30)
SHAPE = {"type": "object", "properties": {"light": {"type": "string"}}}


def ask(context, request=QUESTION, endpoint=""):
    return LlmProvider().submit(request, endpoint, context)


def test_a_question_is_sent_once_with_its_words_and_the_key(chat, context):
    chat.replies = [says("Moonlight.")]
    result = ask(context)
    assert result.text == "Moonlight."
    assert chat.paths == ["POST /v1/chat/completions"]
    assert chat.keys == [f"Bearer {KEY}"]
    assert chat.asked[0] == {
        "model": "house-model",
        "messages": [{"role": "system", "content": "You are terse."}, {"role": "user", "content": "Name the light."}],
        "max_tokens": 30,
        "temperature": 0.2,
    }


def test_an_answer_says_which_model_gave_it_for_how_many_tokens(chat, context):
    chat.replies = [says("Moonlight.")]
    result = ask(context)
    assert result.units == Decimal(70)
    assert result.data["model"] == "house-model-2026"
    assert result.data["tokens"] == {"prompt": 50, "answer": 20, "total": 70}
    assert result.provenance["template"] == "light/2"
    assert len(result.provenance["prompt_sha256"]) == 64


def test_another_question_has_another_digest(chat, context):
    chat.replies = [says("a"), says("b")]
    first, second = ask(context), ask(context, QUESTION.model_copy(update={"prompt": "Name the dark."}))
    assert first.provenance["prompt_sha256"] != second.provenance["prompt_sha256"]


def test_a_profile_names_its_model_and_the_servers_own_parameters(chat, context):
    context.profile |= {"parameter_map": {"max_tokens": "max_completion_tokens", "temperature": ""}}
    context.profile |= {"parameters": {"seed": 7}}
    chat.replies = [says("ok")]
    ask(context, endpoint="big-model")
    sent = chat.asked[0]
    assert (sent["model"], sent["max_completion_tokens"], sent["seed"]) == ("big-model", 30, 7)
    assert not {"max_tokens", "temperature"} & sent.keys()


def test_a_shape_is_asked_for_as_the_server_can_be_held_to_it(chat, context):
    request = QUESTION.model_copy(update={"answer_schema": SHAPE})
    chat.replies = [says("{}")] * 3
    ask(context, request)
    assert chat.asked[0]["response_format"]["json_schema"] == {"name": "answer", "schema": SHAPE}
    context.profile["supports"] = ["json_object"]
    ask(context, request)
    assert chat.asked[1]["response_format"] == {"type": "json_object"}
    assert '"light"' in chat.asked[1]["messages"][0]["content"]
    context.profile["supports"] = []
    ask(context, request)
    assert "response_format" not in chat.asked[2]
    assert '"light"' in chat.asked[2]["messages"][0]["content"]


def test_a_question_about_a_picture_shows_the_picture_no_larger_than_needed(chat, context):
    Image.new("RGBA", (2560, 640), "navy").save(context.workdir / "frame", "PNG")
    chat.replies = [says("A blue wall.")]
    assert ask(context, VisionRequest(question="What is to be seen?", image="frame")).text == "A blue wall."
    words, shown = chat.asked[0]["messages"][0]["content"]
    assert words == {"type": "text", "text": "What is to be seen?"}
    head, _, data = shown["image_url"]["url"].partition(",")
    assert head == "data:image/jpeg;base64"
    assert Image.open(io.BytesIO(base64.b64decode(data))).size == (1280, 320)


def test_a_model_that_is_not_said_to_see_is_not_shown_a_picture(chat, context):
    context.profile["supports"] = []
    with pytest.raises(Refused, match="not said to see"):
        ask(context, VisionRequest(question="What?", image="frame"))
    assert chat.asked == []


def test_what_is_no_picture_is_refused_before_anything_is_sent(chat, context):
    (context.workdir / "frame").write_bytes(b"<html>")
    with pytest.raises(Refused, match="cannot be shown"):
        ask(context, VisionRequest(question="What?", image="frame"))
    assert chat.asked == []


def test_what_no_database_can_keep_is_taken_out_of_an_answer(chat, context):
    chat.replies = [Reply(rb'{"choices": [{"message": {"content": "a\u0000b \ud800 c"}}], "model": "m\u0000"}')]
    result = ask(context)
    assert (result.text, result.data["model"]) == ("ab ? c", "m")


@pytest.mark.parametrize("total", ["-1", "1e99", '"70"', "true", "1" + "0" * 40, "null"])
def test_a_count_of_tokens_that_is_none_is_not_charged(chat, context, total):
    answer = '{"choices": [{"message": {"content": "ok"}}], "usage": {"total_tokens": ' + total + "}}"
    chat.replies = [Reply(answer.encode())]
    assert ask(context).units is None


def test_a_models_own_refusal_is_kept_and_its_tokens_are_counted(chat, context):
    chat.replies = [says("", refusal="I will not draw that.")]
    result = ask(context)
    assert (result.text, result.data["refusal"], result.units) == ("", "I will not draw that.", Decimal(70))


@pytest.mark.parametrize(
    ("reply", "error", "words"),
    [
        (fails(401, f"Incorrect API key provided: {KEY}."), Refused, "401: Incorrect API key provided: (key)"),
        (fails(400, "max_tokens is too large"), Refused, "max_tokens is too large"),
        (fails(429, "Slow down."), Transient, "429: Slow down."),
        (fails(500, "Oh."), Ambiguous, "500: Oh."),
        (Reply(b"<html>down</html>", 503, {"Content-Type": "text/html"}), Ambiguous, "503"),
        (Reply(b"", 307, {"Location": "http://10.0.0.1/"}), Refused, "redirect"),
        (Reply(b"<html>Sign in</html>", 200, {"Content-Type": "text/html"}), Refused, "text/html"),
        (Reply(b"[]"), Refused, "JSON object"),
        (Reply(b'{"choices": NaN}'), Refused, "JSON object"),
        (Reply(b"[" * 100_000), Refused, "JSON object"),
        (Reply(b'{"choices": []}'), Refused, "no message"),
        (Reply(b'{"choices": [{"message": null}]}'), Refused, "no message"),
        (Reply(b'"' + b"x" * (9 * 1024**2) + b'"'), Refused, "more than 8 MiB"),
        (Reply(b"{}", 200, {"Content-Encoding": "gzip"}), Refused, "compressed"),
        (Reply(b"", drop=True), Ambiguous, "lost"),
        (Reply(b"", hold=True), Ambiguous, "within 0.5 s"),
    ],
)
def test_every_failure_is_sorted_and_never_tells_the_key(chat, context, reply, error, words, caplog):
    chat.replies = [reply]
    with caplog.at_level(logging.DEBUG), pytest.raises(error) as raised:
        ask(context)
    assert words in str(raised.value)
    assert KEY not in str(raised.value) + caplog.text
    assert len(chat.asked) == 1


@pytest.mark.parametrize("reply", [Reply(b"", drop=True), Reply(b"", hold=True), fails(502, "Bad gateway")])
def test_a_lost_answer_of_a_model_that_costs_nothing_may_be_asked_for_again(chat, context, reply):
    context.profile["price"] = "0"
    chat.replies = [reply]
    with pytest.raises(Transient):
        ask(context)


def test_a_server_that_is_not_there_was_not_asked(chat, context, settings):
    settings.LLM_BASE_URL = "http://127.0.0.1:9/v1"
    with pytest.raises(Transient, match=r"could not be reached at 127\.0\.0\.1:9"):
        ask(context)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "no language model"),
        ("http://models.example.com/v1", "plain http"),
        ("https://me:secret@models.example.com/v1", "own variable"),
        ("ftp://models.example.com", "not an address"),
    ],
)
def test_an_address_that_must_not_get_the_key_is_refused_before_money_is_promised(settings, context, address, words):
    settings.LLM_BASE_URL = address
    with pytest.raises(Refused, match=words) as raised:
        LlmProvider().check(QUESTION, context.profile)
    assert "secret" not in str(raised.value)


def test_a_language_model_draws_no_pictures(chat, context):
    with pytest.raises(Refused, match="answers in words"):
        LlmProvider().check(ImageRequest(prompt="a boat", width=64, height=64), context.profile)


def test_without_a_model_name_there_is_nobody_to_ask(chat, context, settings):
    settings.LLM_MODEL = ""
    with pytest.raises(Refused, match="set LLM_MODEL"):
        ask(context)
