from __future__ import annotations

import asyncio
import sqlite3

import pytest
import pytest_asyncio
from channels.db import database_sync_to_async
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test.utils import setup_databases, teardown_databases
from django.utils import timezone

from projects.actions import add_member
from projects.choices import Role
from projects.events import emit
from projects.models import Event, Membership
from studio.api.models import issue_token
from studio.live import consumers
from studio.live.application import live_application
from studio.live.feed import events_after
from studio.live.hub import Hub
from studio.live.tailer import Tailer
from studio.live.wakeups import postgres_commits, sqlite_commits
from studio.tests.live_page import PATIENCE, LiveProduction, eventually, hushed, ids_of


@pytest.fixture(scope="session")
def test_database(django_db_setup, django_db_blocker):
    """The test database, also where no test of this run asks for it by a mark: these tests commit by themselves."""
    if is_test_database():
        yield
        return
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases=["default"])
        yield
        teardown_databases(made, verbosity=0)


def is_test_database():
    name = str(connection.settings_dict["NAME"])
    return name.startswith("test_") or name == connection.settings_dict["TEST"]["NAME"]


@pytest_asyncio.fixture
async def production(test_database, django_db_blocker):
    """Rows that are really committed, since the pages read them over other connections; removed afterwards."""
    assert is_test_database()
    with django_db_blocker.unblock():
        made = await database_sync_to_async(LiveProduction)()
        yield made
        await database_sync_to_async(made.remove)()


@pytest_asyncio.fixture
async def hub():
    hub = Hub(render=lambda project_id, events: [{} for _ in events])
    yield hub
    await hub.close()


@pytest.fixture
def no_page_of_events(monkeypatch):
    """Read the table two events at a time, so that a handful of events fills pages."""
    for module in ("feed", "consumers", "tailer"):
        monkeypatch.setattr(f"studio.live.{module}.PAGE", 2)
    monkeypatch.setattr("studio.live.feed.events_after.__kwdefaults__", {"project_id": None, "limit": 2})


async def test_a_new_page_begins_with_what_happens_from_now_on(production, hub):
    before = await production.tell(3)
    page = await production.page(hub).open()
    assert page.hello == {"type": "hello", "id": before[-1], "stale": False}
    told = await production.tell(2)
    messages = await page.until(told[-1])
    assert ids_of(messages) == told
    assert messages[0]["type"] == "test.told"
    assert messages[0]["subject"] == "test:1"
    assert messages[0]["payload"] == {"place": 0}
    assert messages[0]["fragments"] == {}
    await page.leave()


async def test_a_page_that_comes_back_gets_what_it_missed_exactly_once(production, hub, no_page_of_events):
    page = await production.page(hub).open()
    seen = await production.tell(2)
    await page.until(seen[-1])
    await page.leave()
    missed = await production.tell(5)
    again = await production.page(hub, since=seen[-1]).open()
    assert again.hello == {"type": "hello", "id": seen[-1], "stale": False}
    later = await production.tell(3)
    assert ids_of(await again.until(later[-1])) == missed + later
    await again.leave()


async def test_what_happens_while_a_page_catches_up_is_told_once_though_it_comes_both_ways(production, hub):
    start = (await production.tell())[0]
    told = []

    class Hub(type(hub)):
        async def subscribe(self, project_id, *, fragments, size=10):
            subscription = await super().subscribe(project_id, fragments=fragments, size=size)
            told.extend(await production.tell(3))
            await eventually(lambda: subscription._parcels.qsize() == 3)
            return subscription  # now they are in the queue and in the table

    both_ways = Hub(render=hub.render)
    page = await production.page(both_ways, since=start).open()
    later = await production.tell()
    assert ids_of(await page.until(later[0])) == told + later
    await page.leave()
    await both_ways.close()


async def test_what_happens_right_after_a_page_has_caught_up_is_not_lost(production, hub, monkeypatch):
    start = (await production.tell())[0]
    told = []

    def read_and_then_something_happens(last, **how):
        rows = events_after(last, **how)
        if not told:
            told.extend(production.tell_now())
        return rows

    monkeypatch.setattr(consumers, "events_after", read_and_then_something_happens)
    page = await production.page(hub, since=start).open()
    assert (await page.message())["id"] == told[0]
    await page.leave()


async def test_pages_that_come_and_go_during_a_storm_miss_and_repeat_nothing(production, hub, no_page_of_events):
    first = await production.page(hub).open()
    start = first.hello["id"]
    await first.leave()
    storm = asyncio.create_task(_storm(production, 60))
    seen: list[int] = []
    while len(seen) < 60:
        page = await production.page(hub, since=seen[-1] if seen else start).open()
        for _ in range(min(7, 60 - len(seen))):
            seen.append((await page.message())["id"])
        await page.leave()
    assert seen == await storm


