//! A server that speaks TLS itself, as people meet it: curl, the commands, the client in Rust, `doctor` and profiles.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use callslot_api::CallType;
use callslot_client::{Settings, Slots};
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use tempfile::TempDir;

const BINARY: &str = env!("CARGO_BIN_EXE_callslot");

struct Server {
    process: Child,
    directory: TempDir,
    url: String,
    admin: String,
}

impl Server {
    fn start() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        make_certificate(&directory, 2049);
        let mut process = callslot(&directory)
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--tls-cert",
                "cert.pem",
                "--tls-key",
                "key.pem",
            ])
            .args(["--data", "data"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut said = BufReader::new(process.stdout.take().expect("its output")).lines();
        let mut after = |words: &str| {
            let line = said.find(|line| line.as_ref().is_ok_and(|line| line.contains(words)));
            let line = line.expect("it is said").expect("it is text");
            line.split(words).nth(1).expect("a value").trim_matches([' ', '"']).to_owned()
        };
        let admin = after("admin key of \"default\"");
        let url = after("Callslot listens on ");
        let url = url.split(';').next().expect("an address").to_owned();
        assert!(url.starts_with("https://"), "{url}");
        Self { process, directory, url, admin }
    }

    fn ca_cert(&self) -> PathBuf {
        self.directory.path().join("cert.pem")
    }

    #[track_caller]
    fn said(&self, words: &[&str]) -> String {
        said(callslot(&self.directory).args(words).output().expect("it runs"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The binary, with a home of its own and no variables.
fn callslot(directory: &TempDir) -> Command {
    let mut command = Command::new(BINARY);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CALLSLOT_") {
            command.env_remove(name);
        }
    }
    command.env("XDG_CONFIG_HOME", directory.path().join("settings"));
    command.current_dir(directory.path());
    command
}

fn make_certificate(directory: &TempDir, year: i32) {
    let mut params =
        CertificateParams::new(vec!["127.0.0.1".into(), "localhost".into()]).expect("names");
    params.not_after = date_time_ymd(year, 12, 31);
    let key = KeyPair::generate().expect("a key");
    let certificate = params.self_signed(&key).expect("a certificate");
    fs::write(directory.path().join("cert.pem"), certificate.pem()).expect("a file");
    fs::write(directory.path().join("key.pem"), key.serialize_pem()).expect("a file");
}

#[track_caller]
fn said(output: Output) -> String {
    let text = |bytes| String::from_utf8(bytes).expect("text");
    assert!(output.status.success(), "{}", text(output.stderr));
    text(output.stdout)
}

#[track_caller]
fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn curl_commands_profiles_and_engines_reach_a_server_with_a_certificate_of_ones_own() {
    let server = Server::start();
    let (url, ca_cert) = (&*server.url, server.ca_cert());
    let ca_cert = ca_cert.to_str().expect("a path");
    for (flag, version) in [("--http2", "2"), ("--http1.1", "1.1")] {
        let curl = Command::new("curl")
            .args([
                "-sS",
                "--cacert",
                ca_cert,
                flag,
                "-o",
                "/dev/null",
                "-w",
                "%{http_version} %{http_code}",
            ])
            .arg(format!("{url}/healthz"))
            .output()
            .expect("curl is there");
        assert_eq!(said(curl), format!("{version} 200"));
    }
    let run = |words: &[&str]| callslot(&server.directory).args(words).output().expect("it runs");
    // A health check names no authority, and no name that the certificate has.
    let local = url.replace("https", "http");
    server.said(&["ready", "--url", &local]);
    // An authority that browsers do not know.
    let unknown = refused(&run(&["status", "--url", url, "--key", &server.admin]));
    assert!(unknown.contains("cannot be reached") && unknown.contains("ertificate"), "{unknown}");

    // The relative path is kept as an absolute one.
    let login = ["login", "--url", url, "--ca-cert", "cert.pem", "--key"];
    assert!(refused(&run(&[&login[..], &["wrong"]].concat())).contains("unauthenticated"));
    let said_of_login = server.said(&[&login[..], &[&server.admin]].concat());
    assert!(said_of_login.contains("for default, as the profile default"), "{said_of_login}");
    let kept = server.directory.path().join("settings/callslot/profiles.toml");
    assert_eq!(fs::metadata(&kept).expect("it is kept").permissions().mode() & 0o777, 0o600);
    server.said(&["agent", "put", "support", "--name", "Support"]);
    assert!(server.said(&["status"]).contains("0 of 20 in use"));
    assert_eq!(server.said(&["open", "call", "x/1"]).trim(), format!("{url}/calls?call=x%2F1"));
    assert!(!server.said(&["profile", "list"]).contains(&server.admin));
    assert!(refused(&run(&["status", "--profile", "work"])).contains("no profile \"work\""));

    let mut settings = Settings::new(url, &server.admin);
    settings.ca_cert = Some(ca_cert.into());
    let slots = Slots::new(settings).expect("a client");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let call = slots.call("support", CallType::Chat).await.expect("a slot");
        assert_eq!(slots.api().pool().expect("the pool").active, 1);
        call.end(None).await;
        slots.close().await;
    });
    server.said(&["logout"]);
    assert!(
        refused(&run(&["status", "--url", url, "--ca-cert", ca_cert])).contains("CALLSLOT_KEY")
    );
}

#[test]
fn a_hangup_shows_the_new_certificate_and_doctor_says_when_it_expires() {
    let mut server = Server::start();
    let examined = |server: &Server| {
        let address = server.url.strip_prefix("https://").expect("an address").to_owned();
        let files = ["--tls-cert", "cert.pem", "--tls-key", "key.pem"];
        let words = ["doctor", "--data", "data", "--listen", &address];
        callslot(&server.directory).args([&words[..], &files].concat()).output().expect("it runs")
    };
    let healthy = said(examined(&server));
    assert!(healthy.contains("expires at 2049-12-31"), "{healthy}");
    assert!(healthy.contains("Callslot is running at"), "{healthy}");
    make_certificate(&server.directory, 2020);
    let process = rustix::process::Pid::from_child(&server.process);
    rustix::process::kill_process(process, rustix::process::Signal::HUP).expect("it runs");
    let mut log = BufReader::new(server.process.stderr.take().expect("its log")).lines();
    let line = log.find(|line| line.as_ref().is_ok_and(|line| line.contains("certificate")));
    let line = line.expect("it is said").expect("text");
    assert!(line.contains("new connections get the new certificate"), "{line}");
    let expired = examined(&server);
    assert_eq!(expired.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&expired.stdout).contains("expired at 2020-12-31"));
    fs::write(
        server.directory.path().join("key.pem"),
        KeyPair::generate().expect("a key").serialize_pem(),
    )
    .expect("a file");
    let unfit = examined(&server);
    assert!(String::from_utf8_lossy(&unfit.stdout).contains("is not that of the certificate in"));
}
