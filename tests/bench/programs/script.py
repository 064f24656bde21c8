# SPDX-License-Identifier: GPL-2.0
# Calls, classes, exceptions, json, regular expressions. Usage: script.py ROUNDS
import json
import re
import sys


class Node:
    def __init__(self, depth, name):
        self.name = name
        self.children = [Node(depth - 1, f"{name}.{i}") for i in range(3)] if depth else []

    def walk(self):
        yield self.name
        for child in self.children:
            yield from child.walk()


def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


def descend(n):
    try:
        if not n:
            raise KeyError(n)
        return descend(n - 1)
    except KeyError:
        if n < 10:
            raise
        return n


for round in range(int(sys.argv[1])):
    fibonacci(12)
    descend(12)
    names = sorted(Node(4, str(round)).walk(), key=lambda name: name[::-1])
    text = json.dumps({name: len(name) for name in names}, indent=1)
    print(len(re.findall(r"(\d+)\.1\.\d", text)), len(json.loads(text)))
