//! The `porthole` program.

use std::{io::IsTerminal, process::ExitCode};

use clap::{Parser, Subcommand};
use porthole::{admin, boot, config::Config, db, doctor, schema};
use tracing_subscriber::EnvFilter;

/// Gives memory back after a burst: lists of big clusters, and hashing. glibc keeps it (docs/adr/0017).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A portal for people, and a window onto the cluster behind it.
#[derive(Parser)]
#[command(name = "porthole", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the portal.
    Serve {
        #[command(flatten)]
        config: Box<Config>,
    },
    /// Only send alerts, beside servers on the same PostgreSQL.
    Work {
        #[command(flatten)]
        config: Box<Config>,
    },
    /// Bring the database to the newest shape, and stop.
    Migrate {
        #[command(flatten)]
        config: Box<Config>,
    },
    /// Manage accounts from the machine the portal runs on.
    Admin {
        #[command(subcommand)]
        command: admin::Command,
        #[command(flatten)]
        config: Box<Config>,
    },
    /// Look whether everything is there that Porthole needs: settings, database, clusters, public address, channels.
    Doctor {
        #[command(flatten)]
        options: doctor::Options,
        #[command(flatten)]
        config: Box<Config>,
    },
    /// Print the GraphQL schema.
    Schema,
    /// Write a few notices, requests and comments, to see how the portal looks with people in it.
    Seed {
        #[command(flatten)]
        config: Box<Config>,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    match run(Cli::parse().command).await {
        Ok(code) => code,
        Err(e) => {
            eprintln!("porthole: {e:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Doctor { options, config } => {
            log(config.log_json);
            let report = doctor::examine(&options, &config).await;
            println!(
                "{}",
                if options.json {
                    report.json()
                } else {
                    report.to_string()
                }
            );
            return Ok(if report.is_well() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            });
        }
        Command::Serve { config } => {
            log(config.log_json);
            boot::serve(*config).await
        }
        Command::Work { config } => {
            log(config.log_json);
            boot::work(*config).await
        }
        Command::Migrate { config } => {
            log(config.log_json);
            boot::check(&config)?;
            boot::migrate(&db::connect(&config).await?).await
        }
        Command::Admin { command, config } => {
            log(config.log_json);
            admin::run(command, *config).await
        }
        Command::Seed { config } => {
            log(config.log_json);
            porthole::seed::run(*config).await
        }
        Command::Schema => {
            print!("{}", schema::sdl());
            Ok(())
        }
    }?;
    Ok(ExitCode::SUCCESS)
}

/// Log lines go to stderr; `PORTHOLE_LOG` takes tracing's filter syntax.
fn log(json: bool) {
    let filter = EnvFilter::try_from_env("PORTHOLE_LOG")
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,kube=warn,tower=warn"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    if json {
        builder.json().init();
    } else {
        builder.with_target(false).init();
    }
}
