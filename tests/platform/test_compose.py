"""The compose file and its proxy, as far as they can be judged without an engine: by the schema of the Compose
specification, by a parser of nginx's language, and by what this house asks of them (docs/operations.md, docs/asvs.md).
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import check_jsonschema
import crossplane
import jsonschema
import pytest
import yaml

from config import run
from tests.check import ROOT

#: The specification's own schema (github.com/compose-spec/compose-spec, Apache-2.0), which check-jsonschema brings
#: along with its licence; the lock file pins both by hash.
SCHEMA: Final = Path(check_jsonschema.__file__).parent / "builtin_schemas" / "vendor" / "compose-spec.json"
COMPOSE: Final[dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: Final[dict[str, Any]] = COMPOSE["services"]
#: What runs the program, as against servers of others.
OURS: Final = ("migrate", "web", "worker", "beat")
#: Where each may write, beside its volumes.
PASSING: Final = {
    **{name: {"/tmp"} for name in OURS},
    "proxy": {"/tmp", "/var/cache/nginx"},
    "postgres": {"/tmp", "/var/run/postgresql"},
    "redis": {"/data"},
}


# The compose file ----------------------------------------------------------------------------------------------------


def test_it_is_a_compose_file_by_the_specification() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert schema["title"] == "Compose Specification"
    jsonschema.validate(COMPOSE, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**COMPOSE, "services": {"web": {"comand": "gunicorn"}}}, schema)


def test_image_and_make_run_start_what_the_procfile_says() -> None:
    written = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text(encoding="utf-8").splitlines() if line)
    assert {name: SERVICES[name]["command"] for name in written} == written
    image = re.search(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert image
    assert " ".join(json.loads(image[1])) == written["web"]
    started = {name: " ".join([Path(command[0]).name, *command[1:]]) for name, command in run.procfile().items()}
    assert started == written
    assert set(SERVICES) - {"proxy", "migrate", "postgres", "redis"} == set(written)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_is_confined(name: str) -> None:
    service = SERVICES[name]
    uid, gid = service["user"].split(":")
    assert int(uid) > 0 < int(gid)
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "pid", "ipc", "network_mode", "devices", "extra_hosts"} & set(service)
    assert {mount.partition(":")[0] for mount in service["tmpfs"]} == PASSING[name]
    assert all("size=" in mount for mount in service["tmpfs"] if mount.startswith("/tmp"))
    limits = service["deploy"]["resources"]["limits"]
    assert set(limits) == {"cpus", "memory", "pids"}
    assert "docker.sock" not in str(service)


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_every_service_that_stays_says_whether_it_is_well(name: str) -> None:
    health = SERVICES[name]["healthcheck"]
    assert health["test"][0] in ("CMD", "CMD-SHELL")
    assert {"interval", "timeout", "retries"} <= set(health)
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_the_image_has_the_user_and_the_folders_that_the_file_names() -> None:
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "--uid 10001" in image
    assert "--gid 10001" in image
    for name in OURS:
        assert SERVICES[name]["user"] == "10001:10001"
        assert SERVICES[name]["volumes"] == ["data:/data"]
        assert SERVICES[name]["environment"]["UPLOAD_ROOT"].startswith("/data/")
    assert SERVICES["beat"]["environment"]["BEAT_SCHEDULE"] in SERVICES["beat"]["healthcheck"]["test"][1].replace(
        "find /tmp -name '", "/tmp/"
    )


def test_each_reaches_whom_it_needs_and_nobody_else() -> None:
    on = {name: set(service["networks"]) for name, service in SERVICES.items()}
    assert on == {
        "proxy": {"front"},
        "web": {"front", "back"},
        "worker": {"back", "out"},
        "beat": {"back"},
        "migrate": {"back"},
        "postgres": {"back"},
        "redis": {"back"},
    }
    assert set(COMPOSE["networks"]) == {"front", "back", "out"}
    assert COMPOSE["networks"]["back"] == {"internal": True}
    assert [name for name, service in SERVICES.items() if "ports" in service or "expose" in service] == ["proxy"]
    assert {port.rpartition(":")[2] for port in SERVICES["proxy"]["ports"]} == {"8080", "8443"}


def test_only_migrate_is_the_owner_of_the_tables() -> None:
    accounts = {
        name: service["environment"]["DATABASE_URL"].partition("://")[2].partition(":")[0]
        for name, service in SERVICES.items()
        if "DATABASE_URL" in service.get("environment", {})
    }
    assert accounts == {"migrate": "gongkai", "web": "gongkai_app", "worker": "gongkai_app", "beat": "gongkai_app"}
    assert "POSTGRES_PASSWORD" not in str({name: SERVICES[name] for name in ("web", "worker", "beat", "proxy")})
    [shell, flag, commands] = SERVICES["migrate"]["command"]
    assert (shell, flag) == ("sh", "-c")
    migrate, _, granted = commands.partition(" && ")
    assert migrate == "python manage.py migrate --no-input"
    assert granted == "python manage.py audit_grants gongkai_app --apply --password-from APP_PASSWORD"
    assert SERVICES["migrate"]["environment"]["APP_PASSWORD"].startswith("${APP_PASSWORD:?")
    for name in ("web", "worker", "beat"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_no_secret_stands_in_it_and_none_has_a_default() -> None:
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            if re.search(r"KEY|PASSWORD|SECRET", variable):
                assert re.match(r"\$\{\w+:\?", str(value)), f"{name}: {variable}"


def test_images_of_others_are_pinned() -> None:
    images = {name: service["image"] for name, service in SERVICES.items() if name not in OURS}
    assert re.fullmatch(r"\$\{PROXY_IMAGE:-nginx:\d+\.\d+\.\d+-alpine\}", images["proxy"])
    assert images["postgres"] == "postgres:17"
    assert images["redis"] == "redis:7"


# The proxy -----------------------------------------------------------------------------------------------------------

PROXY: Final = "config/proxy/nginx.conf"
#: What the parser does not know: the two lines of a table, and a directive of nginx 1.25.
NEWER: Final = {'"default"', '"~^/(?<first>[a-z]+)(/|$)"', '"http2"'}
Block = list[dict[str, Any]]


def parsed() -> Block:
    told = crossplane.parse(str(ROOT / PROXY), single=True, strict=True)
    complaints = [each["error"] for each in told["errors"]]
    assert {complaint.split(" in ")[0] for complaint in complaints} == {f"unknown directive {each}" for each in NEWER}
    blocks: Block = told["config"][0]["parsed"]
    # strict, it leaves out what it does not know
    return blocks


def values(block: Block, name: str) -> list[list[str]]:
    return [each["args"] for each in block if each["directive"] == name]


def inside(block: Block, name: str, *args: str) -> Block:
    [found] = [each["block"] for each in block if each["directive"] == name and each["args"][: len(args)] == list(args)]
    return list(found)


@pytest.fixture(scope="module")
def http() -> Block:
    return inside(parsed(), "http")


def servers(http: Block) -> Iterator[tuple[str, Block]]:
    for each in http:
        if each["directive"] == "server":
            [[where, *_how]] = values(each["block"], "listen")
            yield where, each["block"]


@pytest.fixture(scope="module")
def site(http: Block) -> Block:
    return dict(servers(http))["8443"]


def test_what_a_visitor_writes_about_himself_is_overwritten(http: Block, site: Block) -> None:
    """docs/security.md T17: an address or a way that a visitor invents is believed by nobody."""
    said = {name: value for name, value in values(http, "proxy_set_header")}  # noqa: C416 - pairs, and no more
    assert said["X-Forwarded-For"] == "$remote_addr"
    assert said["X-Forwarded-Proto"] == "$scheme"
    assert said["X-Request-ID"] == "$request_id"
    for emptied in ("X-Forwarded-Host", "X-Forwarded-Port", "X-Real-IP", "Forwarded", "Via"):
        assert said[emptied] == "", emptied
    # nginx inherits these only where a block below has none of its own
    assert "proxy_set_header" not in str([site, *(block for _, block in servers(http))])


def test_what_is_for_those_inside_is_not_there_from_outside(site: Block) -> None:
    for address in ("/metrics", "/readyz"):
        assert values(inside(site, "location", "=", address), "return") == [["404"]]
    assert values(inside(site, "location", "/"), "proxy_pass") == [["$web"]]
    assert values(inside(site, "location", "/"), "set") == [["$web", "http://web:8000"]]


def test_http_leads_to_https_and_machines_are_refused(http: Block) -> None:
    plain = dict(servers(http))["8080"]
    assert values(inside(plain, "location", "/"), "return") == [["308", "https://$host$request_uri"]]
    assert values(inside(plain, "location", "/api/"), "return")[0][0] == "403"
    assert [where for where, _ in servers(http)] == ["127.0.0.1:8081", "8080", "8443"]
    assert "proxy_pass" not in str([plain, dict(servers(http))["127.0.0.1:8081"]])


def test_tls_is_of_today(http: Block, site: Block) -> None:
    assert values(site, "listen") == [["8443", "ssl", "default_server"]]
    assert values(http, "ssl_protocols") == [["TLSv1.2", "TLSv1.3"]]
    [[ciphers]] = values(http, "ssl_ciphers")
    assert all(
        re.fullmatch(r"ECDHE-(RSA|ECDSA)-(AES\d+-GCM-SHA\d+|CHACHA20-POLY1305)", each) for each in ciphers.split(":")
    )
    assert values(http, "ssl_session_tickets") == [["off"]]
    folder = next(mount.split(":")[-2] for mount in SERVICES["proxy"]["volumes"] if "TLS_FOLDER" in mount)
    assert values(http, "ssl_certificate") == [[f"{folder}/site.crt"]]
    assert values(http, "ssl_certificate_key") == [[f"{folder}/site.key"]]


def test_limits_let_the_largest_form_through_and_wait_a_little_longer_than_gunicorn(http: Block, site: Block) -> None:
    from casework.actions.files import LARGEST, MOST
    from config import gunicorn

    [[largest]] = values(http, "client_max_body_size")
    megabytes = int(largest.removesuffix("m"))
    assert megabytes * 2**20 >= LARGEST * MOST
    spool = next(mount for mount in SERVICES["proxy"]["tmpfs"] if mount.startswith("/var/cache/nginx"))
    assert "size=1g" in spool
    assert megabytes < 1024
    assert gunicorn.timeout < int(values(http, "proxy_read_timeout")[0][0].removesuffix("s")) <= 90
    for name in ("client_header_timeout", "client_body_timeout", "send_timeout", "keepalive_timeout"):
        assert 0 < int(values(http, name)[0][0].removesuffix("s")) <= 60, name
    assert values(site, "limit_req")[0][0] == "zone=requests"
    assert values(site, "limit_conn")[0][0] == "connections"
    assert values(http, "proxy_next_upstream") == [["off"]]  # a form is never sent twice by the proxy


def test_its_log_says_nothing_of_anybody(http: Block) -> None:
    [[_name, _escape, *parts]] = values(http, "log_format")
    line = "".join(parts)
    used = set(re.findall(r"\$(\w+)", line))
    assert used == {
        "time_iso8601", "request_id", "request_method", "part", "status", "request_time", "upstream_response_time",
        "request_length", "bytes_sent",
    }  # fmt: skip
    assert json.loads(re.sub(r"\$\w+", "x", line))["request"] == "x"
    # a line of the level "error" would quote address and query
    assert values(parsed(), "error_log") == [["/dev/stderr", "crit"]]
    [pattern] = re.findall(r'"~(\^.*)" \$first;', (ROOT / PROXY).read_text(encoding="utf-8"))
    for address, part in (
        ("/consultation/aB3-secret/", "consultation"),
        ("/apply/6f1c/check/", "apply"),
        ("/api/v1/applications/1", "api"),
        ("/metrics", "metrics"),
        ("/", None),
        ("/张三/", None),
        ("/110105194912310020/", None),
    ):
        found = re.match(pattern.replace("?<", "?P<"), address)
        assert (found and found["first"]) == part, address


@pytest.mark.parametrize(("page", "status"), [("@unavailable", "503"), ("@too_large", "413")])
def test_its_own_pages_speak_both_languages_and_tell_the_number(site: Block, page: str, status: str) -> None:
    block = inside(site, "location", page)
    [[code, text]] = values(block, "return")
    assert code == status
    assert 'lang="zh-hans"' in text
    assert 'lang="en"' in text
    said = {name for name, *_ in values(block, "add_header")}
    assert {"X-Request-ID", "Cache-Control", "Content-Security-Policy", "Strict-Transport-Security"} <= said
    if status == "503":
        assert text.count("$request_id") == 2
    assert [[*codes, to] for *codes, to in values(site, "error_page")] == [
        ["502", "503", "504", "@unavailable"],
        ["413", "@too_large"],
    ]


def test_it_writes_where_the_compose_file_lets_it(http: Block) -> None:
    assert values(parsed(), "pid") == [["/tmp/nginx.pid"]]
    assert "user" not in {each["directive"] for each in parsed()}
    assert f"./{PROXY}:/etc/nginx/nginx.conf:ro" in SERVICES["proxy"]["volumes"]
    assert all(mount.endswith(":ro") for mount in SERVICES["proxy"]["volumes"])
    assert values(http, "server_tokens") == [["off"]]
