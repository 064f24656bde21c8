#!/usr/bin/env python3
"""Prints the samples of a .dither file that events made, one a line:
time, CPU, event, mean period, events since the last one. With --interval, when
the recording began and ended instead."""
import struct
import sys

import dither_file

SAMPLE, RATE = 1, 5

rings, ledgers, _ = dither_file.read(sys.argv[1])
interval = "--interval" in sys.argv
running = struct.unpack_from("<Q", ledgers[0], 136)[0] if ledgers else 0
for cpu, ring in sorted(rings.items()):
    for at, kind in dither_file.records(ring):
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
