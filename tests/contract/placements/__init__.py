"""The pages inside Bitrix24 against launches as the portal posts them."""
