"""What a report's words tell: whose it is, of which year, and the text of its sections."""

import re
from collections import Counter
from typing import Final

from casework.exports.pictures import HEADING
from casework.law.words import Text

from .plain import PlainText

_TITLE: Final = re.compile(
    r"(?:关\s*于\s*)?(20\d\d)\s*年\s*度?\s*的?\s*(?:政\s*府\s*信\s*息|政\s*务)\s*公\s*开\s*(?:工\s*作)?\s*(?:情\s*况)?\s*的?\s*"
    r"(?:年\s*度)?\s*(?:工\s*作)?\s*报\s*告"
)
_PERIOD: Final = re.compile(r"(20\d\d)\s*年\s*1\s*月\s*1\s*日")
_YEAR: Final = re.compile(r"(20\d\d)\s*年")
_OFFICE: Final = re.compile(
    r"([\u4e00-\u9fff]{2,24}(?:人民政府(?:办公厅|办公室)?|街道办事处|管理委员会|委员会|局|厅|办公室|中心))$"
)
_GOVERNMENT: Final = re.compile(r"([\u4e00-\u9fff]{2,16}人民政府(?:办公厅|办公室)?)")
_COMPILER: Final = re.compile(r"本\s*(?:年\s*度)?\s*报\s*告\s*由([\u4e00-\u9fff]{2,30}?)(?:根据|依据|按照|编制)")
_LEAD_IN: Final = re.compile(
    r"^.*(?:通过|关于|来源|依托|按照|根据|发布机构|以及|现将|和|由|在|向|对|与|经|为|将|是|到|及|于)"
)
_HEADINGS: Final = {
    "1": r"一\s*、\s*(?:政府信息公开)?(?:工作)?总\s*体\s*情\s*况",
    "2": r"二\s*、\s*(?:行政机关)?主\s*动\s*公\s*开",
    "5": r"五\s*、\s*(?:政府信息公开工作)?存\s*在\s*(?:的|问|主)[^\n|]{0,24}",
    "6": r"六\s*、\s*其\s*他[^\n|]{0,4}(?:报\s*告)?[^\n|]{0,4}事\s*项",
}
_PICTURES: Final = re.compile(rf"^[ \t\f]*{re.escape(HEADING.zh)}[ \t\r]*$", re.MULTILINE)
_PROSE: Final = {"1": "2", "5": "6", "6": ""}


def year_of(text: str) -> tuple[int | None, Text | None]:
    """The year of a title or of the stated period; else the year most often named, with a remark."""
    for pattern in (_TITLE, _PERIOD):
        if match := pattern.search(text):
            return int(match[1]), None
    years = Counter(match[1] for match in _YEAR.finditer(text))
    if not years:
        return None, Text("没有读到年度", "No year was found")
    year = int(max(years, key=lambda candidate: (years[candidate], candidate)))
    return year, Text(f"没有标题，年度{year}取自正文", f"There is no title; the year {year} was taken from the prose")


def office_of(text: str) -> tuple[str, Text | None]:
    """The office of a title or of the stated compiler; else the government most often named, with a remark."""
    if match := _TITLE.search(text):
        before = text[: match.start()].rstrip().rpartition("\n")[2].replace(" ", "")
        before = re.sub(r"(?:关于|发布|的)$", "", before)
        if office := _OFFICE.search(before):
            return office[1], None
    if match := _COMPILER.search(text):
        return match[1].replace("\n", ""), None
    names = Counter(_LEAD_IN.sub("", match[1]) for match in _GOVERNMENT.finditer(text))
    names.pop("人民政府", None)
    if not names:
        return "", Text("没有读到机关名称", "No name of an office was found")
    name = max(names, key=lambda candidate: (names[candidate], len(candidate)))
    return name, Text(f"机关名称“{name}”取自正文", f"The name “{name}” was taken from the prose")


def without_pictures(text: str) -> str:
    """The report without the pictures that our own files may carry at its end: their tables are none of the form's."""
    ends = [match.start() for match in _PICTURES.finditer(text)]
    return text[: ends[-1]] if ends else text


def sections_of(plain: PlainText) -> dict[str, str]:
    """The prose of sections 一, 五 and 六 as it stands in the original, without the headings."""
    places = {}
    at = 0
    for number, pattern in _HEADINGS.items():
        match = re.compile(pattern).search(plain.text, at)
        if match is not None:
            places[number] = match
            at = match.end()
    sections = {}
    for number, following in _PROSE.items():
        heading = places.get(number)
        if heading is not None:
            stop = places[following].start() if following in places else len(plain.text)
            sections[number] = plain.cut(heading.end(), stop).strip()
    return {number: prose for number, prose in sections.items() if prose}
