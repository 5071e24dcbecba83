"""Given a receipt on paper, whoever holds it finds out whether it is true, and nothing of what was asked."""

import subprocess
from pathlib import Path

import pytest

from tests.casework.test_acknowledgement import printed
from tests.portal.visitor import Visitor, text, words


@pytest.mark.usefixtures("players")
def test_from_the_application_to_a_neighbour_who_checks_the_paper(tmp_path: Path) -> None:
    visitor = Visitor()
    # Given an application sent online, and its receipt as PDF with an address for the QR code
    case, code = visitor.applied()
    paper = printed(visitor.client.get(f"/apply/{case.draft.key}/receipt.pdf").content)
    token = case.acknowledgement.spelled_token
    assert case.number in paper
    assert f"/verify/{token}/" in paper
    assert code not in paper

    # When a stranger opens that address
    stranger = Visitor()
    page = text(stranger.get(f"/verify/{token}/"))

    # Then they read what the paper says, and nothing more
    assert case.number in page
    assert case.agency.name in page
    for secret in ("张三", "老旧小区", "13800138000", code):
        assert secret not in page

    # And the applicant, who has the whole text, computes the same digest with a tool of their own
    visitor.opens(case, code)
    file = tmp_path / "sent.txt"
    file.write_bytes(visitor.client.get(f"/follow/{case.pk}/sent.txt").content)
    found = subprocess.run(["sha256sum", file], check=True, capture_output=True, text=True).stdout.split()[0]
    assert found in paper
    assert "一致：这就是提交的内容" in words(stranger.send(f"/verify/{token}/", {"text": file.read_text("utf-8")}))

    # But a paper whose digest was changed is found out
    assert "不一致：" in words(stranger.send(f"/verify/{token}/", {"text": found[::-1]}))
