"""Reads annual reports that offices published, as messy as they are, into the same tables as our own.

One module for each way of reading: ``json_form`` the public form, ``table2``–``table4`` and ``prose`` plain text. A way
for files with a grid (XLSX, DOCX, HTML) hands its rows to ``read_text`` with ``|`` between the cells.
"""

from casework.law.refusals import Refused
from casework.law.words import Text

from .json_form import read_json
from .plain import decode, narrow
from .prose import office_of, sections_of, year_of
from .reading import Form, Reading
from .table2 import find_table2, is_2019
from .table3 import find_table3
from .table4 import find_table4

__all__ = ["Reading", "read", "read_text"]

_OTHER_FORMS = (
    (b"PK\x03\x04", Text("XLSX、DOCX、OFD等压缩格式", "XLSX, DOCX, OFD and other zipped forms")),
    (b"%PDF", Text("PDF", "PDF")),
    (b"\xd0\xcf\x11\xe0", Text("DOC、XLS等旧格式", "old DOC and XLS files")),
)


def read(content: bytes) -> list[Reading]:
    """The reports in a file's content; ``Refused`` says what is wrong with it if there is no table 三 to read."""
    for mark, form in _OTHER_FORMS:
        if content.startswith(mark):
            raise _unread(form)
    text = decode(content)
    head = text.lstrip()[:2000].lower()
    if head.startswith(("{", "[")):
        return read_json(text)
    if head.startswith("<") and ("<html" in head or "<!doctype" in head or "<table" in head):
        raise _unread(Text("HTML", "HTML"))
    return [read_text(text)]


def _unread(form: Text) -> Refused:
    sentence = Text(
        "目前不能读{form}。请把内容复制成纯文本，或者给出JSON。",
        "{form} cannot be read yet. Copy the content as plain text, or give JSON.",
    )
    return Refused(sentence.format(form=form))


def read_text(text: str) -> Reading:
    """A report as plain text: copied from a page, taken out of a PDF, or a grid with signs between its cells."""
    plain = narrow(text)
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
    notes = [note for note in (about_office, about_year) if note is not None]
    table2 = None
    if found.table.form is Form.OF_2019 or is_2019(plain.text, found.start):
        notes.append(
            Text(
                "表二为2019年试行格式，栏目不同，未读入",
                "Table 2 is of the 2019 trial form, has other columns, and was left out",
            )
        )
    else:
        table2 = find_table2(plain.text, found.start)
    table4 = find_table4(plain.text, found.end)
    return Reading("", office, year, found.table, table2, table4, sections_of(plain), tuple(notes))
