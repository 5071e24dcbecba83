"""What a published reply is about: the subjects under which government documents are filed on gov.cn (主题分类)."""

from enum import StrEnum
from typing import Final

from .words import Text


class Topic(StrEnum):
    """One subject; a published reply has exactly one."""

    GENERAL = "general"
    ECONOMY = "economy"
    FINANCE = "finance"
    LAND = "land"
    FARMING = "farming"
    INDUSTRY = "industry"
    TRADE = "trade"
    MARKET = "market"
    CITY = "city"
    EDUCATION = "education"
    CULTURE = "culture"
    HEALTH = "health"
    POPULATION = "population"
    LABOUR = "labour"
    SAFETY = "safety"
    WELFARE = "welfare"
    PEOPLES = "peoples"
    FOREIGN = "foreign"
    OTHER = "other"


TOPICS: Final[dict[Topic, Text]] = {
    Topic.GENERAL: Text("综合政务", "General government"),
    Topic.ECONOMY: Text("国民经济管理、国有资产监管", "Economy and state assets"),
    Topic.FINANCE: Text("财政、金融、审计", "Budget, finance and audit"),
    Topic.LAND: Text("国土资源、能源", "Land, resources and energy"),
    Topic.FARMING: Text("农业、林业、水利", "Farming, forestry and water"),
    Topic.INDUSTRY: Text("工业、交通", "Industry and transport"),
    Topic.TRADE: Text("商贸、海关、旅游", "Trade, customs and tourism"),
    Topic.MARKET: Text("市场监管、安全生产", "Market supervision and safety at work"),
    Topic.CITY: Text("城乡建设、环境保护", "Building, town and country, environment"),
    Topic.EDUCATION: Text("科技、教育", "Science and education"),
    Topic.CULTURE: Text("文化、广电、新闻出版", "Culture, broadcasting and press"),
    Topic.HEALTH: Text("卫生、体育", "Health and sport"),
    Topic.POPULATION: Text("人口、妇女儿童工作", "Population, women and children"),
    Topic.LABOUR: Text("劳动、人事、监察", "Labour, personnel and supervision"),
    Topic.SAFETY: Text("公安、司法", "Police and justice"),
    Topic.WELFARE: Text("民政、救灾", "Civil affairs and disaster relief"),
    Topic.PEOPLES: Text("民族、宗教", "Ethnic groups and religion"),
    Topic.FOREIGN: Text("外事、港澳台侨工作", "Foreign affairs, Hong Kong, Macao, Taiwan and overseas Chinese"),
    Topic.OTHER: Text("其他", "Other"),
}
