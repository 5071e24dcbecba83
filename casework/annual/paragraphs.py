"""The paragraphs of sections 一, 五 and 六 that a new report begins with: official words, live figures, blanks to fill.

What the records know is said; what only the office knows is a blank in 【请…】, which must be filled before signature.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from casework.law.claims import FEE_ASKED, FEE_COLLECTED, FEE_NOTICES, PUBLISHED
from casework.law.prose import Figure
from casework.models import Agency, Level

from .figures import LATE, ON_TIME_RATE

GOVERNMENTS: Final = frozenset({Level.PROVINCE.value, Level.CITY.value, Level.COUNTY.value})
"""Levels whose report also covers 工作考核、社会评议和责任追究结果 (条例 50(4))."""

Figures = Mapping[str, Figure]


def paragraphs_of(agency: Agency, year: int, figures: Figures, *, region: bool) -> dict[str, str]:
    """The marked text of each section of prose (law.md 7.6)."""
    government = region or agency.level in GOVERNMENTS
    return {
        "1": "\n".join(_general(agency, year, figures, government=government)),
        "5": "\n".join(_problems(figures)),
        "6": "\n".join(_other_matters(figures)),
    }


def _general(agency: Agency, year: int, figures: Figures, *, government: bool) -> Iterator[str]:
    yield (
        f"本报告由{agency.name}根据《中华人民共和国政府信息公开条例》（以下简称《条例》）编制，"
        f"所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。"
    )
    heads = [
        ("主动公开", _published(figures)),
        ("依申请公开", _on_application(figures)),
        ("政府信息管理", "【请写明政府信息的制作、保存、属性认定、动态调整和规范性文件清理情况】。"),
        ("政府信息公开平台建设", "【请写明网站、政务新媒体、政务公开专区等平台的建设和维护情况】。"),
        ("监督保障", "【请写明机构人员、培训、检查指导和保密审查情况】。"),
    ]
    if government:
        heads.append(("工作考核、社会评议和责任追究结果", "【请写明考核、社会评议和责任追究的结果】。"))
    for number, (head, text) in zip("一二三四五六", heads, strict=False):
        yield f"（{number}）{head}。{text}"


def _published(figures: Figures) -> str:
    """What was published, by channel where that is known, and what table 二 says of rules."""
    said = []
    channels = [figure for key, figure in figures.items() if key.startswith("主动公开·")]
    if _value(figures, PUBLISHED):
        by_channel = "、".join(f"{c.key.split('·')[1]}{c.mark}{c.measure}" for c in channels if c.value)
        whole = f"全年主动公开政府信息{_mark(PUBLISHED)}条"
        said.append(f"{whole}，其中{by_channel}。" if by_channel else f"{whole}。")
    elif PUBLISHED in figures:
        said.append("本年度没有主动公开政府信息。")
    else:
        said.append("【请写明全年主动公开政府信息的数量、渠道和重点内容】。")
    stock = "行政规范性文件"
    if f"{stock}·本年制发件数" in figures:
        made, repealed = (_value(figures, f"{stock}·{column}") for column in ("本年制发件数", "本年废止件数"))
        first = f"制发行政规范性文件{_mark(f'{stock}·本年制发件数')}件" if made else "没有制发行政规范性文件"
        second = f"废止{_mark(f'{stock}·本年废止件数')}件" if repealed else "没有废止行政规范性文件"
        said.append(f"本年度{first}，{second}，现行有效{_mark(f'{stock}·现行有效件数')}件。")
    return "".join(said)


def _on_application(figures: Figures) -> str:
    said = []
    new, before = _value(figures, "本年新收"), _value(figures, "上年结转")
    if new or before:
        came = [f"新收政府信息公开申请{_mark('本年新收')}件" if new else "没有收到政府信息公开申请"]
        came.append(f"上年结转{_mark('上年结转')}件" if before else "没有上年结转的申请")
        said.append(f"本年度{came[0]}，{came[1]}。")
    else:
        said.append("本年度没有收到政府信息公开申请，也没有上年结转的申请。")
    if new:
        kinds = [("自然人", "本年新收·自然人"), ("法人或其他组织", "本年新收·法人或其他组织")]
        named = [f"{words}{_mark(key)}件" for words, key in kinds if _value(figures, key)]
        said.append(f"新收的申请中，{'，'.join(named)}。" if len(named) == len(kinds) else "")
    if _value(figures, "办理结果总计"):
        groups = ("予以公开", "部分公开", "不予公开", "无法提供", "不予处理", "其他处理")
        results = "，".join(f"{group}{_mark(group)}件" for group in groups if _value(figures, group))
        said.append(f"本年度办结{_mark('办理结果总计')}件，其中{results}。")
        if ON_TIME_RATE in figures:
            said.append(f"按期办结率{_mark(ON_TIME_RATE)}%。")
    if _value(figures, "结转下年度"):
        said.append(f"结转下年度继续办理{_mark('结转下年度')}件。")
    return "".join([*said, *_disputes(figures)])


def _disputes(figures: Figures) -> Iterator[str]:
    """Whether decisions on disclosure were taken to reconsideration or court; nothing where table 四 is not kept."""
    for name, opened in (("行政复议", "因政府信息公开被申请"), ("行政诉讼", "因政府信息公开被提起")):
        if _value(figures, name):
            results = ("结果维持", "结果纠正", "其他结果", "尚未审结")
            parts = "，".join(f"{r}{_mark(f'{name}·{r}')}件" for r in results if _value(figures, f"{name}·{r}"))
            yield f"{opened}{name}{_mark(name)}件，其中{parts}。"
        elif name in figures:
            yield f"没有{opened}{name}。"


def _problems(figures: Figures) -> Iterator[str]:
    late = f"本年度有{_mark(LATE)}件申请没有按期办结，" if _value(figures, LATE) else ""
    yield f"存在的主要问题：{late}【请写明本年度存在的主要问题】。"
    yield "改进情况：【请写明上一年度所列问题的改进情况，以及下一步措施】。"


def _other_matters(figures: Figures) -> Iterator[str]:
    """The processing fee must be reported, nought too (law.md 5.11)."""
    if not _value(figures, FEE_NOTICES) and not _value(figures, FEE_COLLECTED):
        yield "本年度未收取信息处理费。"
    else:
        collected = (
            f"实际收取信息处理费{_mark(FEE_COLLECTED)}元" if _value(figures, FEE_COLLECTED) else "未收取信息处理费"
        )
        yield (
            f"按照《政府信息公开信息处理费管理办法》，本年度发出收费通知{_mark(FEE_NOTICES)}件，"
            f"通知缴纳{_mark(FEE_ASKED)}元，{collected}。"
        )
    yield "没有其他需要报告的事项。"


def _mark(key: str) -> str:
    return f"{{{{{key}}}}}"


def _value(figures: Figures, key: str) -> object:
    """The value, falsy where it is nought or not kept."""
    figure = figures.get(key)
    return figure.value if figure else None
