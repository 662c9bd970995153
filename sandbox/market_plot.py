"""Who trades on the little market and what they write: plain data, as it is typed into the forms.

Read by the market alone. Names are invented; nobody of the main story is among them, so that both can be played in one world.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sandbox import plot


@dataclass(frozen=True)
class Maker:
    """A factory and its representative, who writes Uzbek; `accepted` tells whether the manager gets round to it."""

    telegram_id: int
    first_name: str
    last_name: str
    company: str
    segments: tuple[str, ...]
    speciality: str
    region: str
    place: tuple[str, str, str]
    moq: str
    capacity: tuple[str, str]
    days: str
    certificate: str
    employees: str
    accepted: bool = True


@dataclass(frozen=True)
class Customer:
    """A buyer and its company; `language` is the bot's code, ru or en."""

    telegram_id: int
    first_name: str
    last_name: str
    language: str
    company: str
    country: str
    address: str
    segments: tuple[str, ...]
    accepted: bool = True


@dataclass(frozen=True)
class Bid:
    """A factory's answer: the maker's place in MAKERS, price in cents, days, and words to the buyer."""

    maker: int
    cents: int
    days: int
    words: str


@dataclass(frozen=True)
class Wish:
    """A lot: its customer's place in CUSTOMERS, what is wanted, how it is answered, and how far it gets.

    An ordered one has one bid; `steps` are the production steps its maker then reports.
    """

    customer: int
    words: str
    segment: str
    quantity: str
    cents: int
    bids: tuple[Bid, ...] = ()
    published: bool = True
    allowed: bool = False
    ordered: bool = False
    steps: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Give what it is called: its words up to the first comma."""
        return self.words.split(",")[0]


MAKERS = (
    Maker(
        5_200_000_201,
        "Aziza",
        "Rahimova",
        "Chirchiq Trikotaj",
        ("tshirts", "knitwear", "sportswear"),
        "Futbolka, polo va sport kiyimlari",
        "tashkent",
        ("Chirchiq shahri, Navoiy koʻchasi, 12", "41.4725", "69.5790"),
        "2000",
        ("40000", "90000"),
        "35",
        "oeko_tex_100",
        "380",
    ),
    Maker(
        5_200_000_202,
        "Jasur",
        "Toʻxtayev",
        "Fargʻona Denim",
        ("denim", "woven", "workwear"),
        "Jinsi va ish kiyimlari, oʻz yuvish sexi bilan",
        "fergana",
        ("Fargʻona shahri, Sanoatchilar koʻchasi, 3", "40.3864", "71.7864"),
        "1500",
        ("25000", "60000"),
        "50",
        "bsci",
        "520",
    ),
    Maker(
        5_200_000_203,
        "Madina",
        "Yoʻldosheva",
        "Buxoro Sochiq",
        ("towels", "home"),
        "Sochiq, xalat va choyshab toʻplamlari",
        "bukhara",
        ("Buxoro shahri, Ipakchilar koʻchasi, 41", "39.7747", "64.4286"),
        "3000",
        ("50000", "120000"),
        "40",
        "gots",
        "410",
    ),
    Maker(
        5_200_000_204,
        "Sherzod",
        "Mirzayev",
        "Namangan Kids",
        ("kids", "knitwear", "tshirts", "underwear"),
        "Bolalar kiyimi va ich kiyim",
        "namangan",
        ("Namangan shahri, Uychi koʻchasi, 7", "40.9983", "71.6726"),
        "1000",
        ("20000", "45000"),
        "45",
        "eac",
        "190",
    ),
    Maker(
        5_200_000_205,
        "Nodira",
        "Saidova",
        "Samarqand Libos",
        ("woven", "outerwear", "workwear", "sportswear"),
        "Kurtka, kostyum va uniforma",
        "samarkand",
        ("Samarqand shahri, Dahbed koʻchasi, 22", "39.6542", "66.9597"),
        "800",
        ("15000", "35000"),
        "55",
        "iso_9001",
        "260",
    ),
    Maker(
        5_200_000_206,
        "Ulugʻbek",
        "Qodirov",
        "Andijon Paypoq",
        ("socks", "underwear"),
        "Paypoq va kolgotki",
        "andijan",
        ("Andijon shahri, Bobur koʻchasi, 90", "40.7821", "72.3442"),
        "5000",
        ("100000", "240000"),
        "30",
        "oeko_tex_100",
        "150",
        accepted=False,
    ),
)

CUSTOMERS = (
    Customer(
        5_200_000_301,
        "Анна",
        "Белова",
        "ru",
        "ООО «Северный трикотаж»",
        "RU",
        "Санкт-Петербург, Лиговский проспект, 50",
        ("tshirts", "knitwear", "kids"),
    ),
    Customer(
        5_200_000_302,
        "Lars",
        "Nyberg",
        "en",
        "Nordhem Handel GmbH",
        "DE",
        "Hamburg, Königstraße 18",
        ("towels", "home", "workwear"),
    ),
    Customer(
        5_200_000_303,
        "Айгерим",
        "Сапарова",
        "ru",
        "ТОО «Алатау Стиль»",
        "KZ",
        "Алматы, проспект Абая, 76",
        ("denim", "outerwear", "sportswear"),
    ),
    Customer(
        5_200_000_304,
        "Marta",
        "Kowalska",
        "en",
        "Wisła Moda sp. z o.o.",
        "PL",
        "Kraków, ul. Długa 9",
        ("socks",),
        accepted=False,
    ),
)

WISHES = (
    Wish(
        0,
        "Футболки детские однотонные, хлопок 100 %, 150 г/м², рост 98–152",
        "kids",
        "12000",
        260,
        (Bid(3, 245, 40, "Mato omborda bor, namuna 5 kunda."),),
        allowed=True,
        ordered=True,
        steps=("fabric", "cutting", "sewing", "quality", "packed", "shipped", "delivered"),
    ),
    Wish(
        1,
        "Terry bath towels 70×140 cm, 500 g/m², combed cotton, dobby border",
        "towels",
        "30000",
        410,
        (Bid(2, 395, 38, "Hoʻl sinov natijalarini ilova qilamiz."),),
        allowed=True,
        ordered=True,
        steps=("fabric", "cutting", "sewing"),
    ),
    Wish(
        2,
        "Джинсы мужские, деним 12 унций, прямой крой, пять карманов, размеры 28–38",
        "denim",
        "8000",
        1150,
        (Bid(1, 1090, 48, "Yuvish va lazer oʻzimizda."),),
        allowed=True,
        ordered=True,
        steps=("fabric",),
    ),
    Wish(
        0,
        "Худи с капюшоном, футер трёхнитка 320 г/м², вышивка на груди",
        "knitwear",
        "6000",
        980,
        (
            Bid(0, 940, 33, "Kashta 12 rangda."),
            Bid(3, 965, 45, "Kichik partiyadan boshlash mumkin."),
        ),
        allowed=True,
    ),
    Wish(
        1,
        "Work jackets, poly-cotton 245 g/m², reflective tape EN ISO 20471, sizes S–4XL",
        "workwear",
        "4500",
        1650,
        (
            Bid(4, 1590, 50, "Tasmalar sertifikatlangan."),
            Bid(1, 1640, 55, "Matoni oʻzimiz toʻqiymiz."),
        ),
    ),
    Wish(2, "Спортивные костюмы, полиэстер с эластаном, сублимационная печать", "sportswear", "5000", 1420),
    Wish(
        0,
        "Поло мужские, пике 220 г/м², вышитый логотип, пять цветов",
        "tshirts",
        "9000",
        520,
        (Bid(0, 505, 34, "Pike oʻzimizda toʻqiladi."),),
    ),
    Wish(
        1, "Bed linen sets, sateen 300 TC, white, hotel quality, 4 pieces a set", "home", "7000", 2100, published=False
    ),
    Wish(
        2,
        "Куртки демисезонные, мембрана 5000/5000, утеплитель 100 г/м²",
        "outerwear",
        "3000",
        2900,
        published=False,
    ),
)


def questionnaire_of_maker(maker: Maker) -> plot.Steps:
    """Give what a factory's representative fills in."""
    address, latitude, longitude = maker.place
    return {
        "company": {
            "company": maker.company,
            "year_founded": str(1998 + maker.telegram_id % 20),
            "representative_name": f"{maker.first_name} {maker.last_name}",
            "representative_position": "Savdo boshligʻi",
        },
        "production": {
            **plot.FACTORY["production"],
            "segments": list(maker.segments),
            "specialisation": maker.speciality,
            "moq": maker.moq,
            "capacity_min": maker.capacity[0],
            "capacity_max": maker.capacity[1],
            "lead_time_days": maker.days,
        },
        "places": {
            **plot.FACTORY["places"],
            "region": maker.region,
            "production_address": address,
            "production_point.lat": latitude,
            "production_point.lon": longitude,
        },
        "organisation": {**plot.FACTORY["organisation"], "employees": maker.employees},
        "showcase": {
            "offer_text": f"{maker.speciality}. Namuna bir haftada, sifat nazorati har partiyada.",
            "certificates.0.certificate": maker.certificate,
            "certificates.0.number": f"N-{maker.telegram_id % 1000}",
            "certificates.0.expires_on": "2031-12-31",
        },
    }


