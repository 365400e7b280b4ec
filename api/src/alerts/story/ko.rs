//! 한국어.

use super::{
    End, Story, a_pod, end, in_namespace, is_host, logs,
    pull::{PullFault, pull_fault},
    quoted, undo,
};
use crate::alerts::finding::{Finding, ProblemClass};

pub(super) fn tell(finding: &Finding) -> Story {
    let name = &finding.key.owner.name;
    let (title, cause, remedy) = match finding.key.class {
        ProblemClass::CrashLoop => (
            format!("{name}: 계속 비정상 종료됩니다"),
            crash_cause(finding),
            crash_remedy(finding),
        ),
        ProblemClass::ImagePull => (
            format!("{name}: 이미지를 가져올 수 없어 시작하지 못합니다"),
            pull_cause(finding),
            pull_remedy(finding),
        ),
        ProblemClass::Config => (
            format!("{name}: 설정이 맞지 않아 시작하지 못합니다"),
            format!("Kubernetes가 컨테이너를 만들 수 없습니다.{}", said(finding)),
            vec![
                "파드 스펙에 적힌 ConfigMap, Secret, 키 이름이 실제로 있는지 비교합니다.".into(),
                format!(
                    "kubectl describe pod {}{}",
                    a_pod(finding),
                    in_namespace(finding)
                ),
            ],
        ),
        ProblemClass::OomKilled => (
            format!("{name}: 메모리를 너무 많이 써서 종료되었습니다"),
            "컨테이너가 메모리 한도에 도달해 커널이 종료했습니다.".into(),
            vec![
                "메모리 사용량의 추이를 봅니다. 끝없이 늘어납니까, 아니면 한도가 너무 낮습니까?"
                    .into(),
                format!("{name}의 resources.limits.memory를 올리거나 사용량을 줄입니다."),
            ],
        ),
        ProblemClass::ErrorExit => (
            format!("{name}: 오류로 종료되었습니다"),
            format!("컨테이너가 {} 종료되었습니다.", exit(finding)),
            last_words(finding),
        ),
        ProblemClass::Evicted => (
            format!("{name}: 노드에서 쫓겨났습니다 (Evicted)"),
            format!("노드의 자원이 모자라 파드를 내보냈습니다.{}", said(finding)),
            vec![
                "노드에 무엇이 모자랐는지 확인합니다: kubectl describe node".into(),
                format!("{name}의 resources.requests를 실제 사용량에 맞춥니다."),
            ],
        ),
        ProblemClass::Unschedulable => (
            format!("{name}: 받아 줄 노드가 없어 기다립니다"),
            format!("스케줄러가 자리를 찾지 못합니다.{}", said(finding)),
            vec![
                "자원을 비우거나 노드를 늘리거나 파드의 requests를 낮춥니다.".into(),
                "nodeSelector, affinity, toleration과 볼륨 바인딩을 확인합니다.".into(),
            ],
        ),
        ProblemClass::NotReady => (
            format!("{name}: 실행 중이지만 준비되지 않았습니다"),
            format!(
                "{}가 준비 상태 검사를 통과하지 못합니다.{}",
                hit(finding),
                said(finding)
            ),
            vec![
                format!(
                    "kubectl describe pod {}{}",
                    a_pod(finding),
                    in_namespace(finding)
                ),
                "readinessProbe가 무엇을 묻는지, 의존하는 서비스가 응답하는지 확인합니다.".into(),
            ],
        ),
        ProblemClass::StuckTerminating => (
            format!("{name}: 삭제가 끝나지 않습니다"),
            format!(
                "삭제되었고 유예 시간도 지났지만 아직 남아 있습니다.{}",
                said(finding)
            ),
            vec![
                "finalizer가 있으면 그것을 지우는 컨트롤러가 실행 중인지 확인합니다.".into(),
                "노드가 응답하지 않으면 노드를 되살리거나 클러스터에서 제거합니다.".into(),
            ],
        ),
        ProblemClass::RolloutStuck => (
            format!("{name}: 배포가 멈췄습니다"),
            format!("정해진 시간 안에 진행되지 않았습니다.{}", said(finding)),
            rollout_remedy(finding),
        ),
        ProblemClass::JobFailed => (
            format!("{name}: 작업이 실패했습니다"),
            format!("마지막 시도가 {} 끝났습니다.", exit(finding)),
            last_words(finding),
        ),
        ProblemClass::NodeNotReady => (
            format!("{name}: 노드가 응답하지 않습니다"),
            format!("kubelet의 보고가 끊겼습니다.{}", said(finding)),
            vec!["전원과 네트워크, 그다음 kubelet 로그를 확인합니다.".into()],
        ),
        ProblemClass::NodePressure => (
            format!("{name}: 노드의 자원이 모자랍니다"),
            format!("노드가 압박(pressure)을 보고합니다.{}", said(finding)),
            vec!["디스크나 메모리를 비우거나 파드를 옮깁니다.".into()],
        ),
        ProblemClass::CertificateExpiring if is_host(finding) => (
            format!("{name}: 제공 중인 인증서의 만료가 다가옵니다{}", ends(finding)),
            format!("제공 중인 인증서가 제때 교체되지 않았습니다.{}", said(finding)),
            vec![
                "갱신은 되었지만 적용되지 않은 것인지 확인합니다: kubectl get certificates -A".into(),
                "발급한 곳에서 갱신하고, 인증서를 제공하는 쪽을 다시 불러옵니다.".into(),
            ],
        ),
        ProblemClass::CertificateNotReady if is_host(finding) => (
            format!("{name}: 잘못된 인증서를 제공합니다"),
            format!("브라우저가 경고를 표시합니다.{}", said(finding)),
            vec![
                "Ingress 또는 Gateway의 tls 항목을 봅니다. 그 Secret이 같은 네임스페이스에 이 이름으로 있습니까?".into(),
                "인그레스 컨트롤러의 로그에 이유가 있습니다.".into(),
            ],
        ),
        ProblemClass::CertificateExpiring => (
            format!("{name}: 인증서가 갱신되지 않습니다{}", ends(finding)),
            certificate_cause(finding),
            certificate_remedy(finding),
        ),
        ProblemClass::CertificateNotReady => (
            format!("{name}: 인증서를 사용할 수 없습니다"),
            format!(
                "cert-manager가 인증서를 발급하지 못했습니다.{}",
                said(finding)
            ),
            certificate_remedy(finding),
        ),
        ProblemClass::AppDegraded => (
            format!("{name}: 애플리케이션 상태가 나쁩니다 (Degraded)"),
            format!(
                "Argo CD가 건강하지 않은 구성 요소를 찾았습니다.{}",
                said(finding)
            ),
            vec!["Argo CD에서 열어 처음으로 건강하지 않은 요소를 따라갑니다.".into()],
        ),
        ProblemClass::AppSyncFailed => (
            format!("{name}: 애플리케이션을 동기화할 수 없습니다"),
            format!("Argo CD가 적용하지 못했습니다.{}", said(finding)),
            vec!["메시지가 가리키는 것을 저장소에서 고쳐 push합니다.".into()],
        ),
    };
    Story {
        title,
        cause,
        remedy,
        closes_when: closes_when(finding),
    }
}

