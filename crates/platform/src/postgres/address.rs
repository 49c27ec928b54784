//! Where PostgreSQL is, from the settings: as a URL, or as host, port, user and password, each a setting of its own.

use std::path::Path;

use secrecy::{ExposeSecret, SecretString};
use tokio_postgres::Config;
use tokio_postgres::config::{Host, TargetSessionAttrs};

use crate::settings::{DatabaseSettings, SettingsError};

type Result<T> = std::result::Result<T, SettingsError>;

/// Where the service's own role connects to.
pub(super) fn own(settings: &DatabaseSettings) -> Result<Config> {
    let mut config = address(settings)?;
    let password = secret("PASSWORD", settings.password.as_ref(), settings.password_file.as_deref())?;
    identify(&mut config, settings.user.as_deref(), password.as_ref());
    Ok(config)
}

/// Where it connects to for what needs a session, if that is elsewhere. A URL without a user takes the service's own.
pub(super) fn direct(settings: &DatabaseSettings) -> Result<Option<Config>> {
    let Some(url) = given(settings.direct_url.as_ref()) else { return Ok(None) };
    let (own, mut config) = (own(settings)?, parse("DIRECT_URL", url)?);
    adopt(&mut config, &own);
    Ok(Some(config))
}

/// Where `migrate` connects to, as a role that may create roles.
pub(super) fn admin(settings: &DatabaseSettings) -> Result<Config> {
    let mut config = match (given(settings.admin_url.as_ref()), &settings.admin_user) {
        (Some(url), _) => parse("ADMIN_URL", url)?,
        (None, None) => {
            return Err(SettingsError(
                "TASKHUB__DATABASE__ADMIN_URL or TASKHUB__DATABASE__ADMIN_USER is missing: migrate needs a role that may \
                 create roles"
                    .into(),
            ));
        }
        // The service's address, and neither its user nor its password.
        (None, Some(_)) => match given(settings.direct_url.as_ref()) {
            Some(url) => parse("DIRECT_URL", url)?,
            None => address(settings)?,
        },
    };
    let password = secret("ADMIN_PASSWORD", settings.admin_password.as_ref(), settings.admin_password_file.as_deref())?;
    identify(&mut config, settings.admin_user.as_deref(), password.as_ref());
    if config.get_dbname().is_none()
        && let Some(name) = own(settings)?.get_dbname()
    {
        config.dbname(name);
    }
    Ok(config)
}

/// One configuration for each host, so that each can be given its own time to answer.
pub(super) fn hosts(config: &Config) -> Vec<Config> {
    let (hosts, addresses, ports) = (config.get_hosts(), config.get_hostaddrs(), config.get_ports());
    (0..hosts.len().max(addresses.len()))
        .map(|place| {
            let mut one = Config::new();
            adopt(&mut one, config);
            match hosts.get(place) {
                Some(Host::Tcp(name)) => {
                    one.host(name);
                }
                Some(Host::Unix(path)) => {
                    one.host_path(path);
                }
                None => {}
            }
            if let Some(address) = addresses.get(place) {
                one.hostaddr(*address);
            }
            if let Some(port) = ports.get(place).or(ports.first()) {
                one.port(*port);
            }
            if let Some(options) = config.get_options() {
                one.options(options);
            }
            if let Some(name) = config.get_application_name() {
                one.application_name(name);
            }
            if let Some(limit) = config.get_connect_timeout() {
                one.connect_timeout(*limit);
            }
            if let Some(limit) = config.get_tcp_user_timeout() {
                one.tcp_user_timeout(*limit);
            }
            if let Some(interval) = config.get_keepalives_interval() {
                one.keepalives_interval(interval);
            }
            if let Some(retries) = config.get_keepalives_retries() {
                one.keepalives_retries(retries);
            }
            one.ssl_mode(config.get_ssl_mode())
                .ssl_negotiation(config.get_ssl_negotiation())
                .channel_binding(config.get_channel_binding())
                .load_balance_hosts(config.get_load_balance_hosts())
                .keepalives(config.get_keepalives())
                .keepalives_idle(config.get_keepalives_idle())
                // A standby answers reads with what is old and refuses every write.
                .target_session_attrs(TargetSessionAttrs::ReadWrite);
            one
        })
        .collect()
}

/// `host:port` of a configuration of one host, for logs.
pub(super) fn host_and_port(config: &Config) -> String {
    let port = config.get_ports().first().copied().unwrap_or(5432);
    match (config.get_hosts().first(), config.get_hostaddrs().first()) {
        (Some(Host::Tcp(name)), _) if name.contains(':') => format!("[{name}]:{port}"),
        (Some(Host::Tcp(name)), _) => format!("{name}:{port}"),
        (Some(Host::Unix(path)), _) => path.display().to_string(),
        (None, Some(address)) => format!("{address}:{port}"),
        (None, None) => String::new(),
    }
}

