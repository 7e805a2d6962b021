"""A stand-in for fal on a loopback address: the real protocol, small generated media, faults on demand, no bill.

Run it with `manage.py fal_sandbox`; tests use `testing.running_sandbox`. What it keeps to, and where it guesses:
docs/fal-sandbox.md.
"""
