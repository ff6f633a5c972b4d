//! `cargo xtask package`: what people install, each built below `target/package` and tried as they would.
//!
//! Its files (the unit, the settings, the Containerfile, the manifests, the rules) are in `packaging/`. Start reading at [`Package`].

mod container;
mod debian;
mod debian_trial;
mod folder;
mod kinds;
mod sbom;
mod trial;

use folder::FOLDER;

use crate::process::server::Server;
use crate::process::step::{root, run};
use crate::process::{packages, tools};

const REQUIREMENTS: &str = "xtask/package/requirements.txt";
const PYTHON: &str = "target/package/python";

/// Build and try one kind of package, or all.
#[derive(Debug, clap::Args)]
pub struct Package {
    #[arg(value_enum)]
    part: Option<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// A static binary for x86-64, with musl
    Static,
    /// A binary for arm64, run by an emulator
    Arm64,
    /// A Debian package, installed, upgraded, removed and purged in a fresh Debian 12 (as root)
    Deb,
    /// A container image without anything but the static binary, built twice (as root)
    Container,
    /// The Kubernetes manifests, against the schemas
    Manifests,
    /// Prometheus rules and the Grafana dashboard, against a real Prometheus that reads a server
    Monitoring,
    /// The list of what is in the binary, in the form of `CycloneDX`
    Sbom,
}

impl Package {
    /// Builds and tries what was named; without a name, everything.
    pub fn run(self) -> Result<(), String> {
        let all = [
            Part::Static,
            Part::Arm64,
            Part::Deb,
            Part::Container,
            Part::Manifests,
            Part::Monitoring,
            Part::Sbom,
        ];
        let wanted = self.part.map_or_else(|| all.to_vec(), |part| vec![part]);
        run(&format!("mkdir --parents {FOLDER}"))?;
        for part in &wanted {
            match part {
                Part::Static => kinds::build_static()?,
                Part::Arm64 => kinds::build_arm64()?,
                Part::Deb => debian_trial::try_out(&debian::build()?)?,
                Part::Container => container::build_and_try()?,
                Part::Manifests => manifests()?,
                Part::Monitoring => monitoring()?,
                Part::Sbom => sbom::write()?,
            }
        }
        sbom::checksums()
    }
}

fn manifests() -> Result<(), String> {
    let python = tools::from_pypi(PYTHON, REQUIREMENTS)?;
    run(&format!("{python}/kubernetes-validate --strict packaging/kubernetes/callslot.yaml"))
}

/// Also a part of every test run: it takes seconds, and a metric is renamed sooner than its alerts.
pub fn monitoring() -> Result<(), String> {
    packages::need(&[packages::PROMETHEUS])?;
    let python = tools::from_pypi(PYTHON, REQUIREMENTS)?;
    run("promtool check rules packaging/prometheus/callslot.rules.yml")?;
    run("promtool test rules packaging/prometheus/callslot.test.yml")?;
    run("cargo build --locked --release --quiet --package callslot --bins")?;
    let server = Server::start()?;
    let folder = format!("{FOLDER}/prometheus");
    run(&format!("rm --recursive --force {folder}"))?;
    std::fs::create_dir_all(root().join(&folder)).map_err(|error| format!("{folder}: {error}"))?;
    run(&format!(
        "{python}/python xtask/package/monitoring.py prometheus {} {} {folder}",
        server.url, server.admin
    ))
}
