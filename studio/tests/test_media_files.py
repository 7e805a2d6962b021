from __future__ import annotations

import hashlib
from email.utils import formatdate
from pathlib import Path

import pytest
from django.core.files.storage import InMemoryStorage
from django.test import RequestFactory

from media_pipeline.assets import MediaAsset
from studio.file_sender import CHUNK
from studio.review.media import PartOfFile, media_file

BYTES = bytes(range(256)) * 4  # 1024 bytes in which every offset can be told apart within 256


@pytest.fixture
def keep(project, settings):
    """Puts bytes into the store and records them, with no probing."""

    def put(content=BYTES, content_type="video/mp4", suffix=".mp4"):
        sha256 = hashlib.sha256(content).hexdigest()
        name = f"{sha256[:2]}/{sha256}{suffix}"
        path = Path(settings.MEDIA_ROOT) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return MediaAsset.objects.create(
            project=project, file=name, kind="video", sha256=sha256, size=len(content), content_type=content_type,
            source="uploaded",
        )  # fmt: skip

    return put


@pytest.fixture
def ask(member):
    """Asks for an asset as a member of its production."""

    def request(asset, method="GET", person=member, query=None, **headers):
        made = RequestFactory().generic(
            method, f"/media/{asset.pk}/", headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        made.GET = made.GET.copy()
        made.GET.update(query or {})
        made.user = person
        return media_file(made, asset.pk)

    return request


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


# The table of RFC 9110, section 14: header, status, Content-Range, first and last byte that must be sent.
RANGES = [
    ("", 200, None, 0, 1023),
    ("bytes=0-1", 206, "bytes 0-1/1024", 0, 1),  # what Safari asks first
    ("bytes=0-", 206, "bytes 0-1023/1024", 0, 1023),  # what Chromium asks first
    ("bytes=1000-", 206, "bytes 1000-1023/1024", 1000, 1023),
    ("bytes=1000-9999", 206, "bytes 1000-1023/1024", 1000, 1023),
    ("bytes=1023-1023", 206, "bytes 1023-1023/1024", 1023, 1023),
    ("bytes=-1", 206, "bytes 1023-1023/1024", 1023, 1023),
    ("bytes=-5000", 206, "bytes 0-1023/1024", 0, 1023),
    ("bytes=0-1,5-9", 200, None, 0, 1023),
    ("bytes=9-5", 200, None, 0, 1023),
    ("bytes=-", 200, None, 0, 1023),
    ("bytes=x-y", 200, None, 0, 1023),
    ("lines=1-2", 200, None, 0, 1023),
]


@pytest.mark.parametrize(("asked", "status", "content_range", "first", "last"), RANGES)
def test_a_player_gets_exactly_the_bytes_it_asks_for(keep, ask, asked, status, content_range, first, last):
    response = ask(keep(), Range=asked)
    assert response.status_code == status
    assert response.get("Content-Range") == content_range
    assert response["Content-Length"] == str(last - first + 1)
    assert body(response) == BYTES[first : last + 1]
    assert response["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=5000-6000", "bytes=-0"])
def test_a_range_beyond_the_end_is_refused_with_the_size(keep, ask, asked):
    response = ask(keep(), Range=asked)
    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */1024"


def test_a_part_is_sent_only_while_the_rest_the_client_has_is_of_the_same_file(keep, ask):
    asset = keep()
    part = {"Range": "bytes=0-9"}
    stamp = formatdate(int(asset.created_at.timestamp()), usegmt=True)
    earlier = formatdate(int(asset.created_at.timestamp()) - 1, usegmt=True)
    assert ask(asset, If_Range=f'"{asset.sha256}"', **part).status_code == 206
    assert ask(asset, If_Range=stamp, **part).status_code == 206
    for stale in ('"another"', f'W/"{asset.sha256}"', earlier, "nonsense"):
        response = ask(asset, If_Range=stale, **part)
        assert (response.status_code, body(response)) == (200, BYTES)


def test_what_the_browser_has_is_not_sent_again(keep, ask):
    asset = keep()
    first = ask(asset)
    body(first)
    assert first["Cache-Control"] == "private, max-age=31536000, immutable"
    by_tag = ask(asset, If_None_Match=first["ETag"])
    by_date = ask(asset, If_Modified_Since=first["Last-Modified"])
    assert (by_tag.status_code, by_tag.content, by_tag["ETag"]) == (304, b"", f'"{asset.sha256}"')
    assert by_date.status_code == 304
    assert ask(asset, If_None_Match='"another"').status_code == 200


def test_head_tells_the_size_without_opening_the_file(keep, ask):
    asset = keep()
    response = ask(asset, method="HEAD", Range="bytes=0-1")
    assert (response.status_code, response["Content-Length"], response.streaming) == (200, "1024", False)
    assert ask(asset, method="POST").status_code == 405


