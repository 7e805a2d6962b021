"""`manage.py fal_sandbox`: rehearse a production against fal's protocol without spending."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import uvicorn
from django.core.management.base import BaseCommand, CommandError

from media_pipeline.providers.fal.sandbox.app import SandboxApp
from media_pipeline.providers.fal.sandbox.faults import BadRule, rates_from
from media_pipeline.providers.fal.sandbox.options import SandboxOptions
from media_pipeline.providers.fal.sandbox.wire import LossyProtocol


class Command(BaseCommand):
    """Serve the sandbox until it is stopped."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where it listens, what it keeps, how long jobs take, and what goes wrong."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=9700)
        parser.add_argument("--data", type=Path, default=Path("var/fal-sandbox"), help="jobs and media; kept")
        parser.add_argument("--seconds", type=float, default=0.2, help="mean time of a job")
        parser.add_argument("--concurrency", type=int, default=2, help="jobs that run at once")
        parser.add_argument("--faults", default="", help="a JSON file of rules, or lose_reply=0.05,slow=0.1:seconds=5")
        parser.add_argument("--seed", type=int, default=0, help="of pictures, job times and chances")
        parser.add_argument("--webhook-key-dir", type=Path, default=None, help="signing keys; default: below --data")
        parser.add_argument("--webhook-backoff", type=float, default=7.0, help="seconds before the first retry")
        parser.add_argument("--clock-speed", type=float, default=1.0, help="sandbox seconds in a second")
        parser.add_argument("--fetch-host", action="append", default=[], help="a host inputs may come from; repeatable")
        parser.add_argument("--no-share", type=float, default=0.0, help="share of yes-or-no questions answered no")
        parser.add_argument("--plain-media", action="store_true", help="equal outputs for equal sizes, for load tests")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the server."""
        sandbox = SandboxOptions(
            data=options["data"],
            seconds=options["seconds"],
            concurrency=options["concurrency"],
            seed=options["seed"],
            key_dir=options["webhook_key_dir"],
            webhook_backoff=options["webhook_backoff"],
            clock_speed=options["clock_speed"],
            fetch_hosts=tuple(options["fetch_host"]),
            no_share=options["no_share"],
            plain_media=options["plain_media"],
            rules=_rules(options["faults"]),
        )
        try:
            app = SandboxApp(sandbox)
        except BadRule as problem:
            raise CommandError(str(problem)) from None
        url = f"http://{options['host']}:{options['port']}"
        self.stdout.write(f"fal sandbox on {url}, data in {options['data']}\n{_settings(url)}")
        uvicorn.run(
            app, host=options["host"], port=options["port"], http=LossyProtocol, log_level="warning",
            access_log=False, ws="none", timeout_graceful_shutdown=1,
        )  # fmt: skip


def _rules(text: str) -> list[dict[str, Any]]:
    """Rules from a JSON file or from rates."""
    try:
        if text.endswith(".json"):
            found = json.loads(Path(text).read_text())
            return found["rules"] if isinstance(found, dict) else found
        return rates_from(text)
    except (OSError, ValueError, KeyError) as problem:
        raise CommandError(f"The faults cannot be read: {problem}") from None


def _settings(url: str) -> str:
    return (
        f"FAL_KEY=sandbox:key\nFAL_RUN_URL={url}/run\nFAL_QUEUE_URL={url}/queue\nFAL_REST_URL={url}/rest\n"
        f"FAL_CDN_URL={url}/cdn\nFAL_JWKS_URL={url}/rest/.well-known/jwks.json\nFAL_API_URL={url}/v1\n"
    )
