"""Working days and periods: pure questions of the law, and who the token is."""

from datetime import timedelta
from typing import Annotated, Final

from django.utils.translation import get_language
from ninja import Body

from casework.api import answers
from casework.api.asked import First, Last, Start
from casework.api.door import TokenRequest
from casework.api.problems import Problem
from casework.api.routes import computes, reads
from casework.law import clock_json
from casework.law.periods import PeriodKind
from casework.law.words import Text
from casework.models import Agency, Scope

Document = Annotated[dict[str, object] | list[object], Body(...)]
#: Objects of one request; more is work for ``manage.py clock``.
MOST_OBJECTS: Final = 100
#: Days of one request: a year and a day more.
MOST_DAYS: Final = 367


@computes(
    "/clock",
    Scope.CLOCK,
    answers.ClockAnswer | list[answers.ClockAnswer | answers.ClockError],
    summary="计算答复期限 / Compute a reply period",
    description=(
        "正文为 `gongkai.clock/1` 的一个对象，或者至多100个对象的列表；与 `manage.py clock` 相同。 / "
        "The body is an object of `gongkai.clock/1` or a list of at most 100."
    ),
)
def clock(
    request: TokenRequest, given: Document
) -> answers.ClockAnswer | list[answers.ClockAnswer | answers.ClockError]:
    agency, language = request.auth.agency, get_language() or ""
    if isinstance(given, dict):
        return answers.ClockAnswer(**clock_json.answer(given, calendar=agency.calendar, language=language))
    if len(given) > MOST_OBJECTS:
        raise Problem("invalid", faults=[("", _TOO_MANY.format(most=MOST_OBJECTS))])
    found = clock_json.answers(given, calendar=agency.calendar, language=language)
    return [answers.ClockError(**each) if "error" in each else answers.ClockAnswer(**each) for each in found]


@reads(
    "/periods/{kind}",
    Scope.CLOCK,
    answers.ClockAnswer,
    summary="其他法定期限 / Another statutory period",
)
def period(
    request: TokenRequest,
    kind: PeriodKind,
    start: Start,
) -> answers.ClockAnswer:
    agency = request.auth.agency
    found = clock_json.period_answer(
        kind.value, start.isoformat(), calendar=agency.calendar, language=get_language() or ""
    )
    return answers.ClockAnswer(**found)


@reads(
    "/calendar",
    Scope.CALENDAR,
    answers.CalendarAnswer,
    summary="工作日 / Working days",
    description="令牌所属机关的工作日，含本地区的调整；至多367天。 / At most 367 days.",
)
def calendar(
    request: TokenRequest,
    first: First,
    last: Last,
) -> answers.CalendarAnswer:
    agency: Agency = request.auth.agency
    working_days = agency.calendar
    working_days.check_covers(first)
    working_days.check_covers(last)
    if not 0 <= (last - first).days < MOST_DAYS:
        raise Problem("invalid", faults=[("until", _RANGE.format(most=MOST_DAYS))])
    found = [working_days.day(first + timedelta(days=after)) for after in range((last - first).days + 1)]
    return answers.CalendarAnswer(
        agency=answers.AgencyRef(code=agency.code, name=agency.name),
        working_days=sum(day.is_workday for day in found),
        days=[
            answers.CalendarDay(
                on=day.on,
                working=day.is_workday,
                kind=day.kind,
                name=day.name.read_in(get_language()) if day.name else None,
                edition=day.edition,
                provisional=day.provisional,
            )
            for day in found
        ],
    )


_TOO_MANY: Final = Text("最多{most}个对象。", "At most {most} objects.")
_RANGE: Final = Text("应不早于首日，最多{most}天。", "Not before the first day, at most {most} days.")
