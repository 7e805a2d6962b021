"""Tables from the browser, from scripts and from the command line."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse
from django.utils import timezone

from characters.actions import create_character
from characters.models import Character
from studio import held_uploads
from studio.exchange.tables import read_table


@pytest.fixture
def ada(project):
    return create_character(project, name="ADA", background="=trap")


@pytest.fixture
def site(client, owner):
    client.force_login(owner)
    return client


@pytest.fixture
def page(project):
    return reverse("exchange", args=[project.slug])


def upload(text, name="people.csv"):
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)


def shown(answer):
    return BeautifulSoup(answer.content, "html.parser")


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_an_export_is_a_download(site, project, ada, suffix):
    answer = site.get(reverse("export", args=[project.slug, "characters", suffix]))
    assert f"{project.slug}-characters.{suffix}" in answer["Content-Disposition"]
    rows = read_table(b"".join(answer.streaming_content))
    assert rows[1][rows[0].index("background")] == "=trap"
    assert site.get(reverse("export", args=[project.slug, "ledger", suffix])).status_code == 404


def test_a_table_is_checked_and_then_imported_without_choosing_it_again(site, page, ada):
    answer = site.post(page, {"kind": "characters", "table": upload("name,role\nADA,mentor\nTOM,minor\n")})
    told = shown(answer)
    assert "1 new, 1 changed" in told.get_text()
    assert Character.objects.count() == 1
    word = told.select_one("[name=held]")["value"]
    assert "Import 2 rows" in told.select_one("[name=confirmed]").get_text()
    assert site.post(page, {"kind": "characters", "held": word, "confirmed": "yes"}).status_code == 302
    assert list(Character.objects.order_by("name").values_list("name", "role")) == [("ADA", "mentor"), ("TOM", "minor")]
    assert "not here any more" in site.post(page, {"kind": "characters", "held": word}).content.decode()


def test_every_problem_stands_in_the_page_by_its_row(site, page, ada):
    answer = site.post(page, {"kind": "characters", "table": upload("name,role\nADA,king\nTOM,queen\n")})
    assert answer.status_code == 422
    rows = [[cell.get_text() for cell in row.select("td")] for row in shown(answer).select("tbody tr")]
    assert [row[:2] for row in rows] == [["2", "role"], ["3", "role"]]
    assert shown(answer).select_one("option[selected]")["value"] == "characters"
    assert not shown(answer).select("[name=confirmed]")


def test_without_a_file_the_form_says_so(site, page):
    assert "Choose a file." in site.post(page, {"kind": "scenes"}).content.decode()


def test_who_may_not_write_takes_out_and_brings_nothing_in(client, member, stranger, project, page, ada):
    client.force_login(member)
    assert client.get(page).status_code == 200
    assert not shown(client.get(page)).select("form.panel")
    assert client.get(reverse("export", args=[project.slug, "characters", "csv"])).status_code == 200
    assert client.post(page, {"kind": "characters", "table": upload("name\nX\n")}).status_code == 403
    client.force_login(stranger)
    assert client.get(page).status_code == 404
    assert client.get(reverse("export", args=[project.slug, "characters", "csv"])).status_code == 404


def test_what_one_session_sent_is_not_anothers(site, client, page, project, ada, member):
    word = shown(site.post(page, {"kind": "characters", "table": upload("name\nTOM\n")})).select_one("[name=held]")[
        "value"
    ]
    other = type(client)()
    other.force_login(project.memberships.get(role="owner").person)
    assert (
        "not here any more"
        in other.post(page, {"kind": "characters", "held": word, "confirmed": "yes"}).content.decode()
    )
    assert "not here any more" in site.post(page, {"kind": "characters", "held": "../secret"}).content.decode()


def test_uploads_nobody_confirmed_go_after_a_day(site, page, ada):
    word = shown(site.post(page, {"kind": "characters", "table": upload("name\nTOM\n")})).select_one("[name=held]")[
        "value"
    ]
    assert held_uploads.let_go() == 0
    assert held_uploads.let_go(timezone.now() + timedelta(days=2)) == 1
    assert (
        "not here any more"
        in site.post(page, {"kind": "characters", "held": word, "confirmed": "yes"}).content.decode()
    )


def test_a_script_brings_a_table_in_once(site, project, ada):
    url = f"/api/v1/projects/{project.slug}/tables/characters/"
    dry = site.post(url, {"table": upload("name\nTOM\n"), "dry_run": "true"}).json()
    assert (dry["applied"], dry["new"], Character.objects.count()) == (False, 1, 1)
    for _ in range(2):
        done = site.post(url, {"table": upload("name\nTOM\n")}, headers={"Idempotency-Key": "tom"})
        assert (done.json()["applied"], done.json()["new"]) == (True, 1)
    bad = site.post(url, {"table": upload("name,role\nADA,king\n")})
    assert bad.status_code == 422
    assert bad.json()["problems"][0]["row"] == 2
    table = site.get(f"/api/v1/projects/{project.slug}/tables/characters.csv")
    assert len(read_table(b"".join(table.streaming_content))) == 3
    assert site.get(f"/api/v1/projects/{project.slug}/tables/ledger.csv").status_code == 404


def test_the_command_line_takes_out_and_brings_in(project, ada, owner, stranger, tmp_path):
    file = tmp_path / "people.xlsx"
    call_command("records", "export", project.slug, "characters", str(file), stdout=io.StringIO())
    out = io.StringIO()
    call_command("records", "import", project.slug, "characters", str(file), "--as", "owner", stdout=out)
    assert "0 new, 0 changed, 1 as they are" in out.getvalue()
    with pytest.raises(CommandError, match="nobody who may write"):
        call_command("records", "import", project.slug, "characters", str(file), "--as", "stranger")
    (tmp_path / "bad.csv").write_text("name,role\nADA,king\n")
    with pytest.raises(CommandError, match="1 problem: nothing was changed"):
        call_command("records", "import", project.slug, "characters", str(tmp_path / "bad.csv"), stderr=io.StringIO())
