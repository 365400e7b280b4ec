//! A message as a Discord embed, within Discord's limits. Discord counts code points.

use serde_json::{Value, json};

use super::message::{Message, Tone, cut};

/// Longest title of an embed.
const MAX_TITLE: usize = 256;
/// Longest description of an embed; Discord allows 4096, and 6000 over everything.
const MAX_DESCRIPTION: usize = 2_800;
/// Longest value of a field.
const MAX_FIELD: usize = 1_024;
/// Longest name of a field.
const MAX_FIELD_NAME: usize = 256;
/// Most facts; with remedy and evidence at most Discord's 25 fields.
const MAX_FACTS: usize = 23;
/// Characters over all parts of all embeds.
const MAX_TOTAL: usize = 6_000;

/// The request's body: one embed, cut so that Discord takes it, and nobody is pinged by what a pod says.
pub(super) fn body(message: &Message) -> Value {
    let fence = "```\n\n```".len();
    let mut left = MAX_TOTAL - fence - message.evidence_label().chars().count();
    let mut take = |text: &str, max: usize| {
        // Discord trims, and refuses what is empty then.
        let text = cut(text.trim(), max.min(left));
        left -= text.chars().count();
        text
    };
    let title = take(&plain(&message.title), MAX_TITLE);
    let footer = take(&message.mark, MAX_TITLE);
    let description = take(&plain(&message.cause), MAX_DESCRIPTION);
    let remedy = plain(&message.numbered_remedy());
    let evidence = message.evidence.join("\n").replace("```", "'''");
    let mut fields = Vec::new();
    for (name, value) in message.facts.iter().take(MAX_FACTS) {
        fields.push(json!({
            "name": take(&plain(name), MAX_FIELD_NAME),
            "value": take(&plain(value), MAX_FIELD),
            "inline": true,
        }));
    }
    if !remedy.is_empty() {
        fields.push(json!({
            "name": take(message.remedy_label(), MAX_FIELD_NAME),
            "value": take(&remedy, MAX_FIELD),
        }));
    }
    if !evidence.is_empty() {
        let quoted = take(&evidence, MAX_FIELD - fence);
        fields.push(json!({
            "name": message.evidence_label(),
            "value": format!("```\n{quoted}\n```"),
        }));
    }
    // Discord refuses empty names and values.
    fields.retain(|f| f["name"] != "" && f["value"] != "" && f["value"] != "```\n\n```");
    let mut embed = json!({
        "title": title,
        "description": description,
        "color": color(message.tone),
        "fields": fields,
        "footer": { "text": footer },
        "timestamp": message.at.to_rfc3339(),
    });
    if let Some(link) = &message.link {
        embed["url"] = link.as_str().into();
    }
    json!({ "embeds": [embed], "allowed_mentions": { "parse": [] } })
}

/// What a pod says is shown as it is: no link that hides where it leads, nothing struck out, no one's name as a mention.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if r"\*_~`|[<".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn color(tone: Tone) -> u32 {
    match tone {
        Tone::Critical => 0x00b0_221e,
        Tone::Warning => 0x00a8_6800,
        Tone::Good => 0x001b_6a3d,
        Tone::Info => 0x000b_5d76,
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn short() -> Message {
        Message {
            id: uuid::Uuid::nil(),
            thread: None,
            starts_thread: true,
            locale: crate::locale::Locale::Ko,
            tone: Tone::Critical,
            title: "t".into(),
            cause: "c".into(),
            remedy: Vec::new(),
            facts: Vec::new(),
            evidence: Vec::new(),
            link: None,
            mark: "m".into(),
            at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_message_of_any_length_stays_within_the_limits() {
        let long = "파드 🚢 ".repeat(2_000);
        let message = Message {
            title: long.clone(),
            cause: long.clone(),
            remedy: vec![long.clone(); 9],
            facts: vec![(long.clone(), long.clone()); 30],
            evidence: vec![long.clone(); 9],
            mark: long,
            ..short()
        };
        let body = body(&message);
        let embed = &body["embeds"][0];
        let length = |v: &Value| v.as_str().map_or(0, |s| s.chars().count());
        let fields = embed["fields"].as_array().expect("fields");
        let total = length(&embed["title"])
            + length(&embed["description"])
            + length(&embed["footer"]["text"])
            + fields
                .iter()
                .map(|f| length(&f["name"]) + length(&f["value"]))
                .sum::<usize>();
        assert!(total <= 6_000, "{total}");
        assert!(length(&embed["title"]) <= 256 && length(&embed["description"]) <= 4_096);
        assert!(fields.len() <= 25);
        assert!(
            fields
                .iter()
                .all(|f| (1..=256).contains(&length(&f["name"]))
                    && (1..=1_024).contains(&length(&f["value"])))
        );
        assert_eq!(body["allowed_mentions"], json!({ "parse": [] }));
    }

    #[test]
    fn what_a_pod_says_is_no_markup_and_blanks_are_no_field() {
        let mut message = short();
        message.cause = "[see here](https://evil.example) **now** <@1> `x`".into();
        message.evidence = vec![" \n\t ".into()];
        message.facts = vec![("Image".into(), "  ".into())];
        let body = body(&message);
        assert_eq!(
            body["embeds"][0]["description"],
            r"\[see here](https://evil.example) \*\*now\*\* \<@1> \`x\`"
        );
        assert_eq!(body["embeds"][0]["fields"], json!([]));
    }
}
