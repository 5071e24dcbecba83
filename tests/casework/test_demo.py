"""The demo: whole or not at all, by the real verbs, in an empty database only."""

import io
import re
from datetime import timedelta
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.utils import timezone

from casework import access, demo, letters, sweeps
from casework.annual import matrix_of
from casework.law import identity
from casework.law.calendar import day_of
from casework.law.matrix import year_link
from casework.law.outcomes import ApplicantKind, Outcome
from casework.law.states import State
from casework.models import (
    Agency,
    Applicant,
    Case,
    Channel,
    Event,
    IdentityKind,
    Kind,
    Letter,
    PublishedReply,
    Role,
    Staff,
)
from notifications.models import Message
from tests.cast import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded(kept: None) -> str:
    """What the command says; the demo is loaded once for the tests of this file."""
    return load("--cases", "60")


def load(*arguments: str) -> str:
    out = io.StringIO()
    call_command("load_demo", *arguments, stdout=out)
    return out.getvalue()


def test_every_state_outcome_channel_kind_agency_and_role_occurs(loaded: str) -> None:
    cases = Case.objects.all()  # one more than asked for: a reply that is decided again
    assert Case.objects.applications().count() == 60
    assert set(cases.values_list("state", flat=True)) == set(State)
    assert set(cases.exclude(outcome="").values_list("outcome", flat=True)) == set(Outcome)
    assert set(cases.values_list("channel", flat=True)) == set(Channel.values)
    assert set(cases.values_list("applicant_kind", flat=True)) == set(ApplicantKind)
    assert not Agency.objects.filter(cases=None, outside=False).exists()
    assert {role for person in Staff.objects.all() for held in person.roles.values() for role in held} == set(Role)
    never = set(Kind) - {Kind(kind) for kind in Event.objects.values_list("kind", flat=True)}
    assert PublishedReply.objects.exclude(public_from=None).exists()
    assert never <= {
        Kind.KEPT_IN_ACCOUNT,
        Kind.TAKEN_FROM_ACCOUNT,
        Kind.PUBLICATION_RETURNED,
        Kind.LIKE_REPLY_TOLD,
        Kind.LIKE_REPLY_TAKEN,
        Kind.LIKE_REPLY_GONE,
        Kind.DISPUTE_CORRECTED,
        Kind.TAKEN_BACK,
        Kind.IMPORTED,
        Kind.CORRECTED,
        Kind.IDENTITY_READ,
        Kind.PAYMENT_RECORDED,
        Kind.CALENDAR_CHANGED,
        Kind.EXTENSION_DECLINED,
        Kind.EXTENSION_UNTOLD,
        Kind.FEE_DELIVERED,
        Kind.FEE_CANCELLED,
        Kind.DELAYED,
        Kind.SERVICE_RECORDED,
        Kind.ASSISTANCE_REQUESTED,
        Kind.ASSISTANCE_ANSWERED,
        Kind.ASSISTANCE_CANCELLED,
        Kind.ASSISTANCE_REMINDED,
        Kind.ASSISTANCE_ESCALATED,
        Kind.CHASED,
        Kind.DELIVERY_CORRECTED,
        Kind.REPLY_RETURNED,
        Kind.REDISPATCHED,
        Kind.PROOF_FILED,
        Kind.REPLY_OPENED,
        Kind.LETTER_DELIVERED,
        Kind.LETTER_RETURNED,
        Kind.LINK_OFFERED,
        Kind.LINK_REVOKED,
        Kind.CONSULTATION_CANCELLED,
        Kind.THIRD_PARTY_INFORMED,
        Kind.CONTACT_ATTEMPTED,
        Kind.RECEIPT_CONFIRMED,
        Kind.SPLIT,
        Kind.SPLIT_OFF,
        Kind.LINKED,
        Kind.TRANSFERRED,
        Kind.UNDELIVERED,
        Kind.CONTACT_CHANGED,
        Kind.TOLD_OTHERWISE,
        Kind.VIRUS_FOUND,
        Kind.FILE_STOPPED,
        Kind.HELPED,
    }


