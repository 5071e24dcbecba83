"""Citations are kept as the law prints them, ``条例 33(2)``, and read in English as ``Regulation, art. 33(2)``."""

import re
from typing import Final

from casework.law.words import Text

#: What the tables cite by name; a document number such as 国办函〔2020〕109号 stays as it is.
ACTS: Final[dict[str, str]] = {
    "条例": "Regulation",
    "行政复议法": "Administrative Reconsideration Law",
    "行政复议法实施条例": "Regulations on Implementing the Administrative Reconsideration Law",
    "行政诉讼法": "Administrative Litigation Law",
    "行政诉讼法解释": "Interpretation of the Administrative Litigation Law",
    "保密法": "Law on Guarding State Secrets",
    "民事诉讼法": "Civil Procedure Law",
    "民法典": "Civil Code",
    "个人信息保护法": "Personal Information Protection Law",
    "国务院关于职工工作时间的规定": "State Council Provisions on Working Hours",
    "放假办法": "Measures on Public Holidays",
}
_CITATION: Final = re.compile(
    r"(?:(?P<year>\d{4})年)?(?P<source>\S+?)(?: (?P<places>[\d()（）、一二三四五六七八九]+))?"
)
_ITEMS: Final = str.maketrans({"（": "(", "）": ")"} | dict(zip("一二三四五六七八九", "123456789", strict=True)))


#: Between two citations; between two articles of one act a number follows.
_BETWEEN: Final = re.compile("、(?=[^0-9()（）一二三四五六七八九])")


def cited(law: str) -> Text:
    """A citation, or several, in both languages; what is not a citation is left as it stands."""
    several = [_one(each).en for each in _BETWEEN.split(law)]
    return Text(law, "; ".join(several))


def _one(law: str) -> Text:
    found = _CITATION.fullmatch(law)
    if found is None:
        return Text(law, law)
    act = ACTS.get(found["source"])
    source = f"{act or found['source']} of {found['year']}" if found["year"] else act or found["source"]
    if not found["places"]:
        return Text(law, source)
    places = numbered(found["places"]).en.split("、")
    word = "" if act is None else "art. " if len(places) == 1 else "arts "
    return Text(law, f"{source}, {word}{', '.join(places)}")


def numbered(place: str) -> Text:
    """A place in a printed form or an article: ``三(三)5``, ``（一）``; in English with Arabic figures."""
    return Text(place, place.translate(_ITEMS))
