"""Documents are cleaned in a process of their own, and one that costs without end is ended without harm to anybody."""

from __future__ import annotations

import io
import signal
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject

from sandbox.visitors import until
from telegram_bridge.cleaning import NotCleanable, apart, clean


def document(drawn: bytes, **properties: str) -> bytes:
    """Give a PDF of one page that draws this."""
    writer = PdfWriter()
    stream = StreamObject()
    stream.set_data(drawn)
    page = writer.add_blank_page(100, 100)
    page[NameObject("/Contents")] = stream.flate_encode()
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    fonts = DictionaryObject({NameObject("/F1"): _names(font)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    writer.add_metadata({f"/{name}": value for name, value in properties.items()})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _names(of: dict[str, str]) -> DictionaryObject:
    return DictionaryObject({NameObject(key): NameObject(value) for key, value in of.items()})


def test_a_document_comes_back_from_the_process_cleaned() -> None:
    """What goes in with its author comes out without, byte for byte a document."""
    cleaned = clean(document(b"0 0 m 9 9 l S", Author="Zubaba"), "application/pdf")
    assert (b"Zubaba" in cleaned, len(PdfReader(io.BytesIO(cleaned)).pages)) == (False, 1)


def test_the_process_says_why_a_document_stays() -> None:
    """The reason found in the process is the reason that the manager reads."""
    with pytest.raises(NotCleanable) as refused:
        clean(document(b"/Span <</ActualText (+998 90 123 45 67)>> BDC EMC"), "application/pdf")
    assert refused.value.reason == "contacts"


def processes() -> list[psutil.Process]:
    """Give the processes in which this one lets documents be cleaned."""
    return [one for one in psutil.Process().children() if "telegram_bridge.cleaning" in one.cmdline()]


def test_a_worker_that_is_told_to_end_still_gets_its_document() -> None:
    """The signal that ends a worker reaches its processes too, and none of them takes it for the document's fault."""
    with ThreadPoolExecutor(1) as other:
        cleaning = other.submit(apart.clean, document(b"0 0 m 9 9 l S"), ())
        [process] = until("the process", processes)
        for ending in (signal.SIGTERM, signal.SIGINT):
            process.send_signal(ending)
        assert cleaning.result().startswith(b"%PDF")


def test_a_document_that_draws_without_end_is_for_the_manager() -> None:
    """A few kilobytes that take minutes to read end the process that reads them, not the worker."""
    endless = document(b"BT /F1 9 Tf\n" + b"() Tj\n" * 3_000_000 + b"ET")
    assert len(endless) < 50_000
    with pytest.raises(NotCleanable) as refused:
        apart.clean(endless, (), cpu_seconds=2)
    assert refused.value.reason == "too_long"
