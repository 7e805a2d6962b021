"""What the review room needs from a site."""

from __future__ import annotations

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _no_tries_of_other_tests():
    """Tries at guest links are counted in the cache."""
    cache.clear()
