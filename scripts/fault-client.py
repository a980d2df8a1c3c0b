#!/usr/bin/env python3
"""fault-client.py kill|churn SECONDS HELMCTL DATA CA CERTIFICATE PORT [FLAG...]: what a server must survive under load.

kill: writers and watchers at work while the server is killed (SIGKILL) again and again and started anew by `cluster up`.
Whatever was acknowledged is there afterwards, and watchers that resume where they were know the same as a list.
churn: pods made, changed and deleted under many watchers; the memory does not grow beyond the kept history, and no
watcher that reads loses an event. Sizes: PODS and WATCHERS of the environment.
Prints `N writes, N rounds, N faults` last, a line a fault before it."""
import http.client
import json
import os
import selectors
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time

MODE, SECONDS, HELMCTL, DATA, CA, CERTIFICATE, PORT = sys.argv[1], float(sys.argv[2]), *sys.argv[3:8]
FLAGS = sys.argv[8:]
MAPS = "/api/v1/namespaces/default/configmaps"
PODS = "/api/v1/namespaces/default/pods"
faults = []
CONTEXT = ssl.create_default_context(cafile=CA)
CONTEXT.check_hostname = False
CONTEXT.load_cert_chain(CERTIFICATE)


def connect(timeout=10):
    return http.client.HTTPSConnection("127.0.0.1", int(PORT), context=CONTEXT, timeout=timeout)


def call(connection, method, path, body=None):
    connection.request(method, path, json.dumps(body) if body is not None else None,
                       {"Content-Type": "application/json"})
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


def process():
    return int(open(f"{DATA}/helmctl.pid").read())


class Writer(threading.Thread):
    """Makes, changes and deletes its own objects, one after the other, and remembers what was acknowledged."""

    def __init__(self, number, end):
        super().__init__(daemon=True)
        self.number, self.end, self.known, self.count, self.unsure = number, end, {}, 0, set()

    def run(self):
        connection, step = None, 0
        while time.monotonic() < self.end:
            name = f"w{self.number}-{step % 40}"
            try:
                connection = connection or connect()
                self.step(connection, name, step)
                step += 1
            except (OSError, http.client.HTTPException, ValueError):
                # Nobody knows what became of a write without an answer.
                self.unsure.add(name)
                connection = None
                step += 1
                time.sleep(0.02)

    def step(self, connection, name, step):
        body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"step": str(step)}}
        if name in self.unsure:
            code, found = call(connection, "GET", f"{MAPS}/{name}")
            self.known[name] = found["data"]["step"] if code == 200 else None
            self.unsure.discard(name)
        standing = self.known.get(name)
        if standing is None:
            code, answer = call(connection, "POST", MAPS, body)
        elif step % 3 == 2:
            code, answer = call(connection, "DELETE", f"{MAPS}/{name}")
        else:
            code, answer = call(connection, "PUT", f"{MAPS}/{name}", body)
        if code >= 300:
            if answer.get("kind") != "Status" or code < 500:
                faults.append(f"{name}: {code} {answer.get('message')}")
            self.unsure.add(name)
            return
        self.known[name] = None if standing is not None and step % 3 == 2 else str(step)
        self.count += 1


class Watcher(threading.Thread):
    """Follows the collection over every death of the server, as an informer does."""

    def __init__(self):
        super().__init__(daemon=True)
        self.known, self.version, self.isOver, self.resumed, self.listed = {}, "", False, 0, 0

    def run(self):
        while not self.isOver:
            try:
                if not self.version:
                    code, found = call(connect(), "GET", MAPS)
                    self.known = {o["metadata"]["name"]: o["metadata"]["resourceVersion"] for o in found["items"]}
                    self.version = found["metadata"]["resourceVersion"]
                    self.listed += 1
                connection = connect(timeout=3)
                connection.request("GET", f"{MAPS}?watch=1&allowWatchBookmarks=true&resourceVersion={self.version}")
                self.follow(connection.getresponse())
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(0.02)

    def follow(self, answer):
        self.resumed += 1
        for line in answer:
            event = json.loads(line)
            item = event["object"]
            if event["type"] == "ERROR":
                if item.get("code") != 410:
                    faults.append(f"watch: {item}")
                self.version = ""
                return
            version, name = item["metadata"]["resourceVersion"], item["metadata"].get("name")
            if int(version) < int(self.version):
                faults.append(f"watch: {name} at {version} after {self.version}")
            self.version = version
            if event["type"] == "DELETED":
                self.known.pop(name, None)
            elif event["type"] != "BOOKMARK":
                self.known[name] = version


def is_alive(pid):
    try:
        return open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        # It may go between any two looks at it.
        return False


