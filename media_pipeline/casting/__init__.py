"""The cast: who there is, how they look in words and pictures, and how tall they stand. docs/characters.md says why."""
