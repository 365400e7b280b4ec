//! The `porthole` program.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use porthole::{admin, boot, config::Config, db, doctor, memory, schema, trace};

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
    memory::small_pages();
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
            trace::start(config.log_json)?;
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
            let trace = trace::start(config.log_json)?;
            let served = boot::serve(*config).await;
            trace.end().await;
            served
        }
        Command::Work { config } => {
            let trace = trace::start(config.log_json)?;
            let worked = boot::work(*config).await;
            trace.end().await;
            worked
        }
        Command::Migrate { config } => {
            trace::start(config.log_json)?;
            boot::check(&config)?;
            boot::migrate(&db::connect(&config).await?).await
        }
        Command::Admin { command, config } => {
            trace::start(config.log_json)?;
            admin::run(command, *config).await
        }
        Command::Seed { config } => {
            trace::start(config.log_json)?;
            porthole::seed::run(*config).await
        }
        Command::Schema => {
            print!("{}", schema::sdl());
            Ok(())
        }
    }?;
    Ok(ExitCode::SUCCESS)
}
