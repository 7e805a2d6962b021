"""Putting the film together on its page and by a script; looking into a file that came back."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile

from media_pipeline.runs.models import Run

from .filming import scene


@pytest.fixture
def planned(project):
    return scene(project, shots=2)


def test_the_page_says_what_would_stand_in_and_puts_together_what_is_asked(client, owner, project, planned):
    client.force_login(owner)
    address = f"/projects/{project.slug}/assemble/"
    page = BeautifulSoup(client.get(address).content, "html.parser")
    assert [item.text for item in page.select(".stand-ins li")] == ["1/1 card", "1/2 card"]
    asked = {"music_db": "-12", "ducking_db": "9", "loudness": "-16"}
    refused = client.post(address, asked)
    assert refused.status_code == 422
    assert "These shots have no take yet: 1/1, 1/2." in refused.content.decode()
    assert not Run.objects.exists()
    assert client.post(address, asked | {"fill": "on", "loudness": "-23"}).status_code == 302
    assert Run.objects.get(pipeline="assemble_film").settings["loudness"] == -23


def test_a_reviewer_sees_the_page_and_puts_nothing_together(client, member, project, planned):
    client.force_login(member)
    address = f"/projects/{project.slug}/assemble/"
    assert "Put it together" not in client.get(address).content.decode()
    assert client.post(address, {}).status_code == 403


def test_a_script_orders_a_film_and_is_told_what_cannot_be(client, owner, project, planned):
    client.force_login(owner)
    address = f"/api/v1/projects/{project.slug}/assemble/"
    refused = client.post(address, {"fill": True, "loudness": -3}, content_type="application/json")
    assert refused.status_code == 400
    assert "between -31 and -9 LUFS" in refused.content.decode()
    started = client.post(address, {"fill": True, "ducking_db": 12}, content_type="application/json")
    assert started.status_code == 202
    assert Run.objects.get(pk=started.json()["id"]).settings["ducking_db"] == 12


def test_a_file_of_a_kind_that_carries_nothing_is_refused_by_name(client, owner):
    client.force_login(owner)
    answer = client.post("/check-file/", {"file": SimpleUploadedFile("notes.txt", b"words")})
    assert answer.status_code == 422
    assert "notes.txt is of a kind that carries no credentials" in answer.content.decode()
