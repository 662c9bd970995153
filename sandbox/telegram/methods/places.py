"""Locations, venues, contacts and dice."""

from __future__ import annotations

import hashlib
from typing import Any

from sandbox.telegram.access import Access
from sandbox.telegram.call import Call, method
from sandbox.telegram.errors import bad_request
from sandbox.telegram.outgoing import SENT_ONLY_NOTED, answer, send
from sandbox.telegram.params import whole

Json = dict[str, Any]
_DICE = {"🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "🎰": 64}


def location_of(source: Json) -> Json:
    """``Location`` out of parameters; refuses places that are not on Earth."""
    latitude, longitude = float(source["latitude"]), float(source["longitude"])
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise bad_request("location must be non-empty")
    place: Json = {"latitude": latitude, "longitude": longitude}
    for name in ("horizontal_accuracy", "live_period", "heading", "proximity_alert_radius"):
        if source.get(name):
            place[name] = float(source[name]) if name == "horizontal_accuracy" else whole(source[name])
    period = place.get("live_period", 0)
    if period and period != 0x7FFFFFFF and not 60 <= period <= 86400:
        raise bad_request("wrong live location period specified")
    return place


def located(source: Json) -> Json:
    """``Location`` inside of a structure, whose numbers nobody has looked at yet."""
    try:
        return location_of(source)
    except (KeyError, TypeError, ValueError):
        raise bad_request("location must be non-empty") from None


def venue_of(source: Json) -> Json:
    """``Venue`` out of parameters."""
    venue: Json = {"location": location_of(source), "title": str(source.get("title", ""))}
    venue["address"] = str(source.get("address", ""))
    for name in ("foursquare_id", "foursquare_type", "google_place_id", "google_place_type"):
        if source.get(name):
            venue[name] = source[name]
    return venue


@method("sendLocation", ignored=SENT_ONLY_NOTED)
def send_location(call: Call) -> Json:
    """A point, live when ``live_period`` is given."""
    place = location_of(call.params)
    chat = call.chat(Access.WRITE)
    return answer(call, chat, send(call, chat, {"location": place}))


@method("sendVenue", ignored=SENT_ONLY_NOTED)
def send_venue(call: Call) -> Json:
    """A named place."""
    venue = venue_of(call.params)
    chat = call.chat(Access.WRITE)
    return answer(call, chat, send(call, chat, {"venue": venue, "location": venue["location"]}))


@method("sendContact", ignored=SENT_ONLY_NOTED)
def send_contact(call: Call) -> Json:
    """A phone number with a name."""
    contact = {"phone_number": call.get("phone_number"), "first_name": call.get("first_name")}
    for name in ("last_name", "vcard"):
        if call.get(name):
            contact[name] = call.get(name)
    chat = call.chat(Access.WRITE)
    return answer(call, chat, send(call, chat, {"contact": contact}))


@method("sendDice", ignored=SENT_ONLY_NOTED, gaps="the value comes from the seed")
def send_dice(call: Call) -> Json:
    """A random emoji."""
    emoji = call.get("emoji", "🎲").replace("\ufe0f", "")
    if emoji not in _DICE:
        raise bad_request("EMOTICON_INVALID")
    chat = call.chat(Access.WRITE)
    drawn = hashlib.sha256(call.world.secret("dice").encode()).digest()[0]
    return answer(call, chat, send(call, chat, {"dice": {"emoji": emoji, "value": 1 + drawn % _DICE[emoji]}}))