def test_there_is_work_for_today(loaded: str) -> None:
    today = day_of(timezone.now())
    waiting = Case.objects.still_open()
    assert waiting.filter(due_on=today).exists()
    assert waiting.filter(due_on__gt=today, due_on__lte=today + timedelta(days=2)).exists()
    assert waiting.filter(due_on__lt=today).exists()
    assert waiting.filter(clerk=None).exists()
    for state in (State.IN_REVIEW, State.SIGNED, State.SUPPLEMENT_REQUESTED, State.FEE_NOTIFIED):
        assert waiting.filter(state=state).exists()


def test_administration_has_something_to_show(loaded: str) -> None:
    office = Agency.objects.get(code="230498")
    assert office.setting_changes.get().field == "contact"
    assert office.letter_templates.count() == 2
    assert Letter.objects.filter(voided_at__isnull=False).count() == 1


def test_no_letter_of_it_lacks_a_setting(loaded: str) -> None:
    """Number, contact and the online way to reconsideration (行政复议法 22(2)) are set in every agency."""
    drafts = Case.objects.filter(state=State.IN_REVIEW)
    assert drafts.exists()
    for case in drafts:
        assert case.current_decision is not None
        drafted = letters.draft_reply(case, case.current_decision, on=day_of(timezone.now()))
        assert [warning.zh for warning in drafted.warnings] == []


def test_nothing_in_it_has_happened_after_now(loaded: str) -> None:
    assert not Event.objects.filter(at__gt=timezone.now()).exists()
    assert not Event.objects.filter(on__gt=day_of(timezone.now())).exists()


def test_the_tables_of_every_year_balance_and_continue_each_other(loaded: str) -> None:
    last = day_of(timezone.now()).year
    tables = [matrix_of(Agency.objects.all(), year) for year in range(last - 2, last + 1)]
    for table in tables:
        assert all(check.holds for check in table.checks())
    assert sum(table.figure("new", "total") for table in tables) == Case.objects.applications().count()
    for before, after in pairwise(tables):
        assert all(check.holds for check in year_link(before, after))


def test_every_stored_date_follows_from_the_facts(loaded: str) -> None:
    assert list(sweeps.verify_clocks(on=day_of(timezone.now()))) == []


def test_every_identity_number_is_valid(loaded: str) -> None:
    for applicant in Applicant.objects.all():
        if applicant.identity_kind == IdentityKind.RESIDENT:
            identity.check_resident_number(applicant.identity_number, on=day_of(timezone.now()))
        else:
            identity.check_credit_code(applicant.identity_number)


def test_the_samples_open_with_the_printed_codes(loaded: str) -> None:
    shown = demo.samples()
    assert len(shown) == 4
    for sample in shown:
        assert re.search(rf"{sample.number} +{sample.code}\b", loaded)
        found = access.follow(sample.number, sample.code)
        assert found is not None
        assert found.number == sample.number


def test_everybody_listed_can_log_in(loaded: str) -> None:
    assert "office.clerk1" in loaded
    people = Staff.objects.filter(username__in=[person.username for person in demo.log_ins()])
    assert people.count() == Staff.objects.count()
    assert all(person.check_password(demo.PASSWORD) for person in people[:3])


def test_no_mail_of_old_days_is_owed_and_none_can_arrive_anywhere(loaded: str) -> None:
    mail = Message.objects.filter(channel=Message.Channel.EMAIL)
    assert mail.exists()
    assert not mail.exclude(address__endswith=".invalid").exists()
    assert mail.count() < 40


def test_loading_again_says_so_and_changes_nothing(loaded: str) -> None:
    events = Event.objects.count()
    assert "没有改变" in load()
    assert "office.clerk1" in load("--if-empty")
    cast()  # real records that came later do not make it disappear
    assert "office.clerk1" in load("--if-empty")
    assert Event.objects.count() == events
