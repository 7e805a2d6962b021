"""Tables out and in again: nothing is lost, nothing is calculated, every problem is named by its row."""

from __future__ import annotations

import csv
import io
import zipfile
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook

from characters.actions import create_character, write_look
from characters.models import Character
from projects.actions import create_project, write_chapter
from projects.models import Event
from prompts.actions import create_template
from prompts.models import PromptTemplate
from scenes.actions import add_scene, add_shot, create_consistency_group, create_location, create_style
from scenes.models import Scene, Shot
from studio.exchange import tables
from studio.exchange.importing import import_table
from studio.exchange.sheets import SHEETS, Rows
from studio.exchange.tables import TableProblem, read_table, write_csv, write_xlsx

AWKWARD = [
    "=1+1", "'=1+1", "''=x", "-3", "+44 20", "@home", "\tTab", "a,b;c\td", 'say "no"', "two\nlines", "  spaces  ",
    "007", "1e5", "2024-01-02", "Ä 小明", "'quoted'", "\x0bvertical", "_x000B_", "true", "#N/A",
]  # fmt: skip


@pytest.fixture
def film(project):
    """A production with something awkward in every kind of record."""
    chapter = write_chapter(project, 1)
    place = create_location(project, name="LAMP ROOM")
    style = create_style(project, name="Cold")
    group = create_consistency_group(project, name="Torn coat", same="wardrobe")
    scene = add_scene(
        chapter.pk, project.pk, number="10A", sequence=1, heading="INT. LAMP ROOM - NIGHT", location=place, style=style,
        palette=["#1B3A4B", "#E0A458"], aperture=Decimal("2.8"), expected_seconds=Decimal("12.125"),
        synopsis="=SUM(A1)",
    )  # fmt: skip
    scene.consistency_groups.add(group)
    scene.save()
    add_shot(
        scene,
        project.pk,
        number=4,
        suffix="A",
        sequence=1,
        business="-Ada trims\r\nthe wick.",
        identity_scales={"ADA": 0.5},
    )
    for place_, words in enumerate(AWKWARD):
        add_shot(scene, project.pk, number=10 + place_, sequence=2 + place_, business=words, framing=words[:40])
    ada = create_character(project, name="ADA", aliases=["MISS ADA", "[ADA]"], voice_pitch=-2, background="@keeper")
    ada.default_look = write_look(ada, "Oilskins")
    create_template(
        project, name="Lamp", key="lamp.one", category="scene", template="A [mood] lamp", variables=[{"name": "mood"}]
    )
    return project


def csv_of(project, kind):
    return b"".join(write_csv(Rows(SHEETS[kind](project))))


def xlsx_of(project, kind):
    file = io.BytesIO()
    write_xlsx(Rows(SHEETS[kind](project)), kind, file)
    return file.getvalue()


def table(*rows):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def said(report):
    return [str(problem) for problem in report.problems]


@pytest.mark.parametrize("kind", SHEETS)
@pytest.mark.parametrize("write", [csv_of, xlsx_of], ids=["csv", "xlsx"])
def test_what_was_exported_and_comes_back_changes_nothing(film, owner, kind, write):
    data = write(film, kind)
    events = Event.objects.count()
    report = import_table(film, kind, data, by=owner, dry_run=False)
    assert said(report) == []
    assert (report.new, report.changed) == (0, 0)
    assert report.same == len(read_table(data)) - 1 > 0
    assert Event.objects.count() == events


@pytest.mark.parametrize("write", [csv_of, xlsx_of], ids=["csv", "xlsx"])
def test_awkward_texts_come_back_letter_by_letter(film, owner, write):
    before = list(Shot.objects.order_by("number").values_list("business", "framing"))
    rows = read_table(write(film, "shots"))
    at = rows[0].index("business")
    assert [row[at].replace("\r\n", "\n") for row in rows[1:]] == [words.replace("\r\n", "\n") for words, _ in before]


def test_no_cell_is_calculated_by_a_spreadsheet(film):
    lines = list(csv.reader(io.StringIO(csv_of(film, "shots").decode("utf-8-sig"), newline="")))
    at = lines[0].index("business")
    assert [line[at] for line in lines[2:8]] == ["'=1+1", "''=1+1", "'''=x", "'-3", "'+44 20", "'@home"]
    sheet = load_workbook(io.BytesIO(xlsx_of(film, "shots"))).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"inlineStr", "s", "n"}


