"""The parts of a page that are kept current are the very HTML of the page, for whoever looks."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from media_pipeline.runs import moves
from media_pipeline.runs.models import Run, RunState
from projects.actions import create_project, raise_alert, record_film, set_project_status
from projects.choices import ProjectStatus
from projects.models import Event
from scenes.actions import add_shot, remove_shots, set_shot_status
from scenes.choices import ShotStatus
from scenes.importing import import_screenplay_file
from studio.review.fragments import fragments_for
from studio.tests.filming import asset, scene, take


@pytest.fixture
def since(project):
    """Begin to listen: a function that gives the fragments of everything that happened from then on."""

    def listen():
        last = Event.objects.latest("id").pk
        return lambda: fragments_for(project.pk, Event.objects.filter(project=project, id__gt=last))

    return listen


def same(html, tag):
    return BeautifulSoup(html, "html.parser").find().prettify() == tag.prettify()


def test_every_fragment_is_the_html_that_the_page_would_have_now(client, owner, project, since):
    made = scene(project, shots=2)
    run = Run.objects.create(
        pipeline="produce_film", subject=f"project:{project.pk}", project=project, state=RunState.RUNNING
    )
    news = since()
    take(project, made.made_shots[0])
    set_shot_status(made.made_shots[1].pk, project.pk, ShotStatus.FAILED, error="No credit.")
    raise_alert(project.pk, title="No credit", message="Add some.", source="x")
    moves.tell_progress(run, 50, "1 of 2 shots rendered")
    set_project_status(project.pk, ProjectStatus.GENERATING)
    fragments = news()
    client.force_login(owner)
    page = BeautifulSoup(client.get(reverse("project", args=[project.slug])).content, "html.parser")
    shots = [f"shot-{shot.pk}" for shot in made.made_shots]
    on_page = {*shots, f"scene-{made.pk}-progress", "alerts", "run-progress", "project-status"}
    assert set(fragments) == on_page | {f"{shot}-news" for shot in shots}
    for element in on_page:
        assert same(fragments[element], page.find(id=element)), element


def test_every_fragment_carries_the_id_of_the_element_it_replaces(project, since):
    made = scene(project, shots=1)
    news = since()
    take(project, made.made_shots[0])
    raise_alert(project.pk, title="A", message="", source="x")
    record_film(project.pk, film_id=asset(project, "film", "video").pk, cover_id=None, digest="d")
    fragments = news()
    assert "film" in fragments
    for element, html in fragments.items():
        assert BeautifulSoup(html, "html.parser").find()["id"] == element


def test_fragments_do_not_depend_on_the_person(client, owner, member, project):
    shot = scene(project, shots=1).made_shots[0]
    raise_alert(project.pk, title="A", message="", source="x")
    Run.objects.create(pipeline="produce_film", subject=f"project:{project.pk}", project=project, state=RunState.FAILED)
    pages = []
    for person in (owner, member):
        client.force_login(person)
        pages.append(
            BeautifulSoup(client.get(reverse("project", args=[project.slug])).content, "html.parser"),
        )
    for element in ("alerts", "run-progress", "project-status", f"shot-{shot.pk}"):
        assert pages[0].find(id=element).prettify() == pages[1].find(id=element).prettify()


def test_a_film_that_is_being_watched_is_not_replaced_by_other_news(project, since):
    film = asset(project, "film", "video")
    record_film(project.pk, film_id=film.pk, cover_id=None, digest="d")
    news = since()
    set_project_status(project.pk, ProjectStatus.COMPLETED)
    assert "film" not in news()


def test_a_new_and_a_removed_shot_bring_their_scene(project, since):
    made = scene(project, shots=1)
    news = since()
    shot = add_shot(made, project.pk, number=2, sequence=2)
    assert f'id="shot-{shot.pk}"' in news()[f"scene-{made.pk}"]
    remove_shots([shot], project.pk)
    assert f'id="shot-{shot.pk}"' not in news()[f"scene-{made.pk}"]


def test_runs_on_single_shots_do_not_bring_the_progress_of_the_production(project, since):
    shot = scene(project, shots=1).made_shots[0]
    run = Run.objects.create(pipeline="render_shot", subject=f"shot:{shot.pk}", project=project)
    news = since()
    moves.tell_progress(run, 10, "Drawing")
    assert news() == {}


def test_an_imported_screenplay_is_told_to_pages_that_show_the_old_scenes(project, since):
    news = since()
    import_screenplay_file(project, b"INT. LAMP ROOM - NIGHT\n\nMARA waits.\n", "lamp.fountain")
    assert "A screenplay was imported." in news()["scenes-news"]


def test_a_shot_of_another_production_brings_nothing_of_its_own(project, owner):
    other = create_project(title="Other", owner=owner)
    shot = scene(other, shots=1).made_shots[0]
    forged = Event(project=project, type="shot.status", subject=f"shot:{shot.pk}", payload={})
    assert set(fragments_for(project.pk, [forged])) == {"project-status"}


def test_a_batch_renders_each_fragment_once(project, since, django_assert_max_num_queries):
    made = scene(project, shots=2)
    news = since()
    for _ in range(20):
        for status in (ShotStatus.COMPOSITING, ShotStatus.VERIFYING):
            set_shot_status(made.made_shots[0].pk, project.pk, status)
    with django_assert_max_num_queries(15):
        news()
