"""Applicants of the demo: common names, valid check digits, and a place code and telephones that are nobody's."""

from datetime import date, timedelta
from random import Random
from typing import Any, Final

from stdnum.cn import ric, uscc

from casework.law.outcomes import ApplicantKind
from casework.models import IdentityKind

from .office import DISTRICT, REGION

K = ApplicantKind

SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程魏苏吕丁任沈"
GIVEN: Final = (
    "伟 芳 娜 秀英 敏 静 丽 强 磊 洋 艳 勇 军 杰 娟 涛 明 超 霞 平 刚 桂英 建华 志强 玉兰 海燕 国庆 晓梅 文博 子涵 "
    "宇航 欣怡 立新 春生 长河 素珍 凤琴 卫东 红梅 天佑 学文 德福 淑芬 振华 家辉 思远 雨桐 嘉懿 喆 堃 㛃"
)
KINDS: Final = (
    (K.NATURAL_PERSON, 80),
    (K.BUSINESS, 7),
    (K.LEGAL_SERVICE, 5),
    (K.OTHER, 3),
    (K.RESEARCH, 3),
    (K.PUBLIC_BENEFIT, 2),
)
ORGANISATIONS: Final[dict[ApplicantKind, tuple[str, tuple[str, ...]]]] = {
    K.BUSINESS: (
        "91",
        (
            "东山区恒信建筑工程有限公司",
            "北岭粮油贸易有限公司",
            "东山区佳和物业服务有限公司",
            "鹤鸣绿源环保科技有限公司",
            "东山区顺达客运有限公司",
            "龙泉食品股份有限公司",
            "东山区新禾农业开发有限公司",
        ),
    ),
    K.RESEARCH: ("12", ("鹤鸣学院公共管理研究所", "北方县域经济研究院", "鹤鸣市农业科学研究所")),
    K.PUBLIC_BENEFIT: ("53", ("东山区清流环境保护协会", "暖阳儿童关爱基金会", "东山区助残志愿者联合会")),
    K.LEGAL_SERVICE: ("31", ("北辰律师事务所", "公义律师事务所", "东山区法衡律师事务所")),
    K.OTHER: ("54", ("东山区青山镇石桥村村民委员会", "东山区锦绣家园业主委员会", "东山区青山镇柳河村村民委员会")),
}
STREETS: Final = ("建设路", "解放街", "新华大街", "育才路", "矿工街", "红旗路", "沿河路", "站前街")
#: Nothing that is sent here can arrive anywhere (RFC 2606).
MAIL_DOMAIN: Final = "demo.invalid"
_ORGANISATION_CHARACTERS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def kind(dice: Random) -> ApplicantKind:
    return dice.choices([k for k, _ in KINDS], weights=[w for _, w in KINDS])[0]


def applicant(dice: Random, kind: ApplicantKind, *, phone: str, email: str = "") -> dict[str, Any]:
    """The fields of an application that say who applies."""
    person = dice.choice(SURNAMES) + dice.choice(GIVEN.split())
    street = f"鹤鸣市{DISTRICT}{dice.choice(STREETS)}{dice.randint(1, 280)}号"
    common = {"applicant_kind": kind, "phone": phone, "email": email, "address": street}
    if kind is K.NATURAL_PERSON:
        return common | {
            "name": person,
            "identity_kind": IdentityKind.RESIDENT.value,
            "identity_number": resident_number(dice),
        }
    registrar, names = ORGANISATIONS[kind]
    name = dice.choice(names)
    return common | {
        "name": name,
        "contact_person": person,
        "identity_kind": IdentityKind.CREDIT_CODE.value,
        # of the name alone, so that the same organisation always has the same code
        "identity_number": credit_code(Random(name), registrar),  # noqa: S311 - a story
    }


def resident_number(dice: Random) -> str:
    """A resident identity number of the place that does not exist, with its check digit."""
    born = date(1950, 1, 1) + timedelta(days=dice.randrange(365 * 53))
    body = f"{REGION}{born:%Y%m%d}{dice.randrange(1, 1000):03d}"
    return body + ric.calc_check_digit(body + "0")


def credit_code(dice: Random, registrar: str) -> str:
    """A unified social credit code of the place that does not exist, with its check character."""
    body = f"{registrar}{REGION}{''.join(dice.choice(_ORGANISATION_CHARACTERS) for _ in range(9))}"
    return body + uscc.calc_check_digit(body + "0")
