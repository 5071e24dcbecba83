"""Given unclear words, the clerk marks them once, and the applicant answers beside them in a minute (条例 29, 30)."""

from datetime import date

from django.test import Client
from time_machine import Traveller

from casework.models import Case
from tests import cast
from tests.portal.visitor import Visitor, text, words


def test_from_the_mark_to_the_new_date(players: cast.Cast, now: Traveller) -> None:
    visitor = Visitor()
    # Given an application, received on 2 November and due on 30 November
    now.move_to(cast.moment(date(2026, 11, 9)))
    filed = cast.registered(players, on=date(2026, 11, 2))

    # When the clerk copies the unclear words, ticks what is lacking, and tells the applicant on the fifth day
    desk = Client()
    desk.force_login(players.wang)
    form = desk.get(f"/desk/cases/{filed.case.pk}/request_supplement/").content.decode()
    assert 'data-mark="id_excerpts"' in form, "a script can copy what is selected"
    assert 'name="excerpts"' in form, "without one the words are typed"
    told = {
        "version": Case.objects.get().version,
        "lacks": ["description"],
        "excerpts": "老旧小区\n资金安排",
        "unclear": "请写明小区名称，以及资金是预算还是决算。",
        "days": "15",
        "sent": "online",
        "mode": "online",
        "on": "2026-11-09",
        "number": "",
    }
    answer = desk.post(f"/desk/cases/{filed.case.pk}/request_supplement/", told, follow=True)
    supplement = filed.case.supplements.first()
    assert supplement is not None, answer.content.decode()
    assert supplement.excerpts == ["老旧小区", "资金安排"]

    # Then the applicant sees the marked words, what is lacking with its article, the old date and the new
    visitor.opens(filed.case, filed.query_code)
    address = f"/follow/{filed.case.pk}/supplement/"
    page = text(visitor.get(address))
    assert "<mark>老旧小区</mark>改造项目清单及<mark>资金安排</mark>" in page
    read = words(visitor.get(address))
    assert "条例 29(2)(二)" in read
    assert "如果今天收到您的补正：最迟答复日是2026年12月7日（周一）。原来是2026年11月30日（周一）。" in read.replace(
        " ", ""
    )

    # And once it is sent the new date holds
    visitor.send(address, {"answer": "工农小区，决算。"})
    assert Case.objects.get().due_on == date(2026, 12, 7)
