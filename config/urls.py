"""Every address of the site, by the face that answers it."""

from django.urls import URLPattern, URLResolver, include, path

from config import health, metrics, naming

#: The names by which allauth finds its pages. Below /account/ they are the applicant's: ``config.applicant_urls``.
STAFF_ACCOUNTS = path("desk/account/", include("casework.desk.account_urls"))

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics.exposition, name="metrics"),
    STAFF_ACCOUNTS,
    path("desk/", include("casework.desk.urls")),
    path("api/v1/", include("casework.api.urls")),
    path("", include("casework.portal.urls")),
]
handler500 = naming.failed
