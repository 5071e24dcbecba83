"""Black areas are marked and lifted, and the files that leave are made, opened again, and passed or stopped."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q

from casework.access import MaterialAct, check_may_material
from casework.law.refusals import Refused
from casework.law.withholding import WITHHOLDINGS
from casework.law.words import Text
from casework.models import Actor, Area, Audience, Case, Event, Kind, Material, Release, ReleaseState, Staff
from casework.redaction import gate, making
from casework.redaction.pages import PAGE, Box, Character, folded, found, opened

from .files import digest_of
from .materials import check_opened
from .record import clean, happened

log = logging.getLogger(__name__)
#: A worker that has said nothing for so long is gone, and another takes the file.
GONE_AFTER: Final = timedelta(minutes=30)
_MOST_ATTEMPTS: Final = 3
_MOST_AREAS: Final = 2_000
#: Of an area's side, in ten-thousandths of the page: less is a slip of the mouse.
_SMALLEST: Final = 30


@dataclass(frozen=True, slots=True)
class Spot:
    """A place to be blacked out; ``whole``: the page is not given at all."""

    page: int
    box: Box
    whole: bool = False


def mark(
    material: Material,
    spots: Iterable[Spot],
    *,
    ground: str,
    remark: str = "",
    public_only: bool = False,
    by: Staff,
    at: datetime,
) -> Event:
    """Withhold these places on one ground (条例 14 to 16, 37); each gets a number of its own, which is never reused."""
    case = material.document.case
    act = MaterialAct.MARK_PUBLIC if public_only else MaterialAct.MARK
    check_may_material(by, act, case)
    check_opened(material.document)
    if ground not in WITHHOLDINGS:
        raise Refused(Text("请选择不提供的理由。", "Choose the ground for withholding it."), field="ground")
    remark = clean(remark, "remark", longest=500, required=False)
    spots = list(spots)
    if not spots:
        raise Refused(Text("请选择要涂去的地方。", "Choose what is to be blacked out."), field="spots")
    for spot in spots:
        _check_on_page(material, spot)
    with transaction.atomic():
        _locked(case, act, by)
        numbered = material.areas.aggregate(last=Max("number"))["last"] or 0
        if numbered + len(spots) > _MOST_AREAS:
            raise Refused(Text("涂去的地方过多，请拆分文件。", "There are too many areas; split the file."))
        numbers = range(numbered + 1, numbered + 1 + len(spots))
        Area.objects.bulk_create(
            Area(
                material=material,
                number=number,
                page=spot.page,
                **(PAGE if spot.whole else spot.box)._asdict(),
                whole=spot.whole,
                ground=ground,
                remark=remark,
                public_only=public_only,
                added_by=by,
                added_at=at,
            )
            for number, spot in zip(numbers, spots, strict=True)
        )
        payload = {"file": material.document.name, "areas": [str(n) for n in numbers], "why": ground}
        return happened(case, Kind.AREAS_MARKED, by=by, at=at, payload=payload)


def lift(material: Material, number: int, *, by: Staff, at: datetime) -> Event:
    """An area was drawn by mistake: it stays on record as lifted and is drawn no more."""
    case = material.document.case
    public_only = material.areas.filter(number=number, public_only=True).exists()
    act = MaterialAct.MARK_PUBLIC if public_only else MaterialAct.LIFT
    check_may_material(by, act, case)
    with transaction.atomic():
        _locked(case, act, by)
        if not material.areas.filter(number=number, lifted_at=None).update(lifted_by=by, lifted_at=at):
            raise Refused(_LIFTED.format(number=number))
        payload = {"file": material.document.name, "areas": [str(number)]}
        return happened(case, Kind.AREA_LIFTED, by=by, at=at, payload=payload)


def ask_release(material: Material, audience: Audience, *, by: Staff, at: datetime) -> Release:
    """Have the file for an audience made as the areas stand; asked again for the same marks it is the same row."""
    case = material.document.case
    act = MaterialAct.ASK_PUBLIC if audience is Audience.PUBLIC else MaterialAct.ASK_RELEASE
    check_may_material(by, act, case)
    check_opened(material.document)
    if not material.is_ready:
        raise Refused(Text("这份材料不能在这里处理。", "This record can't be handled here."))
    fresh = Material.objects.prefetch_related("areas").select_related("document").get(pk=material.pk)
    with transaction.atomic():
        _locked(case, act, by)
        release, made = Release.objects.get_or_create(
            material=fresh,
            audience=audience.value,
            marks=fresh.marks(audience),
            defaults={"asked_by": by, "asked_at": at, "map": _map_of(fresh, audience)},
        )
        if not made and release.state == ReleaseState.FAILED:
            Release.objects.filter(pk=release.pk).update(state=ReleaseState.WAITING, attempts=0, asked_at=at)
            release.refresh_from_db()
    return release


def make_waiting(*, at: datetime) -> int:
    """Make every file that waits, and those whose maker is gone; how many were made."""
    due = Q(state=ReleaseState.WAITING) | Q(state=ReleaseState.MAKING, begun_at__lt=at - GONE_AFTER)
    return sum(make_file(pk, at=at) for pk in Release.objects.filter(due).order_by("pk").values_list("pk", flat=True))


def make_file(pk: int, *, at: datetime) -> bool:
    """Make one file and let the gate judge it; only one maker at a time, and what is done is not done again."""
    due = Q(state=ReleaseState.WAITING) | Q(state=ReleaseState.MAKING, begun_at__lt=at - GONE_AFTER)
    claimed = Release.objects.filter(due, pk=pk).update(
        state=ReleaseState.MAKING, begun_at=at, pages_done=0, attempts=F("attempts") + 1
    )
    if not claimed:
        return False
    release = Release.objects.select_related("material__document__case__agency").get(pk=pk)
    try:
        content, keeps_text, findings = _made(release)
    except Exception:  # a record can be broken in any way: it is tried again, then said to have failed; others go on
        log.exception("file %s could not be made", pk)
        gone = release.attempts >= _MOST_ATTEMPTS
        Release.objects.filter(pk=pk).update(state=ReleaseState.FAILED if gone else ReleaseState.WAITING)
        return False
    _finish(release, content, keeps_text=keeps_text, findings=findings, at=at)
    return True


def withheld_words(number: int, why: str, page: int) -> str:
    """What stands on the sheet in place of a page that is not given."""
    row = WITHHOLDINGS[why]
    law = f"（{row.law}）" if row.law else ""
    return f"第{page}页不提供（第{number}处）：{row.words.zh}{law}"


def hits_of(material: Material, wanted: str) -> tuple[list[Spot], list[str], list[int]]:
    """Every place of a text in a record, with the words around it; and the pages that have no text to search."""
    spots: list[Spot] = []
    around: list[str] = []
    silent: list[int] = []
    content = _working(material)
    for page in range(1, len(material.pages) + 1):
        with opened(content) as paper:  # anew for each page: others draw between two
            characters = paper.characters(page)
        if not characters:
            silent.append(page)
        for hit in found(characters, page, wanted):
            for box in hit.boxes:
                spots.append(Spot(page, box))
                around.append(hit.around)
        if len(spots) > _MOST_AREAS:
            break
    return spots, around, silent


def left_over(material: Material) -> list[tuple[str, list[int]]]:
    """Short texts that were blacked out in one place and stand uncovered in another, with the pages of those."""
    content = _working(material)
    areas = [(area.page, Box(area.left, area.top, area.right, area.bottom)) for area in material.standing()]
    pages: dict[int, list[Character]] = {}
    for page in range(1, len(material.pages) + 1):
        with opened(content) as paper:
            pages[page] = paper.characters(page)
    texts = {"".join(one.text for one in pages[page] if box.meets(one.box)) for page, box in areas if box != PAGE}
    texts = {text for text in texts if 2 <= len(text) <= 30}
    bare = {
        page: [one for one in characters if not any(p == page and box.meets(one.box) for p, box in areas)]
        for page, characters in pages.items()
    }
    result = []
    for text in sorted(texts):
        where = [
            page for page, characters in bare.items() if folded(text) in folded("".join(o.text for o in characters))
        ]
        if where:
            result.append((text, where))
    return result


def uncovered(material: Material, areas: Iterable[Area]) -> Iterator[tuple[int, str]]:
    """The text of each page that stands under none of these areas; nothing of a page without a text layer."""
    content = _working(material)
    boxes = [(area.page, Box(area.left, area.top, area.right, area.bottom)) for area in areas]
    for page in range(1, len(material.pages) + 1):
        with opened(content) as paper:
            characters = paper.characters(page)
        bare = [one for one in characters if not any(p == page and box.meets(one.box) for p, box in boxes)]
        if bare:
            yield page, "".join(one.text for one in bare)


def _made(release: Release) -> tuple[bytes, bool, list[gate.Finding]]:
    """The bytes of a file, whether its pages keep their text, and what the gate found."""
    material = release.material
    content = _working(material)
    if not release.map:
        try:
            plain = making.cleaned(content)
        except Exception:  # noqa: BLE001 - whatever pikepdf stumbles over, pictures are always possible
            log.info("record %s can't be cleaned; its pages are drawn", material.pk)
        else:
            if not gate.of_text(plain):
                return plain, True, []
    slips, boxes, removed = _plan(release, content)

    def told(done: int) -> None:
        Release.objects.filter(pk=release.pk).update(pages_done=done)

    drawn = making.blacked(content, boxes, slips, progress=told)
    return drawn, False, gate.of_pictures(drawn, pages=len(material.pages), removed=removed, slips=slips)


def _plan(release: Release, content: bytes) -> tuple[dict[int, str], dict[int, list[Box]], list[gate.Removed]]:
    slips: dict[int, str] = {}
    boxes: dict[int, list[Box]] = {}
    for each in release.map:
        if each["whole"]:
            slips.setdefault(each["page"], withheld_words(each["number"], each["ground"], each["page"]))
        else:
            boxes.setdefault(each["page"], []).append(Box(*each["box"]))
    removed: list[gate.Removed] = []
    for page in sorted({each["page"] for each in release.map}):
        with opened(content) as paper:
            characters = paper.characters(page)
        for each in (each for each in release.map if each["page"] == page):
            box = Box(*each["box"])
            text = "".join(one.text for one in characters if box.meets(one.box))
            removed.append(gate.Removed(page, each["number"], box, text))
    return slips, boxes, removed


def _finish(release: Release, content: bytes, *, keeps_text: bool, findings: list[gate.Finding], at: datetime) -> None:
    material = release.material
    case, document = material.document.case, material.document
    payload = {"file": document.name, "audience": release.audience}
    release.keeps_text, release.done_at = keeps_text, at
    release.pages_done = len(material.pages)
    if findings:
        release.state = ReleaseState.REFUSED
        release.findings = [
            {"zh": f.sentence.zh, "en": f.sentence.en, "page": f.page, "number": f.number} for f in findings
        ]
        payload["why"] = [findings[0].sentence.zh, findings[0].sentence.en]  # type: ignore[assignment]
    else:
        release.state, release.name = ReleaseState.PASSED, _name_of(release)
        release.size, release.sha256 = len(content), digest_of(content)
        release.file.save("file.pdf", ContentFile(content), save=False)
        payload["sha256"] = release.sha256
    with transaction.atomic():
        if not Release.objects.filter(pk=release.pk, state=ReleaseState.MAKING, begun_at=release.begun_at).exists():
            return  # another maker has taken it meanwhile
        release.save()
        kind = Kind.FILE_STOPPED if findings else Kind.FILE_PASSED
        try:
            with transaction.atomic():
                happened(case, kind, by=None, actor=Actor.CLOCK, at=at, payload=payload, once=f"file:{release.pk}")
        except IntegrityError:
            log.info("file %s has its event already", release.pk)


def _name_of(release: Release) -> str:
    """The record's name, unless it says what was removed; the number of the record in the case stands in for it."""
    stem = release.material.document.name.rpartition(".")[0] or release.material.document.name
    _slips, _boxes, removed = _plan(release, _working(release.material)) if release.map else ({}, {}, [])
    name = folded(stem)
    if any(word in name for area in removed for word in gate.words_of(area.text)):
        stem = f"材料{release.material_id}"
    part = "（部分内容不提供）" if release.map else ""
    return f"{stem[:150]}{part}.pdf"


