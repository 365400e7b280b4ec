//! One step of an incident in one line, for messages and the timeline.

use chrono::TimeDelta;
use entity::transition::Kind;

use super::Story;
use crate::{
    alerts::finding::{Finding, Severity},
    locale::Locale,
    notify::message::Tone,
};

/// How a step should strike the eye.
pub fn tone(kind: Kind, severity: Severity) -> Tone {
    match (kind, severity) {
        (Kind::Recovered, _) => Tone::Good,
        (Kind::Removed, _) => Tone::Info,
        (_, Severity::Critical) => Tone::Critical,
        (_, Severity::Warning) => Tone::Warning,
    }
}

/// The headline of a step.
pub fn headline(kind: Kind, finding: &Finding, story: &Story, locale: Locale) -> String {
    let name = &finding.key.owner.name;
    match kind {
        Kind::Opened => story.title.clone(),
        Kind::Changed => locale.pick(
            format!("Worse: {}", story.title),
            format!("악화: {}", story.title),
        ),
        Kind::Recovered => locale.pick(
            format!("{name} has recovered"),
            format!("{name}: 복구되었습니다"),
        ),
        Kind::Removed => locale.pick(format!("{name} is gone"), format!("{name}: 없어졌습니다")),
    }
}

/// What is said instead of a cause when it is over.
pub fn ending(kind: Kind, finding: &Finding, lasted: TimeDelta, locale: Locale) -> String {
    let time = duration(lasted, locale);
    let kind_and_name = format!("{}/{}", finding.key.owner.kind, finding.key.owner.name);
    if kind == Kind::Recovered {
        locale.pick(
            format!("{kind_and_name} is well again. It lasted {time}."),
            format!("{kind_and_name}이(가) 다시 정상입니다. {time} 동안 이어졌습니다."),
        )
    } else {
        locale.pick(
            format!("{kind_and_name} was deleted or scaled to zero after {time}. It did not recover."),
            format!("{kind_and_name}이(가) {time} 만에 삭제되었거나 0으로 축소되었습니다. 복구된 것은 아닙니다."),
        )
    }
}

/// Where: label and value.
pub fn facts(finding: &Finding, locale: Locale) -> Vec<(String, String)> {
    let key = &finding.key;
    let mut facts = vec![(
        locale.pick("Workload", "워크로드").to_owned(),
        format!("{}/{}", key.owner.kind, key.owner.name),
    )];
    if let Some(namespace) = &key.namespace {
        facts.push((
            locale.pick("Namespace", "네임스페이스").into(),
            namespace.clone(),
        ));
    }
    facts.push((
        locale.pick("Cluster", "클러스터").into(),
        key.cluster.clone(),
    ));
    if !finding.affected.is_empty() && !super::is_certificate(key.class) {
        let count = finding.affected.len();
        let pods = finding
            .total
            .map_or_else(|| count.to_string(), |total| format!("{count} / {total}"));
        facts.push((locale.pick("Pods", "파드").into(), pods));
    }
    if let Some(image) = &finding.facts.image {
        facts.push((locale.pick("Image", "이미지").into(), image.clone()));
    }
    facts
}

/// Such as `14 min` or `2 h 5 min`.
fn duration(time: TimeDelta, locale: Locale) -> String {
    let minutes = time.num_minutes();
    match (minutes / 60, minutes % 60) {
        (0, 0) => locale.pick(
            format!("{} s", time.num_seconds().max(0)),
            format!("{}초", time.num_seconds().max(0)),
        ),
        (0, m) => locale.pick(format!("{m} min"), format!("{m}분")),
        (h, m) => locale.pick(format!("{h} h {m} min"), format!("{h}시간 {m}분")),
    }
}
