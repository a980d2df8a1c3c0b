#!/usr/bin/env python3
"""api-diff.py [HELMCTL]: compares the kinds that a fresh cluster declares with upstream's OpenAPI documents.

Field names, types, formats, defaults, required fields, list types, map keys, patch strategies and merge keys have to
agree; descriptions are each server's own words. Prints `N kinds, 0 missing, 0 different`, or what is not so, and then
exits with 1. Needs the recorded documents of ../shared (HELMCTL_SHARED).
"""
import json
import os
import ssl
import subprocess
import sys
import tempfile
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
SHARED = os.environ.get("HELMCTL_SHARED", os.path.join(HERE, "..", "..", "shared"))
GOLDEN = os.path.join(SHARED, "kube", "golden", "openapi")
TOKEN = "api-diff"


def recorded():
    """The recorded documents by path."""
    for name in sorted(os.listdir(GOLDEN)):
        with open(os.path.join(GOLDEN, name)) as file:
            record = json.load(file)
        path = record.get("request", {}).get("path", "").split("?")[0]
        body = record.get("response", {}).get("body")
        if isinstance(body, dict) and path:
            yield path, schemas(body)


def schemas(document):
    return document.get("definitions") or document.get("components", {}).get("schemas") or {}


def differences(golden, ours, place):
    """What differs below a schema, as (place, golden, ours)."""
    if not isinstance(golden, dict) or not isinstance(ours, dict):
        if golden != ours:
            yield place, golden, ours
        return
    for key in sorted(set(golden) | set(ours)):
        # A property may be called description; the description of a schema is a text.
        if key == "description" and not isinstance(golden.get(key, ours.get(key)), dict):
            continue
        where = f"{place}.{key}"
        if key not in ours:
            yield where, golden[key], None
        elif key not in golden:
            yield where, None, ours[key]
        else:
            yield from differences(golden[key], ours[key], where)


class Cluster:
    """A cluster of the script's own, gone when it is done."""

    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder

    def __enter__(self):
        tokens = os.path.join(self.folder, "tokens.csv")
        with open(tokens, "w") as file:
            file.write(f'{TOKEN},diff,diff,"system:masters"\n')
        os.chmod(tokens, 0o600)
        self.run("up", "--no-node", "--listen", "127.0.0.1:0", "--token-auth-file", tokens)
        with open(os.path.join(self.folder, "data", "server")) as file:
            self.url = file.read().strip()
        return self

    def __exit__(self, *_):
        self.run("down")

    def run(self, *arguments):
        command = [self.binary, "cluster", *arguments, "--data-dir", os.path.join(self.folder, "data")]
        subprocess.run(command, check=True, timeout=120, stdout=subprocess.DEVNULL)

    def get(self, path):
        # The cluster is on this machine and of this script's own making, so that its certificate tells nothing.
        context = ssl._create_unverified_context()
        request = urllib.request.Request(self.url + path, headers={"Authorization": "Bearer " + TOKEN})
        with urllib.request.urlopen(request, timeout=60, context=context) as answer:
            return json.load(answer)


def main():
    binary = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "..", "bin", "helmctl")
    if not os.path.isdir(GOLDEN):
        print(f"api-diff: skipped, for there are no recorded documents in {GOLDEN}")
        return 0
    kinds, missing, different = set(), set(), {}
    with tempfile.TemporaryDirectory() as folder, Cluster(os.path.abspath(binary), folder) as cluster:
        served = ["/openapi/v3/" + path for path in cluster.get("/openapi/v3")["paths"]] + ["/openapi/v2"]
        for path, golden in recorded():
            kinds |= set(golden)
            if path not in served:
                missing |= set(golden)
                continue
            ours = schemas(cluster.get(path))
            for name in sorted(set(golden) | set(ours)):
                if name not in ours:
                    missing.add(name)
                for found in differences(golden.get(name, {}), ours.get(name, {}), name):
                    different.setdefault(name, []).append((path, *found))
    for name in sorted(missing):
        print(f"missing: {name}")
    for name, found in sorted(different.items()):
        path, place, golden, ours = found[0]
        print(f"different: {place} in {path}: upstream {json.dumps(golden)[:160]}, ours {json.dumps(ours)[:160]}")
    print(f"{len(kinds)} kinds, {len(missing)} missing, {len(set(different) - missing)} different")
    return 1 if missing or different else 0


sys.exit(main())
