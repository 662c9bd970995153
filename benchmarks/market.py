"""A grown marketplace in a database of its own: 20,000 factories, 100,000 lots, their offers and invitations, in seconds.

Called by the benchmarks of pages. Rows are written straight into the tables in the shapes the services write them; only the words
of the catalogue go through the service, because their spelling is its business.
"""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from b24app.domain.search import spellings
from b24app.services.catalogue_entries import learn
from b24app.services.industries import pack
from storage.models import CatalogueEntry
from storage.unit_of_work import Transactions, UnitOfWork

FACTORIES = 20_000
LOTS = 100_000
BUYERS = 2_000
SEED = 20_260_302
SYLLABLES = (
    "bux",
    "sam",
    "tosh",
    "nam",
    "fer",
    "gal",
    "zar",
    "nur",
    "mir",
    "osh",
    "ipak",
    "tola",
    "qum",
    "don",
    "bek",
    "yul",
)
MADE_OF = (
    "paxta",
    "cotton",
    "хлопок",
    "trikotaj",
    "denim",
    "linen",
    "ipak",
    "viskoza",
    "печать",
    "embroidery",
    "вязание",
)
GROWTH = Path(__file__).with_name("market.sql")


def build(transactions: Transactions) -> None:
    """Fill an empty, migrated database."""
    with transactions() as uow:
        _factories(uow, random.Random(SEED))
        for statement in GROWTH.read_text("utf-8").strip().rstrip(";").split(";\n"):
            uow.session.execute(text(statement), {"factories": FACTORIES, "buyers": BUYERS, "lots": LOTS})
    with transactions() as uow:
        uow.session.execute(text("ANALYZE"))


def more_factories(uow: UnitOfWork, count: int) -> None:
    """Add factories to a grown marketplace, each like one of those that are there but quick and in two segments more."""
    codes = [choice.code for choice in pack().segments]
    uow.session.execute(text(MORE_COMPANIES), {"count": count, "factories": FACTORIES})
    names = [column.name for column in CatalogueEntry.__table__.columns]
    values = {
        "company_id": "c.id",
        "lead_time_days": "30",
        "segments": "e.segments || (CAST(:codes AS text[]))[1 + c.id % :many] || (CAST(:codes AS text[]))[1 + (c.id / 7) % :many]",
    }
    chosen = ", ".join(values.get(name, f"e.{name}") for name in names)
    like = f"INSERT INTO catalogue_entries ({', '.join(names)}) SELECT {chosen} {MORE_ENTRIES}"
    uow.session.execute(text(like), {"codes": codes, "many": len(codes)})


def _factories(uow: UnitOfWork, chance: random.Random) -> None:
    rows = [_factory(number, chance) for number in range(1, FACTORIES + 1)]
    for statement in (COMPANY, ENTRY, WORDS, PERSON, MEMBER):
        uow.session.execute(text(statement), rows)
    for start in range(0, FACTORIES, 1000):
        learn(uow, [word for row in rows[start : start + 1000] for word in row["words"]])


def _factory(number: int, chance: random.Random) -> dict[str, Any]:
    now = datetime.now(UTC)
    name = "".join(chance.sample(SYLLABLES, 3)).capitalize() + f" {chance.choice(SYLLABLES)} Tekstil"
    segments = chance.sample([choice.code for choice in pack().segments], 2)
    made_of = " ".join(chance.sample(MADE_OF, 3))
    region = chance.choice([choice.code for choice in pack().lists["regions"]])
    moq, lead = chance.choice((100, 500, 1000, 5000)), chance.choice((20, 30, 45, 60, 90))
    labels = " ".join(
        label for choice in pack().segments if choice.code in segments for label in choice.labels.values()
    )
    held = {"oeko_tex_100": "2030-01-01"} if chance.random() < 0.4 else {}
    answers = {
        "company": name,
        "segments": segments,
        "specialisation": made_of,
        "volume_unit": "pcs",
        "capacity_min": 10_000,
        "capacity_max": 60_000,
        "moq": moq,
        "lead_time_days": lead,
        "region": region,
        "offer_text": f"{made_of}. " * 40,
        "equipment": ["Juki DDL-8700", "Gerber"],
        "certificates": [{"certificate": code, "number": "1", "expires_on": until} for code, until in held.items()],
    }
    return {
        "id": number,
        "name": name,
        "answers": json.dumps(answers),
        "segments_json": json.dumps(segments),
        "segments": segments,
        "moq": moq,
        "lead": lead,
        "region": region,
        "held": json.dumps(held),
        "words": spellings(f"{name} {labels} {made_of} {region} Juki Gerber"),
        "name_words": spellings(name),
        "equipment_words": spellings("Juki DDL-8700 Gerber"),
        "until": now + timedelta(days=100),
        "verified_until": now + timedelta(days=100) if chance.random() < 0.5 else None,
        "accepted_at": now - timedelta(minutes=number),
        "minutes": chance.randrange(10, 5000) if chance.random() < 0.7 else None,
        "merit": chance.randrange(60),
    }


COMPANY = """
INSERT INTO companies (id, kind, name, state, publication, answers, segments, moq, capacity_per_month, lead_time_days,
    subscribed_until, verified_until, decided_at)
VALUES (:id, 'factory', :name, 'accepted', 'published', CAST(:answers AS jsonb), CAST(:segments_json AS jsonb), :moq, 60000, :lead,
    :until, :verified_until, :accepted_at)
"""
MORE_COMPANIES = """
INSERT INTO companies (kind, name, state, publication, country)
SELECT 'factory', 'Another ' || n, 'accepted', 'published', CAST(1 + n % CAST(:factories AS bigint) AS text)
FROM generate_series(1, CAST(:count AS bigint)) AS n
"""
MORE_ENTRIES = """
FROM companies c JOIN catalogue_entries e ON CAST(e.company_id AS text) = c.country WHERE c.name LIKE 'Another %'
"""
ENTRY = """
INSERT INTO catalogue_entries (company_id, publication, accepted, subscribed_until, verified_until, accepted_at,
    name_words, equipment_words,
    segments, certificates, region, unit, moq, lead_time_days, quality_department, answer_minutes, merit, capacity_per_month)
VALUES (:id, 'published', true, :until, :verified_until, :accepted_at, :name_words, :equipment_words, :segments,
    CAST(:held AS jsonb), :region, 'pcs', :moq, :lead, true, :minutes, :merit, 60000)
"""
WORDS = "INSERT INTO catalogue_words (word, company_id) SELECT unnest(CAST(:words AS text[])), :id"
PERSON = """
INSERT INTO people (id, telegram_id, chat_id, first_name, language, active_role)
VALUES (:id, CAST(CAST(:id AS bigint) AS text), CAST(CAST(:id AS bigint) AS text), 'Load', 'uz', 'factory')
"""
MEMBER = "INSERT INTO members (company_id, person_id) VALUES (:id, :id)"
