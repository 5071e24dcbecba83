"""The addresses of the citizen's face."""

from django.urls import path, re_path

from casework.portal.journey import ALL
from casework.portal.views import ahead, apply, aside, check, consultation, deadline, follow, pages, pairing, reports
from casework.portal.views.language import language

app_name = "portal"
urlpatterns = [
    path("", pages.home, name="home"),
    path("language/", language, name="language"),
    path("privacy/", pages.privacy, name="privacy"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("check-report/", check.check, name="check_report"),
    path("reports/", reports.index, name="reports"),
    path("reports/index.json", reports.index_json, name="reports_json"),
    path("reports/<str:code>/<int:year>/", reports.report, name="published_report"),
    path("reports/<str:code>/<int:year>/editions/<int:number>/", reports.report, name="published_edition"),
    path(
        "reports/<str:code>/<int:year>/editions/<int:number>/report.<slug:form>",
        reports.file,
        name="published_file",
    ),
    path("deadline/", deadline.deadline, name="deadline"),
    path("deadline/other/", deadline.period, name="period"),
    path("apply/", apply.office, name="apply"),
    path("apply/<slug:key>/office/", apply.office, name="office"),
    path("apply/<slug:key>/check/", apply.check, name="check"),
    path("apply/<slug:key>/ahead/", ahead.ahead, name="ahead"),
    path("apply/<slug:key>/answered/", ahead.answered, name="answered"),
    path("apply/<slug:key>/ways/", aside.ways, name="ways"),
    path("apply/<slug:key>/pause/", aside.pause, name="pause"),
    path("apply/<slug:key>/erase/", aside.erase, name="erase"),
    path("apply/<slug:key>/application.pdf", aside.paper, name="paper_form"),
    path("apply/<slug:key>/helper/", pairing.helper, name="helper"),
    path("apply/<slug:key>/helper/end/", pairing.unpair, name="unpair"),
    path("apply/<slug:key>/screen/", pairing.screen, name="screen"),
    path("apply/<slug:key>/receipt/", apply.receipt, name="receipt"),
    re_path(rf"^apply/(?P<key>[\w-]+)/(?P<step>{'|'.join(ALL)})/$", apply.page, name="page"),
    path("resume/", aside.resume, name="resume"),
    path("pair/", pairing.join, name="join"),
    path("pair/read/", pairing.paired, name="paired"),
    path("wording/", ahead.wording, name="wording"),
    path("consultation/<str:token>/", consultation.answer, name="consultation"),
    path("consultation/<str:token>/letter.pdf", consultation.letter, name="consultation_letter"),
    path("follow/", follow.follow, name="follow"),
    path("follow/leave/", follow.leave, name="leave"),
    path("follow/<int:pk>/", follow.case, name="case"),
    path("follow/<int:pk>/supplement/", follow.supplement, name="supplement"),
    path("follow/<int:pk>/withdraw/", follow.withdraw, name="withdraw"),
    path("follow/<int:pk>/notices/", follow.notices, name="notices"),
    path("follow/<int:pk>/letter.pdf", follow.letter, name="letter"),
    path("follow/<int:pk>/letters/<int:letter_pk>.pdf", follow.notice, name="notice"),
    path("follow/<int:pk>/files/<int:document_pk>/", follow.document, name="document"),
]
