"""One table of who may go where, and a walk over every page, API route, admin view and WebSocket as everybody.

The table is written from the specification (docs/access.md, the roles of the records), not from the code: a new
address fails the walk until it stands here. Anonymous people are sent to the sign-in page, or told 401 by the API; to a
stranger nothing of a production exists (404); a member without the right gets 403.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from characters.models import Character
from dailies.actions import make_guest_link
from dailies.models import Annotation, GuestLink, Playlist, Review, ReviewSession
from media_pipeline.assets import MediaAsset
from media_pipeline.runs.models import Approval, Run, Step
from projects.actions import add_member
from projects.models import (
    Alert,
    Chapter,
    Correction,
    GatherItem,
    Membership,
    OutgoingWebhook,
    QualifiedDocument,
    WebhookDelivery,
)
from projects.screenplay.fountain import read_scene
from prompts.models import ModelProfile, PromptTemplate
from scenes.models import ContinuityCheck, Location, Scene, Shot, Take
from studio.api.models import issue_token
from studio.api.urls import RECORDS
from studio.editorial.tests.conftest import build_world, person
from studio.editorial.tests.walking import pages_of_viewsets
from studio.live.consumers import ProjectConsumer

ROLES = ("owner", "producer", "director", "writer", "artist", "editor", "reviewer", "viewer")
HOLD = {
    "view": set(ROLES),
    "review": {"owner", "producer", "director", "editor", "reviewer"},
    "comment": set(ROLES) - {"viewer"},
    "write": {"owner", "producer", "director", "writer", "artist"},
    "generate": {"owner", "producer", "director", "artist"},
    "cut": {"owner", "producer", "director", "editor"},
    "spend": {"owner", "producer"},
    "manage": {"owner", "producer"},
    "delete": {"owner"},
    "nobody": set(),
}
"""Right -> the roles that hold it, as the specification gives them."""

PAGES = {
    "project": ("get", "view"), "import-screenplay": ("post", "write"), "preview-screenplay": ("get", "write"),
    "produce": ("post", "generate"), "estimate": ("get", "view"), "previz": ("get", "view"),
    "previz-sheet": ("get", "view"), "assemble": ("get", "view"),
    "lost-call": ("post", "spend"), "stop-run": ("post", "generate"),
    "resume-run": ("post", "generate"), "decide-approval": ("post", "spend"), "dismiss-alert": ("post", "generate"),
    "shot": ("get", "view"), "cast": ("get", "view"), "rename-character": ("get", "write"),
    "make-pictures": ("post", "generate"), "line-up": ("post", "generate"),
    "merge-records": ("get", "write"), "structure": ("get", "write"), "scene-structure": ("get", "write"),
    "webhooks": ("get", "manage"), "exchange": ("get", "view"), "export": ("get", "view"),
    "undo-correction": ("post", "write"), "accept-picture": ("post", "generate"), "dismiss-break": ("post", "review"),
    "retake-shot": ("get", "generate"), "decide-shot": ("post", "write"), "gather": ("get", "view"),
    "keep-screenplay": ("post", "write"), "qualify": ("get", "generate"), "change-material": ("post", "write"),
    "remove-material": ("post", "write"), "ask-model": ("post", "generate"),
    "documents": ("get", "view"), "document": ("get", "view"),
}  # fmt: skip
"""Page of a production -> method and right."""

OWN_PAGES = {"home", "new-production", "check-file", "healthz"}
"""Pages of the site that are no production's."""

AROUND = {"login", "logout", "profile", "password", "search", "media-file", "provider-report"}
"""Addresses beside those of the packages: of oneself, of a file, of a provider that knows the secret."""

