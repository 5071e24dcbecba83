"""Letters as documents: every one is drawn and read back; numbers, templates, signatures and rare characters."""

import hashlib
import io
import threading
import zipfile
from datetime import date

import docx
import pypdfium2
import pytest
from django.db import connection, transaction
from docx.shared import Mm, Pt

from casework import letters
from casework.actions import approve, clock, consult, decide, deliver, excess, extension, fee
from casework.actions.letters import issue_notice, publish_template, void_letter
from casework.law.clock import Party
from casework.law.letters import ELEMENT_WORDS, LETTERS, Element, LetterKind, Reader
from casework.law.outcomes import OUTCOMES, Outcome
from casework.law.refusals import Refused
from casework.law.replies import Situation, result, situations
from casework.letters import paper
from casework.letters.blocks import blocks_of
from casework.letters.language import render
from casework.models import Case, DispatchMode, Letter, LetterTemplate, NumberSeries, Role
from tests import cast
from tests.cast import FEE, Cast, moment, person, registered

TODAY = date(2026, 11, 18)
_AFTER_A_DECISION = {LetterKind.TERMINATED, LetterKind.SERVICE}
EVERY = [(kind, situation) for kind in LetterKind for situation in situations(kind)]


def named(one: object) -> str:
    if isinstance(one, Situation):
        words = (one.row.code.value if one.row else "", one.ground.key if one.ground else "")
        return "-".join(filter(None, words)) or "notice"
    return str(one)


