"""The models the sandbox plays, by endpoint id."""

from __future__ import annotations

from ..making import Endpoint
from . import motion, pictures, retouching, sound, training, words, worlds

CATALOGUE: dict[str, Endpoint] = {
    endpoint.id: endpoint
    for module in (pictures, retouching, motion, sound, words, training, worlds)
    for endpoint in module.ENDPOINTS
}
"""Every endpoint that can be submitted to; any other is 404."""
