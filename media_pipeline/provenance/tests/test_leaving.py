"""What leaves says where it came from: the source type in XMP, a manifest that holds, and nothing that is not known."""

from __future__ import annotations

import json
from fractions import Fraction

import av
import numpy as np
import pytest
from cryptography import x509
from django.core.management import CommandError, call_command
from PIL import Image

from media_pipeline import storage
from media_pipeline.assets import MediaAsset
from media_pipeline.media import child, credentials, examiner, xmp
from media_pipeline.media.errors import MediaError
from media_pipeline.media.sound_file import own_sound
from media_pipeline.media.tests.shots import write_wav
from media_pipeline.media.xmp import packet
from media_pipeline.provenance import leaving_copy, name_of
from media_pipeline.provenance.checking import Standing, said_by
from media_pipeline.provenance.credentials import credentials as own_credentials
from media_pipeline.provenance.lineage import film_provenance, lineage_of
from media_pipeline.provenance.sources import ALGORITHMIC, COMPOSITE, COMPOSITE_SYNTHETIC, TRAINED, source_of
from media_pipeline.qc.tests.clips import field, tone, write
from projects.actions import change_project, write_chapter
from scenes.actions import add_scene, add_shot, record_take
from scenes.naming import parse_asset_name

from . import independent

MODEL = {"provider": "fal", "model": "fal-ai/made-up", "digital_source_type": TRAINED}


@pytest.fixture(autouse=True)
def _of_this_test(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path / "data"

    def ask(question, path, *, cancelled=None, **details):
        return child.unwrapped(json.loads(json.dumps(examiner.answer(question, path.absolute(), details))))

    monkeypatch.setattr(credentials, "ask", ask)


@pytest.fixture
def stored(project, tmp_path):
    """Store a picture or a clip with what is known of its making."""

    def keep(kind, provenance=MODEL, **fields):
        path = tmp_path / f"made.{kind}"
        if kind == "mp4":
            write(path, field(frames=24), sound=tone(1, 0.3))
        else:
            Image.linear_gradient("L").convert("RGB").save(path)
        return storage.add_asset(
            project.pk, path, source=MediaAsset.Source.PROVIDER, provenance=provenance, **fields
        )  # fmt: skip

    return keep


def path_of(asset):
    return storage.local_path(asset.project_id, asset.sha256)


@pytest.mark.parametrize("kind", ["png", "jpg", "mp4", "webp"])
def test_what_leaves_says_how_it_was_made_and_that_it_is_whole(stored, kind):
    asset = stored(kind)
    copy = leaving_copy(asset, f"SALT_CH001_S01_SH01_T01.{kind}")
    assert copy != asset
    assert copy.derived_from == asset
    said = credentials.read(path_of(copy))
    assert said["state"] == "Valid"
    assert said["problems"] == ["signingCredential.untrusted"], "signed by an authority of its own"
    assert said["manifest"]["title"] == f"SALT_CH001_S01_SH01_T01.{kind}"
    (created,) = said["manifest"]["assertions"][0 if kind != "mp4" else 1]["data"]["actions"]
    assert created["digitalSourceType"] == TRAINED
    assert created["softwareAgent"]["name"] == "fal fal-ai/made-up"
    if kind != "webp":
        assert f'DigitalSourceType="{TRAINED}"' in said["xmp"]


def test_no_picture_is_coded_again(stored):
    asset = stored("mp4")
    copy = leaving_copy(asset)
    for one, other in zip(_packets(path_of(asset)), _packets(path_of(copy)), strict=True):
        assert one == other
    picture = stored("jpg", MODEL | {"model": "another"})
    pixels = [Image.open(path_of(each)).convert("RGB").tobytes() for each in (picture, leaving_copy(picture))]
    assert pixels[0] == pixels[1]


def _packets(path):
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux() if packet.size]


def test_a_changed_copy_is_known_as_changed(stored, tmp_path):
    copy = leaving_copy(stored("png"))
    changed = tmp_path / "changed.png"
    data = bytearray(path_of(copy).read_bytes())
    data[-30] ^= 1
    changed.write_bytes(data)
    assert credentials.read(changed)["state"] == "Invalid"


def test_a_copy_is_made_once_and_again_under_another_name(stored):
    asset = stored("png")
    assert leaving_copy(asset, "a.png") == leaving_copy(asset, "a.png")
    assert leaving_copy(asset, "b.png") != leaving_copy(asset, "a.png")
    copy = leaving_copy(asset, "a.png")
    assert leaving_copy(copy, "a.png") == copy


def test_nothing_is_said_of_what_nothing_is_known_of(stored):
    upload = stored("png", {})
    assert leaving_copy(upload) == upload


