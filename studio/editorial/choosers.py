"""Choosing other records: a select where there are few, a window that searches the production where there are many.

Pictures and sounds are always chosen in a window, with what they look like: a list of digests says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.views.generic.chooser import ChosenView, CreateView
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets.chooser import BaseChooser
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet
from wagtail.snippets.widgets import AdminSnippetChooser

from media_pipeline.media_services import add_upload
from media_pipeline.models import MediaAsset
from projects.models import Project
from studio.scope import visible, within

from .views import scoped

MOST_IN_A_SELECT = 30
"""Records; more of them are searched for in a window."""

SOUNDS = frozenset({"sound", "voice_sample"})
FILES = frozenset({"attachment", "world"})
"""Fields that hold a media asset which is no picture."""


BY_PRODUCTS = ("filmstrip", "thumbnail", "proxy")
"""Roles of files that are made to show others; nobody means these when a picture is chosen."""


class SearchWithin(BaseFilterForm):
    """Looks for words in the fields by which the list of such records is searched."""

    search_fields: ClassVar[tuple[str, ...]] = ()
    q = forms.CharField(label="Search", required=False, widget=forms.TextInput(attrs={"placeholder": "Search"}))

    def filter(self, objects: QuerySet[Any]) -> QuerySet[Any]:
        """The rows in which every word stands somewhere."""
        self.search_query = self.cleaned_data.get("q", "").strip()
        self.is_searching = bool(self.search_query)
        for word in self.search_query.split():
            found = Q()
            for name in self.search_fields:
                found |= Q(**{f"{name}__icontains": word})
            objects = objects.filter(found)
        return objects


class WithinProduction:
    """A chooser for a record of one production offers what is there, and nothing of one's other productions."""

    request: Any
    search_fields: tuple[str, ...] = ()
    followed: tuple[str, ...] = ()

    def get_object_list(self) -> QuerySet[Any]:
        """The rows, of the production named in the address where one is."""
        rows: QuerySet[Any] = super().get_object_list()  # type: ignore[misc]
        number = self.request.GET.get("project", "")
        rows = within(rows, int(number) if number.isdecimal() else None)
        return rows.select_related(*self.followed)

    def get_filter_form_class(self) -> type[BaseFilterForm]:
        """Search by the same fields as the list of such records."""
        return type("Search", (SearchWithin,), {"search_fields": self.search_fields})


class ChooseRecord(WithinProduction, ChooseView):
    """The window with the rows."""


class ChooseRecordResults(WithinProduction, ChooseResultsView):
    """The rows, found again while one types."""


class RecordWidget(AdminSnippetChooser):
    """The chosen record on a form; another production's is not named, whatever was posted."""

    person: Any = None
    project_id: int | None = None
    label: Any = str
    related: tuple[str, ...] = ()

    def get_instance(self, value: Any) -> Any:
        """The record, if it exists for the person."""
        if value is None or isinstance(value, self.model_class):
            return value
        rows = visible(self.model_class._default_manager.select_related(*self.related), self.person)
        return rows.filter(pk=value).first() if str(value).isdecimal() else None

    def get_display_title(self, instance: Any) -> str:
        """The record as lists of choices name it."""
        return str(self.label(instance))

    def get_value_data_from_instance(self, instance: Any) -> dict[str, Any]:
        """What the widget shows; where it is edited is asked for the person."""
        edit = reverse(instance.snippet_viewset.get_url_name("edit"), args=[instance.pk])
        return {"id": instance.pk, "edit_url": edit, self.display_title_key: self.get_display_title(instance)}

    def get_chooser_modal_url(self) -> str:
        """The window, within the record's production."""
        return _of_project(super().get_chooser_modal_url(), self.project_id)


