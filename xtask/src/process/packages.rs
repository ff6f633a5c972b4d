//! Debian packages that chores need and a machine may not have yet.
//!
//! Nothing is installed silently. For root, as in CI on a fresh machine, the command that installs what is missing is printed
//! and run; anyone else gets that command to type, or repeats `cargo xtask test` with `--install`. Start reading at [`need`].

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use crate::process::step::{run, succeeds};

/// A package, and how to see whether it is there, from Debian or otherwise.
#[derive(Debug, Clone, Copy)]
pub struct Package {
    /// Its name in Debian.
    pub name: &'static str,
    /// Who needs it.
    pub why: &'static str,
    is_there: fn() -> bool,
}

pub const STRACE: Package = Package {
    name: "strace",
    why: "tests that trace and fail system calls",
    is_there: || has_program("strace"),
};
pub const FAKETIME: Package = Package {
    name: "faketime",
    why: "tests that set the wall clock",
    is_there: || has_program("faketime"),
};
pub const CHROMIUM: Package = Package {
    name: "chromium",
    why: "tests of the web app in a browser",
    is_there: || has_program("chromium"),
};
pub const FIREFOX: Package = Package {
    name: "firefox-esr",
    why: "tests of the web app in another browser",
    is_there: || has_program("firefox-esr"),
};
pub const DEBOOTSTRAP: Package = Package {
    name: "debootstrap",
    why: "a fresh Debian to build in",
    is_there: || has_program("debootstrap"),
};
pub const VALGRIND: Package = Package {
    name: "valgrind",
    why: "counting the core's instructions",
    is_there: || has_program("valgrind"),
};
pub const CXX: Package =
    Package { name: "g++", why: "building the fuzz targets", is_there: || has_program("c++") };
pub const PYTHON: Package = Package {
    name: "python3",
    why: "schemathesis and tools from PyPI",
    is_there: || has_program("python3"),
};
/// Makes virtual environments; Debian's package for it has no program.
pub const PYTHON_VENV: Package = Package {
    name: "python3-venv",
    why: "schemathesis and tools from PyPI",
    is_there: || succeeds("python3 -m ensurepip --version"),
};
pub const REDIS: Package = Package {
    name: "redis-server",
    why: "the benchmarks",
    is_there: || has_program("redis-server"),
};
pub const POSTGRESQL: Package = Package {
    name: "postgresql",
    why: "the tests of the store in PostgreSQL, and the benchmarks",
    is_there: || {
        has_program("initdb")
            || fs::read_dir("/usr/lib/postgresql").is_ok_and(|versions| versions.count() > 0)
    },
};
pub const PROMETHEUS: Package = Package {
    name: "prometheus",
    why: "the alert rules and the Grafana dashboard",
    is_there: || has_program("promtool") && has_program("prometheus"),
};
pub const KAMAILIO: Package = Package {
    name: "kamailio",
    why: "the bridge to SIP proxies",
    is_there: || Path::new("/usr/sbin/kamailio").exists(),
};
/// Has the event socket.
pub const KAMAILIO_EXTRA: Package = Package {
    name: "kamailio-extra-modules",
    why: "the bridge to SIP proxies",
    is_there: || succeeds("dpkg-query --status kamailio-extra-modules"),
};
pub const SIPP: Package = Package {
    name: "sip-tester",
    why: "callers of the bridges to SIP proxies",
    is_there: || has_program("sipp"),
};
pub const MUSL: Package =
    Package { name: "musl-tools", why: "the static binary", is_there: || has_program("musl-gcc") };
pub const ARM64_GCC: Package = Package {
    name: "gcc-aarch64-linux-gnu",
    why: "the binary for arm64",
    is_there: || has_program("aarch64-linux-gnu-gcc"),
};
pub const ARM64_LIBC: Package = Package {
    name: "libc6-dev-arm64-cross",
    why: "the binary for arm64",
    is_there: || Path::new("/usr/aarch64-linux-gnu/include/stdio.h").exists(),
};
pub const EMULATOR: Package = Package {
    name: "qemu-user-static",
    why: "trying the binary for arm64",
    is_there: || has_program("qemu-aarch64-static"),
};
pub const DPKG_DEV: Package = Package {
    name: "dpkg-dev",
    why: "the Debian package",
    is_there: || has_program("dpkg-shlibdeps"),
};
pub const LINTIAN: Package = Package {
    name: "lintian",
    why: "checking the Debian package",
    is_there: || has_program("lintian"),
};
pub const BUILDAH: Package =
    Package { name: "buildah", why: "the container image", is_there: || has_program("buildah") };

