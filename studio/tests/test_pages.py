"""What people see on the pages of a production, and that it costs the same however large it is."""

from __future__ import annotations

from fractions import Fraction

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from media_pipeline.runs.models import Run, RunState, Step, StepState, Transition
from projects.actions import create_project, raise_alert, record_film, set_project_status
from projects.choices import ProjectStatus
from projects.models import Event
from scenes.actions import set_shot_status
from scenes.choices import ShotStatus
from scenes.models import ShotCast, ShotLine, ShotState
from studio.review import cards, timeline
from studio.templatetags import film
from studio.tests.filming import asset, scene, take


def look(client, address):
    """The page, parsed; it must be there."""
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    return BeautifulSoup(response.content, "html.parser")


def words(tag):
    return " ".join(tag.get_text(" ").split())


@pytest.fixture
def site(client, owner):
    """A browser in which the owner is logged in."""
    client.force_login(owner)
    return client


@pytest.fixture
def page_of(project):
    return reverse("project", args=[project.slug])


# -- home


def test_a_person_without_productions_is_told_what_to_do_next(client, stranger):
    client.force_login(stranger)
    page = look(client, "/")
    assert "Start your first production" in words(page.main)
    form = page.select_one("form.panel")
    assert form["action"] == reverse("new-production")
    assert form.select_one("input[type=file][name=screenplay]")


def test_home_shows_each_production_with_its_counts_progress_and_alerts(site, project):
    made = scene(project, shots=3)
    take(project, made.made_shots[0])
    Run.objects.create(
        pipeline="produce_film", subject=f"project:{project.pk}", project=project, state=RunState.WAITING,
        progress=33, progress_words="1 of 3 shots rendered",
    )  # fmt: skip
    raise_alert(project.pk, title="The provider is out of credit", message="Add credit.", source="run:1")
    card = look(site, "/").select_one("li.poster")
    assert "1 scene · 3 shots · 1 rendered" in words(card)
    assert card.select_one("[role=progressbar]")["aria-valuenow"] == "33"
    assert "The provider is out of credit" in words(card)


def test_home_shows_only_ones_own_productions(client, stranger, project):
    mine = create_project(title="Mine Alone", owner=stranger)
    client.force_login(stranger)
    titles = [words(title) for title in look(client, "/").select("li.poster h2")]
    assert titles == [mine.title]


def test_home_needs_as_many_queries_for_five_productions_as_for_one(site, owner, project):
    with CaptureQueriesContext(
        connection,
    ) as one:
        site.get("/")
    for number in range(4):
        other = create_project(title=f"Other {number}", owner=owner)
        take(other, scene(other, shots=2).made_shots[0])
        raise_alert(other.pk, title="A problem", message="", source="x")
    with CaptureQueriesContext(connection) as five:
        site.get("/")
    assert len(five) == len(one)
    assert len(five) <= 12


# -- the production


def test_an_empty_production_asks_for_its_screenplay(site, page_of):
    page = look(site, page_of)
    assert "It begins with a screenplay" in words(page.main)
    assert page.select_one("input[type=file][name=screenplay]")
    assert page.select_one("#produce") is None


def test_scenes_stand_in_script_order_with_their_shots_and_progress(site, project, page_of):
    scene(project, "2", shots=1)
    first = scene(project, "1", shots=2, length_eighths=11, synopsis="Somebody waits.")
    take(project, first.made_shots[0])
    page = look(site, page_of)
    assert [words(heading) for heading in page.select(".scene h3")] == [
        "Scene 1: INT. ROOM 1 - NIGHT", "Scene 2: INT. ROOM 2 - NIGHT",
    ]  # fmt: skip
    section = page.find(id=f"scene-{first.pk}")
    assert "1 3/8 pages" in words(section)
    assert "0:09 planned" in words(section)
    assert "Somebody waits." in words(section)
    assert words(section.find(id=f"scene-{first.pk}-progress")) == "1 of 2 shots rendered"


