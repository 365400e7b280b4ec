//! Work that ends: builds that come and go, and Nextcloud's regular one.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::{
    apps::NEXTCLOUD,
    control, kinds,
    lab::{Lab, Report},
    objects::{self, Container, number, stamp, suffix, text},
    pods, rollout,
    store::Key,
};

/// The namespace and name of the cron job.
const CRON: (&str, &str) = ("nextcloud", "nextcloud-cron");

/// How often it is due, in seconds: what its schedule says.
const EVERY: i64 = 300;

/// How many of its jobs are kept after they are done.
const KEPT: usize = 3;

/// What it runs.
const CRON_CONTAINER: Container = Container {
    name: "cron",
    image: NEXTCLOUD,
    port: 0,
};

/// Puts the cron job in place, with the jobs it last ran.
pub fn seed(lab: &Lab, now: DateTime<Utc>) {
    let (namespace, name) = CRON;
    let created = now - Duration::days(190);
    let mut it = objects::object(kinds::CRON_JOB, namespace, name, created);
    it["spec"] = json!({
        "schedule": "*/5 * * * *", "suspend": false, "concurrencyPolicy": "Forbid",
        "successfulJobsHistoryLimit": KEPT, "failedJobsHistoryLimit": 1,
        "jobTemplate": {"spec": {"template": objects::template(name, &CRON_CONTAINER, "OnFailure")}},
    });
    let last = last_done(now);
    let time = |at: i64| DateTime::from_timestamp(at, 0).unwrap_or(now);
    it["status"] = json!({
        "lastScheduleTime": stamp(time(last)), "lastSuccessfulTime": stamp(time(last + 9)),
    });
    lab.store.put(kinds::CRON_JOB, it);
    for due in [last - EVERY * 2, last - EVERY, last] {
        let job = due_job(due, time(due));
        let job_name = text(&job, "/metadata/name");
        let pod_name = format!("{job_name}-{}", suffix(job_name, 5));
        let template = &job["spec"]["template"];
        let mut pod = pods::new(&job, kinds::JOB, &pod_name, template, time(due));
        pods::scheduled(&mut pod, pods::NODES[1], time(due));
        pods::creating(&mut pod, time(due));
        pods::running(&mut pod, time(due + 2));
        pods::ready(&mut pod, time(due + 2));
        lab.store.put(kinds::JOB, job);
        lab.store.put(kinds::POD, pod.clone());
        // Counted twice, because a job remembers when it began and when it ended.
        control::owners_of(lab, &pod, time(due));
        pods::ended(&mut pod, 0, "", time(due + 9));
        lab.store.put(kinds::POD, pod.clone());
        control::owners_of(lab, &pod, time(due + 9));
    }
}

/// When the newest job that is certainly done by now was due.
fn last_done(now: DateTime<Utc>) -> i64 {
    // One takes a little under ten seconds.
    (now.timestamp() - 10).div_euclid(EVERY) * EVERY
}

/// The job for the time it is due at, named, as the real ones are, after the minute.
fn due_job(due: i64, at: DateTime<Utc>) -> Value {
    let (namespace, cron) = CRON;
    let name = format!("{cron}-{}", due / 60);
    let mut job = job(namespace, &name, &CRON_CONTAINER, at);
    job["metadata"]["ownerReferences"] = objects::owner(kinds::CRON_JOB, namespace, cron);
    job
}

/// Runs Nextcloud's job whenever it is due, and clears away the oldest.
pub async fn cron(lab: &Lab) {
    let (namespace, name) = CRON;
    let cron = Key::new(kinds::CRON_JOB, namespace, name);
    let mut due = last_done(lab.now()) + EVERY;
    let mut wait = Duration::seconds((due - lab.now().timestamp()).max(0)).as_seconds_f64();
    loop {
        lab.pause(wait).await;
        let job = due_job(due, lab.now());
        let key = Key::new(kinds::JOB, namespace, text(&job, "/metadata/name"));
        let reference = json!({
            "apiVersion": "batch/v1", "kind": "Job", "namespace": namespace, "name": key.name,
            "uid": job["metadata"]["uid"],
        });
        lab.store.put(kinds::JOB, job);
        let at = stamp(DateTime::from_timestamp(due, 0).unwrap_or(lab.now()));
        lab.store.edit(&cron, |it| {
            it["status"]["active"] = json!([reference]);
            it["status"]["lastScheduleTime"] = json!(at);
        });
        run(lab, &key, 6.0).await;
        let at = stamp(lab.now());
        lab.store.edit(&cron, |it| {
            let last = &it["status"]["lastScheduleTime"];
            it["status"] = json!({"lastScheduleTime": last, "lastSuccessfulTime": at});
        });
        clear(lab);
        due += EVERY;
        // Running it took about ten seconds of the wait until the next.
        wait = 290.0;
    }
}

/// Deletes the oldest finished jobs with their pods, as far as there are more than are kept.
fn clear(lab: &Lab) {
    let (_, jobs) = lab.store.list(kinds::JOB, Some(CRON.0));
    let done: Vec<Key> = jobs
        .into_iter()
        .filter(|(_, job)| number(job, "/status/succeeded") > 0)
        .map(|(key, _)| key)
        .collect();
    // Their names end in ever larger numbers of as many digits, so the oldest come first.
    for job in done.iter().take(done.len().saturating_sub(KEPT)) {
        for pod in rollout::pods_of(lab, job) {
            lab.store.delete(&pod);
        }
        lab.store.delete(job);
    }
}

/// Builds somebody's commits, one after another, and leaves nothing behind.
pub async fn builds(lab: &Lab) {
    let image = Container {
        name: "build",
        image: "docker.gitea.com/runner-images:ubuntu-24.04-slim",
        port: 0,
    };
    for task in 1207_u64.. {
        let name = format!("actions-task-{task}");
        let job = job("gitea", &name, &image, lab.now());
        lab.store.put(kinds::JOB, job);
        let key = Key::new(kinds::JOB, "gitea", &name);
        let pod = run(lab, &key, 4.0).await;
        lab.pause(3.5).await;
        if let Some(pod) = pod {
            lab.store.delete(&pod);
        }
        lab.store.delete(&key);
        lab.pause(1.5).await;
    }
}

/// A job that runs one container once.
fn job(namespace: &str, name: &str, container: &Container, at: DateTime<Utc>) -> Value {
    let mut it = objects::object(kinds::JOB, namespace, name, at);
    let mut template = objects::template(container.name, container, "OnFailure");
    let uid = it["metadata"]["uid"].clone();
    template["metadata"]["labels"] = json!({
        "batch.kubernetes.io/controller-uid": uid, "batch.kubernetes.io/job-name": name,
    });
    it["metadata"]["labels"] = template["metadata"]["labels"].clone();
    it["spec"] = json!({
        "parallelism": 1, "completions": 1, "backoffLimit": 6, "completionMode": "NonIndexed",
        "suspend": false, "template": template,
        "selector": {"matchLabels": {"batch.kubernetes.io/controller-uid": uid}},
    });
    it
}

/// Runs a job's one pod to its end.
async fn run(lab: &Lab, job: &Key, seconds: f64) -> Option<Key> {
    let pod = rollout::another_pod(lab, job, kinds::JOB)?;
    lab.bring_up(&pod, 0.2).await;
    lab.pause(seconds).await;
    lab.pod(&pod, |p, at| pods::ended(p, 0, "", at));
    lab.report(
        job,
        &Report {
            from: "job-controller",
            severity: "Normal",
            reason: "Completed",
            message: "Job completed".to_owned(),
        },
    );
    Some(pod)
}
