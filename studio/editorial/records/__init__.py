"""The records of a production as they stand in the admin, grouped as people look for them."""

from __future__ import annotations

from wagtail.snippets.views.snippets import SnippetViewSetGroup

from . import machines, people, productions, prompts, scenes


class Production(SnippetViewSetGroup):
    """The production as a whole."""

    menu_label = "Production"
    menu_icon = "folder-open-inverse"
    menu_name = "production"
    menu_order = 100
    items = (
        *(productions.Projects, productions.Chapters, productions.Memberships, productions.GatherItems),
        *(productions.Bibles, machines.Readiness, machines.Documents, productions.Budgets, machines.Ledger),
        *(machines.Alerts, machines.Corrections, machines.Webhooks, machines.Deliveries),
    )


class Story(SnippetViewSetGroup):
    """Who, where and what."""

    menu_label = "Cast, places"
    menu_icon = "group"
    menu_name = "story"
    menu_order = 110
    items = (
        *(people.Characters, people.Looks, people.References, people.Identities, machines.IdentityTests),
        *(scenes.Locations, scenes.Props, scenes.Styles, scenes.ConsistencyGroups),
    )


class Scenes(SnippetViewSetGroup):
    """Scenes, shots and what was made of them."""

    menu_label = "Scenes"
    menu_icon = "form"
    menu_name = "scenes"
    menu_order = 120
    items = (
        *(scenes.Scenes, scenes.Shots, machines.Takes, machines.Groups),
        *(machines.Iterations, machines.Verifications, machines.Continuity),
    )


class Dailies(SnippetViewSetGroup):
    """What was said of takes."""

    menu_label = "Dailies"
    menu_icon = "view"
    menu_name = "dailies"
    menu_order = 125
    items = (machines.Reviews, machines.Notes, machines.Playlists, machines.Sessions)


class Generation(SnippetViewSetGroup):
    """Models, runs and files."""

    menu_label = "Generation"
    menu_icon = "cogs"
    menu_name = "generation"
    menu_order = 130
    items = (prompts.Templates, prompts.Profiles, machines.Runs, machines.Media)


GROUPS = (Production, Story, Scenes, Dailies, Generation)
