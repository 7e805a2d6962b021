"""Files are stored by digest, probed before they count, and never half."""

from __future__ import annotations

import hashlib

import pytest
from PIL import Image

from media_pipeline import storage
from media_pipeline.assets import MediaAsset
from media_pipeline.media.errors import BrokenMedia
from projects.actions import create_project


@pytest.fixture
def still(tmp_path):
    path = tmp_path / "still.png"
    Image.new("RGB", (32, 18), (200, 120, 40)).save(path)
    return path


def test_a_file_is_named_by_its_digest_and_described(project, still, settings):
    asset = storage.add_asset(project.pk, still, source="uploaded", role="reference")
    digest = hashlib.sha256(still.read_bytes()).hexdigest()
    assert (asset.sha256, asset.file.name) == (digest, f"{digest[:2]}/{digest}.png")
    assert (asset.kind, asset.width, asset.height, asset.content_type) == ("image", 32, 18, "image/png")
    assert (settings.MEDIA_ROOT / asset.file.name).read_bytes() == still.read_bytes()
    assert storage.local_path(project.pk, digest).read_bytes() == still.read_bytes()


def test_the_same_bytes_are_one_asset_of_a_production_and_one_file(project, still, settings):
    other = create_project(title="Other")
    first = storage.add_asset(project.pk, still, source="uploaded")
    again = storage.add_asset(project.pk, still, source="provider")
    elsewhere = storage.add_asset(other.pk, still, source="uploaded")
    assert first.pk == again.pk != elsewhere.pk
    assert len([path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]) == 1


def test_bytes_of_another_production_cannot_be_read_by_their_digest(project, still):
    other = create_project(title="Other")
    asset = storage.add_asset(other.pk, still, source="uploaded")
    with pytest.raises(MediaAsset.DoesNotExist):
        storage.local_path(project.pk, asset.sha256)


@pytest.mark.parametrize("content", [b"", b"not a picture at all"])
def test_an_empty_or_broken_file_is_refused_with_its_reason(project, tmp_path, content, settings):
    path = tmp_path / "broken.png"
    path.write_bytes(content)
    with pytest.raises(BrokenMedia):
        storage.add_asset(project.pk, path, source="provider")
    assert not MediaAsset.objects.exists()
    assert not settings.MEDIA_ROOT.exists()


def test_a_crash_while_copying_leaves_no_file_under_the_final_name(project, still, settings, monkeypatch):
    monkeypatch.setattr(storage.os, "replace", lambda *names: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        storage.add_asset(project.pk, still, source="uploaded")
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_what_a_killed_process_left_half_copied_is_swept_later(project, still, settings):
    asset = storage.add_asset(project.pk, still, source="uploaded")
    half = settings.MEDIA_ROOT / "ab" / ".incoming-half"
    half.parent.mkdir(exist_ok=True)
    half.write_bytes(b"half")
    made = half.stat().st_mtime
    assert storage.sweep_abandoned(made + 60) == 0
    assert storage.sweep_abandoned(made + 3700) == 1
    assert not half.exists()
    assert asset.exists()


def test_trained_weights_are_kept_as_what_the_provider_says_they_are(project, tmp_path):
    header = b'{"a": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}}'
    path = tmp_path / "mara.safetensors"
    path.write_bytes(len(header).to_bytes(8, "little") + header + b"\0" * 16)
    asset = storage.add_asset(project.pk, path, source="provider", kind="weights", role="weights_high_noise")
    assert (asset.kind, asset.role, asset.width, asset.duration) == ("weights", "weights_high_noise", None, "")


def test_a_page_that_is_sent_instead_of_weights_is_refused(project, tmp_path):
    path = tmp_path / "mara.safetensors"
    path.write_bytes(b"<!doctype html><title>Not found</title>")
    with pytest.raises(BrokenMedia, match="is not safetensors"):
        storage.add_asset(project.pk, path, source="provider", kind="weights")
    assert not MediaAsset.objects.exists()
