"""The previz page: what it shows to whom, and its contact sheet on paper."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from media_pipeline import storage
from media_pipeline.assets import MediaAsset
from media_pipeline.previz import previz_request, record_previz
from media_pipeline.runs.models import Run
from media_pipeline.shot_request import shots_of
from scenes.models import SceneState

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
    assert "1 of 3" in page
    assert page.count("Not drawn yet") == 2
    assert "Previz of shot 1: Business 1/1." in page
    assert "The whole chapter" in page
    assert "Draw what is missing" not in page, "a reviewer starts nothing"


def test_who_may_generate_starts_it_and_a_reviewer_may_not(client, owner, member, project, drawn):
    client.force_login(member)
    assert client.post(f"/projects/{project.slug}/previz/").status_code == 403
    client.force_login(owner)
    assert "Draw what is missing" in client.get(f"/projects/{project.slug}/previz/").content.decode()
    assert client.post(f"/projects/{project.slug}/previz/").status_code == 302
    assert Run.objects.get(pipeline="previz").settings["chapter"] == 1


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


def test_a_production_without_scenes_is_sent_back(client, owner, project):
    client.force_login(owner)
    assert client.get(f"/projects/{project.slug}/previz/").status_code == 302
    assert client.get(f"/projects/{project.slug}/previz/contact-sheet.pdf").status_code == 302
