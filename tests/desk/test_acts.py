"""Every act through its page: what it asks, does and refuses, and what happens when somebody was faster."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from casework.actions import approve, clock, consult, decide, fee
from casework.law.clock import Party
from casework.law.outcomes import OUTCOMES, REQUIREMENTS, Outcome
from casework.law.states import State
from casework.law.words import said
from casework.models import Case, Event, Kind, Staff
from tests.cast import (
    FEE,
    Cast,
    cleared,
    closed,
    first_ground,
    found_unreasonable,
    moment,
    proposed,
    registered,
    signed,
    statements,
)
from tests.conftest import AS_OF

TODAY = AS_OF.date()
NOW = moment(TODAY)


def press(client: Client, case: Case, verb: str, **answers: Any) -> Any:
    """Send the form of an act as a browser would that has just drawn the page."""
    fresh = Case.objects.get(pk=case.pk)
    return client.post(f"/desk/cases/{case.pk}/{verb}/", {"version": fresh.version, **answers})


def kinds() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def state(case: Case) -> str:
    return Case.objects.values_list("state", flat=True).get(pk=case.pk)


# Each act does what its verb does ----------------------------------------------------------------------------------


def test_a_head_assigns(players: Cast, li: Client, case: Case) -> None:
    page = li.get(f"/desk/cases/{case.pk}/assign/").content.decode()
    assert "陈晨" in page
    assert "赵钱" not in page
    answer = press(li, case, "assign", clerk=players.chen.pk, division="法规科")
    assert answer.status_code == 302
    assert Case.objects.get().clerk == players.chen


def test_only_a_clerk_of_the_office_can_be_chosen(players: Cast, li: Client, case: Case) -> None:
    answer = press(li, case, "assign", clerk=players.zhao.pk)
    assert "没有这位承办人" in answer.content.decode()
    assert Case.objects.get().clerk == players.wang


def test_a_supplement_is_asked_for_and_recorded(wang: Client, case: Case) -> None:
    page = wang.get(f"/desk/cases/{case.pk}/request_supplement/").content.decode()
    assert 'value="15"' in page
    assert "第7个工作日" in page
    press(wang, case, "request_supplement", **{**GOOD["request_supplement"], "days": "10"})
    assert state(case) == State.SUPPLEMENT_REQUESTED
    press(
        wang,
        case,
        "receive_supplement",
        answer="2025年的。",
        on=TODAY.isoformat(),
        channel="in_person",
        uploads=SimpleUploadedFile("补正.pdf", b"%PDF-1.7"),
    )
    assert state(case) == State.RECEIVED
    assert Case.objects.get().documents.get().media_type == "application/pdf"


def test_after_the_seventh_working_day_the_page_warns(players: Cast, wang: Client) -> None:
    case = registered(players, on=TODAY - timedelta(days=30)).case
    page = wang.get(f"/desk/cases/{case.pk}/request_supplement/").content.decode()
    assert 'class="grave"' in page
    assert "期限不因此重新计算" in page


def test_opinions_are_asked_for_and_recorded(wang: Client, case: Case) -> None:
    press(wang, case, "consult", **GOOD["consult"], party_2="other_agency", name_2="市住建局", party_5="", name_5="")
    assert [c.letter.kind for c in case.consultations.all() if c.letter] == ["third_party", "other_organ"]
    chosen = case.consultations.get(name="市住建局")
    assert chosen.delivered_on == TODAY
    case.consultations.update(delivered_on=None)
    press(
        wang,
        case,
        "record_opinion",
        consultation=chosen.pk,
        consents="no",
        opinion="涉及商业秘密。",
        delivered_on=TODAY.isoformat(),
        answered_on=TODAY.isoformat(),
    )
    chosen.refresh_from_db()
    assert (chosen.consents, chosen.opinion, chosen.delivered_on) == (False, "涉及商业秘密。", TODAY)
    page = wang.get(f"/desk/cases/{case.pk}/record_opinion/").content.decode()
    assert "新业公司" in page
    assert "市住建局" not in page


def test_the_head_sees_the_new_date_before_extending(players: Cast, li: Client, case: Case) -> None:
    assert case.due_on is not None
    page = li.get(f"/desk/cases/{case.pk}/extend/").content.decode()
    calendar = case.agency.calendar
    assert f"现在的最迟答复日是{said(case.due_on)}{'（暂定）' if case.due_is_provisional else ''}。" in page
    longest = calendar.add_workdays(case.due_on, 20)
    assert f"变为{said(longest)}{'' if calendar.known(longest) else '（暂定）'}。" in page
    press(li, case, "extend", working_days="10", reason="检索量大。", mode="online")
    assert Case.objects.get().due_on == calendar.add_workdays(case.due_on, 10)


def test_after_expiry_the_page_says_that_it_is_too_late_to_extend(players: Cast, li: Client) -> None:
    case = registered(players, on=TODAY - timedelta(days=60)).case
    assert 'class="grave"' in li.get(f"/desk/cases/{case.pk}/extend/").content.decode()
    answer = press(li, case, "extend", working_days="10", reason="检索量大。", mode="online")
    assert answer.status_code == 200
    assert "条例 33" in answer.content.decode()
    assert not case.extensions.exists()


def test_a_fee_is_asked_for_and_paid(wang: Client, case: Case) -> None:
    press(wang, case, "notify_fee", tariff="pages", pages="40", mode="email")
    assert state(case) == State.FEE_NOTIFIED
    press(wang, case, "record_fee_delivery", on=TODAY.isoformat())
    press(wang, case, "record_payment", on=TODAY.isoformat(), amount="100", voucher_number="0012345678")
    assert state(case) == State.RECEIVED


def test_reasons_are_asked_for_and_recorded(wang: Client, case: Case) -> None:
    press(wang, case, "ask_reasons", why="本月第四十件。", days="5", mode="online")
    press(wang, case, "record_reasons", answer="研究需要。", on=TODAY.isoformat())
    assert kinds()[-3:] == [Kind.REASONS_ASKED, Kind.LETTER_SENT, Kind.REASONS_RECORDED]
    press(wang, case, "judge_reasons", reasonable="no", grounds="与研究无关。", on=TODAY.isoformat())
    assert kinds()[-1] == Kind.REASONS_JUDGED


def test_a_draft_goes_back_and_is_mended_not_typed_again(players: Cast, wang: Client, li: Client, case: Case) -> None:
    proposed(players, case, Outcome.REFUSED_6, on=TODAY)
    cleared(players, case, on=TODAY)
    press(li, case, "send_back", remark="理由太短。")
    assert state(case) == State.RECEIVED
    choose = wang.get(f"/desk/cases/{case.pk}/propose/").content.decode()
    assert "理由太短。" in choose
    page = wang.get(f"/desk/cases/{case.pk}/propose/", {"outcome": "refused_6"}).content.decode()
    assert "理由：见附件说明。" in page


def test_the_head_signs_what_the_applicant_will_read(players: Cast, li: Client, case: Case) -> None:
    proposed(players, case, Outcome.REFUSED_6, on=TODAY)
    cleared(players, case, on=TODAY)
    page = li.get(f"/desk/cases/{case.pk}/sign/").content.decode()
    for words in ("申请人将看到的答复", "讨论记录", "理由：见附件说明。", "应当先申请行政复议", "王敏"):
        assert words in page
    assert "请勾选" in press(li, case, "sign").content.decode()
    assert state(case) == State.IN_REVIEW
    press(li, case, "sign", sure="on")
    assert state(case) == State.SIGNED


def test_whoever_drafted_cannot_sign(players: Cast, at_desk: Callable[[Staff], Client], case: Case) -> None:
    players.wang.appointments.create(agency=players.dongshan, role="head")
    proposed(players, case, Outcome.GRANTED, on=TODAY)
    cleared(players, case, on=TODAY)
    both = at_desk(Staff.objects.get(pk=players.wang.pk))
    answer = press(both, case, "sign", sure="on")
    assert answer.status_code == 403
    assert "拟稿人不能签发自己拟的答复。" in answer.content.decode()
    assert state(case) == State.IN_REVIEW


def test_a_reply_by_post_needs_the_number_of_the_mail(players: Cast, wang: Client, case: Case) -> None:
    signed(players, case, Outcome.GRANTED, on=TODAY)
    reply = {"mode": "post", "on": TODAY.isoformat(), "sure": "on"}
    answer = press(wang, case, "dispatch", **reply)
    assert "这一项必须填写" in answer.content.decode()
    assert state(case) == State.SIGNED
    press(wang, case, "dispatch", **reply, postal_number="1234567890123")
    assert state(case) == State.DISCLOSED
    press(wang, case, "record_delivery", on=TODAY.isoformat())
    assert kinds()[-1] == Kind.DELIVERY_RECORDED


def test_a_late_reply_is_called_late_before_it_goes(players: Cast, wang: Client) -> None:
    case = registered(players, on=TODAY - timedelta(days=60)).case
    signed(players, case, Outcome.GRANTED, on=TODAY)
    assert "逾期答复" in wang.get(f"/desk/cases/{case.pk}/dispatch/").content.decode()


def test_a_withdrawal_is_said_twice(wang: Client, case: Case) -> None:
    words = {"statement": "申请人当面书面撤回。", "on": TODAY.isoformat()}
    assert "请勾选" in press(wang, case, "withdraw", **words).content.decode()
    assert Case.objects.get().is_open
    press(wang, case, "withdraw", **words, sure="on")
    assert state(case) == State.TERMINATED


# The decision form is the outcome table ----------------------------------------------------------------------------


def test_codes_whose_prerequisite_is_missing_are_closed_and_say_why(wang: Client, case: Case) -> None:
    page = " ".join(wang.get(f"/desk/cases/{case.pk}/propose/").content.decode().split())
    for outcome in Outcome:
        facts = [r for r in OUTCOMES[outcome].needs if not REQUIREMENTS[r].statement]
        closed_ = f'id="code_{outcome.value}" disabled' in page
        assert closed_ is bool(facts), outcome
        for requirement in facts:
            assert f"缺少法定前提“{REQUIREMENTS[requirement].words.zh}”" in page


def test_while_the_supplement_is_awaited_every_code_is_closed(wang: Client, case: Case) -> None:
    press(wang, case, "request_supplement", **{**GOOD["request_supplement"], "days": "10"})
    page = wang.get(f"/desk/cases/{case.pk}/propose/").content.decode()
    assert page.count(" disabled") == len(Outcome)
    assert "期限届满前不能作其他决定" in page


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_code_can_be_proposed_by_its_form(players: Cast, wang: Client, outcome: Outcome) -> None:
    case = registered(players, on=TODAY - timedelta(days=60)).case
    _put_on_file(players, case, outcome)
    address = f"/desk/cases/{case.pk}/propose/"
    page = wang.get(address, {"outcome": outcome.value}).content.decode()
    ground = first_ground(outcome)
    asked = statements(outcome, ground)
    for requirement in asked:
        assert f'name="{requirement}"' in page
    before = {"earlier_on": "2019-06-03"} if "earlier_reply" in asked else {}
    answer = press(wang, case, "propose", outcome=outcome.value, ground=ground, **asked, **before)
    assert answer.status_code == 302, answer.content.decode()
    decision = Case.objects.get(pk=case.pk).current_decision
    assert decision is not None
    assert (decision.outcome, decision.ground, decision.statements) == (outcome, ground, asked)


def _put_on_file(players: Cast, case: Case, outcome: Outcome) -> None:
    """The facts without which the code may not be chosen."""
    early = TODAY - timedelta(days=50)
    then: dict[str, Any] = {"on": early, "by": players.wang, "at": moment(early)}
    match outcome:
        case Outcome.REFUSED_4:
            consult.consult(case, party=Party.THIRD_PARTY, name="新业公司", sent_on=TODAY, by=players.wang, at=NOW)
            asked = case.consultations.get()
            consult.record_opinion(
                asked, answered_on=TODAY, consents=False, opinion="商业秘密。", by=players.wang, at=NOW
            )
            case.refresh_from_db()
        case Outcome.UNAVAILABLE_3:
            clock.request_supplement(case, unclear="请说明。", on=TODAY, by=players.wang, at=NOW)
            clock.receive_supplement(case, answer="不知道。", on=TODAY, by=players.wang, at=NOW)
        case Outcome.NOT_PROCESSED_4:
            found_unreasonable(players, case, on=TODAY)
        case Outcome.OTHER_1:
            clock.request_supplement(case, unclear="请说明。", days=5, **then)
        case Outcome.OTHER_2:
            fee.notify_fee(case, **FEE, delivered_on=early, **then)


def test_a_missing_statement_is_asked_for_beside_its_field(wang: Client, case: Case) -> None:
    answer = press(wang, case, "propose", outcome="refused_1", reasons="属于国家秘密。", separability=" ")
    page = answer.content.decode()
    assert "请填写“法律依据”。" in page
    assert "请填写“是否可以区分处理”。" in page
    assert "属于国家秘密。" in page
    assert state(case) == State.RECEIVED


def test_what_only_one_ground_wants_is_asked_for_on_that_ground_alone(wang: Client, case: Case) -> None:
    answers = {"outcome": "unavailable_1", "reasons": "没有制作。"}
    assert "请填写“检索记录”。" in press(wang, case, "propose", ground="not_existing", **answers).content.decode()
    assert "请选择具体情形" in press(wang, case, "propose", **answers).content.decode()
    press(wang, case, "propose", ground="other_body", competent_body="市住建局。", search_record="多余的", **answers)
    decision = Case.objects.get().current_decision
    assert decision is not None
    assert decision.statements == {"reasons": "没有制作。", "competent_body": "市住建局。"}


@pytest.mark.parametrize("code", ["", "refused_9", "granted'", "GRANTED", "x" * 1000, "a\0"])
def test_an_unknown_code_leads_back_to_the_choice(wang: Client, case: Case, code: str) -> None:
    for answer in (
        wang.get(f"/desk/cases/{case.pk}/propose/", {"outcome": code}),
        press(wang, case, "propose", outcome=code, reasons="理由"),
    ):
        assert answer.status_code == 200
        assert "请选择一种办理结果" in answer.content.decode()
    assert state(case) == State.RECEIVED


def test_a_code_that_is_closed_is_refused_with_its_article(wang: Client, case: Case) -> None:
    answer = press(
        wang, case, "propose", outcome="refused_4", ground="privacy", reasons="隐私。", separability="不能区分。"
    )
    page = answer.content.decode()
    assert "缺少法定前提" in page
    assert "条例 15、32" in page
    assert state(case) == State.RECEIVED


# Somebody was faster -----------------------------------------------------------------------------------------------


def test_two_clerks_at_once_have_one_winner_and_one_clear_message(
    players: Cast, wang: Client, at_desk: Callable[[Staff], Client], case: Case
) -> None:
    chen = at_desk(players.chen)
    version = Case.objects.get().version
    granted = {"version": version, "outcome": "granted", "ground": "provided", "route": "附件。"}
    refused = {
        "version": version,
        "outcome": "refused_6",
        "ground": "draft",
        "reasons": "尚在讨论，不宜公开。",
        "separability": "不能区分。",
    }
    assert wang.post(f"/desk/cases/{case.pk}/propose/", granted).status_code == 302
    answer = chen.post(f"/desk/cases/{case.pk}/propose/", refused)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert page.count("刚刚被别人处理过") == 1
    assert "审签中" in page
    assert "尚在讨论，不宜公开。" in page, "what was typed must not be lost"
    decision = Case.objects.get().current_decision
    assert decision is not None
    assert decision.outcome == Outcome.GRANTED


@pytest.mark.parametrize("version", ["-1", "", "abc", "1.0", "9" * 5000])
def test_a_form_without_the_version_of_the_page_conflicts(wang: Client, case: Case, version: str) -> None:
    answer = wang.post(
        f"/desk/cases/{case.pk}/consult/",
        {"version": version, **GOOD["consult"]},
    )
    assert answer.status_code == 409
    assert not case.consultations.exists()


def test_an_act_that_the_state_forbids_is_explained(players: Cast, wang: Client, case: Case) -> None:
    closed(players, case, Outcome.GRANTED, on=TODAY)
    answer = wang.get(f"/desk/cases/{case.pk}/withdraw/")
    assert answer.status_code == 403
    assert "本件现在的状态是“已办结：予以公开”。" in answer.content.decode()


# Bad input: a sentence, and nothing stored ---------------------------------------------------------------------------

TOMORROW = (TODAY + timedelta(days=1)).isoformat()
BAD = [
    ("request_supplement", {"mode": "courier"}, "请选择怎样送出"),
    ("request_supplement", {"lacks": "purpose"}, "请选择缺少或者不明确的是什么"),
    ("request_supplement", {"excerpts": "申请公开\n会议纪要"}, "申请中没有“会议纪要”"),
    ("withdraw", {"on": TOMORROW}, "还没有到"),
    ("withdraw", {"on": "2026-02-30"}, "日历上没有"),
    ("withdraw", {"on": "昨天"}, "不是日期"),
    ("withdraw", {"on": ""}, "请填写日期"),
    ("withdraw", {"on": (TODAY - timedelta(days=1)).isoformat()}, "早于"),
    ("withdraw", {"on": "0001-01-01"}, "早于"),
    ("request_supplement", {"days": "0"}, "1至120"),
    ("request_supplement", {"days": "-1"}, "1至120"),
    ("request_supplement", {"days": "十五"}, "1至120"),
    ("request_supplement", {"days": "9" * 5000}, "1至120"),
    ("request_supplement", {"unclear": " \u3000\n"}, "请写明需要补正的事项"),
    ("request_supplement", {"unclear": "。"}, None),
    ("request_supplement", {"unclear": "哪\0年"}, "控制字符"),
    ("request_supplement", {"unclear": "哪\u202e年"}, "控制字符"),
    ("request_supplement", {"unclear": "长" * 5001}, "最多 5,000 个字"),
    ("request_supplement", {"unclear": "长" * 10_000_000}, "10,000,000"),
    ("consult", {"party_1": "neighbour"}, "请选择征求谁的意见"),
    ("consult", {"name_1": "\u200b"}, "请填写第三方或者机关的名称"),
    ("consult", {"party_2": "third_party"}, "请填写第三方或者机关的名称"),
    ("consult", {"name_3": "乙公司"}, "请选择征求谁的意见"),
    ("consult", {"mode": "email"}, "请填写对方的电子邮箱"),
    ("consult", {"mode": "email", "email_1": "a@b"}, "写法不对"),
    ("consult", {"mode": "email", "email_1": "a@b.example"}, "没有设置本网站的网址"),
    ("consult", {"mode": "pigeon"}, "请选择怎样送达"),
    ("consult", {"summary": "张三要的合同"}, "不得出现申请人的姓名"),
    ("notify_fee", {"amount": "500"}, "收费金额由系统计算，不能填写"),
    ("notify_fee", {"tariff": "items"}, "每月10件以下（含10件）的不收费"),
    ("notify_fee", {"tariff": "both"}, "请选择一种计收方式"),
    ("notify_fee", {"pages": "30"}, "30页以下（含30页）的不收费"),
    ("notify_fee", {"pages": ""}, "按量计收的，请填写页数"),
    ("notify_fee", {"pages": "-5"}, "之间的整数"),
    ("notify_fee", {"pages": "9" * 5000}, "之间的整数"),
    ("ask_reasons", {"days": "0"}, "1至120"),
    ("ask_extension", {"working_days": "21"}, "1至20"),
    ("ask_extension", {"reason": " "}, "请写明延长的理由"),
    ("ask_reasons", {"why": "a\x08b"}, "U+0008"),
    ("withdraw", {"on": TOMORROW}, "还没有到"),
]
GOOD = {
    "request_supplement": {"unclear": "请说明。", "days": "15", "mode": "online", "lacks": "description"},
    "consult": {"summary": "改造合同", "party_1": "third_party", "name_1": "新业公司", "mode": "in_person"},
    "notify_fee": {"tariff": "pages", "pages": "40", "mode": "online"},
    "ask_extension": {"working_days": "20", "reason": "检索量大。"},
    "ask_reasons": {"why": "第四十件。", "days": "15", "mode": "online"},
    "withdraw": {"statement": "书面撤回。", "on": TODAY.isoformat(), "sure": "on"},
}


@pytest.mark.parametrize(
    ("verb", "wrong", "sentence"), [row for row in BAD if row[2]], ids=[str(n) for n, row in enumerate(BAD) if row[2]]
)
def test_wrong_answers_get_a_sentence_and_leave_nothing(
    wang: Client, case: Case, verb: str, wrong: dict[str, str], sentence: str
) -> None:
    before = Case.objects.values().get()
    answer = press(wang, case, verb, **{**GOOD[verb], **wrong})
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert "有问题需要改正" in answer.content.decode()
    assert Case.objects.values().get() == before
    assert kinds() == [Kind.REGISTERED]


@pytest.mark.parametrize("verb", GOOD)
def test_the_same_answers_without_the_mistake_are_taken(wang: Client, case: Case, verb: str) -> None:
    assert press(wang, case, verb, **GOOD[verb]).status_code == 302


def test_emoji_and_rare_characters_are_kept(wang: Client, case: Case) -> None:
    text = "请说明𠮷祥村🏠的地址。"
    press(wang, case, "request_supplement", **{**GOOD["request_supplement"], "unclear": text})
    assert case.supplements.get().unclear == text


def test_an_answer_before_the_question_is_refused(players: Cast, wang: Client) -> None:
    case = registered(players, on=TODAY - timedelta(days=3)).case
    clock.request_supplement(case, unclear="请说明。", on=TODAY, by=players.wang, at=NOW)
    answer = press(
        wang, case, "receive_supplement", answer="说明。", channel="email", on=(TODAY - timedelta(days=2)).isoformat()
    )
    assert "早于" in answer.content.decode()
    assert state(case) == State.SUPPLEMENT_REQUESTED


def test_a_reply_before_its_signature_is_refused(players: Cast, wang: Client) -> None:
    case = registered(players, on=TODAY - timedelta(days=9)).case
    decide.propose(
        case, outcome=Outcome.GRANTED, ground="provided", statements={"route": "附件。"}, by=players.wang, at=NOW
    )
    cleared(players, case, on=TODAY)
    approve.sign(case, by=players.li, at=NOW)
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    answer = press(wang, case, "dispatch", mode="online", on=yesterday, sure="on")
    assert "早于" in answer.content.decode()
    assert state(case) == State.SIGNED


def test_files_that_are_empty_or_too_large_are_refused(
    players: Cast, wang: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casework.fields.LARGEST", 10)
    answers = {"outcome": "granted", "ground": "provided", "route": "附件。"}
    for content, sentence in ((b"", "空"), (b"x" * 11, "超过20 MB")):
        answer = press(wang, case, "propose", **answers, uploads=SimpleUploadedFile("附件.pdf", content))
        assert sentence in answer.content.decode()
    assert state(case) == State.RECEIVED
    two = [SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("../../b.txt", b"b")]
    press(wang, case, "propose", **answers, uploads=two)
    assert sorted(case.documents.values_list("name", flat=True)) == ["a.txt", "b.txt"]
