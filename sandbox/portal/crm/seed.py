"""The CRM of a fresh portal: directories, the general pipeline, currencies."""

from __future__ import annotations

from sandbox.portal.crm import pipelines, stages, types
from sandbox.portal.hooks import listen
from sandbox.portal.portal import Portal

DIRECTORIES = {
    "SOURCE": (
        ("CALL", "Звонок"),
        ("EMAIL", "Электронная почта"),
        ("WEB", "Веб-сайт"),
        ("ADVERTISING", "Реклама"),
        ("PARTNER", "Существующий клиент"),
        ("RECOMMENDATION", "По рекомендации"),
        ("TRADE_SHOW", "Выставка"),
        ("WEBFORM", "CRM-форма"),
        ("CALLBACK", "Обратный звонок"),
        ("RC_GENERATOR", "Генератор продаж"),
        ("STORE", "Интернет-магазин"),
        ("OTHER", "Другое"),
    ),
    "DEAL_TYPE": (
        ("SALE", "Продажа"),
        ("COMPLEX", "Комплексная продажа"),
        ("GOODS", "Продажа товара"),
        ("SERVICES", "Продажа услуги"),
        ("SERVICE", "Сервисное обслуживание"),
    ),
    "CONTACT_TYPE": (("CLIENT", "Клиенты"), ("SUPPLIER", "Поставщики"), ("PARTNER", "Партнёры"), ("OTHER", "Другое")),
    "COMPANY_TYPE": (
        ("CUSTOMER", "Клиент"),
        ("SUPPLIER", "Поставщик"),
        ("COMPETITOR", "Конкурент"),
        ("PARTNER", "Партнёр"),
        ("OTHER", "Другое"),
    ),
    "INDUSTRY": (
        ("IT", "Информационные технологии"),
        ("TELECOM", "Телекоммуникации"),
        ("MANUFACTURING", "Производство"),
        ("BANKING", "Банковские услуги"),
        ("CONSULTING", "Консалтинг"),
        ("FINANCE", "Финансы"),
        ("OTHER", "Другое"),
    ),
    "EMPLOYEES": (
        ("EMPLOYEES_1", "менее 50"),
        ("EMPLOYEES_2", "50-250"),
        ("EMPLOYEES_3", "250-500"),
        ("EMPLOYEES_4", "более 500"),
    ),
    "HONORIFIC": (("HNR_RU_1", "г-н"), ("HNR_RU_2", "г-жа")),
    "EVENT_TYPE": (("INFO", "Информация"), ("PHONE", "Телефонный звонок"), ("MESSAGE", "Отправлено письмо")),
}
CURRENCIES = (
    ("USD", "840", 1.0, "$"),
    ("EUR", "978", 1.08, "€"),
    ("RUB", "643", 0.011, "₽"),
    ("UZS", "860", 0.00008, "soʻm"),
)


@listen("seed")
def seed(portal: Portal) -> None:
    """Fills the CRM of an empty store."""
    for name, entries in DIRECTORIES.items():
        for position, (code, title) in enumerate(entries, start=1):
            stages.add_entry(portal, name, code, title, position * 10, SYSTEM="Y" if code == "OTHER" else "N")
    for number in (types.LEAD, types.QUOTE):
        stages.add_pipeline(portal, types.SYSTEM[number], 0)
    pipelines.add(portal, types.SYSTEM[types.DEAL], pipelines.DEFAULT_NAME, 300, default=True)
    pipelines.add(portal, types.SYSTEM[types.INVOICE], pipelines.DEFAULT_NAME, 100, default=True)
    portal.store.values["base_currency"] = "USD"
    for position, (code, numeric, rate, sign) in enumerate(CURRENCIES, start=1):
        portal.store.table("crm_currencies")[code] = {
            "CURRENCY": code,
            "AMOUNT_CNT": "1",
            "AMOUNT": f"{rate:.5f}",
            "SORT": str(position * 100),
            "BASE": "Y" if code == "USD" else "N",
            "NUMCODE": numeric,
            "sign": sign,
            "DATE_UPDATE": portal.stamp(),
        }
    portal.store.touch()