fn closes_when(finding: &Finding) -> String {
    let when = match end(finding.key.class) {
        End::Pods => "모든 파드가 한동안 준비 상태를 유지하면",
        End::Success => "이 작업이나 CronJob의 다음 실행이 성공하면",
        End::Gone => "파드가 사라지면",
        End::Node => "노드가 한동안 정상이면",
        End::Renewed => "인증서가 갱신되면",
        End::Synced => "Argo CD에서 동기화되고 정상이면",
    };
    format!("{when} 저절로 닫힙니다.")
}

pub(super) fn said(finding: &Finding) -> String {
    let said = quoted(finding.facts.message.as_ref(), "\u{201c}", "\u{201d}");
    if said.is_empty() {
        said
    } else {
        format!(" 메시지: {said}")
    }
}

fn hit(finding: &Finding) -> String {
    let count = finding.affected.len();
    match finding.total {
        Some(total) => format!("파드 {total}개 중 {count}개"),
        None => format!("파드 {count}개"),
    }
}

fn exit(finding: &Finding) -> String {
    match (
        finding.facts.exit_code,
        finding.facts.signal.filter(|s| *s > 0),
    ) {
        (_, Some(signal)) => format!("시그널 {signal}(으)로"),
        (Some(code), None) => format!("종료 코드 {code}(으)로"),
        (None, None) => "오류로".into(),
    }
}

