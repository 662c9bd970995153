"""REST 3.0, `/rest/api/…`: a small part of it, in its own form of requests, answers and errors."""
