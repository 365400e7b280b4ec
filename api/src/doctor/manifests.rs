//! A folder of manifests: what is defined twice, and NodePorts that clash.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde_json::Value;

use super::Report;
use crate::alerts::diagnosis::Diagnosis;

const PART: &str = "manifests";
/// Most files that are read.
const MAX_FILES: usize = 2_000;

/// A port on every node, and the Service that has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodePort {
    /// The port.
    pub port: i32,
    /// `TCP`, `UDP` or `SCTP`.
    pub protocol: String,
    /// The Service, as `namespace/name`.
    pub service: String,
}

pub(super) fn examine(report: &mut Report, folder: &Path, taken: &[NodePort]) {
    let mut files = Vec::new();
    if let Err(e) = collect(folder, &mut files) {
        return report.fail(PART, format!("cannot read {}: {e}", folder.display()), None);
    }
    files.sort();
    let mut objects: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut ports = Vec::new();
    for file in &files {
        let name = file
            .strip_prefix(folder)
            .unwrap_or(file)
            .display()
            .to_string();
        match read(file) {
            Ok(documents) => {
                for object in documents.iter().flat_map(items) {
                    objects
                        .entry(identity(object))
                        .or_default()
                        .push(name.clone());
                    ports.extend(node_ports(object));
                }
            }
            Err(e) => report.fail(PART, format!("{name}: {e}"), None),
        }
    }
    let twice = objects.iter().filter(|(_, places)| places.len() > 1);
    let mut problems = 0;
    for (object, places) in twice {
        problems += 1;
        let message = format!(
            "{object} is defined {} times: {}.",
            places.len(),
            places.join(", ")
        );
        report.fail(PART, message, Some(Diagnosis::DefinedTwice));
    }
    for (number, one) in ports.iter().enumerate() {
        let clashes = |other: &&NodePort| {
            other.port == one.port && other.protocol == one.protocol && other.service != one.service
        };
        let other = taken
            .iter()
            .find(clashes)
            .or_else(|| ports[..number].iter().find(clashes));
        if let Some(other) = other {
            problems += 1;
            let message = format!(
                "{} asks for NodePort {}, which {} has.",
                one.service, one.port, other.service
            );
            report.fail(PART, message, Some(Diagnosis::NodePortTaken));
        }
    }
    if problems == 0 {
        report.ok(
            PART,
            format!(
                "{} objects in {} files, none twice.",
                objects.len(),
                files.len()
            ),
        );
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let is_hidden = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if is_hidden || files.len() >= MAX_FILES {
            continue;
        }
        if path.is_dir() {
            collect(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|e| e == "yaml" || e == "yml" || e == "json")
        {
            files.push(path);
        }
    }
    Ok(())
}

fn read(file: &Path) -> Result<Vec<Value>, String> {
    let text = std::fs::read_to_string(file).map_err(|e| e.to_string())?;
    serde_saphyr::from_multiple(&text).map_err(|e| format!("no YAML: {e}"))
}

/// The objects of a document: itself, or those of a list. What is no object of Kubernetes is left out.
fn items(document: &Value) -> Vec<&Value> {
    let is_object = |value: &&Value| {
        value["kind"].is_string()
            && value["apiVersion"].is_string()
            && value["metadata"]["name"].is_string()
    };
    match document["items"].as_array() {
        Some(items) => items.iter().filter(is_object).collect(),
        None => Some(document).filter(is_object).into_iter().collect(),
    }
}

/// Group, kind, namespace and name: versions of one group are the same object.
fn identity(object: &Value) -> String {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let api = word(&object["apiVersion"]);
    let group = api.split_once('/').map_or("", |(group, _)| group);
    let group = if group.is_empty() {
        String::new()
    } else {
        format!(".{group}")
    };
    format!("{}{group} {}", word(&object["kind"]), place(object))
}

fn place(object: &Value) -> String {
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    match object["metadata"]["namespace"].as_str() {
        Some(namespace) => format!("{namespace}/{name}"),
        None => name.to_owned(),
    }
}

fn node_ports(object: &Value) -> Vec<NodePort> {
    if object["kind"] != "Service" {
        return Vec::new();
    }
    let ports = object["spec"]["ports"].as_array().into_iter().flatten();
    ports
        .filter_map(|port| {
            Some(NodePort {
                port: i32::try_from(port["nodePort"].as_i64()?).ok()?,
                protocol: port["protocol"].as_str().unwrap_or("TCP").to_owned(),
                service: place(object),
            })
        })
        .collect()
}