def test_a_table_from_another_production_makes_the_records_anew(film, owner):
    other = create_project(title="Other", code="OTH", owner=owner)
    write_chapter(other, 1)
    create_location(other, name="lamp room")
    create_style(other, name="Cold")
    create_consistency_group(other, name="Torn coat", same="wardrobe")
    for kind in ("scenes", "shots"):
        rows = read_table(csv_of(film, kind))
        data = b"".join(write_csv([row[1:] for row in rows]))
        report = import_table(other, kind, data, by=owner, dry_run=False)
        assert said(report) == []
        assert (report.applied, report.new) == (True, len(rows) - 1)
    scene = Scene.objects.get(chapter__project=other)
    assert (scene.number, scene.location.name, scene.expected_seconds) == ("10A", "lamp room", Decimal("12.125"))
    assert [group.name for group in scene.consistency_groups.all()] == ["Torn coat"]
    assert list(scene.shots.values_list("business", flat=True))[1:] == AWKWARD


def test_a_dry_run_names_every_problem_by_row_and_column_and_writes_nothing(film, owner):
    data = table(
        ["chapter", "number", "heading", "weather", "lens_mm", "location", "palette", "pacing"],
        ["1", "10A", "INT. LAMP ROOM - DAY", "Foggy", "35", "LAMP ROOM", "#1B3A4B", "slow"],
        ["1", "11", "EXT. QUAY", "hail", "wide", "THE MOON", "blue", "slow"],
        ["7", "12", "EXT. QUAY", "", "", "", "", "medium"],
        ["1", "10a", "INT. LAMP ROOM - DUSK", "", "", "", "", "medium"],
        ["1", "13", "x" * 301, "", "2.5", "", "", "medium"],
        ["1", "14", "EXT. QUAY", "", "", "", "blue", "medium"],
    )
    before = list(Scene.objects.values())
    report = import_table(film, "scenes", data, by=owner)
    assert [(p.row, p.column) for p in report.problems] == [
        (3, "weather"), (3, "lens_mm"), (3, "location"), (4, "chapter"), (5, ""), (6, "lens_mm"), (7, "palette"),
    ]  # fmt: skip
    assert said(report)[0] == ("Row 3, weather: hail is not one of clear, cloudy, rainy, stormy, snowy, foggy, windy.")
    assert "THE MOON" in said(report)[2]
    assert said(report)[4] == "Row 5: Row 2 is about the same record."
    assert "blue" in said(report)[6]
    assert list(Scene.objects.values()) == before
    applied = import_table(film, "scenes", data, by=owner, dry_run=False)
    assert (applied.applied, list(Scene.objects.values())) == (False, before)


def test_an_import_changes_only_what_the_table_names(film, owner):
    data = table(["chapter", "number", "weather", "lens_mm"], ["1", "10A", "Foggy", "35"])
    dry = import_table(film, "scenes", data, by=owner)
    assert (dry.changed, dry.applied, Scene.objects.get().weather) == (1, False, "")
    report = import_table(film, "scenes", data, by=owner, dry_run=False)
    scene = Scene.objects.get()
    assert (report.applied, scene.weather, scene.lens_mm, scene.heading) == (
        True,
        "foggy",
        35,
        "INT. LAMP ROOM - NIGHT",
    )
    assert Event.objects.filter(type="scene.changed").latest("pk").payload["fields"] == ["lens_mm", "weather"]


def test_a_record_goes_by_its_id_when_its_name_changes(film, owner):
    ada = Character.objects.get()
    import_table(film, "characters", table(["id", "name"], [ada.pk, "ADA LIND"]), by=owner, dry_run=False)
    ada.refresh_from_db()
    assert ada.name == "ADA LIND"


def test_a_record_of_another_production_does_not_exist(film, owner):
    foreign = create_character(create_project(title="Other", code="OTH", owner=owner), name="SPY")
    report = import_table(film, "characters", table(["id", "name"], [foreign.pk, "X"]), by=owner, dry_run=False)
    assert said(report) == [
        f"Row 2: There is no record with the id {foreign.pk} in this production: leave the id empty."
    ]
    foreign.refresh_from_db()
    assert foreign.name == "SPY"


