"""The parts of our forms: groups that fold away while they hold nothing, and ordered lists inside a record."""

from __future__ import annotations

from typing import Any, TypeAlias

from django.utils.text import Truncator
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, Panel

LONGEST_HEADING = 60
"""Letters of what a folded group inherits."""

Entry: TypeAlias = Any
"""A field by its name, several that stand in one row (a tuple), or a panel of its own."""


class FoldedWhenEmpty(MultiFieldPanel):
    """A group of fields that is folded away while the record says nothing in any of them."""

    class BoundPanel(MultiFieldPanel.BoundPanel):
        """The group on one record's form."""

        heading: str

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.names = [name for entry in self.panel.entries for name in names_in(entry)]
            self.is_open = self.form is None or self._says_something()
            if not self.is_open and self.heading and not self.panel.starts_open:
                self.heading = f"{self.panel.heading} – {self._holds_by_itself()}"

        def _holds_by_itself(self) -> str:
            """What holds while the group says nothing: the first words of what is inherited."""
            inherited: dict[str, str] = getattr(self.form, "inherited", {})
            words = [inherited[name] for name in self.names if name in inherited]
            if words:
                return Truncator(f"inherited: {', '.join(words)}").chars(LONGEST_HEADING)
            defaults = [self.instance._meta.get_field(name).get_default() for name in self.names]
            return "as usual" if any(default not in ("", None, [], {}, False) for default in defaults) else "empty"

        def classes(self) -> list[str]:
            """Folded unless a field holds something that is not its default, or was refused."""
            return [*super().classes(), *([] if self.is_open or self.panel.starts_open else ["collapsed"])]

        def _says_something(self) -> bool:
            if any(name in self.form.errors for name in self.names):
                return True
            return any(_is_set(self.instance, name) for name in self.names) or any(
                _has_rows(self.instance, entry) for entry in self.panel.entries
            )

    starts_open = False

    def __init__(self, children: Any = (), *args: Any, entries: tuple[Entry, ...] = (), **kwargs: Any) -> None:
        super().__init__(children, *args, **kwargs)
        self.entries = entries

    def clone_kwargs(self) -> dict[str, Any]:
        """For binding to a model."""
        return super().clone_kwargs() | {"entries": self.entries}


class AlwaysOpen(FoldedWhenEmpty):
    """A group that stands open though it is empty: what one writes first."""

    starts_open = True


class More(FoldedWhenEmpty):
    """What is seldom said in a row of a list, under a line of its own that opens."""

    class BoundPanel(FoldedWhenEmpty.BoundPanel):
        """The group in one row."""

        template_name = "wagtailadmin/panels/more.html"

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.heading = ""  # stands on the line that opens it

        def classes(self) -> list[str]:
            """Not Wagtail's own way to fold, which a group inside a group does not have."""
            return []


class Rows(InlinePanel):
    """An ordered list inside a record; its choices are those of one's own productions."""

    def get_form_options(self) -> dict[str, Any]:
        """Rows are forms of ours as well, and know the person."""
        from .forms import RecordForm

        options = super().get_form_options()
        made = options["formsets"][self.relation_name]
        made["form"] = type(f"{self.relation_name.title()}RowForm", (RecordForm,), {"of_a_row": True})
        made["inherit_kwargs"] = ["for_user", "project_id"]
        return options


def rows(
    relation: str,
    *fields: str | tuple[str, ...],
    label: str,
    heading: str = "",
    more: dict[str, tuple[Entry, ...]] | None = None,
) -> Rows:
    """A list inside a record, with these fields in each row; names in a tuple of their own stand side by side.

    `more` are groups of a row that are folded away while they hold nothing: heading -> fields.
    """
    panels = [_field(field) for field in fields]
    for title, entries in (more or {}).items():
        panels.append(More([_field(entry) for entry in entries], heading=title, entries=entries))
    return Rows(relation, panels=panels, label=label, heading=heading or f"{label}s")


def _field(entry: Entry) -> Panel:
    return FieldPanel(entry) if isinstance(entry, str) else FieldRowPanel([FieldPanel(name) for name in entry])


def names_in(entry: Entry) -> tuple[str, ...]:
    """The fields of the record itself that an entry holds."""
    if isinstance(entry, str):
        return (entry,)
    return entry if isinstance(entry, tuple) else ()


def _is_set(instance: Any, name: str) -> bool:
    field = instance._meta.get_field(name)
    if field.many_to_many:
        return instance.pk is not None and getattr(instance, name).exists()
    value = field.value_from_object(instance)
    return value not in ("", None, [], {}) and value != field.get_default()


def _has_rows(instance: Any, entry: Entry) -> bool:
    return isinstance(entry, Rows) and instance.pk is not None and getattr(instance, entry.relation_name).exists()
