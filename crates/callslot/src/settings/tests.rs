//! Every setting, from each of its sources to its destination.

use std::fs;

use clap::{CommandFactory, Parser};

use super::*;

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/operating/settings.md");

#[derive(Debug, Parser)]
struct Flags {
    #[command(flatten)]
    settings: Settings,
}

fn flag(name: &str, value: &str) -> Settings {
    let flag = format!("--{}={value}", name.replace('_', "-"));
    Flags::try_parse_from(["serve", &flag]).expect("the value is good").settings
}

fn file(text: &str) -> Settings {
    Settings::parse(text).expect("the settings are readable")
}

/// A settings file with one setting.
fn key(name: &str, value: &str) -> Settings {
    let is_plain = value.parse::<u64>().is_ok() || value.parse::<bool>().is_ok();
    file(&if is_plain { format!("{name} = {value}") } else { format!("{name} = {value:?}") })
}

/// Two values of a setting, of which the first is not the default.
fn samples(name: &str) -> [&'static str; 2] {
    match name {
        "listen" | "metrics_listen" => ["192.0.2.1:1", "192.0.2.2:2"],
        "data" | "tls_cert" | "tls_key" => ["/one", "/two"],
        "shards" => ["4", "64"],
        "store" => ["postgres://one/a", "postgresql://two/b"],
        "behind_proxy" => ["true", "false"],
        "operator_key" | "log_level" => ["error", "warn"],
        "log_format" => ["json", "pretty"],
        "rate_limit" | "seats_per_key" | "seats_per_org" | "cursor_retention_h" => ["101", "102"],
        "ended_retention_days" | "minute_retention_days" | "history_retention_days" => {
            ["103", "104"]
        }
        "webhook_allow" => ["10.0.0.0/8,fd00::/8", "127.0.0.1"],
        other => panic!("{other} is a new setting; give it two values here"),
    }
}

fn resolved(settings: Settings) -> String {
    format!("{:?}", Resolved::new(settings))
}

/// The default of a setting according to the help, up to the comma.
fn default_in_help(name: &str) -> String {
    let command = Flags::command();
    let argument = command.get_arguments().find(|argument| argument.get_id() == name);
    let help = argument.and_then(|argument| argument.get_help()).expect("it is in the help");
    let help = help.to_string();
    let (_, default) = help.split_once("(default: ").expect("the help tells the default");
    default.split([',', ')']).next().unwrap_or_default().to_owned()
}

#[test]
fn every_setting_arrives_as_a_flag_and_as_a_key_and_the_flag_goes_first() {
    let defaults = resolved(Settings::default());
    for name in Settings::NAMES {
        let [one, other] = samples(name);
        let wanted = resolved(flag(name, one));
        assert_ne!(wanted, defaults, "{name} is read and then forgotten");
        assert_eq!(resolved(key(name, one)), wanted, "{name} in the file");
        assert_ne!(resolved(key(name, other)), wanted, "{name} has one value only");
        assert_eq!(resolved(flag(name, one).or(key(name, other))), wanted, "{name} in both");
        assert_eq!(resolved(Settings::default().or(key(name, one))), wanted, "{name} as a flag");
    }
}

#[test]
fn every_setting_has_the_flag_and_the_variable_of_its_name() {
    for argument in Flags::command().get_arguments() {
        let name = argument.get_id().as_str();
        assert!(Settings::NAMES.contains(&name), "{name}");
        assert_eq!(argument.get_long(), Some(name.replace('_', "-").as_str()));
        let variable = format!("CALLSLOT_{}", name.to_uppercase());
        assert_eq!(argument.get_env().and_then(|variable| variable.to_str()), Some(&*variable));
    }
}

