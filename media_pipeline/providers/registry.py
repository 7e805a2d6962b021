"""The providers there are: one folder and one line each."""

from __future__ import annotations

from functools import cache

from .base import Provider


def is_known(name: str) -> bool:
    """Whether there is a provider of this name: profiles are records, and anything can stand in them."""
    try:
        provider_named(name)
    except KeyError:
        return False
    return True


@cache
def provider_named(name: str) -> Provider:
    """The provider that model profiles call `name`; KeyError with the known names when there is none."""
    from .animatic.provider import AnimaticProvider
    from .fal.provider import FalProvider
    from .knowledge.provider import KnowledgeProvider
    from .llm.provider import LlmProvider

    providers: dict[str, type[Provider]] = {
        "animatic": AnimaticProvider,
        "fal": FalProvider,
        "knowledge": KnowledgeProvider,
        "llm": LlmProvider,
    }
    if name not in providers:
        raise KeyError(f"There is no provider {name!r}; there are {', '.join(sorted(providers))}.")
    return providers[name]()
