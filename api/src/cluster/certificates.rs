//! When a certificate is a problem. cert-manager leaves `Ready` True while renewal fails, until the certificate has
//! expired; and lifetimes differ from six days to a year. So the thresholds are fractions of the lifetime.

use chrono::{DateTime, TimeDelta, Utc};

use super::model::{Certificate, Health, Issuing};
use crate::alerts::finding::{Evidence, Facts, Finding, Key, Owner, ProblemClass, Severity};

/// Lifetime where the beginning is not known: Let's Encrypt's classic one.
const USUAL_LIFE: TimeDelta = TimeDelta::days(90);
/// Shortest patience after the planned renewal.
const MIN_PATIENCE: TimeDelta = TimeDelta::hours(1);
/// How long `Ready` may be False while a certificate is being issued.
const ISSUING: TimeDelta = TimeDelta::minutes(10);

/// The owner of a certificate's incidents: itself.
pub fn owner(certificate: &Certificate) -> Owner {
    Owner {
        kind: "Certificate".into(),
        name: certificate.name.to_string(),
    }
}

/// What is wrong with a certificate now.
pub fn finding(cluster: &str, certificate: &Certificate, now: DateTime<Utc>) -> Option<Finding> {
    let (class, severity, since) = judge(certificate, now)?;
    let said = certificate.failure.as_deref().or_else(|| {
        let (ready, _, text) = certificate.ready.as_ref()?;
        (!ready && !text.is_empty()).then_some(&**text)
    });
    Some(Finding {
        key: Key {
            cluster: cluster.to_owned(),
            namespace: Some(certificate.namespace.to_string()),
            owner: owner(certificate),
            class,
            container: None,
        },
        severity,
        since,
        affected: vec![certificate.name.to_string()],
        total: None,
        facts: Facts {
            message: said.map(str::to_owned),
            dns_names: certificate
                .dns_names
                .iter()
                .map(ToString::to_string)
                .collect(),
            not_before: certificate.not_before,
            not_after: certificate.not_after,
            renewal_at: certificate.renewal_at,
            ..Facts::default()
        },
        evidence: said
            .map(|text| Evidence {
                at: None,
                source: format!("certificate {}", certificate.name),
                text: text.to_owned(),
            })
            .into_iter()
            .collect(),
    })
}

/// Lets a finding say what the deepest step on the way to the certificate says.
pub fn explain(step: &Issuing, finding: &mut Finding) {
    let Some(reason) = &step.reason else { return };
    finding.facts.message = Some(reason.to_string());
    finding.evidence.push(Evidence {
        at: None,
        source: format!("{} {}", step.owner.kind.to_lowercase(), step.owner.name),
        text: reason.to_string(),
    });
}

/// How a certificate fares.
pub fn health(certificate: &Certificate, now: DateTime<Utc>) -> Health {
    match judge(certificate, now) {
        Some((_, Severity::Critical, _)) => Health::Critical,
        Some((_, Severity::Warning, _)) => Health::Warning,
        None if is_settled(certificate, now) => Health::Ok,
        None => Health::Progressing,
    }
}

/// Positive evidence that all is well: issued, and not over.
pub fn is_settled(certificate: &Certificate, now: DateTime<Utc>) -> bool {
    let ready = certificate.ready.as_ref().is_some_and(|(ready, ..)| *ready);
    ready && certificate.not_after.is_some_and(|end| now < end)
}

fn judge(
    certificate: &Certificate,
    now: DateTime<Utc>,
) -> Option<(ProblemClass, Severity, DateTime<Utc>)> {
    let expiring = certificate
        .not_after
        .and_then(|end| expiring(certificate, end, now));
    if let Some((severity, since)) = expiring {
        return Some((ProblemClass::CertificateExpiring, severity, since));
    }
    match &certificate.ready {
        Some((false, since, _)) if now >= *since + ISSUING => Some((
            ProblemClass::CertificateNotReady,
            Severity::Critical,
            *since,
        )),
        _ => None,
    }
}