def test_credentials_a_file_came_with_stay(stored, project, tmp_path):
    first = leaving_copy(stored("png"), "from the provider.png")
    came = tmp_path / "came.png"
    came.write_bytes(path_of(first).read_bytes())
    MediaAsset.objects.all().delete()
    again = storage.add_asset(project.pk, came, source=MediaAsset.Source.PROVIDER, provenance=MODEL)
    said = credentials.read(path_of(leaving_copy(again, "take.png")))
    assert said["state"] == "Valid"
    (parent,) = said["manifest"]["ingredients"]
    assert parent["relationship"] == "parentOf"
    assert not any(
        action["action"] == "c2pa.created"
        for assertion in said["manifest"]["assertions"]
        for action in assertion["data"].get("actions", [])
    )


def test_a_derived_file_is_what_it_was_derived_from(stored, project, tmp_path):
    original = stored("mp4")
    poster = tmp_path / "poster.png"
    Image.new("RGB", (64, 36)).save(poster)
    derived = storage.add_asset(project.pk, poster, source=MediaAsset.Source.DERIVED, derived_from=original)
    told = lineage_of(derived)
    assert (told["source_type"], told["derived_from"]) == (TRAINED, [original.sha256])


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ([TRAINED, TRAINED], TRAINED), (["algorithmicMedia"], ALGORITHMIC),
        ([ALGORITHMIC, TRAINED], COMPOSITE_SYNTHETIC),
        ([ALGORITHMIC, ""], COMPOSITE), ([TRAINED, ""], COMPOSITE_SYNTHETIC), ([""], ""), ([], ""),
    ],
)  # fmt: skip
def test_a_whole_is_what_its_parts_are(parts, whole):
    assert source_of(parts) == whole


def test_a_film_of_no_takes_claims_nothing():
    assert film_provenance([]) == {"generator": "Rushes", "digital_source_type": "", "parts": []}


def test_a_still_that_stands_in_is_a_part_of_the_film(stored):
    told = film_provenance([], {"4/2": stored("png")})
    assert (told["digital_source_type"], told["parts"][0]["take"]) == (TRAINED, "4/2 (a still)")


def test_odd_settings_are_named(stored, settings, tmp_path):
    settings.PROVENANCE_CERTIFICATE = str(tmp_path / "gone.pem")
    with pytest.raises(MediaError, match="belong together"):
        leaving_copy(stored("png"))
    settings.PROVENANCE_KEY = str(tmp_path / "gone.pem")
    with pytest.raises(MediaError, match=r"PROVENANCE_CERTIFICATE names a file that is not there: gone\.pem"):
        leaving_copy(stored("png"))


def test_the_own_key_is_made_once_and_read_by_its_owner_alone():
    first, second = own_credentials(), own_credentials()
    assert first.fingerprint == second.fingerprint
    assert first.key.stat().st_mode & 0o077 == 0


def test_words_in_xmp_are_words():
    said = packet(source_type=TRAINED, tool="Rushes", title='<b>"A & B"</b>').decode()
    assert "&lt;b&gt;&quot;A &amp; B&quot;&lt;/b&gt;" in said
    assert Fraction(said.count("<rdf:li"), said.count("</rdf:li>")) == 1


@pytest.mark.parametrize("kind", ["png", "mp4"])
def test_a_reader_that_shares_nothing_with_the_writer_finds_the_same(stored, kind, tmp_path):
    path = path_of(leaving_copy(stored(kind), f"SALT_CH001_S01_SH01_T01.{kind}"))
    manifest = independent.active_manifest(path)
    signer = independent.signer_of(manifest)
    own = x509.load_pem_x509_certificate(own_credentials().certificate.read_bytes())
    assert signer == own
    assert independent.assertions_hold(manifest)
    assert independent.file_is_whole(path, manifest)
    assert independent.source_type_of(manifest) == TRAINED
    changed = tmp_path / f"changed.{kind}"
    data = bytearray(path.read_bytes())
    data[-30 if kind == "png" else data.index(b"mdat") + 100] ^= 1
    changed.write_bytes(data)
    assert not independent.file_is_whole(changed, independent.active_manifest(changed))


def test_the_source_type_is_where_a_reader_of_iptc_looks(stored):
    with Image.open(path_of(leaving_copy(stored("jpg")))) as picture:
        found = picture.getxmp()["xmpmeta"]["RDF"]["Description"]
    assert found["DigitalSourceType"] == TRAINED


@pytest.mark.parametrize("kind", ["wav", "flac"])
def test_sound_that_a_model_made_is_signed_too(project, tmp_path, kind):
    path = write_wav(tmp_path / "line.wav", tone(0.5, 0.3))
    if kind == "flac":
        own_sound(path, tmp_path / "line.flac")
    asset = storage.add_asset(project.pk, tmp_path / f"line.{kind}", source="provider", provenance=MODEL)
    copy = leaving_copy(asset)
    assert copy != asset
    assert credentials.read(path_of(copy))["state"] == "Valid"
    assert said_by(path_of(copy)).made == "made by a trained model"


