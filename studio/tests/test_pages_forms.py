"""From the browser alone: create a production, import its screenplay, produce, stop, resume, decide."""

from __future__ import annotations

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from media_pipeline.runs import moves
from media_pipeline.runs.actions import ask_for_approval
from media_pipeline.runs.models import Approval, Run, RunState, Step, StepState
from projects.actions import raise_alert
from projects.models import Alert, Project
from scenes.models import Scene
from studio.tests.filming import scene

SCRIPT = b"""INT. LAMP ROOM - NIGHT

MARA lights the lamp.

MARA
It has never been wrong.

EXT. SANDBANK - DAWN

The sea is gone.
"""


def script(content=SCRIPT, name="lamp.fountain"):
    return SimpleUploadedFile(name, content)


def errors_of(answer):
    page = BeautifulSoup(answer.content, "html.parser")
    return " ".join(" ".join(tag.get_text(" ").split()) for tag in page.select(".error"))


@pytest.fixture
def site(client, owner):
    client.force_login(owner)
    return client


@pytest.fixture
def page_of(project):
    return reverse("project", args=[project.slug])


PICTURE = {"format": "short", "aspect_ratio": "2.39:1", "resolution": "1080p", "frame_rate": "25"}


def test_a_production_is_created_with_its_screenplay_in_one_go(site, owner):
    answer = site.post(reverse("new-production"), {"title": "The Tide Clock", "screenplay": script(), **PICTURE})
    project = Project.objects.get(title="The Tide Clock")
    assert answer["Location"] == reverse("project", args=[project.slug])
    assert (project.aspect_ratio, project.frame_rate) == ("2.39:1", "25")
    assert project.memberships.get().person == owner
    headings = Scene.objects.filter(chapter__project=project).order_by("sequence").values_list("heading", flat=True)
    assert list(headings) == ["INT. LAMP ROOM - NIGHT", "EXT. SANDBANK - DAWN"]
    assert "Scenes: 2 new." in site.get(answer["Location"]).content.decode()


def test_a_screenplay_that_cannot_be_read_leaves_no_half_a_production(site):
    answer = site.post(
        reverse("new-production"), {"title": "Broken", "screenplay": script(b"<FinalDraft", "x.fdx"), **PICTURE}
    )
    assert answer.status_code == 422
    assert errors_of(answer)
    assert not Project.objects.filter(title="Broken").exists()
    page = BeautifulSoup(answer.content, "html.parser")
    assert page.select_one("input[name=title]")["value"] == "Broken"
    assert page.select_one("select[name=aspect_ratio] option[selected]")["value"] == "2.39:1"


def test_a_title_is_needed_and_asked_for_in_a_sentence(site):
    answer = site.post(reverse("new-production"), {"title": " ", **PICTURE})
    assert answer.status_code == 422
    assert "Give the production a title." in errors_of(answer)


def test_a_code_may_be_typed_small_and_a_wrong_or_taken_one_is_refused_beside_its_field(site, project):
    site.post(reverse("new-production"), {"title": "First", "code": "wave", **PICTURE})
    assert Project.objects.get(title="First").code == "WAVE"
    for code in ("W4VE", "wave"):
        answer = site.post(reverse("new-production"), {"title": "Second", "code": code, **PICTURE})
        field = BeautifulSoup(answer.content, "html.parser").select_one("input[name=code]")
        assert answer.status_code == 422
        assert field["aria-invalid"] == "true"
        assert field["value"].upper() == code.upper()
    assert not Project.objects.filter(title="Second").exists()


def test_a_file_that_is_no_screenplay_is_refused_before_it_is_read(site, project, page_of):
    answer = site.post(reverse("import-screenplay", args=[project.slug]), {"screenplay": script(b"PK", "holiday.zip")})
    assert answer.status_code == 422
    assert "holiday.zip is not a kind of screenplay that can be read" in errors_of(answer)


@pytest.mark.parametrize("content", [b"", b"\n\n\n"])
def test_an_empty_screenplay_is_refused_with_a_sentence(site, project, content):
    answer = site.post(reverse("import-screenplay", args=[project.slug]), {"screenplay": script(content)})
    assert answer.status_code == 422
    assert errors_of(answer).endswith((".", "!"))
    assert not Scene.objects.exists()


def test_a_screenplay_is_imported_into_the_chapter_that_was_asked_for(site, project, page_of):
    answer = site.post(
        reverse("import-screenplay", args=[project.slug]), {"screenplay": script(), "chapter": "3"}, follow=True
    )
    assert answer.redirect_chain == [(page_of, 302)]
    assert "lamp.fountain is imported. Scenes: 2 new." in answer.content.decode()
    assert set(Scene.objects.values_list("chapter__number", flat=True)) == {3}


def test_produce_starts_one_run_with_the_settings_of_the_production(site, owner, project, page_of):
    scene(project, chapter=2)
    address = reverse("produce", args=[project.slug])
    assert site.post(address)["Location"] == page_of
    run = Run.objects.get()
    assert (run.pipeline, run.subject, run.requested_by) == ("produce_film", f"project:{project.pk}", owner)
    assert run.settings == {"chapter": 2, "scenes": [], "tier": "standard"}
    site.post(address)
    assert Run.objects.count() == 1


def test_the_chapter_to_produce_can_be_chosen_and_an_unknown_one_is_not_taken(site, project):
    for number in (1, 2, 3):
        scene(project, chapter=number)
    for asked, taken in (("3", 3), ("9", 1), ("x", 1), ("", 1)):
        site.post(reverse("produce", args=[project.slug]), {"chapter": asked})
        assert Run.objects.latest("pk").settings["chapter"] == taken
        Run.objects.update(state="cancelled")


