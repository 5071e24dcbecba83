"""What gives away who applied: as people write it, and what must pass."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.law.personal import PERSONAL, Personal
from casework.law.topics import TOPICS, Topic
from casework.law.unnamed import TRACES, Known, Trace, bare, traces_in

TODAY = date(2026, 11, 18)
KNOWN = Known(
    names=("张三", "", "Li Si", "东山安康有限公司", "王"),
    contacts=("0469-8223344", "zhang@example.org", "", "微信同号：13800000000"),
    numbers=("11010519491231002X", ""),
    addresses=("东山市东山区和平路12号3单元501室", ""),
)


@pytest.mark.parametrize(
    ("text", "traces"),
    [
        ("张三申请公开", {Trace.NAME}),
        ("张 三、李四", {Trace.NAME}),
        ("答复LI　SI", {Trace.NAME}),
        ("“东山安康”有限公司的合同", {Trace.NAME}),
        ("王家村的道路", set()),
        ("张家三口", set()),
        ("电话0469 8223344", {Trace.CONTACT}),
        ("电话（0469）822-3344", {Trace.CONTACT}),
        ("请发 Zhang@Example.ORG", {Trace.CONTACT}),
        ("证件11010519491231002x", {Trace.NUMBER}),
        ("和平路12号", {Trace.ADDRESS}),
        ("东山区2025年道路改造", set()),
        ("2025年安排资金8223万元", set()),
        ("", set()),
    ],
)
def test_it_is_found_however_it_is_written_and_nothing_else_is(text: str, traces: set[Trace]) -> None:
    ours = {TRACES[trace] for trace in traces}
    assert {each for each in traces_in(text, KNOWN, on=TODAY) if each in TRACES.values()} == ours


def test_numbers_of_people_on_no_file_are_found_by_their_check_digits() -> None:
    found = traces_in("电话13912345678，证件１１０１０５１９４９１２３１００２Ｘ", Known(), on=TODAY)
    assert found == [PERSONAL[Personal.MOBILE].words, PERSONAL[Personal.RESIDENT].words]
    assert traces_in("东政发〔2025〕12号", Known(), on=TODAY) == []


_NAMES = st.text("张王李赵钱孙周吴郑陈abcABC", min_size=2, max_size=6)
_NOISE = st.text("的。，、 　-（）\n·", max_size=3)


@given(name=_NAMES, noise=_NOISE, before=st.text(max_size=10), after=st.text(max_size=10))
def test_no_name_hides_between_blanks_and_punctuation(name: str, noise: str, before: str, after: str) -> None:
    plain = noise.replace("的", "")
    text = before + " " + plain.join(name) + " " + after
    assert TRACES[Trace.NAME] in traces_in(text, Known(names=(name,)), on=TODAY)


@given(text=st.text())
def test_who_is_not_known_is_not_found(text: str) -> None:
    assert not set(traces_in(text, Known(names=("",)), on=TODAY)) & set(TRACES.values())
    assert bare(bare(text)) == bare(text)


def test_every_topic_and_trace_has_words() -> None:
    assert set(TOPICS) == set(Topic)
    assert set(TRACES) == set(Trace)
    assert max(len(topic.value) for topic in Topic) <= 12