def test_a_shot_stays_in_its_scene(film, owner):
    scene = add_scene(film.chapters.get().pk, film.pk, number="11", sequence=2)
    shot = Shot.objects.get(suffix="A")
    report = import_table(film, "shots", table(["id", "scene"], [shot.pk, scene.number]), by=owner, dry_run=False)
    assert said(report) == ["Row 2, scene: A record stays where it was made: leave this cell as it is."]


def test_a_changed_general_template_becomes_the_productions_own(film, owner):
    general = PromptTemplate.objects.filter(project=None).order_by("key").first()
    data = table(["key", "description"], [general.key, "Ours."])
    assert said(import_table(film, "templates", data, by=owner, dry_run=False)) == []
    general.refresh_from_db()
    assert general.description != "Ours."
    assert PromptTemplate.objects.get(project=film, key=general.key).description == "Ours."


def test_a_template_whose_variables_do_not_fit_is_refused(film, owner):
    data = table(["key", "template"], ["lamp.one", "A [mood] lamp at [hour]"])
    assert said(import_table(film, "templates", data, by=owner)) == [
        "Row 2: variables: Describe [hour], which the text uses."
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Row 1: The table is empty."),
        (b"colour,number\nred,1\n", "Row 1, colour: There is no such column."),
        (b"number,number\n1,1\n", "Row 1, number: This column stands here twice."),
        (b"heading\nX\n", "Row 1, chapter: This column is missing"),
        (b"%PDF-1.7", "This is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is an old Excel file"),
        (b"\xff\xfe\x00x", "neither XLSX nor CSV"),
        (b'chapter,number\n1,"x', "cannot be read as CSV"),
        (b"PK\x03\x04 nothing", "The workbook is damaged"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_with_a_sentence(film, owner, data, sentence):
    assert sentence in said(import_table(film, "scenes", data, by=owner))[0]


def packed(**parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return file.getvalue()


def test_packages_that_are_traps_are_refused(monkeypatch):
    with pytest.raises(TableProblem, match="no Excel workbook"):
        read_table(packed(word__document_dot_xml="x"))
    with pytest.raises(TableProblem, match="macros"):
        read_table(packed(xl__workbook_dot_xml="x", xl__vbaProject_dot_bin="x"))
    with pytest.raises(TableProblem, match="cannot be read"):
        read_table(packed(xl__workbook_dot_xml="<x/>"))
    monkeypatch.setattr(tables, "LARGEST_UNPACKED", 1000)
    with pytest.raises(TableProblem, match="unpacked"):
        read_table(packed(xl__workbook_dot_xml="0" * 2000))
    monkeypatch.setattr(tables, "LARGEST_FILE", 10)
    with pytest.raises(TableProblem, match="larger"):
        read_table(b"x" * 11)


def test_a_formula_is_no_value(film, owner):
    book = Workbook()
    book.active.append(["chapter", "number", "heading"])
    book.active.append([1, "10A", "=A1"])
    file = io.BytesIO()
    book.save(file)
    assert said(import_table(film, "scenes", file.getvalue(), by=owner)) == [
        "Row 2, C2: This cell holds a formula: paste its value instead."
    ]


def test_what_a_spreadsheet_made_of_numbers_is_understood(film, owner):
    book = Workbook()
    book.active.append(["chapter", "number", "heading", "lens_mm", "aperture"])
    book.active.append([1.0, 12, "EXT. QUAY - DAY", 35.0, 2.8])
    file = io.BytesIO()
    book.save(file)
    assert said(import_table(film, "scenes", file.getvalue(), by=owner, dry_run=False)) == []
    scene = Scene.objects.get(number="12")
    assert (scene.lens_mm, scene.aperture, scene.sequence) == (35, Decimal("2.8"), 2)


def test_a_long_text_does_not_fit_a_spreadsheet_and_fits_csv(film):
    Scene.objects.update(synopsis="x" * 40_000)
    with pytest.raises(TableProblem, match=r"Row 2 has a text of 40000 letters"):
        xlsx_of(film, "scenes")
    assert b"x" * 40_000 in csv_of(film, "scenes")


def test_an_export_asks_a_fixed_number_of_questions(film, django_assert_max_num_queries):
    with django_assert_max_num_queries(8) as few:
        csv_of(film, "shots")
    scene = Scene.objects.get()
    for number in range(100, 140):
        add_shot(scene, film.pk, number=number, sequence=number)
    with django_assert_max_num_queries(len(few)):
        csv_of(film, "shots")
