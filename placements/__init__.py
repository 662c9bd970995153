"""Our pages inside Bitrix24: tabs of CRM cards and the page in the left menu.

A door: it verifies who asks, calls one service per action and renders. It never speaks to the portal or to Telegram.
"""
