"""Amounts of money that databases add up exactly."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Value
from django.forms import DecimalField as DecimalFormField

PLACES = 6
MILLION = 10**PLACES
SMALLEST = Decimal(1).scaleb(-PLACES)
LARGEST = Decimal(10**12)


class AmountFormField(DecimalFormField):
    """An amount in a form, with as many places as people write: two, and more only where there are more."""

    def prepare_value(self, value: Any) -> Any:
        """What stands in the field; what was typed and refused stays as it was typed."""
        if not isinstance(value, Decimal):
            return value
        exact = value.normalize()
        return f"{exact:.{max(2, -int(exact.as_tuple().exponent))}f}"


if TYPE_CHECKING:  # what people put in and get out is a Decimal
    _Column = models.DecimalField
else:
    _Column = models.BigIntegerField


class MoneyField(_Column):
    """A Decimal with six places, kept as millionths in an integer.

    SQLite keeps decimals as binary fractions: ten times 0.1 taken from 1 leaves a little less than nothing there. An
    integer is added, compared and summed exactly by both databases.
    """

    description = "An amount of money, exact to a millionth"

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> Decimal | None:
        """Millionths as a Decimal with no more places than it needs."""
        return None if value is None else Decimal(int(value)).scaleb(-PLACES)

    def to_python(self, value: Any) -> Decimal | None:
        """Anything that says an amount, as a Decimal; ValidationError with a sentence otherwise."""
        if value is None or value == "":
            return None
        try:
            amount = Decimal(str(value)).quantize(SMALLEST, rounding=ROUND_HALF_EVEN)
        except ArithmeticError as error:
            raise ValidationError(f"{value!r} is not an amount of money.") from error
        if abs(amount) > LARGEST:
            raise ValidationError(f"{value} is more money than can be counted here.")
        return amount

    def get_prep_value(self, value: Any) -> int | None:
        """The amount in millionths; expressions are left to the database."""
        if value is None or hasattr(value, "resolve_expression"):
            return value
        amount = self.to_python(value)
        return None if amount is None else int(amount.scaleb(PLACES))

    @property
    def validators(self) -> list[Any]:
        """None of the integer's own: its range is that of the millionths."""
        return []

    def value_to_string(self, obj: models.Model) -> str:
        """For fixtures and exports."""
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def formfield(self, **kwargs: Any) -> Any:
        """A decimal field: people write amounts, not millionths."""
        return models.Field.formfield(
            self, **{"form_class": AmountFormField, "max_digits": 18, "decimal_places": PLACES, **kwargs}
        )


def amount_of(amount: Decimal) -> Value:
    """An amount inside a database expression: `F("spent") + amount_of(cost)`."""
    return Value(amount, output_field=MoneyField())