/// Whether `sudo` may be used to install what is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sudo {
    Allowed,
    No,
}

/// What to do about missing packages.
#[derive(Debug, PartialEq, Eq)]
enum Plan {
    Nothing,
    Install(Vec<String>),
    Refuse(String),
}

/// Makes sure that packages are there.
///
/// # Errors
/// With the command to type, when some are missing and may not be installed.
pub fn need(packages: &[Package]) -> Result<(), String> {
    need_with(packages, Sudo::No)
}

/// The same, with `sudo` when that is allowed.
///
/// # Errors
/// As [`need`], or when the installation fails.
pub fn need_with(packages: &[Package], sudo: Sudo) -> Result<(), String> {
    let missing: Vec<&str> = packages
        .iter()
        .filter(|package| !(package.is_there)())
        .map(|package| package.name)
        .collect();
    let has_apt = has_program("apt-get");
    match plan(&missing, is_root(), sudo, has_apt) {
        Plan::Nothing => Ok(()),
        Plan::Refuse(why) => Err(why),
        Plan::Install(steps) => {
            println!("installing what is missing from Debian's packages: {}", missing.join(", "));
            steps.iter().try_for_each(|step| run(step))
        }
    }
}

/// Prints which packages are needed, what for, and which of them are missing.
pub fn show(packages: &[Package]) {
    println!("needed:");
    for package in packages {
        let state = if (package.is_there)() { "there" } else { "MISSING" };
        println!("  {:<14} {state:<8} {}", package.name, package.why);
    }
}

fn plan(missing: &[&str], is_root: bool, sudo: Sudo, has_apt: bool) -> Plan {
    if missing.is_empty() {
        return Plan::Nothing;
    }
    let names = missing.join(" ");
    if !has_apt {
        return Plan::Refuse(format!(
            "these are missing, by their names in Debian: {names}; install them and repeat this"
        ));
    }
    let install = format!("apt-get install --yes --quiet=2 --no-install-recommends {names}");
    // A list of packages that is out of date names files that the mirrors no longer have.
    let steps = ["apt-get update --quiet=2".to_owned(), install];
    match (is_root, sudo) {
        (true, _) => Plan::Install(steps.into()),
        (false, Sudo::Allowed) => Plan::Install(steps.map(|step| format!("sudo {step}")).into()),
        (false, Sudo::No) => Plan::Refuse(format!(
            "these are missing: {names}; install them and repeat this:\n  \
             sudo apt-get install --no-install-recommends {names}\n\
             `cargo xtask test --install` does so for all that the tests need"
        )),
    }
}

/// Whether a program is in one of the folders that are searched for programs.
fn has_program(program: &str) -> bool {
    let folders = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&folders).any(|folder| folder.join(program).is_file())
}

fn is_root() -> bool {
    let user = Command::new("id").arg("-u").output().map(|output| output.stdout);
    user.is_ok_and(|user| user.trim_ascii() == b"0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_installs_and_others_only_when_they_say_so() {
        let missing = ["strace", "g++"];
        let apt = "apt-get install --yes --quiet=2 --no-install-recommends strace g++";
        assert_eq!(plan(&[], false, Sudo::No, true), Plan::Nothing);
        let Plan::Install(steps) = plan(&missing, true, Sudo::No, true) else { panic!() };
        assert_eq!(steps, ["apt-get update --quiet=2", apt]);
        let Plan::Install(steps) = plan(&missing, false, Sudo::Allowed, true) else { panic!() };
        assert_eq!(steps[1], format!("sudo {apt}"));
        let Plan::Refuse(why) = plan(&missing, false, Sudo::No, true) else { panic!() };
        assert!(why.contains("\n  sudo apt-get install --no-install-recommends strace g++\n"));
        let Plan::Refuse(why) = plan(&missing, true, Sudo::Allowed, false) else { panic!() };
        assert!(why.contains("by their names in Debian: strace g++"));
    }
}
