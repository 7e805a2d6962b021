"""The models the sandbox plays, by endpoint id."""

from __future__ import annotations

from ..making import Endpoint
from . import motion, pictures

CATALOGUE: dict[str, Endpoint] = {endpoint.id: endpoint for endpoint in (*pictures.ENDPOINTS, *motion.ENDPOINTS)}
"""Every endpoint that can be submitted to; any other is 404."""