def kill_loop():
    end = time.monotonic() + SECONDS
    writers, watchers = [Writer(number, end) for number in range(6)], [Watcher() for _ in range(3)]
    for thread in writers + watchers:
        thread.start()
    rounds = 0
    while time.monotonic() < end - 0.5:
        time.sleep(0.15 + 0.11 * (rounds % 5))
        pid = process()
        os.kill(pid, signal.SIGKILL)
        while is_alive(pid):
            time.sleep(0.005)
        up = subprocess.run([HELMCTL, "cluster", "up", "--data-dir", DATA, "--listen", f"127.0.0.1:{PORT}", *FLAGS],
                            capture_output=True, text=True)
        if up.returncode:
            faults.append(f"start after a kill: {up.stderr}")
            break
        rounds += 1
    for writer in writers:
        writer.join()
    if faults:
        return sum(writer.count for writer in writers), rounds
    code, found = call(connect(), "GET", MAPS)
    standing = {o["metadata"]["name"]: o for o in found["items"]}
    for writer in writers:
        for name, step in writer.known.items():
            there = standing.get(name, {}).get("data", {}).get("step")
            if name not in writer.unsure and there != step:
                faults.append(f"{name}: acknowledged {step}, found {there}")
    wanted = {name: o["metadata"]["resourceVersion"] for name, o in standing.items()}
    deadline = time.monotonic() + 10
    while any(w.known != wanted for w in watchers) and time.monotonic() < deadline:
        time.sleep(0.05)
    for watcher in watchers:
        watcher.isOver = True
        if watcher.known != wanted:
            faults.append(f"a watcher knows {len(watcher.known)} objects, there are {len(wanted)}")
    print(f"watches: {sum(w.resumed for w in watchers)} begun, {sum(w.listed for w in watchers)} lists")
    return sum(writer.count for writer in writers), rounds


def memory():
    for line in open(f"/proc/{process()}/status"):
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024


def pod(name, step):
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": {"step": str(step)}},
            "spec": {"schedulerName": "nobody", "containers": [{"name": "c", "image": "registry.local/app:1"}]}}


class Readers(threading.Thread):
    """Many watches, read without looking at what they say, but for the first, which is counted."""

    def __init__(self, count, version):
        super().__init__(daemon=True)
        self.sockets, self.selector, self.isOver, self.bytes = [], selectors.DefaultSelector(), False, 0
        for _ in range(count):
            wire = CONTEXT.wrap_socket(socket.create_connection(("127.0.0.1", int(PORT))))
            wire.sendall(f"GET {PODS}?watch=1&resourceVersion={version} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            wire.setblocking(False)
            self.selector.register(wire, selectors.EVENT_READ)
            self.sockets.append(wire)

    def run(self):
        while not self.isOver:
            for key, _ in self.selector.select(0.2):
                try:
                    while piece := key.fileobj.recv(1 << 18):
                        self.bytes += len(piece)
                    faults.append("a watch that was read ended")
                    self.selector.unregister(key.fileobj)
                except (ssl.SSLWantReadError, BlockingIOError):
                    pass


def churn():
    count, watchers = int(os.environ.get("PODS", "300")), int(os.environ.get("WATCHERS", "20"))
    connection, writes, step = connect(), 0, 0
    for number in range(count):
        call(connection, "POST", PODS, pod(f"p{number}", 0))
    version = call(connection, "GET", f"{PODS}?limit=1")[1]["metadata"]["resourceVersion"]
    readers = Readers(watchers, version)
    readers.start()
    begun, samples = time.monotonic(), []
    while time.monotonic() - begun < SECONDS:
        step += 1
        for number in range(0, count, 7):
            name = f"p{(number + step) % count}"
            changed = call(connection, "DELETE", f"{PODS}/{name}?gracePeriodSeconds=0")[0], call(
                connection, "POST", PODS, pod(name, step))[0]
            if changed != (200, 201):
                faults.append(f"{name}: {changed}")
            writes += 2
        samples.append((time.monotonic() - begun, memory()))
    readers.isOver = True
    readers.join()
    # The kept history fills in the first half; after that nothing may grow but by what the allocator rounds up.
    half = [megabytes for when, megabytes in samples if when > SECONDS / 2]
    print(f"memory: {samples[0][1]:.0f} MB at first, {half[0]:.0f} MB at half time, {half[-1]:.0f} MB at the end")
    allowed = float(os.environ.get("ALLOWED_MB", "24"))
    if half[-1] - half[0] > allowed:
        faults.append(f"the memory grew by {half[-1] - half[0]:.0f} MB in the second half")
    return writes, step


written, rounds = kill_loop() if MODE == "kill" else churn()
for one in faults[:20]:
    print(one)
print(f"{written} writes, {rounds} rounds, {len(faults)} faults")
sys.exit(bool(faults))
