"""The marketplace application: rules, use cases and the edges towards Bitrix24."""
