"""Events with the HTML that they change, paced."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
from django.utils import timezone

from projects.actions import dismiss_alert, raise_alert
from studio.live import fragments as live_fragments
from studio.live.feed import LiveEvent, events_after
from studio.live.fragments import fragments_of
from studio.live.hub import RENDERS_PER_SECOND, Hub, Subscription, TooSlow, parcel


def event(number, subject="run:1", project_id=1):
    return LiveEvent(number, project_id, "run.progress", subject, {}, timezone.now())


class Writer:
    """Stands in for the pages' own writer: an event changes the elements its subject names, separated by +."""

    rendered: list[str] = []

    def __init__(self, project_id):
        self.html = {}

    def follow(self, event):
        if event.subject == "broken":
            raise ValueError("a template is broken")
        for element in event.subject.split("+"):
            if element not in self.html:
                self.rendered.append(element)
                self.html[element] = f"<p id={element}>"


@pytest.fixture
def writer(monkeypatch):
    monkeypatch.setattr(live_fragments, "FragmentWriter", Writer)
    monkeypatch.setattr(Writer, "rendered", [])
    return Writer


def elements(events):
    return [sorted(html) for html in fragments_of(1, events)]


def test_an_element_comes_with_the_last_event_that_changes_it(writer):
    events = [event(1, "a+b"), event(2, "b"), event(3, "c"), event(4, "a+c"), event(5, "d")]
    assert elements(events) == [[], ["b"], [], ["a", "c"], ["d"]]


def test_each_element_is_rendered_once_for_a_rush_of_events(writer):
    assert elements([event(number, "a+b") for number in range(100)])[-1] == ["a", "b"]
    assert sorted(writer.rendered) == ["a", "b"]


@pytest.mark.parametrize("seen", range(6))
def test_a_page_that_breaks_off_anywhere_in_a_batch_ends_up_with_every_element(writer, seen):
    events = [event(1, "a+b"), event(2, "b"), event(3, "c"), event(4, "a+c"), event(5, "d")]
    changed = {element for one in events for element in one.subject.split("+")}
    before = fragments_of(1, events)[:seen]
    after = fragments_of(1, events[seen:])  # replayed from the table when it comes back
    still_to_come = {element for one in events[seen:] for element in one.subject.split("+")}
    got_before = {element for html in before for element in html}
    got_after = {element for html in after for element in html}
    assert got_after == still_to_come
    assert got_before | got_after == changed


def test_a_template_that_is_broken_keeps_no_other_news_from_the_pages(writer, caplog):
    assert elements([event(1, "a"), event(2, "broken"), event(3, "b")]) == [["a"], [], ["b"]]
    assert "event 2 (run.progress of broken) changes cannot be rendered" in caplog.text


def test_the_pages_own_templates_are_sent(project):
    alert = raise_alert(project.pk, title="A lamp went out", message="In the lighthouse.", source="run:1")
    dismiss_alert(alert)
    raise_alert(project.pk, title="Rain on the set", message="", source="run:2")
    alerts = [one for one in events_after(0, project_id=project.pk) if one.subject.startswith("alert:")]
    first, dismissed, second = fragments_of(project.pk, alerts)
    assert (first, dismissed) == ({}, {})
    assert set(second) == {"alerts"}
    assert "Rain on the set" in second["alerts"]
    assert "A lamp went out" not in second["alerts"]


# -- pace


class Clockwork:
    """A hub whose rendering is counted, and one page of each kind."""

    def __init__(self):
        self.batches = []
        self.hub = Hub(
            render=self.render, tailer=lambda deliver: SimpleNamespace(start=self.nothing, stop=self.nothing)
        )

    def render(self, project_id, events):
        self.batches.append([one.id for one in events])
        return [{one.subject: f"state {events[-1].id}"} for one in events]

    async def nothing(self):
        pass


@pytest.fixture
def clockwork(monkeypatch):
    monkeypatch.setattr("studio.live.hub.database_sync_to_async", _at_once)
    return Clockwork()


def _at_once(function):
    async def call(*arguments):
        return function(*arguments)

    return call


async def take(page, count):
    return [await asyncio.wait_for(page.next(), 60) for _ in range(count)]


async def test_a_rush_of_progress_is_rendered_a_few_times_a_second_and_always_in_its_last_state(clockwork):
    page = await clockwork.hub.subscribe(1, fragments=True)
    loop = asyncio.get_running_loop()
    began = loop.time()
    for number in range(1, 41):  # 40 events in 0.4 s
        clockwork.hub.deliver([event(number)])
        await asyncio.sleep(0.01)
    parcels = await take(page, 40)
    took = loop.time() - began
    assert [one.id for one in parcels] == list(range(1, 41))
    assert len(clockwork.batches) <= took * RENDERS_PER_SECOND + 1
    assert clockwork.batches[0] == [1]  # the first at once
    assert "state 40" in parcels[-1].text
    await clockwork.hub.close()


async def test_pages_without_fragments_wait_for_no_rendering(clockwork):
    plain = await clockwork.hub.subscribe(1, fragments=False)
    clockwork.hub.deliver([event(1), event(2)])
    assert [one.id for one in await take(plain, 2)] == [1, 2]
    assert clockwork.batches == []


async def test_every_page_gets_the_very_same_text(clockwork):
    pages = [await clockwork.hub.subscribe(1, fragments=True) for _ in range(3)]
    clockwork.hub.deliver([event(1)])
    texts = [(await take(page, 1))[0].text for page in pages]
    assert texts[0] is texts[1] is texts[2]  # serialised once
    assert clockwork.batches == [[1]]
    await clockwork.hub.close()


async def test_pages_get_the_events_when_rendering_fails_altogether(clockwork, monkeypatch):
    def lost(project_id, events):
        raise OSError("the database went away")

    clockwork.hub.render = lost
    page = await clockwork.hub.subscribe(1, fragments=True)
    clockwork.hub.deliver([event(1)])
    assert '"fragments":{}' in (await take(page, 1))[0].text
    await clockwork.hub.close()


async def test_what_waits_for_a_slow_page_is_bounded(clockwork):
    slow = await clockwork.hub.subscribe(1, fragments=False, size=3)
    quick = await clockwork.hub.subscribe(1, fragments=False)
    clockwork.hub.deliver([event(number) for number in range(1, 6)])
    with pytest.raises(TooSlow):
        await slow.next()
    assert [one.id for one in await take(quick, 5)] == [1, 2, 3, 4, 5]
    clockwork.hub.deliver([event(6)])
    assert slow._parcels.empty()
    clockwork.hub.unsubscribe(slow)  # once more does nothing


async def test_a_page_that_reads_in_time_is_never_sent_away():
    page = Subscription(1, fragments=False, size=2)
    for number in range(10):
        assert page.put(parcel(event(number)))
        assert (await page.next()).id == number
