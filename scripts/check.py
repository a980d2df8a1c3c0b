#!/usr/bin/env python3
"""Keeps the house: see "What make check holds" in CONTRIBUTING.md. Prints what is wrong and exits with 1."""
import json
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
os.chdir(ROOT)
LONG_FILE, LONG_FUNCTION, LONG_LINE = 500, 40, 120
faults = []


def fault(place, text):
    faults.append(f"{place}: {text}")


def tracked(*suffixes):
    listing = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True).stdout
    return [f for f in listing.splitlines() if f.endswith(suffixes) and os.path.isfile(f)]


def lines_of(path):
    with open(path, encoding="utf-8") as file:
        return file.read().split("\n")


def exceptions():
    """The lines that may still break a rule: `RULE PLACE`. One that is no longer needed is a fault, so it shrinks."""
    path = "scripts/check-exceptions.txt"
    entries = [l.strip() for l in lines_of(path)] if os.path.exists(path) else []
    return {l for l in entries if l and not l.startswith("#")}


ALLOWED, USED = exceptions(), set()


def limited(rule, place, text):
    key = f"{rule} {place}"
    if key in ALLOWED:
        USED.add(key)
    else:
        fault(place, text)


# Format

def check_format():
    run = subprocess.run(
        ["swift", "format", "lint", "--strict", "--recursive", "--parallel", "Package.swift", "Sources", "Tests"],
        capture_output=True, text=True)
    for line in run.stderr.splitlines():
        if ": error:" in line or ": warning:" in line:
            faults.append(line.replace(ROOT + "/", "") + " (make fmt)")


# Walls

def table():
    """Room → what it may import, as docs/architecture.md has it."""
    rows = {}
    for line in lines_of("docs/architecture.md"):
        cells = [c.strip() for c in line.strip().strip("|").split("|")]
        if len(cells) == 3 and re.fullmatch(r"[A-Za-z]+", cells[0]) and cells[0] != "Room":
            names = re.findall(r"[A-Za-z_0-9]+", cells[1] + " " + cells[2])
            rows[cells[0]] = set(names)
    return rows


def check_walls():
    allowed = table()
    package = json.loads(subprocess.run(["swift", "package", "dump-package"], capture_output=True, text=True).stdout)
    for target in package["targets"]:
        name = target["name"]
        if target["path"].startswith(("Tests/", "Sources/Bindings/")):
            continue
        if name not in allowed:
            fault("Package.swift", f"the room {name} has no row in docs/architecture.md")
            continue
        for dependency in target["dependencies"]:
            other = (dependency.get("byName") or dependency.get("product") or dependency.get("target"))[0]
            if other not in allowed[name]:
                fault("Package.swift", f"{name} must not depend on {other}: docs/architecture.md does not allow it")
        check_imports(name, target["path"], allowed)


SYSTEM = {"Glibc", "Musl", "Synchronization", "Foundation", "FoundationEssentials", "Dispatch", "Logging",
          "SystemPackage", "Swift"}


def check_imports(name, folder, allowed):
    pattern = re.compile(r"^\s*(?:public |package |internal |fileprivate |private |@\w+ )*import (?:\w+ )?(\w+)")
    for path in (f for f in tracked(".swift") if f.startswith(folder + "/")):
        for number, line in enumerate(lines_of(path), 1):
            match = pattern.match(line)
            if match and match[1] not in allowed[name] | SYSTEM:
                fault(f"{path}:{number}", f"{name} must not import {match[1]}")
            if match and match[1] == "Foundation":
                limited("foundation", path, "Foundation costs start-up time; use FoundationEssentials or Glibc")


# Sizes

FUNCTION = re.compile(r"^\s*(?:@\w+(?:\([^)]*\))? )*(?:(?:public|package|private|fileprivate|internal|static|mutating|"
                      r"override|final|nonisolated|class|convenience|required) )*(?:func \S+|init[?(<]|subscript)")


def check_sizes():
    for path in tracked(".swift", ".c", ".h", ".cc", ".py", ".sh"):
        lines = lines_of(path)
        if len(lines) > LONG_FILE + 1:
            limited("file", path, f"{len(lines) - 1} lines; tell it in two files (at most {LONG_FILE})")
        if path.endswith(".swift"):
            check_functions(path, lines)


def check_functions(path, lines):
    for start, line in enumerate(lines):
        match = FUNCTION.match(line)
        if not match:
            continue
        indent = len(line) - len(line.lstrip())
        if line.rstrip().endswith("}"):
            continue
        end = next((i for i in range(start + 1, len(lines))
                    if lines[i].startswith(" " * indent + "}") and not lines[i].strip().startswith("} else")), start)
        opened = next((i for i in range(start, end + 1) if lines[i].rstrip().endswith("{")), start)
        if end - opened - 1 > LONG_FUNCTION:
            name = line.strip().split("(")[0].split()[-1]
            limited("function", f"{path}:{name}", f"{end - opened - 1} lines (at most {LONG_FUNCTION})")


