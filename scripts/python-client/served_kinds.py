#!/usr/bin/env python3
"""served_kinds.py: every served kind with Python's dynamic client, against the cluster of KUBECONFIG.

An object of each kind is made, read, listed, watched, patched and deleted, as far as discovery says that the kind can;
kinds that are only asked (reviews) are asked once. Prints a line a fault and `N kinds, N faults` last.
"""
import sys
import time

from kubernetes import client, config, dynamic
from kubernetes.dynamic.exceptions import ApiException

SPACE = "walk"
POD = {"containers": [{"name": "c", "image": "example.com/none:1"}]}
TEMPLATE = {"metadata": {"labels": {"a": "b"}}, "spec": POD}
SELECTOR = {"matchLabels": {"a": "b"}}
ROLE = {"apiGroup": "rbac.authorization.k8s.io", "name": "none"}
CLAIM = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Mi"}}}
REQUEST = (
    "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIZ01JR0dBZ0VBTUNReEVqQVFCZ05WQkFNTUNXeHBiR1ZuYkdGdVpERU9NQXdH"
    "QTFVRUNnd0ZaMkZ0Ym1Fdwo=")
# What a kind needs beside its name.
MORE = {
    "Pod": {"spec": POD},
    "PodTemplate": {"template": TEMPLATE},
    "ReplicationController": {"spec": {"selector": {"a": "b"}, "template": TEMPLATE, "replicas": 0}},
    "Service": {"spec": {"ports": [{"port": 80}]}},
    "Event": {"involvedObject": {"namespace": SPACE, "name": "x"}},
    "LimitRange": {"spec": {"limits": []}},
    "ResourceQuota": {"spec": {"hard": {"count/endpoints": "100"}}},
    "PersistentVolume": {
        "spec": {
            "capacity": {"storage": "1Mi"}, "accessModes": ["ReadWriteOnce"], "hostPath": {"path": "/none"}}},
    "PersistentVolumeClaim": {"spec": CLAIM},
    "Deployment": {"spec": {"selector": SELECTOR, "template": TEMPLATE, "replicas": 0}},
    "ReplicaSet": {"spec": {"selector": SELECTOR, "template": TEMPLATE, "replicas": 0}},
    "StatefulSet": {"spec": {"selector": SELECTOR, "template": TEMPLATE, "replicas": 0, "serviceName": "s"}},
    "DaemonSet": {"spec": {"selector": SELECTOR, "template": TEMPLATE}},
    "ControllerRevision": {"revision": 1, "data": {}},
    "Job": {"spec": {"suspend": True, "template": {"spec": dict(POD, restartPolicy="Never")}}},
    "CronJob": {
        "spec": {
            "schedule": "0 0 1 1 *",
            "jobTemplate": {"spec": {"template": {"spec": dict(POD, restartPolicy="Never")}}}}},
    "HorizontalPodAutoscaler": {
        "spec": {"maxReplicas": 2, "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "none"}}},
    "PodDisruptionBudget": {"spec": {"minAvailable": 1, "selector": SELECTOR}},
    "Ingress": {"spec": {"defaultBackend": {"service": {"name": "none", "port": {"number": 80}}}}},
    "IngressClass": {"spec": {"controller": "example.com/none"}},
    "NetworkPolicy": {"spec": {"podSelector": {}}},
    "IPAddress": {"spec": {"parentRef": {"resource": "services", "namespace": SPACE, "name": "none"}}},
    "ServiceCIDR": {"spec": {"cidrs": ["10.250.0.0/24"]}},
    "EndpointSlice": {"addressType": "IPv4", "endpoints": []},
    "Role": {"rules": []},
    "ClusterRole": {"rules": []},
    "RoleBinding": {"roleRef": dict(ROLE, kind="Role"), "subjects": []},
    "ClusterRoleBinding": {"roleRef": dict(ROLE, kind="ClusterRole"), "subjects": []},
    "StorageClass": {"provisioner": "example.com/none"},
    "CSINode": {"spec": {"drivers": []}},
    "CSIDriver": {"spec": {}},
    "CSIStorageCapacity": {"storageClassName": "none"},
    "VolumeAttachment": {
        "spec": {"attacher": "example.com", "nodeName": "none", "source": {"persistentVolumeName": "none"}}},
    "VolumeAttributesClass": {"driverName": "example.com", "parameters": {"a": "b"}},
    "PriorityClass": {"value": 1},
    "RuntimeClass": {"handler": "none"},
    "Lease": {"spec": {}},
    "FlowSchema": {"spec": {"priorityLevelConfiguration": {"name": "exempt"}, "matchingPrecedence": 9000}},
    "PriorityLevelConfiguration": {
        "spec": {"type": "Limited", "limited": {"limitResponse": {"type": "Reject"}, "nominalConcurrencyShares": 1}}},
    "ValidatingWebhookConfiguration": {"webhooks": []},
    "MutatingWebhookConfiguration": {"webhooks": []},
    "ValidatingAdmissionPolicy": {
        "spec": {
            "failurePolicy": "Ignore", "validations": [{"expression": "true"}],
            "matchConstraints": {
                "resourceRules": [
                    {
                        "apiGroups": ["none.example.com"], "apiVersions": ["v1"], "operations": ["CREATE"],
                        "resources": ["nones"]}]}}},
    "ValidatingAdmissionPolicyBinding": {"spec": {"policyName": "none", "validationActions": ["Audit"]}},
    "MutatingAdmissionPolicy": {
        "spec": {
            "failurePolicy": "Ignore", "reinvocationPolicy": "Never",
            "mutations": [
                {"patchType": "ApplyConfiguration", "applyConfiguration": {"expression": "Object{}"}}],
            "matchConstraints": {
                "resourceRules": [
                    {
                        "apiGroups": ["none.example.com"], "apiVersions": ["v1"], "operations": ["CREATE"],
                        "resources": ["nones"]}]}}},
    "MutatingAdmissionPolicyBinding": {"spec": {"policyName": "none"}},
    "APIService": {
        "spec": {
            "group": "none.example.com", "version": "v1", "groupPriorityMinimum": 100, "versionPriority": 100}},
    "CustomResourceDefinition": {
        "spec": {
            "group": "kinds.example.com", "scope": "Namespaced", "names": {"plural": "things", "kind": "Thing"},
            "versions": [
                {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {"type": "object"}}}]}},
    "CertificateSigningRequest": {
        "spec": {"request": REQUEST, "signerName": "example.com/none", "usages": ["client auth"]}},
    "ResourceClaim": {"spec": {}},
    "ResourceClaimTemplate": {"spec": {"spec": {}}},
    "ResourceSlice": {
        "spec": {
            "driver": "example.com", "nodeName": "none", "pool": {"name": "p", "generation": 1, "resourceSliceCount": 1}}},
    "DeviceClass": {"spec": {}},
    # Asked, not stored.
    "TokenReview": {"spec": {"token": "none"}},
    "SelfSubjectAccessReview": {"spec": {"resourceAttributes": {"verb": "get", "resource": "pods"}}},
    "SubjectAccessReview": {"spec": {"user": "u", "resourceAttributes": {"verb": "get", "resource": "pods"}}},
    "LocalSubjectAccessReview": {
        "spec": {"user": "u", "resourceAttributes": {"namespace": SPACE, "verb": "get", "resource": "pods"}}},
    "SelfSubjectRulesReview": {"spec": {"namespace": SPACE}},
}
NAMES = {
    "IPAddress": "10.96.0.250", "APIService": "v1.none.example.com", "CSIDriver": "kinds.example.com",
    "CustomResourceDefinition": "things.kinds.example.com",
}
# What is new of the events API is needed in its own group.
NEW_EVENT = {
    "eventTime": "2026-01-01T00:00:00.000000Z", "reportingController": "example.com/k", "reportingInstance": "k-1",
    "action": "A", "reason": "R", "type": "Normal", "regarding": {"namespace": SPACE, "name": "x"}}


def minimal(resource):
    kind = resource.kind
    body = {"apiVersion": resource.group_version, "kind": kind, "metadata": {"name": NAMES.get(kind, "served-kinds")}}
    body.update(NEW_EVENT if resource.group == "events.k8s.io" else MORE.get(kind, {}))
    return body


class Walk:
    def __init__(self, api):
        self.api, self.faults, self.kinds = api, [], 0

    def check(self, resource, what, holds):
        if not holds:
            self.faults.append(f"{resource.group_version} {resource.kind}: {what}")

    def attempt(self, resource, what, call, **more):
        try:
            return call(**more)
        except ApiException as failure:
            self.faults.append(f"{resource.group_version} {resource.kind}: {what}: {failure.status} {failure.body!s:.300}")
        except Exception as failure:  # the client itself may stumble over an answer
            self.faults.append(f"{resource.group_version} {resource.kind}: {what}: {type(failure).__name__} {failure!s:.300}")
        return None

    def visit(self, resource):
        self.kinds += 1
        place = {"namespace": SPACE} if resource.namespaced else {}
        if "get" not in resource.verbs:
            if resource.kind != "Binding":
                self.attempt(resource, "create", resource.create, body=self.asked(resource), **place)
            return
        if "create" not in resource.verbs:
            self.attempt(resource, "list", resource.get, **place)
            return
        body = minimal(resource)
        name = body["metadata"]["name"]
        made = self.attempt(resource, "create", resource.create, body=body, **place)
        if made is None:
            return
        self.check(resource, "create gives no uid", made.metadata.uid)
        got = self.attempt(resource, "get", resource.get, name=name, **place)
        self.check(resource, "get gives another", got and got.metadata.uid == made.metadata.uid)
        found = self.attempt(resource, "list", resource.get, **place)
        self.check(resource, "list leaves it out", found and name in [item.metadata.name for item in found.items])
        patch = {"metadata": {"labels": {"walked": "yes"}}}
        patched = self.attempt(
            resource, "patch", resource.patch, body=patch, name=name, content_type="application/merge-patch+json",
            **place)
        self.check(resource, "patch is lost", patched and patched.metadata.labels.walked == "yes")
        if "watch" in resource.verbs:
            self.watch(resource, name, made.metadata.resourceVersion, place)
        self.attempt(resource, "delete", resource.delete, name=name, body={"gracePeriodSeconds": 0}, **place)
        self.gone(resource, name, place)

    def asked(self, resource):
        body = minimal(resource)
        del body["metadata"]
        return body

    def watch(self, resource, name, version, place):
        def seen():
            for event in resource.watch(resource_version=version, timeout=5, field_selector=f"metadata.name={name}", **place):
                if (event["object"].metadata.labels or {}).get("walked") == "yes":
                    return True
            return False

        self.check(resource, "watch does not tell of the patch", self.attempt(resource, "watch", seen))

    def gone(self, resource, name, place):
        """Finalizers of the cluster's own may take a moment."""
        for _ in range(100):
            try:
                standing = resource.get(name=name, **place)
            except ApiException as failure:
                return self.check(resource, f"get after delete: {failure.status}", failure.status == 404)
            except Exception as failure:
                return self.check(resource, f"get after delete: {failure}", False)
            if standing.metadata.finalizers:
                self.release(resource, name, place)
            time.sleep(0.1)
        self.check(resource, "delete leaves it", False)


    def release(self, resource, name, place):
        free = {"metadata": {"finalizers": None}}
        try:
            resource.patch(body=free, name=name, content_type="application/merge-patch+json", **place)
        except ApiException as failure:
            if failure.status != 404:  # it may be gone meanwhile
                raise


def resources(api):
    """Every resource once in each version, from discovery itself."""
    groups = [("", "v1", "/api/v1")]
    listed = api.client.call_api("/apis", "GET", response_type="object", auth_settings=["BearerToken"])[0]
    for group in listed["groups"]:
        for version in group["versions"]:
            groups.append((group["name"], version["version"], "/apis/" + version["groupVersion"]))
    for _, _, path in groups:
        found = api.client.call_api(path, "GET", response_type="object", auth_settings=["BearerToken"])[0]
        for entry in found["resources"]:
            if "/" not in entry["name"]:
                yield api.resources.get(api_version=found["groupVersion"], kind=entry["kind"], name=entry["name"])


def await_service_account(api):
    """Pods want the one that a controller makes for each namespace."""
    accounts = api.resources.get(api_version="v1", kind="ServiceAccount")
    deadline = time.monotonic() + 30
    while not accounts.get(namespace=SPACE).items:
        if time.monotonic() > deadline:
            sys.exit(f"{SPACE} got no service account within 30 s")
        time.sleep(0.1)  # looked at again until the deadline


def main():
    config.load_kube_config()
    api = dynamic.DynamicClient(client.ApiClient())
    spaces = api.resources.get(api_version="v1", kind="Namespace")
    spaces.create(body={"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": SPACE}})
    await_service_account(api)
    walk = Walk(api)
    for resource in resources(api):
        walk.visit(resource)
    print("\n".join(walk.faults))
    print(f"{walk.kinds} kinds, {len(walk.faults)} faults")
    return 1 if walk.faults else 0


if __name__ == "__main__":
    sys.exit(main())
