"""What leaves says where it came from: the source type in XMP, a manifest that holds, and nothing that is not known."""

from __future__ import annotations

import json
from fractions import Fraction

import av
import pytest
from PIL import Image

from media_pipeline import storage
from media_pipeline.assets import MediaAsset
from media_pipeline.media import child, credentials, examiner
from media_pipeline.media.errors import MediaError
from media_pipeline.media.xmp import packet
from media_pipeline.provenance import leaving_copy
from media_pipeline.provenance.credentials import credentials as own_credentials
from media_pipeline.provenance.lineage import film_provenance, lineage_of
from media_pipeline.provenance.sources import ALGORITHMIC, COMPOSITE, COMPOSITE_SYNTHETIC, TRAINED, source_of
from media_pipeline.qc.tests.clips import field, tone, write

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