#[test]
fn the_defaults_that_the_help_tells_are_those_that_hold() {
    for name in Settings::NAMES {
        let told = default_in_help(name);
        if matches!(
            *name,
            "metrics_listen"
                | "operator_key"
                | "shards"
                | "store"
                | "webhook_allow"
                | "tls_cert"
                | "tls_key"
        ) {
            assert!(told.contains(' '), "{name} has no default that could be typed: {told}");
        } else {
            assert_eq!(resolved(flag(name, &told)), resolved(Settings::default()), "{name}");
        }
    }
}

#[test]
fn the_documentation_lists_all_settings_with_their_variables_and_defaults() {
    let document = fs::read_to_string(DOCUMENT).expect("the document is there");
    let rows = document.lines().filter_map(|line| line.strip_prefix("| `--"));
    let rows: Vec<Vec<&str>> = rows
        .map(|row| row.split('|').map(|cell| cell.trim().trim_matches('`')).collect())
        .collect();
    let names: Vec<String> = rows.iter().map(|row| row[0].replace('-', "_")).collect();
    assert_eq!(names, Settings::NAMES);
    for (row, name) in rows.iter().zip(Settings::NAMES) {
        assert_eq!(row[1], format!("CALLSLOT_{}", name.to_uppercase()));
        let first_word = |text: &str| text.split([' ', '`']).next().map(str::to_owned);
        assert_eq!(first_word(row[2]), first_word(&default_in_help(name)), "{name}");
    }
}

#[test]
fn a_number_of_shards_is_a_power_of_two_in_a_flag_and_in_the_file() {
    for wrong in ["0", "3", "128", "-1", "two"] {
        let flag = format!("--shards={wrong}");
        assert!(Flags::try_parse_from(["serve", &flag]).is_err(), "{wrong}");
        assert!(Settings::parse(&format!("shards = {wrong}")).is_err(), "{wrong}");
    }
}

#[test]
fn retentions_are_told_in_hours_and_days() {
    let settings = Resolved::new(file(
        "cursor_retention_h = 1\nended_retention_days = 2\nminute_retention_days = 3\nhistory_retention_days = 4",
    ));
    let server = settings.server;
    assert_eq!(server.cursor_retention_ms, 3_600_000);
    assert_eq!(server.ended_retention_ms, 2 * 86_400_000);
    assert_eq!(server.minute_retention_ms, 3 * 86_400_000);
    assert_eq!(server.history_retention_ms, 4 * 86_400_000);
}

#[test]
fn values_in_a_log_filter_are_texts_however_much_they_look_like_patterns() {
    let level = format!("info,[{{kind={}}}]=debug", ".".repeat(100));
    assert!(Resolved::new(flag("log_level", &level)).log_filter().is_ok());
}

#[test]
fn spaces_between_the_parts_of_a_log_filter_mean_nothing() {
    for spaced in ["warn, callslot=debug", "\u{2007}warn ,\u{2007}[é{kind=1}]=info"] {
        let filter = |level: &str| {
            let filter = Resolved::new(flag("log_level", level)).log_filter();
            filter.expect("it is a filter").to_string()
        };
        let dense: String = spaced.chars().filter(|c| !c.is_whitespace()).collect();
        assert_eq!(filter(spaced), filter(&dense));
    }
}

#[test]
fn a_file_that_is_wrong_is_refused_with_its_name_the_line_and_what_may_be_there() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("wrong.toml");
    let refused = |text: &str| {
        fs::write(&path, text).expect("the file can be written");
        let failure = Settings::read(&path).expect_err("it is wrong").to_string();
        let (name, rest) = failure.split_once(", ").expect("a file, and what is wrong with it");
        assert_eq!(Path::new(name), path);
        rest.to_owned()
    };
    let unknown = refused("data = \"/x\"\nlisen = \"x\"");
    assert!(unknown.starts_with("line 2: unknown field `lisen`, expected one of `listen`"));
    assert!(unknown.ends_with("`callslot serve --help` lists all settings"));
    let value = refused("log_format = \"yaml\"");
    assert!(value.starts_with("line 1: unknown variant `yaml`, expected `pretty` or `json`"));
}
