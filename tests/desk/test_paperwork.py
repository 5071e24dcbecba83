"""How an office writes its numbers, what it tells the public, and how its staff get their passwords."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client, override_settings
from hypothesis import given
from hypothesis import strategies as st

from casework import invariants
from casework.actions.accounts import add_person
from casework.actions.invite import invite, take_up
from casework.actions.numbering import SERIES, allocate, pass_over
from casework.actions.officetexts import write_text
from casework.actions.renumber import KINDS, checked_form, house_form, renumber, series_of
from casework.desk.filters import search
from casework.law.letters import LetterKind
from casework.law.officetexts import PLACES, Place
from casework.law.refusals import Refused
from casework.letters.numbers import number
from casework.models import (
    AccountDeed,
    Appointment,
    Case,
    Invitation,
    OfficeText,
    Role,
    SettingChange,
    Staff,
    StaffChange,
)
from casework.models.numbering import NumberForm
from casework.wordsearch.cases import index_all_waiting
from notifications.models import Message
from notifications.wording import worded
from tests.cast import Cast, moment, registered
from tests.conftest import AS_OF

pytestmark = pytest.mark.django_db

TODAY = AS_OF.date()
AT = moment(TODAY)
LETTERS = "letter:补告"
NEW = "Zhen-zhu-42-mei"


@pytest.fixture
def keeper(players: Cast) -> Staff:
    person = Staff.objects.create_user("gao", password="x", name="高管理员")
    Appointment.objects.create(staff=person, agency=players.dongshan, role=Role.AGENCY_ADMINISTRATOR)
    return person


# Numbers -------------------------------------------------------------------------------------------------------------


def chosen(before: str = "东政公开", between: str = "-", after: str = "", width: int = 4) -> NumberForm:
    return NumberForm(before, between, after, width)


def given_out(players: Cast, count: int = 1, year: int = 0) -> list[str]:
    with transaction.atomic():
        return allocate(players.dongshan, TODAY.replace(year=TODAY.year + year), count)


def test_the_next_number_is_written_otherwise_and_the_serial_goes_on(players: Cast, keeper: Staff) -> None:
    year, code = TODAY.year, players.dongshan.code
    assert given_out(players, 2) == [f"{code}-{year}-00001", f"{code}-{year}-00002"]
    renumber(players.dongshan, SERIES, form=chosen(), by=keeper, at=AT)
    assert given_out(players) == [f"东政公开{year}-0003"]
    renumber(players.dongshan, SERIES, form=house_form(players.dongshan, SERIES), by=keeper, at=AT)
    assert given_out(players) == [f"{code}-{year}-00004"], "back again: no number is given twice"
    assert given_out(players, year=1) == [f"{code}-{year + 1}-00001"]
    change = SettingChange.objects.filter(field="numbering").latest("pk")
    assert (change.before, change.after) == (f"东政公开{year}-0004", f"{code}-{year}-00004")


def test_from_next_year_on_moves_nothing_this_year(players: Cast, keeper: Staff) -> None:
    year, code = TODAY.year, players.dongshan.code
    renumber(players.dongshan, SERIES, form=chosen(), next_year=True, by=keeper, at=AT)
    assert given_out(players) == [f"{code}-{year}-00001"]
    assert given_out(players, year=1) == [f"东政公开{year + 1}-0001"]
    assert given_out(players, year=2) == [f"东政公开{year + 2}-0001"], "and every year after it"


def test_a_year_that_was_begun_on_paper_goes_on_behind_it(players: Cast, keeper: Staff) -> None:
    form = house_form(players.dongshan, SERIES)
    renumber(players.dongshan, SERIES, form=form, elsewhere=57, by=keeper, at=AT)
    assert given_out(players) == [form.written(TODAY.year, 58)]
    with pytest.raises(Refused, match="不能跳过"):
        renumber(players.dongshan, SERIES, form=form, elsewhere=80, by=keeper, at=AT)


def test_letters_keep_the_form_of_the_standard_and_none_is_missing(players: Cast, keeper: Staff) -> None:
    form = NumberForm("东办补〔", "x", "y", 7)
    renumber(players.dongshan, LETTERS, form=form, elsewhere=12, by=keeper, at=AT)
    with transaction.atomic():
        made = number(players.dongshan, LetterKind.SUPPLEMENT, on=TODAY)
    assert made.text == f"东办补〔{TODAY.year}〕13号", "GB/T 9704 7.2.5"
    missing = list(next(i for i in invariants.INVARIANTS if i.key == "numbers").broken(AT))
    assert missing == [f"{players.dongshan.code}: no letter bears 东办补〔{TODAY.year}〕13号"], "12 were given on paper"


def test_two_series_never_mix(players: Cast, keeper: Staff) -> None:
    with pytest.raises(Refused, match="混在一起"):
        renumber(players.dongshan, LETTERS, form=house_form(players.dongshan, "letter:告"), by=keeper, at=AT)


def test_numbers_that_come_in_the_chosen_form_are_passed_over(players: Cast, keeper: Staff) -> None:
    renumber(players.dongshan, SERIES, form=chosen(), by=keeper, at=AT)
    with transaction.atomic():
        pass_over(players.dongshan, TODAY.year, [f"东政公开{TODAY.year}-0020", "别的-99", f"东政公开{TODAY.year}-9"])
    assert given_out(players) == [f"东政公开{TODAY.year}-0021"]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (chosen(before="东政1"), "before"),  # 12026-… : where does the year begin?
        (chosen(before="<b>"), "before"),
        (chosen(between=""), "between"),
        (chosen(between="0"), "between"),
        (chosen(after="9"), "after"),
        (chosen(width=3), "width"),
        (chosen(width=9), "width"),
    ],
)
def test_a_form_in_which_year_and_serial_run_together_is_refused(form: NumberForm, field: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_form(SERIES, form)
    assert refused.value.field == field


@given(
    before=st.text("东A-〔/1", max_size=6),
    between=st.text("-〕.号1", max_size=3),
    after=st.text("号〕2", max_size=2),
    width=st.integers(3, 9),
    one=st.tuples(st.integers(2020, 2040), st.integers(1, 10**8)),
    other=st.tuples(st.integers(2020, 2040), st.integers(1, 10**8)),
)
def test_no_form_writes_two_serials_alike(
    before: str, between: str, after: str, width: int, one: tuple[int, int], other: tuple[int, int]
) -> None:
    try:
        form = checked_form(SERIES, NumberForm(before, between, after, width))
    except (Refused, ValidationError):
        return
    assert (form.written(*one) == form.written(*other)) == (one == other)


def test_the_page_shows_before_it_saves_and_only_the_office_may(players: Cast, keeper: Staff) -> None:
    client = Client()
    client.force_login(keeper)
    page = f"/desk/administration/agencies/{players.dongshan.code}/numbering/"
    assert f"{players.dongshan.code}-{TODAY.year}-00001" in client.get(page).content.decode()
    posted = {"before": "东政公开", "between": "-", "width": "4", "after": "", "when": "now", "elsewhere": "0"}
    shown = client.post(page + "0/", posted | {"do": "preview"}).content.decode()
    assert f"东政公开{TODAY.year}-0001" in shown
    assert not players.dongshan.numberings.exists()
    assert client.post(page + "0/", posted | {"do": "save"}).status_code == 302
    assert f"东政公开{TODAY.year}-0001" in client.get(page).content.decode()
    wrong = client.post(page + "0/", posted | {"between": "8", "do": "save"})
    assert "不能有数字和字母" in wrong.content.decode()
    assert client.get(page + "99/").status_code == 404
    with pytest.raises(Refused):
        renumber(players.dongshan, SERIES, form=chosen(width=5), by=players.wang, at=AT)
    assert {series.kind for series in series_of(players.dongshan, TODAY.year)} == set(KINDS)


# Texts ---------------------------------------------------------------------------------------------------------------


def test_a_text_is_published_in_versions_and_read_where_it_belongs(players: Cast, keeper: Staff) -> None:
    office = players.dongshan
    write_text(office, Place.COUNTER, zh="二楼3号窗口", en="", seen=0, by=keeper, at=AT)
    write_text(office, Place.COUNTER, zh="一楼大厅\n\n3号窗口", en="Hall, window 3", seen=1, by=keeper, at=AT)
    page = Client().get(f"/offices/{office.code}/").content.decode()
    assert "<p>一楼大厅</p>" in page
    assert "二楼" not in page
    assert (
        "Hall, window 3" in Client(headers={"accept-language": "en"}).get(f"/offices/{office.code}/").content.decode()
    )
    with pytest.raises(Refused, match="刚刚改过"):
        write_text(office, Place.COUNTER, zh="三楼", en="", seen=1, by=keeper, at=AT)
    assert (
        write_text(office, Place.COUNTER, zh="一楼大厅\n\n3号窗口", en="Hall, window 3", seen=2, by=keeper, at=AT)
        is None
    )
    write_text(office, Place.COUNTER, zh="", en="", seen=2, by=keeper, at=AT)
    assert OfficeText.objects.of(office) == {}
    assert [row.version for row in office.texts.all()] == [3, 2, 1]
    with pytest.raises(TypeError):
        OfficeText.objects.all().delete()


@pytest.mark.parametrize("markup", ["<b>粗</b>", "< script >", "</p>", "<!-- -->", "&nbsp;", "&#8203;", "<IMG SRC=x>"])
def test_markup_is_refused_and_never_drawn(players: Cast, keeper: Staff, markup: str) -> None:
    for languages in ({"zh": markup, "en": ""}, {"zh": "文字", "en": markup}):
        with pytest.raises(Refused, match="网页代码"):
            write_text(players.dongshan, Place.FEES, **languages, seen=0, by=keeper, at=AT)


@pytest.mark.parametrize("plain", ["复印5 < 10 页", "A & B", "https://gov.example/a?b=1&c=2", "a<1"])
def test_what_only_looks_like_markup_is_text(players: Cast, keeper: Staff, plain: str) -> None:
    made = write_text(players.dongshan, Place.FEES, zh=plain, en="", seen=0, by=keeper, at=AT)
    assert made is not None
    shown = Client().get(f"/offices/{players.dongshan.code}/").content.decode()
    assert plain.replace("&", "&amp;").replace("<", "&lt;") in shown


def test_english_alone_is_refused_by_the_verb_and_by_the_database(players: Cast, keeper: Staff) -> None:
    with pytest.raises(Refused, match="中文"):
        write_text(players.dongshan, Place.HOURS, zh="", en="Nine to five", seen=0, by=keeper, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        OfficeText(agency=players.dongshan, place="hours", version=1, zh="", en="Nine", at=AT, by=keeper).save()


def test_every_place_is_edited_on_one_page_with_preview_and_older_versions(players: Cast, keeper: Staff) -> None:
    client = Client()
    client.force_login(keeper)
    page = f"/desk/administration/agencies/{players.dongshan.code}/texts/"
    shown = client.get(page).content.decode()
    assert all(f"{page}{place.value}/" in shown for place in PLACES)
    facts = {"seen": "0", "zh": "请先看主动公开栏目。", "en": ""}
    preview = client.post(page + "before/", facts | {"do": "preview"}).content.decode()
    assert "还没有公布" in preview
    assert not players.dongshan.texts.exists()
    assert client.post(page + "before/", facts | {"do": "publish"}).status_code == 302
    client.post(page + "before/", facts | {"seen": "1", "zh": "新的文字。", "do": "publish"})
    assert "请先看主动公开栏目。</textarea>" in client.get(page + "before/?version=1").content.decode()
    clash = client.post(page + "before/", facts | {"zh": "迟到的文字。", "do": "publish"}).content.decode()
    assert "刚刚改过" in clash
    assert "迟到的文字。" in clash, "what was typed is not lost"
    assert client.get(page + "nowhere/").status_code == 404


# Invitations ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def invited(players: Cast, keeper: Staff) -> Staff:
    facts: dict[str, Any] = {"username": "zhaoliu", "name": "赵六", "roles": ["clerk"], "email": "zhao@example.org"}
    person, password = add_person(players.dongshan, **facts, invited=True, by=keeper, at=AT)
    assert password == ""
    assert not person.has_usable_password()
    return person


def token_of(person: Staff) -> str:
    message = Message.objects.filter(notice="staff_invited", address=person.email).latest("pk")
    with override_settings(SITE_URL="https://gongkai.test"):
        found = re.search(r"/desk/invitation/([\w-]+)/", worded(message).text)
    assert found
    assert found[1] not in str(message.context), "the outbox can be read and opens nothing"
    return found[1]


def test_the_link_sets_the_password_once(players: Cast, keeper: Staff, invited: Staff) -> None:
    invite(invited, by=keeper, at=AT)
    address = f"/desk/invitation/{token_of(invited)}/"
    client = Client()
    page = client.get(address)
    assert "zhaoliu" in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert "两次" in client.post(address, {"new": NEW, "again": NEW + "x"}).content.decode()
    assert "太弱" in client.post(address, {"new": "12345678", "again": "12345678"}).content.decode()
    assert client.post(address, {"new": NEW, "again": NEW}).status_code == 302
    invited.refresh_from_db()
    assert invited.check_password(NEW)
    assert invited.initial_until is None
    assert client.post(address, {"new": NEW + "2", "again": NEW + "2"}).status_code == 404
    assert client.get(address).status_code == 404
    deeds = list(StaffChange.objects.filter(staff=invited).values_list("kind", flat=True).order_by("pk"))
    assert deeds[-2:] == [AccountDeed.INVITED, AccountDeed.INVITATION_TAKEN]


def test_a_link_dies_with_its_week_with_the_next_one_and_with_the_account(
    players: Cast, keeper: Staff, invited: Staff
) -> None:
    invite(invited, by=keeper, at=AT)
    first = token_of(invited)
    with pytest.raises(Refused):
        take_up(first, new=NEW, at=AT + timedelta(days=7))
    invite(invited, by=keeper, at=AT)
    second = token_of(invited)
    with pytest.raises(Refused):
        take_up(first, new=NEW, at=AT)
    Staff.objects.filter(pk=invited.pk).update(is_active=False)
    with pytest.raises(Refused):
        take_up(second, new=NEW, at=AT)
    Staff.objects.filter(pk=invited.pk).update(is_active=True)
    assert take_up(second, new=NEW, at=AT + timedelta(days=6)) == invited
    assert Invitation.objects.filter(used_at__isnull=False).count() == 1


def test_nobody_is_invited_without_an_address_nor_by_whoever_may_not(players: Cast, keeper: Staff) -> None:
    with pytest.raises(Refused, match="电子邮箱"):
        add_person(players.dongshan, username="qian", name="钱七", roles=["clerk"], invited=True, by=keeper, at=AT)
    Staff.objects.filter(pk=players.wang.pk).update(email="")
    players.wang.refresh_from_db()
    with pytest.raises(Refused, match="没有登记电子邮箱"):
        invite(players.wang, by=keeper, at=AT)
    with pytest.raises(Refused):
        invite(keeper, by=players.wang, at=AT)


def test_the_page_invites_and_whoever_has_a_password_keeps_it_until_the_link_is_used(
    players: Cast, keeper: Staff
) -> None:
    client = Client()
    client.force_login(keeper)
    facts = {
        "username": "sunba", "name": "孙八", "agency": players.dongshan.pk, "roles": ["clerk"],
        "email": "sun@example.org", "phone": "", "way": "mail",
    }  # fmt: skip
    made = client.post("/desk/administration/people/new/", facts, follow=True).content.decode()
    person = Staff.objects.get(username="sunba")
    assert "邀请邮件" in made
    assert "初始密码</h1>" not in made
    take_up(token_of(person), new=NEW, at=AT)
    client.post(f"/desk/administration/people/{person.pk}/invite/", {"sure": "on"})
    person.refresh_from_db()
    assert person.check_password(NEW)
    assert person.invitations.filter(used_at=None, withdrawn_at=None).count() == 1


# Search --------------------------------------------------------------------------------------------------------------


def test_a_case_is_found_before_and_after_the_index_knows_it(players: Cast) -> None:
    registered(players, on=TODAY, content="城南河道的水源涵养林，PPP 合同")
    other = registered(players, on=TODAY, content="别的内容").case
    for _ in range(2):
        for word, hits in (("涵养", 1), ("涵", 1), ("ppp", 1), ("河道 合同", 1), ("河道 鸿鹄", 0), (other.number, 1)):
            assert search(Case.objects.all(), word, user=players.wang).count() == hits, word
        index_all_waiting()
