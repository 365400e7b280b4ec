//! The machines of the demo cluster, and its namespaces.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::{
    kinds,
    objects::{self, condition, digest, stamp, uid},
    pods::NODES,
    store::{Key, Store},
};

/// The namespaces of the demo cluster.
pub const NAMESPACES: [&str; 11] = [
    "argocd",
    "cert-manager",
    "default",
    "gitea",
    "immich",
    "kube-system",
    "ledger",
    "monitoring",
    "nextcloud",
    "paperless",
    "wiki",
];

/// What a kubelet says about its machine while all is well.
const WELL: [(&str, &str, &str, &str); 4] = [
    (
        "MemoryPressure",
        "False",
        "KubeletHasSufficientMemory",
        "kubelet has sufficient memory available",
    ),
    (
        "DiskPressure",
        "False",
        "KubeletHasNoDiskPressure",
        "kubelet has no disk pressure",
    ),
    (
        "PIDPressure",
        "False",
        "KubeletHasSufficientPID",
        "kubelet has sufficient PID available",
    ),
    (
        "Ready",
        "True",
        "KubeletReady",
        "kubelet is posting ready status",
    ),
];

/// Puts the machines and namespaces in place.
pub fn seed(store: &Store, now: DateTime<Utc>) {
    for (at, name) in (1_u8..).zip(NODES) {
        store.put(kinds::NODE, node(at, name, now));
    }
    for name in NAMESPACES {
        let mut it = objects::object(kinds::NAMESPACE, "", name, now - Duration::days(412));
        it["metadata"]["labels"] = json!({"kubernetes.io/metadata.name": name});
        it["spec"] = json!({"finalizers": ["kubernetes"]});
        it["status"] = json!({"phase": "Active"});
        store.put(kinds::NAMESPACE, it);
    }
}

/// A kubelet's regular word that its machine is still there.
pub fn heartbeat(store: &Store, name: &str, at: DateTime<Utc>) {
    store.edit(&Key::new(kinds::NODE, "", name), |it| {
        let conditions = it["status"]["conditions"].as_array_mut();
        for condition in conditions.into_iter().flatten() {
            condition["lastHeartbeatTime"] = json!(stamp(at));
        }
    });
}

fn node(at: u8, name: &str, now: DateTime<Utc>) -> Value {
    let first = at == 1;
    let joined = now - Duration::days(412 - i64::from(at));
    let mut it = objects::object(kinds::NODE, "", name, joined);
    it["metadata"]["labels"] = json!({
        "kubernetes.io/arch": "amd64", "kubernetes.io/os": "linux", "kubernetes.io/hostname": name,
        "node.kubernetes.io/instance-type": "k3s",
    });
    if first {
        for role in ["control-plane", "master"] {
            it["metadata"]["labels"][format!("node-role.kubernetes.io/{role}")] = json!("true");
        }
    }
    let network = format!("10.42.{at}.0/24");
    it["spec"] = json!({
        "podCIDR": network, "podCIDRs": [network], "providerID": format!("k3s://{name}"),
    });
    let (cpu, memory) = if first {
        ("4", "8029688Ki")
    } else {
        ("8", "32763412Ki")
    };
    let size = json!({
        "cpu": cpu, "memory": memory, "pods": "110", "ephemeral-storage": "240506368Ki",
        "hugepages-2Mi": "0", "hugepages-1Gi": "0",
    });
    it["status"] = json!({
        "addresses": [
            {"type": "InternalIP", "address": format!("192.168.10.{}", 10 + at)},
            {"type": "Hostname", "address": name},
        ],
        "capacity": size, "allocatable": size, "conditions": [],
        "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
        "nodeInfo": {
            "architecture": "amd64", "operatingSystem": "linux",
            "osImage": "Debian GNU/Linux 13 (trixie)", "kernelVersion": "6.12.41+deb13-amd64",
            "containerRuntimeVersion": "containerd://2.0.5-k3s2", "kubeletVersion": "v1.33.4+k3s1",
            "kubeProxyVersion": "", "machineID": &digest(name)[..32],
            "systemUUID": uid(kinds::NODE, "", &format!("{name}/system")),
            "bootID": uid(kinds::NODE, "", &format!("{name}/boot")),
        },
    });
    // The machines were last started together, after a power cut.
    let booted = now - Duration::days(37);
    for (kind, is, reason, message) in WELL {
        let extra = json!({
            "reason": reason, "message": message, "lastHeartbeatTime": stamp(now),
        });
        condition(&mut it, extra, kind, is, booted);
    }
    it
}