# Words

MARKS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
FORBIDDEN = [
    (re.compile(r"\btry!"), "try! crashes on input"),
    (re.compile(r"\bfatalError\("), "fatalError crashes on input"),
    (re.compile(r"\b(class|struct|enum|actor|protocol) \w*(Helper|Utils|Util|Manager)\b"), "say what it is"),
]


def check_words():
    for path in tracked(".swift", ".c", ".h", ".cc", ".md", ".sh", "Makefile"):
        for number, line in enumerate(lines_of(path), 1):
            if MARKS.search(line) and "make check" not in line and path != "CONTRIBUTING.md":
                fault(f"{path}:{number}", "unfinished: " + line.strip()[:80])
            if path.startswith("Sources/") and path.endswith(".swift"):
                check_line(path, number, line)


def check_line(path, number, line):
    code = line.split("//")[0]
    for pattern, why in FORBIDDEN:
        if pattern.search(code):
            limited("word", f"{path}:{pattern.search(code)[0].strip()}", why)
    if "@unchecked Sendable" in code or "nonisolated(unsafe)" in code:
        before = lines_of(path)[max(0, number - 6):number]
        if not any("//" in l for l in before):
            fault(f"{path}:{number}", "unchecked concurrency needs its proof in a comment above it")


# Documentation

PUBLIC = re.compile(r"^\s*public (?:static |final |mutating |indirect |nonisolated )*"
                    r"(func|struct|class|enum|actor|protocol|typealias) (\w+)")
PROTOCOL_FUNCTION = re.compile(r"^\s*(?:mutating )?func (\w+)")
STANDARD = {"hash", "encode", "makeAsyncIterator", "next", "run", "validate"}


def check_documentation():
    """Types and functions say what they are; a function that a protocol declares is documented there."""
    swift = [f for f in tracked(".swift") if f.startswith("Sources/") and not f.startswith("Sources/helmctl")]
    witnesses = set(STANDARD)
    for path in swift:
        inside = False
        for line in lines_of(path):
            if re.match(r"^\s*(public |package )?protocol ", line):
                inside = True
            elif line.startswith("}"):
                inside = False
            elif inside and PROTOCOL_FUNCTION.match(line):
                witnesses.add(PROTOCOL_FUNCTION.match(line)[1])
    for path in swift:
        lines = lines_of(path)
        for number, line in enumerate(lines):
            match = PUBLIC.match(line)
            if not match or match[2] in witnesses or re.search(r"func (==|<|\+|-)", line):
                continue
            above = number - 1
            while above >= 0 and lines[above].strip().startswith("@"):
                above -= 1
            if not lines[above].strip().startswith("///"):
                limited("doc", f"{path}:{match[2]}", "public, but no comment says what it is")


# Docs that name what is gone

def check_links():
    pattern = re.compile(r"`((?:Sources|Tests|scripts|docs|charts|Benchmarks)/[\w./+-]+)`|\]\((?!http)([\w./-]+)\)")
    for path in tracked(".md"):
        for number, line in enumerate(lines_of(path), 1):
            for match in pattern.finditer(line):
                name = (match[1] or match[2]).rstrip("/.")
                base = "" if match[1] else os.path.dirname(path)
                if not os.path.exists(os.path.join(base, name)):
                    fault(f"{path}:{number}", f"names {name}, which is not there")


# Dead code

# SwiftNIO calls these by its protocols.
CALLED_BY_OTHERS = {"buildUpgradeResponse", "channelWritabilityChanged", "userInboundEventTriggered", "channelReadComplete",
                    "handlerAdded", "handlerRemoved", "InboundOut", "OutboundIn"}


def check_dead():
    sources = {f: "\n".join(lines_of(f)) for f in tracked(".swift") if f.startswith(("Sources/", "Tests/"))}
    words = {}
    for text in sources.values():
        for word in re.findall(r"\w+", text):
            words[word] = words.get(word, 0) + 1
    pattern = re.compile(r"^\s*(?!.*override)(?:public |package |private |fileprivate |internal |static |mutating |"
                         r"final )*(?:func|struct|class|enum|actor|protocol|typealias) (\w+)", re.M)
    for path, text in sources.items():
        if path.startswith("Tests/"):
            continue
        for match in pattern.finditer(text):
            name = match[1]
            before = text[:match.start(1)].rsplit("\n", 2)
            if words.get(name, 0) < 2 and name not in CALLED_BY_OTHERS and "@main" not in before[-2]:
                limited("dead", f"{path}:{name}", "nobody uses it")


def main():
    for check in (check_format, check_walls, check_sizes, check_words, check_documentation, check_links, check_dead):
        check()
    for key in sorted(ALLOWED - USED):
        fault("scripts/check-exceptions.txt", f"no longer needed, take it out: {key}")
    for line in sorted(set(faults)):
        print(line)
    print(f"check: {len(set(faults))} faults, {len(ALLOWED)} exceptions")
    return 1 if faults else 0


sys.exit(main())