def test_a_file_does_not_exist_for_strangers_and_visitors(client, keep, stranger, member):
    asset = keep()
    address = f"/media/{asset.pk}/"
    assert client.get(address).status_code == 404
    client.force_login(stranger)
    assert client.get(address).status_code == 404
    assert client.get("/media/999999/").status_code == 404
    client.force_login(member)
    assert client.get(address).status_code == 200


def test_a_file_whose_bytes_are_gone_is_not_found(client, keep, member, settings):
    asset = keep()
    (Path(settings.MEDIA_ROOT) / asset.file.name).unlink()
    client.force_login(member)
    assert client.get(f"/media/{asset.pk}/").status_code == 404


@pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml", "application/pdf", "application/octet-stream"])
def test_what_could_run_in_the_page_is_only_offered_for_download(keep, ask, content_type):
    response = ask(keep(b"<script>alert(1)</script>", content_type, ".bin"))
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("content_type", ["image/png", "video/mp4", "audio/flac"])
def test_pictures_sound_and_video_are_shown_in_the_page(keep, ask, content_type):
    response = ask(keep(content_type=content_type))
    assert "Content-Disposition" not in response
    assert response["Content-Type"] == content_type
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_download_carries_the_name_that_was_asked_for(keep, ask):
    asset = keep()
    named = ask(asset, query={"download": "SALT_CH001_S01_SH02_T03.mp4"})
    assert named["Content-Disposition"] == 'attachment; filename="SALT_CH001_S01_SH02_T03.mp4"'
    tricky = ask(asset, query={"download": '../../a"b\r\nX: y.mp4'})["Content-Disposition"]
    assert "\n" not in tricky
    assert ".." not in tricky


def test_behind_nginx_the_proxy_sends_the_file(keep, ask, settings, stranger):
    settings.MEDIA_ACCELERATION = "nginx"
    asset = keep()
    response = ask(asset, Range="bytes=0-1")
    assert (response.status_code, response.content) == (200, b"")
    assert response["X-Accel-Redirect"] == f"/protected/{asset.file.name}"
    assert response["Content-Type"] == "video/mp4"


def test_a_file_in_an_object_store_is_reached_by_its_signed_address(keep, ask, monkeypatch):
    store = InMemoryStorage(base_url="https://store.example/")
    monkeypatch.setattr("studio.review.media.default_storage", store)
    asset = keep()
    response = ask(asset, Range="bytes=0-1")
    assert response.status_code == 302
    assert response["Location"] == f"https://store.example/{asset.file.name}"
    assert response["Cache-Control"] == "private, max-age=3000"


def test_a_large_file_is_read_in_pieces_and_closed(tmp_path):
    path = tmp_path / "take.mp4"
    path.write_bytes(b"\1" * (3 * CHUNK))
    part = PartOfFile(str(path), 10, 2 * CHUNK + 5)
    assert [len(piece) for piece in part] == [CHUNK, CHUNK, 5]
    part.close()
    assert part._file.closed


def test_a_response_that_nobody_reads_closes_its_file(keep, ask):
    response = ask(keep())
    part = response._iterator
    response.close()
    assert getattr(part, "_file", part).closed


def test_a_download_says_where_it_came_from_under_the_name_of_its_take(client, member, project, tmp_path, settings):
    from PIL import Image

    from media_pipeline import storage
    from media_pipeline.media import credentials

    settings.DATA_DIR = tmp_path / "data"
    path = tmp_path / "still.png"
    Image.new("RGB", (64, 36), "#336699").save(path)
    made = {"digital_source_type": "algorithmicMedia", "provider": "animatic"}
    asset = storage.add_asset(project.pk, path, source="provider", provenance=made)
    client.force_login(member)
    answer = client.get(f"/media/{asset.pk}/?download=SALT_CH001_S01_SH01_T01_keyframe")
    assert 'filename="SALT_CH001_S01_SH01_T01_keyframe.png"' in answer["Content-Disposition"]
    copy = tmp_path / "copy.png"
    copy.write_bytes(b"".join(answer.streaming_content))
    said = credentials.read(copy)
    assert (said["state"], said["manifest"]["title"]) == ("Valid", "SALT_CH001_S01_SH01_T01_keyframe.png")
    assert b"".join(client.get(f"/media/{asset.pk}/").streaming_content) == path.read_bytes(), "playing is no leaving"
    settings.PROVENANCE_KEY = "gone.pem"
    refused = client.get(f"/media/{asset.pk}/?download=x")
    assert refused.status_code == 503
    assert "PROVENANCE_CERTIFICATE and PROVENANCE_KEY belong together" in refused.content.decode()
