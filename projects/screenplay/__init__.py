"""Screenplays: readers for Fountain, Final Draft and PDF, one document model, and Fountain as the way back.

Nothing in this package knows Django.
"""