class ScopedChooserViewSet(SnippetChooserViewSet):
    """A chooser of one's own rows.

    It is not made the widget of every foreign key: Wagtail's chooser widget shows the title of whatever id a form
    was posted with, foreign ones included. Forms put `RecordWidget` in, for the person who asks.
    """

    register_widget = False
    choose_view_class = ChooseRecord
    choose_results_view_class = ChooseRecordResults
    preserve_url_parameters = ["multiple", "project"]

    def construct_view(self, view_class: type, **kwargs: Any) -> Any:
        """Put the scope in front of the view, and search it as its list is searched."""
        made = scoped(view_class)
        if issubclass(view_class, WithinProduction):
            made.search_fields = tuple(self.model.snippet_viewset.search_fields or ())  # type: ignore[attr-defined]
            made.followed = tuple(self.model.snippet_viewset.related)  # type: ignore[attr-defined]
        return super().construct_view(made, **kwargs)

    def get_urlpatterns(self) -> list[Any]:
        """All but "create", which has no form here."""
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "create"]


class MediaFilter(SearchWithin):
    """Looks for files by what they are."""

    search_fields = ("role", "content_type", "sha256")
    source = forms.ChoiceField(
        label="Made by", required=False, choices=[("", "Uploaded or made"), *MediaAsset.Source.choices]
    )

    def filter(self, objects: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of this source."""
        objects = super().filter(objects)
        source = self.cleaned_data.get("source")
        return objects.filter(source=source) if source else objects


class OfOneKind(WithinProduction):
    """Files of one kind, newest first."""

    results_template_name = "wagtailadmin/records/media_results.html"
    per_page = 24

    def get_object_list(self) -> QuerySet[Any]:
        """Of the kind named in the address; pictures where none is."""
        rows = super().get_object_list().order_by("-pk")
        kind = self.request.GET.get("kind", MediaAsset.Kind.IMAGE)
        rows = rows.exclude(role__in=BY_PRODUCTS)
        return rows.filter(kind=kind) if kind in MediaAsset.Kind.values else rows

    def get_filter_form_class(self) -> type[BaseFilterForm]:
        """Search by role, and by who made the file."""
        return MediaFilter


class UploadForm(forms.Form):
    """A file of one's own; what it holds is found out from its bytes."""

    file = forms.FileField(label="Picture, clip or sound", help_text="It is known by what it holds, not by its name.")


class Uploading:
    """Sending a file into the production that the address names, for those who may write there."""

    request: Any
    creation_form_class = UploadForm

    @cached_property
    def project(self) -> Project | None:
        """The production, where one is named in which the person may write."""
        number = self.request.GET.get("project", "")
        rows = visible(Project.objects.all(), self.request.user, "write")
        return rows.filter(pk=number).first() if number.isdecimal() else None

    def can_create(self) -> bool:
        """Whether there is a production to put it into."""
        return self.project is not None


class MediaUploaded(Uploading, CreateView):
    """Keeps what was sent, and answers as if it had been chosen."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep it with its verb, or show the form again with the reason."""
        self.form: Any = self.get_creation_form()
        if self.form.is_valid() and self.project is not None:
            sent = self.form.cleaned_data["file"]
            try:
                with transaction.atomic():
                    asset = add_upload(self.project, sent.chunks(), sent.name or "", by=request.user)
                    self._refuse_another_kind(asset)
                return self.get_chosen_response(asset)
            except ValidationError as problem:
                self.form.add_error("file", problem.messages)
        return self.get_reshow_creation_form_response()

    def _refuse_another_kind(self, asset: MediaAsset) -> None:
        wanted = self.request.GET.get("kind", "")
        if wanted in MediaAsset.Kind.values and asset.kind != wanted:
            raise ValidationError(
                f"This is a file of kind {asset.get_kind_display().lower()}; "
                f"the field takes {MediaAsset.Kind(wanted).label.lower()} only."
            )

    def get_chosen_response_data(self, item: MediaAsset) -> dict[str, Any]:
        """What the widget needs to show the file."""
        return shown(item.pk)


class MediaChosen(ChosenView):
    """The answer of the window: with the address of the picture."""

    def get_chosen_response_data(self, item: MediaAsset) -> dict[str, Any]:
        """What the widget needs to show the file."""
        return shown(item.pk)


class MediaChooser(ChooserViewSet):
    """Choose a picture or a sound of the production."""

    model = MediaAsset
    icon = "image"
    register_widget = False
    page_title = "Choose a file"
    choose_view_class = type("ChooseMedia", (Uploading, OfOneKind, ChooserViewSet.choose_view_class), {})
    choose_results_view_class = type(
        "MediaResults", (Uploading, OfOneKind, ChooserViewSet.choose_results_view_class), {}
    )
    chosen_view_class = MediaChosen
    create_view_class = MediaUploaded
    creation_form_class = UploadForm
    search_tab_label, creation_tab_label = "What is there", "Upload"
    create_action_label, create_action_clicked_label = "Upload", "Uploading …"
    preserve_url_parameters = ["multiple", "project", "kind"]

    def construct_view(self, view_class: type, **kwargs: Any) -> Any:
        """Put the scope in front of the view."""
        return super().construct_view(scoped(view_class), **kwargs)

    def get_urlpatterns(self) -> list[Any]:
        """Choosing one, or sending one."""
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "chosen_multiple"]


