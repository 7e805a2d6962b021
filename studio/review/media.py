"""Media files, to those who may see their production, in the parts that players ask for.

One view for every store: from local disk with byte ranges (RFC 9110), through the proxy where it is set up, by a
redirect to a signed address where files live in an object store.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import BinaryIO

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.utils.cache import get_conditional_response
from django.utils.encoding import iri_to_uri
from django.utils.http import content_disposition_header, http_date
from django.views.decorators.http import require_safe

from media_pipeline.assets import MediaAsset
from media_pipeline.media.errors import MediaError
from media_pipeline.provenance import leaving_copy, name_of
from projects.access import project_for
from studio.file_sender import CHUNK, send_file_later

FOREVER = "private, max-age=31536000, immutable"
"""Names are digests: the bytes behind an address never change. Private, since only members may see them."""

SIGNED_FOR = "private, max-age=3000"
"""Seconds; shorter than the hour for which addresses of the object store are signed."""

_ONE_RANGE = re.compile(r"bytes=\s*(\d*)-(\d*)\s*", re.ASCII)


@require_safe
def media_file(request: HttpRequest, asset_id: int) -> HttpResponseBase:
    """The bytes of an asset; `?download=name.mp4` offers them under that name. 404 for strangers."""
    asset = MediaAsset.objects.select_related("project").filter(pk=asset_id).first()
    if asset is None:
        raise Http404("There is no such file.")
    project_for(request.user, asset.project.slug)
    return send_asset(request, asset)


def send_asset(request: HttpRequest, asset: MediaAsset, *, leaves: bool = False) -> HttpResponseBase:
    """The bytes of an asset, to somebody who was found to be allowed to see it; `leaves` where nobody plays it here."""
    wanted = _named(request.GET.get("download", "").rpartition("/")[2], asset)
    if leaves and not wanted:
        wanted = name_of(asset)
    if wanted:
        try:
            asset = leaving_copy(asset, wanted)
        except MediaError as error:
            return HttpResponse(f"The file cannot leave: {error}", status=503, content_type="text/plain")
    response = _answer(request, asset)
    response["X-Content-Type-Options"] = "nosniff"
    shown = asset.content_type.startswith(("image/", "audio/", "video/")) and asset.content_type != "image/svg+xml"
    name = wanted or os.path.basename(_name(asset))
    if wanted or not shown:
        response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    if not shown:
        response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _named(wanted: str, asset: MediaAsset) -> str:
    """The name that was asked for, with the ending of the file where it has none."""
    ending = os.path.splitext(_name(asset))[1]
    return f"{wanted}{ending}" if wanted and not os.path.splitext(wanted)[1] else wanted


def _answer(request: HttpRequest, asset: MediaAsset) -> HttpResponseBase:
    if not isinstance(default_storage, FileSystemStorage):
        elsewhere = HttpResponseRedirect(default_storage.url(_name(asset)))
        elsewhere["Cache-Control"] = SIGNED_FOR
        return elsewhere
    etag, modified = f'"{asset.sha256}"', int(asset.created_at.timestamp())
    fresh = get_conditional_response(request, etag=etag, last_modified=modified)
    if fresh is None and settings.MEDIA_ACCELERATION == "nginx":
        fresh = HttpResponse(content_type=asset.content_type)
        fresh["X-Accel-Redirect"] = iri_to_uri(f"/protected/{_name(asset)}")
        fresh["Cache-Control"] = FOREVER
        return fresh
    response = fresh or _from_disk(request, asset, etag, modified)
    response["ETag"] = etag
    response["Last-Modified"] = http_date(modified)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = FOREVER
    return response


def _from_disk(request: HttpRequest, asset: MediaAsset, etag: str, modified: int) -> HttpResponseBase:
    path = default_storage.path(_name(asset))
    try:
        size = os.stat(path).st_size
    except FileNotFoundError:
        raise Http404(f"The bytes of asset {asset.pk} are missing from the store.") from None
    try:
        part = _wanted_part(request, size) if _range_counts(request, etag, modified) else None
    except _OutsideTheFile:
        refusal = HttpResponse(status=416, content_type="text/plain", content="There is no such part of this file.")
        refusal["Content-Range"] = f"bytes */{size}"
        return refusal
    first, length = part or (0, size)
    response: HttpResponseBase
    if request.method == "HEAD" or send_file_later(request, path, first, length):
        response = HttpResponse(content_type=asset.content_type)
    else:
        response = StreamingHttpResponse(PartOfFile(path, first, length), content_type=asset.content_type)
    response["Content-Length"] = str(length)
    if part:
        response.status_code = 206
        response["Content-Range"] = f"bytes {first}-{first + length - 1}/{size}"
    return response


def _name(asset: MediaAsset) -> str:
    """The name of the bytes in the store."""
    return str(asset.file.name)


class _OutsideTheFile(Exception):
    """The range asked for has no byte in common with the file."""


def _wanted_part(request: HttpRequest, size: int) -> tuple[int, int] | None:
    """First byte and number of bytes asked for; None for the whole file.

    Several ranges at once, other units and malformed headers are answered with the whole file.
    """
    asked = _ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    first, last = asked.groups() if asked else ("", "")
    if not first and not last:
        return None
    if not first:
        length = min(int(last), size)
        if not length:
            raise _OutsideTheFile
        return size - length, length
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise _OutsideTheFile
    end = min(int(last), size - 1) if last else size - 1
    return int(first), end - int(first) + 1


def _range_counts(request: HttpRequest, etag: str, modified: int) -> bool:
    """Whether to look at Range at all: for GET only (RFC 9110, 14.2), and only while its If-Range holds.

    If-Range holds for the same strong tag or exactly the same date: then the client's other parts are of this file.
    """
    condition = request.headers.get("If-Range", "").strip()
    if request.method != "GET" or not condition or condition == etag:
        return request.method == "GET"
    try:
        return int(parsedate_to_datetime(condition).timestamp()) == modified
    except ValueError:
        return False


class PartOfFile:
    """Part of a local file in pieces, for servers that send from a thread. Closed by the response, read or not."""

    def __init__(self, path: str, start: int, length: int) -> None:
        self._file: BinaryIO = open(path, "rb")  # noqa: SIM115 (close() is called by the response)
        self._file.seek(start)
        self._left = length

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece = self._file.read(min(CHUNK, self._left)) if self._left else b""
        if not piece:
            raise StopIteration
        self._left -= len(piece)
        return piece

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
