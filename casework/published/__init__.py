"""Reads annual reports that offices published, as messy as they are, into the same tables as our own.

One module for each way of reading: ``json_form`` the public form, ``table2``–``table4`` and ``prose`` plain text,
``files`` whatever has a grid (XLSX, DOCX, HTML), which becomes text with ``|`` between the cells of a table.
"""

from casework.law.refusals import Refused
from casework.law.words import Text

from .files import SCRIPTS, check_name, text_of
from .json_form import read_json
from .plain import narrow
from .prose import office_of, sections_of, without_pictures, year_of
from .reading import Form, Reading
from .table2 import find_table2, is_2019
from .table3 import find_table3
from .table4 import find_table4

__all__ = ["Reading", "read", "read_one", "read_text"]


def read(content: bytes, name: str = "") -> list[Reading]:
    """The reports in a file's content; ``Refused`` says what is wrong with it if there is no table 三 to read.

    ``name``: what the file is called, if it has a name; an ending that belies the content is refused.
    """
    check_name(name, content)
    text, notes = text_of(content)
    if text.lstrip()[:1] in {"{", "["}:
        return read_json(text)
    try:
        return [read_text(text, notes=notes)]
    except Refused as refused:
        if SCRIPTS in notes:
            raise Refused(_BUILT_BY_SCRIPTS) from refused
        raise


def read_one(content: bytes, name: str, *, code: str, year: int) -> Reading:
    """The one report of a file; of several, that of the office with this code and year, else ``Refused``."""
    readings = read(content, name)
    if len(readings) == 1:
        return readings[0]
    theirs = [reading for reading in readings if (reading.agency_code, reading.year) == (code, year)]
    if len(theirs) != 1:
        raise Refused(
            Text(
                f"文件里有{len(readings)}份报告，其中代码为“{code}”的{year}年报告有{len(theirs)}份，应当正好一份。",
                f"The file holds {len(readings)} reports, {len(theirs)} of them of the office “{code}” for {year}; "
                "exactly one is wanted.",
            ),
            field="file",
        )
    return theirs[0]


def read_text(text: str, *, notes: tuple[Text, ...] = ()) -> Reading:
    """A report as plain text: copied from a page, taken out of a PDF, or a grid with signs between its cells."""
    plain = narrow(without_pictures(text))
    found = find_table3(plain.text)
    if found is None:
        raise Refused(
            Text(
                "没有找到表三（收到和处理政府信息公开申请情况）：认不出它的各行名称。",
                "Table 3 (applications received and handled) was not found: the labels of its rows are not there.",
            )
        )
    year, about_year = year_of(plain.text)
    office, about_office = office_of(plain.text)
    remarks = [*notes, *(note for note in (about_office, about_year) if note is not None)]
    table2 = None
    if found.table.form is Form.OF_2019 or is_2019(plain.text, found.start):
        remarks.append(
            Text(
                "表二为2019年试行格式，栏目不同，未读入",
                "Table 2 is of the 2019 trial form, has other columns, and was left out",
            )
        )
    else:
        table2 = find_table2(plain.text, found.start)
    table4 = find_table4(plain.text, found.end)
    return Reading("", office, year, found.table, table2, table4, sections_of(plain), tuple(remarks))


_BUILT_BY_SCRIPTS = Text(
    "没有找到表三：网页里有脚本，表格可能要由脚本生成，脚本不会运行。请在浏览器里打开网页，把报告全文复制成纯文本再核对。",
    "Table 3 was not found: the page holds scripts, which are not run, and its tables may be made by them. "
    "Open it in a browser and copy the whole report as plain text.",
)
