"""What is asked in the demo, and what the office says to it; ``{year}`` is the year before receipt."""

from dataclasses import dataclass
from typing import Final

from casework.law.outcomes import Outcome, Requirement

O = Outcome  # noqa: E741 - the table below is read in columns
R = Requirement


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: which offices it may go to (none: any), and which outcomes it is made for (none: the common ones)."""

    subject: str
    content: str
    offices: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = ()


PLACES: Final = (
    *("石桥村", "柳河村", "北岭村", "青山镇", "锦绣家园小区"),
    *("站前街道", "矿工新村", "育才社区", "东风社区", "沿河棚户区"),
)

REQUESTS: Final = (
    # What offices are asked every week; granted, granted in part, or not held.
    Asked(
        "老旧小区改造项目清单",
        "申请公开{year}年东山区老旧小区改造项目清单、各项目批复文件及资金安排。",
        ("zhujian", "office"),
    ),
    Asked(
        "{place}征地补偿安置方案",
        "申请公开{place}{year}年度土地征收补偿安置方案、征收土地公告及听证材料。",
        ("ziran", "qingshan"),
    ),
    Asked(
        "财政专项扶贫资金使用情况",
        "申请公开{year}年度东山区衔接推进乡村振兴补助资金的分配方案和使用情况。",
        ("nongye", "office"),
    ),
    Asked(
        "义务教育学区划分", "申请公开{year}年东山区义务教育阶段学校招生范围（学区）划分文件及调整说明。", ("jiaoyu",)
    ),
    Asked(
        "最低生活保障名册公示",
        "申请公开{place}{year}年第四季度最低生活保障对象公示材料（姓名可作处理）。",
        ("minzheng", "qingshan"),
    ),
    Asked("医疗机构设置规划", "申请公开东山区医疗机构设置规划及{year}年执行情况报告。", ("weijian",)),
    Asked("政府工作报告任务分解", "申请公开{year}年政府工作报告重点任务分解表及完成情况。", ("office",)),
    Asked("“三公”经费决算", "申请公开贵单位{year}年度“三公”经费决算明细和会议费、培训费支出情况。"),
    Asked(
        "{place}道路硬化工程",
        "申请公开{place}{year}年道路硬化工程的中标通知书、施工合同和竣工验收报告。",
        ("zhujian", "qingshan"),
    ),
    Asked("国有土地使用权出让合同", "申请公开位于{place}北侧地块的国有建设用地使用权出让合同及宗地图。", ("ziran",)),
    Asked("农机购置补贴发放情况", "申请公开{year}年农机购置与应用补贴资金受益者信息表。", ("nongye",)),
    Asked("民办幼儿园年检结果", "申请公开{year}年度民办幼儿园年检结果及不合格单位的整改通知。", ("jiaoyu",)),
    Asked("养老机构运营补贴", "申请公开{year}年养老机构运营补贴的发放标准、发放名单及金额。", ("minzheng",)),
    Asked("物业服务企业信用评价", "申请公开{year}年度物业服务企业信用评价结果及扣分依据。", ("zhujian",)),
    Asked(
        "基本公共卫生服务经费",
        "申请公开{place}卫生院{year}年基本公共卫生服务项目经费拨付凭证和考核结果。",
        ("weijian",),
    ),
    Asked("规划许可证及附图", "申请公开锦绣家园小区建设工程规划许可证、总平面图及历次变更批复。", ("ziran",)),
    Asked(
        "村级集体资产清查报告", "申请公开{place}集体资产清产核资报告和{year}年度收益分配方案。", ("nongye", "qingshan")
    ),
    Asked("校服采购招标文件", "申请公开{year}年东山区中小学校服采购的招标文件、中标结果和采购合同。", ("jiaoyu",)),
    Asked("社会救助资金审计", "申请公开{year}年临时救助资金发放台账（隐去个人信息）和内部审计报告。", ("minzheng",)),
    Asked("保障性住房分配结果", "申请公开{year}年公共租赁住房分配对象、房源和轮候名单。", ("zhujian",)),
    Asked(
        "棚户区改造征收决定",
        "申请公开沿河棚户区改造项目房屋征收决定、征收补偿方案和社会稳定风险评估的结论。",
        ("zhujian", "office"),
    ),
    Asked("食用农产品抽检结果", "申请公开{year}年度食用农产品质量安全监督抽检结果汇总。", ("nongye",)),
    Asked("乡村医生补助标准", "申请公开现行乡村医生养老补助的标准、文件依据和{year}年发放名单。", ("weijian",)),
    Asked("重大行政决策目录", "申请公开东山区人民政府{year}年度重大行政决策事项目录和公众参与情况。", ("office",)),
    Asked("安置房建设进度", "申请公开{place}安置房项目的施工许可证、监理月报和预计交付时间。", ("zhujian",)),
    Asked(
        "耕地地力保护补贴", "申请公开{place}{year}年耕地地力保护补贴分户清册（面积和金额）。", ("nongye", "qingshan")
    ),
    Asked("教师招聘公告及成绩", "申请公开{year}年东山区公开招聘教师的岗位表、资格复审结果和总成绩。", ("jiaoyu",)),
    Asked("殡葬服务收费依据", "申请公开东山区殡仪馆各项服务收费的批准文件和成本监审结论。", ("minzheng",)),
    Asked(
        "集中供热管网改造",
        "申请公开{year}年集中供热老旧管网改造的可行性研究报告批复和资金来源。",
        ("zhujian", "office"),
    ),
    Asked("采矿权延续登记", "申请公开东山区{year}年采矿权延续、变更登记的批准文件目录。", ("ziran",)),
    Asked("镇政府公务接待", "申请公开青山镇人民政府{year}年公务接待批次、人数和费用。", ("qingshan",)),
    Asked(
        "{place}饮水安全工程",
        "申请公开{place}农村饮水安全巩固提升工程的水质检测报告和工程决算。",
        ("nongye", "qingshan", "weijian"),
    ),
    Asked("疫苗接种门诊名单", "申请公开东山区预防接种门诊名单、服务时间和{year}年督导检查通报。", ("weijian",)),
    Asked("区政府常务会议纪要", "申请公开{year}年区政府研究老旧小区加装电梯工作形成的文件。", ("office",)),
    Asked("宅基地审批", "申请公开{place}{year}年农村宅基地审批结果及公示照片。", ("ziran", "qingshan")),
    Asked("残疾人两项补贴", "申请公开{year}年残疾人两项补贴的人数、标准、资金总额。", ("minzheng",)),
    Asked("校园食品安全检查", "申请公开{year}年春秋两季学校食堂食品安全联合检查的通报。", ("jiaoyu", "weijian")),
    Asked("政府购买服务合同", "申请公开贵单位{year}年度政府购买服务项目清单及合同。"),
    Asked("行政处罚决定书", "申请公开贵单位{year}年度作出的行政处罚决定书文号目录和处罚结果。"),
    Asked("信访积案化解", "申请公开{place}拆迁遗留问题{year}年会商后形成的处理意见。", ("office", "qingshan")),
    # Made for one outcome.
    Asked("人防工程布局图", "申请公开东山区人民防空工程分布图和疏散路线图。", ("office", "zhujian"), (O.REFUSED_1,)),
    Asked("纳税人申报表", "申请公开某公司{year}年度享受财政扶持时提交的纳税申报表。", ("office",), (O.REFUSED_2,)),
    Asked(
        "统计调查对象报表",
        "申请公开{place}规模以上企业{year}年向统计机构报送的单户报表。",
        ("office", "nongye"),
        (O.REFUSED_2,),
    ),
    Asked("水源地监控点位", "申请公开东山水库水源地安防监控点位和值守方案。", ("office", "weijian"), (O.REFUSED_3,)),
    Asked(
        "投标文件技术标",
        "申请公开{year}年学校配餐项目中标单位的投标文件全文（含技术方案和成本构成）。",
        ("jiaoyu", "zhujian"),
        (O.REFUSED_4,),
    ),
    Asked(
        "低保户家庭收入核对报告",
        "申请公开邻居某户{year}年低保申请的家庭经济状况核对报告。",
        ("minzheng", "qingshan"),
        (O.REFUSED_4,),
    ),
    Asked("干部考勤与值班表", "申请公开贵单位{year}年12月工作人员考勤记录和值班表。", (), (O.REFUSED_5,)),
    Asked("会议讨论记录", "申请公开贵单位{year}年讨论征地补偿标准时的会议记录和各部门发言。", (), (O.REFUSED_6,)),
    Asked("请示和批示", "申请公开就{place}安置方案向上级的请示报告和征求意见的往来函件。", (), (O.REFUSED_6,)),
    Asked("行政处罚案卷", "申请公开{year}年对某工地行政处罚的询问笔录、现场照片等案卷材料。", (), (O.REFUSED_7,)),
    Asked(
        "不动产登记资料",
        "申请公开{place}某房屋的不动产登记簿及历次登记原始资料。",
        ("ziran", "zhujian"),
        (O.REFUSED_8,),
    ),
    Asked("婚姻登记档案", "申请公开本人父母的婚姻登记档案复印件。", ("minzheng",), (O.REFUSED_8,)),
    Asked(
        "近十年数据对比分析",
        "申请提供近十年各学校（各村、各小区）投入情况的对比分析表和增长原因。",
        (),
        (O.UNAVAILABLE_2,),
    ),
    Asked("有关材料", "申请公开与我家有关的全部材料。", (), (O.UNAVAILABLE_3, O.OTHER_1)),
    Asked("相关文件", "请把你们关于这件事的文件都发给我。", (), (O.UNAVAILABLE_3, O.OTHER_1)),
    Asked(
        "举报小区违建",
        "我反映{place}有人私搭乱建长期无人处理，要求公开为什么不管，并追究责任。",
        (),
        (O.NOT_PROCESSED_1,),
    ),
    Asked("投诉补偿不公", "请公开{place}补偿款为何少于邻村，并要求重新发放。", (), (O.NOT_PROCESSED_1,)),
    Asked("补偿方案（再次申请）", "再次申请公开{place}{year}年征地补偿安置方案。", (), (O.NOT_PROCESSED_2,)),
    Asked("政府公报与年鉴", "申请提供《东山年鉴（{year}）》和{year}年各期政府公报各一册。", (), (O.NOT_PROCESSED_3,)),
    Asked("每日台账", "申请公开贵单位自{year}年1月以来每一天的收文登记簿。", (), (O.NOT_PROCESSED_4, O.OTHER_2)),
    Asked("重新盖章确认", "请对已经提供给我的答复附件逐页加盖公章并确认真实有效。", (), (O.NOT_PROCESSED_5,)),
    Asked("全部合同扫描件", "申请提供贵单位近五年全部采购合同的纸质复印件，共三百余份。", (), (O.OTHER_2,)),
)

UNCLEAR: Final = (
    "您申请的“有关材料”未指明文件的名称、文号或者其他特征。请补充说明所需信息的名称、形成时间或者所涉事项。",
    "请说明所需文件所涉的项目名称和年度，以及希望提供的形式。",
    "申请表未写明获取信息的方式，所述事项涉及多个年度，请明确年度和项目。",
)
SUPPLEMENTED: Final = (
    "所需信息为{year}年度的批复文件和资金下达文件，希望以电子邮件方式提供。",
    "补充说明：即{place}{year}年的项目，不需要其他年度。",
    "我需要的是公示过的那一份方案，纸质、电子均可。",
)
STILL_UNCLEAR: Final = "就是我上次说的那些，你们自己清楚。"
EXTENSION_REASONS: Final = (
    "申请内容涉及多个年度的档案，需要逐件调阅和区分处理。",
    "所涉项目由原承办科室移交，需要核实文件定稿。",
    "数量较大，且部分内容需要保密审查。",
)
CLASSIFIED_BASIS: Final = "《中华人民共和国保守国家秘密法》第十三条，有关工作国家秘密范围的规定。"
CLASSIFIED_BY: Final = "鹤鸣市人民政府（原始定密机关）"
SENT_BACK: Final = (
    "理由部分请引用条、款、项，并补充检索经过。",
    "请再核实附件是否含有个人信息。",
    "答复主送名称与申请人不一致，请更正。",
)
THIRD_PARTIES: Final = ("东山区恒信建筑工程有限公司", "北岭粮油贸易有限公司", "某投标单位")
SUMMARIES: Final = ("2025年度采购合同及附件", "工程施工合同、工程量清单", "项目评审报告")
OTHER_ORGANS: Final = ("东山区财政局", "东山区司法局", "东山区保密局")
WITHDRAWALS: Final = ("所需信息已在网站上查到，撤回申请。", "重复提交，撤回其中一件。", "已自行协商解决，不再需要。")
EXCESSIVE: Final = "申请人一个月内已提交同类申请20件以上，明显超过合理范围。"
EXCESSIVE_ANSWER: Final = "因为我想全面了解情况。"
EXCESSIVE_GROUNDS: Final = "没有说明需要逐日收文登记簿的理由，与其生产、生活、科研没有关联。"

#: What the decision states under each heading; a more particular text for an outcome comes first.
STATEMENTS: Final[dict[tuple[Requirement, Outcome | None], str]] = {
    (
        R.ROUTE,
        O.GRANTED,
    ): "随本告知书以您要求的方式提供，共{pages}页；同时已在东山区政府网站“法定主动公开内容”栏目公布。",
    (R.ROUTE, O.PARTIAL): "可以公开的部分随本告知书提供，共{pages}页，其余内容已作遮盖。",
    (R.ROUTE, O.REFUSED_8): "请持身份证件到东山区政务服务中心登记资料查询窗口，依照有关登记资料查询的规定办理。",
    (R.ROUTE, O.NOT_PROCESSED_1): "请通过12345政务服务便民热线或者东山区信访局反映。",
    (R.ROUTE, O.NOT_PROCESSED_3): "可到东山区档案馆、图书馆查阅，或者向出版单位购买。",
    (
        R.REASONS,
        O.PARTIAL,
    ): "其中涉及的身份证号码、银行账号和住址属于个人隐私，公开会对第三方合法权益造成损害，故作区分处理。",
    (R.REASONS, O.REFUSED_1): "经审查，所申请的信息已依照保守国家秘密的规定确定密级，尚未解密。",
    (R.REASONS, O.REFUSED_2): "所申请的信息属于法律规定应当保密的单个调查对象资料。",
    (R.REASONS, O.REFUSED_3): "公开安防点位会削弱对水源地的保护，可能危及公共安全。",
    (
        R.REASONS,
        O.REFUSED_4,
    ): "所申请的信息含有第三方的商业秘密、个人隐私。经书面征求意见，第三方不同意公开且理由合理。",
    (R.REASONS, O.REFUSED_5): "所申请的信息属于本机关人事管理、后勤管理方面的内部事务信息，不直接对外产生影响。",
    (
        R.REASONS,
        O.REFUSED_6,
    ): "所申请的信息是决策过程中形成的记录和往来函件，尚不构成对外的决定；最终形成的文件已主动公开。",
    (R.REASONS, O.REFUSED_7): "所申请的信息是行政执法案卷内的调查材料。处罚决定已在执法公示平台公布。",
    (R.REASONS, O.REFUSED_8): "登记资料的查询，法律、行政法规另有规定。",
    (R.REASONS, O.UNAVAILABLE_1): "经检索，本机关未制作、未保存您申请的信息。",
    (R.REASONS, O.UNAVAILABLE_2): "本机关没有现成的对比分析，需要对多年数据进行加工、分析。",
    (R.REASONS, O.UNAVAILABLE_3): "经补正，仍不能确定所申请信息的名称、文号或者其他特征。",
    (R.REASONS, O.NOT_PROCESSED_1): "您的申请实为反映问题、要求处理，属于信访、投诉、举报活动。",
    (R.REASONS, O.NOT_PROCESSED_2): "本机关已就相同内容向您作出答复。",
    (R.REASONS, O.NOT_PROCESSED_3): "所申请的是公开出版物。",
    (R.REASONS, O.NOT_PROCESSED_4): "申请数量、频次明显超过合理范围，所述理由不合理。",
    (R.REASONS, O.NOT_PROCESSED_5): "您已经获取该信息，要求的是对其确认或者重新出具。",
    (R.REASONS, O.OTHER_1): "补正期限届满，未收到您的补正，也未收到正当理由。",
    (R.REASONS, O.OTHER_2): "缴费期限届满，未收到您缴纳的信息处理费。",
    (R.REASONS, O.OTHER_3): "申请人身份无法核实，经多次联系没有回应，终止办理。",
    (R.LEGAL_BASIS, O.REFUSED_1): "《中华人民共和国保守国家秘密法》第十三条。",
    (R.LEGAL_BASIS, O.REFUSED_2): "《中华人民共和国统计法》第二十五条。",
    (R.CLASSIFIED_BY, O.REFUSED_1): "鹤鸣市人民政府",
    (R.SEPARABILITY, None): "全文均属不予公开的内容，删去之后不再有可以提供的信息，不能作区分处理。",
    (
        R.SEARCH_RECORD,
        None,
    ): "承办人于收到申请后第三日，在办公自动化系统和档案室以项目名称、年度、文号为关键词检索，未检得。",
    (R.COMPETENT_BODY, None): "该信息由东山区财政局制作保存，联系方式见该局政府信息公开指南。",
    (R.EARLIER_REPLY, None): "{prefix}告〔{year}〕3号",
}
ATTACHMENT: Final = (
    "序号,项目名称,批复文号,资金（万元）\n"
    "1,{place}改造工程,东发改〔{year}〕12号,368.5\n"
    "2,{place}配套工程,东发改〔{year}〕27号,91.2\n"
)
