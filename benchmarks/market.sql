-- Grows a marketplace around the factories; the figures are given by benchmarks/market.py.

INSERT INTO companies (id, kind, name, state, answers, segments, catalogue_until, decided_at)
SELECT CAST(:factories AS bigint) + n, 'buyer', 'Buyer ' || n, 'accepted', '{"segments": ["tshirts"]}', '["tshirts"]',
    now() + interval '30 days', now()
FROM generate_series(1, CAST(:buyers AS bigint)) AS n;

INSERT INTO people (id, telegram_id, chat_id, first_name, language, active_role)
SELECT CAST(:factories AS bigint) + n, (CAST(:factories AS bigint) + n)::text, (CAST(:factories AS bigint) + n)::text, 'Load', 'ru', 'buyer' FROM generate_series(1, CAST(:buyers AS bigint)) AS n;

INSERT INTO members (company_id, person_id) SELECT CAST(:factories AS bigint) + n, CAST(:factories AS bigint) + n FROM generate_series(1, CAST(:buyers AS bigint)) AS n;

-- One lot in twenty still takes offers, as after some years of work.
INSERT INTO lots (id, company_id, person_id, client_key, state, outcome, fields, segment, quantity, unit, deliver_by,
    respond_by, submitted_at, published_at, closed_at)
SELECT n, CAST(:factories AS bigint) + 1 + n % CAST(:buyers AS bigint), CAST(:factories AS bigint) + 1 + n % CAST(:buyers AS bigint), n::text,
    CASE WHEN n % 1000 = 1 THEN 'submitted' WHEN n % 20 = 0 THEN 'published' ELSE 'closed' END,
    CASE WHEN n % 20 = 0 OR n % 1000 = 1 THEN '' ELSE 'awarded' END,
    jsonb_build_object('product', 'Футболки хлопковые с печатью, размеры S–XXL, ' || n, 'segment', segment, 'quantity', 20000,
        'unit', 'pcs', 'produce_by', to_char(now() + interval '60 days', 'YYYY-MM-DD'),
        'deliver_by', to_char(now() + interval '75 days', 'YYYY-MM-DD'), 'incoterms', 'FOB', 'place', 'Tashkent',
        'payment_terms', 'prepayment'),
    segment, 20000, 'pcs', now() + interval '75 days', now() + interval '10 days', at,
    CASE WHEN n % 1000 = 1 THEN NULL ELSE at END, CASE WHEN n % 20 = 0 OR n % 1000 = 1 THEN NULL ELSE at + interval '14 days' END
FROM (SELECT n, now() - interval '200 days' + n * interval '170 seconds' AS at,
    (ARRAY['tshirts', 'denim', 'knitwear', 'home', 'yarn', 'kids', 'socks'])[1 + n % 7] AS segment
    FROM generate_series(1, CAST(:lots AS bigint)) AS n) AS made;

INSERT INTO invitations (lot_id, company_id, invited_at)
SELECT id, 1 + (id * 7919 + k * 104729) % CAST(:factories AS bigint), published_at FROM lots, generate_series(1, 5) AS k
WHERE published_at IS NOT NULL ON CONFLICT DO NOTHING;

INSERT INTO offers (lot_id, company_id, person_id, state, price_minor, currency, lead_time_days, terms, created_at, decided_at)
SELECT lot_id, company_id, company_id, CASE WHEN lot_id % 400 = 0 THEN 'submitted' ELSE 'allowed' END, 300 + company_id % 100, 'USD', 45, '{"moq": 1000, "incoterms": "FOB"}',
    invited_at + company_id % 3000 * interval '1 minute', now()
FROM invitations WHERE (lot_id + company_id) % 2 = 0;

INSERT INTO orders (lot_id, offer_id, company_id, quantity, price_minor, currency, state, created_at)
SELECT DISTINCT ON (lot_id) lot_id, id, company_id, 20000, price_minor, currency, 'contract', created_at FROM offers
WHERE lot_id % 20 <> 0 ORDER BY lot_id, id;

INSERT INTO profile_views (factory_company_id, buyer_company_id, day)
SELECT 1 + n % CAST(:factories AS bigint), CAST(:factories AS bigint) + 1 + (n * 31) % CAST(:buyers AS bigint), current_date - (n % 80)::int
FROM generate_series(1, 200000) AS n ON CONFLICT DO NOTHING;

-- What matching scores the past by, as the application keeps it.
UPDATE catalogue_entries e SET invited_lots = n.made
FROM (SELECT company_id, count(*) AS made FROM invitations GROUP BY company_id) n WHERE n.company_id = e.company_id;

UPDATE catalogue_entries e SET answered_lots = n.made, prices = n.prices
FROM (SELECT company_id, sum(made) AS made, jsonb_object_agg(segment, jsonb_build_array('USD', price)) AS prices
    FROM (SELECT o.company_id, l.segment, count(*) AS made, round(avg(o.price_minor))::bigint AS price
        FROM offers o JOIN lots l ON l.id = o.lot_id GROUP BY o.company_id, l.segment) s
    GROUP BY company_id) n WHERE n.company_id = e.company_id;

UPDATE catalogue_entries e SET open_orders = n.made
FROM (SELECT company_id, count(*) AS made FROM orders GROUP BY company_id) n WHERE n.company_id = e.company_id;

SELECT setval(pg_get_serial_sequence('companies', 'id'), (SELECT max(id) FROM companies));
SELECT setval(pg_get_serial_sequence('people', 'id'), (SELECT max(id) FROM people));
SELECT setval(pg_get_serial_sequence('lots', 'id'), (SELECT max(id) FROM lots));
SELECT setval(pg_get_serial_sequence('offers', 'id'), (SELECT max(id) FROM offers));
SELECT setval(pg_get_serial_sequence('orders', 'id'), (SELECT max(id) FROM orders));