def test_a_file_that_comes_back_is_told_whole_changed_unsigned_or_silent(stored, tmp_path):
    copy = leaving_copy(stored("png"), "SALT_CH001_S01_SH01_T01.png")
    said = said_by(path_of(copy))
    assert (said.standing, said.title, said.maker) == (
        Standing.WHOLE, "SALT_CH001_S01_SH01_T01.png", "fal fal-ai/made-up",
    )  # fmt: skip
    assert "on no public list" in said.sentence
    changed = tmp_path / "changed.png"
    data = bytearray(path_of(copy).read_bytes())
    data[-30] ^= 1
    changed.write_bytes(data)
    found = said_by(changed)
    assert found.standing == Standing.CHANGED
    assert found.problems == ("assertion.dataHash.mismatch",)
    bare = tmp_path / "bare.png"
    Image.linear_gradient("L").save(bare)
    assert said_by(bare).standing == Standing.SILENT
    described = tmp_path / "described.png"
    xmp.embed(bare, described, packet(source_type=ALGORITHMIC, tool="somebody"))
    assert (said_by(described).standing, said_by(described).made) == (
        Standing.UNSIGNED, "drawn by rules, not by a trained model",
    )  # fmt: skip


def test_the_command_fails_for_a_changed_file_and_says_which(stored, tmp_path, capsys):
    copy = path_of(leaving_copy(stored("png")))
    call_command("check_file", str(copy))
    assert "It is as it was when it was signed." in capsys.readouterr().out
    changed = tmp_path / "changed.png"
    data = bytearray(copy.read_bytes())
    data[-30] ^= 1
    changed.write_bytes(data)
    with pytest.raises(CommandError, match=r"Changed after it was signed: changed\.png"):
        call_command("check_file", str(copy), str(changed))


@pytest.mark.parametrize("kind", ["png", "jpg", "mp4"])
def test_what_leaves_is_marked_where_the_production_wants_it(stored, project, kind):
    asset = stored(kind)
    change_project(project, coherence={"visible_mark": True})
    asset.refresh_from_db()
    copy = leaving_copy(asset)
    assert copy == leaving_copy(asset), "made once"
    before, after = (_frame(path_of(each), kind) for each in (asset, copy))
    assert after.shape == before.shape
    moved = np.abs(after.astype(int) - before).max(axis=2)
    assert moved[-before.shape[0] // 8 :, before.shape[1] // 2 :].max() > 60, "words in the lower right"
    assert np.median(moved[: before.shape[0] // 2]) <= 3, "and nothing elsewhere"
    assert lineage_of(copy)["source_type"] == TRAINED
    assert said_by(path_of(copy)).standing == Standing.WHOLE


def _frame(path, kind):
    if kind != "mp4":
        with Image.open(path) as picture:
            return np.array(picture.convert("RGB"))
    with av.open(str(path)) as container:
        return next(container.decode(video=0)).to_ndarray(format="rgb24")


def test_a_film_without_the_mark_does_not_leave_a_production_that_wants_it(stored, project):
    film = stored("mp4", MODEL | {"assembly": {"marked": False}}, role="film")
    change_project(project, coherence={"visible_mark": True})
    film.refresh_from_db()
    with pytest.raises(MediaError, match="put together without one: put it together again"):
        leaving_copy(film)
    film.provenance["assembly"]["marked"] = True
    film.save()
    assert leaving_copy(film).derived_from == film


def test_an_upload_and_a_drawn_frame_are_not_marked_as_made_by_a_model(stored, project):
    upload, drawn = stored("png", {}), stored("jpg", {"digital_source_type": "algorithmicMedia"})
    change_project(project, coherence={"visible_mark": True})
    upload.refresh_from_db()
    drawn.refresh_from_db()
    assert leaving_copy(upload) == upload
    assert leaving_copy(drawn).derived_from == drawn


def test_a_file_leaves_under_the_name_of_its_take(project, stored):
    asset, still = stored("mp4"), stored("png")
    shot = add_shot(
        add_scene(write_chapter(project, 1).pk, project.pk, number="1", sequence=1, heading="EXT. QUAY - DAY"),
        project.pk, number=1, sequence=1, business="Rain.", expected_seconds=3,
    )  # fmt: skip
    parts = dict.fromkeys(("picture", "proxy", "thumbnail", "filmstrip", "last_frame"), asset)
    record_take(
        shot.pk, project.pk, media=asset, keyframe=still, **parts, prompt="", provider="fal", request_digest="x",
        seed=1, frames=24, frame_rate="24", width=64, height=36, asset_name="SALT_CH001_S01_SH01_T01",
    )  # fmt: skip
    assert name_of(asset) == "SALT_CH001_S01_SH01_T01.mp4"
    assert name_of(still) == "SALT_CH001_S01_SH01_T01_keyframe.png"
    assert str(parse_asset_name(name_of(still))) == name_of(still)
    other = stored("jpg", role="cover")
    assert name_of(other) == f"SALT_cover_{other.sha256[:10]}.jpg"
