"""What an office tells the public in its own words, and where each text is read. Plain words, never a legal rule.

条例 12 wants the guide of every office to name its address, hours and ways of contact; the others are its own.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .words import Text


class Place(StrEnum):
    """Where a text of the office stands."""

    COUNTER = "counter"
    HOURS = "hours"
    BEFORE = "before"
    FEES = "fees"
    RECEIPT = "receipt"
    REPLY = "reply"


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """``words``: its heading, above the text wherever it is read. ``read_at``: said to whoever writes it."""

    place: Place
    words: Text
    read_at: Text
    law: str = ""
    longest: int = 2000


PLACES: Final[dict[Place, PlaceRow]] = {
    row.place: row
    for row in (
        PlaceRow(
            Place.COUNTER,
            Text("受理窗口", "The counter"),
            Text("机关介绍页：地址、楼层、怎样到达。", "On the page of the office: address, floor, how to get there."),
            "条例 12",
            600,
        ),
        PlaceRow(
            Place.HOURS,
            Text("办公时间", "Opening hours"),
            Text("机关介绍页：工作日的时间，节假日怎样办理。", "On the page of the office: hours and holidays."),
            "条例 12",
            600,
        ),
        PlaceRow(
            Place.BEFORE,
            Text("申请之前", "Before you apply"),
            Text(
                "机关介绍页，以及填写申请内容的那一步：常见的信息在哪里可以直接查到，哪些由别的机关掌握。",
                "On the page of the office, and where an application is described: what can be looked up elsewhere.",
            ),
        ),
        PlaceRow(
            Place.FEES,
            Text("收费说明", "About fees"),
            Text(
                "机关介绍页，以及提交申请前的核对页。收费标准由国务院规定，这里不能另定（条例 42）。",
                "On the page of the office, and where an application is checked. The State Council sets the tariff.",
            ),
            "条例 42",
        ),
        PlaceRow(
            Place.RECEIPT,
            Text("提交以后", "After you have applied"),
            Text(
                "提交成功的页面：怎样联系、什么时候会有消息。",
                "On the page after an application was sent: how to get in touch, when to expect news.",
            ),
        ),
        PlaceRow(
            Place.REPLY,
            Text("收到答复以后", "After the reply"),
            Text(
                "申请人看答复的页面：对答复有疑问时找谁。救济途径由系统按法律写明，不在这里写。",
                "Where an applicant reads the reply: whom to ask about it. The remedies are told by the system.",
            ),
        ),
    )
}
