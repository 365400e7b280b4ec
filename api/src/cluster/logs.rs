//! What a container says: read from the cluster when somebody asks, never kept.

use anstream::adapter::strip_str;
use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use futures::{AsyncBufReadExt, Stream, StreamExt};
use k8s_openapi::api::core::v1;
use kube::{Api, api::LogParams};

use super::{Cluster, model::Pod};
use crate::{
    error::{Error, Result, cause},
    locale::Text,
    text,
};

/// Most lines of one answer.
pub const MAX_LINES: i32 = 1_000;
/// Most bytes of one answer.
const MAX_BYTES: i64 = 1024 * 1024;
/// Most characters of a line; the rest is cut.
const MAX_LINE: usize = 4_000;
/// Most lines that are sent together.
const BATCH: usize = 200;

/// A line that a container wrote.
#[derive(SimpleObject, Clone, Debug, PartialEq, Eq)]
#[graphql(name = "LogLine")]
pub struct Line {
    /// When it was written; null when the container runtime does not say.
    pub at: Option<DateTime<Utc>>,
    /// What was written, without colours and other orders to a terminal.
    pub text: String,
}

/// Which lines to read.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Which container; the only or first one when not said.
    pub container: Option<String>,
    /// How many lines from the end.
    pub tail: i32,
    /// Of the run before this one.
    pub previous: bool,
}

impl Wanted {
    fn params(&self, pod: &Pod) -> Result<LogParams> {
        if !(1..=MAX_LINES).contains(&self.tail) {
            let message = text!(
                "Ask for 1 to {MAX_LINES} lines.",
                "1~{MAX_LINES}줄을 요청하세요."
            );
            return Err(Error::Invalid(message, vec!["tail".into()]));
        }
        let container = match &self.container {
            Some(name) if pod.containers.iter().any(|c| *c.name == **name) => name.clone(),
            Some(name) => {
                let message = text!(
                    "The pod has no container {name}.",
                    "파드에 {name} 컨테이너가 없습니다."
                );
                return Err(Error::Invalid(message, vec!["container".into()]));
            }
            None => main_container(pod).unwrap_or_default(),
        };
        Ok(LogParams {
            container: Some(container).filter(|name| !name.is_empty()),
            tail_lines: Some(self.tail.into()),
            previous: self.previous,
            timestamps: true,
            ..LogParams::default()
        })
    }
}

/// The container that most likely matters: the first that is no init container.
fn main_container(pod: &Pod) -> Option<String> {
    use super::model::ContainerKind;
    let main = pod
        .containers
        .iter()
        .find(|c| c.kind == ContainerKind::Main);
    main.or(pod.containers.first()).map(|c| c.name.to_string())
}

/// The last lines.
///
/// # Errors
/// What is asked for in vain, a right that Porthole lacks, and a cluster that does not answer.
pub async fn tail(cluster: &Cluster, pod: &Pod, wanted: &Wanted) -> Result<Vec<Line>> {
    let params = LogParams {
        limit_bytes: Some(MAX_BYTES),
        ..wanted.params(pod)?
    };
    let text = api(cluster, pod)?.logs(&pod.name, &params).await;
    let text = text.map_err(|e| refused(&e))?;
    Ok(text.lines().map(line).collect())
}

/// The last lines, and then each as it is written. It ends when the container does.
///
/// # Errors
/// As for [`tail`].
pub async fn follow(
    cluster: &Cluster,
    pod: &Pod,
    wanted: &Wanted,
) -> Result<impl Stream<Item = Vec<Line>> + use<>> {
    let params = LogParams {
        follow: true,
        ..wanted.params(pod)?
    };
    let stream = api(cluster, pod)?.log_stream(&pod.name, &params).await;
    let lines = stream.map_err(|e| refused(&e))?.lines();
    // A connection that breaks ends the stream: whoever follows asks again.
    let lines = lines.scan((), |(), read| {
        std::future::ready(read.ok().map(|text| line(&text)))
    });
    // Those that wait already are sent together.
    Ok(lines.ready_chunks(BATCH))
}

fn api(cluster: &Cluster, pod: &Pod) -> Result<Api<v1::Pod>> {
    let client = cluster.client.clone();
    let client = client.ok_or_else(|| {
        Error::Unavailable(text!(
            "The cluster cannot be reached.",
            "클러스터에 연결할 수 없습니다."
        ))
    })?;
    Ok(Api::namespaced(client, &pod.namespace))
}

/// `2026-11-23T10:00:00.123456789Z text`, as asked for by `timestamps`.
fn line(text: &str) -> Line {
    let (at, text) = match text.split_once(' ') {
        Some((stamp, rest)) => match DateTime::parse_from_rfc3339(stamp) {
            Ok(at) => (Some(at.to_utc()), rest),
            Err(_) => (None, text),
        },
        None => (None, text),
    };
    let plain = strip_str(text).to_string();
    Line {
        at,
        text: crate::notify::message::cut(plain.trim_end_matches('\r'), MAX_LINE).to_string(),
    }
}

fn refused(error: &kube::Error) -> Error {
    match error {
        kube::Error::Api(status) => match status.code {
            403 => Error::Unavailable(text!(
                "The right to get pods/log is missing: apply k8s/components/logs to give it to Porthole.",
                "pods/log 읽기 권한이 없습니다. k8s/components/logs를 적용해 포트홀에 권한을 주세요."
            )),
            404 => Error::NotFound(text!("This pod is gone.", "없는 파드입니다.")),
            // A container that has not started, or has no run before this one.
            400 => Error::Invalid(
                Text::as_is(status.message.clone()),
                vec!["container".into()],
            ),
            code => {
                let said = &status.message;
                Error::Unavailable(text!(
                    "The cluster answers {code}: {said}",
                    "클러스터가 {code}(으)로 답합니다: {said}"
                ))
            }
        },
        other => {
            let why = cause(other);
            Error::Unavailable(text!(
                "The cluster does not answer: {why}",
                "클러스터가 응답하지 않습니다: {why}"
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_split_from_its_time_and_cleaned() {
        let read = line("2026-11-23T10:00:00.5Z \u{1b}[31mred\u{1b}[0m alert\r");
        assert_eq!(read.text, "red alert");
        assert_eq!(read.at.map(|at| at.timestamp_subsec_millis()), Some(500));
        assert_eq!(line("no time here").text, "no time here");
        assert_eq!(line("").text, "");
        assert!(line(&"x".repeat(10_000)).text.chars().count() <= MAX_LINE);
    }
}
