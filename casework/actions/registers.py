"""Entries are written into the registers, corrected and struck out; nothing that was entered is ever overwritten."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from casework.access import AgencyAct, check_may_for_agency
from casework.law.calendar import day_of
from casework.law.history import Fault
from casework.law.refusals import Refused
from casework.law.registers import REGISTERS, Facts, Register, Takes, faults, key_of, last_of
from casework.law.words import Text, said
from casework.models import ENTRIES, Agency, ChannelAccount, Conflict, Entry, Publication, Staff, accounts_of
from casework.wordsearch.public import keep_public

from .record import clean

IMPORTED: Final = "导入的表格所载与登记不同。"
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the rows of a file."""

    added: int
    corrected: int
    unchanged: int


def record(agency: Agency, register: Register, facts: Facts, *, by: Staff, at: datetime) -> Entry:
    """Write an entry; ``facts`` under the keys of the register's columns, what is missing counts as blank."""
    check_may_for_agency(by, AgencyAct.KEEP_REGISTERS, agency)
    with transaction.atomic():
        _take_turn(agency)
        entry = _row(agency, register, _checked(agency, register, facts, at), by, at)
        _check_new(entry)
        entry.save()
        _check_counted_once(agency, [entry])
        keep_public([entry])
    return entry


def correct(entry: Entry, facts: Facts, *, reason: str, by: Staff, at: datetime) -> Entry:
    """Follow the row that somebody has seen by another, with the reason; ``Conflict`` if it was followed already."""
    agency = entry.agency
    check_may_for_agency(by, AgencyAct.KEEP_REGISTERS, agency)
    reason = clean(reason, "reason", longest=500, lines=False)
    with transaction.atomic():
        _take_turn(agency)
        checked = _checked(agency, entry.register, facts, at)
        if checked == entry.facts:
            raise Refused(_NOTHING_CHANGED)
        following = _row(agency, entry.register, checked, by, at, first=entry, reason=reason)
        _retire([entry])
        _check_new(following)
        if isinstance(following, ChannelAccount):
            _check_still_open_then(following)
        following.save()
        _check_counted_once(agency, [following])
        keep_public([following])
    return following


def strike(entry: Entry, *, reason: str, by: Staff, at: datetime) -> Entry:
    """An entry made by mistake counts no longer; it stays on record with the reason."""
    check_may_for_agency(by, AgencyAct.KEEP_REGISTERS, entry.agency)
    reason = clean(reason, "reason", longest=500, lines=False)
    with transaction.atomic():
        _take_turn(entry.agency)
        if isinstance(entry, ChannelAccount):
            published = Publication.objects.counting().filter(account=entry.entry_pk).count()
            if published:
                raise Refused(_HAS_PUBLISHED.format(n=published))
        last = _row(entry.agency, entry.register, entry.facts, by, at, first=entry, reason=reason)
        last.current, last.struck = False, True
        _retire([entry])
        last.save()
        keep_public([last])
    return last


def take_in(
    agency: Agency,
    register: Register,
    rows: Sequence[Facts],
    *,
    stated: Collection[str],
    by: Staff | None,
    at: datetime,
    dry_run: bool = False,
) -> Taken:
    """Store what a file says, all of it or nothing; ``by`` is ``None`` at the shell.

    A row whose entry is known corrects it in the facts that ``stated`` names, and one that says the same changes
    nothing. The rows have been found sound by ``judged``, and no two of them are the same entry.
    """
    if by is not None:
        check_may_for_agency(by, AgencyAct.KEEP_REGISTERS, agency)
    with transaction.atomic():
        _take_turn(agency)
        rows = [_stored(register, dict(facts)) for facts in rows]
        known = _known(agency, register, {key_of(register, facts) for facts in rows})
        added, corrected, retired = list[Entry](), list[Entry](), list[Entry]()
        for facts in rows:
            before = known.get(key_of(register, facts))
            if before is None:
                added.append(_row(agency, register, _whole(register, facts), by, at))
            elif (merged := before.facts | {key: facts[key] for key in stated if key in facts}) != before.facts:
                retired.append(before)
                corrected.append(_row(agency, register, merged, by, at, first=before, reason=IMPORTED))
        _retire(retired)
        for entry in corrected:
            if isinstance(entry, ChannelAccount):
                _check_still_open_then(entry)
        ENTRIES[register].objects.bulk_create([*added, *corrected], batch_size=_AT_ONCE)
        _check_counted_once(agency, [*added, *corrected])
        keep_public([*added, *corrected])
        transaction.set_rollback(dry_run)
    return Taken(len(added), len(corrected), len(rows) - len(added) - len(corrected))


def judged(register: Register, facts: Facts, accounts: Mapping[int, ChannelAccount], *, on: date) -> list[Fault]:
    """What is wrong with an entry by itself and with its account, as a form and a row of a file are judged alike."""
    found = faults(register, facts, on=on)
    if register is Register.PUBLICATIONS and not found:
        account = accounts.get(facts["account"])
        if account is None:
            return [Fault("account", _NO_ACCOUNT)]
        start, end = facts["month"] or facts["on"], facts["month"] or facts["on"]
        until = last_of(start) if facts["month"] else end
        if until < account.opened_on or (account.closed_on and start > account.closed_on):
            found.append(Fault("account", _NOT_OPEN_THEN.format(name=account.name)))
    return found


