"""The WebSocket side of the site."""

from __future__ import annotations

from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.urls import path

from studio.dailies.consumers import GuestConsumer

from .consumers import ProjectConsumer, token_in
from .hub import Hub


def live_application(hub: Hub) -> Any:
    """An ASGI application for `/ws/…`: pages of this site for people who are logged in, and scripts with a token.

    A page of another site cannot send a token's header, so only what comes without one must name its origin.
    """
    routes = URLRouter(
        [
            path("ws/projects/<slug:slug>/", ProjectConsumer.as_asgi(hub=hub)),
            path("ws/guest/<int:link_id>/", GuestConsumer.as_asgi(hub=hub)),
        ]
    )
    pages = AllowedHostsOriginValidator(AuthMiddlewareStack(routes))

    async def application(scope: Any, receive: Any, send: Any) -> Any:
        return await (routes if token_in(scope) else pages)(scope, receive, send)

    return application


class Lifespan:
    """Ends what the web process keeps running when the server stops."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self.hub.close()
                await send({"type": "lifespan.shutdown.complete"})
                return
