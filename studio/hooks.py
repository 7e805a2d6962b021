"""Where providers report that an answer is there."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from media_pipeline.providers.errors import ProviderError, Refused
from media_pipeline.providers.registry import provider_named
from media_pipeline.runs.calls import take_notice

log = logging.getLogger(__name__)

LARGEST_BODY = 2_500_000
"""Bytes; a larger report is refused, its answer is found by asking."""


@csrf_exempt
@require_POST
def provider_report(request: HttpRequest, provider: str, token: str) -> HttpResponse:
    """Check who says it, remember that it was said, answer at once; the poller brings the answer.

    A report that is forged, stale, altered or repeated changes nothing and is logged.
    """
    if int(request.headers.get("Content-Length") or 0) > LARGEST_BODY:
        return HttpResponse(status=413)
    try:
        notice = provider_named(provider).parse_webhook(request.headers, request.body)  # type: ignore[attr-defined]
    except (KeyError, AttributeError):
        return HttpResponse(status=404)
    except Refused as refused:
        log.warning("A report for %s was refused: %s", provider, refused)
        return HttpResponse(status=401)
    except ProviderError as error:  # the keys could not be fetched: the provider may try again
        log.warning("A report for %s could not be checked: %s", provider, error)
        return HttpResponse(status=503)
    if not take_notice(provider, token, notice):
        log.info("A report about %s of %s changed nothing", notice.request_id, provider)
    return HttpResponse(status=200)
