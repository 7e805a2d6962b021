"""A sandbox for every test, fal's own client pointed at it, and small media to send."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import certifi
import fal_client
import fal_client.client
import httpx
import pytest
from PIL import Image

from media_pipeline.providers.fal.sandbox.testing import running_sandbox

from .receiver import Receiver


@pytest.fixture(scope="package", autouse=True)
def few_certificates(tmp_path_factory):
    """One certificate for every client: reading all of them for each takes longer than the tests."""
    end = "-----END CERTIFICATE-----\n"
    one = tmp_path_factory.mktemp("certificates") / "one.pem"
    one.write_text(Path(certifi.where()).read_text().partition(end)[0] + end)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(one))
        yield


@pytest.fixture(scope="session")
def lasting_sandbox(tmp_path_factory):
    with running_sandbox(tmp_path_factory.mktemp("fal")) as found:
        yield found


@pytest.fixture
def sandbox(lasting_sandbox):
    """A sandbox that has forgotten the test before."""
    lasting_sandbox.reset()
    lasting_sandbox.change(seconds=0, concurrency=2, webhook_backoff=0.02, bill_invalid=False, plain_media=False)
    return lasting_sandbox


@pytest.fixture
def fal(sandbox, monkeypatch):
    """The unmodified client; only the constants that say where fal is are changed."""
    return pointed_client(sandbox.url, monkeypatch)


def pointed_client(url, monkeypatch):
    for name, value in {
        "RUN_URL_FORMAT": f"{url}/run/",
        "QUEUE_URL_FORMAT": f"{url}/queue/",
        "REST_URL": f"{url}/rest",
        "CDN_URL": f"{url}/cdn",
    }.items():
        assert hasattr(fal_client.client, name)
        monkeypatch.setattr(fal_client.client, name, value)
    return fal_client.SyncClient(key="some:key")


def answer(client, endpoint, body):
    """Submit and wait for the result, polling ten times as often as the client would by itself."""
    return client.subscribe(endpoint, body, interval=0.01)


@pytest.fixture
def http(sandbox):
    with httpx.Client(
        base_url=sandbox.url, headers={"Authorization": "Key some:key"}, trust_env=False, verify=False
    ) as client:
        yield client


@pytest.fixture
def receiver():
    found = Receiver()
    yield found
    found.close()


def png(width=64, height=48, colour=(200, 30, 30)):
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, "PNG")
    return file.getvalue()


def training_zip(captions=True, pictures=5):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(pictures):
            archive.writestr(f"{number}.png", png(32, 32, (number, 2, 3)))
            if captions:
                archive.writestr(f"{number}.txt", "a person in the rain")
    return file.getvalue()
