#!/usr/bin/env python3
"""cells.py FILE PID: what became of a process's time in a .dither file, as one
line: its samples, the cells of the base period that they stand for, the bytes
of all rings, the sum of what DROPPED records count, and that of the ledgers.
Reads the file by docs/file-format.md alone, as anybody's reader would."""
import struct
import sys

CHUNK, RING, LEDGER, SAMPLE, DROPPED, FLOOD = 0x4B4E4843, 2, 5, 1, 13, 5

data = open(sys.argv[1], "rb").read()
process = int(sys.argv[2])
rings = {}
samples = cells = bytes_written = dropped = counted = 0
at = 16
while at + 32 <= len(data):
    magic, kind, length = struct.unpack_from("<III", data, at)
    if magic != CHUNK:
        sys.exit(f"no chunk at {at}")
    if kind == RING:
        cpu = struct.unpack_from("<I", data, at + 32)[0]
        rings.setdefault(cpu, bytearray()).extend(
            data[at + 40:at + 32 + length])
        bytes_written += length
    elif kind == LEDGER:
        ledger = at + 32
        while ledger < at + 32 + length:
            counted += struct.unpack_from("<Q", data, ledger + 56 + 8 * FLOOD)[0]
            ledger += struct.unpack_from("<I", data, ledger)[0]
    at += 32 + (length + 7) // 8 * 8
for ring in rings.values():
    at = 0
    while at < len(ring):
        size, kind = struct.unpack_from("<HB", ring, at)
        if kind == SAMPLE:
            tgid = struct.unpack_from("<I", ring, at + 24)[0]
            event, shift = struct.unpack_from("<BB", ring, at + 46)
            if tgid == process and not event:
                samples += 1
                cells += 1 << shift
        if kind == DROPPED:
            dropped += sum(struct.unpack_from("<4I", ring, at + 32))
        at += size
print(samples, cells, bytes_written, dropped, counted)