ACTIONS = {
    "screenplay": ("post", "write"), "preview-script": ("post", "write"), "plan": ("post", "generate"),
    "previz": ("post", "generate"), "produce": ("post", "generate"), "estimate": ("get", "view"),
    "assemble": ("post", "cut"),
    "events": ("get", "view"), "run-explained": ("get", "view"), "cancel-run": ("post", "generate"),
    "resume-run": ("post", "generate"), "resolve-step": ("post", "spend"), "decide-approval": ("post", "spend"),
    "dismiss-alert": ("post", "generate"), "retake": ("post", "generate"), "select-take": ("post", "review"),
    "check-continuity": ("post", "write"), "estimate-shot": ("get", "view"), "accept-picture": ("post", "generate"),
    "give-back": ("post", "write"), "take-changes": ("get", "view"),
    "approvals": ("get", "spend"), "override-template": ("post", "write"), "restore-template": ("post", "write"),
    "review-take": ("post", "review"), "omit-scene": ("post", "write"), "restore-scene": ("post", "write"),
    "duplicate-scene": ("post", "write"), "insert-scene": ("post", "write"), "reorder-scenes": ("post", "write"),
    "split-scene": ("post", "write"), "merge-scenes": ("post", "write"), "insert-shot": ("post", "write"),
    "reorder-shots": ("post", "write"), "split-shot": ("post", "write"), "merge-shots": ("post", "write"),
    "omit-shot": ("post", "write"), "restore-shot": ("post", "write"), "rename-character": ("post", "write"),
    "picture-character": ("post", "generate"),
    "preview-rename": ("post", "write"), "merge-characters": ("post", "write"),
    "preview-character-merge": ("post", "write"), "merge-locations": ("post", "write"),
    "preview-location-merge": ("post", "write"), "undo-correction": ("post", "write"),
    "import-table": ("post", "write"), "export-table": ("get", "view"), "webhooks": ("get", "manage"),
    "webhook": ("get", "manage"), "try-webhook": ("post", "manage"), "renew-webhook-secret": ("post", "manage"),
    "webhook-deliveries": ("get", "manage"), "send-again": ("post", "manage"), "upload-media": ("post", "generate"),
    "last-frame": ("post", "generate"), "stitch": ("post", "generate"), "audio-stitch": ("post", "generate"),
    "music-track": ("post", "generate"), "media-length": ("get", "view"), "media-file": ("get", "view"),
    "decide-take": ("post", "review"), "decide-takes": ("post", "review"), "undo-review": ("post", "nobody"),
    "dismiss-continuity": ("post", "review"), "write-note": ("post", "comment"), "resolve-note": ("post", "comment"),
    "reopen-note": ("post", "comment"), "withdraw-note": ("post", "nobody"), "make-playlist": ("post", "comment"),
    "change-playlist": ("post", "comment"), "order-playlist": ("post", "comment"),
    "add-to-playlist": ("post", "comment"), "take-out-of-playlist": ("post", "comment"),
    "remove-playlist": ("post", "comment"), "guest-links": ("get", "manage"), "revoke-guest-link": ("post", "manage"),
    "gather-file": ("post", "write"), "readiness": ("get", "view"), "qualify": ("post", "generate"),
    "start-session": ("post", "comment"), "move-session": ("post", "comment"),
    "take-over-session": ("post", "comment"), "end-session": ("post", "comment"),
}  # fmt: skip
"""Action of the API (without api-) -> method and right. What somebody else has said is taken back by nobody."""

OWN_ACTIONS = {"schema", "register", "login", "refresh", "logout", "me", "tokens", "token", "my-notices", "nothing"}
"""What the API has for oneself."""

SEEN = {"ledger": "spend", "budgets": "spend"}
"""Records that not every member may see -> the right."""

WRITTEN = {
    "projects": "manage", "memberships": "manage", "chapters": "write", "story-bibles": "write",
    "gather-items": "write", "characters": "write", "looks": "write", "references": "write", "identities": "generate",
    "locations": "write", "props": "write", "styles": "write", "consistency-groups": "write", "scenes": "write",
    "budgets": "manage", "shots": "write", "templates": "write", "profiles": "nobody",
}  # fmt: skip
"""Records that people change through the API -> the right; what is not here is changed there by nobody."""

