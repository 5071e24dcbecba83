"""What the system administrator does about agencies: the tree, their doors, their end; and a whole chart at once."""

import ipaddress
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models, transaction

from casework.access import AgencyAct, check_may_anywhere, check_may_keep
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency, Case, Level, Role, SettingChange, Staff
from casework.models.network import check_networks, inside

from .record import check_day, clean


@dataclass(frozen=True, slots=True)
class Box:
    """One row of an organisation chart; ``row`` is its line in the file."""

    row: int
    code: str
    name: str
    parent: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class ChartFault:
    """What is wrong in one row of a chart."""

    row: int
    sentence: Text


class UnfitChart(Refused):
    """Rows that can't be taken; nothing was stored."""

    def __init__(self, faults: list[ChartFault]) -> None:
        super().__init__(
            Text("组织机构表有{n}处需要改正，什么也没有保存。", "{n} faults in the chart; nothing was stored.").format(
                n=len(faults)
            )
        )
        self.faults = faults


def create_agency(*, code: str, name: str, parent: Agency | None, level: str, by: Staff, at: datetime) -> Agency:
    """A new agency in the tree."""
    check_may_anywhere(by, AgencyAct.MANAGE_AGENCIES)
    made = Agency(code=code.strip(), name=clean(name, "name", longest=120, lines=False), parent=parent, level=level)
    _check_columns(made)
    with transaction.atomic():
        if Agency.objects.filter(code__iexact=made.code).exists():
            raise Refused(_TAKEN.format(code=made.code), field="code")
        made.save()
        _keep(made, "created", None, {"code": made.code, "name": made.name}, by=by, at=at)
    return made


def change_agency(
    agency: Agency, *, name: str, parent: Agency | None, level: str, by: Staff, at: datetime
) -> list[str]:
    """Another name, place or level; letters and reports that were made keep what they say. Which fields changed."""
    check_may_anywhere(by, AgencyAct.MANAGE_AGENCIES)
    wanted: dict[str, Any] = {
        "name": clean(name, "name", longest=120, lines=False),
        "parent": parent,
        "level": level,
    }
    with transaction.atomic():
        # The whole tree, because a place in it is judged against all above and below.
        found = {row.pk: row for row in Agency.objects.select_for_update()}[agency.pk]
        before = {"name": found.name, "parent": found.parent, "level": found.level}
        changed = [field for field, value in wanted.items() if before[field] != value]
        for field in changed:
            setattr(found, field, wanted[field])
        _check_columns(found)
        if not changed:
            return []
        try:
            found.save()
        except ValidationError as error:
            raise Refused(_BELOW_ITSELF, field="parent") from error
        for field in changed:
            _keep(found, field, _written(before[field]), _written(wanted[field]), by=by, at=at)
    agency.refresh_from_db()
    return changed


def close_agency(agency: Agency, *, on: date, by: Staff, at: datetime) -> None:
    """From that day it takes no new applications; refused while cases are open or agencies stand below it."""
    check_may_anywhere(by, AgencyAct.MANAGE_AGENCIES)
    check_day(on, "on", at=at)
    with transaction.atomic():
        found = Agency.objects.select_for_update().get(pk=agency.pk)
        if found.closed_on is not None:
            return
        if left := Case.objects.still_open().filter(agency=found).count():
            raise Refused(_OPEN_CASES.format(n=left), field="on")
        if found.children.filter(closed_on=None, successor=None).exists():
            raise Refused(_HAS_CHILDREN, field="on")
        found.closed_on = on
        found.save(update_fields=["closed_on"])
        _keep(found, "closed_on", None, on.isoformat(), by=by, at=at)
    agency.refresh_from_db()


