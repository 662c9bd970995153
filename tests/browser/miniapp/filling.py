"""Filling the Mini App's forms as a person does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from playwright.sync_api import FrameLocator

from tests.browser.miniapp.phones import Phone

Answers = Mapping[str, str | list[str]]
Steps = Mapping[str, Answers]

BUYER: Steps = {
    "person": {
        "full_name": "Иван Петров",
        "position": "Руководитель закупок",
        "phone": "+7 900 123-45-67",
        "email": "ivan@severstil.ru",
    },
    "company": {"company": "Северный стиль", "country": "RU", "legal_address": "Москва, ул. Лесная, 5"},
    "needs": {
        "yearly_volume": "50000",
        "segments": ["tshirts", "knitwear"],
        "incoterms": ["FOB", "EXW"],
        "payment_terms": ["mixed"],
    },
}
FACTORY: Steps = {
    "company": {
        "company": "ABC Textiles",
        "year_founded": "2012",
        "representative_name": "Aziza Karimova",
        "representative_position": "Direktor",
    },
    "production": {
        "segments": ["tshirts"],
        "volume_unit": "pcs",
        "moq": "1000",
        "capacity_min": "20000",
        "capacity_max": "120000",
        "lead_time_days": "30",
        "equipment": "Gerber bichish majmuasi\nJuki, 120 dona",
    },
    "places": {
        "region": "tashkent_city",
        "production_address": "Toshkent, Yangi Sergeli 12",
        "premises": "own",
        "power_stability": "stable",
        "gas_stability": "backed",
    },
    "organisation": {"employees": "240", "quality_department": "yes", "cad_cam": ["gerber"]},
    "showcase": {"offer_text": "Paxta futbolkalar: trikotaj, boʻyash, bosma, tikish."},
}


def lot_steps(today: date) -> Steps:
    """20,000 printed cotton T-shirts in two months, FOB Tashkent."""
    return {
        "product": {
            "product": "Футболки хлопковые с печатью, 180 г/м², размеры S–XXL, 4 цвета",
            "segment": "tshirts",
            "quantity": "20000",
        },
        "terms": {
            "produce_by": (today + timedelta(days=60)).isoformat(),
            "deliver_by": (today + timedelta(days=75)).isoformat(),
            "incoterms": "FOB",
            "place": "Ташкент",
            "payment_terms": "prepayment",
            "target_price.amount": "3.20",
        },
        "requirements": {"packaging": "Короб по 50 шт."},
    }


def offer_answers(today: date) -> Answers:
    """3.05 USD a piece in 35 days."""
    return {
        "price.amount": "3.05",
        "moq": "5000",
        "lead_time_days": "35",
        "incoterms": "FOB",
        "valid_until": (today + timedelta(days=30)).isoformat(),
        "message": "20 000 dona futbolkani 35 kunda tayyorlaymiz.",
    }


def fill(app: FrameLocator, answers: Answers) -> None:
    """Enter answers into the shown step."""
    for code, value in answers.items():
        fields = app.locator(f'[name="q.{code}"]')
        kind = fields.first.evaluate("field => `${field.tagName} ${field.type}`")
        if kind in {"INPUT radio", "INPUT checkbox"}:
            for choice in [value] if isinstance(value, str) else value:
                app.locator(f'label:has([name="q.{code}"][value="{choice}"])').click()
        elif kind.startswith("SELECT"):
            fields.select_option(value)
        else:
            fields.fill(str(value))


def walk(phone: Phone, form: str, steps: Steps) -> None:
    """Fill a form step by step and stop at its review."""
    for code, answers in steps.items():
        phone.app.locator(f'form[data-form="{form}"][data-step="{code}"]').wait_for()
        fill(phone.app, answers)
        phone.press()
    phone.view("review")