fn expiring(
    certificate: &Certificate,
    end: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Option<(Severity, DateTime<Utc>)> {
    let begin = certificate.not_before.unwrap_or(end - USUAL_LIFE);
    let life = end - begin;
    let critical_from = end - life / 6;
    let warning_from = match certificate.renewal_at {
        Some(renewal) => renewal + std::cmp::max(MIN_PATIENCE, life / 20),
        None => end - life / 3,
    };
    let failing = certificate.failed_attempts >= 1 || certificate.failure.is_some();
    // Somebody may want to renew later than usual: that is no problem before it is due.
    let is_due = now >= warning_from || failing || now >= end;
    if now >= critical_from && is_due {
        Some((
            Severity::Critical,
            std::cmp::min(warning_from, critical_from),
        ))
    } else if now >= warning_from {
        Some((Severity::Warning, warning_from))
    } else if failing {
        Some((Severity::Warning, now))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: f64) -> DateTime<Utc> {
        #[expect(clippy::cast_possible_truncation, reason = "small numbers of a test")]
        let seconds = (day * 86_400.0) as i64;
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("a time")
    }

    /// Ninety days long, to be renewed on day 60.
    fn certificate() -> Certificate {
        Certificate {
            uid: "u".into(),
            namespace: "wiki".into(),
            name: "wiki-tls".into(),
            dns_names: Vec::new(),
            secret_name: None,
            issuer: None,
            not_before: Some(at(0.0)),
            not_after: Some(at(90.0)),
            renewal_at: Some(at(60.0)),
            ready: Some((true, at(0.0), "".into())),
            failure: None,
            failed_attempts: 0,
            tuning: crate::cluster::model::Tuning::default(),
            created_at: at(0.0),
        }
    }

    fn verdict(certificate: &Certificate, day: f64) -> Option<(ProblemClass, Severity)> {
        finding("c", certificate, at(day)).map(|f| (f.key.class, f.severity))
    }

    #[test]
    fn a_renewal_that_does_not_come_is_a_warning_and_then_critical() {
        let late = certificate();
        let expiring = ProblemClass::CertificateExpiring;
        for (day, expected) in [
            (1.0, None),
            (60.5, None),
            (64.0, None),
            (65.0, Some((expiring, Severity::Warning))),
            (76.0, Some((expiring, Severity::Critical))),
            (91.0, Some((expiring, Severity::Critical))),
        ] {
            assert_eq!(verdict(&late, day), expected, "day {day}");
        }
    }

    #[test]
    fn a_certificate_of_six_days_is_not_always_about_to_end() {
        let short = Certificate {
            not_after: Some(at(6.6)),
            renewal_at: Some(at(4.4)),
            ..certificate()
        };
        assert_eq!(verdict(&short, 4.5), None);
        assert_eq!(verdict(&short, 4.8).map(|v| v.1), Some(Severity::Warning));
    }

    #[test]
    fn a_renewal_that_is_planned_late_is_no_problem_before_it_is_due() {
        let late = Certificate {
            renewal_at: Some(at(85.0)),
            ..certificate()
        };
        assert_eq!(verdict(&late, 84.0), None);
        assert_eq!(verdict(&late, 89.9).map(|v| v.1), Some(Severity::Critical));
    }

    #[test]
    fn failing_attempts_are_told_before_the_end_is_near() {
        let failing = Certificate {
            failed_attempts: 1,
            failure: Some("no route".into()),
            ..certificate()
        };
        assert_eq!(
            verdict(&failing, 10.0).map(|v| v.1),
            Some(Severity::Warning)
        );
    }

    #[test]
    fn a_certificate_that_is_not_issued_gets_ten_minutes() {
        let new = Certificate {
            not_before: None,
            not_after: None,
            renewal_at: None,
            ready: Some((false, at(0.0), "waiting".into())),
            ..certificate()
        };
        assert_eq!(verdict(&new, 0.001), None);
        assert_eq!(health(&new, at(0.001)), Health::Progressing);
        assert_eq!(
            verdict(&new, 0.01).map(|v| v.0),
            Some(ProblemClass::CertificateNotReady)
        );
    }
}
