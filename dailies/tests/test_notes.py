"""Notes, playlists, sessions and notices."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, time, timedelta
from io import StringIO
from smtplib import SMTPException

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.utils import timezone

from dailies import actions, queries
from dailies.management.commands.dailies_summary import is_due, mail_summary
from dailies.models import Annotation, Notice, ReviewPreference, Seat
from dailies.quiet import is_quiet
from dailies.voices import Voice
from projects.models import Event
from studio.tests.filming import scene, take

STROKE = {"tool": "arrow", "colour": "#e8a24a", "width": 40, "points": [[0, 0], [10_000, 5_000]]}


@pytest.fixture
def shots(project):
    return scene(project, shots=3).made_shots


@pytest.fixture
def made(project, shots):
    return [take(project, shot) for shot in shots]


def write(project, take, person, **fields):
    note, _ = actions.write_note(project, take, voice=Voice(person), key=uuid.uuid4(), **fields)
    return note


def test_a_note_sent_twice_is_one_note(project, made, owner):
    key = uuid.uuid4()
    for _ in range(2):
        actions.write_note(project, made[0], voice=Voice(owner), key=key, text="Once @member")
    assert Annotation.objects.count() == 1
    assert Notice.objects.count() == 1
    assert Event.objects.filter(type="dailies.noted").count() == 1


def test_who_is_named_or_answered_is_told_once_and_nobody_of_themselves(project, made, owner, member, stranger):
    note = write(project, made[0], member, text="What of the hat? @member @stranger")
    assert Notice.objects.count() == 0
    write(project, made[0], owner, text="It stays, @member.", reply_to=note)
    assert list(Notice.objects.values_list("person__username", "kind")) == [("member", "mention")]
    assert list(note.mentions.values_list("person__username", flat=True)) == ["member"]


def test_open_notes_go_along_to_the_next_take_and_resolved_ones_stay(project, shots, made, owner):
    kept = write(project, made[0], owner, text="Her hand", first_frame=5, last_frame=9, drawing=[STROKE])
    done = write(project, made[0], owner, text="Too dark")
    actions.resolve_note(done, voice=Voice(owner))
    later = take(project, shots[0])
    assert [note.pk for note in queries.notes_on(later)] == [kept.pk]
    assert {note.pk for note in queries.notes_on(made[0])} == {kept.pk, done.pk}
    actions.reopen_note(done, voice=Voice(owner))
    assert {note.pk for note in queries.notes_on(later)} == {kept.pk, done.pk}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "has words, a drawing or a file"),
        ({"text": "x", "first_frame": 100, "last_frame": 108}, "Frames 100 to 108"),
        ({"text": "x", "first_frame": 9, "last_frame": 3}, "Frames 9 to 3"),
        ({"drawing": [STROKE]}, "say which"),
        ({"drawing": [STROKE | {"tool": "crayon"}], "first_frame": 1}, "which is no tool"),
        ({"drawing": [STROKE | {"colour": "red"}], "first_frame": 1}, "colour of stroke 1"),
        ({"drawing": [STROKE | {"points": [[0.5, 1]]}], "first_frame": 1}, "each of two numbers"),
        ({"drawing": [STROKE | {"points": [[0, 10_001]]}], "first_frame": 1}, "each of two numbers"),
        ({"drawing": [STROKE | {"onload": "x"}], "first_frame": 1}, "nothing else"),
        ({"drawing": [STROKE] * 201, "first_frame": 1}, "at most 200"),
    ],
)
def test_a_note_that_makes_no_sense_is_refused(project, made, owner, fields, words):
    with pytest.raises(ValidationError, match=words):
        write(project, made[0], owner, **fields)
    assert Annotation.objects.count() == 0


def test_only_its_writer_withdraws_a_note(project, made, owner, member):
    note = write(project, made[0], owner, text="Wrong take")
    with pytest.raises(PermissionDenied):
        actions.withdraw_note(note, voice=Voice(member))
    assert actions.withdraw_note(note, voice=Voice(owner))
    assert queries.notes_on(made[0]) == []


def test_a_playlist_keeps_its_order_and_notices_what_changed_meanwhile(project, made, owner):
    first, second, third = (one.pk for one in made)
    playlist = actions.create_playlist(project, "Monday", [third, first], by=owner)
    assert actions.add_to_playlist(playlist, [first, second]) == 1
    assert [one.pk for one in queries.entries_of(playlist)] == [third, first, second]
    actions.order_playlist(playlist, [first, second, third])
    assert [one.pk for one in queries.entries_of(playlist)] == [first, second, third]
    with pytest.raises(ValidationError, match="somebody else"):
        actions.order_playlist(playlist, [first, second])
    with pytest.raises(ValidationError, match="already"):
        actions.create_playlist(project, " Monday ", [], by=owner)
    with pytest.raises(ValidationError, match="no take 99999"):
        actions.add_to_playlist(playlist, [99999])


def test_a_late_move_never_takes_the_presenter_back(project, made, owner, member):
    playlist = actions.create_playlist(project, "Monday", [one.pk for one in made], by=owner)
    session = actions.start_session(playlist, by=owner)
    where = {"take": made[1], "playing": False, "speed_percent": 100}
    assert actions.present(session, by=owner, frame=20, serial=2, **where)
    assert not actions.present(session, by=owner, frame=10, serial=1, **where)
    session.refresh_from_db()
    assert (session.frame, session.take_id) == (20, made[1].pk)
    with pytest.raises(PermissionDenied):
        actions.present(session, by=member, frame=1, serial=9, **where)
    assert actions.take_over(session, by=member)
    assert actions.present(session, by=member, frame=1, serial=9, **where)


def test_a_session_ends_with_what_came_of_it(project, made, owner, member):
    playlist = actions.create_playlist(project, "Monday", [one.pk for one in made], by=owner)
    actions.decide(project, made[2], "approve", voice=Voice(owner), key=uuid.uuid4())
    session = actions.start_session(playlist, by=owner)
    assert actions.start_session(playlist, by=member).pk == session.pk
    actions.join_session(session, Voice(member))
    actions.join_session(session, Voice(member))
    assert Seat.objects.count() == 1
    actions.decide(project, made[0], "retake", voice=Voice(member), key=uuid.uuid4(), text="Again")
    write(project, made[1], member, text="Good")
    assert actions.end_session(session, by=owner)
    assert not actions.end_session(session, by=owner)
    assert session.summary["words"] == "1 decision, 1 note, 1 retake"
    assert session.summary["retakes"] == [made[0].pk]
    assert member.notices.filter(kind="summary").count() == 1
    with pytest.raises(ValidationError, match="ended"):
        actions.join_session(session, Voice(member))


def test_unread_notices_are_mailed_once_but_not_in_quiet_hours(project, made, owner, member, settings):
    write(project, made[0], owner, text="See this, @member")
    ReviewPreference.objects.create(person=owner, daily_mail=False)
    ReviewPreference.objects.create(
        person=member, quiet_from=time(0), quiet_until=time(23, 59, 59, 999_999), mail_at=time(0)
    )
    call_command("dailies_summary", verbosity=0)
    assert mail.outbox == []
    ReviewPreference.objects.update(quiet_from=None, quiet_until=None)
    for _ in range(2):
        call_command("dailies_summary", verbosity=0)
    assert len(mail.outbox) == 1
    assert mail.outbox[0].to == ["member@example.com"]
    assert mail.outbox[0].subject == "Rushes: 3 takes to review, 1 thing told to you"
    assert f"/projects/{project.slug}/dailies/shots/" in mail.outbox[0].body
    assert f"{project.title}: 3 takes" in mail.outbox[0].body


def test_a_mail_goes_once_a_day_and_only_where_there_is_something_new(project, shots, made, owner, member):
    morning = (timezone.now() + timedelta(days=1)).replace(hour=9)
    assert [mail_summary(member, morning), mail_summary(member, morning + timedelta(hours=3))] == [True, False]
    assert not mail_summary(member, morning + timedelta(days=1))  # the same takes wait: that was said
    write(project, made[0], owner, text="See this, @member")
    assert mail_summary(member, morning + timedelta(days=1))
    assert len(mail.outbox) == 2


def test_a_mail_that_cannot_be_sent_goes_with_the_next_run_and_keeps_nobody_elses(
    project, made, owner, member, monkeypatch
):
    ReviewPreference.objects.bulk_create(ReviewPreference(person=one, mail_at=time(0)) for one in (owner, member))
    sent, broken = [], {owner.email}

    def send(subject, body, sender, to):
        if to[0] in broken:
            raise SMTPException("try later")
        sent.append(to[0])

    monkeypatch.setattr("dailies.management.commands.dailies_summary.send_mail", send)
    call_command("dailies_summary", verbosity=0, stderr=StringIO())
    broken.clear()
    call_command("dailies_summary", verbosity=0)
    assert sent == [member.email, owner.email]


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, "2026-03-02 06:59", False),  # 07:59 in Vienna
        (None, "2026-03-02 07:00", True),
        ("2026-03-02 07:00", "2026-03-02 22:59", False),
        ("2026-03-02 07:00", "2026-03-02 23:30", False),  # a new day there, and half past midnight
        ("2026-03-02 07:00", "2026-03-03 07:05", True),
    ],
)
def test_the_day_of_the_mail_is_the_persons_own(last, now, due):
    def at(text):
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    preference = ReviewPreference(time_zone="Europe/Vienna")
    assert is_due(preference, last and at(last), at(now)) is due


def test_who_sent_a_take_back_is_told_when_the_next_one_is_there(project, shots, made, owner, member, stranger):
    for person in (owner, member, stranger):
        actions.decide(project, made[0], "retake", voice=Voice(person), key=uuid.uuid4())
    actions.undo_decision(made[0].reviews.get(person=owner), voice=Voice(owner))
    Notice.objects.all().delete()
    take(project, shots[0])
    told = Notice.objects.get()
    assert (told.person, told.kind, told.text) == (member, "new_take", "Take 2 of 1/1 is there")
    assert told.path.endswith("?take=2")


def test_who_is_silent_for_a_minute_is_no_longer_shown_in_a_session(project, made, owner, member):
    playlist = actions.create_playlist(project, "Monday", [made[0].pk], by=owner)
    session = actions.start_session(playlist, by=owner)
    for person in (owner, member):
        actions.join_session(session, Voice(person))
    Seat.objects.filter(person=member).update(seen_at=timezone.now() - timedelta(seconds=61))
    assert queries.seats_of(session) == ["owner"]
    actions.join_session(session, Voice(member))
    assert queries.seats_of(session) == ["owner", "member"]


def test_a_kind_that_is_muted_is_not_told(project, made, owner, member):
    actions.settle_preference(
        member, daily_mail=True, muted=["mention"], quiet_from=None, quiet_until=None, time_zone="UTC"
    )
    write(project, made[0], owner, text="See this, @member")
    assert Notice.objects.count() == 0


@pytest.mark.parametrize(
    ("clock", "quiet"),
    [("21:59", False), ("22:00", True), ("03:00", True), ("06:59", True), ("07:00", False), ("12:00", False)],
)
def test_quiet_hours_reach_over_midnight_by_the_persons_own_clock(clock, quiet):
    preference = ReviewPreference(quiet_from=time(22), quiet_until=time(7), time_zone="Asia/Tokyo")
    tokyo = datetime.combine(datetime(2026, 3, 2, tzinfo=UTC).date(), time.fromisoformat(clock), tzinfo=UTC)
    assert is_quiet(preference, tokyo - timedelta(hours=9)) is quiet


def test_what_waits_for_a_person_is_the_newest_take_of_each_shot_they_have_not_judged(
    project, shots, made, owner, member, django_assert_num_queries
):
    take(project, shots[0])
    actions.decide(project, made[1], "approve", voice=Voice(owner), key=uuid.uuid4())
    from projects.models import Project

    with django_assert_num_queries(3):
        (row,) = queries.waiting_for(member, Project.objects.filter(pk=project.pk))
    assert (row.total, [one.number for one in row.takes]) == (2, [2, 1])


def test_a_link_that_would_have_expired_is_not_made(project, made, owner):
    playlist = actions.create_playlist(project, "Monday", [], by=owner)
    with pytest.raises(ValidationError, match="expired already"):
        actions.make_guest_link(playlist, by=owner, expires_at=timezone.now() - timedelta(seconds=1))
