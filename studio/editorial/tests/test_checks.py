"""The system check of field names."""

from __future__ import annotations

from django.db import models
from django.test.utils import isolate_apps

from studio import verbs
from studio.editorial.checks import no_field_shadows_the_form


@isolate_apps("studio.editorial")  # a model without a table is no model of the other tests
def test_a_field_that_takes_the_place_of_the_forms_own_is_refused(monkeypatch):
    class Trap(models.Model):
        action = models.TextField()
        elements = models.TextField()
        purpose = models.TextField()
        reset = models.TextField(editable=False)

        class Meta:
            app_label = "editorial"

        def __str__(self):
            return "trap"

    monkeypatch.setattr(verbs, "VERBS", {Trap: None})
    found = no_field_shadows_the_form(None)
    assert [error.id for error in found] == ["editorial.E001", "editorial.E001"]
    assert "'action'" in found[0].msg
    assert "'elements'" in found[1].msg


def test_the_records_have_no_such_fields():
    assert no_field_shadows_the_form(None) == []
