"""An applicant at every address of the desk, and staff at every address of an account: strangers, both of them."""

import re
import secrets
from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from casework.access import people_visible_to
from casework.doors import BACKEND
from casework.models import APPLICANT_NAME, Appointment, KeptBy, KeptCase, PersonKind, Role, Staff
from tests.cast import Cast, registered
from tests.conftest import AS_OF

pytestmark = pytest.mark.django_db
#: Open to whoever has not come in yet.
DOORS = {
    *("desk:login", "desk:logout", "account_login", "mfa_authenticate", "openid_connect_login"),
    *("openid_connect_callback", "socialaccount_login_cancelled", "socialaccount_login_error", "socialaccount_signup"),
}


def addresses(urlconf: str, below: str) -> Iterator[tuple[str, str]]:
    """Every address below a path with its name; what stands in it is 1, or the first of what it may be."""
    for face in get_resolver(urlconf).url_patterns:
        patterns = face.url_patterns if isinstance(face, URLResolver) else [face]
        space = f"{face.app_name}:" if isinstance(face, URLResolver) and face.app_name else ""
        before = str(face.pattern) if isinstance(face, URLResolver) else ""
        for each in patterns:
            assert isinstance(each, URLPattern)
            for filled in ("1", "x", "email", "office", "ping", "2026"):
                route = str(each.pattern).lstrip("^").rstrip("$")
                path = "/" + before + _filled(route, filled)
                if not path.startswith(below):
                    break
                try:
                    match = resolve(path, urlconf)
                except Resolver404:
                    continue
                if match.view_name == space + str(each.name):
                    yield path, match.view_name
                    break
            else:
                pytest.fail(f"no address for {each.name}")


def _filled(route: str, with_what: str) -> str:
    route = route.replace(r"\d{1,18}", "1")
    route = re.sub(
        r"\(\?P<\w+>([^)|]+)[^)]*\)", lambda found: found[1] if re.fullmatch(r"\w+", found[1]) else with_what, route
    )
    return re.sub(r"<(?:(\w+):)?\w+>", lambda found: "1" if found[1] == "int" else with_what, route)


@pytest.fixture
def applicant(players: Cast) -> Staff:
    return Staff.objects.create(
        username=APPLICANT_NAME + secrets.token_hex(12),
        password=make_password(None),
        kind=PersonKind.APPLICANT,
        email="zhang@example.com",
    )


def signed_in(person: Staff) -> Client:
    client = Client()
    client.force_login(person, backend=BACKEND if person.is_applicant else None)
    return client


def test_an_applicant_is_a_stranger_at_every_address_of_the_desk(applicant: Staff, players: Cast) -> None:
    case = registered(players, on=AS_OF.date()).case
    # even one to whom somebody gave a role behind the back of the model
    Appointment.objects.bulk_create([Appointment(staff=applicant, agency=players.dongshan, role=role) for role in Role])
    client = signed_in(applicant)
    assert client.get("/account/").status_code == 200
    seen, wrong = 0, []
    for some, name in addresses("config.urls", "/desk/"):
        path = some.replace("/1/", f"/{case.pk}/")
        for method in (client.get,) if name == "desk:logout" else (client.get, client.post):
            answer = method(path)
            seen += 1
            led = answer.headers.get("Location", "").startswith("/desk/login/")
            if name not in DOORS and not (answer.status_code in (404, 405) or (answer.status_code == 302 and led)):
                wrong.append(f"{path} ({name}): {answer.status_code} {answer.headers.get('Location', '')}")
            assert case.applicant.name not in answer.content.decode(errors="ignore")
    assert not wrong, "\n".join(wrong)
    assert seen > 200
    assert client.get("/account/").status_code == 200  # and it ended nothing


def test_staff_are_strangers_at_every_address_of_an_account(applicant: Staff, players: Cast) -> None:
    case = registered(players, on=AS_OF.date()).case
    KeptCase.objects.create(account=applicant, case=case, by=KeptBy.CODE, at=AS_OF)
    client = signed_in(players.li)
    open_to_all = {"portal:sign_in", "portal:code", "portal:sign_out", "account_login", "account_reauthenticate"}
    wrong = []
    for path, name in addresses("config.applicant_urls", "/account/"):
        answer = client.get(path)
        led = answer.headers.get("Location", "").startswith("/account/sign-in/")
        if name not in open_to_all and not (answer.status_code in (404, 405) or (answer.status_code == 302 and led)):
            wrong.append(f"{path} ({name}): {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert client.get(f"/follow/{case.pk}/").status_code == 302
    assert Client().get(f"/follow/{case.pk}/").status_code == 302
    assert signed_in(applicant).get(f"/follow/{case.pk}/").status_code == 200
    assert client.get("/desk/cases/").status_code in (200, 301, 302, 404)


def test_no_list_of_people_shows_an_applicant(applicant: Staff, players: Cast) -> None:
    Appointment.objects.create(staff=players.li, agency=players.dongshan, role=Role.SYSTEM_ADMINISTRATOR)
    Appointment.objects.bulk_create([Appointment(staff=applicant, agency=players.dongshan, role=Role.CLERK)])
    li = Staff.members.get(pk=players.li.pk)
    assert applicant not in people_visible_to(li)
    assert players.wang in people_visible_to(li)


def test_an_applicant_logs_in_at_the_desk_by_nothing(applicant: Staff, players: Cast) -> None:
    applicant.set_password("Dongshan-2026-Gongkai")
    applicant.save()
    answer = Client().post("/desk/login/", {"username": applicant.username, "password": "Dongshan-2026-Gongkai"})
    assert answer.status_code == 200
    assert "用户名和密码对不上" in answer.content.decode()
