"""The addresses of the machine's face."""

from django.urls import URLPattern, path, re_path

from casework.api import problems
from casework.api.door import guarded
from casework.api.routes import api
from casework.api.views import applications, days, description, years

#: Declared by being imported.
VIEWS = (applications, days, years)


def _guarded(pattern: URLPattern) -> URLPattern:
    pattern.callback = guarded(pattern.callback)
    return pattern


_patterns, _app, _namespace = api.urls
app_name = "api"
urlpatterns = [
    path("openapi.json", guarded(description.openapi), name="openapi"),
    path("docs/", description.page, name="docs"),
    *[_guarded(each) for each in _patterns if isinstance(each, URLPattern) and each.name != "api-root"],
    re_path(r"^(?P<path>(?s:.*))\Z", guarded(problems.unknown), name="unknown"),
]
