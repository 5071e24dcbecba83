"""The demo's district and the people who work in it. Code 230498 belongs to no place, so nothing here is anybody's."""

from dataclasses import dataclass, field
from typing import Final

from django.contrib.auth.hashers import make_password

from casework.models import Agency, Appointment, Level, Role, Staff

REGION: Final = "230498"
ROOT: Final = REGION
PASSWORD: Final = "dongshan-demo"  # noqa: S105 - printed with the log-ins; the demo refuses to stand beside real records
DISTRICT: Final = "东山区"


@dataclass(frozen=True, slots=True)
class Office:
    """An agency of the demo: ``key`` names it in the stories and begins its people's usernames."""

    key: str
    suffix: str
    name: str
    level: Level
    prefix: str
    clerks: tuple[str, ...]
    head: str
    deputy: str
    auditor: str

    @property
    def code(self) -> str:
        return f"{REGION}-{self.suffix}" if self.suffix else REGION


OFFICES: Final = (
    Office(
        "office", "", "东山区人民政府办公室", Level.COUNTY, "东政公开",
        ("王敏", "陈晨", "何静"), "李立", "周慎之", "许明",
    ),
    Office("jiaoyu", "JY", "东山区教育局", Level.DEPARTMENT, "东教公开", ("孙悦", "高远"), "郭晓东", "林芳", "罗平"),
    Office("minzheng", "MZ", "东山区民政局", Level.DEPARTMENT, "东民公开", ("胡杨", "朱琳"), "马跃进", "谢云", "宋建"),
    Office(
        "zhujian", "ZJ", "东山区住房和城乡建设局", Level.DEPARTMENT, "东建公开",
        ("唐一鸣", "韩雪"), "冯国强", "曹颖", "曾志",
    ),
    Office(
        "ziran", "ZR", "东山区自然资源局", Level.DEPARTMENT, "东自然公开",
        ("彭博", "萧然"), "程实", "田野", "董鹏",
    ),
    Office(
        "nongye", "NY", "东山区农业农村局", Level.DEPARTMENT, "东农公开",
        ("袁丽", "于洋"), "蒋大为", "潘虹", "杜康",
    ),
    Office(
        "weijian", "WJ", "东山区卫生健康局", Level.DEPARTMENT, "东卫公开",
        ("叶青", "苏醒"), "魏民", "吕梁", "丁宁",
    ),
    Office(
        "qingshan", "QS", "东山区青山镇人民政府", Level.TOWNSHIP, "青政公开",
        ("任重", "沈清"), "姚远", "卢山", "姜河",
    ),
)  # fmt: skip

#: Roles that only the district's office has as people of their own; elsewhere a deputy holds what is left.
OFFICE_ONLY: Final = (
    ("reviewer", "周慎之", (Role.REVIEWER,)),
    ("secrecy", "秦守密", (Role.SECRECY_REVIEWER,)),
    ("report", "白露", (Role.REPORT_EDITOR, Role.REGION_SUPERVISOR)),
    ("admin", "石磊", (Role.AGENCY_ADMINISTRATOR,)),
    ("region", "龙江", (Role.REGION_SUPERVISOR,)),
    ("system", "严格", (Role.SYSTEM_ADMINISTRATOR,)),
)
DEPUTY: Final = (Role.REVIEWER, Role.SECRECY_REVIEWER, Role.REPORT_EDITOR, Role.AGENCY_ADMINISTRATOR)


@dataclass(slots=True)
class Team:
    """One agency with those of its people who act in the stories."""

    office: Office
    agency: Agency
    clerks: list[Staff] = field(default_factory=list)
    reviewer: Staff = field(default_factory=Staff)
    secrecy: Staff = field(default_factory=Staff)
    head: Staff = field(default_factory=Staff)


def people_of(office: Office) -> list[tuple[str, str, tuple[Role, ...]]]:
    """Username, name and roles of everybody in an agency."""
    clerks = [(f"{office.key}.clerk{n}", name, (Role.CLERK,)) for n, name in enumerate(office.clerks, start=1)]
    others: list[tuple[str, str, tuple[Role, ...]]] = [
        (f"{office.key}.head", office.head, (Role.HEAD,) if office.suffix else (Role.HEAD, Role.REGION_SUPERVISOR)),
        (f"{office.key}.auditor", office.auditor, (Role.AUDITOR,)),
    ]
    if office.suffix:
        others.append((f"{office.key}.deputy", office.deputy, DEPUTY))
    else:
        others += [(f"{office.key}.{title}", name, roles) for title, name, roles in OFFICE_ONLY]
    return clerks + others


def build() -> dict[str, Team]:
    """Create agencies and people; only in an empty database and inside the load's transaction."""
    password = make_password(PASSWORD)  # once: sixty slow hashes would be half of the load
    teams: dict[str, Team] = {}
    root: Agency | None = None
    for office in OFFICES:
        agency = Agency.objects.create(
            code=office.code,
            name=office.name,
            level=office.level,
            parent=root,
            document_prefix=office.prefix,
            contact=f"{DISTRICT}建设路1号，政务公开窗口（演示数据）",
            review_organ=f"{DISTRICT}人民政府" if root else "鹤鸣市人民政府",
            court=f"{DISTRICT}人民法院",
            payment_way=f"{DISTRICT}财政局非税收入专户（演示数据）；或者在政务公开窗口凭本通知书开具缴款单",
            review_online_at="https://xzfy.example.gov.cn",
            second_factor_roles=[],  # the password is printed with the log-ins; administrators are told so on the page
        )
        root = root or agency
        teams[office.key] = _staffed(office, agency, password)
    return teams


def _staffed(office: Office, agency: Agency, password: str) -> Team:
    team = Team(office, agency)
    for username, name, roles in people_of(office):
        person = Staff.objects.create(username=username, name=name, password=password)
        Appointment.objects.bulk_create([Appointment(staff=person, agency=agency, role=role) for role in roles])
        if Role.CLERK in roles:
            team.clerks.append(person)
        if Role.REVIEWER in roles:
            team.reviewer = person
        if Role.SECRECY_REVIEWER in roles:
            team.secrecy = person
        if Role.HEAD in roles:
            team.head = person
    return team
