"""Tables as files to download, for pages and scripts alike."""

from __future__ import annotations

import tempfile

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse

from projects.models import Project

from .sheets import SHEETS, Rows
from .tables import write_csv, write_xlsx

CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = ("csv", "xlsx")


def table_file(project: Project, kind: str, suffix: str) -> HttpResponseBase:
    """A production's table as a download: CSV row by row as it is read, XLSX from a temporary file.

    `kind` is a key of SHEETS, `suffix` one of FORMATS. Raises TableProblem for what no spreadsheet can hold.
    """
    rows = Rows(SHEETS[kind](project))
    name = f"{project.slug}-{kind}.{suffix}"
    answer: HttpResponseBase
    if suffix == "csv":
        answer = StreamingHttpResponse(write_csv(rows), content_type=CSV)
    else:
        file = tempfile.TemporaryFile()  # noqa: SIM115  # the answer closes it when it is sent
        try:
            write_xlsx(rows, kind, file)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        answer = FileResponse(file, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
