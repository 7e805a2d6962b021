"""Documents that leave the site: signed with what their pictures are made from, under a name of their own."""

from __future__ import annotations

from django.http import HttpResponse

from media_pipeline.assets import MediaAsset
from media_pipeline.media.errors import MediaError
from media_pipeline.provenance import signed_document


def pdf_that_leaves(data: bytes, name: str, pictures: list[tuple[str, MediaAsset]]) -> HttpResponse:
    """A PDF to download; `pictures` are those in it, each with what it is called. 503 where it cannot be signed."""
    try:
        signed = signed_document(data, name, pictures)
    except MediaError as error:
        return HttpResponse(f"{name} cannot leave: {error}", status=503, content_type="text/plain; charset=utf-8")
    answer = HttpResponse(signed, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
