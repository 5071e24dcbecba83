"""What the report editor of the demo has written so far: most of it in order, three things still to put right."""

from datetime import datetime

from casework.actions.prose import write_sections
from casework.law.calendar import day_of
from casework.models import Staff

from .office import DISTRICT, Team


def draft_report(teams: dict[str, Team], *, at: datetime) -> None:
    """This year's sections 一 and 六; section 五 still stands as the template has it."""
    office, year = teams["office"].agency, day_of(at).year
    editor = Staff.objects.get(username="office.report")
    general = (
        f"本报告由{office.name}根据《中华人民共和国政府信息公开条例》编制，"
        f"所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。\n"
        f"（一）主动公开。{year - 1}年，通过{DISTRICT}人民政府网站主动公开各项信息{{{{494|网站后台统计}}}}条，"
        "其中概况类信息24条、动态类信息372条、目录类信息98条。\n"
        "（二）依申请公开。本年度收到政府信息公开申请{{本年新收}}件，上年结转{{上年结转}}件，"
        "办结{{办理结果总计}}件，结转下年度继续办理{{结转下年度}}件。\n"
        "（三）政府信息管理。拟公开的信息一律先经保密审查，规范性文件由司法局每季度清理一次。\n"
        "（四）政府信息公开平台建设。维护门户网站政府信息公开专栏，在政务服务大厅设查阅点。\n"
        f"（五）监督保障。{year}年，主动公开政府信息{{{{2623|各渠道合计}}}}条，其中通过网站{{{{610|网站后台统计}}}}条、"
        "抖音{{24|账号后台统计}}条、微信{{1989|账号后台统计}}条。"
    )
    write_sections(office, year, {"1": general, "6": "本年度未收取信息处理费。"}, version=0, by=editor, at=at)