fn crash_cause(finding: &Finding) -> String {
    let facts = &finding.facts;
    if facts.reason.as_deref() == Some("OOMKilled") {
        return "컨테이너가 메모리 한도에 도달할 때마다 커널이 종료합니다.".into();
    }
    let hint = match facts.exit_code {
        Some(126) => " 이 코드는 명령을 실행할 권한이 없다는 뜻입니다.",
        Some(127) => " 이 코드는 이미지에 그 명령이 없다는 뜻입니다.",
        Some(137) => " 이 코드는 메모리 한도나 livenessProbe 때문에 강제 종료되었다는 뜻입니다.",
        Some(139) => " 이 코드는 메모리 접근 오류라는 뜻입니다.",
        Some(143) => " 이 코드는 livenessProbe 등이 종료를 요청했다는 뜻입니다.",
        Some(0) => " 정상 종료하지만, 계속 실행되어야 하는 컨테이너입니다.",
        _ => "",
    };
    let restarts = facts
        .restarts
        .map(|n| format!(" 지금까지 {n}번 재시작했습니다."))
        .unwrap_or_default();
    format!(
        "컨테이너가 {} 종료되고, Kubernetes는 다시 시작하기까지 점점 더 오래 기다립니다.{restarts}{hint}{}",
        exit(finding),
        said(finding)
    )
}

fn crash_remedy(finding: &Finding) -> Vec<String> {
    let mut steps = last_words(finding);
    match finding.facts.exit_code {
        Some(126 | 127) => steps.push("command와 args를 이미지의 내용과 비교합니다.".into()),
        Some(137 | 143) => steps.push(
            "시작이 오래 걸리거나 데이터베이스를 기다린다면 startupProbe를 추가합니다. 그 전에는 livenessProbe가 실행되면 안 됩니다.".into(),
        ),
        _ => {}
    }
    steps.extend(
        undo(finding).map(|command| format!("마지막 변경이 원인이면 되돌립니다: {command}")),
    );
    steps
}

fn rollout_remedy(finding: &Finding) -> Vec<String> {
    let look = format!(
        "새 파드가 왜 준비되지 않는지 봅니다: kubectl get pods{}",
        in_namespace(finding)
    );
    let back = undo(finding).map(|command| format!("되돌립니다: {command}"));
    [look].into_iter().chain(back).collect()
}

fn last_words(finding: &Finding) -> Vec<String> {
    vec![format!("마지막 로그를 읽습니다: {}", logs(finding))]
}

fn pull_cause(finding: &Finding) -> String {
    let image = finding.facts.image.as_deref().unwrap_or("이미지");
    let why = match pull_fault(&finding.facts) {
        PullFault::PlainHttp => "레지스트리는 http로 응답하지만 노드는 https를 기대합니다",
        PullFault::ClusterName => {
            "레지스트리 이름이 클러스터 안에서만 통하고, 노드는 클러스터 DNS를 쓰지 않습니다"
        }
        PullFault::NoSuchHost => "노드가 레지스트리의 이름을 찾지 못합니다",
        PullFault::Unauthorized => {
            "레지스트리가 거부합니다. 인증 정보가 없거나 틀렸거나, 저장소가 없습니다"
        }
        PullFault::NotFound => "레지스트리에 그 이미지나 태그가 없습니다",
        PullFault::TokenServer => {
            "레지스트리가 토큰을 받으라고 알려 준 다른 서버에 노드가 닿지 못합니다"
        }
        PullFault::Refused => "레지스트리 주소에서 응답하는 것이 없습니다",
        PullFault::Untrusted => "노드가 레지스트리의 인증서를 신뢰하지 않습니다",
        PullFault::RateLimited => {
            "이 주소나 계정에서 이미지를 너무 많이 가져와 레지스트리가 제한했습니다"
        }
        PullFault::Platform => "노드의 아키텍처용으로 만든 이미지가 아닙니다",
        PullFault::Timeout => "레지스트리 또는 토큰 서버가 제때 응답하지 않습니다",
        PullFault::InvalidName => "올바른 이미지 이름이 아닙니다",
        PullFault::Other => "노드의 요청이 거부되었습니다",
    };
    format!("{image}을(를) 가져올 수 없습니다: {why}.{}", said(finding))
}