BY_MODEL = {
    "character": Character, "location": Location, "scene": Scene, "shot": Shot, "take": Take, "run": Run,
    "review-session": ReviewSession, "review": Review, "note": Annotation, "playlist": Playlist,
    "guest-link": GuestLink, "continuity": ContinuityCheck, "chapter": Chapter, "alert": Alert,
    "correction": Correction, "item": GatherItem, "webhook": OutgoingWebhook, "document": QualifiedDocument,
    "deliver": WebhookDelivery, "media": MediaAsset, "step": Step, "approval": Approval, "template": PromptTemplate,
}  # fmt: skip


@dataclass
class Everybody:
    """Clients of each role in `ours`, of a stranger who owns `theirs`, and of somebody without a login."""

    roles: dict[str, Client]
    stranger: Client
    nobody: Client


@pytest.fixture
def ours(db):
    world = build_world("Lanternfish", "LANT", person("lanternfish-owner"))
    run = world.of(Run)
    step = Step.objects.create(run=run, key="ask", kind="provider", state="unknown")
    approval = Approval.objects.create(project=world.project, step=step, words="Spend?", digest="d", currency="USD")
    ends = timezone.now() + timedelta(days=1)
    link, _ = make_guest_link(world.of(Playlist), by=world.of(Membership).person, expires_at=ends)
    world.records += [step, approval, link]
    return world


@pytest.fixture
def everybody(ours):
    theirs = build_world("Quicksilver", "QUIC", person("quicksilver-owner"))
    clients = {}
    for role in ROLES:
        who = person(f"the-{role}")
        add_member(ours.project, who, role)
        clients[role] = signed_in(who)
    return Everybody(clients, signed_in(Membership.objects.get(project=theirs.project).person), Client())


def signed_in(who):
    client = Client()
    client.force_login(who)
    client.person = who
    return client


def asked(client, method, url, **more):
    """The status of a request whose changes are taken back."""
    with transaction.atomic():
        response = getattr(client, method)(url, **more)
        if getattr(response, "streaming", False):
            b"".join(response)
        transaction.set_rollback(True)
    return response.status_code


def named_addresses(module):
    """(name, pattern) of every address of a urlconf."""
    return [(p.name, p) for p in get_resolver(module).url_patterns if isinstance(p, URLPattern)]


def url_of(ours, name, pattern, prefix):
    """The address with a row of `ours` in it."""
    values = {}
    for argument in pattern.pattern.regex.groupindex:
        wanted = {
            "slug": ours.project.slug, "number": 1, "kind": "characters", "suffix": "csv", "what": "camera",
        }.get(argument)  # fmt: skip
        values[argument] = wanted if wanted is not None else ours.of(model_for(name, argument, str(pattern.pattern))).pk
    return reverse(prefix + name, kwargs=values)


def model_for(name, argument, route):
    hint = argument.removesuffix("_id")
    if hint in BY_MODEL:
        return BY_MODEL[hint]
    if name == "merge-records":
        return Character
    if name == "lost-call" or "steps/" in route:
        return Step
    first = route.lstrip("^").split("/")[2 if "slug" in route else 0]
    return next(model for word, model in BY_MODEL.items() if first.startswith(word))


def test_every_address_of_the_site_stands_in_a_table():
    walked_elsewhere = {"studio.review.urls", "studio.api.urls", "studio.editorial.urls"}
    walked_elsewhere |= {f"studio.dailies.{module}" for module in ("urls", "guest_urls", "personal_urls")}
    for entry in get_resolver().url_patterns:
        if isinstance(entry, URLPattern):
            assert entry.name in AROUND
        elif entry.urlconf_name.__name__ not in walked_elsewhere:
            assert {pattern.name for pattern in entry.url_patterns} <= AROUND, entry.urlconf_name.__name__


