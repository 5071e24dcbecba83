"""Documents leave by the pages of the desk: at once, or made today and recorded when they have been posted."""

from typing import Any

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from casework.actions import clock, deliver
from casework.law.outcomes import Outcome
from casework.models import Case, DispatchMode, Letter
from tests.cast import Cast, moment, registered, signed
from tests.conftest import AS_OF
from tests.desk.test_letters import content

TODAY = AS_OF.date()


def press(client: Client, case: Case, verb: str, *, follow: bool = False, **answers: Any) -> Any:
    """Send the form of an act as a browser would that has just drawn the page."""
    fresh = Case.objects.get(pk=case.pk)
    return client.post(f"/desk/cases/{case.pk}/{verb}/", {"version": fresh.version, **answers}, follow=follow)


def test_a_notice_by_post_is_made_first_and_sent_when_it_has_been_posted(players: Cast, wang: Client) -> None:
    case = registered(players, on=TODAY).case
    answers: dict[str, Any] = {"lacks": "description", "unclear": "哪一年的？", "days": "10", "mode": "post"}
    done = press(wang, case, "request_supplement", follow=True, **answers)
    assert "请打印交邮" in done.content.decode()
    page = wang.get(f"/desk/cases/{case.pk}/").content.decode()
    assert "还没有送出" in page
    assert "登记送出文书" in page
    assert wang.get(f"/desk/cases/{case.pk}/request_supplement/").status_code == 403
    letter = Letter.objects.get()
    assert content(wang.get(f"/desk/cases/{case.pk}/letters/{letter.pk}.pdf")).startswith(b"%PDF")
    sent: dict[str, Any] = {"letter": letter.pk, "mode": "post", "on": TODAY.isoformat()}
    assert "必须填写" in press(wang, case, "send", **sent).content.decode()
    press(wang, case, "send", **sent, postal_number="XA123")
    assert Case.objects.get().state == "supplement_requested"
    page = wang.get(f"/desk/cases/{case.pk}/").content.decode()
    assert "XA123" in page
    assert not Letter.objects.not_sent().exists()


def test_a_letter_of_another_case_cannot_be_sent_from_here(players: Cast, wang: Client) -> None:
    case, other = registered(players, on=TODAY).case, registered(players, on=TODAY).case
    for each in (case, other):
        press(wang, each, "request_supplement", lacks="form", unclear="哪一年的？", days="10", mode="post")
    foreign = other.letters.get()
    page = press(wang, case, "send", letter=foreign.pk, mode="post", on=TODAY.isoformat(), postal_number="XA1")
    assert "请选择送出了哪一份文书" in page.content.decode()
    assert wang.get(f"/desk/cases/{case.pk}/letters/{foreign.pk}.pdf").status_code == 404


def posted(players: Cast) -> Case:
    case = registered(players, on=TODAY).case
    signed(players, case, Outcome.REFUSED_5, on=TODAY)
    at = moment(TODAY, 16)
    deliver.dispatch(case, mode=DispatchMode.POST, postal_number="XA1", on=TODAY, by=players.wang, at=at)
    return case


def test_returned_mail_is_recorded_shown_and_sent_again(
    players: Cast, wang: Client, now: time_machine.Traveller
) -> None:
    now.move_to(moment(TODAY, 18))
    wang.force_login(players.wang)  # the morning’s session has ended
    case = posted(players)
    assert "退回原因" in press(wang, case, "record_return", on=TODAY.isoformat()).content.decode()
    press(wang, case, "record_return", on=TODAY.isoformat(), reason="查无此人")
    page = wang.get(f"/desk/cases/{case.pk}/").content.decode()
    assert "退回，需要重新送达" in page
    assert "查无此人" in page
    assert f'href="/desk/cases/{case.pk}/redispatch/"' in page
    assert case.number in wang.get("/desk/", {"show": "returned"}).content.decode()
    witness = "拒绝签收，居委会刘某见证。"
    press(wang, case, "redispatch", mode="in_person", on=TODAY.isoformat(), witness=witness)
    page = wang.get(f"/desk/cases/{case.pk}/").content.decode()
    assert witness in page
    assert f'href="/desk/cases/{case.pk}/redispatch/"' not in page


def test_a_day_of_delivery_is_corrected_with_a_reason(players: Cast, wang: Client, now: time_machine.Traveller) -> None:
    now.move_to(moment(TODAY, 18))
    wang.force_login(players.wang)  # the morning’s session has ended
    case = posted(players)
    press(wang, case, "record_delivery", on=TODAY.isoformat())
    assert "请写明理由" in press(wang, case, "record_delivery", on=TODAY.isoformat()).content.decode()
    press(wang, case, "record_delivery", on=TODAY.isoformat(), reason="看错了邮戳")
    assert "看错了邮戳" in wang.get(f"/desk/cases/{case.pk}/").content.decode()


def test_the_proof_of_service_is_printed_and_its_scan_filed(
    players: Cast, wang: Client, now: time_machine.Traveller
) -> None:
    now.move_to(moment(TODAY, 18))
    wang.force_login(players.wang)  # the morning’s session has ended
    case = posted(players)
    assert wang.get(f"/desk/cases/{case.pk}/service.pdf").content.startswith(b"%PDF")
    press(wang, case, "file_proof", uploads=SimpleUploadedFile("送达回证.pdf", b"%PDF-1.7"))
    page = wang.get(f"/desk/cases/{case.pk}/").content.decode()
    assert "送达回证.pdf" in page


def test_without_a_letter_there_is_nothing_to_prove(players: Cast, wang: Client) -> None:
    case = registered(players, on=TODAY).case
    assert wang.get(f"/desk/cases/{case.pk}/service.pdf").status_code == 404


def test_of_several_the_clerk_says_which_came_back(players: Cast, wang: Client, now: time_machine.Traveller) -> None:
    now.move_to(moment(TODAY, 18))
    wang.force_login(players.wang)  # the morning’s session has ended
    case = registered(players, on=TODAY).case
    press(wang, case, "request_supplement", lacks="form", unclear="哪一年的？", days="10", mode="email")
    clock.receive_supplement(Case.objects.get(), answer="今年的。", on=TODAY, by=None, at=moment(TODAY, 18))
    signed(players, Case.objects.get(), Outcome.GRANTED, on=TODAY)
    press(wang, case, "dispatch", mode="post", postal_number="XA1", on=TODAY.isoformat(), sure="on")
    page = wang.get(f"/desk/cases/{case.pk}/record_return/").content.decode()
    assert (
        "请选择是哪一份文书" in press(wang, case, "record_return", on=TODAY.isoformat(), reason="甲").content.decode()
    )
    assert "补正告知书" in page
    chosen = case.deliveries.get(decision__isnull=False)
    press(wang, case, "record_return", delivery=chosen.pk, on=TODAY.isoformat(), reason="甲")
    assert list(case.deliveries.returned()) == [chosen]
