"""How times, lengths and counts of a film are written on pages."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import PurePath

from django import template

from projects.choices import ProjectStatus
from studio.review.cards import STATUS_SENTENCES

register = template.Library()

Seconds = Fraction | Decimal | int


@register.filter
def clock(seconds: Seconds | None) -> str:
    """A running time, such as 2:41 or 1:02:05; whole seconds, rounded."""
    if seconds is None:
        return ""
    minutes, rest = divmod(round(Fraction(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


@register.filter
def short_seconds(seconds: Seconds | None) -> str:
    """A length of a shot, such as 4.5 s; at most one decimal."""
    if seconds is None:
        return ""
    tenths = round(Fraction(seconds) * 10)
    whole, tenth = divmod(tenths, 10)
    return f"{whole}.{tenth} s" if tenth else f"{whole} s"


@register.filter
def moment(seconds: Seconds) -> str:
    """A moment within a shot to the hundredth, such as 0:03.25."""
    hundredths = round(Fraction(seconds) * 100)
    minutes, rest = divmod(hundredths, 6000)
    return f"{minutes}:{rest // 100:02d}.{rest % 100:02d}"


@register.filter
def pages(eighths: int) -> str:
    """A length on paper, as a script supervisor writes it: 3/8, 1, 2 1/8 pages."""
    whole, part = divmod(int(eighths), 8)
    words = " ".join(piece for piece in (str(whole) if whole else "", f"{part}/8" if part else "") if piece)
    return f"{words or '0'} {'page' if eighths <= 8 else 'pages'}"


@register.filter
def rate(exact: str) -> str:
    """A frame rate as people write it: 24000/1001 is 23.976."""
    if not exact:
        return ""
    value = Fraction(exact)
    if value.denominator == 1:
        return str(value.numerator)
    decimal = Decimal(value.numerator) / Decimal(value.denominator)
    return str(decimal.quantize(Decimal("0.001"))).rstrip("0")


@register.filter
def amount(value: Decimal, currency: str) -> str:
    """An amount with its currency: at least two decimals, and as many more as it has."""
    exact = value.normalize()
    places = max(2, -int(exact.as_tuple().exponent))
    return f"{exact:,.{places}f} {currency}"


@register.filter
def money(cost: Decimal | None) -> str:
    """What a take cost, in US dollars; an unknown cost is said to be unknown, never shown as nothing."""
    return "unknown" if cost is None else amount(cost, "USD")


@register.filter
def suffix(name: str) -> str:
    """The end of a file's name, with its dot."""
    return PurePath(name).suffix


@register.filter
def status_sentence(status: str) -> str:
    """Where a production stands, in words."""
    return STATUS_SENTENCES[ProjectStatus(status)]


@register.filter
def step_of(source: str) -> int | None:
    """The number of the step that an alert speaks of, None for any other source."""
    kind, _, number = source.partition(":")
    return int(number) if kind == "step" and number.isdecimal() else None


@register.filter
def plain_words(name: str) -> str:
    """A name of the code as words: audio_clipping is audio clipping, vbench.motion is motion (vbench)."""
    source, _, rest = name.rpartition(".")
    words = rest.replace("_", " ")
    return f"{words} ({source})" if source else words