media_chooser = MediaChooser("media_chooser", url_prefix="choose-media")


class MediaWidget(BaseChooser):
    """A chosen picture or sound. It is shown by its number alone, so nothing is said of files one may not see."""

    model = MediaAsset
    template_name = "wagtailadmin/records/media_widget.html"
    chooser_modal_url_name = "media_chooser:choose"
    js_constructor = "MediaChooser"
    icon = "image"
    choose_one_text, choose_another_text, link_to_chosen_text = "Choose", "Choose another", "Look at it"
    project_id: int | None = None
    kind: str = MediaAsset.Kind.IMAGE

    def get_value_data(self, value: Any) -> dict[str, Any] | None:
        """The file by its number."""
        number = getattr(value, "pk", value)
        return shown(int(number)) if str(number or "").isdecimal() else None

    def get_context(self, name: str, value_data: Mapping[str, Any], attrs: Any) -> dict[str, Any]:
        """The picture beside what choosers show."""
        return super().get_context(name, value_data, attrs) | {
            "preview": value_data.get("preview", ""),
            "is_picture": self.kind == MediaAsset.Kind.IMAGE,
        }

    def get_chooser_modal_url(self) -> str:
        """The window, within the record's production and for one kind of file."""
        return _of_project(super().get_chooser_modal_url(), self.project_id, kind=self.kind)

    @property
    def media(self) -> forms.Media:
        """Wagtail's chooser, and what shows the picture."""
        return super().media + forms.Media(js=[static("js/media-chooser.js")])


def shown(number: int) -> dict[str, Any]:
    """A file as the widget shows it."""
    return {
        "id": str(number),
        "title": f"File {number}",
        "edit_url": reverse("mediaasset:inspect", args=[number]),
        "preview": reverse("media-file", args=[number]),
    }


def media_widget(name: str, project_id: int | None) -> MediaWidget:
    """The widget for a field that holds a file; what kind of file follows from the field's name."""
    widget = MediaWidget()
    widget.project_id = project_id
    if name in SOUNDS:
        widget.kind, widget.icon = MediaAsset.Kind.AUDIO, "media"
        widget.choose_one_text = "Choose a sound"
    elif name in FILES:
        widget.kind, widget.icon, widget.choose_one_text = "any", "doc-full", "Choose a file"
    else:
        widget.choose_one_text = "Choose a picture"
    return widget


def record_widget(model: type[Model], person: Any, project_id: int | None, label: Any, related: Any) -> RecordWidget:
    """The widget for a record of which there are many."""
    widget = RecordWidget(model=model)
    widget.person, widget.project_id, widget.label, widget.related = person, project_id, label or str, related
    return widget


def _of_project(url: str, project_id: int | None, **more: str) -> str:
    wanted = more | ({} if project_id is None else {"project": str(project_id)})
    return f"{url}?{'&'.join(f'{name}={value}' for name, value in wanted.items())}" if wanted else url
