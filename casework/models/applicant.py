"""Who applies: the applicant of a case, those who apply together with them, and whoever acts for them."""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .sealing import blind_index, masked, seal, unseal

if TYPE_CHECKING:
    from datetime import date


class IdentityKind(models.TextChoices):
    """What proves who the applicant is (条例 29(2)(一))."""

    RESIDENT = "resident", _("居民身份证")
    CREDIT_CODE = "credit_code", _("统一社会信用代码")
    OTHER = "other", _("其他证件")


class Identified(models.Model):
    """Somebody with a name, whose number is kept sealed, and under the index that finds it again."""

    name = models.CharField(_("姓名或者名称"), max_length=200)
    identity_kind = models.CharField(_("证件类型"), max_length=12, choices=IdentityKind.choices, blank=True)
    identity_sealed = models.BinaryField(null=True, editable=False)
    identity_index = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def identity_number(self) -> str:
        """The number in clear. Whoever shows it writes an event of it first."""
        return unseal(bytes(self.identity_sealed), "identity") if self.identity_sealed else ""

    @identity_number.setter
    def identity_number(self, number: str) -> None:
        for name, value in self.identity_columns(number).items():
            setattr(self, name, value)

    @staticmethod
    def identity_columns(number: str) -> dict[str, bytes | str | None]:
        """A number as it is stored: sealed, and under the index that finds it again."""
        return {
            "identity_sealed": seal(number, "identity") if number else None,
            "identity_index": blind_index(number),
        }

    @property
    def identity_masked(self) -> str:
        return masked(self.identity_number)


class ToldBy(models.TextChoices):
    """How an applicant wants to hear how the case goes."""

    EMAIL = "email", _("发电子邮件；没有留电子邮箱的，发短信")
    SMS = "sms", _("发短信")
    BOTH = "both", _("电子邮件和短信都发")


class ApplicantQuerySet(models.QuerySet["Applicant"]):
    """Who else is the same person. Every application has an applicant row of its own."""

    def same_as(self, applicant: "Applicant") -> "ApplicantQuerySet":
        """The same applicant, proven by the identity number; ``applicant`` itself is always among them."""
        if not applicant.identity_index:
            return self.filter(pk=applicant.pk)
        return self.filter(identity_index=applicant.identity_index)

    def alike(self, applicant: "Applicant") -> "ApplicantQuerySet":
        """Candidates only: the same name and a way of contact in common, and no identity number that says otherwise.

        A person has to look; whoever is proven to be the same is in ``same_as`` and not here.
        """
        ways = [Q(**{way: getattr(applicant, way)}) for way in Applicant.WAYS_OF_CONTACT if getattr(applicant, way)]
        if not ways:
            return self.none()
        found = self.filter(reduce(or_, ways), name=applicant.name).exclude(pk=applicant.pk)
        return found.filter(identity_index="") if applicant.identity_index else found


class Applicant(Identified):
    """Who applied, as stated in one application. The kind, which decides the column of table 三, stands on the case."""

    contact_person = models.CharField(_("联系人"), max_length=80, blank=True)
    phone = models.CharField(_("电话"), max_length=40, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    told_by = models.CharField(_("通知方式"), max_length=8, choices=ToldBy.choices, default=ToldBy.EMAIL)
    told_less = models.BooleanField(_("只通知需要办理和影响期限的事项"), default=False)
    address = models.CharField(_("通信地址"), max_length=300, blank=True)
    contact = models.CharField(_("其他联系方式"), max_length=1000, blank=True)

    WAYS_OF_CONTACT = ("phone", "email", "address", "contact")

    objects = ApplicantQuerySet.as_manager()

    class Meta:
        verbose_name = _("申请人")
        verbose_name_plural = _("申请人")
        indexes = [
            models.Index(fields=["identity_index"], name="same_applicant", condition=~Q(identity_index="")),
            models.Index(fields=["name"], name="applicant_by_name"),
        ]

    @property
    def names(self) -> str:
        """All who apply together, the lead first: 张三、李四."""
        return "、".join([self.name, *(other.name for other in self.others.all())])

    @property
    def addressee(self) -> str:
        """To whom a letter is written; through the agent where there is one."""
        agent = self.acting
        return f"{self.names}（委托代理人：{agent.name}）" if agent else self.names

    @property
    def acting(self) -> "Agent | None":
        """Whoever acts for the applicant."""
        return next(iter(self.agents.all()), None)

    def copied(self) -> "Applicant":
        """The same people for another application of theirs, stored anew; only inside a transaction."""
        fresh: Applicant = _copy(self)
        fresh.save()
        for person in (*self.others.all(), *self.agents.all()):
            _copy(person, applicant=fresh).save()
        return fresh


class CoApplicant(Identified):
    """One of several who apply together; the application counts once, in the column of the lead (law.md 6.4)."""

    applicant = models.ForeignKey(Applicant, models.CASCADE, related_name="others", verbose_name=_("牵头申请人"))
    contact = models.CharField(_("联系方式"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("共同申请人")
        verbose_name_plural = _("共同申请人")
        ordering = ["id"]


class Agent(Identified):
    """Whoever acts for the applicant; the power of attorney itself is a document of the case (law.md 1.5)."""

    applicant = models.ForeignKey(Applicant, models.CASCADE, related_name="agents", verbose_name=_("申请人"))
    phone = models.CharField(_("电话"), max_length=40, blank=True)
    scope = models.CharField(_("代理权限"), max_length=300, blank=True)
    until = models.DateField(_("委托期限"), null=True, blank=True)

    class Meta:
        verbose_name = _("代理人")
        verbose_name_plural = _("代理人")
        constraints = [models.UniqueConstraint(fields=["applicant"], name="one_agent_an_applicant")]

    def expired(self, on: "date") -> bool:
        """Whether the power of attorney has run out by that day."""
        return self.until is not None and self.until < on


_KEYS: Final = ("id", "applicant")


def _copy(person: Any, **changed: Any) -> Any:
    """An unsaved row that says the same of the same person."""
    model = type(person)
    values = {f.name: getattr(person, f.name) for f in model._meta.concrete_fields if f.name not in _KEYS}
    return model(**values | changed)
