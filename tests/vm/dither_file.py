"""Reads a .dither file by docs/file-format.md alone, as any reader could."""
import struct
import sys

CHUNK, RING, LEDGER = 0x4B4E4843, 2, 5


def read(path):
    """The records of each CPU as bytes, the last ledger of each CPU as bytes,
    and the bytes of all RING payloads."""
    data = open(path, "rb").read()
    rings, ledgers, ring_bytes = {}, [], 0
    at = 16
    while at + 32 <= len(data):
        magic, kind, length = struct.unpack_from("<III", data, at)
        if magic != CHUNK:
            sys.exit(f"no chunk at {at}")
        payload = data[at + 32:at + 32 + length]
        if kind == RING:
            cpu = struct.unpack_from("<I", payload)[0]
            rings.setdefault(cpu, bytearray()).extend(payload[8:])
            ring_bytes += length
        elif kind == LEDGER:
            ledgers = []
            while payload:
                size = struct.unpack_from("<I", payload)[0]
                ledgers.append(payload[:size])
                payload = payload[size:]
        at += 32 + (length + 7) // 8 * 8
    return rings, ledgers, ring_bytes


def records(ring):
    """Where each record begins, and its type."""
    at = 0
    while at < len(ring):
        size, kind = struct.unpack_from("<HB", ring, at)
        yield at, kind
        at += size
