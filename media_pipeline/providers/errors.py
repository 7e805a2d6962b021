"""How a provider call can go wrong, sorted by what the engine may do about it."""

from __future__ import annotations


class ProviderError(Exception):
    """Base; the message is the provider's own words where there are any."""


class Refused(ProviderError):
    """Permanent: policy, bad input, a limit. Trying the same again cannot help."""


class Transient(ProviderError):
    """Known not to have been accepted, or a passing fault: may be tried again with back-off."""


class Ambiguous(ProviderError):
    """The provider may have accepted the job: never submitted again blindly."""


class Expired(ProviderError):
    """The job or its result is gone at the provider."""