def pdf_text(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return "".join("".join(pages).split())


def docx_text(file: bytes) -> str:
    document = docx.Document(io.BytesIO(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "".join("".join([*(p.text for p in document.paragraphs), *cells]).split())


def said_by(element: Element) -> str:
    """Something that can be found again on the page, in the order in which it was written."""
    return f"此处为{ELEMENT_WORDS[element].zh}"


def page_of(kind: LetterKind, situation: Situation, number: str = "东政公开告〔2026〕1号") -> letters.LetterData:
    row = LETTERS[kind]
    values = {element.value: said_by(element) for element in situation.must(kind)}
    for element in (Element.STANDARD, Element.CONTENT_LIST):
        if element.value in values:
            values[element.value] = [said_by(element)]  # type: ignore[assignment]  # lists of the table
    return letters.LetterData(
        kind=kind,
        title=row.title.zh,
        organ="东山区人民政府办公室",
        number=number,
        addressee="张三",
        dated=TODAY,
        body=render(letters.house_source(kind), kind, values),
        attachments=("改造项目清单",),
    )


@pytest.mark.parametrize(("kind", "situation"), EVERY, ids=named)
def test_every_letter_says_on_paper_all_that_it_must(kind: LetterKind, situation: Situation) -> None:
    page = page_of(kind, situation)
    frame = [page.organ, page.title, page.number, "张三：", "2026年11月18日", "附件：", "改造项目清单"]
    wanted = [*frame, *(said_by(element) for element in situation.must(kind))]
    for text in (pdf_text(letters.render_pdf(page)), docx_text(letters.render_docx(page))):
        assert [one for one in wanted if one not in text] == []


@pytest.mark.parametrize("kind", LetterKind, ids=str)
def test_the_words_of_the_house_pass_their_own_check(kind: LetterKind) -> None:
    letters.check(letters.house_source(kind), kind)


@pytest.mark.parametrize("kind", LetterKind, ids=str)
def test_without_any_one_mandatory_element_the_words_are_refused(kind: LetterKind) -> None:
    source = letters.house_source(kind)
    for element in LETTERS[kind].mandatory:
        lost = source.replace("{{ " + element.value + " }}", "").replace("in " + element.value + " %}", "in nothing %}")
        with pytest.raises(Refused):
            letters.check(lost, kind)


# The language ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "{{ reasons.__class__ }}",
        "{{ reasons['x'] }}",
        "{{ reasons() }}",
        "{{ reasons|upper }}",
        "{{ 1 + 1 }}",
        "{{ 'text' }}",
        "{{ reasons ~ route }}",
        "{{ reasons if route else result }}",
        "{{ self }}",
        "{{ range }}",
        "{% set x = reasons %}",
        "{% include 'settings.py' %}",
        "{% import 'os' as os %}",
        "{% extends 'base.html' %}",
        "{% macro m() %}{% endmacro %}",
        "{% block b %}{% endblock %}",
        "{% filter upper %}x{% endfilter %}",
        "{% for x in reasons %}{{ x }}{% endfor %}",
        "{% for x in range(9) %}{{ x }}{% endfor %}",
        "{% if reasons == 'x' %}{% endif %}",
        "{% if reasons is defined %}{% endif %}",
        "{% if reasons %}",
        "{{ reasons",
        "{{ unknown_word }}",
        "{% if a" * 3000,
        "{{ " + "(" * 900 + "reasons" + ")" * 900 + " }}",
        "{% if reasons %}" * 200 + "{% endif %}" * 200,
        "字" * 20_001,
        "\x01",
    ],
    ids=range(29),
)
def test_a_template_with_code_in_it_is_refused(code: str) -> None:
    with pytest.raises(Refused) as refused:
        letters.check(letters.house_source(LetterKind.REFUSAL) + code, LetterKind.REFUSAL)
    assert refused.value.field == "source"


def test_a_template_that_can_lose_its_reasons_is_refused() -> None:
    source = letters.house_source(LetterKind.REFUSAL)
    hidden = source.replace("{{ reasons }}", "{% if legal_basis %}{{ reasons }}{% endif %}")
    with pytest.raises(Refused) as refused:
        letters.check(hidden, LetterKind.REFUSAL)
    assert "理由" in refused.value.sentence.zh
    either = source.replace("{{ reasons }}", "{% if legal_basis %}甲{{ reasons }}{% else %}乙{{ reasons }}{% endif %}")
    letters.check(either, LetterKind.REFUSAL)


def test_what_an_applicant_typed_is_neither_template_nor_layout() -> None:
    typed = "{{ reasons }}\n| 甲 | 乙 |\n一、标题\n#set page(fill: red) \\ $x$ *b* @ref"
    situation = next(situations(LetterKind.NOT_READY_MADE))
    values = {element.value: said_by(element) for element in situation.must(LetterKind.NOT_READY_MADE)}
    body = render(
        letters.house_source(LetterKind.NOT_READY_MADE), LetterKind.NOT_READY_MADE, values | {"request": typed}
    )
    assert {block.kind for block in blocks_of(body)} == {"paragraph"}
    page = letters.LetterData(LetterKind.NOT_READY_MADE, "标题", "机关", "", "张三", TODAY, body)
    for text in (pdf_text(letters.render_pdf(page)), docx_text(letters.render_docx(page))):
        assert "{{reasons}}" in text
        assert "#setpage(fill:red)\\$x$*b*@ref" in text
        assert "|甲|乙|" in text


# The page -------------------------------------------------------------------------------------------------------


def test_the_paper_is_that_of_the_standard() -> None:
    page = page_of(LetterKind.REFUSAL, next(situations(LetterKind.REFUSAL)))
    with pypdfium2.PdfDocument(letters.render_pdf(page)) as document:
        assert document[0].get_size() == pytest.approx((210 / 25.4 * 72, 297 / 25.4 * 72), abs=0.1)
    file = letters.render_docx(page)
    section = docx.Document(io.BytesIO(file)).sections[0]
    width, height = section.page_width or 0, section.page_height or 0
    top, bottom = section.top_margin or 0, section.bottom_margin or 0
    left, right = section.left_margin or 0, section.right_margin or 0
    assert [round(one / Mm(1)) for one in (width, height, top, left)] == [210, 297, 37, 28]
    assert [round(one / Mm(1)) for one in (width - left - right, height - top - bottom)] == [156, 225]
    body = next(p for p in docx.Document(io.BytesIO(file)).paragraphs if "此处为理由" in p.text)
    assert body.runs[0].font.size == Pt(16)
    assert body.paragraph_format.first_line_indent == Pt(32)
    assert "linesAndChars" in zipfile.ZipFile(io.BytesIO(file)).read("word/document.xml").decode()


def test_a_letter_carries_no_style_that_it_does_not_use() -> None:
    """The blank of python-docx has 160 of them twice over, which made each letter three times as large."""
    file = letters.render_docx(page_of(LetterKind.REFUSAL, next(situations(LetterKind.REFUSAL))))
    read = docx.Document(io.BytesIO(file))
    assert {"Normal", "Footer", "Table Grid"} <= {style.name for style in read.styles}
    assert len(list(read.styles)) < 12
    assert not {"word/stylesWithEffects.xml", "docProps/thumbnail.jpeg"} & set(
        zipfile.ZipFile(io.BytesIO(file)).namelist()
    )
    used = {paragraph.style.style_id for paragraph in read.paragraphs if paragraph.style is not None}
    assert used <= {style.style_id for style in read.styles}


def test_a_full_page_has_22_lines_of_28_characters() -> None:
    page = letters.LetterData(LetterKind.REFUSAL, "标题", "机关", "", "", TODAY, "字" * 28 * 60)
    with pypdfium2.PdfDocument(letters.render_pdf(page)) as document:
        lines = [line for line in document[1].get_textpage().get_text_bounded().splitlines() if "字" in line]
    assert (len(lines), {len(line.strip()) for line in lines}) == (22, {28})


def test_rare_characters_do_not_vanish(monkeypatch: pytest.MonkeyPatch) -> None:
    page = letters.LetterData(LetterKind.REFUSAL, "标题", "机关", "", "朱镕堃", TODAY, "囧喆")
    text = pdf_text(letters.render_pdf(page))
    for one in "镕堃囧喆":
        assert one in text if one not in letters.undrawable(page) else f"U+{ord(one):04X}" in text
    # And on a machine that has nothing but the fonts in the tree:
    monkeypatch.setattr(paper, "_can_draw", lambda one: ord(one) in paper._coverage(paper._BODY_FONT))
    assert letters.undrawable(page) == sorted("镕堃囧喆")
    text = pdf_text(letters.render_pdf(page))
    assert "□（U+9555）□（U+5803）" in text
    assert "□（U+56E7）□（U+5586）" in text


# Signature and number -------------------------------------------------------------------------------------------


def test_the_signature_freezes_the_letter_with_number_files_and_digests(players: Cast) -> None:
    case = registered(players, on=TODAY).case
    cast.signed(players, case, Outcome.REFUSED_5, on=TODAY)
    letter = Letter.objects.get()
    assert letter.number == "东政公开告〔2026〕1号" == case.decisions.get().document_number
    with letter.pdf.open() as pdf, letter.docx.open() as file:
        stored = pdf.read()
        assert hashlib.sha256(stored).hexdigest() == letter.pdf_sha256
        assert hashlib.sha256(file.read()).hexdigest() == letter.docx_sha256
    text = pdf_text(stored)
    for said in (case.content.rstrip("。"), "张三：", "第三十六条第（三）项、第十六条第一款", "应当先申请行政复议"):
        assert said in text
    assert letters.render_pdf(letters.LetterData.from_json(letter.content)) == stored


def test_a_signed_letter_never_changes(players: Cast) -> None:
    cast.signed(players, registered(players, on=TODAY).case, Outcome.REFUSED_5, on=TODAY)
    letter = Letter.objects.get()
    letter.number = "别的号"
    with pytest.raises(Refused, match="不能修改"):
        letter.save()
    with pytest.raises(Refused, match="不能删除"):
        Letter.objects.get().delete()
    template = LetterTemplate.objects.get()
    before, template.source = template.source, "空"
    template.save()
    assert LetterTemplate.objects.get().source == before


def test_a_void_letter_keeps_its_number_and_the_next_one_takes_the_next(players: Cast) -> None:
    cast.signed(players, registered(players, on=TODAY).case, Outcome.REFUSED_5, on=TODAY)
    with pytest.raises(Refused, match="负责人"):
        void_letter(Letter.objects.get(), reason="印错", by=players.wang, at=moment(TODAY, 16))
    void_letter(Letter.objects.get(), reason="当事人姓名有误", by=players.li, at=moment(TODAY, 16))
    first, second = Letter.objects.all()
    assert (first.number, first.void_reason) == ("东政公开告〔2026〕1号", "当事人姓名有误")
    assert (second.number, second.voided_at) == ("东政公开告〔2026〕2号", None)
    assert Case.objects.get().decisions.get().document_number == second.number
    with pytest.raises(Refused, match="已经作废"):
        void_letter(first, reason="再次", by=players.li, at=moment(TODAY, 16))


def test_a_typed_number_is_passed_over_and_refused_the_second_time(players: Cast) -> None:
    def proposal(number: str) -> Case:
        case = registered(players, on=TODAY).case
        ground = "personnel"
        decide.propose(
            case,
            outcome=Outcome.REFUSED_5,
            ground=ground,
            statements=cast.statements(Outcome.REFUSED_5, ground),
            document_number=number,
            by=players.wang,
            at=moment(TODAY, 11),
        )
        return case

    first, second, third = proposal("东政公开告〔2026〕1号"), proposal("东政公开告〔2026〕1号"), proposal("")
    for case in (first, second, third):
        cast.cleared(players, case, on=TODAY)
    approve.sign(first, by=players.li, at=moment(TODAY, 12))
    with pytest.raises(Refused, match="已经用过"):
        approve.sign(second, by=players.li, at=moment(TODAY, 12))
    assert Case.objects.get(pk=second.pk).state == "in_review", "nothing is left of the signature"
    with pytest.raises(Refused, match="已经用过"):
        proposal("东政公开告〔2026〕1号")
    approve.sign(third, by=players.li, at=moment(TODAY, 12))
    assert Letter.objects.get(case=third).number == "东政公开告〔2026〕2号"


def test_the_envelope_bears_the_number_that_was_signed(players: Cast) -> None:
    case = registered(players, on=TODAY).case
    cast.signed(players, case, Outcome.REFUSED_5, on=TODAY)
    with pytest.raises(Refused, match="不能改用"):
        deliver.dispatch(
            case,
            mode=DispatchMode.ONLINE,
            on=TODAY,
            document_number="东政公开告〔2026〕99号",
            by=players.wang,
            at=moment(TODAY, 16),
        )


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps_when_many_sign_at_once() -> None:
    players = cast.cast()
    cases = [registered(players, on=TODAY).case for _ in range(8)]
    for case in cases:
        cast.proposed(players, case, Outcome.REFUSED_5, on=TODAY)
        cast.cleared(players, case, on=TODAY)
    failed: list[BaseException] = []

    def sign(pk: int, fail: bool) -> None:
        try:
            with transaction.atomic():
                approve.sign(Case.objects.get(pk=pk), by=players.li, at=moment(TODAY, 15))
                transaction.set_rollback(fail)
        except BaseException as wrong:  # noqa: BLE001 - carried out of the thread and shown below
            failed.append(wrong)
        finally:
            connection.close()

    threads = [threading.Thread(target=sign, args=(case.pk, place % 4 == 3)) for place, case in enumerate(cases)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sorted(letter.serial or 0 for letter in Letter.objects.all()) == [1, 2, 3, 4, 5, 6]
    assert NumberSeries.objects.get(kind="letter:告").last == 6


# Templates of an agency -----------------------------------------------------------------------------------------


def test_an_agency_writes_its_own_words_from_a_day_on(players: Cast) -> None:
    administrator = person("jin", "金管", players.dongshan, Role.AGENCY_ADMINISTRATOR)
    source = letters.house_source(LetterKind.REFUSAL) + "东山区政务公开科制。\n"
    with pytest.raises(Refused, match="管理员"):
        publish_template(
            players.dongshan, LetterKind.REFUSAL, source=source, valid_from=TODAY, by=players.li, at=moment(TODAY)
        )
    for version in (1, 2):
        own = publish_template(
            players.dongshan,
            LetterKind.REFUSAL,
            source=source,
            valid_from=TODAY,
            by=administrator,
            at=moment(TODAY),
        )
        assert own.version == version
    cast.signed(players, registered(players, on=TODAY).case, Outcome.REFUSED_5, on=TODAY)
    letter = Letter.objects.get()
    assert letter.template == own
    assert "东山区政务公开科制" in letter.content["body"]
    before = letters.template_for(LetterKind.REFUSAL, agency=players.dongshan, on=date(2026, 11, 17))
    assert before.agency is None
    other = letters.template_for(LetterKind.REFUSAL, agency=players.elsewhere, on=TODAY)
    assert other.agency is None


def test_a_template_is_previewed_on_a_real_case(players: Cast) -> None:
    case = registered(players, on=TODAY).case
    cast.proposed(players, case, Outcome.REFUSED_5, on=TODAY)
    source = letters.house_source(LetterKind.REFUSAL).replace("理由如下", "理由说明如下")
    shown = letters.preview(source, LetterKind.REFUSAL, case, on=TODAY)
    assert "理由说明如下" in shown.page.body
    assert not Letter.objects.exists()


# Letters that are not replies -----------------------------------------------------------------------------------


def test_a_third_party_does_not_learn_who_applied(players: Cast) -> None:
    case = registered(players, on=TODAY, subject="张三申请的改造合同").case
    consult.consult(
        case,
        party=Party.THIRD_PARTY,
        name="华建工程有限公司",
        sent_on=TODAY,
        by=players.wang,
        at=moment(TODAY),
    )
    with pytest.raises(Refused, match="缺少应当载明的内容：所涉信息概要"):
        letters.draft(case, LetterKind.THIRD_PARTY, on=TODAY, to="华建工程有限公司")
    with pytest.raises(Refused, match="不得出现申请人的姓名"):
        letters.draft(
            case,
            LetterKind.THIRD_PARTY,
            on=TODAY,
            to="华建工程有限公司",
            given={Element.SUMMARY: "张三申请的改造合同"},
        )
    shown = letters.draft(
        case,
        LetterKind.THIRD_PARTY,
        on=TODAY,
        to="华建工程有限公司",
        given={Element.SUMMARY: "2025年老旧小区改造施工合同"},
    )
    assert shown.page.addressee == "华建工程有限公司"
    assert "15个工作日" in shown.page.text


def test_a_letter_that_lacks_what_the_law_wants_is_refused_by_name(players: Cast) -> None:
    case = registered(players, on=TODAY).case
    with pytest.raises(Refused) as refused:
        letters.draft(case, LetterKind.EXTENSION, on=TODAY)
    assert "延期理由" in refused.value.sentence.zh
    assert refused.value.law == "条例 33(2)"


def test_every_notice_is_written_from_what_the_verbs_put_on_file(players: Cast) -> None:
    case = registered(players, on=TODAY, subject="2025年老旧小区改造施工合同").case
    at = moment(TODAY)
    extension.extend(case, working_days=20, reason="需要逐一调取核对", on=TODAY, by=players.li, at=at)
    excess.ask_reasons(case, why="两个月内申请86件", on=TODAY, by=players.wang, at=at)
    consult.consult(case, party=Party.THIRD_PARTY, name="华建公司", sent_on=TODAY, by=players.wang, at=at)
    consult.record_opinion(
        case.consultations.get(), answered_on=TODAY, consents=False, opinion="涉及报价", by=players.wang, at=at
    )
    case = Case.objects.get()
    charged, unclear = registered(players, on=TODAY).case, registered(players, on=TODAY).case
    fee.notify_fee(charged, **FEE, on=TODAY, by=players.wang, at=at)
    clock.request_supplement(unclear, unclear="请说明项目名称。", on=TODAY, by=players.wang, at=at)
    given: dict[LetterKind, dict[Element, str | list[str]]] = {
        LetterKind.DELAY: {Element.REASONS: "须逐件检索", Element.PERIOD_ENDS_ON: "2027年3月1日"},
        LetterKind.THIRD_PARTY: {Element.SUMMARY: "2025年老旧小区改造施工合同"},
        LetterKind.JOINT_ORGAN: {Element.SUMMARY: "2025年老旧小区改造施工合同"},
        LetterKind.OTHER_ORGAN: {Element.SUMMARY: "2025年老旧小区改造施工合同"},
        LetterKind.OVERRIDE: {
            Element.SUMMARY: "2025年老旧小区改造施工合同",
            Element.THIRD_PARTY_REPLY: "不同意公开。",
            Element.DECIDED_CONTENT: "工程总价",
            Element.REASONS: "使用财政资金",
            Element.PUBLIC_INTEREST: "公众有权监督",
        },
    }
    notices = [kind for kind, row in LETTERS.items() if not row.remedies and kind not in _AFTER_A_DECISION]
    for kind in notices:
        of = {LetterKind.SUPPLEMENT: unclear, LetterKind.FEE: charged}.get(kind, case)
        to = "" if LETTERS[kind].reader is Reader.APPLICANT else "华建公司"
        letter = issue_notice(of, kind, given=given.get(kind), to=to, by=players.wang, at=at)
        with letter.pdf.open() as stored:
            text = pdf_text(stored.read())
        assert LETTERS[kind].title.zh in text
        assert letter.number == (f"东政公开{letter.row.series}〔2026〕1号" if letter.row.series else "")
        assert "行政复议" not in text.replace("不单独就该决定申请行政复议", "")
    with pytest.raises(Refused, match="由签发制作"):
        issue_notice(case, LetterKind.REFUSAL, by=players.wang, at=at)


def test_the_ways_by_which_a_case_ends_without_a_reply_have_their_documents(players: Cast) -> None:
    case = registered(players, on=TODAY).case
    decide.withdraw(case, on=TODAY, by=players.wang, at=moment(TODAY), statement="已经从其他途径获得。")
    given: dict[Element, str | list[str]] = {
        Element.RESULT: result(OUTCOMES[Outcome.OTHER_3], ""),
        Element.REASONS: "申请人撤回申请。",
    }
    ended = issue_notice(case, LetterKind.TERMINATED, given=given, by=players.wang, at=moment(TODAY, 12))
    assert "已经从其他途径获得" in ended.content["body"]
    sent = registered(players, on=TODAY).case
    cast.closed(players, sent, Outcome.REFUSED_5, on=TODAY)
    proof = issue_notice(Case.objects.get(pk=sent.pk), LetterKind.SERVICE, by=players.wang, at=moment(TODAY, 17))
    assert "政府信息不予公开告知书" in proof.content["body"]
    assert "网上送达" in proof.content["body"]


def test_what_cannot_be_drawn_and_what_is_not_set_is_said(players: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "_can_draw", lambda one: one != "喆")
    case = registered(players, on=TODAY, name="李喆", wanted_way="online").case
    cast.proposed(players, case, Outcome.REFUSED_5, on=TODAY)
    decision = case.decisions.get()
    warnings = [one.zh for one in letters.draft_reply(case, decision, on=TODAY).warnings]
    assert any("喆（U+5586）" in one for one in warnings)
    assert any("互联网渠道" in one for one in warnings)