async def _storm(production, count):
    told = []
    for _ in range(count):
        told += await production.tell()
    return told


async def test_events_of_another_production_do_not_reach_a_page(production, hub):
    page = await production.page(hub).open()
    await production.tell(2, elsewhere=True)
    told = await production.tell()
    assert ids_of(await page.until(told[0])) == told
    await page.leave()


async def test_two_web_processes_tell_the_same_story(production, hub):
    other = Hub(render=hub.render)
    here, there = await production.page(hub).open(), await production.page(other).open()
    told = await production.tell(5)
    assert ids_of(await here.until(told[-1])) == ids_of(await there.until(told[-1])) == told
    await here.leave()
    await there.leave()
    await other.close()


async def test_what_is_rolled_back_is_never_announced(production, hub):
    page = await production.page(hub).open()

    def change_of_mind():
        with transaction.atomic():
            emit(production.project.pk, "test.told", "test:1")
            transaction.set_rollback(True)

    await database_sync_to_async(change_of_mind)()
    told = await production.tell()
    assert [message["payload"] for message in await page.until(told[0])] == [{"place": 0}]
    await page.leave()


@pytest.mark.parametrize("person", ["live-stranger", "nobody"])
async def test_a_stranger_is_told_that_there_is_no_such_production(production, hub, person):
    page = production.page(hub, person=person)
    assert await page.connect()
    assert await page.close_code() == consumers.NOT_FOUND


async def test_an_address_that_makes_no_sense_is_refused_for_good(production, hub):
    page = production.page(hub, since="yesterday")
    assert await page.connect()
    assert await page.close_code() == consumers.BAD_REQUEST


async def test_a_page_of_another_site_cannot_listen(production, hub):
    assert not await production.page(hub, origin="https://evil.example").connect()


async def test_a_script_listens_with_its_token_and_hears_what_the_scopes_allow(production, hub):
    _, secret = await database_sync_to_async(issue_token)(production.owner, "script", ["view"])
    page = await production.page(hub, person="nobody", token=secret).open()
    (first,) = await production.tell()
    assert ids_of(await page.until(first)) == [first]
    await page.leave()


@pytest.mark.parametrize("kind", ["revoked", "of a stranger", "of another scope"])
async def test_a_token_that_does_not_open_the_production_hears_nothing(production, hub, kind):
    person = production.stranger if kind == "of a stranger" else production.owner
    scopes = ["write"] if kind == "of another scope" else ["view"]
    token, secret = await database_sync_to_async(issue_token)(person, "script", scopes)
    if kind == "revoked":
        await database_sync_to_async(type(token).objects.filter(pk=token.pk).update)(revoked_at=timezone.now())
    page = production.page(hub, person="nobody", token=secret)
    assert await page.connect()
    assert await page.close_code() == consumers.NOT_FOUND


async def test_a_member_who_is_removed_hears_nothing_more(production, hub):
    page = await production.page(hub, person="live-member").open()
    owner = await production.page(hub).open()

    def remove_member():
        with transaction.atomic():
            Membership.objects.filter(person=production.member).delete()
            emit(production.project.pk, "member.removed", f"project:{production.project.pk}", {"person": "live-member"})

    await database_sync_to_async(remove_member)()
    told = await production.tell()
    assert await page.socket.receive_output(10) == {
        "type": "websocket.close",
        "code": consumers.NOT_FOUND,
        "reason": "There is no such production.",
    }
    assert [message["type"] for message in await owner.until(told[0])] == ["member.removed", "test.told"]
    await owner.leave()


async def test_a_member_whose_role_changes_goes_on_listening(production, hub):
    page = await production.page(hub, person="live-member").open()
    await database_sync_to_async(add_member)(production.project, production.member, Role.VIEWER)
    told = await production.tell()
    assert [message["type"] for message in await page.until(told[0])] == ["member.changed", "test.told"]
    await page.leave()


async def test_what_is_spent_is_told_to_those_who_may_spend(production, hub):
    owner = await production.page(hub).open()
    reviewer = await production.page(hub, person="live-member").open()

    def spend():
        with transaction.atomic():
            emit(production.project.pk, "budget.moved", f"project:{production.project.pk}", {"amount": "1.25"})

    await database_sync_to_async(spend)()
    told = await production.tell()
    assert [message["type"] for message in await owner.until(told[0])] == ["budget.moved", "test.told"]
    assert [message["type"] for message in await reviewer.until(told[0])] == ["test.told"]
    await owner.leave()
    await reviewer.leave()


async def test_logging_out_ends_the_feed(production, hub, monkeypatch):
    monkeypatch.setattr(consumers, "RECHECK", 0)
    monkeypatch.setattr(consumers.ProjectConsumer.__init__, "__defaults__", (0.05,))
    page = await production.page(hub, person="live-member").open()
    assert (await page.message())["type"] == "beat"
    cookie = production.cookies["live-member"]
    await database_sync_to_async(Session.objects.filter(session_key=cookie).delete)()
    assert await page.close_code() == consumers.NOT_FOUND