def walk(everybody, method, url, right, **more):
    """Everybody asks; nothing but what the table says may come of it. Returns sentences about what differs."""
    wrong = []
    for role, client in everybody.roles.items():
        status = asked(client, method, url, **more)
        if role in HOLD[right]:
            if status in (401, 403) or status >= 500 or (status == 404 and method == "get"):
                wrong.append(f"{role}: {status} instead of being let in")
        elif status != 403:
            wrong.append(f"{role}: {status} instead of 403")
    if (status := asked(everybody.stranger, method, url, **more)) != 404:
        wrong.append(f"stranger: {status} instead of 404")
    return [f"{method} {url} ({right}) {what}" for what in wrong]


def test_every_page_of_a_production(ours, everybody):
    wrong = []
    for name, pattern in named_addresses("studio.review.urls"):
        if name in OWN_PAGES:
            continue
        assert name in PAGES, f"The page {name} stands in no table: say who may see it."
        method, right = PAGES[name]
        url = url_of(ours, name, pattern, "")
        wrong += walk(everybody, method, url, right)
        answer = getattr(everybody.nobody, method)(url)
        if answer.status_code != 302 or "/login/" not in answer["Location"]:
            wrong.append(f"{url} anonymous: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_pages_of_the_site_show_strangers_nothing_of_a_production(ours, everybody):
    own = [reverse(name) for name in ("home", "new-production", "check-file", "search", "profile")]
    own += [f"/my-reviews/{pattern.pattern}" for _, pattern in named_addresses("studio.dailies.personal_urls")]
    for url in own:
        answer = everybody.stranger.get(url)
        assert answer.status_code in (200, 405), url
        assert ours.mark not in answer.content.decode()
        assert everybody.nobody.get(url).status_code == 302
    media = reverse("media-file", args=[ours.of(MediaAsset).pk])
    assert everybody.stranger.get(media).status_code == 404
    assert everybody.nobody.get(media).status_code in (302, 404)


def test_every_page_of_dailies_and_guests_lets_no_stranger_in(ours, everybody):
    for module, prefix in (("studio.dailies.urls", f"/projects/{ours.project.slug}/dailies/"),
                           ("studio.dailies.guest_urls", "/guest/")):  # fmt: skip
        for _, pattern in named_addresses(module):
            url = prefix + re.sub(r"<[^>]*int:[^>]*>", "1", str(pattern.pattern)).replace("<str:form>", "csv")
            url = url.replace("<str:token>", "no-such-token")
            for method in ("get", "post"):
                status = asked(everybody.stranger, method, url)
                assert status in (302, 403, 404, 405), f"{method} {url} stranger: {status}"
                assert asked(everybody.nobody, method, url) in (302, 401, 403, 404, 405), f"{method} {url} anonymous"


def test_every_action_of_the_api(ours, everybody):
    wrong = []
    for full_name, pattern in named_addresses("studio.api.urls"):
        name = (full_name or "").removeprefix("api-")
        if name in OWN_ACTIONS or re.fullmatch(r".*-(list|detail)", name):
            continue
        assert name in ACTIONS, f"The action {name} stands in no table: say who may do it."
        method, right = ACTIONS[name]
        url = url_of(ours, name, pattern, "api-")
        if name == "media-file":
            assert asked(everybody.stranger, method, url) == 404  # the file itself is not in the store of this test
            continue
        more = {} if method == "get" or is_upload(name) else {"data": body_of(ours, name), "content_type": JSON}
        wrong += walk(everybody, method, url, right, **more)
        if (status := asked(everybody.nobody, method, url, **more)) != 401:
            wrong.append(f"{url} anonymous: {status}")
    assert not wrong, "\n".join(wrong)


JSON = "application/json"


def is_upload(name):
    return name in {"screenplay", "preview-script", "import-table", "upload-media", "gather-file"}


def body_of(ours, name):
    """A body with which the action is really carried out, where the right is held."""
    scene = ours.of(Scene)
    return {
        "insert-scene": {"text": "EXT. QUAY - DAY"}, "insert-shot": {"business": "Waits."},
        "rename-character": {"name": "Nobody"}, "preview-rename": {"name": "Nobody"},
        "review-take": {"state": "approved"}, "decide-take": {"decision": "approve"},
        "decide-takes": {"items": [{"take": ours.of(Take).pk, "decision": "approve"}]},
        "write-note": {"text": "Hold it."}, "make-playlist": {"name": "Tuesday", "takes": [ours.of(Take).pk]},
        "change-playlist": {"name": "Wednesday"}, "dismiss-continuity": {"reason": "It is meant."},
        "add-to-playlist": {"takes": [ours.of(Take).pk]},
        "accept-picture": {"picture": 1, "reason": "It is meant."},
        "give-back": {"names": ["lens_mm"]},
        "split-scene": {"at": len(read_scene(scene.screenplay_text).elements)},
        "last-frame": {"asset": ours.of(MediaAsset).pk},
        "override-template": {"project": ours.project.slug}, "restore-template": {"version": 1},
    }.get(name, {})  # fmt: skip


def test_every_record_of_the_api(ours, everybody):
    wrong = []
    for name, (model, _) in {**RECORDS, "runs": (Run, ())}.items():
        if name == "profiles":
            continue  # of the whole site
        url = f"/api/v1/{name}/{ours.of(model).pk}/"
        wrong += walk(everybody, "get", url, SEEN.get(name, "view"))
        listed = everybody.stranger.get(f"/api/v1/{name}/")
        assert ours.mark not in listed.content.decode(), f"{name}: a list shows a stranger what is not theirs"
        assert everybody.nobody.get(url).status_code == 401
        change = {"data": {}, "content_type": JSON, "headers": {"If-Match": "*"}}
        if name in WRITTEN:
            wrong += walk(everybody, "patch", url, WRITTEN[name], **change)
            continue
        for who, client in {**everybody.roles, "stranger": everybody.stranger}.items():
            if (status := asked(client, "patch", url, **change)) not in (403, 404, 405):
                wrong.append(f"patch {url} {who}: {status}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
def test_every_view_of_the_admin(ours, everybody):
    """Who neither writes nor manages anywhere does not enter; a stranger finds no row; nobody is signed in."""
    wrong = []
    enters = HOLD["write"] | HOLD["manage"]
    profile = ModelProfile.objects.create(name="Draft stills", capability="image", provider="animatic")
    for page in pages_of_viewsets(lambda model: profile if model is ModelProfile else ours.of(model)):
        looks = ROLES if page.name == "list" else [role for role in ROLES if role not in enters]
        for role in (*looks, "stranger"):
            client = everybody.stranger if role == "stranger" else everybody.roles[role]
            status = asked(client, "get", page.url)
            if role == "stranger" and page.of_a_row and page.model is not ModelProfile and status != 404:
                wrong.append(f"{page.url} stranger: {status}")
            if role in ROLES and status != (200 if role in enters else 403):
                wrong.append(f"{page.url} {role}: {status}")
            if status >= 500:
                wrong.append(f"{page.url} {role}: {status}")
        if asked(everybody.nobody, "get", page.url) != 302:
            wrong.append(f"{page.url} anonymous")
    assert not wrong, "\n".join(wrong)


def test_the_websocket(ours, everybody):
    def seat_of(who, slug):
        _, secret = issue_token(who, "walk", ["view", "spend", "manage"])
        consumer = ProjectConsumer(hub=None)
        consumer.scope = {
            "headers": [(b"authorization", f"Bearer {secret}".encode())], "url_route": {"kwargs": {"slug": slug}}
        }  # fmt: skip
        return consumer._look_up()

    for role, client in everybody.roles.items():
        seat = seat_of(client.person, ours.project.slug)
        assert seat is not None, role
        assert seat.may_hear("budget.moved") == (role in HOLD["spend"]), role
        assert seat.may_hear("webhook.changed") == (role in HOLD["manage"]), role
        assert seat.may_hear("shot.status"), role
    assert seat_of(everybody.stranger.person, ours.project.slug) is None
    assert seat_of(everybody.stranger.person, "no-such-production") is None
