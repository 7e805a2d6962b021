"""The parts of our forms: groups that fold away while they hold nothing, and ordered lists inside a record."""

from __future__ import annotations

from typing import Any, TypeAlias

from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel

Entry: TypeAlias = Any
"""A field by its name, several that stand in one row (a tuple), or a panel of its own."""


class FoldedWhenEmpty(MultiFieldPanel):
    """A group of fields that is folded away while the record says nothing in any of them."""

    class BoundPanel(MultiFieldPanel.BoundPanel):
        """The group on one record's form."""

        def classes(self) -> list[str]:
            """Folded unless a field holds something that is not its default, or was refused."""
            return [*super().classes(), *([] if self._says_something() else ["collapsed"])]

        def _says_something(self) -> bool:
            names = [name for entry in self.panel.entries for name in names_in(entry)]
            if self.form is not None and any(name in self.form.errors for name in names):
                return True
            return any(_is_set(self.instance, name) for name in names) or any(
                _has_rows(self.instance, entry) for entry in self.panel.entries
            )

    def __init__(self, children: Any = (), *args: Any, entries: tuple[Entry, ...] = (), **kwargs: Any) -> None:
        super().__init__(children, *args, **kwargs)
        self.entries = entries

    def clone_kwargs(self) -> dict[str, Any]:
        """For binding to a model."""
        return super().clone_kwargs() | {"entries": self.entries}


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


def rows(relation: str, *fields: str | tuple[str, ...], label: str, heading: str = "") -> Rows:
    """A list inside a record, with these fields in each row; names in a tuple of their own stand side by side."""
    panels = [
        FieldPanel(field) if isinstance(field, str) else FieldRowPanel([FieldPanel(name) for name in field])
        for field in fields
    ]
    return Rows(relation, panels=panels, label=label, heading=heading or f"{label}s")


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