fn address(settings: &DatabaseSettings) -> Result<Config> {
    fn wrong<T>(why: &str) -> Result<T> {
        Err(SettingsError(format!("TASKHUB__DATABASE__{why}")))
    }
    match (given(Some(&settings.url)), &settings.host) {
        (None, None) => wrong("URL or TASKHUB__DATABASE__HOST is missing"),
        (Some(_), Some(_)) => wrong("HOST and TASKHUB__DATABASE__URL exclude each other"),
        (Some(url), None) => {
            for (name, given) in [
                ("PORT", settings.port.is_some()),
                ("NAME", settings.name.is_some()),
                ("PARAMETERS", settings.parameters.is_some()),
            ] {
                if given {
                    return wrong(&format!("{name} is a part of TASKHUB__DATABASE__URL: set one of them"));
                }
            }
            parse("URL", url)
        }
        (None, Some(hosts)) => {
            // The parameters are those of a URL, whatever they are.
            let parameters = settings.parameters.as_deref().unwrap_or_default();
            let mut config = format!("postgres:///?{parameters}")
                .parse::<Config>()
                .or_else(|_| wrong("PARAMETERS must be as in a URL: sslmode=require&connect_timeout=5"))?;
            let hosts: Vec<_> = hosts.split(',').map(str::trim).collect();
            for host in &hosts {
                config.host(*host);
            }
            let ports: Vec<_> = settings.port.iter().flat_map(|ports| ports.split(',')).collect();
            if ports.len() > 1 && ports.len() != hosts.len() {
                return wrong("PORT must be one port, or one for each host");
            }
            for port in ports {
                config.port(port.trim().parse().or_else(|_| wrong("PORT must be a number from 1 to 65535"))?);
            }
            if let Some(name) = &settings.name {
                config.dbname(name);
            }
            Ok(config)
        }
    }
}

/// An empty URL is none.
fn given(url: Option<&SecretString>) -> Option<&SecretString> {
    url.filter(|url| !url.expose_secret().is_empty())
}

/// Reads a URL. The parser's error may quote it, and with it the password, so it isn't passed on.
fn parse(setting: &str, url: &SecretString) -> Result<Config> {
    let url = url.expose_secret();
    let host = url.split_once("://").and_then(|(_, rest)| rest.split_once('@')).map(|(_, host)| host);
    if host.is_some_and(|host| host.split(['/', '?']).next().is_some_and(|host| host.contains('@'))) {
        // The parser ends the password at the first one.
        return Err(SettingsError(format!(
            "TASKHUB__DATABASE__{setting} has an @ in its password: write %40, or give the password apart"
        )));
    }
    let config: Option<Config> = url.parse().ok();
    let config = config.filter(|config| !config.get_hosts().is_empty() || !config.get_hostaddrs().is_empty());
    let config =
        config.ok_or_else(|| SettingsError(format!("TASKHUB__DATABASE__{setting} is not a PostgreSQL URL")))?;
    if config.get_target_session_attrs() == TargetSessionAttrs::ReadOnly {
        return Err(SettingsError(format!("TASKHUB__DATABASE__{setting} asks for a server that is read-only")));
    }
    Ok(config)
}

fn identify(config: &mut Config, user: Option<&str>, password: Option<&SecretString>) {
    if let Some(user) = user {
        config.user(user);
    }
    if let Some(password) = password {
        config.password(password.expose_secret());
    }
}

/// Takes user, password and database over where they aren't given.
fn adopt(config: &mut Config, other: &Config) {
    if config.get_user().is_none()
        && let Some(user) = other.get_user()
    {
        config.user(user);
    }
    if config.get_password().is_none()
        && config.get_user() == other.get_user()
        && let Some(password) = other.get_password()
    {
        config.password(password);
    }
    if config.get_dbname().is_none()
        && let Some(name) = other.get_dbname()
    {
        config.dbname(name);
    }
}

