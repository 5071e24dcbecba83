"""The figure of those who found their answer before they applied."""

from django.test import Client

from casework.models import Case, Spared
from tests.cast import Cast
from tests.conftest import AS_OF


def test_the_figure_stands_with_what_answered(players: Cast, case: Case, wang: Client) -> None:
    on = AS_OF.date()
    for _time in range(3):
        Spared.count(players.dongshan, "publication", 7, "2025年部门预算", on=on)
    Spared.count(players.dongshan, "report", 1, "2025年度报告", on=on)
    Spared.count(players.elsewhere, "report", 2, "别处的报告", on=on)
    page = wang.get(f"/desk/registers/230406/{on.year}/spared/").content.decode()
    assert f"{on.year}年，4 次有人正要向本机关申请" in page
    assert page.index("2025年部门预算") < page.index("2025年度报告")
    assert "别处的报告" not in page
    assert (
        f"/desk/registers/230406/{on.year}/spared/" in wang.get(f"/desk/registers/230406/{on.year}/").content.decode()
    )
