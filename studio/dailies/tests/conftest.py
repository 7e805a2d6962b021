"""What the review room needs from a site."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse

from studio.dailies.tests.filming import real_take
from studio.dailies.tests.screening import FRAMES, arrived
from studio.tests.filming import scene


@pytest.fixture(autouse=True)
def _no_tries_of_other_tests():
    """Tries at guest links are counted in the cache."""
    cache.clear()


@pytest.fixture
def shots(project):
    """Three shots; the second has two takes. The numbers in the pixels begin at 0, 100, 200 and 300."""
    made = scene(project, shots=3).made_shots
    real_take(project, made[0], frames=FRAMES, start=0)
    real_take(project, made[1], frames=FRAMES, start=100)
    real_take(project, made[1], frames=FRAMES, start=200)
    real_take(project, made[2], frames=FRAMES, start=300)
    return made


@pytest.fixture
def room(project, shots, open_page):
    """The room at the middle shot, which shows its second take since nobody chose."""
    page = open_page(reverse("dailies:shot", args=[project.slug, shots[1].pk]))
    arrived(page, 0)
    return page
