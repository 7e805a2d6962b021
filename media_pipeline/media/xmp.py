"""XMP in pictures and films, put in beside what is there: no picture is coded again. Pure functions over paths.

PNG: an iTXt chunk before the first IDAT. JPEG: an APP1 segment after SOI. MP4: a `uuid` box at the end, which moves no
other box (XMP specification, part 3).
"""

from __future__ import annotations

import shutil
import struct
import zlib
from html import escape
from pathlib import Path

from .errors import BrokenMedia, MediaError

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
KEYWORD = b"XML:com.adobe.xmp"
JPEG_HEADER = b"http://ns.adobe.com/xap/1.0/\x00"
MP4_UUID = bytes.fromhex("BE7ACFCB97A942E89C71999491E3AFAC")
LARGEST_SEGMENT = 65_533


def packet(*, source_type: str, tool: str, title: str = "") -> bytes:
    """An XMP packet that names the IPTC digital source type (an address) and the tool that made the file."""
    named = f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>'
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        f' Iptc4xmpExt:DigitalSourceType="{escape(source_type)}" xmp:CreatorTool="{escape(tool)}">'
        f"{named if title else ''}"
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    ).encode()


def embed(path: Path, out: Path, data: bytes) -> bool:
    """Write `path` with the XMP packet to `out`; False, and no file, for a kind that takes none."""
    with path.open("rb") as file:
        head = file.read(12)
    if head.startswith(PNG):
        _into_png(path, out, data)
    elif head.startswith(JPEG):
        _into_jpeg(path, out, data)
    elif head[4:8] == b"ftyp":
        shutil.copyfile(path, out)
        with out.open("ab") as file:
            file.write(struct.pack(">I", 24 + len(data)) + b"uuid" + MP4_UUID + data)
    else:
        return False
    return True


def found_in(path: Path) -> bytes:
    """The first XMP packet in a file, wherever it lies; empty where there is none."""
    content = path.read_bytes()
    first = content.find(b"<x:xmpmeta")
    last = content.find(b"</x:xmpmeta>", first)
    return content[first : last + 12] if 0 <= first < last else b""


def _into_png(path: Path, out: Path, data: bytes) -> None:
    chunk = b"iTXt" + KEYWORD + b"\x00\x00\x00\x00\x00" + data
    with path.open("rb") as source, out.open("wb") as copy:
        copy.write(source.read(33))  # the signature and IHDR, which is always first and 25 bytes long
        copy.write(struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)))
        shutil.copyfileobj(source, copy)


def _into_jpeg(path: Path, out: Path, data: bytes) -> None:
    segment = JPEG_HEADER + data
    if len(segment) > LARGEST_SEGMENT:
        raise MediaError("The XMP packet is too long for a JPEG.")
    with path.open("rb") as source, out.open("wb") as copy:
        copy.write(source.read(2))
        marker = source.read(2)
        if marker == b"\xff\xe0":  # JFIF's own segment comes first
            length = source.read(2)
            copy.write(marker + length + source.read(struct.unpack(">H", length)[0] - 2))
            marker = source.read(2)
        if len(marker) < 2:
            raise BrokenMedia("The JPEG ends before its picture.")
        copy.write(b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + marker)
        shutil.copyfileobj(source, copy)