def _map_of(material: Material, audience: Audience) -> list[dict[str, object]]:
    return [
        {
            "number": area.number,
            "page": area.page,
            "box": [area.left, area.top, area.right, area.bottom],
            "whole": area.whole,
            "ground": area.ground,
        }
        for area in material.seen_by(audience)
    ]


def _working(material: Material) -> bytes:
    with material.working.open("rb") as stored:
        content: bytes = stored.read()
    if digest_of(content) != material.working_sha256:
        raise Refused(Text("存储的文件有变化，不能使用。", "The stored file has changed and can't be used."))
    return content


def _check_on_page(material: Material, spot: Spot) -> None:
    if not 1 <= spot.page <= len(material.pages):
        raise Refused(_NO_PAGE.format(page=spot.page, pages=len(material.pages)), field="page")
    left, top, right, bottom = spot.box
    if not spot.whole and not (0 <= left < right <= 10_000 and 0 <= top < bottom <= 10_000):
        raise Refused(_NO_AREA, field="left")
    if min(right - left, bottom - top) < _SMALLEST:
        raise Refused(_TOO_SMALL, field="left")


def _locked(case: Case, act: MaterialAct, by: Staff) -> None:
    """Under the lock of the case, ask again: its draft may have gone to review meanwhile."""
    check_may_material(by, act, Case.objects.select_for_update(of=("self",)).select_related("agency").get(pk=case.pk))


_LIFTED: Final = Text("第{number}处已经取消，或者不存在。", "Area {number} has been lifted already, or never was.")
_NO_PAGE: Final = Text("没有第{page}页，这份材料共{pages}页。", "There is no page {page}; the record has {pages}.")
_TOO_SMALL: Final = Text(
    "这一处太小，长和宽至少是页面的0.3%。", "This area is too small; each side takes at least 0.3% of the page."
)
_NO_AREA: Final = Text(
    "左边应当小于右边，上边应当小于下边，都在0到100之间。",
    "The left edge must be less than the right and the upper less than the lower, all from 0 to 100.",
)
