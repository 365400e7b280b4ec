//! The public address: does the way to it lead to Porthole's API?

use std::time::Duration;

use http::{HeaderValue, header};

use super::Report;
use crate::{alerts::diagnosis::Diagnosis, config::Config, error::cause};

const PART: &str = "public address";
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) async fn examine(report: &mut Report, config: &Config) {
    let url = config.public_url();
    let client = reqwest::Client::builder()
        .timeout(PATIENCE)
        .redirect(reqwest::redirect::Policy::none())
        .build();
    let (Ok(client), Ok(api)) = (client, url.join("/graphql")) else {
        return report.fail(
            PART,
            "It cannot be asked: are CA certificates installed?",
            None,
        );
    };
    let question = serde_json::json!({ "query": "{ __typename }" });
    let answer = match client.post(api.clone()).json(&question).send().await {
        Ok(answer) => answer,
        Err(e) => {
            let why = cause(&e.without_url());
            let message = format!(
                "{api} does not answer ({why}). Does Porthole run, and does the way lead there?"
            );
            return report.warn(PART, message, None);
        }
    };
    let status = answer.status();
    let kind = answer.headers().get(header::CONTENT_TYPE);
    let kind = kind
        .and_then(|v: &HeaderValue| v.to_str().ok())
        .unwrap_or_default();
    let is_page = kind.starts_with("text/html");
    let text = answer.text().await.unwrap_or_default();
    if is_page || text.trim_start().starts_with('<') {
        let message = format!("{api} answers with a web page instead of JSON.");
        return report.fail(PART, message, Some(Diagnosis::HtmlForApi));
    }
    // Who is not signed in is told so, in JSON: that is Porthole.
    let is_ours = serde_json::from_str::<serde_json::Value>(&text)
        .is_ok_and(|json| json.get("data").is_some() || json.get("errors").is_some());
    if is_ours {
        report.ok(PART, format!("{api} leads to a GraphQL API."));
    } else {
        report.fail(
            PART,
            format!("{api} answers {status}, and not as Porthole does."),
            None,
        );
    }
}