async def test_a_page_is_told_to_load_again_when_events_it_missed_are_no_longer_kept(production, hub):
    told = await production.tell(4)
    await database_sync_to_async(Event.objects.filter(id__lte=told[2]).delete)()
    assert (await production.page(hub, since=told[1]).open()).hello == {
        "type": "hello",
        "id": told[3],
        "stale": True,
    }
    kept = await production.page(hub, since=told[2]).open()
    assert kept.hello["stale"] is False
    assert ids_of(await kept.until(told[3])) == [told[3]]
    assert (await production.page(hub, since=told[3] + 1000).open()).hello["stale"] is True


async def test_a_page_that_does_not_read_is_sent_away_and_comes_back_for_the_rest(production, hub, monkeypatch):
    monkeypatch.setattr(hub.subscribe.__func__, "__kwdefaults__", {"size": 5})
    page = production.page(hub)
    reads = asyncio.Event()
    sent: list[dict] = []

    async def send(message):
        if message["type"] == "websocket.send" and len(sent) >= 2:
            await reads.wait()  # the socket is full
        sent.append(message)

    incoming: asyncio.Queue = asyncio.Queue()
    incoming.put_nowait({"type": "websocket.connect"})
    serving = asyncio.create_task(live_application(hub)(page.scope, incoming.get, send))
    await eventually(lambda: len(sent) == 2)  # accepted, hello
    told = await production.tell(10)
    await eventually(lambda: not hub._subscriptions)
    reads.set()
    await eventually(lambda: sent[-1]["type"] == "websocket.close")
    assert sent[-1]["code"] == consumers.TOO_SLOW
    incoming.put_nowait({"type": "websocket.disconnect", "code": consumers.TOO_SLOW})
    await serving
    again = await production.page(hub, since=told[0]).open()
    assert ids_of(await again.until(told[-1])) == told[1:]
    await again.leave()


async def test_a_quiet_page_hears_nothing_but_the_beat(production, hub, monkeypatch):
    page = await production.page(hub).open()
    assert await hushed(page)
    await page.leave()


# -- the tailer by itself


async def tail(production, wakeups, delivered):
    tailer = Tailer(lambda events: delivered.extend(event.id for event in events), wakeups)
    await tailer.start()
    return tailer


async def test_the_tailer_reads_everything_at_one_wake_up_and_each_event_once(production, monkeypatch):
    monkeypatch.setattr("studio.live.tailer.PAGE", 2)
    monkeypatch.setattr("studio.live.feed.events_after.__kwdefaults__", {"project_id": None, "limit": 2})
    committed, again, delivered = asyncio.Event(), asyncio.Event(), []

    async def wakeups():
        await committed.wait()
        yield
        yield  # a wake-up too many
        again.set()
        await asyncio.Event().wait()

    tailer = await tail(production, wakeups, delivered)
    told = await production.tell(5)
    committed.set()
    await asyncio.wait_for(again.wait(), PATIENCE)
    assert delivered == told
    await tailer.stop()


async def test_the_tailer_goes_on_where_it_was_when_the_database_comes_back(production, monkeypatch, caplog):
    monkeypatch.setattr("studio.live.tailer.SHORTEST_PAUSE", 0)
    told, delivered, attempts = [], [], []

    async def wakeups():
        attempts.append(1)
        if len(attempts) == 1:
            told.extend(await production.tell(2))
            raise OSError("the server closed the connection")
        yield
        await asyncio.Event().wait()

    tailer = await tail(production, wakeups, delivered)
    await eventually(lambda: len(delivered) == 2)
    assert delivered == told
    assert "lost the database (the server closed the connection); it goes on after event" in caplog.text
    await tailer.stop()


async def test_a_commit_of_another_connection_is_noticed_in_a_file(tmp_path):
    database = tmp_path / "some.sqlite3"
    writer = sqlite3.connect(database, isolation_level=None)
    writer.execute("CREATE TABLE event (id)")
    wakeups = sqlite_commits(str(database), poll=0.001)
    await anext(wakeups)
    news = asyncio.ensure_future(anext(wakeups))
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO event VALUES (1)")
    done, _ = await asyncio.wait([news], timeout=0.1)
    assert not done  # not committed yet
    writer.execute("COMMIT")
    await asyncio.wait_for(news, PATIENCE)
    await wakeups.aclose()
    writer.close()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="LISTEN and NOTIFY are PostgreSQL's")
async def test_a_notification_arrives_before_the_sweep(production):
    wakeups = postgres_commits(connection.get_connection_params(), sweep=10 * PATIENCE)
    await anext(wakeups)
    await production.tell()
    await asyncio.wait_for(anext(wakeups), PATIENCE)
    await wakeups.aclose()
