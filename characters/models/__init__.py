"""The people of the story."""

from .character import Character, CharacterState, Look
from .identity import (
    GOOD_SIMILARITY,
    SMALLEST_TRAINING_SET,
    CharacterIdentity,
    CharacterReference,
    IdentityState,
    IdentityTest,
)

__all__ = [
    "GOOD_SIMILARITY",
    "SMALLEST_TRAINING_SET",
    "Character",
    "CharacterIdentity",
    "CharacterReference",
    "CharacterState",
    "IdentityState",
    "IdentityTest",
    "Look",
]