def test_nothing_is_produced_of_nothing(site, project):
    answer = site.post(reverse("produce", args=[project.slug]), follow=True)
    assert "import a screenplay first" in answer.content.decode()
    assert not Run.objects.exists()


def open_run(project, **fields):
    return Run.objects.create(
        pipeline="produce_film", subject=f"project:{project.pk}", project=project, state=RunState.WAITING, **fields
    )


def test_stopping_is_confirmed_first_and_then_asked_of_the_run(site, project, page_of):
    run = open_run(project)
    address = reverse("stop-run", args=[project.slug, run.pk])
    question = site.post(address)
    assert "Stop producing Salt and Lantern?" in question.content.decode()
    run.refresh_from_db()
    assert run.cancel_requested_at is None
    assert site.post(address, {"confirmed": "yes"})["Location"] == page_of
    run.refresh_from_db()
    assert run.cancel_requested_at is not None


def test_a_run_that_is_stopping_says_so_and_is_not_stopped_again(site, project, page_of):
    scene(project)
    run = open_run(project)
    site.post(reverse("stop-run", args=[project.slug, run.pk]), {"confirmed": "yes"})
    panel = BeautifulSoup(site.get(page_of).content, "html.parser").find(id="run-progress")
    assert "Stopping after the step under way" in panel.get_text()
    assert panel.find(id="stop-run") is None


def test_a_failed_run_is_resumed_and_an_open_one_is_not(site, project):
    run = open_run(project)
    Run.objects.filter(pk=run.pk).update(state=RunState.FAILED, error="The disk is full.")
    address = reverse("resume-run", args=[project.slug, run.pk])
    site.post(address)
    run.refresh_from_db()
    assert (run.state, run.error) == (RunState.QUEUED, "")
    assert "nothing to resume" in site.post(address, follow=True).content.decode()


def test_dismissing_an_alert_takes_it_down_and_leads_back_to_where_one_was(site, owner, project, page_of):
    alert = raise_alert(project.pk, title="A problem", message="", source="x")
    answer = site.post(reverse("dismiss-alert", args=[project.slug, alert.pk]), {"next": f"{page_of}?page=2"})
    assert answer["Location"] == f"{page_of}?page=2"
    assert Alert.objects.get(pk=alert.pk).dismissed_by == owner
    assert "A problem" not in site.get(page_of).content.decode()


@pytest.fixture
def question(project):
    run = open_run(project)
    step = Step.objects.create(run=run, key="spend", kind=Step.Kind.APPROVAL)
    return ask_for_approval(step, digest="d" * 64, amount=Decimal("12.5"), words="Rendering 3 shots.")


def test_spending_that_waits_is_shown_with_its_amount(site, question, page_of):
    panel = BeautifulSoup(site.get(page_of).content, "html.parser").select_one(".approval")
    told = " ".join(panel.get_text(" ").split())
    assert "Rendering 3 shots. It would spend 12.50 USD." in told
    assert panel.find(id=f"approve-{question.pk}")["value"] == "d" * 64


@pytest.mark.parametrize(
    ("answer", "state", "step"),
    [("approve", Approval.State.APPROVED, StepState.SUCCEEDED), ("refuse", Approval.State.REFUSED, StepState.FAILED)],
)
def test_a_person_says_yes_or_no_to_it(site, owner, project, question, answer, state, step):
    site.post(reverse("decide-approval", args=[project.slug, question.pk]), {answer: "d" * 64})
    question.refresh_from_db()
    assert (question.state, question.decided_by, question.step.state) == (state, owner, step)


def test_a_question_that_has_changed_since_is_not_decided(site, project, question):
    answer = site.post(reverse("decide-approval", args=[project.slug, question.pk]), {"approve": "old"}, follow=True)
    assert "The request has changed since you looked at it" in answer.content.decode()
    question.refresh_from_db()
    assert question.state == Approval.State.PENDING


# -- accounts


def test_a_person_logs_in_and_lands_where_they_wanted_to_go(client, owner, project, page_of):
    login = client.get(page_of)["Location"]
    answer = client.post(login, {"username": "owner", "password": "take-one-please", "next": page_of})
    assert answer["Location"] == page_of


def test_a_wrong_password_is_told_in_words(client, owner):
    answer = client.post(reverse("login"), {"username": "owner", "password": "wrong"})
    assert "enter a correct username and password" in errors_of(answer)


def test_logging_out_takes_a_button_not_a_link(site):
    assert site.get(reverse("logout")).status_code == 405
    assert site.post(reverse("logout"))["Location"] == reverse("login")
    assert site.get("/").status_code == 302


def test_the_profile_lists_ones_productions_and_keeps_changes(site, owner, project):
    page = site.get(reverse("profile")).content.decode()
    assert "Salt and Lantern" in page
    assert "as owner" in page
    site.post(reverse("profile"), {"first_name": "Ada", "last_name": "Lund", "email": "ada@example.com"})
    owner.refresh_from_db()
    assert owner.get_full_name() == "Ada Lund"


def test_progress_told_by_the_engine_is_on_the_page(site, project, page_of):
    scene(project)
    run = open_run(project)
    moves.tell_progress(run, 62, "33 of 53 shots rendered")
    assert "62 percent: 33 of 53 shots rendered" in site.get(page_of).content.decode()
