"""Given a reply that withholds a part, the applicant finds what, why, and the next lawful step with its draft."""

import io
from datetime import date

from docx import Document

from casework.law.outcomes import Outcome
from tests import cast
from tests.portal.test_following import replied
from tests.portal.visitor import Visitor, words


def test_from_the_reply_to_the_draft(players: cast.Cast) -> None:
    visitor = Visitor()
    # Given a part that was given with a file, and a part that was withheld
    filed = cast.registered(players, on=date(2026, 11, 2))
    replied(players, filed.case, Outcome.PARTIAL)

    # When the applicant opens the case
    page = words(visitor.opens(filed.case, filed.query_code))

    # Then what was given and what was not stand apart, each with its why
    given, withheld = page.index("给您的"), page.index("没有给您的，以及为什么")
    assert given < page.index("改造项目清单.pdf") < withheld < page.index("条例 37", withheld)
    assert "理由：见附件说明。" in page[withheld:]

    # And the next step comes with organ, last day and draft (复议法 20, 23)
    following = words(visitor.get(f"/follow/{filed.case.pk}/next/"))
    assert "鹤岗市人民政府" in following
    assert "最后一天： 2027年1月15日（周五）" in following
    assert "中不予公开的部分" in following
    draft = visitor.client.get(f"/follow/{filed.case.pk}/next/reconsideration.docx")
    paragraphs = [each.text for each in Document(io.BytesIO(draft.content)).paragraphs]
    assert paragraphs[0] == "行政复议申请书"
    assert any("中不予公开的部分" in each for each in paragraphs)
    assert any(filed.case.acknowledgement.digest in each for each in paragraphs)
    calendar = visitor.client.get(f"/follow/{filed.case.pk}/dates.ics").content.decode()
    assert "20270115" in calendar
