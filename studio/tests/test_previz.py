"""The previz page: what it shows to whom, and its contact sheet on paper."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from media_pipeline import storage
from media_pipeline.assets import MediaAsset
from media_pipeline.previz import previz_request, record_previz
from media_pipeline.provenance.checking import said_by
from media_pipeline.runs.models import Run
from media_pipeline.shot_request import shots_of
from projects.actions import set_budget, write_chapter
from projects.models import Event
from scenes.actions import add_scene, add_shot
from scenes.models import SceneState
from studio.review.fragments import fragments_for

from .filming import scene


@pytest.fixture
def drawn(project, tmp_path):
    """A planned scene of three shots, of which the first has a frame."""
    made = scene(project, shots=3)
    SceneState.objects.filter(scene=made).update(plan_digest="x")
    made.state.refresh_from_db()
    shot = shots_of([made])[0]
    path = tmp_path / "frame.png"
    Image.new("RGB", (896, 512), "#336699").save(path)
    asset = storage.add_asset(project.pk, path, source=MediaAsset.Source.PROVIDER)
    run = Run.objects.create(pipeline="previz_shot", subject=f"shot:{shot.pk}", project=project)
    record_previz(shot.pk, previz_request(shot, project), picture_id=asset.pk, run_id=run.pk, seed=1)
    return made


def test_the_page_shows_frames_and_what_is_missing(client, member, project, drawn):
    client.force_login(member)
    page = client.get(f"/projects/{project.slug}/previz/").content.decode()
    assert '<span id="previz-drawn-1">1</span>\n of 3' in page
    assert page.count("Not drawn yet") == 2
    assert "Previz of shot 1: Business 1/1." in page
    assert "The whole production, standard" in page
    assert "Draw what is missing" not in page, "a reviewer starts nothing"


def test_who_may_generate_starts_it_and_a_reviewer_may_not(client, owner, member, project, drawn):
    client.force_login(member)
    assert client.post(f"/projects/{project.slug}/previz/").status_code == 403
    client.force_login(owner)
    assert "Draw what is missing" in client.get(f"/projects/{project.slug}/previz/").content.decode()
    assert client.post(f"/projects/{project.slug}/previz/").status_code == 302
    assert Run.objects.get(pipeline="previz").settings["chapter"] == 1


def test_the_whole_production_stands_beside_the_chapter_and_what_is_left_of_the_limit(client, member, project, drawn):
    other = add_scene(write_chapter(project, 2).pk, project.pk, number="9", sequence=1, heading="INT. LAMP ROOM")
    add_shot(other, project.pk, number=1, sequence=1, business="Ada waits.", expected_seconds=3)
    SceneState.objects.filter(scene=other).update(plan_digest="x")
    set_budget(project, limit=Decimal(40))
    client.force_login(member)
    page = BeautifulSoup(client.get(f"/projects/{project.slug}/previz/").content, "html.parser")
    told = {row.dt.text: " ".join(row.dd.text.split()) for row in page.select(".costs > div")}
    assert told["This chapter, standard"].endswith("3 shots to render")
    assert told["The whole production, standard"].endswith("4 shots to render")
    assert told["Left of the limit"] == "40.00 USD"


def test_a_frame_appears_while_it_is_drawn(project, drawn):
    event = Event.objects.filter(project=project, type="attempt.recorded").last()
    found = fragments_for(project.pk, [event])
    shot = drawn.shots.order_by("sequence").first()
    assert f'id="previz-{shot.pk}"' in found[f"previz-{shot.pk}"]
    assert f"Previz of shot {shot.label}" in found[f"previz-{shot.pk}"]
    assert found["previz-drawn-1"].strip() == '<span id="previz-drawn-1">1</span>'


def test_a_stranger_finds_nothing(client, stranger, project, drawn):
    client.force_login(stranger)
    for path in ("previz/", "previz/contact-sheet.pdf"):
        assert client.get(f"/projects/{project.slug}/{path}").status_code == 404


def test_the_contact_sheet_is_a_pdf_with_the_frame(client, member, project, drawn):
    import pypdfium2

    client.force_login(member)
    answer = client.get(f"/projects/{project.slug}/previz/contact-sheet.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert "SALT_previz_001.pdf" in answer["Content-Disposition"]
    document = pypdfium2.PdfDocument(io.BytesIO(answer.content))
    assert len(document) == 1
    colours = {colour for _, colour in document[0].render(scale=1).to_pil().convert("RGB").getcolors(1 << 24)}
    assert any(abs(red - 0x33) + abs(green - 0x66) + abs(blue - 0x99) < 12 for red, green, blue in colours)


def test_the_contact_sheet_says_where_its_frames_came_from(client, member, project, drawn, tmp_path):
    MediaAsset.objects.filter(project=project).update(
        provenance={"digital_source_type": "trainedAlgorithmicMedia", "model": "quick-frames"}
    )
    client.force_login(member)
    path = tmp_path / "sheet.pdf"
    path.write_bytes(client.get(f"/projects/{project.slug}/previz/contact-sheet.pdf").content)
    said = said_by(path)
    assert (said.standing, said.made, said.parts) == ("whole", "made by a trained model", 1)


def test_a_production_without_scenes_is_sent_back(client, owner, project):
    client.force_login(owner)
    assert client.get(f"/projects/{project.slug}/previz/").status_code == 302
    assert client.get(f"/projects/{project.slug}/previz/contact-sheet.pdf").status_code == 302
