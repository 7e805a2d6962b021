"""Measurements of the product at the sizes it is built for."""
