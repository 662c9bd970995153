"""Everything about the Bitrix24 portal: calling it, being called by it, being installed on it. A stranger to Telegram."""
