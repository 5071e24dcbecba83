"""Numbers that prove who applies (条例 29(2)(一)): the resident identity number and the unified social credit code."""

import unicodedata
from datetime import date

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from .refusals import Refused
from .words import Text

LAW = "条例 29(2)(一)"


def compact(number: str) -> str:
    """Half-width capitals and digits without spaces and hyphens, however they were typed."""
    plain = unicodedata.normalize("NFKC", number).upper()
    return "".join(c for c in plain if not c.isspace() and c not in "-‐‑‒–—·.")


def check_resident_number(number: str, *, on: date) -> str:
    """The number of a resident identity card in 18 places; ``Refused`` says which part is wrong (GB 11643).

    The place code is not judged: codes are merged and renamed, and no list of them is complete.
    """
    number = compact(number)
    if len(number) != 18:
        raise _refused(
            Text(
                "居民身份证号码应当是 18 位，您填写的是 {n} 位。",
                "A resident identity number has 18 characters; you gave {n}.",
            ).format(n=len(number))
        )
    if not (number[:17].isascii() and number[:17].isdigit() and number[17] in "0123456789X"):
        raise _refused(
            Text(
                "居民身份证号码的前 17 位应当是数字，最后一位是数字或者 X。",
                "The first 17 characters of a resident identity number are digits; the last is a digit or X.",
            )
        )
    if not _born_on_a_day(number, on):
        raise _refused(
            Text(
                "居民身份证号码第 7 至 14 位应当是出生日期，您填写的“{day}”不对。",
                "Characters 7 to 14 of a resident identity number are the date of birth; “{day}” is not one.",
            ).format(day=number[6:14])
        )
    if number[17] != ric.calc_check_digit(number):
        raise _refused(
            Text(
                "居民身份证号码的校验位不符，其中有一位写错了。请对照证件逐位检查。",
                "The check digit of this resident identity number does not fit: one of its characters is wrong. "
                "Compare it with the card.",
            )
        )
    return number


def check_credit_code(number: str) -> str:
    """A unified social credit code in 18 places; ``Refused`` says which part is wrong (GB 32100)."""
    number = compact(number)
    if len(number) != 18:
        raise _refused(
            Text(
                "统一社会信用代码应当是 18 位，您填写的是 {n} 位。",
                "A unified social credit code has 18 characters; you gave {n}.",
            ).format(n=len(number))
        )
    try:
        return uscc.validate(number)
    except ValidationError as error:
        raise _refused(
            Text(
                "统一社会信用代码不符合编码规则（不使用字母 I、O、S、V、Z），或者有一位写错了。请对照证照逐位检查。",
                "This unified social credit code does not follow the coding rule (it never has I, O, S, V or Z), "
                "or one of its characters is wrong. Compare it with the certificate.",
            )
        ) from error


def check_by_form(number: str, *, on: date) -> str:
    """A number of which it is not said what it is: a resident identity number if it looks like one, else a credit code.

    A credit code may happen to consist of digits alone; such a number is wrong only if it is neither.
    """
    number = compact(number)
    if len(number) != 18:
        raise _refused(
            Text(
                "应当是 18 位的居民身份证号码或者统一社会信用代码，现有 {n} 位",
                "should be a resident identity number or a unified social credit code of 18 characters, not {n}",
            ).format(n=len(number))
        )
    if not number[:17].isdigit() or number[17] not in "0123456789X":
        return check_credit_code(number)
    try:
        return check_resident_number(number, on=on)
    except Refused:
        if number.isdigit() and uscc.is_valid(number):
            return number
        raise


def is_resident_number(number: str, *, on: date) -> bool:
    """Whether ``check_resident_number`` would take it."""
    try:
        check_resident_number(number, on=on)
    except Refused:
        return False
    return True


def check_other_number(number: str) -> str:
    """Any other document: letters and digits of a plausible length."""
    number = compact(number)
    if not 4 <= len(number) <= 40 or not any(c.isdigit() for c in number):
        raise _refused(
            Text(
                "证件号码应当是 4 到 40 位的字母和数字。请对照证件检查。",
                "A document number is made of 4 to 40 letters and digits. Compare it with the document.",
            )
        )
    return number


def _born_on_a_day(number: str, on: date) -> bool:
    try:
        return date(1850, 1, 1) <= ric.get_birth_date(number) <= on
    except ValidationError:
        return False


def _refused(sentence: Text) -> Refused:
    return Refused(sentence, law=LAW, field="identity_number")
