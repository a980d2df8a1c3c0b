#!/usr/bin/env python3
"""hostile-client.py PORT CA CERTIFICATE PID: what a server must stand, sent to the API server of a test.

Malformed bytes, TLS, HTTP and JSON, nesting 100,000 deep, bodies of 10 MB, half-open connections and readers that do
not read. What can be answered is answered with a Status; the server goes on, and its memory stays bounded. Prints a
line a fault and `N checks, N faults` last.
"""
import json
import socket
import ssl
import sys
import time

PORT, CA, CERTIFICATE, PID = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
MAPS = "/api/v1/namespaces/default/configmaps"
faults, checks = [], 0


def check(what, holds, told=""):
    global checks
    checks += 1
    if not holds:
        faults.append(f"{what}: {told!s:.300}")


def plain(timeout=10):
    return socket.create_connection(("127.0.0.1", PORT), timeout=timeout)


def secure(timeout=20):
    context = ssl.create_default_context(cafile=CA)
    context.check_hostname = False
    context.load_cert_chain(CERTIFICATE)
    return context.wrap_socket(plain(timeout))


def received(connection, limit=1 << 20):
    data = b""
    try:
        while len(data) < limit:
            piece = connection.recv(65536)
            if not piece:
                break
            data += piece
    except OSError:
        pass
    return data


def request(method, path, body=b"", content_type="application/json", more=""):
    head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {content_type}\r\nConnection: close\r\n{more}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def answer(data):
    connection = secure()
    try:
        connection.sendall(data)
    except OSError:
        pass  # the server may answer and close before it has read everything
    raw = received(connection)
    connection.close()
    head, _, body = raw.partition(b"\r\n\r\n")
    code = int(head.split(b" ")[1]) if head.startswith(b"HTTP/1.1 ") else 0
    try:
        return code, json.loads(body)
    except ValueError:
        return code, body


def memory():
    with open(f"/proc/{PID}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) // 1024


def well(after):
    code, body = answer(request("GET", "/readyz"))
    check(f"the server is well after {after}", code == 200 and body == b"ok", (code, body))


def refused(what, data, *codes):
    started = time.monotonic()
    code, body = answer(data)
    check(f"{what} is refused", code in codes, (code, body))
    check(f"{what} is told by a Status", isinstance(body, dict) and body.get("kind") == "Status", body)
    check(f"{what} is told soon", time.monotonic() - started < 15, time.monotonic() - started)


def no_http():
    for data in (b"\x00" * 512, b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\xff\xff" + b"\xff" * 4096):
        connection = plain()
        connection.sendall(data)
        received(connection)
        connection.close()
    well("bytes that are no TLS")
    for data in (b"\xff" * 100000, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
                 b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"GET /" + b"a" * 1000000 + b" HTTP/1.1\r\n\r\n"):
        connection = secure()
        try:
            connection.sendall(data)
            connection.settimeout(3)
            received(connection)
        except OSError:
            pass
        connection.close()
    well("bytes that are no HTTP")


def bodies():
    metadata = b'{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},"data":'
    for what, body in (("cut JSON", metadata), ("no JSON", b"\xff\xfe{"), ("a list", b"[]"), ("a number", b"1e999999"),
                       ("text for an object", metadata + b'"x"}')):
        refused(what, request("POST", MAPS, body), 400)
    deep = b"[" * 100000 + b"]" * 100000
    refused("100,000 lists", request("POST", MAPS, deep), 400)
    refused("100,000 lists in an object", request("POST", MAPS, metadata + deep + b"}"), 400)
    refused("100,000 objects", request("POST", MAPS, metadata + b'{"a":' * 100000 + b"1" + b"}" * 100000 + b"}"), 400)
    refused("100,000 lists in YAML", request("POST", MAPS, deep, "application/yaml"), 400)
    patch = b'{"data":' + b'{"a":' * 100000 + b"1" + b"}" * 100001
    refused("a deep patch", request("PATCH", MAPS + "/kube-root-ca.crt", patch, "application/merge-patch+json"), 400, 404, 422)
    refused("10 MB", request("POST", MAPS, metadata + b'{"k":"' + b"x" * 10_000_000 + b'"}}'), 413)
    refused("an unknown media type", request("POST", MAPS, b"x", "application/x-none"), 415)
    refused("cut protobuf", request("POST", MAPS, b"k8s\x00\x0a\xff\xff\xff", "application/vnd.kubernetes.protobuf"), 400)
    refused("a hostile selector", request("GET", MAPS + "?labelSelector=" + "(" * 2000), 400)
    well("bad bodies")


def sent_ahead():
    """Thousands of requests before the first answer: each is answered in its turn, and what is no request ends it."""
    def head(method, path, body=b""):
        lines = f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        return f"{lines}\r\n".encode() + body
    data, wanted = b"", []
    for index in range(4000):
        if index % 1000 == 0:
            data += head("POST", MAPS, json.dumps({"metadata": {"name": f"ahead-{index}"}}).encode())
            wanted.append(201)
        else:
            data += head("GET", MAPS + ("/ahead-0" if index % 2 else "/none"))
            wanted.append(200 if index % 2 else 404)
    connection = secure()
    connection.sendall(data + b"\xff\xff\r\n\r\n")
    raw, codes = received(connection, 16 << 20), []
    connection.close()
    while raw:
        top, _, raw = raw.partition(b"\r\n\r\n")
        codes.append(int(top.split(b" ")[1]))
        length = [int(line[15:]) for line in top.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        raw = raw[length[0]:] if length else b""
    check("requests sent ahead are answered in their order", codes == wanted + [400], (len(codes), codes[:5], codes[-5:]))
    well("requests sent ahead")


def half_open():
    """Requests whose bodies never come, and connections that never ask."""
    waiting = []
    for index in range(100):
        connection = secure() if index % 2 else plain()
        if index % 2:
            connection.sendall(request("POST", MAPS, b"x" * 1000)[:-500])
        waiting.append(connection)
    well("a hundred half-open connections")
    for connection in waiting:
        connection.close()


def slow_readers():
    """Clients that ask for much and read nothing."""
    for index in range(20):
        body = json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"big-{index}"}, "data": {"k": "x" * 500_000}})
        code, told = answer(request("POST", MAPS, body.encode()))
        check("a big object is stored", code == 201, (code, told))
    before = memory()
    sleepers = []
    for index in range(30):
        connection = secure()
        query = "?watch=1&resourceVersion=0" if index % 2 else ""
        connection.sendall(f"GET {MAPS}{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        sleepers.append(connection)
    for round in range(20):
        body = json.dumps({"data": {"k": str(round) * 500_000}})
        code, told = answer(request("PATCH", MAPS + "/big-0", body.encode(), "application/merge-patch+json"))
        check("a write goes on beside slow readers", code == 200, (code, told))
    well("slow readers")
    grown = memory() - before
    check("slow readers cost bounded memory", grown < 700, f"{grown} MB")
    for connection in sleepers:
        connection.close()


for part in (no_http, bodies, sent_ahead, half_open, slow_readers):
    try:
        part()
    except Exception as failure:
        faults.append(f"{part.__name__}: {type(failure).__name__} {failure}")
print("\n".join(faults))
print(f"{checks} checks, {len(faults)} faults")
sys.exit(1 if faults else 0)