def test_a_rendered_shot_shows_its_picture_and_one_without_a_drawing(site, project, page_of):
    first, second = scene(project, shots=2).made_shots
    made = take(project, first)
    page = look(site, page_of)
    card = page.find(id=f"shot-{first.pk}")
    assert card.img["src"] == reverse("media-file", args=[made.thumbnail_id])
    assert (
        f"--strip:url({reverse('media-file', args=[made.filmstrip_id])});--frames:10"
        in card.select_one(".frame")["style"]
    )
    assert "Awaiting review" in words(card)
    assert page.find(id=f"shot-{second.pk}").select_one("use")["href"] == "#figure-close"


def test_a_failed_shot_says_so_in_words_and_by_its_icon(site, project, page_of):
    shot = scene(project, shots=1).made_shots[0]
    set_shot_status(shot.pk, project.pk, ShotStatus.FAILED, error="The provider refused the prompt.")
    page = look(site, page_of)
    card = page.find(id=f"shot-{shot.pk}")
    assert card.select_one(".shot-status use")["href"] == "#i-failed"
    assert "Failed" in words(card)
    assert "1 failed" in words(page.select_one(".scene-progress"))


def test_omitted_shots_are_neither_shown_nor_counted(site, project, page_of):
    kept, gone = scene(project, shots=2).made_shots
    set_shot_status(gone.pk, project.pk, ShotStatus.OMITTED)
    page = look(site, page_of)
    assert page.find(id=f"shot-{gone.pk}") is None
    assert page.find(id=f"shot-{kept.pk}")
    assert "Rendered" in words(page.find(id="project-status"))
    assert words(page.select(".numbers dd")[1]) == "1"


def test_the_film_is_played_with_its_length_size_and_download(site, project, page_of):
    scene(project, shots=1)
    movie = asset(project, "film", "video", width=1920, height=1080, frame_rate="24000/1001", duration="10010/100")
    cover = asset(project, "cover")
    record_film(project.pk, film_id=movie.pk, cover_id=cover.pk, digest="d")
    shown = look(site, page_of).find(id="film")
    assert shown.video["src"] == reverse("media-file", args=[movie.pk])
    assert shown.video["poster"] == reverse("media-file", args=[cover.pk])
    assert shown.video["preload"] == "metadata"
    assert "1:40" in words(shown)
    assert "23.976 fps" in words(shown)
    assert "1.4\xa0MB" in shown.get_text()
    assert shown.a["href"].endswith("?download=salt-and-lantern.mp4")


def test_an_animatic_is_called_one_beside_the_film(site, project, page_of):
    shots = scene(project, shots=2).made_shots
    record_film(project.pk, film_id=asset(project, "film", "video").pk, cover_id=None, digest="d")
    for shot in shots:
        take(project, shot)
    assert words(look(site, page_of).select_one("#film .tag")) == "Animatic"
    take(project, shots[0], provider="fal")
    assert words(look(site, page_of).select_one("#film .tag")) == "Partly animatic"
    take(project, shots[1], provider="fal")
    assert look(site, page_of).select_one("#film .tag") is None


def test_a_run_under_way_shows_its_progress_in_words_and_can_be_stopped(site, project, page_of):
    scene(project, shots=1)
    run = Run.objects.create(
        pipeline="produce_film", subject=f"project:{project.pk}", project=project, state=RunState.RUNNING,
        progress=47, progress_words="19 of 53 shots rendered",
    )  # fmt: skip
    panel = look(site, page_of).find(id="run-progress")
    bar = panel.select_one("[role=progressbar]")
    assert (bar["aria-valuenow"], bar["aria-valuetext"]) == ("47", "47 percent: 19 of 53 shots rendered")
    assert panel.find(id="stop-run")["formaction"] == reverse("stop-run", args=[project.slug, run.pk])
    assert panel.find(id="produce") is None


