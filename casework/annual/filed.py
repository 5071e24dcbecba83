"""What an agency has filed of a year, beside which the live figures stand."""

from casework.models import Agency, ReportEdition


def filed_edition(agency: Agency, year: int, *, region: bool = False) -> ReportEdition | None:
    """The newest published edition, else the newest signed one; ``None`` if nothing has been signed (law.md 7.10)."""
    editions = ReportEdition.objects.filter(report__agency=agency, report__year=year, report__region=region)
    newest = editions.order_by("-number")
    return newest.published().first() or newest.first()
