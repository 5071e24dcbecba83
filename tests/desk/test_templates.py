"""An administrator writes the agency's own words of a document: checked, tried on a real case, versioned, ended."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from casework import letters
from casework.actions.letters import end_template, publish_template
from casework.law.letters import LETTERS, LetterKind
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Case, Letter, LetterTemplate, Role, Staff
from tests import cast
from tests.casework.test_letters import pdf_text
from tests.cast import Cast, moment, person, registered

TODAY = date(2026, 11, 18)
LIST = "/desk/templates/230406/"
REFUSAL = f"{LIST}refusal/"
OWN = letters.house_source(LetterKind.REFUSAL).replace("理由如下：", "理由说明如下：")

pytestmark = pytest.mark.usefixtures("november_18")


@pytest.fixture
def jin(players: Cast) -> Staff:
    return person("jin", "金管", players.dongshan, Role.AGENCY_ADMINISTRATOR)


@pytest.fixture
def desk(jin: Staff, at_desk: Callable[[Staff], Client]) -> Client:
    return at_desk(jin)


def sent(source: str, do: str, **more: Any) -> dict[str, Any]:
    return {"seen": 0, "source": source, "valid_from": TODAY.isoformat(), "do": do, **more}


def refused_case(players: Cast) -> Case:
    case = registered(players, on=TODAY, email="zhang@example.org").case
    cast.proposed(players, case, Outcome.REFUSED_5, on=TODAY)
    return case


def test_every_document_is_listed_with_the_words_that_hold(desk: Client, players: Cast, jin: Staff) -> None:
    page = desk.get(LIST).content.decode()
    for row in LETTERS.values():
        assert row.title.zh in page
    assert page.count('<span class="soft">系统自带') == len(LETTERS)
    desk.post(REFUSAL, sent(OWN, "publish"))
    page = desk.get(LIST).content.decode()
    assert "本机关第1版，自2026年11月18日起" in page
    assert page.count('<span class="soft">系统自带') == len(LETTERS) - 1


@pytest.mark.parametrize("kind", LetterKind)
def test_every_document_has_a_page_with_its_words_and_which_of_them_must_be_there(
    kind: LetterKind, desk: Client
) -> None:
    page = desk.get(f"{LIST}{kind}/").content.decode()
    for name, words in letters.words_of(kind):
        assert f"{{{{ {name} }}}}" in page
        assert words.zh in page
    assert "<strong>必须</strong>" in page
    assert desk.post(f"{LIST}{kind}/", sent(letters.house_source(kind), "publish")).status_code == 302
    assert LetterTemplate.objects.get(agency__isnull=False).kind == kind


def test_it_is_tried_on_a_real_case_and_nothing_is_stored(desk: Client, players: Cast) -> None:
    case = refused_case(players)
    page = desk.post(REFUSAL, sent(OWN, "preview")).content.decode()
    assert "理由说明如下" in page.split('class="paper"')[1]
    assert "法律要求载明的内容都在" in page
    assert "还没有保存" in page
    assert case.number in page
    answer = desk.post(REFUSAL, sent(OWN, "pdf", number=case.number))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "理由说明如下" in pdf_text(answer.content)
    assert not LetterTemplate.objects.exists()
    assert not Letter.objects.exists()


def test_an_administrator_who_reads_no_cases_does_not_learn_who_applied(
    desk: Client, players: Cast, jin: Staff, at_desk: Callable[[Staff], Client]
) -> None:
    refused_case(players)
    naming = OWN + "此件答复张三。\n"
    page = desk.post(REFUSAL, sent(naming, "preview")).content.decode()
    assert "张三" not in page.split('class="paper"')[1].split("</article>")[0]
    assert "×××" in page
    reader = person("both", "两职", players.dongshan, Role.AGENCY_ADMINISTRATOR, Role.HEAD)
    assert "张三：" in at_desk(reader).post(REFUSAL, sent(OWN, "preview")).content.decode()


def test_what_the_case_does_not_say_stands_in_brackets(desk: Client, players: Cast) -> None:
    case = registered(players, on=TODAY).case
    page = desk.post(
        f"{LIST}supplement/", sent(letters.house_source(LetterKind.SUPPLEMENT), "preview")
    ).content.decode()
    assert "〔需要补正的事项〕" in page
    assert "以方括号代替" in page
    third = letters.house_source(LetterKind.THIRD_PARTY)
    page = desk.post(f"{LIST}third_party/", sent(third, "preview", number=case.number)).content.decode()
    assert "〔受文人〕" in page


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (OWN + "{{ request.__class__ }}", "不能有代码"),
        (OWN + "{{ 7 * 7 }}", "不能有代码"),
        (OWN + "{% include 'x' %}", "不能有代码"),
        (OWN.replace("{{ reasons }}", ""), "模板缺少应当载明的内容：理由"),
        (OWN.replace("{{ remedies }}", "{% if legal_basis %}{{ remedies }}{% endif %}"), "救济途径"),
        (OWN + "{{ applicant }}", "没有“applicant”这个词"),
        (OWN + "{% if request %}", "写法不对"),
        ("", "请填写模板"),
        ("字" * 20_001, "最多 20,000 个字"),
    ],
)
@pytest.mark.parametrize("do", ["preview", "pdf", "publish"])
def test_a_bad_template_is_refused_by_name_and_nothing_is_stored(
    desk: Client, players: Cast, source: str, sentence: str, do: str
) -> None:
    refused_case(players)
    page = desk.post(REFUSAL, sent(source, do)).content.decode()
    assert "有问题需要改正" in page
    assert sentence in page
    assert not LetterTemplate.objects.exists()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"valid_from": "2026-11-17"}, "从今天或者以后启用"),
        ({"valid_from": "明天"}, "不是日期"),
        ({"seen": 3}, "第0版"),
    ],
)
def test_what_can_not_be_published_is_said(desk: Client, more: dict[str, Any], sentence: str) -> None:
    assert sentence in desk.post(REFUSAL, sent(OWN, "publish") | more).content.decode()
    assert not LetterTemplate.objects.exists()


def test_without_a_case_the_page_asks_for_a_number(desk: Client, players: Cast) -> None:
    assert "请填写本机关一件申请的登记编号" in desk.post(REFUSAL, sent(OWN, "preview")).content.decode()
    foreign = registered(players, on=TODAY, agency=players.dongshan).case
    Case.objects.filter(pk=foreign.pk).update(agency=players.elsewhere)
    page = desk.post(REFUSAL, sent(OWN, "preview", number=foreign.number)).content.decode()
    assert "请填写本机关一件申请的登记编号" in page


def test_versions_stand_below_each_other_with_what_they_changed(desk: Client, players: Cast) -> None:
    desk.post(REFUSAL, sent(OWN, "publish"))
    again = OWN + "本告知书由政务公开科制作。\n"
    later = (TODAY + timedelta(days=10)).isoformat()
    page = desk.post(REFUSAL, sent(again, "publish", seen=1, valid_from=later), follow=True).content.decode()
    assert "第2版已经保存" in page
    assert "<ins>本告知书由政务公开科制作。</ins>" in page
    assert "<del>经审查，根据{{ article }}的规定，{{ result }}理由如下：</del>" in page
    assert "<ins>经审查，根据{{ article }}的规定，{{ result }}理由说明如下：</ins>" in page
    assert "现在用本机关第1版" in page
    assert page.index("第2版，自2026年11月28日起启用") < page.index("第1版，自2026年11月18日起启用")
    assert "另一位管理员刚刚发布了第2版" in desk.post(REFUSAL, sent(OWN, "publish", seen=1)).content.decode()
    assert LetterTemplate.objects.count() == 2


def test_ended_it_gives_way_to_the_words_of_the_house(desk: Client, players: Cast, jin: Staff) -> None:
    desk.post(REFUSAL, sent(OWN, "publish"))
    desk.post(REFUSAL, sent(OWN + "第二版。", "publish", seen=1, valid_from="2026-12-01"))
    page = desk.post(f"{REFUSAL}end/", {"from_on": "2026-11-20"}).content.decode()
    assert "确认无误的，请勾选" in page
    page = desk.post(f"{REFUSAL}end/", {"from_on": "2026-11-17", "sure": "on"}).content.decode()
    assert "从今天或者以后起停用" in page
    page = desk.post(f"{REFUSAL}end/", {"from_on": "2026-11-20", "sure": "on"}, follow=True).content.decode()
    assert "已经停用" in page
    assert "用到2026年11月19日" in page
    assert "启用前已撤回" in page
    ended = LetterTemplate.objects.get(version=1)
    assert (ended.until, ended.ended_by) == (date(2026, 11, 19), jin)
    for day, own in ((date(2026, 11, 19), True), (date(2026, 11, 20), False), (date(2026, 12, 2), False)):
        found = letters.template_for(LetterKind.REFUSAL, agency=players.dongshan, on=day)
        assert (found.agency is not None) is own, day
    with pytest.raises(Refused, match="没有使用自己的模板"):
        end_template(
            players.dongshan, LetterKind.REFUSAL, from_on=date(2026, 11, 20), by=jin, at=moment(date(2026, 11, 20))
        )


def test_one_ground_may_have_words_of_its_own(desk: Client, players: Cast) -> None:
    place = f"{REFUSAL}?outcome=refused_5"
    assert "内部事务" in desk.get(REFUSAL).content.decode()
    assert desk.post(place, sent(OWN, "publish")).status_code == 302
    made = LetterTemplate.objects.get()
    assert (made.outcome, made.ground) == ("refused_5", "")
    assert f"{REFUSAL}?outcome=refused_5" in desk.get(LIST).content.decode()
    cast.signed(players, registered(players, on=TODAY).case, Outcome.REFUSED_5, on=TODAY)
    cast.signed(players, registered(players, on=TODAY, name="李四").case, Outcome.REFUSED_7, on=TODAY)
    first, second = Letter.objects.order_by("pk")
    assert (first.template, second.template.agency) == (made, None)
    for wrong in ("?outcome=granted", "?outcome=nonsense", "?ground=x", "?outcome=refused_5&ground=x"):
        assert desk.get(REFUSAL + wrong).status_code == 404
    # A ground that asks for more: the words of third parties must stand in a refusal for their sake (条例 32).
    answer = desk.post(f"{REFUSAL}?outcome=refused_4", sent(OWN.replace("{{ third_party_reply }}", ""), "publish"))
    assert "第三方的意见" in answer.content.decode()


def test_another_agency_does_not_exist_and_nobody_else_comes_in(
    desk: Client, players: Cast, jin: Staff, at_desk: Callable[[Staff], Client]
) -> None:
    assert desk.get("/desk/templates/").headers["Location"] == LIST
    for address in ("/desk/templates/320800/", "/desk/templates/320800/refusal/", f"{LIST}nothing/"):
        assert desk.get(address).status_code == 404
    for other in (players.wang, players.li):
        client = at_desk(other)
        assert client.get("/desk/templates/").status_code == 403
        assert client.get(REFUSAL).status_code == 404
        assert client.post(REFUSAL, sent(OWN, "publish")).status_code == 404
        assert client.post(f"{REFUSAL}end/", {"from_on": "2026-11-20", "sure": "on"}).status_code == 404
    for act in (
        lambda: publish_template(
            players.dongshan, LetterKind.REFUSAL, source=OWN, valid_from=TODAY, by=players.li, at=moment(TODAY)
        ),
        lambda: end_template(players.dongshan, LetterKind.REFUSAL, from_on=TODAY, by=players.li, at=moment(TODAY)),
    ):
        with pytest.raises(Refused, match="机关管理员"):
            act()