def test_a_failed_run_says_why_and_can_be_resumed(site, project, page_of):
    scene(project, shots=1)
    run = Run.objects.create(
        pipeline="produce_film", subject=f"project:{project.pk}", project=project, state=RunState.FAILED,
        progress=38, error="The disk is full: free 1 GB.",
    )  # fmt: skip
    panel = look(site, page_of).find(id="run-progress")
    assert "The run failed at 38% The disk is full: free 1 GB." in words(panel)
    assert panel.find(id="resume-run")["formaction"] == reverse("resume-run", args=[project.slug, run.pk])


def test_runs_on_single_shots_do_not_take_the_place_of_the_production_run(site, project, page_of):
    shot = scene(project, shots=1).made_shots[0]
    Run.objects.create(pipeline="render_shot", subject=f"shot:{shot.pk}", project=project, state=RunState.FAILED)
    assert look(site, page_of).find(id="produce")


def test_errors_stand_above_warnings(site, project, page_of):
    raise_alert(project.pk, title="An error", message="", source="a")
    raise_alert(project.pk, title="A warning", message="", source="b", severity="warning")
    titles = [words(title) for title in look(site, page_of).select("#alerts .alert-title")]
    assert titles[0].startswith("Error: An error")
    assert titles[1].startswith("Warning: A warning")


def test_live_news_begins_with_the_last_event_before_the_page_was_read(site, project, page_of):
    newest = Event.objects.filter(project=project).latest("id").pk
    body = look(site, page_of).body
    assert (body["data-live-project"], body["data-live-since"]) == (project.slug, str(newest))


def test_the_event_id_is_read_before_anything_that_is_shown(site, project, page_of):
    scene(project, shots=1)
    with CaptureQueriesContext(connection) as captured:
        site.get(page_of)
    tables = [query["sql"] for query in captured]
    events = next(place for place, sql in enumerate(tables) if "MAX(" in sql and "projects_event" in sql)
    shown = ("scenes_scene", "scenes_shot", "media_pipeline_run", "projects_alert", "media_pipeline_mediaasset")
    assert all(not any(table in sql for table in shown) for sql in tables[:events])


def test_the_status_of_the_production_is_a_sentence(site, project, page_of):
    set_project_status(project.pk, ProjectStatus.GENERATING)
    assert "Shots are being rendered" in words(look(site, page_of).find(id="project-status"))


def test_24_scenes_stand_on_a_page_and_a_scene_can_be_asked_for(site, project, page_of):
    scenes = [scene(project, str(number)) for number in range(1, 27)]
    first, second = look(site, page_of), look(site, f"{page_of}?page=2")
    assert len(first.select("section.scene")) == 24
    assert [words(heading)[:9] for heading in second.select(".scene h3")] == ["Scene 25:", "Scene 26:"]
    assert look(site, f"{page_of}?scene={scenes[25].pk}").find(id=f"scene-{scenes[25].pk}")
    assert look(site, f"{page_of}?scene={scenes[23].pk}").find(id=f"scene-{scenes[23].pk}")


def test_a_page_number_that_is_not_there_gives_the_nearest(site, project, page_of):
    scene(project)
    for number in ("99", "x", "-1"):
        assert look(site, f"{page_of}?page={number}").select("section.scene")


def test_chapters_are_named_when_there_is_more_than_one(site, project, page_of):
    scene(project, "1", chapter=1)
    assert not look(site, page_of).select("h2.chapter")
    scene(project, "2", chapter=2)
    page = look(site, page_of)
    assert [words(heading) for heading in page.select("h2.chapter")] == ["Chapter 1", "Chapter 2"]
    assert [option["value"] for option in page.select("select[name=chapter] option")] == ["1", "2"]