fn pull_remedy(finding: &Finding) -> Vec<String> {
    let step = match pull_fault(&finding.facts) {
        PullFault::PlainHttp => {
            "레지스트리에 TLS를 적용하거나 모든 노드에 insecure registry로 등록합니다."
        }
        PullFault::ClusterName => {
            "노드가 닿을 수 있는 레지스트리 주소(Ingress 또는 NodePort)를 이미지와 pull secret에 똑같이 씁니다."
        }
        PullFault::NoSuchHost => "레지스트리 이름을 고치거나 노드가 쓰는 DNS에 추가합니다.",
        PullFault::Unauthorized => {
            "pull secret을 확인합니다. 서버 주소는 이미지와 같게 쓰고, imagePullSecrets에 이름이 있어야 합니다."
        }
        PullFault::NotFound => "태그를 push하거나 워크로드의 태그를 고칩니다.",
        PullFault::Refused => "레지스트리가 실행 중인지, 포트가 맞는지 확인합니다.",
        PullFault::Untrusted => {
            "레지스트리의 CA를 모든 노드에 추가하거나, 노드가 신뢰하는 인증서를 레지스트리에 적용합니다."
        }
        PullFault::RateLimited => {
            "pull secret으로 레지스트리에 로그인하거나 자체 미러를 거쳐 가져옵니다."
        }
        PullFault::Platform => {
            "노드의 아키텍처용으로도 이미지를 빌드하거나 kubernetes.io/arch로 노드를 고릅니다."
        }
        PullFault::TokenServer | PullFault::Timeout => {
            "노드에서 레지스트리의 /v2/를 열어 WWW-Authenticate의 realm을 봅니다. 노드가 그 주소에도 닿아야 합니다."
        }
        PullFault::InvalidName => "워크로드의 이미지 이름을 고칩니다.",
        PullFault::Other => "아래에 있는 노드의 메시지를 읽습니다.",
    };
    vec![
        step.into(),
        format!(
            "kubectl describe pod {}{}",
            a_pod(finding),
            in_namespace(finding)
        ),
    ]
}

fn ends(finding: &Finding) -> String {
    finding
        .facts
        .not_after
        .map(|end| format!(" ({} 만료)", end.format("%Y-%m-%d")))
        .unwrap_or_default()
}

fn certificate_cause(finding: &Finding) -> String {
    let renewal = finding
        .facts
        .renewal_at
        .map(|at| {
            format!(
                " 갱신 예정은 {}이었습니다.",
                at.format("%Y-%m-%d %H:%M UTC")
            )
        })
        .unwrap_or_default();
    format!(
        "cert-manager가 제때 갱신하지 못했습니다.{renewal}{}",
        said(finding)
    )
}

fn certificate_remedy(finding: &Finding) -> Vec<String> {
    let name = &finding.key.owner.name;
    vec![
        format!("발급 과정을 따라갑니다: kubectl describe certificate,certificaterequest,order,challenge{}", in_namespace(finding)),
        "HTTP-01 챌린지라면 그 이름이 클러스터 안에서도 이 클러스터 Ingress의 80번 포트로 이어져야 합니다.".into(),
        format!("그런 다음 다시 시도합니다: cmctl renew {name}{}", in_namespace(finding)),
    ]
}
