"""Every address of the site, by the face that answers it."""

from django.urls import URLPattern, URLResolver, include, path

from config import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("desk/account/", include("casework.desk.account_urls")),
    path("desk/", include("casework.desk.urls")),
    path("", include("casework.portal.urls")),
]