# ── One entry ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _checked(agency: Agency, register: Register, given: Facts, at: datetime) -> dict[str, Any]:
    """The facts as they may be stored, or ``Refused`` with the first thing that is wrong."""
    facts = _whole(register, given)
    for column in REGISTERS[register].columns:
        if column.takes is Takes.TEXT:
            facts[column.key] = clean(
                facts[column.key], column.key, longest=column.longest, required=column.required, lines=False
            )
        elif column.takes is Takes.CODE and facts[column.key] and facts[column.key] not in column.codes:
            raise Refused(_NO_SUCH_CODE.format(what=column.words), field=column.key)
    account = accounts_of([agency]) if register is Register.PUBLICATIONS else {}
    if register is Register.PUBLICATIONS and facts["account"] in account:
        facts["channel"] = account[facts["account"]].channel
    for fault in judged(register, facts, account, on=day_of(at)):
        words = REGISTERS[register].column(fault.field).words
        raise Refused(
            Text("{what}：{fault}。", "{what}: {fault}.").format(what=words, fault=fault.text), field=fault.field
        )
    return _stored(register, facts)


def _whole(register: Register, given: Facts) -> dict[str, Any]:
    """Every column, with its blank where nothing was given."""
    columns = REGISTERS[register].columns
    blank = {c.key: "" if c.takes in {Takes.TEXT, Takes.CODE} else None for c in columns}
    return _stored(register, blank | dict(given))


def _stored(register: Register, facts: dict[str, Any]) -> dict[str, Any]:
    """The channel of a publication is its account's and stored there alone."""
    return facts | {"channel": ""} if register is Register.PUBLICATIONS else facts


def _row(
    agency: Agency,
    register: Register,
    facts: dict[str, Any],
    by: Staff | None,
    at: datetime,
    *,
    first: Entry | None = None,
    reason: str = "",
) -> Entry:
    model = ENTRIES[register]
    fields = {
        "key": key_of(register, facts),
        "first_id": first.entry_pk if first else None,
        "reason": reason,
        "recorded_by": by,
        "recorded_at": at,
    }
    return model(agency=agency, **fields, **model.fields_of(facts))


# ── Many entries ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _take_turn(agency: Agency) -> None:
    """Two who write into the registers of one agency take turns; other acts on the agency do not wait."""
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)


def _known(agency: Agency, register: Register, keys: Collection[str]) -> dict[str, Entry]:
    ordered, found = sorted(keys), dict[str, Entry]()
    for start in range(0, len(ordered), _AT_ONCE):
        rows = ENTRIES[register].objects.counting().filter(agency=agency, key__in=ordered[start : start + _AT_ONCE])
        found |= {row.key: row for row in rows}
    return found


def _retire(rows: Sequence[Entry]) -> None:
    """The rows count no longer; ``Conflict`` where one was followed by somebody else meanwhile."""
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        found = type(part[0]).objects.counting().filter(pk__in=[row.pk for row in part])
        if found.update(current=False) != len(part):
            raise Conflict


def _check_new(entry: Entry) -> None:
    if type(entry).objects.counting().filter(agency=entry.agency, key=entry.key).exists():
        raise Refused(_THERE_ALREADY)


def _check_still_open_then(account: ChannelAccount) -> None:
    """An account keeps every publication within its days."""
    published = Publication.objects.counting().filter(account=account.first_id)
    outside = published.filter(until__lt=account.opened_on)
    if account.closed_on:
        outside = outside | published.filter(on__gt=account.closed_on)
    found = outside.order_by("on").first()
    if found is not None:
        raise Refused(_PUBLISHED_OUTSIDE.format(name=account.name, on=said(found.on)), field="opened_on")


def _check_counted_once(agency: Agency, entries: Iterable[Entry]) -> None:
    """A column's month is counted piece by piece or as a number, never both ways."""
    written = [entry for entry in entries if isinstance(entry, Publication)]
    if not written:
        return
    first, last = min(entry.on for entry in written).replace(day=1), last_of(max(entry.on for entry in written))
    near = Publication.objects.counting().filter(
        agency=agency, account__in={entry.account_id for entry in written}, on__range=(first, last)
    )
    batches = set(near.filter(batched=True).values_list("account", "column", "on"))
    if not batches:
        return
    pieces = near.filter(batched=False).order_by().values_list("account", "column", "on").distinct()
    for account, column, on in pieces:
        if (account, column, on.replace(day=1)) in batches:
            name = accounts_of([agency])[account].name
            raise Refused(
                _BOTH_WAYS.format(account=name, column=column, month=Text(f"{on:%Y-%m}", f"{on:%Y-%m}")), field="column"
            )


_NOTHING_CHANGED: Final = Text("没有改动，不用更正。", "Nothing differs, so there is nothing to correct.")
_THERE_ALREADY: Final = Text(
    "登记簿中已经有同一条，请在那一条上更正。", "The register has this entry already; correct it there."
)
_NO_SUCH_CODE: Final = Text("“{what}”的内容不对，请重新选择。", "“{what}” can’t have this value; choose again.")
_NO_ACCOUNT: Final = Text("没有这个账号，请先登记账号", "there is no such account; record it first")
_NOT_OPEN_THEN: Final = Text("当时“{name}”没有开通或者已经关停", "“{name}” was not open then")
_HAS_PUBLISHED: Final = Text(
    "该账号名下还有{n}条公开信息，不能注销；停止使用的，请更正关停日期。",
    "The account has {n} publications and can’t be struck out; if it is no longer used, record when it was closed.",
)
_PUBLISHED_OUTSIDE: Final = Text(
    "“{name}”在{on}有公开信息，开通和关停日期应当包括这一天。",
    "“{name}” published on {on}; its days must include that one.",
)
_BOTH_WAYS: Final = Text(
    "“{account}”栏目“{column}”{month}既有逐条登记，又有按月计数，会重复计算；请只留一种。",
    "“{column}” of “{account}” has both single publications and a month’s number for {month}, which would count "
    "twice; keep one of them.",
)
