"""The staff of agencies with their roles."""

from typing import Any, ClassVar, Final

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from .agency import Agency
from .network import inside


class Role(models.TextChoices):
    """What a person may be in an agency (design section 5)."""

    CLERK = "clerk", _("承办人")
    REVIEWER = "reviewer", _("审核人")
    SECRECY_REVIEWER = "secrecy_reviewer", _("保密审查人")
    HEAD = "head", _("公开工作机构负责人")
    REPORT_EDITOR = "report_editor", _("年报编辑")
    AUDITOR = "auditor", _("审计人员")
    AGENCY_ADMINISTRATOR = "agency_administrator", _("机关管理员")
    REGION_SUPERVISOR = "region_supervisor", _("区域主管部门")
    SYSTEM_ADMINISTRATOR = "system_administrator", _("系统管理员")


class PersonKind(models.TextChoices):
    """Which of the two faces an account opens, for good: nobody changes from one to the other."""

    STAFF = "staff", _("工作人员")
    APPLICANT = "applicant", _("申请人")


#: How the user names of applicants begin. Nobody types them; so no member of staff can have one.
APPLICANT_NAME: Final = "applicant-"


class MemberManager(UserManager["Staff"]):
    """Staff alone. The default of the model, so that a log-in by user name never finds an applicant."""

    def get_queryset(self) -> models.QuerySet["Staff"]:
        return super().get_queryset().filter(kind=PersonKind.STAFF)


class ApplicantAccounts(UserManager["Staff"]):
    """The accounts of citizens alone."""

    def get_queryset(self) -> models.QuerySet["Staff"]:
        return super().get_queryset().filter(kind=PersonKind.APPLICANT)


class Staff(AbstractUser):
    """Somebody who works in one or more agencies; what they may do follows from their appointments alone.

    The table of accounts is one, since Django and allauth know one. Rows of the kind ``applicant`` are citizens: they
    hold no role, open no page of the desk and are in no list of people (docs/decisions/018-applicants-accounts.md).
    An applicant's ``email`` and ``phone`` are proven by a code before they are stored.
    """

    first_name = None  # type: ignore[assignment]  # a Chinese name is one field
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("姓名"), max_length=80, blank=True)
    phone = models.CharField(_("手机号码"), max_length=20, blank=True)
    #: The password was given out by an administrator: until then it opens the page on which it must be changed.
    initial_until = models.DateTimeField(_("初始密码有效期"), null=True, blank=True)

    kind = models.CharField(
        _("账户种类"), max_length=10, choices=PersonKind.choices, default=PersonKind.STAFF, editable=False
    )

    REQUIRED_FIELDS: ClassVar[list[str]] = []

    members = MemberManager()
    applicants = ApplicantAccounts()
    #: Both kinds, under the name by which allauth asks. Who looks for a person at work asks ``members``.
    objects: ClassVar[UserManager["Staff"]] = UserManager["Staff"]()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("工作人员")
        verbose_name_plural = _("工作人员")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=PersonKind.STAFF) & ~Q(username__startswith=APPLICANT_NAME)
                | Q(
                    kind=PersonKind.APPLICANT,
                    username__startswith=APPLICANT_NAME,
                    is_staff=False,
                    is_superuser=False,
                    initial_until=None,
                ),
                name="account_is_of_one_kind",
            ),
            models.UniqueConstraint(
                Lower("email"),
                condition=Q(kind=PersonKind.APPLICANT) & ~Q(email=""),
                name="one_applicant_an_email",
            ),
            models.UniqueConstraint(
                fields=["phone"],
                condition=Q(kind=PersonKind.APPLICANT) & ~Q(phone=""),
                name="one_applicant_a_phone",
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        return self.name or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()

    @property
    def is_applicant(self) -> bool:
        return self.kind == PersonKind.APPLICANT

    @property
    def roles(self) -> dict[int, frozenset[str]]:
        """Agency id → roles there; read once a request and kept on the instance. An applicant has none, ever."""
        if self.is_applicant:
            return {}
        held: dict[int, frozenset[str]] | None = self.__dict__.get("_roles")
        if held is None:
            gathered: dict[int, set[str]] = {}
            for agency_id, role in self.appointments.values_list("agency_id", "role"):
                gathered.setdefault(agency_id, set()).add(role)
            held = self.__dict__["_roles"] = {agency: frozenset(roles) for agency, roles in gathered.items()}
        return held

    def stand_at(self, address: str) -> bool:
        """From this address the person has only the roles of agencies that let it in; whether none was lost.

        Called once a request; what follows asks ``roles`` and so fails closed.
        """
        if self.is_applicant:
            return False
        lost, gathered = False, dict[int, set[str]]()
        for agency_id, role, networks in self.appointments.values_list("agency_id", "role", "agency__networks"):
            if networks and not inside(address, networks):
                lost = True
            else:
                gathered.setdefault(agency_id, set()).add(role)
        self.__dict__["_roles"] = {agency: frozenset(roles) for agency, roles in gathered.items()}
        return not lost

    def holds(self, agency_id: int, *roles: str) -> bool:
        """Whether the person has any of these roles in the agency."""
        return bool(self.roles.get(agency_id, frozenset()).intersection(roles))


class Appointment(models.Model):
    """One role of one person in one agency."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="appointments")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="appointments")
    role = models.CharField(_("角色"), max_length=24, choices=Role.choices)
    #: Nobody, where it was given at the shell.
    given_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("任命人"))
    given_at = models.DateTimeField(_("任命时间"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "agency", "role"], name="one_appointment_a_role"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="appointment_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.staff} · {self.agency} · {self.get_role_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.staff.is_applicant:
            raise ValueError("an applicant holds no role")
        super().save(*args, **kwargs)


class FormerPassword(models.Model):
    """A password that a person has had, hashed as it was: it is not taken a second time."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="former_passwords")
    encoded = models.CharField(max_length=128)
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.staff} {self.at:%Y-%m-%d}"
