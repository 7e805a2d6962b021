"""Fields of the API that are not those of the framework."""

from __future__ import annotations

from typing import Any

from django.db.models import Field
from rest_framework import serializers

from projects.fields import PLACES, MoneyField

LARGEST_ID = 2**63 - 1
"""What a database can hold."""

MOST_FRAMES = 10_000_000
"""Frames of a take: more than a day at 60 a second."""


class Id(serializers.IntegerField):
    """The id of a record: a number that a database can hold."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"min_value": 1, "max_value": LARGEST_ID} | options)


class Money(serializers.DecimalField):
    """An amount of money as text, to a millionth: numbers of JSON are binary fractions to most who read them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_digits": 12 + PLACES, "decimal_places": PLACES} | options)


class ModelSerializer(serializers.ModelSerializer):
    """The framework's, which knows what money is."""

    serializer_field_mapping: dict[type[Field[Any, Any]], type[serializers.Field]] = {
        **serializers.ModelSerializer.serializer_field_mapping, MoneyField: Money,
    }  # fmt: skip
