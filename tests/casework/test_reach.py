"""Who is told by which ways, and when: people by their choice, applicants by theirs, machines by what they asked."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection, transaction
from django.template.loader import get_template
from django.test.utils import CaptureQueriesContext

from casework import sweeps, webhooks
from casework.actions import clock, contact, correction, intake
from casework.actions import webhooks as webhook_acts
from casework.actions.preferences import choose
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Case, Event, Group, Kind, Preference, Role, Staff
from casework.notices import NOTICES, Audience
from casework.reach import Reach
from notifications.models import Message
from notifications.outbox import post
from notifications.posting import Channel, Posting
from notifications.wording import text_message
from tests import correcting
from tests.cast import Cast, moment, person, proposed, registered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("november_18")]

#: A Wednesday.
TODAY = date(2026, 11, 18)
AS_OF = moment(TODAY)
EVENING = moment(TODAY, 21)


def prefer(staff: Staff, *, email: bool = True, sms: bool = False, daily: bool = False, **hours: object) -> None:
    usual: dict[str, object] = {
        "phone": "13900139000",
        "language": "zh-hans",
        "quiet_from": time(20),
        "quiet_until": time(8),
        "quiet_rest_days": True,
    }
    ways = {"email": email, "sms": sms, "daily": daily}
    choose(by=staff, choices=dict.fromkeys(Group.values, ways), **{**usual, **hours})  # type: ignore[arg-type]


def ways(staff: Staff, notice: str) -> dict[str, datetime]:
    """Channel → when it leaves, of the one notice that this person was sent."""
    return dict(Message.objects.filter(recipient=staff, notice=notice).values_list("channel", "due_at"))


def to_applicant(case: Case, notice: str) -> dict[str, str]:
    """Channel → address."""
    rows = Message.objects.filter(subject_ref=f"case:{case.pk}", notice=notice).exclude(address="")
    return dict(rows.values_list("channel", "address"))


@pytest.fixture
def chen(players: Cast) -> Staff:
    Staff.objects.filter(pk=players.chen.pk).update(email="chen@office.example.cn")
    players.chen.refresh_from_db()
    return players.chen


def assign(players: Cast, chen: Staff, *, at: datetime) -> Case:
    case = registered(players, on=TODAY).case
    intake.assign(case, clerk=chen, by=players.wang, at=at)
    return case


# ── Staff ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_whoever_chose_nothing_is_told_in_the_inbox_and_by_mail(players: Cast, chen: Staff) -> None:
    assign(players, chen, at=AS_OF)
    assert ways(chen, "assigned") == {"inbox": AS_OF, "email": AS_OF}


@pytest.mark.parametrize(
    ("email", "sms", "told"),
    [(True, True, {"inbox", "email", "sms"}), (False, True, {"inbox", "sms"}), (False, False, {"inbox"})],
)
def test_a_person_is_told_by_the_ways_they_chose_and_always_in_the_inbox(
    players: Cast, chen: Staff, email: bool, sms: bool, told: set[str]
) -> None:
    prefer(chen, email=email, sms=sms)
    chen.refresh_from_db()
    assign(players, chen, at=AS_OF)
    assert set(ways(chen, "assigned")) == told


def test_each_group_goes_its_own_ways(players: Cast, chen: Staff) -> None:
    prefer(chen)
    chen.preference.choices.filter(group=Group.WORK).update(email=False)
    assign(players, chen, at=AS_OF)
    sweeps.remind(at=AS_OF + timedelta(days=23))
    assert set(ways(chen, "assigned")) == {"inbox"}
    assert set(ways(chen, "due_soon")) == {"inbox", "email"}


def test_without_a_gateway_nobody_is_texted(players: Cast, chen: Staff, settings: object) -> None:
    settings.SMS_GATEWAY = ""  # type: ignore[attr-defined]
    prefer(chen, sms=True)
    chen.refresh_from_db()
    assign(players, chen, at=AS_OF)
    assert set(ways(chen, "assigned")) == {"inbox", "email"}


def test_at_night_only_the_inbox_is_filled_and_the_mail_leaves_in_the_morning(players: Cast, chen: Staff) -> None:
    assign(players, chen, at=EVENING)
    assert ways(chen, "assigned") == {"inbox": EVENING, "email": moment(TODAY + timedelta(days=1), 8)}


def test_the_days_off_are_those_of_the_agencys_calendar(players: Cast, chen: Staff) -> None:
    """30 September 2026, a Wednesday; the National Day holiday is 1 to 7 October."""
    case = registered(players, on=date(2026, 9, 30)).case
    intake.assign(case, clerk=chen, by=players.wang, at=moment(date(2026, 9, 30), 21))
    assert ways(chen, "assigned")["email"] == moment(date(2026, 10, 8), 8)


def test_a_person_sets_their_own_hours(players: Cast, chen: Staff) -> None:
    prefer(chen, quiet_from=time(9), quiet_until=time(11))
    assign(players, chen, at=AS_OF)
    assert ways(chen, "assigned")["email"] == moment(TODAY, 11)


def test_what_is_chosen_daily_leaves_with_the_others_of_the_day(players: Cast, chen: Staff) -> None:
    prefer(chen, daily=True)
    assign(players, chen, at=AS_OF)
    assign(players, chen, at=AS_OF + timedelta(hours=5))
    mails = Message.objects.filter(recipient=chen, channel="email")
    morning = moment(TODAY + timedelta(days=1), 8) + timedelta(minutes=30)
    assert set(mails.values_list("due_at", "bundles")) == {(morning, True)}


def test_what_is_due_today_is_not_held(players: Cast, chen: Staff) -> None:
    case = registered(players, on=TODAY).case
    intake.assign(case, clerk=chen, by=players.wang, at=AS_OF)
    assert case.due_on is not None
    early = moment(case.due_on, 7)
    sweeps.remind(at=early)
    assert ways(chen, "due_soon")["email"] == moment(case.due_on, 8)


def test_what_is_overdue_is_told_on_a_day_off_at_once(players: Cast, chen: Staff) -> None:
    case = registered(players, on=TODAY).case
    intake.assign(case, clerk=chen, by=players.wang, at=AS_OF)
    assert case.due_on is not None
    saturday = moment(case.due_on + timedelta(days=(5 - case.due_on.weekday()) % 7 or 7), 9)
    sweeps.remind(at=saturday)
    assert ways(chen, "due_soon")["email"] == saturday


def test_a_person_reads_in_the_language_they_chose(players: Cast, chen: Staff) -> None:
    prefer(chen, language="en")
    assign(players, chen, at=AS_OF)
    assert set(Message.objects.filter(recipient=chen).values_list("language", flat=True)) == {"en"}


def test_the_choices_of_many_people_cost_two_queries(players: Cast) -> None:
    people = [person(f"p{n}", "", players.dongshan, Role.HEAD) for n in range(20)]
    for each in people:
        prefer(each)
    with CaptureQueriesContext(connection) as asked:
        Reach().read(people)
    assert len(asked) == 2


# ── Applicants ───────────────────────────────────────────────────────────────────────────────────────────────────────

PHONE, EMAIL = "138-0000-0000", "zhang.san@example.cn"
MOBILE = "13800000000"
APPLICANTS: list[tuple[str, str, str, set[str], set[str]]] = [
    # phone, e-mail, chosen; by which ways a request for a supplement goes, and word of the receipt
    (PHONE, EMAIL, "email", {"email"}, {"email"}),
    (PHONE, EMAIL, "sms", {"sms"}, {"sms"}),
    (PHONE, EMAIL, "both", {"email", "sms"}, {"email", "sms"}),
    (PHONE, "", "email", {"sms"}, set()),
    (PHONE, "", "sms", {"sms"}, {"sms"}),
    ("0468-8223344", EMAIL, "email", {"email"}, {"email"}),
    ("0468-8223344", EMAIL, "sms", {"email"}, {"email"}),
    ("0468-8223344", "", "email", set(), set()),
    ("", EMAIL, "both", {"email"}, {"email"}),
]


@pytest.mark.parametrize(("phone", "email", "told_by", "to_do", "to_know"), APPLICANTS)
def test_by_which_ways_an_applicant_is_told(
    players: Cast, phone: str, email: str, told_by: str, to_do: set[str], to_know: set[str]
) -> None:
    case = registered(players, on=TODAY, phone=phone, email=email, told_by=told_by).case
    clock.request_supplement(case, unclear="请写明年份。", on=TODAY, by=players.wang, at=AS_OF)
    assert set(to_applicant(case, "supplement_wanted")) == to_do
    assert set(to_applicant(case, "application_received")) == to_know
    assert to_applicant(case, "supplement_wanted").get("sms", MOBILE) == MOBILE


@pytest.mark.parametrize("hour", [21, 23, 3])
def test_an_applicant_is_texted_by_day_and_mailed_at_once(players: Cast, hour: int) -> None:
    case = registered(players, on=TODAY, email=EMAIL, told_by="both").case
    at = moment(TODAY + timedelta(days=hour < 8), hour)
    clock.request_supplement(case, unclear="请写明年份。", on=at.date(), by=players.wang, at=at)
    left = dict(Message.objects.filter(notice="supplement_wanted").values_list("channel", "due_at"))
    assert left == {"email": at, "sms": moment(TODAY + timedelta(days=1), 8)}


def test_on_saturday_an_applicant_is_texted(players: Cast) -> None:
    case = registered(players, on=TODAY).case
    saturday = moment(date(2026, 11, 21), 9)
    clock.request_supplement(case, unclear="请写明年份。", on=saturday.date(), by=players.wang, at=saturday)
    assert Message.objects.get(notice="supplement_wanted", channel="sms").due_at == saturday


def test_an_applicant_may_do_without_what_moves_no_period_and_nothing_else(players: Cast) -> None:
    case = registered(players, on=TODAY, email=EMAIL).case
    contact.choose_notices(case, phone="", email=EMAIL, told_by="email", told_less=True, at=AS_OF)
    clock.request_supplement(case, unclear="请写明年份。", on=TODAY, by=players.wang, at=AS_OF)
    clock.receive_supplement(case, answer="2025年。", on=TODAY, by=players.wang, at=AS_OF)
    assert to_applicant(case, "supplement_wanted")
    assert not to_applicant(case, "supplement_received")


#: Notices to an applicant without which no period would start, move or end otherwise.
OPTIONAL = {"application_received", "supplement_received", "fee_paid", "like_reply_public", "reply_to_be_public"}
#: After these the applicant has something to do.
TEXTED = {"supplement_wanted", "fee_wanted", "reasons_wanted", "reply_sent"}


def test_what_is_texted_and_what_may_be_left_out_is_said_here() -> None:
    rows = [notice for row in NOTICES.values() for notice in row if notice.to is Audience.APPLICANT]
    assert {notice.name for notice in rows if notice.optional} == OPTIONAL
    assert {notice.name for notice in rows if notice.texted} >= TEXTED
    assert not [notice for row in NOTICES.values() for notice in row if notice.texted and notice not in rows]


NAMES = sorted({notice.name for row in NOTICES.values() for notice in row})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_text_is_short_signed_without_a_link_and_names_nobody(name: str, language: str) -> None:
    get_template(f"mail/{name}/subject.txt")
    context = {
        "number": "东政公开申〔2026〕1234号",
        "agency": "东山区人民政府办公室",
        "count": 12,
        "until_on": "2026-12-09",
        "due_on": "2026-12-16",
        "days_left": 3,
        "outcome": Outcome.GRANTED.value,
        "year": 2027,
    }
    text = text_message(Message(notice=name, context=context, language=language, path="/follow/"))
    assert text.startswith("【东山区人民政府办公室】")
    assert len(text) <= (70 if language == "zh-hans" else 160)
    assert "http" not in text


# ── Machines ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def gao(players: Cast) -> Staff:
    return person("gao", "高理", players.dongshan, Role.AGENCY_ADMINISTRATOR)


@pytest.fixture
def _any_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """The network is not asked."""
    monkeypatch.setattr(webhooks, "check_url", lambda _url: None)


def calls() -> list[Message]:
    return list(Message.objects.filter(channel="webhook"))


@pytest.mark.usefixtures("_any_address")
def test_a_machine_hears_of_what_it_asked_for_and_of_nobody(players: Cast, gao: Staff) -> None:
    endpoint, secret = webhook_acts.add(
        players.dongshan, url="https://hook.example/", topics=["clock"], by=gao, at=AS_OF
    )
    assert endpoint.secrets_at(AS_OF) == (secret,)
    assert secret.encode() not in bytes(endpoint.secret_sealed)
    case = registered(players, on=TODAY, email=EMAIL).case
    clock.request_supplement(case, unclear="请写明年份。", on=TODAY, by=players.wang, at=AS_OF)
    (call,) = calls()
    assert (call.address, call.owner_ref) == (f"endpoint:{endpoint.pk}", f"agency:{players.dongshan.pk}")
    assert call.context == {
        "type": "case.supplement_requested",
        "happened_at": AS_OF.isoformat(),
        "data": {
            "agency": "230406",
            "case": case.number,
            "state": "supplement_requested",
            "due_on": case.due_on.isoformat() if case.due_on else None,
            "provisional": case.due_is_provisional,
        },
    }


@pytest.mark.usefixtures("_any_address")
def test_a_machine_hears_of_requests_for_correction_and_of_nobody(players: Cast, gao: Staff) -> None:
    """条例 41: that one came, what was awaited and came, how it ended; who took it in hand stays inside."""
    webhook_acts.add(players.dongshan, url="https://hook.example/", topics=["correction"], by=gao, at=AS_OF)
    webhook_acts.add(players.dongshan, url="https://other.example/", topics=["arrived"], by=gao, at=AS_OF)
    made = correcting.filed(players, on=TODAY, agency=players.dongshan)
    due = made.due()
    correction.take(made, by=players.wang, at=AS_OF)
    correction.ask(made, text="请张三补充户口簿。", by=players.wang, at=AS_OF)
    correction.answer(made, text="张三：已经补充。", at=AS_OF)
    correction.put_right(made, reply="张三的记录已经更正。", by=players.wang, at=AS_OF)
    correction.record_opened(made, at=AS_OF)
    told = [message.context for message in calls()]
    assert [each["type"] for each in told] == [
        f"correction.{kind}" for kind in ("filed", "asked", "answered", "corrected")
    ]
    assert [(each["data"]["standing"], each["data"]["ending"]) for each in told] == [
        ("received", ""), ("asked", ""), ("received", ""), ("closed", "corrected"),
    ]  # fmt: skip
    assert told[0]["data"] == {
        "agency": "230406",
        "correction": made.number,
        "standing": "received",
        "ending": "",
        "due_on": due.due_on.isoformat() if due.due_on else None,
        "provisional": due.provisional,
    }
    assert [each["data"]["due_on"] is None for each in told] == [False, True, False, True]
    assert "张三" not in str(told)


@pytest.mark.usefixtures("_any_address")
def test_a_secret_that_was_changed_signs_beside_the_new_one_for_a_day(players: Cast, gao: Staff) -> None:
    endpoint, before = webhook_acts.add(players.dongshan, url="https://h.cn/", topics=["clock"], by=gao, at=AS_OF)
    after = webhook_acts.rotate(endpoint, by=gao, at=AS_OF)
    endpoint.refresh_from_db()
    assert endpoint.secrets_at(AS_OF + timedelta(hours=23)) == (after, before)
    assert endpoint.secrets_at(AS_OF + timedelta(hours=25)) == (after,)


@pytest.mark.usefixtures("_any_address")
def test_a_ping_is_a_call_and_a_disabled_endpoint_is_not_called(players: Cast, gao: Staff) -> None:
    endpoint, secret = webhook_acts.add(players.dongshan, url="https://h.cn/", topics=["arrived"], by=gao, at=AS_OF)
    webhook_acts.ping(endpoint, by=gao, at=AS_OF)
    (call,) = calls()
    assert call.context["type"] == "ping"
    found = webhooks.endpoint_of(call.address, call)
    assert found is not None
    assert (found.url, found.secrets) == ("https://h.cn/", (secret,))
    webhook_acts.disable(endpoint, by=gao, at=AS_OF)
    assert webhooks.endpoint_of(call.address, call) is None
    registered(players, on=TODAY)
    assert calls() == [call]
    with pytest.raises(Refused):
        webhook_acts.ping(endpoint, by=gao, at=AS_OF)


def test_only_an_administrator_of_the_agency_sets_a_webhook(players: Cast, gao: Staff) -> None:
    for by, agency in ((players.li, players.dongshan), (gao, players.elsewhere)):
        with pytest.raises(Refused):
            webhook_acts.add(agency, url="https://h.cn/", topics=["clock"], by=by, at=AS_OF)


@pytest.mark.parametrize(
    "url", ["http://93.184.216.34/", "https://127.0.0.1/", "https://a:b@93.184.216.34/", "x" * 501]
)
def test_an_address_that_may_not_be_called_is_refused_with_the_field(players: Cast, gao: Staff, url: str) -> None:
    with pytest.raises(Refused) as refused:
        webhook_acts.add(players.dongshan, url=url, topics=["clock"], by=gao, at=AS_OF)
    assert refused.value.field == "url"


@pytest.mark.parametrize("topics", [[], ["gossip"]])
@pytest.mark.usefixtures("_any_address")
def test_a_topic_has_to_be_one_of_the_table(players: Cast, gao: Staff, topics: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        webhook_acts.add(players.dongshan, url="https://h.cn/", topics=topics, by=gao, at=AS_OF)
    assert refused.value.field == "topics"


def test_every_kind_of_event_is_told_under_one_topic() -> None:
    assert {webhooks.topic_of(kind) for kind in Kind} == set(webhooks.TOPICS) - {
        webhooks.Topic.AUDIT,  # of no case
        webhooks.Topic.CORRECTION,
    }
    listed = [kind for _words, kinds in webhooks.TOPICS.values() for kind in kinds]
    assert len(listed) == len(set(listed))


# ── What did not arrive ──────────────────────────────────────────────────────────────────────────────────────────────


def give_up(**which: object) -> None:
    Message.objects.filter(**which).update(
        status="failed", failed_at=AS_OF, next_attempt_at=None, sent_at=None, last_error="SMTPRecipientsRefused 550"
    )


@pytest.fixture
def bounced(players: Cast) -> Case:
    """A supplement was asked for by a mail that nobody took."""
    case = registered(players, on=TODAY, email=EMAIL).case
    clock.request_supplement(case, unclear="请写明年份。", on=TODAY, by=players.wang, at=AS_OF)
    give_up(notice="supplement_wanted")
    return case


def test_what_did_not_reach_the_applicant_is_told_to_clerk_and_head_once(players: Cast, bounced: Case) -> None:
    assert sweeps.report_undelivered(at=AS_OF) == 1
    assert sweeps.report_undelivered(at=AS_OF + timedelta(days=1)) == 0
    event = Event.objects.get(kind=Kind.UNDELIVERED)
    assert event.for_office().zh == "发给申请人的电子邮件没有送到，请核对联系方式，或者改用其他方式告知。"
    assert event.for_applicant() is None
    assert set(ways(players.wang, "undelivered")) == {"inbox"}
    assert set(ways(players.li, "undelivered_escalated")) == {"inbox"}


def test_a_message_to_staff_that_failed_is_no_event_of_the_case(players: Cast, chen: Staff) -> None:
    assign(players, chen, at=AS_OF)
    give_up(channel="email", recipient=chen)
    assert sweeps.report_undelivered(at=AS_OF) == 0
    assert not Message.objects.filter(status="failed", reported_at=None).exists()


def test_what_did_not_reach_a_third_party_never_goes_to_the_applicant(players: Cast) -> None:
    case = registered(players, on=TODAY, email=EMAIL).case
    link = Posting(
        effect_key="consultation:1",
        channel=Channel.EMAIL,
        notice="assigned",
        language="zh-hans",
        address="third@party.example.cn",
        context={"number": case.number},
        subject_ref=f"case:{case.pk}",
        path="/consultation/",
    )
    with transaction.atomic():
        post(link, at=AS_OF)
    give_up(effect_key="consultation:1")
    assert sweeps.report_undelivered(at=AS_OF) == 0
    contact.choose_notices(case, phone="", email="new@example.cn", told_by="email", told_less=False, at=AS_OF)
    message = Message.objects.get(effect_key="consultation:1")
    assert (message.status, message.address) == ("failed", "third@party.example.cn")


def test_with_the_right_address_it_is_sent_again_and_reported_again_if_it_fails_again(
    players: Cast, bounced: Case
) -> None:
    sweeps.report_undelivered(at=AS_OF)
    contact.change_contact(
        bounced,
        phone="",
        email="right@example.cn",
        address="",
        told_by="email",
        told_less=False,
        by=players.wang,
        at=AS_OF,
    )
    message = Message.objects.get(notice="supplement_wanted")
    assert (message.status, message.address, message.reported_at) == ("pending", "right@example.cn", None)
    give_up(notice="supplement_wanted")
    assert sweeps.report_undelivered(at=AS_OF + timedelta(days=1)) == 1


def test_told_otherwise_it_is_off_the_list_and_on_the_file(players: Cast, bounced: Case) -> None:
    sweeps.report_undelivered(at=AS_OF)
    assert Case.objects.get(pk=bounced.pk).has_undelivered
    contact.tell_otherwise(bounced, told_on=TODAY, how="电话告知补正事项。", by=players.wang, at=AS_OF)
    assert not Case.objects.get(pk=bounced.pk).has_undelivered
    assert Message.objects.get(notice="supplement_wanted").settled_at == AS_OF
    event = Event.objects.get(kind=Kind.TOLD_OTHERWISE)
    assert event.for_office().zh.endswith("另行告知申请人：电话告知补正事项。")


@pytest.mark.parametrize("told_on", [TODAY + timedelta(days=1), TODAY - timedelta(days=1)])
def test_nobody_was_told_tomorrow_or_before_the_application(players: Cast, bounced: Case, told_on: date) -> None:
    with pytest.raises(Refused) as refused:
        contact.tell_otherwise(bounced, told_on=told_on, how="电话", by=players.wang, at=AS_OF)
    assert refused.value.field == "told_on"


WRONG = [
    ({"email": "no address"}, "email"),
    ({"told_by": "pigeon"}, "told_by"),
    ({"told_by": "sms", "phone": "0468-8223344"}, "phone"),
    ({"told_by": "both", "phone": ""}, "phone"),
    ({"email": "", "phone": ""}, "phone"),
    ({"phone": "1" * 41}, "phone"),
]


@pytest.mark.parametrize(("facts", "field"), WRONG)
def test_contact_details_by_which_nobody_can_be_reached_are_refused_and_nothing_is_kept(
    players: Cast, facts: dict[str, str], field: str
) -> None:
    case = registered(players, on=TODAY, email=EMAIL).case
    usual = {"phone": PHONE, "email": EMAIL, "told_by": "email", "told_less": False}
    with pytest.raises(Refused) as refused:
        contact.choose_notices(case, **{**usual, **facts}, at=AS_OF)  # type: ignore[arg-type]
    assert refused.value.field == field
    case.applicant.refresh_from_db()
    assert case.applicant.email == EMAIL
    assert not Event.objects.filter(kind=Kind.CONTACT_CHANGED).exists()


def test_a_preference_is_one_a_person(players: Cast) -> None:
    prefer(players.wang)
    prefer(players.wang, sms=True, daily=True)
    assert Preference.objects.count() == 1
    assert set(players.wang.preference.choices.values_list("sms", "daily")) == {(True, True)}


def test_of_two_who_hear_of_the_same_each_is_left_alone_in_their_own_hours(players: Cast) -> None:
    other = person("he", "何审", players.dongshan, Role.REVIEWER)
    for staff in (players.sun, other):
        Staff.objects.filter(pk=staff.pk).update(email=f"{staff.username}@office.example.cn")
    prefer(other, quiet_from=time(12), quiet_until=time(15))
    proposed(players, registered(players, on=TODAY).case, Outcome.GRANTED, on=TODAY)
    assert ways(players.sun, "to_be_reviewed")["email"] == moment(TODAY, 14)
    assert ways(other, "to_be_reviewed")["email"] == moment(TODAY, 15)
