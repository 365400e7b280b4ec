//! Incidents that are known by name: how each shows itself, why, and what to do.

use super::Diagnosis;

/// What is known about one of them, English first, then Korean.
pub struct Entry {
    /// Which.
    pub diagnosis: Diagnosis,
    /// Name of its page.
    pub slug: &'static str,
    /// What one sees, verbatim.
    pub symptom: &'static str,
    /// One line.
    pub title: [&'static str; 2],
    /// Why.
    pub cause: [&'static str; 2],
    /// What to do, step by step.
    pub remedy: [&'static [&'static str]; 2],
}

/// All of them, in the order of the numbers people use.
pub const ALL: [Entry; 14] = [
    Entry {
        diagnosis: Diagnosis::NodePortTaken,
        slug: "node-port-taken",
        symptom: "provided port is already allocated",
        title: ["A NodePort is taken", "NodePort가 이미 사용 중입니다"],
        cause: [
            "Another Service already has the NodePort that this one asks for, so Kubernetes refuses it.",
            "이 서비스가 요청한 NodePort를 다른 서비스가 이미 쓰고 있어 Kubernetes가 거절합니다.",
        ],
        remedy: [
            &[
                "Find who has it: kubectl get services -A | grep PORT",
                "Choose another nodePort in the manifest (30000–32767), or leave it out and let Kubernetes choose.",
                "porthole doctor --manifests DIR finds such clashes before they are deployed.",
            ],
            &[
                "누가 쓰는지 찾습니다: kubectl get services -A | grep 포트",
                "매니페스트에서 다른 nodePort(30000–32767)를 고르거나, 비워 두어 Kubernetes가 고르게 합니다.",
                "porthole doctor --manifests 폴더 명령은 배포 전에 이런 충돌을 찾습니다.",
            ],
        ],
    },
    Entry {
        diagnosis: Diagnosis::ProbeBeforeDatabase,
        slug: "probe-before-database",
        symptom: "Liveness probe failed … Killing, and no startupProbe",
        title: [
            "The liveness probe runs before the database is up",
            "데이터베이스가 뜨기 전에 liveness 검사가 실행됩니다",
        ],
        cause: [
            "The container waits for its database, its liveness probe fails meanwhile, and the kubelet ends it. It has no startupProbe that would give it time.",
            "컨테이너가 데이터베이스를 기다리는 동안 liveness 검사가 실패해 kubelet이 종료시킵니다. 기다릴 시간을 주는 startupProbe가 없습니다.",
        ],
        remedy: [
            &[
                "Give the container a startupProbe, such as failureThreshold: 30 with periodSeconds: 5: the liveness probe starts only after it passed.",
                "Let the liveness probe ask only whether the process lives; what depends on the database belongs to the readinessProbe.",
                "See why the database is not ready: its pod is in the same namespace.",
            ],
            &[
                "컨테이너에 startupProbe를 줍니다(예: periodSeconds: 5, failureThreshold: 30). 통과한 뒤에야 liveness 검사가 시작됩니다.",
                "liveness 검사는 프로세스가 살아 있는지만 묻게 하고, 데이터베이스에 달린 것은 readinessProbe로 옮깁니다.",
                "같은 네임스페이스의 데이터베이스 파드가 왜 준비되지 않았는지 확인합니다.",
            ],
        ],
    },
    Entry {
        diagnosis: Diagnosis::HtmlForApi,
        slug: "html-for-api",
        symptom: "Unexpected token '<', \"<html>…\" is not valid JSON",
        title: [
            "The proxy answers HTML for the API",
            "프록시가 API 요청에 HTML로 답합니다",
        ],
        cause: [
            "A request to the API's address is answered with a web page: the proxy in front does not pass it on to Porthole.",
            "API 주소로 보낸 요청에 웹 페이지가 돌아옵니다. 앞에 있는 프록시가 요청을 Porthole로 넘기지 않습니다.",
        ],
        remedy: [
            &[
                "Pass /graphql, /authz, /export and the health paths on to Porthole, method and body unchanged; k8s/base/ingress.yaml shows how.",
                "Behind nginx inside a cluster, name the upstream in full, such as porthole.porthole.svc.cluster.local.",
                "Check with: porthole doctor",
            ],
            &[
                "/graphql, /authz, /export와 상태 확인 경로를 메서드와 본문 그대로 Porthole에 넘깁니다. k8s/base/ingress.yaml을 참고하세요.",
                "클러스터 안의 nginx라면 업스트림을 porthole.porthole.svc.cluster.local처럼 전체 이름으로 적습니다.",
                "확인: porthole doctor",
            ],
        ],
    },
    Entry {
        diagnosis: Diagnosis::RepositoryUnreadable,
        slug: "repository-unreadable",
        symptom: "failed to list refs: authentication required",
        title: [
            "Argo CD cannot read the repository",
            "Argo CD가 저장소를 읽을 수 없습니다",
        ],
        cause: [
            "The git server asks Argo CD for credentials, and Argo CD has none that fit this repository.",
            "git 서버가 인증을 요구하지만 Argo CD에 이 저장소에 맞는 인증 정보가 없습니다.",
        ],
        remedy: [
            &[
                "Make a Secret in Argo CD's namespace with the label argocd.argoproj.io/secret-type: repository and the fields url, username and password (an access token).",
                "Its url must be spelled as in the Application's repoURL.",
                "Then refresh: argocd app get NAME --refresh",
            ],
            &[
                "Argo CD 네임스페이스에 argocd.argoproj.io/secret-type: repository 레이블과 url, username, password(액세스 토큰)를 담은 Secret을 만듭니다.",
                "url은 Application의 repoURL과 똑같이 적어야 합니다.",
                "그다음 새로 고칩니다: argocd app get 이름 --refresh",
            ],
        ],
    },
    Entry {
        diagnosis: Diagnosis::DefinedTwice,
        slug: "defined-twice",
        symptom: "RepeatedResourceWarning: … appeared 2 times among application resources",
        title: [
            "A resource is defined twice",
            "리소스가 두 번 정의되어 있습니다",
        ],
        cause: [
            "Two manifests of the application define an object of the same kind, namespace and name; which of them wins is chance.",
            "애플리케이션의 매니페스트 두 개가 종류, 네임스페이스, 이름이 같은 객체를 정의합니다. 어느 쪽이 남을지는 우연입니다.",
        ],
        remedy: [
            &[
                "Remove one of the two definitions and push.",
                "porthole doctor --manifests DIR lists what is defined twice.",
            ],
            &[
                "둘 중 하나를 지우고 push합니다.",
                "porthole doctor --manifests 폴더 명령이 중복된 것을 알려 줍니다.",
            ],
        ],
    },
    Entry {
        diagnosis: Diagnosis::HttpRegistry,
        slug: "http-registry",
        symptom: "server gave HTTP response to HTTPS client",
        title: [
            "The registry speaks plain http",
            "레지스트리가 HTTP로만 응답합니다",
        ],
        cause: [
            "The node asks the registry over https, as it always does, and the registry only speaks http.",
            "노드는 언제나 그렇듯 https로 요청하는데 레지스트리는 http만 사용합니다.",
        ],
        remedy: [
            &[
                "Give the registry TLS; a certificate of your own CA will do when the nodes trust it.",
                "Or list it as insecure on every node: hosts.toml for containerd, insecure-registries for Docker.",
            ],
            &[
                "레지스트리에 TLS를 적용합니다. 노드가 신뢰한다면 자체 CA 인증서도 됩니다.",
                "또는 모든 노드에서 비보안 레지스트리로 등록합니다(containerd는 hosts.toml, Docker는 insecure-registries).",
            ],
        ],
    },
    Entry {
        diagnosis: Diagnosis::TokenRealmUnreachable,
        slug: "token-realm-unreachable",
        symptom: "Get \"http://…/v2/token\": context deadline exceeded",
        title: [
            "The registry sends nodes to a token server they cannot reach",
            "레지스트리가 노드를 닿을 수 없는 토큰 서버로 보냅니다",
        ],
        cause: [
            "The registry answers and asks for a token, but the address of its token server (the realm) leads nowhere for a node: it is a loopback address, or a name that is not known there.",
            "레지스트리는 응답하며 토큰을 요구하지만, 토큰 서버 주소(realm)가 노드에서는 통하지 않습니다. 루프백 주소이거나 노드가 모르는 이름입니다.",
        ],
        remedy: [
            &[
                "Look at the realm: curl -si https://REGISTRY/v2/ | grep -i www-authenticate",
                "Set the registry's public address to the one nodes use; for Gitea that is ROOT_URL (and DOMAIN).",
                "Restart the registry and pull again.",
            ],
            &[
                "realm을 확인합니다: curl -si https://레지스트리/v2/ | grep -i www-authenticate",
                "레지스트리의 공개 주소를 노드가 쓰는 주소로 바꿉니다. Gitea라면 ROOT_URL(과 DOMAIN)입니다.",
                "레지스트리를 다시 시작하고 이미지를 다시 받습니다.",
            ],
        ],
    },
    Entry {
        diagnosis: Diagnosis::ClusterRegistryName,
        slug: "cluster-registry-name",
        symptom: "lookup registry.….svc.cluster.local: no such host",
        title: [
            "The image names a registry that only pods can find",
            "이미지가 파드만 찾을 수 있는 레지스트리 이름을 씁니다",
        ],
        cause: [
            "Images are pulled by the node, and nodes do not use the cluster's DNS: a name that ends in .svc means nothing to them.",
            "이미지는 노드가 가져오며, 노드는 클러스터 DNS를 쓰지 않습니다. .svc로 끝나는 이름은 노드에게 아무 의미가 없습니다.",
        ],
        remedy: [
            &[
                "Name the registry in the image by an address that nodes reach: its ingress host, or NODE:NODEPORT.",
                "Spell the server in the pull secret the same way.",
            ],
            &[
                "이미지의 레지스트리를 노드가 닿는 주소(인그레스 호스트 또는 노드:NodePort)로 적습니다.",
                "이미지 풀 시크릿의 서버도 똑같이 적습니다.",
            ],
        ],
    },
    Entry {
        diagnosis: Diagnosis::PollutedPasswordHash,
        slug: "polluted-password-hash",
        symptom: "a blank or a colour code inside a password hash",
        title: [
            "A password hash is polluted",
            "비밀번호 해시가 오염되었습니다",
        ],
        cause: [
            "The stored hash holds characters that no hash has, such as a terminal's colour code; no password will ever match it.",
            "저장된 해시에 터미널 색상 코드처럼 해시에 있을 수 없는 글자가 섞여 있어 어떤 비밀번호도 맞지 않습니다.",
        ],
        remedy: [
            &["Set a new password: porthole admin reset-password NAME"],
            &["비밀번호를 새로 정합니다: porthole admin reset-password 이름"],
        ],
    },
    Entry {
        diagnosis: Diagnosis::GitNotFastForward,
        slug: "git-not-fast-forward",
        symptom: "Updates were rejected because the tip of your current branch is behind",
        title: [
            "The branch and its remote have diverged",
            "로컬 브랜치와 원격 브랜치가 갈라졌습니다",
        ],
        cause: [
            "Somebody changed the remote branch, for example in the git server's web editor, so git refuses to push over it.",
            "누군가 원격 브랜치를 바꿨습니다(예: git 서버의 웹 편집기). 그래서 git이 push를 거절합니다.",
        ],
        remedy: [
            &[
                "Take their changes first: git pull --rebase",
                "Then: git push. Do not use --force on a branch that Argo CD follows.",
            ],
            &[
                "먼저 원격 변경을 가져옵니다: git pull --rebase",
                "그다음 git push. Argo CD가 따르는 브랜치에는 --force를 쓰지 않습니다.",
            ],
        ],
    },
    Entry {
        diagnosis: Diagnosis::HairpinNat,
        slug: "hairpin-nat",
        symptom: "Waiting for HTTP-01 challenge propagation: failed to perform self check GET request",
        title: [
            "cert-manager cannot reach the site from inside (hairpin NAT)",
            "cert-manager가 안에서 사이트에 닿지 못합니다 (헤어핀 NAT)",
        ],
        cause: [
            "Before it asks Let's Encrypt, cert-manager fetches its own answer through the public name. From inside the network that name leads to the router's outside, and the router does not turn such traffic around.",
            "Let's Encrypt에 요청하기 전에 cert-manager는 공개 이름으로 자신의 응답을 확인합니다. 내부 네트워크에서는 그 이름이 라우터의 바깥쪽을 가리키는데, 라우터가 그 트래픽을 되돌려 주지 않습니다.",
        ],
        remedy: [
            &[
                "Let the cluster's DNS answer the name with the ingress' inside address: a hosts or rewrite block in CoreDNS' ConfigMap.",
                "Then: kubectl -n kube-system rollout restart deployment/coredns",
                "Or turn on NAT loopback (hairpin NAT) in the router, or use a DNS-01 challenge.",
            ],
            &[
                "클러스터 DNS가 그 이름에 인그레스의 내부 주소로 답하게 합니다: CoreDNS ConfigMap의 hosts 또는 rewrite 블록.",
                "그다음: kubectl -n kube-system rollout restart deployment/coredns",
                "또는 라우터에서 NAT 루프백(헤어핀 NAT)을 켜거나 DNS-01 방식을 씁니다.",
            ],
        ],
    },
    Entry {
        diagnosis: Diagnosis::LoadBalancerLocalhost,
        slug: "load-balancer-localhost",
        symptom: "EXTERNAL-IP: localhost",
        title: [
            "The load balancer's address is localhost",
            "로드 밸런서 주소가 localhost입니다",
        ],
        cause: [
            "That is how Docker Desktop shows it: the ports are open on the computer itself. Nothing is broken.",
            "Docker Desktop에서는 이렇게 보입니다. 포트는 컴퓨터 자체에 열려 있으며 고장이 아닙니다.",
        ],
        remedy: [
            &[
                "To reach it from elsewhere, forward ports 80 and 443 of the router to this computer's address in the network, not to a NodePort.",
            ],
            &[
                "밖에서 접속하려면 라우터의 80, 443 포트를 NodePort가 아니라 이 컴퓨터의 내부 주소로 넘깁니다.",
            ],
        ],
    },
    Entry {
        diagnosis: Diagnosis::GitIdentityMissing,
        slug: "git-identity-missing",
        symptom: "fatal: unable to auto-detect email address",
        title: ["git does not know who you are", "git이 작성자를 모릅니다"],
        cause: [
            "No name or no e-mail address is set for git here, so it refuses to commit.",
            "여기에는 git의 이름이나 전자우편 주소가 설정되어 있지 않아 커밋을 거절합니다.",
        ],
        remedy: [
            &[
                "git config --global user.name \"Your Name\"",
                "git config --global user.email you@example.org",
            ],
            &[
                "git config --global user.name \"이름\"",
                "git config --global user.email you@example.org",
            ],
        ],
    },
    Entry {
        diagnosis: Diagnosis::TokenRealmInCluster,
        slug: "token-realm-in-cluster",
        symptom: "Get \"http://….svc.cluster.local:3000/v2/token\": context deadline exceeded",
        title: [
            "The registry sends nodes to a token server inside the cluster",
            "레지스트리가 노드를 클러스터 내부의 토큰 서버로 보냅니다",
        ],
        cause: [
            "The address of the registry's token server (the realm) is a name of the cluster's own DNS. Nodes do not use that DNS, so they never get a token.",
            "레지스트리의 토큰 서버 주소(realm)가 클러스터 내부 DNS 이름입니다. 노드는 그 DNS를 쓰지 않으므로 토큰을 받지 못합니다.",
        ],
        remedy: [
            &[
                "Set the registry's public address (Gitea: ROOT_URL) to one that nodes reach, such as its ingress host or NODE:NODEPORT.",
                "Use the same address in the image and in the pull secret.",
            ],
            &[
                "레지스트리의 공개 주소(Gitea: ROOT_URL)를 노드가 닿는 주소(인그레스 호스트 또는 노드:NodePort)로 바꿉니다.",
                "이미지와 이미지 풀 시크릿에도 같은 주소를 씁니다.",
            ],
        ],
    },
];
