#!/usr/bin/env python3
"""Prints the samples of a .dither file that events made, one a line:
time, CPU, event, mean period, events since the last one. With --interval, when
the recording began and ended instead. Reads the file by docs/file-format.md
alone, as anybody's reader would."""
import struct
import sys

CHUNK, RING, LEDGER, SAMPLE, RATE = 0x4B4E4843, 2, 5, 1, 5

data = open(sys.argv[1], "rb").read()
interval = "--interval" in sys.argv
running = 0
rings = {}
at = 16
while at + 32 <= len(data):
    magic, kind, length = struct.unpack_from("<III", data, at)
    if magic != CHUNK:
        sys.exit(f"no chunk at {at}")
    if kind == RING:
        cpu = struct.unpack_from("<I", data, at + 32)[0]
        rings.setdefault(cpu, bytearray()).extend(
            data[at + 40:at + 32 + length])
    elif kind == LEDGER:
        running = struct.unpack_from("<Q", data, at + 32 + 136)[0]
    at += 32 + (length + 7) // 8 * 8
for cpu, ring in sorted(rings.items()):
    at = 0
    while at < len(ring):
        size, kind = struct.unpack_from("<HB", ring, at)
        if kind == RATE and interval:
            reason, _, begin = struct.unpack_from("<IQQ", ring, at + 4)
            if not reason:
                print(begin, begin + running)
                sys.exit()
        if kind == SAMPLE and not interval:
            time = struct.unpack_from("<Q", ring, at + 8)[0]
            counters, event = struct.unpack_from("<HB", ring, at + 44)
            if event and counters >= 2:
                mean, since = struct.unpack_from("<QQ", ring, at + 48)
                print(time, cpu, event, mean, since)
        at += size
