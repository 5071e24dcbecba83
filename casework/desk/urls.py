"""The addresses of the clerk's face."""

from django.urls import path, re_path

from casework.desk.acts import ACTS
from casework.desk.views import act, annual, calendar, case, inbox, ledger, letter, people, queue, register

app_name = "desk"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("login/", people.Login.as_view(), name="login"),
    path("logout/", people.Logout.as_view(), name="logout"),
    path("roles/", people.roles, name="roles"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read, name="read"),
    path("mailbox/", inbox.mailbox, name="mailbox"),
    path("register/", register.register, name="register"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/export/", ledger.export, name="export"),
    path("calendar/", calendar.editions, name="editions"),
    path("calendar/preview/", calendar.preview, name="preview_edition"),
    path("calendar/apply/", calendar.apply, name="apply_edition"),
    path("calendar/<int:year>/", calendar.year, name="calendar_year"),
    path("calendar/edition/<int:pk>/", calendar.edition, name="edition"),
    path("annual/", annual.figures, name="figures"),
    path("annual/<str:code>/<int:year>/", annual.table, name="table"),
    path("annual/<str:code>/<int:year>/table.<slug:form>", annual.download, name="download"),
    path("annual/<str:code>/<int:year>/<slug:row>/<slug:column>/", annual.cell, name="cell"),
    path("cases/<int:pk>/", case.case, name="case"),
    path("cases/<int:pk>/receipt/", register.receipt, name="receipt"),
    path("cases/<int:pk>/documents/<int:document_pk>/", case.document, name="document"),
    path("cases/<int:pk>/letter.<slug:form>", letter.letter, name="letter"),
    path("cases/<int:pk>/read_identity/", case.identity, name="identity"),
    path("cases/<int:pk>/propose/", act.propose, name="propose"),
    re_path(rf"^cases/(?P<pk>\d{{1,18}})/(?P<verb>{'|'.join(ACTS)})/$", act.act, name="act"),
]
