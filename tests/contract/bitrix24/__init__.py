"""The application against the portal: payloads as documented, and the stand-in portal as a stranger would meet it."""
