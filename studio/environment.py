"""The environment, read once, with types: an odd value stops the start with a sentence that names the variable."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from media_pipeline.casting.limits import CharacterPictures
from media_pipeline.takes.limits import TakeLimits


class BadEnvironment(SystemExit):
    """The process cannot start with these variables; the message says which and why."""


ADDRESS = r"^https?://\S+[^/]$"


def _words(value: Any) -> Any:
    return [word.strip() for word in value.split(",") if word.strip()] if isinstance(value, str) else value


Words = Annotated[list[str], BeforeValidator(_words)]


def _from_json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _in_order(span: tuple[int, int]) -> tuple[int, int]:
    if not 1 <= span[0] <= span[1] <= 60:
        raise ValueError(f"shots of {span[0]} to {span[1]} seconds cannot be planned; the usual is [3, 7]")
    return span


class Environment(BaseModel):
    """Every variable the product reads. Names are the variables' names in lower case."""

    model_config = ConfigDict(frozen=True)

    debug: bool = False
    secret_key: str = Field("", description="Made and kept in DATA_DIR when empty.")
    data_dir: Path = Field(Path("var"), description="Database, media, caches and secrets of the embedded default.")
    database_url: str = Field("", description="postgres://user:password@host/name; empty for SQLite in DATA_DIR.")
    allowed_hosts: Words = ["localhost", "127.0.0.1", "[::1]"]
    public_url: str = Field("http://localhost:8000", pattern=ADDRESS)
    workers: int = Field(2, ge=1, le=64, description="Worker processes of one cluster.")
    web_threads: int = Field(12, ge=1, le=128)
    run_lease_seconds: int = Field(60, ge=1, le=3600)
    run_slice_seconds: int = Field(120, ge=1, le=3600)
    shot_seconds: Annotated[tuple[int, int], BeforeValidator(_from_json), AfterValidator(_in_order)] = (3, 7)
    take_limits: Annotated[TakeLimits, BeforeValidator(_from_json)] = TakeLimits()
    qualify_countdown: int = Field(10, ge=0, le=600, description="Seconds until it starts; 0: never by itself.")
    gather_file_mb: int = Field(500, ge=1, le=1024, description="Megabytes of a picture, clip or sound in material.")
    gather_document_mb: int = Field(50, ge=1, le=1024, description="Megabytes of a PDF or text in material.")
    gather_files: int = Field(40, ge=1, le=100, description="Files that may be dropped in at once.")
    character_pictures: Annotated[CharacterPictures, BeforeValidator(_from_json)] = CharacterPictures()
    event_keep_days: int = Field(14, ge=1, le=3650, description="Events older than this are deleted.")
    ffmpeg_binary: str = ""
    provenance_certificate: str = Field("", description="PEM file that signs what leaves; empty: one of our own.")
    provenance_key: str = Field("", description="PEM file with its private key (ES256).")
    media_bucket: str = Field("", description="Name of an S3 bucket; empty for files in DATA_DIR.")
    media_endpoint_url: str = ""
    media_access_key: str = ""
    media_secret_key: str = ""
    media_acceleration: str = Field("", pattern="^(|nginx)$", description="nginx: let the proxy send media files.")
    fal_key: str = Field("", description="fal.ai key, id:secret; without it fal's model profiles refuse.")
    fal_run_url: str = Field("https://fal.run", pattern=ADDRESS)
    fal_queue_url: str = Field("https://queue.fal.run", pattern=ADDRESS)
    fal_rest_url: str = Field("https://rest.fal.ai", pattern=ADDRESS)
    fal_cdn_url: str = Field("https://v3.fal.media", pattern=ADDRESS)
    fal_api_url: str = Field("https://api.fal.ai/v1", pattern=ADDRESS)
    fal_jwks_url: str = Field("https://rest.fal.ai/.well-known/jwks.json", pattern=ADDRESS)
    fal_media_hosts: Words = ["fal.media", "*.fal.media", "storage.googleapis.com"]
    allow_registration: bool = Field(False, description="People may make accounts through the API.")
    api_rate: str = Field("1200/min", pattern=r"^[1-9]\d*/(s|sec|min|m|hour|h|day|d)$", description="Per person.")
    provider_webhooks: bool = Field(False, description="Providers can reach PUBLIC_URL and may report there.")
    outgoing_webhook_hosts: Words = Field([], description="Hosts events may be sent to: a.example.com, *.example.com.")
    llm_base_url: str = Field("", description="An OpenAI-compatible address, such as https://host/v1; empty: rules.")
    llm_api_key: str = ""
    llm_model: str = ""
    knowledge_url: str = Field("", description="A remote knowledge service; empty: search over the own records.")
    knowledge_api_key: str = ""
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    time_zone: str = "UTC"
    secure_cookies: bool = False


def read_environment(values: Mapping[str, str] | None = None) -> Environment:
    """The typed environment; raises BadEnvironment naming every variable that cannot be used."""
    values = os.environ if values is None else values
    known = {name: values[name.upper()] for name in Environment.model_fields if values.get(name.upper(), "") != ""}
    try:
        return Environment(**known)  # type: ignore[arg-type]
    except ValidationError as problem:
        lines = []
        for error in problem.errors():
            name = str(error["loc"][0]).upper()
            hidden = "(not shown)" if "SECRET" in name or "KEY" in name or "URL" in name else repr(error["input"])
            lines.append(f"The environment variable {name} is {hidden}, which cannot be used: {error['msg']}.")
        raise BadEnvironment("\n".join(lines)) from None