def reopen_agency(agency: Agency, *, by: Staff, at: datetime) -> None:
    """Closing was a slip."""
    check_may_anywhere(by, AgencyAct.MANAGE_AGENCIES)
    with transaction.atomic():
        found = Agency.objects.select_for_update().get(pk=agency.pk)
        if found.closed_on is not None:
            before, found.closed_on = found.closed_on, None
            found.save(update_fields=["closed_on"])
            _keep(found, "closed_on", before.isoformat(), None, by=by, at=at)
    agency.refresh_from_db()


def guard_door(
    agency: Agency,
    *,
    networks: Iterable[str],
    second_factor_roles: Collection[str],
    address: str,
    sure: bool,
    by: Staff,
    at: datetime,
) -> list[str]:
    """From where the roles of an agency are used, and which of them need a second factor; which fields changed.

    ``address``: from where the administrator asks. Networks that would shut them out need ``sure``.
    """
    check_may_keep(by, agency)
    wanted: dict[str, Any] = {
        "networks": [_network(each) for each in networks],
        "second_factor_roles": [role.value for role in Role if role.value in second_factor_roles],
    }
    try:
        check_networks(wanted["networks"])
    except ValidationError as error:
        raise Refused(Text("{why}", "{why}").format(why=" ".join(error.messages)), field="networks") from None
    with transaction.atomic():
        found = Agency.objects.select_for_update().get(pk=agency.pk)
        before = {field: getattr(found, field) for field in wanted}
        changed = [field for field, value in wanted.items() if before[field] != value]
        works_here = by.holds(found.pk, Role.AGENCY_ADMINISTRATOR, Role.SYSTEM_ADMINISTRATOR)
        shuts_out = works_here and bool(wanted["networks"]) and not inside(address, wanted["networks"])
        if "networks" in changed and shuts_out and not sure:
            raise Refused(_SHUTS_OUT.format(address=address or "—"), field="sure")
        for field in changed:
            setattr(found, field, wanted[field])
        if changed:
            found.save(update_fields=changed)
        for field in changed:
            _keep(found, field, before[field], wanted[field], by=by, at=at)
    agency.refresh_from_db()
    return changed


def take_chart(boxes: Sequence[Box], *, by: Staff, at: datetime, dry_run: bool = False) -> tuple[int, int]:
    """Create what a chart names and is not there, all or nothing; how many are new and how many were there.

    A row whose code is known must agree with the record: a chart changes nothing.
    """
    check_may_anywhere(by, AgencyAct.MANAGE_AGENCIES)
    with transaction.atomic():
        known = {agency.code.casefold(): agency for agency in Agency.objects.select_for_update()}
        faults: list[ChartFault] = []
        new = 0
        for box in _parents_first(boxes, known, faults):
            found = known.get(box.code.casefold())
            above = known.get(box.parent.casefold()) if box.parent else None
            if found is not None:
                if said := _differs(box, found, above):
                    faults.append(ChartFault(box.row, said))
                continue
            level = box.level or (Level.DEPARTMENT.value if above else Level.COUNTY.value)
            try:
                made = create_agency(code=box.code, name=box.name, parent=above, level=level, by=by, at=at)
            except Refused as refused:
                faults.append(ChartFault(box.row, refused.sentence))
            else:
                known[made.code.casefold()] = made
                new += 1
        if faults:
            raise UnfitChart(sorted(faults, key=lambda fault: fault.row))
        if dry_run:
            transaction.set_rollback(True)
    return new, len(boxes) - new


def _parents_first(boxes: Sequence[Box], known: dict[str, Agency], faults: list[ChartFault]) -> Iterable[Box]:
    """The rows in an order in which each finds the agency above it; what has none, or itself above it, is a fault."""
    seen: dict[str, Box] = {}
    for box in boxes:
        if not box.code:
            faults.append(ChartFault(box.row, _NO_CODE))
        elif twin := seen.get(box.code.casefold()):
            faults.append(ChartFault(box.row, _TWICE.format(code=box.code, row=twin.row)))
        else:
            seen[box.code.casefold()] = box
    placed, waiting = set(known), list(seen.values())
    while waiting:
        ready = [box for box in waiting if not box.parent or box.parent.casefold() in placed]
        if not ready:
            for box in waiting:
                missing = box.parent.casefold() not in seen
                faults.append(ChartFault(box.row, (_NO_PARENT if missing else _UNPLACED).format(code=box.parent)))
            return
        for box in ready:
            yield box
        placed |= {box.code.casefold() for box in ready}
        waiting = [box for box in waiting if box not in ready]


