"""The addresses as an applicant's own pages see them: allauth's names lead to the portal, all else is as it is."""

from django.urls import URLPattern, URLResolver, include, path

from config import urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("casework.portal.account_urls")),
    *(each for each in urls.urlpatterns if each is not urls.STAFF_ACCOUNTS),
]
handler500 = urls.handler500