/// A secret, from the setting itself or from the file that another one names.
fn secret(name: &str, value: Option<&SecretString>, file: Option<&Path>) -> Result<Option<SecretString>> {
    match (value, file) {
        (Some(_), Some(_)) => Err(SettingsError(format!(
            "TASKHUB__DATABASE__{name} and TASKHUB__DATABASE__{name}_FILE exclude each other"
        ))),
        (Some(value), None) => Ok(Some(value.clone())),
        (None, Some(path)) => std::fs::read_to_string(path)
            // Editors and `echo` end a file with a line break that isn't part of the password.
            .map(|text| Some(text.strip_suffix('\n').map_or(text.as_str(), |t| t.trim_end_matches('\r')).into()))
            .map_err(|error| {
                SettingsError(format!("TASKHUB__DATABASE__{name}_FILE: {} can't be read: {error}", path.display()))
            }),
        (None, None) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(pairs: &[(&str, &str)]) -> DatabaseSettings {
        #[derive(serde::Deserialize)]
        struct Section {
            database: DatabaseSettings,
        }
        let env = pairs.iter().map(|(key, value)| (format!("TASKHUB__DATABASE__{key}"), (*value).to_owned()));
        let section: Section = crate::settings::load(&["database"], "", None, env).unwrap();
        section.database
    }

    fn password(config: &Config) -> String {
        String::from_utf8(config.get_password().unwrap().to_vec()).unwrap()
    }

    const AWKWARD: &str = "x@y:z/%41?#&'\"\\ é";

    #[test]
    fn each_part_is_a_setting_of_its_own_and_taken_as_it_is() {
        let parts = [
            ("HOST", "pg-0, pg-1"),
            ("PORT", "6001,6002"),
            ("NAME", "task hub"),
            ("USER", "task@hub"),
            ("PASSWORD", AWKWARD),
            ("PARAMETERS", "sslmode=require"),
        ];
        let config = own(&settings(&parts)).unwrap();
        assert_eq!((config.get_user(), config.get_dbname()), (Some("task@hub"), Some("task hub")));
        assert_eq!(password(&config), AWKWARD);
        assert_eq!(config.get_ssl_mode(), tokio_postgres::config::SslMode::Require);
        let hosts: Vec<_> = hosts(&config).iter().map(host_and_port).collect();
        assert_eq!(hosts, ["pg-0:6001", "pg-1:6002"]);
    }

    #[test]
    fn a_password_may_come_from_a_file_and_beside_a_url() {
        let file = std::env::temp_dir().join(format!("password-{}", uuid::Uuid::new_v4()));
        std::fs::write(&file, format!("{AWKWARD}\n")).unwrap();
        let path = file.to_str().unwrap();
        let config = own(&settings(&[("URL", "postgres://taskhub@pg/taskhub"), ("PASSWORD_FILE", path)])).unwrap();
        assert_eq!(password(&config), AWKWARD);
        std::fs::remove_file(file).unwrap();
    }

    #[test]
    fn another_address_takes_what_it_lacks_from_the_services_own() {
        let own = [("HOST", "pooler"), ("NAME", "taskhub"), ("USER", "a"), ("PASSWORD", "b")];
        let with = |more: &[(&str, &str)]| settings(&[own.as_slice(), more].concat());
        let config = direct(&with(&[("DIRECT_URL", "postgres://pg:6432")])).unwrap().unwrap();
        assert_eq!((config.get_user(), config.get_dbname()), (Some("a"), Some("taskhub")));
        assert_eq!(password(&config), "b");

        let given = [("DIRECT_URL", "postgres://pg:6432"), ("ADMIN_USER", "root"), ("ADMIN_PASSWORD", "r@t")];
        let config = admin(&with(&given)).unwrap();
        assert_eq!((config.get_user(), config.get_dbname()), (Some("root"), Some("taskhub")));
        assert_eq!((password(&config).as_str(), config.get_hosts()), ("r@t", [Host::Tcp("pg".into())].as_slice()));

        let config = admin(&with(&[("ADMIN_URL", "postgres://root@pg/taskhub")])).unwrap();
        assert_eq!(config.get_password(), None, "the service's password is none of the administrator's");
    }

    #[test]
    fn every_host_of_a_url_is_asked_to_take_writes() {
        let url = "postgres://a:b@pg-0,pg-1:6432/taskhub?target_session_attrs=any&connect_timeout=1";
        let hosts = hosts(&own(&settings(&[("URL", url)])).unwrap());
        assert_eq!(hosts.iter().map(host_and_port).collect::<Vec<_>>(), ["pg-0:5432", "pg-1:6432"]);
        assert!(hosts.iter().all(|host| host.get_target_session_attrs() == TargetSessionAttrs::ReadWrite));
        assert!(hosts.iter().all(|host| host.get_dbname() == Some("taskhub") && password(host) == "b"));
    }

    #[test]
    fn what_is_wrong_is_named_without_the_password() {
        for (pairs, names) in [
            (vec![("URL", "")], "TASKHUB__DATABASE__URL or TASKHUB__DATABASE__HOST is missing"),
            (vec![("URL", "nonsense")], "TASKHUB__DATABASE__URL"),
            (vec![("URL", "postgres://a:secret@y@pg/taskhub")], "%40"),
            (vec![("URL", "postgres://pg/t?target_session_attrs=read-only")], "read-only"),
            (vec![("URL", "postgres://pg/t"), ("HOST", "pg")], "exclude each other"),
            (vec![("URL", "postgres://pg/t"), ("PORT", "5432")], "TASKHUB__DATABASE__PORT"),
            (vec![("HOST", "a,b,c"), ("PORT", "1,2")], "one for each host"),
            (vec![("HOST", "a"), ("PARAMETERS", "ssl")], "TASKHUB__DATABASE__PARAMETERS"),
            (vec![("HOST", "a"), ("PASSWORD", "secret"), ("PASSWORD_FILE", "/x")], "exclude each other"),
            (vec![("HOST", "a"), ("PASSWORD_FILE", "/not/there")], "/not/there"),
        ] {
            let error = own(&settings(&pairs)).unwrap_err().to_string();
            assert!(error.contains(names) && !error.contains("secret"), "{error} should name {names}");
        }
    }
}
