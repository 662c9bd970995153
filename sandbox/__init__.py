"""Stand-ins for the two outside worlds: a Bitrix24 portal and Telegram.

Run as `python -m sandbox portal` or `python -m sandbox telegram`. Written from public documentation alone;
imports nothing of the application that is developed against it.
"""
