"""A stand-in for a Bitrix24 portal: REST, OAuth, events, placements, automation and pages."""
