"""The addresses of the citizen's face."""

from django.urls import path, re_path

from casework.portal.journey import ALL
from casework.portal.views import (
    afterwards,
    apply,
    case,
    check,
    choices,
    consultation,
    deadline,
    follow,
    given,
    pages,
    papers,
    reports,
    supplement,
    verify,
)
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
    path("apply/<slug:key>/receipt/", apply.receipt, name="receipt"),
    path("apply/<slug:key>/receipt.pdf", papers.receipt_of_draft, name="receipt_pdf"),
    re_path(rf"^apply/(?P<key>[\w-]+)/(?P<step>{'|'.join(ALL)})/$", apply.page, name="page"),
    path("consultation/<str:token>/", consultation.answer, name="consultation"),
    path("consultation/<str:token>/letter.pdf", consultation.letter, name="consultation_letter"),
    path("follow/", follow.follow, name="follow"),
    path("follow/leave/", follow.leave, name="leave"),
    path("follow/<int:pk>/", case.case, name="case"),
    path("follow/<int:pk>/supplement/", supplement.supplement, name="supplement"),
    path("follow/<int:pk>/withdraw/", choices.withdraw, name="withdraw"),
    path("follow/<int:pk>/notices/", choices.notices, name="notices"),
    path("follow/<int:pk>/rate/", choices.rate, name="rate"),
    path("follow/<int:pk>/next/", afterwards.next_step, name="next_step"),
    path("follow/<int:pk>/next/reconsideration.docx", papers.petition, name="petition"),
    path("follow/<int:pk>/counted/", afterwards.counted, name="counted"),
    path("follow/<int:pk>/receipt.pdf", papers.receipt, name="case_receipt"),
    path("follow/<int:pk>/sent.txt", papers.sent, name="sent"),
    path("follow/<int:pk>/dates.ics", papers.dates, name="dates"),
    path("follow/<int:pk>/letter.pdf", papers.letter, name="letter"),
    path("follow/<int:pk>/letters/<int:letter_pk>.pdf", papers.notice, name="notice"),
    path("follow/<int:pk>/files/<int:document_pk>/", papers.document, name="document"),
    path("follow/<int:pk>/files/<int:document_pk>/page-<int:number>.png", given.page, name="given_page"),
    path("verify/", verify.verify, name="verify"),
    path("verify/<str:token>/", verify.verify_token, name="verify_token"),
]
