"""A township that works with paper and sends its annual reports as files; the last one is wrong by applicant kind."""

from datetime import datetime
from typing import Final

from casework.actions.files import Upload
from casework.actions.receive import receive_report
from casework.exports import as_json
from casework.law.calendar import day_of
from casework.law.matrix import CARRIED_OUT, KIND_KEYS, Matrix
from casework.law.outcomes import ApplicantKind, Outcome
from casework.law.report import Report
from casework.models import Agency, Level

from .office import DISTRICT, ROOT

_LAST: Final = (
    (ApplicantKind.NATURAL_PERSON, True, Outcome.GRANTED, 2),
    (ApplicantKind.NATURAL_PERSON, False, Outcome.GRANTED, 9),
    (ApplicantKind.NATURAL_PERSON, False, Outcome.UNAVAILABLE_2, 3),
    (ApplicantKind.BUSINESS, False, Outcome.PARTIAL, 2),
    (ApplicantKind.NATURAL_PERSON, False, None, 1),
)
_BEFORE: Final = (
    (ApplicantKind.NATURAL_PERSON, False, Outcome.GRANTED, 6),
    (ApplicantKind.NATURAL_PERSON, False, None, 2),
)


def send_files(*, at: datetime) -> None:
    """The township, and its reports of the last two years."""
    town = Agency.objects.create(
        code=f"{ROOT}-HQ",
        name=f"{DISTRICT}红旗乡人民政府",
        level=Level.TOWNSHIP,
        parent=Agency.objects.get(code=ROOT),
        outside=True,
        contact="红旗乡党政办公室，电话0000-0000000（演示数据）",
    )
    year = day_of(at).year - 1
    sound = Matrix.from_groups(year, _LAST)
    shift = {(CARRIED_OUT, KIND_KEYS[0]): -1, (CARRIED_OUT, KIND_KEYS[1]): 1}
    wrong = Matrix.from_cells(year, lambda row, column: sound.figure(row, column) + shift.get((row, column), 0))
    for matrix in (Matrix.from_groups(year - 1, _BEFORE), wrong):
        report = Report(town.code, town.name, matrix.year, matrix)
        upload = Upload(f"红旗乡{matrix.year}年年度报告.json", as_json(report))
        receive_report(town, matrix.year or year, report, upload, by=None, at=at)
