"""How a provider call can go wrong, sorted by what the engine may do about it."""

from __future__ import annotations

from decimal import Decimal


class ProviderError(Exception):
    """Base; the message is the provider's own words where there are any.

    `units` is what the failed call is charged all the same, in the unit of its price; None where nothing is.
    """

    units: Decimal | None = None


class Refused(ProviderError):
    """Permanent: policy, bad input, a limit. Trying the same again cannot help."""


class Transient(ProviderError):
    """Known not to have been accepted, or a passing fault: may be tried again with back-off."""


class Ambiguous(ProviderError):
    """The provider may have accepted the job: never submitted again blindly."""


class Expired(ProviderError):
    """The job or its result is gone at the provider."""


class JobFailed(ProviderError):
    """The job ran and failed by a passing fault: a new one may succeed."""


class Worthless(ProviderError):
    """The job is done and may be charged, and there is nothing in what it delivered."""
