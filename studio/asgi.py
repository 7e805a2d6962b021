"""The site as an ASGI application on one port.

HTTP runs through Django's WSGI handler in a fixed pool of threads, which keep their database connections; WebSockets
run in the event loop. docs/live.md has the reasons and the figures.
"""

from __future__ import annotations

import os

from a2wsgi import WSGIMiddleware
from channels.routing import ProtocolTypeRouter
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
_site = get_wsgi_application()

from studio.file_sender import FileSender  # noqa: E402 (models can be imported now)
from studio.live.application import Lifespan, live_application  # noqa: E402
from studio.live.hub import Hub  # noqa: E402
from studio.settings import ENVIRONMENT  # noqa: E402

hub = Hub()
application = ProtocolTypeRouter(
    {
        "http": FileSender(WSGIMiddleware(_site, workers=ENVIRONMENT.web_threads)),
        "websocket": live_application(hub),
        "lifespan": Lifespan(hub),
    }
)
