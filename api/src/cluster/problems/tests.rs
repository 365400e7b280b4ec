//! Pods in trouble, and pods that only look like it.

use super::{
    super::model::{ContainerState, Health},
    container::PULL,
    *,
};

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("a time")
}

const HOLDS: Holds = Holds {
    hold: TimeDelta::seconds(60),
    not_ready: TimeDelta::seconds(300),
    calm: TimeDelta::seconds(120),
    stalled: TimeDelta::minutes(15),
};

fn pod(name: &str, state: ContainerState, restarts: i32, last: Option<Termination>) -> Pod {
    Pod {
        uid: name.into(),
        namespace: "ledger".into(),
        name: name.into(),
        controller: None,
        phase: Phase::Running,
        reason: None,
        message: None,
        status: "x".into(),
        health: Health::Ok,
        ready: 0,
        total: 1,
        restarts,
        last_restart_at: None,
        node: None,
        created_at: at(0),
        deletion_at: None,
        finalizers: Vec::new(),
        ready_condition: Some((false, at(0))),
        unschedulable: None,
        restarts_on_error: true,
        tuning: Tuning::default(),
        containers: vec![Container {
            name: "app".into(),
            image: "app:1".into(),
            restarts,
            started: Some(true),
            state,
            last: last.map(Box::new),
            ..Container::default()
        }],
    }
}

fn owner(kind: &str) -> Owner {
    Owner {
        kind: kind.into(),
        name: "sync".into(),
    }
}

fn look(pods: &[Pod], kind: &str, second: i64) -> (Vec<(ProblemClass, Vec<String>)>, bool) {
    let subjects: Vec<Subject<'_>> = pods
        .iter()
        .map(|pod| Subject {
            on_lost_node: false,
            rollout_deadline: None,
            tuning: pod.tuning,
            pod,
            owner: owner(kind),
            total: Some(3),
            unseen: Vec::new(),
        })
        .collect();
    let found = findings("c", &subjects, at(second), &HOLDS);
    let told = found
        .findings
        .into_iter()
        .map(|f| (f.key.class, f.affected));
    (told.collect(), !found.unsettled.is_empty())
}

fn waiting(reason: &str) -> ContainerState {
    ContainerState::Waiting(reason.into(), None)
}

fn end(reason: &str, second: i64) -> Termination {
    Termination {
        reason: reason.into(),
        exit_code: 1,
        finished_at: Some(at(second)),
        ..Termination::default()
    }
}

#[test]
fn a_crash_loop_is_told_at_once_and_once_for_all_pods_of_an_owner() {
    let crash = |name| pod(name, waiting("CrashLoopBackOff"), 3, Some(end("Error", 10)));
    let (told, _) = look(&[crash("b"), crash("a")], "Deployment", 11);
    assert_eq!(
        told,
        [(ProblemClass::CrashLoop, vec!["a".into(), "b".into()])]
    );
}

#[test]
fn a_first_crash_and_a_failing_pull_get_a_while_to_pass() {
    let first = pod("a", waiting("CrashLoopBackOff"), 1, Some(end("Error", 10)));
    assert_eq!(
        look(std::slice::from_ref(&first), "Deployment", 20),
        (vec![], true)
    );
    assert_eq!(look(&[first], "Deployment", 71).0.len(), 1);
    for reason in PULL {
        let pull = pod("a", waiting(reason), 0, None);
        assert_eq!(look(std::slice::from_ref(&pull), "Deployment", 59).0, []);
        assert_eq!(
            look(&[pull], "Deployment", 60).0[0].0,
            ProblemClass::ImagePull,
            "{reason}"
        );
    }
}

#[test]
fn running_between_two_crashes_is_not_well_yet() {
    let mut running = pod(
        "a",
        ContainerState::Running(None),
        4,
        Some(end("Error", 100)),
    );
    running.ready_condition = Some((true, at(101)));
    assert_eq!(
        look(std::slice::from_ref(&running), "Deployment", 150),
        (vec![], true)
    );
    assert_eq!(look(&[running], "Deployment", 221), (vec![], false));
}

#[test]
fn what_is_meant_to_end_or_start_is_no_problem() {
    let mut starting = pod("a", ContainerState::Running(None), 0, None);
    starting.containers[0].started = Some(false);
    assert_eq!(look(&[starting], "Deployment", 9_999).0, []);
    let job = pod(
        "a",
        ContainerState::Terminated(Box::new(end("Error", 10))),
        0,
        None,
    );
    assert_eq!(look(std::slice::from_ref(&job), "Job", 9_999).0, []);
    assert_eq!(look(&[job], "Pod", 9_999).0[0].0, ProblemClass::ErrorExit);
    let mut deleted = pod("a", waiting("CrashLoopBackOff"), 9, Some(end("Error", 10)));
    deleted.deletion_at = Some(at(100));
    assert_eq!(
        look(std::slice::from_ref(&deleted), "Deployment", 200).0,
        []
    );
    assert_eq!(
        look(&[deleted], "Deployment", 221).0[0].0,
        ProblemClass::StuckTerminating
    );
}

#[test]
fn memory_is_seen_in_the_last_state_too() {
    let mut oom = end("OOMKilled", 100);
    oom.exit_code = 137;
    let mut again = pod("a", ContainerState::Running(None), 1, Some(oom));
    again.ready_condition = Some((true, at(101)));
    assert_eq!(
        look(std::slice::from_ref(&again), "Deployment", 101).0[0].0,
        ProblemClass::OomKilled
    );
    assert_eq!(look(&[again], "Deployment", 900).0, []);
}

#[test]
fn a_pod_that_is_not_ready_gets_five_minutes() {
    let idle = pod("a", ContainerState::Running(None), 0, None);
    assert_eq!(
        look(std::slice::from_ref(&idle), "Deployment", 299),
        (vec![], true)
    );
    assert_eq!(
        look(&[idle], "Deployment", 300).0[0].0,
        ProblemClass::NotReady
    );
}
