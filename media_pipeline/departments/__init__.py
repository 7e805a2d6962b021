"""Departments of qualification: one file each, found by the registry. docs/qualification.md says why."""