def _differs(box: Box, found: Agency, above: Agency | None) -> Text | None:
    facts = [
        (found.name, box.name),
        (found.parent.code if found.parent else "", above.code if above else ""),
        (found.level, box.level or found.level),
    ]
    for has, given in facts:
        if has != given:
            return _OTHER.format(code=box.code, has=has or "—", given=given or "—")
    return None


def _check_columns(agency: Agency) -> None:
    try:
        agency.clean_fields(exclude=["path", "parent"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        sentence = _CODE if field == "code" else Text("{why}", "{why}").format(why=" ".join(messages))
        raise Refused(sentence, field=field) from None
    column = Agency._meta.get_field("path")
    assert isinstance(column, models.CharField)
    if len((agency.parent.path if agency.parent else "") + agency.code) >= (column.max_length or 0):
        raise Refused(Text("机关的层次太深。", "The tree is too deep."), field="parent")


def _network(text: str) -> str:
    """As ``ipaddress`` writes it; a single address is a network of its own, and bits behind the mask are cut."""
    try:
        return str(ipaddress.ip_network(text.strip(), strict=False))
    except ValueError:
        raise Refused(_NO_NETWORK.format(network=text.strip()[:60]), field="networks") from None


def _written(value: object) -> object:
    return value.code if isinstance(value, Agency) else value


def _keep(agency: Agency, field: str, before: object, after: object, *, by: Staff, at: datetime) -> None:
    was, now = ("" if value is None else value for value in (before, after))
    SettingChange(agency=agency, field=field, before=was, after=now, at=at, by=by).save()


_TAKEN: Final = Text("代码“{code}”已经有机关使用。", "The code “{code}” is taken.")
_CODE: Final = Text(
    "代码只能有字母、数字、点和连字符，以字母或者数字开头，至多32位。",
    "A code has letters, digits, dots and hyphens only, begins with a letter or digit, and is no longer than 32.",
)
_BELOW_ITSELF: Final = Text("上级不能是本机关自己或者其下级。", "An agency can’t stand below itself.")
_OPEN_CASES: Final = Text(
    "还有{n}件申请没有办结，不能停用。请先办结或者登记机关合并。",
    "{n} applications are still open. Close them first, or record a merger.",
)
_HAS_CHILDREN: Final = Text("下面还有机关，请先调整它们。", "There are agencies below it; move or close them first.")
_NO_NETWORK: Final = Text("“{network}”不是网段，例如 10.20.0.0/16。", "“{network}” is no network, e.g. 10.20.0.0/16.")
_SHUTS_OUT: Final = Text(
    "您现在的地址{address}不在其中，保存以后您自己也不能从这里登录。确实要这样的，请勾选确认。",
    "Your own address {address} is in none of them: you would shut yourself out. Tick the box if that is meant.",
)
_NO_CODE: Final = Text("没有代码。", "The code is missing.")
_TWICE: Final = Text("代码“{code}”与第{row}行重复。", "The code “{code}” stands in row {row} already.")
_NO_PARENT: Final = Text("没有代码为“{code}”的上级机关。", "There is no agency “{code}” to stand below.")
_UNPLACED: Final = Text("上级“{code}”不能确定：互为上级，或者它那一行有错。", "“{code}” can’t be placed either.")
_OTHER: Final = Text(
    "代码“{code}”已有机关，记录为“{has}”，表中为“{given}”；导入不修改已有的机关。",
    "The agency “{code}” is there with “{has}”; the chart says “{given}”, and changes nothing that is there.",
)
