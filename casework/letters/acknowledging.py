"""The receipt as PDF: drawn from the acknowledgement alone, so that it reads the same after every correction."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import segno
from django.conf import settings
from django.urls import reverse

from casework.law.calendar import day_of, start_of
from casework.law.receipt import Channel
from casework.law.sent import spelled
from casework.law.words import Text, said
from casework.models import Acknowledgement

from .paper import typeset

LAYOUT: Final = Path(__file__).parent / "acknowledgement.typ"


def render_acknowledgement(given: Acknowledgement, *, address: str, language: str | None) -> bytes:
    """``address``: of the page on which this paper is verified; it stands in the QR code and in letters beside it."""

    def read(text: Text) -> str:
        return text.read_in(language)

    groups = spelled(given.digest).split(" ")
    told = {
        "lang": "en" if (language or "").startswith("en") else "zh",
        "office": given.office,
        "title": read(_TITLE),
        "lead": read(_LEAD.format(office=given.office, on=said(given.received_on))),
        "rows": [[read(heading), read(value)] for heading, value in _rows(given)],
        "digest_heading": read(_DIGEST),
        "digest": [groups[:4], groups[4:]],
        "digest_meaning": read(_DIGEST_MEANS),
        "qr": qr_code(address),
        "qr_words": read(_QR),
        "verify_heading": read(_VERIFY),
        "verify": read(_HOW),
        "address": address,
        "footer": read(_FOOTER),
    }
    stamp = start_of(day_of(given.at))
    return typeset(LAYOUT, {"acknowledgement": json.dumps(told, ensure_ascii=False)}, stamp=_utc(stamp))


def address_of(given: Acknowledgement, site: str) -> str:
    """The page that verifies a receipt; ``site``: where the visitor is now, for deployments without ``SITE_URL``."""
    page = reverse("portal:verify_token", args=[given.spelled_token])
    return (settings.SITE_URL or site).rstrip("/") + page


def qr_code(address: str) -> str:
    """The address as an SVG drawing; a quarter of it may be worn off (level Q)."""
    stream = io.BytesIO()
    segno.make(address, error="q", micro=False).save(stream, kind="svg", border=2, xmldecl=False)
    return stream.getvalue().decode()


def _rows(given: Acknowledgement) -> list[tuple[Text, Text]]:
    rows = [
        (_NUMBER, Text(given.number, given.number)),
        (_CHANNEL, Channel(given.channel).words),
        (_MOMENT, _moment(given.at)),
        (_RECEIVED, said(given.received_on)),
        (_RULE, Text(f"{given.rule.zh}（条例第三十一条）", f"{given.rule.en} (Regulation, art. 31)")),
    ]
    rows.append((_CODE, Text(given.spelled_token, given.spelled_token)))
    if given.due_on is not None:
        due = said(given.due_on)
        rows.insert(-1, (_DUE, _PROVISIONAL.format(due=due) if given.due_is_provisional else due))
    return rows


def _moment(at: datetime) -> Text:
    """To the second, in the time that all of China keeps."""
    local = at.astimezone(start_of(day_of(at)).tzinfo)
    return Text("{day} {time}", "{day}, {time} (China)").format(day=said(local), time=f"{local:%H:%M:%S}")


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


_TITLE: Final = Text("政府信息公开申请回执", "Receipt for an application")
_LEAD: Final = Text("{office}已于{on}收到您的政府信息公开申请。", "{office} received your application on {on}.")
_NUMBER: Final = Text("登记编号", "Number")
_CHANNEL: Final = Text("申请渠道", "Channel")
_MOMENT: Final = Text("登记时间", "Registered at")
_RECEIVED: Final = Text("收到申请之日", "Day of receipt")
_RULE: Final = Text("为什么是这一天", "Why this day")
_CODE: Final = Text("核验码", "Verification code")
_DUE: Final = Text("最迟答复日", "Reply due by")
_PROVISIONAL: Final = Text("{due}（暂定，放假安排尚未公布）", "{due} (provisional: the holidays are not announced yet)")
_DIGEST: Final = Text("提交内容的数字摘要（SHA-256）", "Digest of what was sent (SHA-256)")
_DIGEST_MEANS: Final = Text(
    "申请的文字和每个附件都算在内，改动一个字，摘要就不同。提交内容的原文可以凭登记编号和查询码下载，用 sha256sum "
    "等通用工具重新计算核对。从摘要不能推出申请的内容。",
    "It covers the words of the application and every attachment: change one character and the digest differs. What "
    "was sent can be downloaded with number and query code and its digest computed again with sha256sum. The digest "
    "tells nothing of the content.",
)
_QR: Final = Text("核验网页的二维码", "QR code of the page that verifies this receipt")
_VERIFY: Final = Text("核验这份回执", "Verify this receipt")
_HOW: Final = Text(
    "扫描二维码，或者在核验网页上输入上面的核验码。持有本回执的人都可以核验，核验时看不到申请的内容，也看不到申请人。",
    "Scan this, or type the verification code on the page. Whoever holds this paper can verify it; neither the "
    "content nor the applicant is shown.",
)
_FOOTER: Final = Text(
    "核验码不是查询码，不能用来查询、补正或者撤回申请。查询码不印在本回执上。",
    "This code is not the query code: it opens no case. The query code is not printed here.",
)
