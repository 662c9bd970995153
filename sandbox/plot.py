"""What the people of the story write: questionnaires, a lot, an offer, words. Plain data, as it is typed into the forms."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

Steps = dict[str, dict[str, str | list[str]]]

IVAN_PHONE = "+7 916 555-01-99"
IVAN_EMAIL = "ivan.petrov@moda-torg.example"

BUYER: Steps = {
    "person": {
        "full_name": "Иван Сергеевич Петров",
        "position": "Директор по закупкам",
        "phone": IVAN_PHONE,
        "email": IVAN_EMAIL,
    },
    "company": {
        "company": "ООО «Мода Торг»",
        "country": "RU",
        "legal_address": "Москва, ул. Летниковская, 10, стр. 4",
        "website": "https://moda-torg.example",
    },
    "needs": {
        "yearly_volume": "200000",
        "yearly_volume_unit": "pcs",
        "segments": ["tshirts", "knitwear"],
        "incoterms": ["FOB", "DAP"],
        "payment_terms": ["prepayment", "letter_of_credit"],
    },
}

FACTORY: Steps = {
    "company": {
        "company": "ABC Textiles",
        "year_founded": "2009",
        "representative_name": "Dilshod Karimov",
        "representative_position": "Direktor",
    },
    "production": {
        "segments": ["tshirts", "knitwear"],
        "specialisation": "Bosma naqshli paxta futbolkalar",
        "volume_unit": "pcs",
        "moq": "1000",
        "capacity_min": "20000",
        "capacity_max": "60000",
        "lead_time_days": "40",
        "equipment": "Juki tikuv mashinalari, Kornit bosma liniyasi",
    },
    "places": {
        "region": "tashkent",
        "production_address": "Toshkent viloyati, Chirchiq shahri, Sanoat koʻchasi, 5",
        "production_point.lat": "41.4689",
        "production_point.lon": "69.5822",
        "premises": "own",
        "power_stability": "backed",
        "gas_stability": "stable",
    },
    "organisation": {
        "employees": "240",
        "quality_department": "yes",
        "quality_how": "Har bir partiya AQL 2.5 boʻyicha tekshiriladi",
        "crm_used": "yoʻq",
        "erp_used": "1C",
        "cad_cam": ["gemini"],
    },
    "showcase": {
        "offer_text": "Paxta futbolkalar va trikotaj: bosma, kashta, oʻz yorligʻingiz bilan. Namuna 7 kunda.",
        "certificates.0.certificate": "oeko_tex_100",
        "certificates.0.number": "OT-2025-118",
        "certificates.0.expires_on": "2031-12-31",
    },
}


def in_days(today: date, days: int) -> str:
    """Give a day as forms take it."""
    return (today + timedelta(days=days)).isoformat()


def lot(today: date | None = None) -> Steps:
    """Give Ivan's lot: 20,000 printed cotton T-shirts, two months, FOB Tashkent."""
    today = today or datetime.now(UTC).date()
    return {
        "product": {
            "product": "Футболки хлопковые с печатью, 160 г/м², размеры S–XXL, 4 цвета. Образец вышлем.",
            "segment": "tshirts",
            "quantity": "20000",
            "unit": "pcs",
        },
        "terms": {
            "produce_by": in_days(today, 60),
            "deliver_by": in_days(today, 75),
            "incoterms": "FOB",
            "place": "Ташкент",
            "payment_terms": "prepayment",
            "target_price.amount": "3.20",
            "target_price.currency": "USD",
        },
        "requirements": {
            "packaging": "Индивидуальный пакет, короб по 50 штук",
            "requirements_note": "Для вопросов: " + IVAN_PHONE,
        },
    }


def offer(today: date | None = None) -> dict[str, str | list[str]]:
    """Give ABC's offer for the lot."""
    today = today or datetime.now(UTC).date()
    return {
        "price.amount": "3.05",
        "price.currency": "USD",
        "moq": "1000",
        "lead_time_days": "45",
        "incoterms": "FOB",
        "place": "Toshkent",
        "valid_until": in_days(today, 30),
        "message": "Namuna bepul. Bosma 6 rangda.",
    }


IVAN_SAYS = "Добрый день! Сможете сделать образец за неделю? Мой телефон " + IVAN_PHONE
ABC_SAYS = "Assalomu alaykum! Ha, namuna 7 kunda tayyor boʻladi."
MANAGER_SAYS = "Коллеги, подключаюсь: образец согласуем до пятницы."