def test_the_page_needs_as_many_queries_for_many_shots_as_for_few(site, project, page_of, django_assert_num_queries):
    take(project, scene(project, "1", shots=1).made_shots[0])
    with CaptureQueriesContext(connection) as few:
        site.get(page_of)
    for number in range(2, 30):
        made = scene(project, str(number), shots=4)
        take(project, made.made_shots[0])
    with django_assert_num_queries(len(few)):
        site.get(page_of)
    assert len(few) <= 18


# -- the shot


def test_the_shot_page_shows_takes_direction_cast_and_lines(site, project):
    made = scene(project, shots=1, lighting_type="low_key")
    shot = made.made_shots[0]
    ShotCast.objects.create(shot=shot, name="MARA", side="left", facing="right", emotion="wary")
    ShotLine.objects.create(shot=shot, order=0, speaker="MARA", text="It is late.", starts="0.5", ends="2.25")
    ShotState.objects.filter(shot=shot).update(plan_reason="The scene opens here.")
    first, second = take(project, shot), take(project, shot, cost=None)
    page = look(site, reverse("shot", args=[project.slug, shot.pk]))
    assert page.video["src"] == reverse("media-file", args=[second.proxy_id])
    original = reverse("media-file", args=[second.media_id])
    assert page.select_one(".stage figcaption a")["href"] == f"{original}?download={second.asset_name}.mp4"
    takes = [words(item) for item in page.select("li.take")]
    assert takes[0].startswith("Take 2 Selected")
    assert "Cost unknown" in takes[0]
    assert "Cost 0.00 USD" in takes[1]
    assert "Made by Animatic" in takes[1]
    assert "108 frames, 24 fps, 1920×1080" in takes[1]
    everything = words(page.main)
    assert "0:00.50 – 0:02.25 MARA It is late." in everything
    assert "MARA left of frame, looks to the right, wary" in everything
    assert "Shot size Wide" in everything
    assert "Lighting type Low key from the scene" in everything
    assert "The scene opens here." in everything
    assert "A wide room at night." in everything
    assert first.number == 1


def test_an_earlier_take_can_be_looked_at(site, project):
    shot = scene(project, shots=1).made_shots[0]
    first, _ = take(project, shot), take(project, shot)
    address = reverse("shot", args=[project.slug, shot.pk])
    assert look(site, f"{address}?take=1").video["src"] == reverse("media-file", args=[first.proxy_id])


def test_a_shot_without_a_take_says_so(site, project):
    shot = scene(project, shots=1).made_shots[0]
    page = look(site, reverse("shot", args=[project.slug, shot.pk]))
    assert page.video is None
    assert "No take yet" in words(page.main)


def test_previous_and_next_go_through_the_film_in_order(site, project):
    later = scene(project, "2", shots=1)
    opening = scene(project, "1", shots=2)
    episode = scene(project, "1", shots=1, chapter=2)
    in_order = [*opening.made_shots, *later.made_shots, *episode.made_shots]
    addresses = [reverse("shot", args=[project.slug, shot.pk]) for shot in in_order]
    following = [look(site, address).select_one("a[rel=next]") for address in addresses]
    assert [link and link["href"] for link in following] == [*addresses[1:], None]
    assert look(site, addresses[2]).select_one("a[rel=prev]")["href"] == addresses[1]
    assert look(site, addresses[0]).select_one("a[rel=prev]") is None


def test_the_work_on_a_shot_is_told_step_by_step(site, project):
    shot = scene(project, shots=1).made_shots[0]
    run = Run.objects.create(
        pipeline="render_shot", subject=f"shot:{shot.pk}", project=project, state=RunState.FAILED, error="No credit."
    )
    step = Step.objects.create(
        run=run, key="layer:mara", kind=Step.Kind.PROVIDER, state=StepState.FAILED, attempt=2, provider="fal",
        error_message="No credit.",
    )  # fmt: skip
    Transition.objects.create(run=run, step=step, before="created", after="submitted", note="")
    Transition.objects.create(run=run, step=step, before="submitted", after="failed", note="timed out")
    told = words(look(site, reverse("shot", args=[project.slug, shot.pk])).select_one(".run-steps"))
    assert "Render shot failed" in told
    assert "Layer mara failed" in told
    assert "attempt 2" in told
    assert "sent, waiting for the answer" in told
    assert "timed out" in told


