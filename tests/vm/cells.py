#!/usr/bin/env python3
"""cells.py FILE PID: what became of a process's time in a .dither file, as one
line: its samples, the cells of the base period that they stand for, the bytes
of all rings, the sum of what DROPPED records count, and that of the ledgers."""
import struct
import sys

import dither_file

SAMPLE, DROPPED, FLOOD = 1, 13, 5

rings, ledgers, ring_bytes = dither_file.read(sys.argv[1])
process = int(sys.argv[2])
samples = cells = dropped = 0
for ring in rings.values():
    for at, kind in dither_file.records(ring):
        if kind == SAMPLE:
            tgid = struct.unpack_from("<I", ring, at + 24)[0]
            event, shift = struct.unpack_from("<BB", ring, at + 46)
            if tgid == process and not event:
                samples += 1
                cells += 1 << shift
        if kind == DROPPED:
            dropped += sum(struct.unpack_from("<4I", ring, at + 32))
counted = sum(struct.unpack_from("<Q", ledger, 56 + 8 * FLOOD)[0]
              for ledger in ledgers)
print(samples, cells, ring_bytes, dropped, counted)