def questionnaire_of_customer(customer: Customer) -> plot.Steps:
    """Give what a buyer fills in."""
    number = customer.telegram_id % 10_000
    return {
        "person": {
            "full_name": f"{customer.first_name} {customer.last_name}",
            "position": "Закупки" if customer.language == "ru" else "Purchasing",
            "phone": f"+7 911 200-{number // 100:02d}-{number % 100:02d}",
            "email": f"buyer{number}@trade.example",
        },
        "company": {
            "company": customer.company,
            "country": customer.country,
            "legal_address": customer.address,
        },
        "needs": {**plot.BUYER["needs"], "segments": list(customer.segments)},
    }


def lot(wish: Wish, today: date | None = None) -> plot.Steps:
    """Give a wish as the form of a lot takes it."""
    today = today or datetime.now(UTC).date()
    typed = plot.lot(today)
    return {
        "product": {"product": wish.words, "segment": wish.segment, "quantity": wish.quantity, "unit": "pcs"},
        "terms": {**typed["terms"], "target_price.amount": _amount(wish.cents)},
        "requirements": {"packaging": "Export carton, 50 pcs"},
    }


def offer(bid: Bid) -> dict[str, str | list[str]]:
    """Give a bid as the form of an offer takes it."""
    return {
        **plot.offer(),
        "price.amount": _amount(bid.cents),
        "lead_time_days": str(bid.days),
        "message": bid.words,
    }


def _amount(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