def test_the_shot_page_needs_as_many_queries_for_many_takes_as_for_one(site, project, django_assert_num_queries):
    shot = scene(project, shots=1).made_shots[0]
    address = reverse("shot", args=[project.slug, shot.pk])
    run = Run.objects.create(pipeline="render_shot", subject=f"shot:{shot.pk}", project=project)
    Transition.objects.create(run=run, step=Step.objects.create(run=run, key="a"), after="created")
    take(project, shot)
    with CaptureQueriesContext(connection) as one:
        site.get(address)
    for number in range(6):
        take(project, shot)
        ShotLine.objects.create(shot=shot, order=number, speaker="A", text="B", ends=1)
        step = Step.objects.create(run=run, key=f"step {number}")
        Transition.objects.create(run=run, step=step, after="created")
    with django_assert_num_queries(len(one)):
        site.get(address)


# -- the site


def test_health_is_told_without_logging_in(client, db):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "database": "ok"})


def test_an_unreachable_database_is_a_503(client, db, monkeypatch):
    def broken():
        raise DatabaseError("gone")

    with monkeypatch.context() as patch:
        patch.setattr("studio.review.views.connection.cursor", broken)
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["database"]) == (503, "unreachable")


def test_every_page_has_one_h1_a_skip_link_and_a_label_for_each_field(site, project, page_of):
    shot = scene(project, shots=1).made_shots[0]
    take(project, shot)
    addresses = ["/", page_of, reverse("shot", args=[project.slug, shot.pk]), "/account/", "/account/password/",
                 "/new-production/"]  # fmt: skip
    for address in addresses:
        page = look(site, address)
        assert len(page.select("h1")) == 1, address
        assert page.select_one("a.skip")["href"] == "#content"
        ids = [tag["id"] for tag in page.select("[id]")]
        assert len(ids) == len(set(ids)), (address, [name for name in ids if ids.count(name) > 1])
        for field in page.select("input:not([type=hidden]), select, textarea"):
            assert field.find_parent("label") or page.select_one(f'label[for="{field["id"]}"]'), (address, field)
        for image in page.select("img"):
            assert image.has_attr("alt"), (address, image)


def test_a_lost_page_is_a_404_in_words(client, db):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


def test_every_state_has_its_words_and_its_icon():
    icons = (settings.BASE_DIR / "templates" / "icons.html").read_text()
    for status in ShotStatus:
        assert f'id="i-{cards.SHOT_ICONS[status]}"' in icons
    for figure in cards.FIGURES.values():
        assert f'id="{figure}"' in icons
    assert set(cards.STATUS_SENTENCES) == set(ProjectStatus)
    assert set(timeline.RUN_WORDS) == set(RunState)
    assert set(timeline.STEP_WORDS) == set(StepState)


@pytest.mark.parametrize(
    ("seconds", "clock", "short"),
    [
        (0, "0:00", "0 s"),
        (Fraction(9, 2), "0:04", "4.5 s"),
        (Fraction(3601), "1:00:01", "3601 s"),
        (Fraction(1001, 24) / 10, "0:04", "4.2 s"),
        (Fraction(299, 10), "0:30", "29.9 s"),
    ],
)
def test_lengths_are_written_as_people_read_them(seconds, clock, short):
    assert (film.clock(seconds), film.short_seconds(seconds)) == (clock, short)


@pytest.mark.parametrize(("eighths", "written"), [(3, "3/8 page"), (8, "1 page"), (17, "2 1/8 pages"), (0, "0 page")])
def test_lengths_on_paper_are_counted_in_eighths(eighths, written):
    assert film.pages(eighths) == written
