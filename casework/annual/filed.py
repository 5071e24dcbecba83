"""What was filed: the edition of a report that holds."""

from casework.models import Agency, ReportEdition


def filed_edition(agency: Agency, year: int, *, region: bool = False) -> ReportEdition | None:
    """The newest published edition of an agency's report for a year, else the newest signed one, else none."""
    editions = ReportEdition.objects.filter(report__agency=agency, report__year=year, report__region=region)
    return editions.published().order_by("-number").first() or editions.order_by("-number").first()
