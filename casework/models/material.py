"""案卷材料: records laid on the desk, the black areas on their pages, and the files made of them to be given out."""

import hashlib
import itertools
import json
import uuid
from collections.abc import Iterable
from typing import Any, Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.law.withholding import WITHHOLDINGS, Withholding
from casework.law.words import Text

from .document import Document
from .person import Staff

#: An area is counted in ten-thousandths of the page as it is shown.
WHOLE: Final = 10_000


class Audience(models.TextChoices):
    """For whom a file is made: two views of one record."""

    APPLICANT = "applicant", _("申请人")
    PUBLIC = "public", _("公众")


def working_name(material: "Material", filename: str) -> str:
    return f"working/{material.document.case_id}/{uuid.uuid4().hex}"


def released_name(release: "Release", filename: str) -> str:
    return f"released/{release.material.document.case_id}/{uuid.uuid4().hex}"


class Material(models.Model):
    """One record with the PDF from which its pages are shown and made; without one it can't be shown here."""

    document = models.OneToOneField(Document, models.PROTECT, related_name="material")
    working = models.FileField(upload_to=working_name, max_length=200, blank=True)
    working_sha256 = models.CharField(max_length=64, blank=True)
    #: Width and height of each page in points, as shown.
    pages = models.JSONField(default=list)
    #: What the record holds that is not on its pages, by kind and number (``redaction.office.HIDDEN``).
    hidden = models.JSONField(default=dict)
    simplified = models.BooleanField(default=False)
    #: Why it can't be shown, in both languages.
    fault = models.JSONField(default=dict)
    prepared_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["id"], condition=Q(prepared_at=None), name="record_to_be_prepared")]

    def __str__(self) -> str:
        return self.document.name

    @property
    def is_ready(self) -> bool:
        return bool(self.working)

    def standing(self) -> list["Area"]:
        """The areas that hold now, in the order of the pages; asked of the prefetched ones where there are some."""
        held = [area for area in self.areas.all() if area.lifted_at is None]
        return sorted(held, key=lambda area: (area.page, area.number))

    def seen_by(self, audience: str) -> list["Area"]:
        """What is withheld from this audience."""
        return [area for area in self.standing() if audience == Audience.PUBLIC or not area.public_only]

    def marks(self, audience: str) -> str:
        """The digest of the record and of all that is withheld: the same marks make the same file."""
        told = [[a.number, a.page, a.left, a.top, a.right, a.bottom, a.ground] for a in self.seen_by(audience)]
        return hashlib.sha256(json.dumps([self.working_sha256, told]).encode()).hexdigest()

    def current(self, audience: str) -> "Release | None":
        """The file for this audience as the areas stand now, in whatever state it is."""
        marks = self.marks(audience)
        return next((r for r in self.releases.all() if r.audience == audience and r.marks == marks), None)


class Kept(models.QuerySet[Any]):
    """Rows of which the history is kept: the last of them go with the record itself, by ``destroy`` alone."""

    def destroy(self) -> None:
        super().delete()

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("areas and released files are kept")


class Area(models.Model):
    """One black area with its reason. It is never changed: it is lifted, and another is drawn."""

    material = models.ForeignKey(Material, models.PROTECT, related_name="areas")
    number = models.PositiveIntegerField()
    page = models.PositiveIntegerField()
    left = models.PositiveIntegerField()
    top = models.PositiveIntegerField()
    right = models.PositiveIntegerField()
    bottom = models.PositiveIntegerField()
    #: The page is not given at all; a sheet that says so stands in its place.
    whole = models.BooleanField(default=False)
    ground = models.CharField(_("理由"), max_length=60)
    remark = models.CharField(_("说明"), max_length=500, blank=True)
    #: Given to the applicant, hidden from the public.
    public_only = models.BooleanField(default=False)
    added_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    lifted_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    objects = Kept.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["material", "number"], name="areas_are_numbered"),
            models.CheckConstraint(
                condition=Q(left__lt=F("right"), top__lt=F("bottom"), right__lte=WHOLE, bottom__lte=WHOLE, page__gte=1),
                name="an_area_lies_on_its_page",
            ),
            models.CheckConstraint(
                condition=Q(lifted_by=None, lifted_at=None) | Q(lifted_by__isnull=False, lifted_at__isnull=False),
                name="a_lifted_area_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.material_id}/{self.number}"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("areas are kept")

    @property
    def why(self) -> Withholding:
        return WITHHOLDINGS[self.ground]

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def middle(self) -> tuple[float, float]:
        """In per cent of the page."""
        return (self.left + self.right) / 200, (self.top + self.bottom) / 200


class ReleaseState(models.TextChoices):
    """Where the making of a file stands."""

    WAITING = "waiting", _("等待生成")
    MAKING = "making", _("正在生成")
    PASSED = "passed", _("检查通过")
    REFUSED = "refused", _("检查没有通过")
    FAILED = "failed", _("生成失败")


class Release(models.Model):
    """A file for one audience, made once of a record with its areas, and what the gate found in it."""

    material = models.ForeignKey(Material, models.PROTECT, related_name="releases")
    audience = models.CharField(max_length=10, choices=Audience.choices)
    marks = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=ReleaseState.choices, default=ReleaseState.WAITING)
    pages_done = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=200, blank=True)
    file = models.FileField(upload_to=released_name, max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    #: Whether the pages keep their text, because nothing on them is withheld.
    keeps_text = models.BooleanField(default=False)
    #: The areas as they stood, with the share of each page; what the applicant is shown.
    map = models.JSONField(default=list)
    #: What the gate found, in both languages, with page and area.
    findings = models.JSONField(default=list)
    asked_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    objects = Kept.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["id"], condition=Q(state__in=("waiting", "making")), name="file_to_be_made"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["material", "audience", "marks"], name="one_file_for_the_same_marks"),
            models.CheckConstraint(
                condition=~Q(state="passed") | (~Q(sha256="") & ~Q(file="") & Q(done_at__isnull=False)),
                name="what_passed_is_there",
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.material_id}/{self.audience}"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("released files are kept")

    @property
    def passed(self) -> bool:
        return self.state == ReleaseState.PASSED

    @property
    def is_under_way(self) -> bool:
        return self.state in (ReleaseState.WAITING, ReleaseState.MAKING)

    @property
    def faults(self) -> list[Text]:
        """What the gate found, in words."""
        return [Text(each["zh"], each["en"]) for each in self.findings]


def share_of(areas: Iterable[Area], pages: int) -> int:
    """The share of a record that is withheld, in thousandths of its pages' surface; overlaps count once."""
    if not pages:
        return 0
    by_page: dict[int, list[Area]] = {}
    for area in areas:
        by_page.setdefault(area.page, []).append(area)
    covered = sum(_covered(found) for found in by_page.values())
    return -(-covered * 1000 // (pages * WHOLE * WHOLE))


def _covered(areas: list[Area]) -> int:
    """The surface of a union of rectangles: in each strip between two edges, the length that any of them covers."""
    edges = sorted({edge for area in areas for edge in (area.left, area.right)})
    surface = 0
    for left, right in itertools.pairwise(edges):
        spans = sorted((a.top, a.bottom) for a in areas if a.left <= left and a.right >= right)
        reached = length = 0
        for top, bottom in spans:
            length += max(0, bottom - max(top, reached))
            reached = max(reached, bottom)
        surface += (right - left) * length
    return surface
